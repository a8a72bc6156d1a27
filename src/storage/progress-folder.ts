/**
 * `.progress/` of a worktree on disk: what lies in it, and how a set of its files is brought to what it should be.
 *
 *   current-task.json · completed-tasks.jsonl · metrics.json · archive/<task>-<moment>.json     of a worktree's worker
 *   workers/<worker>.json · current-task.json                                             in the primary worktree
 *   .gitignore      the folder ignores itself: a branch forked before `coord init` was committed does not know of it
 *
 * Writing is safe to kill anywhere, since each file is whole or as it was, and whoever comes next compares all again.
 * The archive alone is durable: an earlier completion's looks stand nowhere else. What coord did not write (before it
 * first came here, or a line that it does not know) is set aside in the archive before anything takes its place.
 */
import { lstatSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { PROGRESS_FOLDER } from '../domain/project-paths.ts';
import { printTask, type TaskProgress } from '../domain/task-progress.ts';
import { isoOf, nowMs } from './clock.ts';
import { listNames, makeFolder, readTextIfThere, removeIfThere, writeAtomic } from './light/files.ts';
import { sweepTemporaries } from './light/process.ts';
import { assertTaskProgress, parseTaskProgress } from './task-progress-schema.ts';

export interface ProgressWrite {
  readonly file: string;
  /** Null: the file has no reason to be there. */
  readonly text: string | null;
  /** What the text says, where it is a task. */
  readonly task?: TaskProgress;
}

const ARCHIVE = 'archive';
const WORKERS = 'workers';
const ASIDE = 'set-aside-';

export function progressFile(root: string, ...parts: string[]): string {
  return join(root, PROGRESS_FOLDER, ...parts);
}

export function archiveFile(root: string, name: string): string {
  return progressFile(root, ARCHIVE, `${name}.json`);
}

export function workerFile(home: string, name: string): string {
  return progressFile(home, WORKERS, `${name}.json`);
}

/** Names in a folder of `.progress/`, without `.json`. */
function namesIn(root: string, folder: string): string[] {
  return listNames(progressFile(root, folder))
    .filter((name) => name.endsWith('.json') && !name.startsWith('.'))
    .map((name) => name.slice(0, -'.json'.length));
}

export function listArchived(root: string): string[] {
  return namesIn(root, ARCHIVE).filter((name) => !name.startsWith(ASIDE));
}

export function listWorkerCopies(home: string): string[] {
  return namesIn(home, WORKERS).sort();
}

/** A file that says how a task stands; undefined when it is not there, or no longer says it. */
export function readTask(file: string): { text: string; task: TaskProgress } | undefined {
  const text = readTextIfThere(file);
  const task = text === undefined ? undefined : parseTaskProgress(text);
  return text === undefined || task === undefined ? undefined : { text, task };
}

/** The file with this task in it. */
export function taskWrite(file: string, task: TaskProgress): ProgressWrite {
  return { file, text: printTask(task), task };
}

/** The writes that would change something, in their order. */
export function dueWrites(writes: readonly ProgressWrite[]): ProgressWrite[] {
  return writes.filter(({ file, text }) => (readTextIfThere(file) ?? null) !== text);
}

/** A folder of coord's that is something else: a link would lead its writes out of the worktree. */
export function findStray(root: string): string | undefined {
  const folders = [progressFile(root), progressFile(root, ARCHIVE), progressFile(root, WORKERS)];
  return folders.find((folder) => {
    const stat = lstatSync(folder, { throwIfNoEntry: false });
    return stat !== undefined && !stat.isDirectory();
  });
}

/** Makes the writes in their order, in `.progress/` of one worktree. `unknown`: lines that are about to be lost. */
export function applyWrites(
  root: string,
  writes: readonly ProgressWrite[],
  unknown: readonly string[] = [],
): void {
  if (writes.length === 0) return;
  const mark = progressFile(root, '.gitignore');
  if (readTextIfThere(mark) === undefined) {
    for (const { file } of writes) keepAside(root, basename(file), readTextIfThere(file));
    makeFolder(progressFile(root));
    writeAtomic(mark, '*\n', { durable: false });
  }
  if (unknown.length > 0) keepAside(root, 'lines.jsonl', `${unknown.join('\n')}\n`);
  for (const { file, text, task } of writes) {
    // A reader could not tell what is wrong with it.
    if (task) assertTaskProgress(task);
    const folder = dirname(file);
    if (text === null) removeIfThere(file);
    else {
      const isDurable = basename(folder) === ARCHIVE;
      makeFolder(folder, { durable: isDurable });
      writeAtomic(file, text, { durable: isDurable });
    }
    sweepTemporaries(folder, listNames(folder), nowMs());
  }
}

function keepAside(root: string, name: string, text: string | undefined): void {
  if (text === undefined || text === '') return;
  const stamp = isoOf(nowMs()).replace(/[-:.]/g, '');
  makeFolder(progressFile(root, ARCHIVE));
  writeAtomic(progressFile(root, ARCHIVE, `${ASIDE}${stamp}-${name}`), text, { durable: true });
}
