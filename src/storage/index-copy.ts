/**
 * A copy of a worktree's index, for a question or a change of coord's own.
 *
 * Git takes a file for unchanged when its size and its time to the second are those of the index, unless it is as young
 * as the index itself: then it is read again. A copy is younger than what it was made of, and would make git trust
 * what was written in the same second. So the copy is given a time from before.
 */
import { copyFileSync, statSync, utimesSync } from 'node:fs';
import { isErrno } from './light/files.ts';

/** False where there is no index, as before the first `git add`. */
export function copyIndex(index: string, own: string): boolean {
  try {
    const { mtimeMs } = statSync(index);
    copyFileSync(index, own);
    const seconds = Math.max(1, Math.floor(mtimeMs / 1_000) - 1);
    utimesSync(own, seconds, seconds);
    return true;
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return false;
    throw error;
  }
}
