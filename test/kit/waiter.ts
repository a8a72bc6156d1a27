/** The hook processes beside a client in a terminal: the one that waits for mail, and those of its turns. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { livenessOf } from '../../src/storage/light/process.ts';
import type { Project } from './project.ts';
import type { Terminal } from './terminal.ts';

/** The hooks of a client that run just now, by their bundle. */
export function hooksOf(clientPid: number, bundle: 'wake' | 'session'): number[] {
  const rows = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' }).trim().split('\n');
  const found = rows.map((row) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(row)).filter((row) => row !== null);
  const own = found.filter(
    ([, , ppid, args]) => Number(ppid) === clientPid && args?.includes(`${bundle}.cjs`),
  );
  return own.map((row) => Number(row[1]));
}

export async function until(isTrue: () => boolean, timeoutMs: number): Promise<boolean> {
  for (const endsAt = Date.now() + timeoutMs; Date.now() < endsAt; await sleep(50)) if (isTrue()) return true;
  return isTrue();
}

/** One that has ended is not, though whoever started it (tmux) has not asked for its end yet. */
export function isAlive(pid: number): boolean {
  return livenessOf({ pid, started: null }) !== 'dead';
}

/** The process that waits for mail, once the hook of the session's start or stop has ended beside it. */
export async function waiterOf(project: Project, terminal: Terminal): Promise<number | undefined> {
  const idle = project.path('.coordination/roster/idle', String(terminal.pid));
  const isReady = () =>
    existsSync(idle) &&
    hooksOf(terminal.pid, 'wake').length > 0 &&
    hooksOf(terminal.pid, 'session').length === 0;
  return (await until(isReady, 10_000)) ? hooksOf(terminal.pid, 'wake').at(-1) : undefined;
}
