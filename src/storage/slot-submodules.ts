/**
 * Submodules of an integration worktree, as far as their commits are on this machine: nothing is cloned or fetched. The
 * folder of a submodule becomes a repository that borrows the objects of those that are there already: of the primary
 * worktree, and of the worktrees where somebody works on it. Without the commit in any of them the folder stays empty,
 * and the submodule is named.
 */
import { existsSync, lstatSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { textOf } from './git.ts';
import { listNames, makeFolder, writeAtomic } from './light/files.ts';
import { linkedRoots } from './light/location.ts';
import { isMissing, placeAt } from './light/place.ts';
import { GitFailed, nulList, quietGit } from './plumbing.ts';
import { type Slot, slotGit, triesSlotGit } from './slot.ts';

export interface MissingSubmodule {
  readonly path: string;
  readonly commit: string;
}

interface Submodule {
  readonly name: string;
  /** Relative to the repository that has it. */
  readonly path: string;
  readonly commit: string;
}

/** A repository around submodules: the slot, or a submodule of it. */
interface Level {
  readonly root: string;
  readonly commit: string;
  /** Relative to the slot; ends in a slash where it is not empty. */
  readonly prefix: string;
  /** Folders that hold, in `modules/<name>`, a repository of a submodule. */
  readonly gitDirs: readonly string[];
  /** Worktrees that may have the submodule checked out. */
  readonly worktrees: readonly string[];
}

const DEPTH_MAX = 5;
const WORKTREES_MAX = 200;

export function standSubmodules(slot: Slot, commit: string): MissingSubmodule[] {
  const { home, root } = slot;
  const commonDir = placeAt(home)?.commonDir;
  if (commonDir === undefined || !hasSubmodules(slot, root, commit)) return [];
  const others = listNames(join(commonDir, 'worktrees'), WORKTREES_MAX);
  const gitDirs = [commonDir, ...others.map((name) => join(commonDir, 'worktrees', name))];
  const worktrees = [home, ...linkedRoots({ commonDir }).map((one) => one.root)].filter(
    (one) => one !== root,
  );
  return standLevel(slot, { root, commit, prefix: '', gitDirs, worktrees }, DEPTH_MAX);
}

function hasSubmodules(slot: Slot, root: string, commit: string): boolean {
  return triesSlotGit(slot, ['cat-file', '-e', `${commit}:.gitmodules`], root).ok;
}

function standLevel(slot: Slot, level: Level, depth: number): MissingSubmodule[] {
  if (depth === 0 || !hasSubmodules(slot, level.root, level.commit)) return [];
  return submodulesAt(slot, level).flatMap((submodule) => standOne(slot, level, submodule, depth));
}

function submodulesAt(slot: Slot, { root, commit }: Level): Submodule[] {
  const blob = ['config', '--blob', `${commit}:.gitmodules`, '-z', '--get-regexp', '^submodule\\..*\\.path$'];
  const named = nulList(triesSlotGit(slot, blob, root).stdout).flatMap((entry) => {
    const [key = '', path = ''] = entry.split('\n');
    const name = key.slice('submodule.'.length, -'.path'.length);
    // A name is a path below `modules`; one that climbs out is an attack.
    return path === '' || name.split('/').some((part) => part === '' || part === '..')
      ? []
      : [{ name, path }];
  });
  if (named.length === 0) return [];
  const listed = slotGit(
    slot,
    ['--literal-pathspecs', 'ls-tree', '-z', commit, '--', ...named.map(({ path }) => path)],
    { cwd: root },
  );
  const links = new Map<string, string>();
  for (const entry of nulList(listed)) {
    const match = /^160000 commit ([0-9a-f]+)\t([\s\S]+)$/.exec(entry);
    if (match) links.set(match[2] ?? '', match[1] ?? '');
  }
  return named.flatMap(({ name, path }) => {
    const link = links.get(path);
    return link === undefined ? [] : [{ name, path, commit: link }];
  });
}

function standOne(slot: Slot, level: Level, submodule: Submodule, depth: number): MissingSubmodule[] {
  const path = textOf(submodule.path);
  const root = join(level.root, path);
  const sources = sourcesOf(level, submodule);
  const holding = sources.filter((source) => holds(source, submodule.commit));
  if (holding.length === 0 && !holdsItself(slot, root, submodule.commit))
    return [{ path: level.prefix + path, commit: submodule.commit }];
  try {
    checkOut(slot, root, holding, submodule.commit);
  } catch (error) {
    if (!(error instanceof GitFailed) || holding.length === 0) throw error;
    // It borrowed from a repository that is gone by now.
    rmSync(root, { recursive: true, force: true, maxRetries: 3 });
    checkOut(slot, root, holding, submodule.commit);
  }
  const worktrees = level.worktrees.map((worktree) => join(worktree, path));
  const below = {
    root,
    commit: submodule.commit,
    prefix: `${level.prefix}${path}/`,
    gitDirs: sources,
    worktrees,
  };
  return standLevel(slot, below, depth - 1);
}

/** The git folders of this submodule on this machine. */
function sourcesOf({ gitDirs, worktrees }: Level, { name, path }: Submodule): string[] {
  const inside = gitDirs.map((gitDir) => join(gitDir, 'modules', textOf(name)));
  const embedded = worktrees.map((worktree) => join(worktree, textOf(path), '.git')).filter(isFolder);
  return [...new Set([...inside, ...embedded])].filter((source) => existsSync(join(source, 'objects')));
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

function holds(source: string, commit: string): boolean {
  return quietGit(source, [`--git-dir=${source}`, 'cat-file', '-e', `${commit}^{commit}`]).ok;
}

function holdsItself(slot: Slot, root: string, commit: string): boolean {
  return isRepository(root) && triesSlotGit(slot, ['cat-file', '-e', `${commit}^{commit}`], root).ok;
}

/** Without its own `.git` git would take the slot around it. */
function isRepository(root: string): boolean {
  return lstatSync(join(root, '.git'), { throwIfNoEntry: false }) !== undefined;
}

function checkOut(slot: Slot, root: string, sources: readonly string[], commit: string): void {
  makeFolder(root, { durable: false });
  const format = commit.length === 64 ? ['--object-format=sha256'] : [];
  if (!isRepository(root)) slotGit(slot, ['init', '--quiet', '--template=', ...format], { cwd: root });
  const gitDir = slotGit(slot, ['rev-parse', '--absolute-git-dir'], { cwd: root }).trim();
  if (sources.length > 0) {
    makeFolder(join(gitDir, 'objects', 'info'), { durable: false });
    const borrowed = sources.map((source) => `${join(source, 'objects')}\n`).join('');
    writeAtomic(join(gitDir, 'objects', 'info', 'alternates'), borrowed, { durable: false });
  }
  slotGit(slot, ['checkout', '--force', '--detach', '--quiet', commit, '--'], { cwd: root });
  slotGit(slot, ['clean', '-ffdq'], { cwd: root });
}
