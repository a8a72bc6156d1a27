/**
 * Where locks lie: one lease folder for each key, so that a file is looked up by its path and the folders around it,
 * however many locks there are.
 *
 *   leases/locks-file/<key>/            a file; also `/inode:<device>-<inode>` of one with several names
 *   leases/locks-tree/<key>/            a folder with all below it
 *   leases/locks-glob/<key of the stem>/<key>/   a pattern, found from any path below its stem
 *
 * A folder is there while its lock is held, and a moment longer: whoever releases removes it. A released epoch or an
 * empty folder that a kill left means free. All changes are made under the mutex `locks` (locks.ts), but for the first
 * epoch of a free file (locks/announcements.ts, with a folder `locks-announced`); readers need none.
 */
import { existsSync, rmdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import {
  LOCK_KINDS,
  type LockKind,
  type LockNote,
  type LockTarget,
  lockKey,
  parseLockNote,
  pathsAround,
  stemOf,
} from '../../../domain/lock.ts';
import { leaseName, NAME_LENGTH_MAX } from '../../../domain/names.ts';
import type { PlaceName } from '../../../domain/place-name.ts';
import type { Holder, LeaseRecord } from '../epochs.ts';
import { isErrno, listNames, removeIfThere } from '../files.ts';
import { readLease } from '../lease.ts';
import { coordinationPath } from '../roster.ts';

/** One worktree's locks, or all of a project's where the place does not matter. */
export interface LockSpace {
  readonly home: string;
  readonly place: PlaceName;
  readonly caseBlind: boolean;
}

export interface FoundLock {
  readonly dir: string;
  readonly note: LockNote;
  readonly record: LeaseRecord & { readonly holder: Holder };
}

const FOLDERS: Record<LockKind, string> = { file: 'locks-file', tree: 'locks-tree', glob: 'locks-glob' };
/** Of a long key's name so much is the key itself, the rest a hash (names.ts). */
const CERTAIN_PREFIX = NAME_LENGTH_MAX - 33;

export function leasesFolder(home: string): string {
  return coordinationPath(home, 'leases');
}

function kindFolder(home: string, kind: LockKind): string {
  return join(leasesFolder(home), FOLDERS[kind]);
}

export function lockFolder(space: LockSpace, kind: LockKind, path: string): string {
  const key = leaseName(lockKey(space.place, path, space.caseBlind));
  return kind === 'glob'
    ? join(stemFolder(space, stemOf(path)), key)
    : join(kindFolder(space.home, kind), key);
}

/** The lease that all names of one file share. */
export function inodeFolder(home: string, inode: string): string {
  return join(kindFolder(home, 'file'), leaseName(`/inode:${inode}`));
}

function stemFolder(space: LockSpace, stem: string): string {
  return join(kindFolder(space.home, 'glob'), leaseName(lockKey(space.place, stem, space.caseBlind)));
}

/** Where a lock that covers this file would lie: O(depth) folders, whatever else is locked. */
export function foldersCovering(space: LockSpace, target: LockTarget): string[] {
  const dirs = [lockFolder(space, 'file', target.path)];
  if (target.inode !== undefined) dirs.push(inodeFolder(space.home, target.inode));
  const [trees, globs] = [kindFolder(space.home, 'tree'), kindFolder(space.home, 'glob')];
  const [hasTrees, hasGlobs] = [existsSync(trees), existsSync(globs)];
  if (!hasTrees && !hasGlobs) return dirs;
  for (const path of pathsAround(target.path)) {
    const key = leaseName(lockKey(space.place, path, space.caseBlind));
    if (hasTrees) dirs.push(join(trees, key));
    const stem = join(globs, key);
    if (hasGlobs && existsSync(stem)) for (const name of listNames(stem)) dirs.push(join(stem, name));
  }
  return dirs;
}

/** All folders in which a lock may lie on something that collides with a tree or a glob. */
export function foldersAround(space: LockSpace, target: LockTarget): string[] {
  const stem = target.kind === 'glob' ? stemOf(target.path) : target.path;
  const dirs = pathsAround(stem).map((path) => lockFolder(space, 'tree', path));
  const prefix = namePrefix(lockKey(space.place, stem === '' ? '' : `${stem}/`, space.caseBlind));
  for (const kind of ['file', 'tree'] as const) {
    const folder = kindFolder(space.home, kind);
    for (const name of listNames(folder)) if (name.startsWith(prefix)) dirs.push(join(folder, name));
  }
  if (target.kind === 'tree' && stem !== '') dirs.push(lockFolder(space, 'file', stem));
  return [...new Set([...dirs, ...globFolders(space.home)])];
}

/** With what the names of all keys begin that begin so; the character that follows must not change it. */
function namePrefix(keyStart: string): string {
  const name = leaseName(`${keyStart}x`);
  const whole = name.includes('~') ? name : name.slice(0, -1);
  return whole.slice(0, CERTAIN_PREFIX);
}

function globFolders(home: string): string[] {
  const folder = kindFolder(home, 'glob');
  return listNames(folder).flatMap((stem) =>
    listNames(join(folder, stem)).map((name) => join(folder, stem, name)),
  );
}

/** Whether there may be any lock, or anybody who waits for one: a look at three or four names. */
export function hasLocks(home: string): boolean {
  const folders = [
    ...LOCK_KINDS.map((kind) => kindFolder(home, kind)),
    join(leasesFolder(home), 'locks-wanted'),
  ];
  return folders.some((folder) => listNames(folder, 1).length > 0);
}

/** All lease folders of locks, of all worktrees. */
export function allLockFolders(home: string): string[] {
  const plain = (['file', 'tree'] as const).flatMap((kind) => {
    const folder = kindFolder(home, kind);
    return listNames(folder).map((name) => join(folder, name));
  });
  return [...plain, ...globFolders(home)];
}

/**
 * The lock in a folder; undefined when it is free. One whose record cannot be read (a loss of power, no hard links)
 * is held by nobody known until it expires, and nobody can say on what it is: `place` and `path` are a guess.
 */
export function readLock(dir: string): FoundLock | undefined {
  // Mostly there is none, and an exception costs ten times as much as to ask.
  if (!existsSync(dir)) return undefined;
  const record = readLease(dir);
  if (!record?.holder) return undefined;
  const note = parseLockNote(record.note) ?? {
    target: { kind: 'file', place: null, path: `(unreadable: ${basename(dir)})` },
    name: 'unreadable',
    taking: '',
    isAlias: false,
  };
  return { dir, note, record: { ...record, holder: record.holder } };
}

export function isUnreadable(lock: FoundLock): boolean {
  return parseLockNote(lock.record.note) === undefined;
}

/** Removes a free lock's folder. Only under the mutex. Killed on the way, its top goes last: it stays free. */
export function removeLockFolder(dir: string): void {
  for (const name of listNames(dir).sort()) removeIfThere(join(dir, name));
  removeFolder(dir);
  // A glob's stem, when this was its last.
  if (basename(join(dir, '..', '..')) === FOLDERS.glob) removeFolder(join(dir, '..'));
}

/** Where it is empty. */
export function removeFolder(dir: string): void {
  try {
    rmdirSync(dir);
  } catch (error) {
    if (!isErrno(error, 'ENOENT', 'ENOTEMPTY', 'EEXIST', 'ENOTDIR')) throw error;
  }
}
