/**
 * What would be lost with a worktree: work that is not committed, submodules with commits that are nowhere else, and
 * ignored files that no build makes again. Reads only. Works on a worktree that was moved too, since git is told where
 * its own files of it lie; only submodules must be looked at where they belong.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { besideTheWork, isRebuildable, type Keep } from '../domain/clean-up.ts';
import { textOf } from './git.ts';
import { type GitReader, gitReader } from './git-reader.ts';
import { listNames } from './light/files.ts';
import { statReachable } from './light/reachable.ts';
import { hiddenChanges, trackedFiles, underWayAt, worktreeStatus } from './worktree-status.ts';

export interface Contents {
  /** Files that are put aside before the rest goes. */
  readonly aside: readonly string[];
}

interface Looked {
  readonly home: string;
  /** Where its files are now. */
  readonly root: string;
  readonly gitDir: string;
  readonly isMoved: boolean;
}

/** More than people keep beside the work by hand; then somebody should look before it goes. */
const ASIDE_FILES_MAX = 5_000;
const ASIDE_BYTES_MAX = 256 * 1024 * 1024;
const ALIKE_BYTES_MAX = 1024 * 1024;
const DEPTH_MAX = 64;

export function lookInto(looked: Looked): Keep | Contents {
  const { root, gitDir, isMoved } = looked;
  const underWay = underWayAt(gitDir) ?? (existsSync(join(gitDir, 'index.lock')) ? 'index.lock' : undefined);
  if (underWay !== undefined) return { code: 'busy', what: underWay };
  const reader = readerAt(root, gitDir);
  const { files, submodules } = worktreeStatus(reader, 'all');
  const dirty = files.filter(({ path }) => besideTheWork(path) === undefined);
  const hidden = isMoved ? [] : hiddenChanges(reader, gitDir, trackedFiles(reader));
  const ignored = reader
    .list(['ls-files', '--others', '--ignored', '--exclude-standard', '--directory', '-z'])
    .map(textOf);
  if (reader.failure) return { code: 'refused', detail: reader.failure.detail };
  const named = (of: readonly { path: string }[]) => of.map(({ path }) => path);
  const untracked = dirty.filter(({ kind }) => kind === 'untracked');
  const changed = dirty.filter(({ kind }) => kind !== 'untracked');
  if (changed.length > 0) return { code: 'dirty', files: named(changed) };
  if (untracked.length > 0) return { code: 'untracked', files: named(untracked) };
  if (hidden.length > 0) return { code: 'hidden', files: named(hidden) };
  const unpushed = isMoved ? [] : unpushedSubmodules(gitDir);
  const lost = [...named(submodules), ...unpushed];
  if (lost.length > 0) return { code: 'submodule', files: lost };
  const beside = files.filter(({ path }) => besideTheWork(path) === 'kept');
  const kept = whatToKeep(
    looked,
    ignored.filter((path) => !isRebuildable(path)),
  );
  return 'code' in kept
    ? kept
    : { aside: [...named(beside).filter((path) => isFile(join(root, path))), ...kept.aside] };
}

/** Asks git of files that need not lie where it knows them. */
function readerAt(root: string, gitDir: string): GitReader {
  const inner = gitReader(root);
  const env = { GIT_DIR: gitDir, GIT_WORK_TREE: root };
  return {
    root,
    get failure() {
      return inner.failure;
    },
    read: (args, options) => inner.read(args, { ...options, env: { ...env, ...options?.env } }),
    list: (args, options) => inner.list(args, { ...options, env: { ...env, ...options?.env } }),
    holds: inner.holds,
  };
}

/** Ignored files that no build makes again and that the primary worktree does not have just so. */
function whatToKeep({ home, root }: Looked, ignored: readonly string[]): Keep | Contents {
  const found: Found = { files: [], bytes: 0 };
  for (const path of ignored.map((one) => one.replace(/\/$/, ''))) {
    if (gather(root, path, found, DEPTH_MAX)) return { code: 'nested-repository', files: [path] };
    if (isTooMuch(found)) return { code: 'ignored-too-many', files: ignored };
  }
  return { aside: found.files.filter((path) => !isAlike(join(root, path), join(home, path))) };
}

interface Found {
  readonly files: string[];
  bytes: number;
}

function isTooMuch({ files, bytes }: Found): boolean {
  return files.length > ASIDE_FILES_MAX || bytes > ASIDE_BYTES_MAX;
}

/** Adds a path's files, until it is too much. True when a repository lies there. A link holds nothing of its own. */
function gather(root: string, path: string, found: Found, depth: number): boolean {
  const stat = statReachable(join(root, path));
  if (!stat || stat.isSymbolicLink()) return false;
  if (!stat.isDirectory()) {
    found.files.push(path);
    found.bytes += stat.size;
    return false;
  }
  for (const name of depth > 0 ? readdirSync(join(root, path)) : []) {
    if (isTooMuch(found)) return false;
    if (name === '.git') return true;
    const inside = `${path}/${name}`;
    if (!isRebuildable(inside) && gather(root, inside, found, depth - 1)) return true;
  }
  return false;
}

function isAlike(path: string, other: string): boolean {
  if (!isFile(path) || !isFile(other)) return false;
  const [one, two] = [statReachable(path), statReachable(other)];
  if (one?.size !== two?.size || (one?.size ?? 0) > ALIKE_BYTES_MAX) return false;
  return readFileSync(path).equals(readFileSync(other));
}

function isFile(path: string): boolean {
  return statReachable(path)?.isFile() === true;
}

/**
 * The repositories of a worktree's submodules lie in git's own folder of that worktree, and go with it. Named are those
 * with a commit, a branch or a stash that no remote of theirs has.
 */
function unpushedSubmodules(gitDir: string): string[] {
  return submoduleFolders(join(gitDir, 'modules'), '', DEPTH_MAX)
    .filter(({ folder }) => {
      const reader = gitReader(folder);
      const range = ['HEAD', '--exclude=refs/tags/*', '--all', '--not', '--remotes'];
      const only = reader.read(['--git-dir', folder, 'rev-list', '--max-count=1', ...range, '--']);
      return reader.failure !== undefined || only !== '';
    })
    .map(({ name }) => name);
}

export function hasSubmodules(gitDir: string): boolean {
  return listNames(join(gitDir, 'modules'), 1).length > 0;
}

function submoduleFolders(folder: string, name: string, depth: number): { folder: string; name: string }[] {
  if (depth === 0 || statReachable(folder)?.isDirectory() !== true) return [];
  if (existsSync(join(folder, 'HEAD')))
    return [{ folder, name }, ...submoduleFolders(join(folder, 'modules'), name, depth - 1)];
  return listNames(folder).flatMap((part) =>
    submoduleFolders(join(folder, part), name === '' ? part : `${name}/${part}`, depth - 1),
  );
}
