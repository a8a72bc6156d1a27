/**
 * Brings a checkout of the target from the old commit to the new one, after the ref has moved; the same for the first
 * time and for a sync that was killed or failed. The index is locked by the caller.
 *
 * Order of writes: 1 what a path must give way to, aside | 2 a copy of the index, in which paths that are written
 * already look new, and paths that must be written look old | 3 `git read-tree -m -u old new` on the copy: git writes
 * the files, and refuses before it writes any where it would lose something | 4 the copy becomes the index.
 * Killed before 4, the index says old and the files are a mixture, which the next sync reads path by path. Files that
 * the landing does not change are not looked at, and what is staged of them stays in the index.
 *
 * When 3 fails half-way (no room, a folder that cannot be written), the torn file is put aside and the index says new
 * all the same: a commit by hand would else take the landing back without a word.
 */
import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import {
  GITLINK,
  obstacles,
  planSync,
  type SyncPlan,
  type TreeChange,
  type TreeEntry,
} from '../domain/checkout-sync.ts';
import type { CheckoutSync, LandingJournal } from '../domain/landing.ts';
import { diskAt, removeEmptyFolders, seenAt } from './checkout-disk.ts';
import {
  changesBetween,
  indexInfo,
  type LandingCheckout,
  pathStates,
  withOwnIndex,
} from './checkout-facts.ts';
import { textOf } from './git.ts';
import { copyIndex } from './index-copy.ts';
import { asideOf, putAside } from './landing-aside.ts';
import { removeIfThere } from './light/files.ts';
import { GitFailed, isDiskFailure, mustGit, nulList, quietGit } from './plumbing.ts';
import { strayMark } from './target-ref.ts';

/** A dry run of the sync: git's own word for what it would refuse; undefined when it would go through. */
export function refusalOfSync(
  { root, gitDir }: LandingCheckout,
  { from, to }: { from: string; to: string },
  changes: readonly TreeChange[],
): string | undefined {
  const own = ownIndex(gitDir);
  try {
    takeIndex(root, gitDir, own);
    refresh(root, own, changes);
    const tried = quietGit(root, ['read-tree', '-m', '-u', '-n', from, to], { env: { GIT_INDEX_FILE: own } });
    return tried.ok ? undefined : tried.stderr || 'git read-tree would fail';
  } finally {
    dropIndex(gitDir);
  }
}

export function syncCheckout(home: string, journal: LandingJournal, checkout: LandingCheckout): CheckoutSync {
  const { root, gitDir } = checkout;
  const { from, to } = journal;
  const changes = changesBetween(root, from, to);
  const head = mustGit(root, ['rev-parse', '--verify', 'HEAD^{commit}']).trim();
  const look = () => {
    const states = pathStates(root, { from, to, head }, changes);
    const plan = planSync(states);
    const missing = states.filter(({ file }) => file === 'missing').map(({ path }) => path);
    return { ...plan, missing, aside: [...plan.aside, ...inTheWay(root, changes, missing, plan)] };
  };
  const submodules = changes.filter((it) => isMovedSubmodule(root, it)).map(({ path }) => textOf(path));
  const end = (why: string | null): CheckoutSync => {
    const aside = asideOf(home, journal.id, root);
    return { root, state: why === null ? 'synced' : 'pending', why, aside, submodules };
  };
  try {
    const plan = look();
    putAside(home, journal.id, root, plan.aside);
    for (const path of plan.missing) if (seenAt(root, path) === 'folder') removeEmptyFolders(root, path);
    const failure = writeNew(checkout, journal, changes, plan);
    if (failure === undefined) return end(null);
    putAside(home, journal.id, root, look().aside);
    const left = new Set(plan.leave);
    const behind = changes.filter(({ path }) => !left.has(path));
    pretendNew(checkout, new Map(behind.map((change) => [change.path, change.new])), to.length);
    return end(failure);
  } catch (error) {
    if (error instanceof GitFailed || isDiskFailure(error)) return end((error as Error).message);
    throw error;
  } finally {
    dropIndex(gitDir);
  }
}

/** What was made since where a file is yet to be written: git would take away what it ignores without a word. */
function inTheWay(
  root: string,
  changes: readonly TreeChange[],
  missing: readonly string[],
  { still, aside }: SyncPlan,
): string[] {
  const done = new Set([...still, ...aside]);
  const absent = new Set(missing);
  const writing = changes.filter(({ path }) => !done.has(path));
  return obstacles(
    writing.map((change) => (absent.has(change.path) ? { ...change, old: null } : change)),
    diskAt(root),
  );
}

/** Steps 2 to 4; git's own word where it did not go through. */
function writeNew(
  { root, gitDir }: LandingCheckout,
  { id, from, to }: LandingJournal,
  changes: readonly TreeChange[],
  plan: SyncPlan,
): string | undefined {
  const own = ownIndex(gitDir);
  const env = { GIT_INDEX_FILE: own, ...strayMark(id) };
  takeIndex(root, gitDir, own);
  const rewind = new Set(plan.rewind);
  const advance = new Set(plan.advance);
  const set = new Map<string, TreeEntry | null>();
  for (const { path, old, new: next } of changes) {
    if (rewind.has(path)) set.set(path, old);
    if (advance.has(path)) set.set(path, next);
  }
  setEntries(root, env, set, to.length);
  refresh(root, own, changes);
  const base = plan.still.length === 0 ? from : treeWithout(root, from, changes, new Set(plan.still));
  const written = quietGit(root, ['read-tree', '-m', '-u', base, to], { env });
  if (!written.ok) return written.stderr || 'git read-tree did not end';
  renameSync(own, join(gitDir, 'index'));
  return undefined;
}

/** The old tree with the paths that are not to be written as the new one has them: so git sees no change in them. */
function treeWithout(
  root: string,
  from: string,
  changes: readonly TreeChange[],
  still: ReadonlySet<string>,
): string {
  return withOwnIndex((env) => {
    mustGit(root, ['read-tree', from], { env });
    const unchanged = changes.filter(({ path }) => still.has(path));
    setEntries(root, env, new Map(unchanged.map((change) => [change.path, change.new])), from.length);
    return mustGit(root, ['write-tree'], { env }).trim();
  });
}

function pretendNew(
  { root, gitDir }: LandingCheckout,
  entries: ReadonlyMap<string, TreeEntry | null>,
  oidLength: number,
): void {
  const own = ownIndex(gitDir);
  dropIndex(gitDir);
  takeIndex(root, gitDir, own);
  setEntries(root, { GIT_INDEX_FILE: own }, entries, oidLength);
  renameSync(own, join(gitDir, 'index'));
}

/** Removals first: a file may become a folder, and a folder a file. */
function setEntries(
  root: string,
  env: Record<string, string>,
  entries: ReadonlyMap<string, TreeEntry | null>,
  oidLength: number,
): void {
  if (entries.size === 0) return;
  const ordered = new Map([...entries].sort(([, a], [, b]) => Number(a !== null) - Number(b !== null)));
  mustGit(root, ['update-index', '-z', '--index-info'], { env, input: indexInfo(ordered, oidLength) });
}

/** Beside the index, since what it shares with other files (`core.splitIndex`) is found from there. */
function ownIndex(gitDir: string): string {
  return join(gitDir, 'coord-landing-index');
}

function dropIndex(gitDir: string): void {
  removeIfThere(ownIndex(gitDir));
  removeIfThere(`${ownIndex(gitDir)}.lock`);
}

function takeIndex(root: string, gitDir: string, own: string): void {
  dropIndex(gitDir);
  if (copyIndex(join(gitDir, 'index'), own)) return;
  // Without this git would take it for a first checkout, and write every file.
  mustGit(root, ['read-tree', '--empty'], { env: { GIT_INDEX_FILE: own } });
}

/**
 * Git would take a touched file for a changed one, and look neither at one that it was told to take for unchanged nor
 * write one that it was told to skip though it is there: the paths of the landing lose such marks, no others do.
 */
function refresh(root: string, own: string, changes: readonly TreeChange[]): void {
  const env = { GIT_INDEX_FILE: own };
  const listed = new Set(changes.map(({ path }) => path));
  const marked = nulList(mustGit(root, ['ls-files', '-v', '-z'], { env }))
    .filter((line) => /^[a-zS] /.test(line) && listed.has(line.slice(2)))
    .map((line) => line.slice(2))
    .filter((path) => seenAt(root, path) !== 'missing');
  const input = marked.map((path) => `${path}\0`).join('');
  if (marked.length > 0)
    for (const option of ['--no-assume-unchanged', '--no-skip-worktree'])
      mustGit(root, ['update-index', option, '-z', '--stdin'], { env, input });
  quietGit(root, ['update-index', '-q', '--refresh'], { env });
}

function isMovedSubmodule(root: string, { path, new: next }: TreeChange): boolean {
  return next?.mode === GITLINK && existsSync(join(root, textOf(path), '.git'));
}

/** What a killed sync left beside the index. */
export function clearSync(gitDir: string): void {
  dropIndex(gitDir);
}
