/**
 * What a shell command needs locked in shared mode (rule 5), beside the other rules:
 *   a file it surely writes, a folder it surely removes or replaces    taken
 *   the whole worktree; what a git verb rewrites; files it may write   nobody else may hold it, and it is not taken
 *   what it stages or commits beyond its own files                     judged by what is dirty (find-foreign-dirt)
 * A program that writes where it likes passes, as it does by the other rules.
 */
import { dirname } from 'node:path';
import { needsLock } from '../../domain/ground.ts';
import type { ShellGit, ShellReading, ShellWrite } from '../../domain/shell/facts.ts';
import { expandGlob } from '../../storage/light/expansion.ts';
import { isFolder, targetOf } from '../../storage/light/location.ts';
import { placeOf } from '../../storage/light/place.ts';
import { resolvePath } from '../../storage/light/resolution.ts';
import type { LockWant } from './lock-hooks.ts';
import type { ShellCase } from './shell-case.ts';

/** What git would put into the index, or commit, of files that the command may not have meant. */
export interface Staging {
  readonly verb: 'add' | 'commit';
  /** Absolute; folders stand for all below them. */
  readonly roots: readonly string[];
  /** `all` with files that git does not know yet, `tracked` without, `index` what is staged already. */
  readonly takes: 'all' | 'tracked' | 'index';
}

const WANTS_MAX = 500;

export function locksWanted(shell: ShellCase, reading: ShellReading): LockWant[] {
  const wants: LockWant[] = [];
  // `mv a b` may mean `b/a`: not where `b` is no folder.
  const notFolders = new Set(
    reading.writes
      .filter((write) => write.target === 'into')
      .map((write) => resolvePath(write.path, shell.cwd))
      .filter((path) => path !== undefined && !isFolder(path)),
  );
  for (const write of reading.writes) {
    wants.push(...wantsOfWrite(shell, write).filter((want) => !notFolders.has(dirname(want.path))));
  }
  for (const link of reading.links) wants.push(...wantAt(shell, link.source, false, 'take'));
  for (const call of reading.git) wants.push(...wantsOfGit(shell, call));
  return wants.slice(0, WANTS_MAX);
}

function wantsOfWrite(shell: ShellCase, write: ShellWrite): LockWant[] {
  const isTree = write.tree === true;
  // An unknown part of what lies below: it hardly means another's file, and is judged afterwards.
  if (isTree && !write.certain) return [];
  const manner = write.certain && write.some !== true ? 'take' : 'look';
  const expanded = write.glob ? expandGlob(write.path) : [write.path];
  if (expanded === 'too-many')
    return wantAt(shell, write.path.replace(/\/?[^/]*[*?[].*$/, '') || '/', true, 'look');
  return expanded.flatMap((path) => wantAt(shell, path, isTree, manner));
}

function wantAt(shell: ShellCase, path: string, isTree: boolean, manner: LockWant['manner']): LockWant[] {
  const target = targetOf(path, shell.cwd, shell.project, false);
  if (!target) return [];
  // A tree may begin above the worktree (`rm -r /`): the other rules have spoken by then.
  if (!needsLock(shell.actor, target)) return [];
  // A folder that is named and not taken as a whole gets no content by that: its files are named besides.
  if (!isTree && isFolder(target.path)) return [];
  const isRoot = target.path === shell.project.root;
  // What is no folder is one file, whatever the verb does to folders.
  const isWhole = isTree && (isRoot || isFolder(target.path));
  return [{ path: target.path, isTree: isWhole, manner: isRoot ? 'look' : manner }];
}

function wantsOfGit(shell: ShellCase, call: ShellGit): LockWant[] {
  if (call.effect !== 'worktree' || !isHere(shell, call)) return [];
  const { root } = shell.project;
  if (call.reach === 'tree') return [{ path: root, isTree: true, manner: 'look' }];
  if (call.reach !== undefined) return [];
  return (call.paths ?? []).flatMap((path) => {
    const resolved = resolvePath(path, shell.cwd) ?? path;
    return isFolder(resolved) ? wantAt(shell, path, true, 'look') : wantAt(shell, path, false, 'take');
  });
}

/** One for each call of git that stages or commits. */
export function stagingsOf(shell: ShellCase, calls: readonly ShellGit[]): Staging[] {
  return calls
    .filter((call) => call.effect === 'worktree' && isHere(shell, call))
    .map((call) => oneStaging(shell, call))
    .filter((staging) => staging !== undefined);
}

function oneStaging(shell: ShellCase, call: ShellGit): Staging | undefined {
  const verb = call.verb === 'commit' ? 'commit' : 'add';
  const { root } = shell.project;
  const named = (call.paths ?? []).map((path) => resolvePath(path, shell.cwd) ?? path);
  switch (call.reach) {
    case 'add':
      return { verb, roots: named, takes: verb === 'add' ? 'all' : 'tracked' };
    case 'add-all':
      return { verb, roots: [root], takes: 'all' };
    case 'add-tracked':
      return { verb, roots: [root], takes: 'tracked' };
    case 'commit':
      return { verb, roots: [root], takes: 'index' };
    default:
      return undefined;
  }
}

/** In the worktree of the actor: another one's is refused by its own rule. */
function isHere(shell: ShellCase, call: ShellGit): boolean {
  const dir = resolvePath(call.dir, shell.cwd);
  const place = dir === undefined ? undefined : placeOf(dir);
  return place?.root === shell.project.root;
}
