/**
 * What killed processes left half-written, `.tmp-<pid>-…` beside what was to be written. It means nothing to anybody.
 * Whoever writes in the same folder next sweeps it mostly; but in some nobody writes again.
 */
import { dirname, join } from 'node:path';
import { STATE_FILE, statusFileOf } from '../domain/project-paths.ts';
import { cyclesFolder } from '../storage/light/cycle-glance.ts';
import { progressOf } from '../storage/light/cycle-paths.ts';
import { listNames } from '../storage/light/files.ts';
import { foldersIn } from '../storage/light/mail-files.ts';
import { placeAt } from '../storage/light/place.ts';
import { leftTemporaries, sweepTemporaries } from '../storage/light/process.ts';
import { coordinationPath, listWorkers } from '../storage/light/roster.ts';
import { workerFile } from '../storage/progress-folder.ts';
import { sweepScratch } from '../storage/scratch-folder.ts';
import { HISTORY_FOLDER } from './write-history.ts';

export interface HalfWritten {
  readonly folder: string;
  readonly names: readonly string[];
}

/** Below `.coordination/`. In `integration` programs of the project write too, as they like. */
const NOT_OURS: ReadonlySet<string> = new Set(['integration']);
/** A file for each message, a folder for each lock that there ever was: too many to look through while a session waits. */
const MANY: ReadonlySet<string> = new Set([...NOT_OURS, 'archive', 'leases']);

/** Does not see what may still be written. `leave`: folders of `.coordination/` that are not looked into. */
export function listHalfWritten(home: string, now: number, leave = NOT_OURS): HalfWritten[] {
  return [...runtimeFolders(home, leave), ...documentFolders(home)]
    .map((folder) => ({ folder, names: leftTemporaries(folder, listNames(folder), now) }))
    .filter(({ names }) => names.length > 0);
}

export function sweepHalfWritten(left: readonly HalfWritten[], now: number): void {
  for (const { folder, names } of left) sweepTemporaries(folder, names, now);
}

/** While somebody waits. */
export function sweepQuickly(home: string, now: number): void {
  sweepScratch(now);
  sweepHalfWritten(listHalfWritten(home, now, MANY), now);
}

function runtimeFolders(home: string, leave: ReadonlySet<string>): string[] {
  const root = coordinationPath(home);
  const first = foldersIn(root).filter((name) => !leave.has(name));
  return [root, ...first.flatMap((name) => foldersFrom(join(root, name)))];
}

function foldersFrom(folder: string): string[] {
  return [folder, ...foldersIn(folder).flatMap((name) => foldersFrom(join(folder, name)))];
}

function documentFolders(home: string): string[] {
  const workers = listWorkers(home).filter((worker) => worker.state === 'active' && placeAt(worker.worktree));
  const shared = ['.claude', dirname(STATE_FILE), HISTORY_FOLDER].map((folder) => join(home, folder));
  return [
    ...new Set([
      ...[home, ...shared, cyclesFolder(home), dirname(workerFile(home, 'any'))],
      ...workers.map(({ worktree, folder }) => join(worktree, dirname(statusFileOf(folder)))),
      ...[home, ...workers.map(({ worktree }) => worktree)].map((root) => progressOf(root)),
    ]),
  ];
}
