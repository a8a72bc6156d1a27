/**
 * Documents that git has set back: `git reset --hard`, a rebase or a checkout brings back what was committed, and coord
 * has saved a newer revision since. What was saved is not lost by it: blockers, completions, whole phases.
 *
 * States of a document beside its good copy:
 *   at it or ahead                  the file is the truth
 *   behind: git is in the midst     the good copy is the truth: a rebase or a merge puts there at each step what it likes;
 *     of something                  so it is where the file is gone or in conflict. While git has the index locked nobody
 *                                   knows yet whether a whole tree comes: the line in its log is the last that it writes
 *   behind, in words that were      set back, and the good copy is the truth; but a STATUS.md only where it came with a
 *     there before (known-texts)    whole tree: its worker may ask for an older one by its name, and that is reported
 *   behind, in other words          somebody wrote it, by hand or where a conflict ended, and it is the truth; but where it
 *                                   came with a whole tree it is as old as it says: older than the copy it is set back,
 *                                   younger it was saved on another machine, where they count by themselves
 * Reading answers the truth and writes nothing. The next save goes above both revisions and so brings the file forward;
 * in the midst of a rebase and the like a save is refused (documents.ts).
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type * as z from 'zod';
import { cameWithTree, parseHeadLog } from '../domain/head-log.ts';
import type { UnderWay } from '../domain/preflight/facts.ts';
import { branchNameOf } from './git.ts';
import { readTail } from './light/log-tail.ts';
import { placeOf } from './light/place.ts';
import { modifiedAt, readRecord } from './light/roster.ts';
import { underWayAt } from './worktree-status.ts';

const LOG_TAIL_BYTES = 16 * 1024;

export interface Kept<T> {
  readonly file: string;
  /** An older one may be meant. */
  readonly mayGoBack: boolean;
  /** Of the worktree that the file lies in. */
  readonly root: string;
  readonly copyFile: string;
  /** Whether it was there before as it is. */
  readonly isKnown: () => boolean;
  readonly schema: z.ZodType<T>;
}

/** What each save notes in a document. */
interface Saved {
  readonly revision: number;
  readonly updated: string;
}

export interface Standing<T> {
  /** What is true. */
  readonly document: T;
  /** The highest revision that was saved, or the file's. */
  readonly newest: number;
  /** `older`: behind, and the truth all the same. */
  readonly age: 'newest' | 'older' | 'set-back';
}

/** Of a document that was read from its file. */
export function standingOf<T extends Saved>(kept: Kept<T>, document: T): Standing<T> {
  const { root, copyFile } = kept;
  const copy = readRecord<Partial<Saved>>(copyFile);
  const newest = copy?.revision;
  if (copy === undefined || typeof newest !== 'number' || newest <= document.revision)
    return { document, newest: document.revision, age: 'newest' };
  const isSetBack = isGitAtWork(root) || wasSetBack(kept, document, copy);
  return (isSetBack ? setBackTo(kept) : undefined) ?? { document, newest, age: 'older' };
}

/** Of one that is gone or not understood: undefined, unless git is in the midst of something. */
export function standingWithout<T extends Saved>(kept: Omit<Kept<T>, 'isKnown'>): Standing<T> | undefined {
  return gitUnderWay(kept.root) === undefined ? undefined : setBackTo(kept);
}

function setBackTo<T extends Saved>({
  copyFile,
  schema,
}: Pick<Kept<T>, 'copyFile' | 'schema'>): Standing<T> | undefined {
  const copy = schema.safeParse(readRecord(copyFile));
  return copy.success ? { document: copy.data, newest: copy.data.revision, age: 'set-back' } : undefined;
}

function wasSetBack<T>(kept: Kept<T>, { updated }: Saved, copy: Partial<Saved>): boolean {
  if (kept.isKnown()) return !kept.mayGoBack || isOfTree(kept, false);
  return isOfTree(kept, true) && !(Date.parse(updated) > Date.parse(String(copy.updated)));
}

function isOfTree<T>({ file, root, copyFile }: Kept<T>, mayHaveWritten: boolean): boolean {
  const log = join(placeOf(root)?.gitDir ?? root, 'logs', 'HEAD');
  const [writtenMs, fileMs, savedMs] = [log, file, copyFile].map(modifiedAt);
  if (writtenMs === undefined || fileMs === undefined || savedMs === undefined) return false;
  const entries = parseHeadLog(readTail(log, LOG_TAIL_BYTES));
  return cameWithTree(entries, { writtenMs, fileMs, savedMs }, mayHaveWritten);
}

/** What git is in the midst of in a worktree: it may put another revision there at each step. */
export function gitUnderWay(root: string): UnderWay | undefined {
  const place = placeOf(root);
  return place && underWayAt(place.gitDir);
}

/** In the midst of something, or writing a tree just now. */
function isGitAtWork(root: string): boolean {
  const gitDir = placeOf(root)?.gitDir;
  if (gitDir === undefined) return false;
  return underWayAt(gitDir) !== undefined || existsSync(join(gitDir, 'index.lock'));
}

/** Not while git is at work, nor where somebody looks at an old commit and means to go back. */
export function mayBringForward(root: string): boolean {
  return !isGitAtWork(root) && branchNameOf(root) !== undefined;
}
