/**
 * Documents that git has set back: `git reset --hard`, a rebase or a checkout brings back what was committed, and coord
 * has saved a newer revision since. What was saved is not lost by it: blockers, completions, whole phases.
 *
 * States of a document beside its good copy:
 *   at it or ahead                       the file is the truth
 *   behind, not as in HEAD               somebody wrote it by hand; the file is the truth
 *   behind, as in HEAD                   set back; the good copy is the truth
 *   the same, a STATUS.md that git was   a worker may go back on purpose, and that is reported; the file is the truth
 *   asked for by its name
 *   behind, gone or in conflict while    the good copy is the truth: a rebase or a merge puts there at each step what
 *   git is in the midst of something     it likes
 * Reading answers the truth and writes nothing. The next save goes above both revisions and so brings the file forward;
 * in the midst of a rebase and the like the file is git's, and a save is refused (documents.ts).
 */
import { statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type * as z from 'zod';
import { cameWithTree, parseHeadLog } from '../domain/head-log.ts';
import type { UnderWay } from '../domain/preflight/facts.ts';
import { branchNameOf, git } from './git.ts';
import { readTail } from './light/log-tail.ts';
import { placeOf } from './light/place.ts';
import { readRecord } from './light/roster.ts';
import { underWayAt } from './worktree-status.ts';

const LOG_TAIL_BYTES = 16 * 1024;

export interface Kept<T> {
  readonly file: string;
  /** Git may be asked for an older one on purpose. */
  readonly mayGoBack: boolean;
  /** Of the worktree that the file lies in. */
  readonly root: string;
  readonly copyFile: string;
  readonly schema: z.ZodType<T>;
}

export interface Standing<T> {
  /** What is true. */
  readonly document: T;
  /** The highest revision that was saved, or the file's. */
  readonly newest: number;
  readonly age: 'newest' | 'older-by-hand' | 'set-back';
}

/** Of a document that was read from its file. */
export function standingOf<T extends { revision: number }>(kept: Kept<T>, document: T): Standing<T> {
  const { root, copyFile } = kept;
  const newest = readRecord<{ revision?: unknown }>(copyFile)?.revision;
  if (typeof newest !== 'number' || newest <= document.revision)
    return { document, newest: document.revision, age: 'newest' };
  const isGits = gitUnderWay(root) !== undefined || (isAsCommitted(kept.file) && isWithoutIntent(kept));
  return (isGits ? setBackTo(kept) : undefined) ?? { document, newest, age: 'older-by-hand' };
}

/** Of one that is gone or not understood: undefined, unless git is in the midst of something. */
export function standingWithout<T extends { revision: number }>(kept: Kept<T>): Standing<T> | undefined {
  return gitUnderWay(kept.root) === undefined ? undefined : setBackTo(kept);
}

function setBackTo<T extends { revision: number }>({ copyFile, schema }: Kept<T>): Standing<T> | undefined {
  const copy = schema.safeParse(readRecord(copyFile));
  return copy.success ? { document: copy.data, newest: copy.data.revision, age: 'set-back' } : undefined;
}

/** False for what git does not track, and where there is no git. */
function isAsCommitted(file: string): boolean {
  const args = ['--literal-pathspecs', 'status', '--porcelain', '-z', '--untracked-files=all', '--ignored'];
  const result = git(dirname(file), [...args, '--', basename(file)]);
  return result.ok && result.stdout === '';
}

function isWithoutIntent<T>({ mayGoBack, file, root, copyFile }: Kept<T>): boolean {
  if (!mayGoBack) return true;
  const log = join(placeOf(root)?.gitDir ?? root, 'logs', 'HEAD');
  const [writtenMs, fileMs, savedMs] = [log, file, copyFile].map(
    (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs,
  );
  if (writtenMs === undefined || fileMs === undefined || savedMs === undefined) return false;
  return cameWithTree(parseHeadLog(readTail(log, LOG_TAIL_BYTES)), { writtenMs, fileMs, savedMs });
}

/** What git is in the midst of in a worktree: it may put another revision there at each step. */
export function gitUnderWay(root: string): UnderWay | undefined {
  const place = placeOf(root);
  return place && underWayAt(place.gitDir);
}

/** Not while git is in the midst of something, nor where somebody looks at an old commit and means to go back. */
export function mayBringForward(root: string): boolean {
  return gitUnderWay(root) === undefined && branchNameOf(root) !== undefined;
}
