/**
 * What a worker has to read after a rejection: `queue/logs/<entry>-<moment>.log`, the output of the validation that was
 * red, or the conflict. Each is bounded; the newest are kept.
 */
import { COORDINATION } from '../../domain/project-paths.ts';
import { boundedLog } from './evidence-files.ts';
import { listNames, makeFolder, removeIfThere, writeAtomic } from './files.ts';
import { queuePath } from './queue-files.ts';

const LOGS_MAX = 300;

/** Writes the log of one try and answers its path from home, with forward slashes. */
export function writeQueueLog(home: string, entry: string, at: string, text: string): string {
  const folder = queuePath(home, 'logs');
  makeFolder(folder);
  const name = `${entry}-${at.replace(/[^0-9TZ]/g, '')}.log`;
  writeAtomic(`${folder}/${name}`, boundedLog(text), { durable: true });
  return `${COORDINATION}/queue/logs/${name}`;
}

/** Logs beyond the newest go; their names end with the moment. */
export function sweepQueueLogs(home: string): void {
  const folder = queuePath(home, 'logs');
  const momentOf = (name: string) => name.slice(name.lastIndexOf('-') + 1);
  const names = listNames(folder).filter((name) => name.endsWith('.log'));
  if (names.length <= LOGS_MAX) return;
  names.sort((a, b) => (momentOf(a) < momentOf(b) ? -1 : 1));
  for (const name of names.slice(0, names.length - LOGS_MAX)) removeIfThere(`${folder}/${name}`);
}
