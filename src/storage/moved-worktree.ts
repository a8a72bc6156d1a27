/**
 * A worktree that coord noted and that lies elsewhere by now. After `git worktree move` git's own record leads to it.
 * When the whole project was moved or copied, nothing does: the folder came along, below home, and its `.git` file and
 * git's record still name the place where both were. Of a copy they name what is alive there, and somebody else's.
 */
import { existsSync, lstatSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { isPlainName } from '../domain/names.ts';
import { WORKTREES_FOLDER } from '../domain/project-paths.ts';
import { writeAtomic } from './light/files.ts';
import { isMissing, placeAt, readPointer } from './light/place.ts';
import { relativeTo } from './light/resolution.ts';
import { type Note, pointedFrom } from './noted-worktree.ts';

export interface MovedWorktree {
  readonly root: string;
  /** Git's record of it, in the repository of this project. */
  readonly gitDir: string;
}

/** Undefined: it is where the note says, or nothing is known of where it went. */
export function findMoved(home: string, { place, worktree }: Note): MovedWorktree | undefined {
  const own = placeAt(home);
  if (!own || !isPlainName(place)) return undefined;
  const gitDir = join(own.commonDir, 'worktrees', place);
  const pointer = existsSync(gitDir) ? pointedFrom(gitDir) : undefined;
  if (pointer === undefined || placeAt(worktree)?.gitDir === gitDir) return undefined;
  const beside = join(home, WORKTREES_FOLDER, basename(worktree));
  const root = [dirname(pointer), beside].find((at) => isIt(home, at, gitDir));
  return root === undefined ? undefined : { root, gitDir };
}

/** True for a worktree that another repository has, alive: this project was copied, and the worktree was not. */
export function isOfAnother(home: string, worktree: string): boolean {
  const place = placeAt(worktree);
  return place !== undefined && place.name !== null && place.home !== home;
}

/** The folder and git's record name each other again; in this order, since a folder that names it is found by that. */
export function linkAgain({ root, gitDir }: MovedWorktree): void {
  if (placeAt(root)?.gitDir === gitDir && pointedFrom(gitDir) === join(root, '.git')) return;
  writeAtomic(join(root, '.git'), `gitdir: ${gitDir}\n`, { durable: true });
  writeAtomic(join(gitDir, 'gitdir'), `${join(root, '.git')}\n`, { durable: true });
}

/** What is linked to a record that is still there, outside of this project, is another's and stays so. */
function isIt(home: string, at: string, gitDir: string): boolean {
  const named = namedBy(at);
  if (named === undefined) return false;
  if (named === gitDir) return true;
  const isItsName = basename(named) === basename(gitDir) && basename(dirname(named)) === 'worktrees';
  return isItsName && (!existsSync(named) || relativeTo(home, at) !== undefined);
}

/** The record that the folder's own `.git` file names. */
function namedBy(root: string): string | undefined {
  const file = join(root, '.git');
  try {
    if (!lstatSync(file).isFile()) return undefined;
    const named = readPointer(file);
    return named === undefined ? undefined : resolve(root, named);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
