/**
 * From what people and tools call a path to what a lock is on: resolved as the kernel would (`..`, symlinks, what is
 * not there yet), below the root of its worktree, with the inode of a file that has several names.
 */
import { statSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { isGlob, type LockTarget, literalGlob } from '../../../domain/lock.ts';
import type { LockPathProblem } from '../../../domain/problem.ts';
import { groundOf, isCaseBlind } from '../location.ts';
import { type HomedPlace, isMissing } from '../place.ts';
import { relativeTo, resolvePath } from '../resolution.ts';
import type { LockSpace } from './files.ts';

export function lockSpaceOf(place: HomedPlace): LockSpace {
  return { home: place.home, place: place.name, caseBlind: isCaseBlind(place.home) };
}

/** What a resolved path is, as a file or as a folder with all below it. Undefined outside of the worktree's root. */
export function targetAt(place: HomedPlace, path: string, isTree: boolean): LockTarget | undefined {
  const relative = relativeTo(place.root, path);
  if (relative === undefined) return undefined;
  const kind = isTree || relative === '' ? 'tree' : 'file';
  const inode = kind === 'file' ? sharedInode(path) : undefined;
  return { kind, place: place.name, path: relative, ...(inode === undefined ? {} : { inode }) };
}

/** `<device>-<inode>` of a file that has more names than one. */
function sharedInode(path: string): string | undefined {
  try {
    const stat = statSync(path, { throwIfNoEntry: false });
    return stat?.isFile() && stat.nlink > 1 ? `${stat.dev}-${stat.ino}` : undefined;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/**
 * The target that a word of a command line means: what is there by that name, a folder where it ends in a slash, else
 * a pattern where it has a pattern's characters, else a file that is not there yet.
 */
export function readLockTarget(place: HomedPlace, word: string, cwd: string): LockTarget | LockPathProblem {
  const refuse = (why: LockPathProblem['why']): LockPathProblem => ({
    code: 'lock-unusable',
    path: word,
    why,
  });
  if (word === '') return refuse('name');
  const resolved = resolvePath(word, cwd);
  const stat = resolved === undefined ? undefined : statIfThere(resolved);
  if (!stat && isGlob(word)) return readPattern(place, word, cwd) ?? refuse('pattern');
  if (resolved === undefined) return refuse('name');
  const ground = groundOf(resolved, place);
  if (ground.kind === 'git') return refuse('git');
  if (ground.kind === 'worktree' && ground.place !== place.name) return refuse('other-worktree');
  const isTree = stat ? stat.isDirectory() : /[\\/]$/.test(word);
  return (ground.kind === 'worktree' ? targetAt(place, resolved, isTree) : undefined) ?? refuse('outside');
}

function statIfThere(path: string) {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/**
 * The folder before the first special segment is resolved like any path; what follows is the pattern. A folder that is
 * there counts as a name, whatever characters it has.
 */
function readPattern(place: HomedPlace, word: string, cwd: string): LockTarget | undefined {
  const parts = word.split('/');
  let at = 0;
  let folder = isAbsolute(word) ? '/' : cwd;
  while (at < parts.length) {
    const part = parts[at] ?? '';
    const next = resolvePath(part === '' ? '.' : part, folder);
    if (next === undefined || (isGlob(part) && !statIfThere(next))) break;
    folder = next;
    at += 1;
  }
  const rest = parts.slice(at).join('/').replace(/\/+$/, '/**');
  if (rest === '' || rest.split('/').some((part) => part === '..' || part === '.')) return undefined;
  const stem = relativeTo(place.root, folder);
  const ground = groundOf(folder, place);
  if (stem === undefined || ground.kind !== 'worktree' || ground.place !== place.name) return undefined;
  return { kind: 'glob', place: place.name, path: stem === '' ? rest : `${literalGlob(stem)}/${rest}` };
}
