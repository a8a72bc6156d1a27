/** Whether a client's session is between turns: a file that Stop and SessionStart make and the next prompt removes. */
import { join } from 'node:path';
import { makeFolder, removeIfThere, writeAtomic } from '../../storage/light/files.ts';
import { coordinationPath, modifiedAt } from '../../storage/light/roster.ts';

function idleFile(home: string, clientPid: number): string {
  return coordinationPath(home, 'roster', 'idle', String(clientPid));
}

export function isIdleSince(home: string, clientPid: number): number | undefined {
  return modifiedAt(idleFile(home, clientPid));
}

export function markIdle(home: string, clientPid: number | undefined): void {
  if (clientPid === undefined) return;
  const file = idleFile(home, clientPid);
  makeFolder(join(file, '..'));
  writeAtomic(file, '', { durable: false });
}

export function markBusy(home: string, clientPid: number | undefined): void {
  if (clientPid !== undefined) removeIfThere(idleFile(home, clientPid));
}

/** The client's process, as the client itself tells its hooks. */
export function clientPid(): number | undefined {
  const pid = Number(process.env['CLAUDE_PID']);
  return Number.isInteger(pid) && pid > 0 ? pid : undefined;
}
