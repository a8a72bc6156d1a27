/**
 * What a landing must know of a checkout of the target: the paths that the landing changes, and how each stands here.
 * Contents are compared, not times: the paths are put into an index of coord's own, as the old or the new commit has
 * them, and git holds the files against it. So neither a file that git was told to take for unchanged, nor one that was
 * written in the same instant as the index, nor a monitor that missed something, can look clean and be lost.
 */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  type FileState,
  GITLINK,
  type IndexState,
  obstacles,
  type PathState,
  parseRawDiff,
  type TreeChange,
  type TreeEntry,
} from '../domain/checkout-sync.ts';
import { AS_WRITTEN_MAX, isAsWritten } from './as-written.ts';
import { diskAt, isBehindLink, textOfPath } from './checkout-disk.ts';
import { placeAt } from './light/place.ts';
import { GitFailed, mustGit, nulList, quietGit } from './plumbing.ts';
import { withScratch } from './scratch-folder.ts';
import { branchUnderWay, underWayAt } from './worktree-status.ts';

export interface LandingCheckout {
  readonly root: string;
  readonly gitDir: string;
  /** False while a rebase of the branch is under way there: HEAD stands elsewhere, and will come back. */
  readonly isOnBranch: boolean;
}

/** Every worktree that is there and has the ref checked out, or is in the middle of rebasing it. */
export function landingCheckouts(home: string, ref: string): LandingCheckout[] {
  const found = new Map<string, LandingCheckout>();
  for (const { root, isOnBranch } of listedWorktrees(home, ref)) {
    const place = placeAt(root);
    if (!place || !existsSync(place.gitDir)) continue;
    // A bisection that ends checks the branch out anew, wherever it stands then; a rebase moves it.
    const isRebased = underWayAt(place.gitDir) === 'rebase';
    const isComingBack = isRebased && `refs/heads/${branchUnderWay(place.gitDir)}` === ref;
    const isFirst = !found.has(place.gitDir);
    if ((isOnBranch || isComingBack) && isFirst)
      found.set(place.gitDir, { root, gitDir: place.gitDir, isOnBranch });
  }
  return [...found.values()];
}

/** Where git's folder lies elsewhere, or below that of another repository, the list names that folder for home. */
function listedWorktrees(home: string, ref: string): { root: string; isOnBranch: boolean }[] {
  const here = quietGit(home, ['symbolic-ref', '--quiet', 'HEAD']).stdout.trim();
  const first = { root: home, isOnBranch: here === ref };
  const listed = mustGit(home, ['worktree', 'list', '--porcelain', '-z']);
  const others = listed.split('\0\0').map((entry) => {
    const fields = entry.split('\0');
    const root = textOfPath(
      fields.find((line) => line.startsWith('worktree '))?.slice('worktree '.length) ?? '',
    );
    return { root, isOnBranch: fields.includes(`branch ${Buffer.from(ref).toString('latin1')}`) };
  });
  return [first, ...others.filter(({ root }) => root !== '' && root !== home)];
}

export function changesBetween(root: string, from: string, to: string): TreeChange[] {
  const options = ['--raw', '-r', '-z', '--no-renames', '--no-abbrev', '--ignore-submodules=none'];
  return parseRawDiff(mustGit(root, ['diff-tree', ...options, from, to]));
}

/** What git is in the middle of there, that a moving branch would harm. */
export function underWayIn({ gitDir, isOnBranch }: LandingCheckout): string | undefined {
  const underWay = underWayAt(gitDir);
  if (!isOnBranch) return underWay ?? 'rebase';
  return underWay === 'bisect' ? undefined : underWay;
}

export interface Staged {
  /** The paths whose entry in the index is not that of the commit. */
  readonly paths: ReadonlySet<string>;
  readonly hasConflict: boolean;
}

export function stagedAgainst(root: string, commit: string): Staged {
  const options = ['--cached', '--raw', '-z', '--no-renames', '--no-abbrev', '--ignore-submodules=none'];
  const found = parseRawDiff(mustGit(root, ['diff-index', ...options, commit, '--']));
  return {
    paths: new Set(found.map(({ path }) => path)),
    hasConflict: found.some(({ status }) => status === 'U'),
  };
}

export interface Unlike {
  readonly missing: ReadonlySet<string>;
  readonly changed: ReadonlySet<string>;
}

/** The paths whose file is not what these entries say. */
function filesUnlike(root: string, entries: ReadonlyMap<string, TreeEntry>): Unlike {
  const missing = new Set<string>();
  const changed = new Set<string>();
  if (entries.size === 0) return { missing, changed };
  withOwnIndex((env) => {
    mustGit(root, ['update-index', '-z', '--index-info'], { env, input: indexInfo(entries) });
    // Exits with 1 where something differs.
    const refreshed = quietGit(root, ['update-index', '--refresh'], { env });
    if (!refreshed.ok && /^(?:fatal|error)/m.test(refreshed.stderr))
      throw new GitFailed('update-index', refreshed.stderr);
    if (refreshed.ok) return;
    const options = ['--raw', '-z', '--no-renames', '--no-abbrev', '--ignore-submodules=dirty'];
    for (const [at, change] of parseRawDiff(mustGit(root, ['diff-files', ...options], { env })).entries()) {
      const { path, status } = change;
      if (status === 'D') missing.add(path);
      else if (at >= AS_WRITTEN_MAX || !isAsWritten(root, change)) changed.add(path);
    }
  });
  return { missing, changed };
}

export function indexInfo(entries: ReadonlyMap<string, TreeEntry | null>, oidLength = 40): string {
  const lines = [...entries].map(([path, entry]) =>
    entry === null ? `0 ${'0'.repeat(oidLength)}\t${path}\0` : `${entry.mode} ${entry.oid} 0\t${path}\0`,
  );
  return lines.join('');
}

export function withOwnIndex<T>(body: (env: Record<string, string>) => T): T {
  return withScratch((folder) => {
    return body({ GIT_INDEX_FILE: join(folder, 'index') });
  });
}

export interface DirtyPaths {
  readonly dirty: readonly string[];
  readonly inTheWay: readonly string[];
  /** A merge that is not over, wherever in the tree. */
  readonly hasConflict: boolean;
}

/** Before the ref moves: what is uncommitted here and would be written by the landing. */
export function dirtyPaths(root: string, from: string, changes: readonly TreeChange[]): DirtyPaths {
  const { paths: staged, hasConflict } = stagedAgainst(root, from);
  const unlike = filesUnlike(root, entriesOf(changes, 'old'));
  const disk = diskAt(root);
  const absent = new Set([...unlike.missing].filter((path) => !staged.has(path)));
  const sparse = absent.size === 0 ? absent : sparsePaths(root);
  // Left out by a sparse checkout, and nothing else in its place.
  const isLeftOut = (path: string) => sparse.has(path) && disk.look(path) === 'missing';
  const isDirty = (path: string) =>
    staged.has(path) || unlike.changed.has(path) || (absent.has(path) && !isLeftOut(path));
  const dirty = changes.map(({ path }) => path).filter(isDirty);
  return { dirty, inTheWay: obstacles(changes, disk), hasConflict };
}

function entriesOf(changes: readonly TreeChange[], side: 'old' | 'new'): Map<string, TreeEntry> {
  return new Map(changes.flatMap((change) => (change[side] ? [[change.path, change[side]] as const] : [])));
}

/** What a sparse checkout leaves out of the worktree. */
function sparsePaths(root: string): Set<string> {
  const flagged = nulList(mustGit(root, ['ls-files', '-t', '-z'])).filter((line) => line.startsWith('S '));
  return new Set(flagged.map((line) => line.slice(2)));
}

/** After the ref has moved, or when that is not known yet: how each path stands. `head`: what HEAD is now. */
export function pathStates(
  root: string,
  { from, to, head }: { from: string; to: string; head: string },
  changes: readonly TreeChange[],
): PathState[] {
  const disk = diskAt(root);
  const notOld = stagedAgainst(root, from).paths;
  const unlikeOld = filesUnlike(root, entriesOf(changes, 'old'));
  const isOld = ({ path, old }: TreeChange) =>
    !notOld.has(path) && (old ? !isIn(unlikeOld, path) : disk.look(path) !== 'file');
  // So it is in nearly every landing; there is no need to ask further.
  if (head === to && changes.every(isOld))
    return changes.map(({ path }) => ({ path, isHeadNew: true, index: 'old', file: 'old' }));
  const movedOn = head === to ? new Set() : new Set(changesBetween(root, to, head).map(({ path }) => path));
  const notNew = stagedAgainst(root, to).paths;
  const unlike = { old: unlikeOld, new: filesUnlike(root, entriesOf(changes, 'new')) };
  const fileState = ({ path, old, new: next }: TreeChange, index: IndexState): FileState => {
    const isLink = { old: old?.mode === GITLINK, new: next?.mode === GITLINK };
    // What lies in a submodule's folder is its own; with a file on neither side there is nothing to write.
    if ((isLink.old || !old) && (isLink.new || !next)) return index === 'new' ? 'new' : 'old';
    const isThere = disk.look(path) === 'file' && !isBehindLink(disk, path);
    if (isThere && next && !isLink.new && !isIn(unlike.new, path)) return 'new';
    if (isThere) return old && !isLink.old && !isIn(unlike.old, path) ? 'old' : 'other';
    if (!next || (isLink.new && disk.look(path) === 'folder')) return 'new';
    return !old || isLink.old ? 'old' : 'missing';
  };
  return changes.map((change): PathState => {
    const { path } = change;
    const index: IndexState = !notNew.has(path) ? 'new' : !notOld.has(path) ? 'old' : 'other';
    return { path, isHeadNew: !movedOn.has(path), index, file: fileState(change, index) };
  });
}

function isIn({ missing, changed }: Unlike, path: string): boolean {
  return missing.has(path) || changed.has(path);
}
