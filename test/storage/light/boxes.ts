/** One message from worker-01 to the coordinator, and where it is: in which boxes, and in the log. */
import { existsSync, readFileSync } from 'node:fs';
import { listUnacknowledged, listWaiting } from '../../../src/storage/light/mailbox.ts';
import { logFile } from '../../../src/storage/light/message-log.ts';

export const ID = 'msg-20260102-030405678-a';
export const ack = { by: 'coordinator', session: 's1', atMs: Date.UTC(2026, 0, 3) };

export function log(folder: string): string[] {
  if (!existsSync(logFile(folder))) return [];
  const lines = readFileSync(logFile(folder), 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line).id as string);
}

export function where(folder: string) {
  const waiting = listWaiting(folder, 'coordinator');
  return { waiting, sent: listUnacknowledged(folder, 'worker-01'), log: log(folder) };
}
