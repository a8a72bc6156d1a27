/** Whether a worktree changed after a moment: what shows a worker whose guard was not loaded at all. */
import { join } from 'node:path';
import { COORDINATION, PROGRESS_FOLDER } from '../domain/project-paths.ts';
import { modifiedAt } from './light/roster.ts';
import { entriesOf } from './light/trespass-scan.ts';

const ENTRIES_MAX = 3_000;
/** A command that runs long changes files after its guard was heard; only what is later than this counts. */
const GRACE_MS = 120_000;
const SKIPPED = new Set([
  '.git',
  'node_modules',
  COORDINATION,
  PROGRESS_FOLDER,
  '.venv',
  'target',
  'dist',
  'build',
]);

/** True when a file below `root` is younger than `momentMs` by more than a grace time. Bounded; stops at the first. */
export function isTreeYoungerThan(root: string, momentMs: number): boolean {
  const queue = [root];
  let seen = 0;
  while (queue.length > 0 && seen < ENTRIES_MAX) {
    const folder = queue.shift() ?? root;
    for (const entry of entriesOf(folder)) {
      seen += 1;
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        if (!SKIPPED.has(entry.name)) queue.push(path);
      } else if ((modifiedAt(path) ?? 0) > momentMs + GRACE_MS) return true;
    }
  }
  return false;
}
