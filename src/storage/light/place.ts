/**
 * Which worktree a folder lies in, and where the project's home is: found by reading git's own files, because a git
 * process costs as much as the whole hook. States of a `.git` entry, nearest first:
 *   a folder with HEAD            the primary worktree; home is here
 *   a file, its git dir has `commondir`   a linked worktree; home is beside the common `.git`
 *   a file without `commondir`    a submodule or a separated git dir; a repository of its own, home is here
 *   anything else                 no repository; the walk goes on upward
 * A repository whose common dir is not named `.git` has no worktree beside it (bare, or separated): `coord init`
 * leaves a file `coord-home` in the common dir, and without it there is no home.
 */
import { existsSync, lstatSync, readFileSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { PlaceName } from '../../domain/place-name.ts';
import { COORDINATION } from '../../domain/project-paths.ts';

export interface Place {
  /** The primary worktree of the repository; undefined for a bare repository. */
  readonly home: string | undefined;
  /** The worktree's own root, resolved. */
  readonly root: string;
  /** Null for the primary worktree, else the linked worktree's name in `.git/worktrees/`. */
  readonly name: PlaceName;
  readonly gitDir: string;
  readonly commonDir: string;
}

/** A place in a repository that has a home. */
export interface HomedPlace extends Place {
  readonly home: string;
}

export const HOME_POINTER = 'coord-home';
/** Folders are not nested deeper than this on any system that git runs on. */
const DEPTH_MAX = 256;

const MISSING = new Set([
  'ENOENT',
  'ENOTDIR',
  'EACCES',
  'EPERM',
  'ELOOP',
  'ENAMETOOLONG',
  'EINVAL',
  'ERR_INVALID_ARG_VALUE',
]);

export function isMissing(error: unknown): boolean {
  return error instanceof Error && MISSING.has((error as NodeJS.ErrnoException).code ?? '');
}

/** The worktree around a folder that exists, or undefined where there is none. `folder` must be absolute. */
export function placeOf(folder: string): Place | undefined {
  let at: string;
  try {
    // The kernel's own word for the folder that this process stands in is resolved already.
    at = folder === process.cwd() ? folder : realpathSync.native(folder);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
  for (let depth = 0; depth < DEPTH_MAX; depth++) {
    const found = placeAt(at);
    if (found) return found;
    const up = dirname(at);
    if (up === at) return undefined;
    at = up;
  }
  return undefined;
}

/** The repository without a worktree in which a folder lies, for whoever asks why it is in none. */
export function bareRepositoryAt(folder: string): string | undefined {
  let at = folder;
  for (let depth = 0; depth < DEPTH_MAX; depth++) {
    if (['HEAD', 'objects', 'refs'].every((name) => existsSync(join(at, name)))) return at;
    const up = dirname(at);
    if (up === at) return undefined;
    at = up;
  }
  return undefined;
}

/** The worktree whose root is exactly this folder (already resolved), or undefined. */
export function placeAt(root: string): Place | undefined {
  const entry = join(root, '.git');
  // An exception for every folder on the way up would cost more than the look itself, and so would a `stat`.
  if (!existsSync(entry)) return undefined;
  if (existsSync(join(entry, 'HEAD')))
    return { home: root, root, name: null, gitDir: entry, commonDir: entry };
  try {
    return lstatSync(entry).isFile() ? linkedPlace(root, entry) : undefined;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function linkedPlace(root: string, entry: string): Place | undefined {
  const pointed = readPointer(entry);
  if (pointed === undefined) return undefined;
  const gitDir = resolve(root, pointed);
  const pointer = join(gitDir, 'commondir');
  if (!existsSync(pointer)) return { home: root, root, name: null, gitDir, commonDir: gitDir };
  const commonDir = realpathSync.native(resolve(gitDir, withoutLineEnd(readFileSync(pointer, 'utf8'))));
  return { home: homeOf(commonDir), root, name: basename(gitDir), gitDir, commonDir };
}

/** What a `.git` file names: all of it but the line ends behind, as git reads it, since a folder's name may have some. */
export function readPointer(entry: string): string | undefined {
  const text = readFileSync(entry, 'utf8');
  return text.startsWith('gitdir: ') ? withoutLineEnd(text.slice(8)) || undefined : undefined;
}

/** Without a regular expression: the first run of one costs 25 µs. */
function withoutLineEnd(text: string): string {
  let end = text.length;
  while (end > 0 && (text[end - 1] === '\n' || text[end - 1] === '\r')) end -= 1;
  return text.slice(0, end);
}

function homeOf(commonDir: string): string | undefined {
  if (basename(commonDir) === '.git') return dirname(commonDir);
  try {
    return withoutLineEnd(readFileSync(join(commonDir, HOME_POINTER), 'utf8')) || undefined;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

export function hasHome(place: Place): place is HomedPlace {
  return place.home !== undefined;
}

/** True when `coord init` ran in this project: the only thing a hook asks before it does anything else. */
export function isCoordinated(home: string): boolean {
  return existsSync(join(home, COORDINATION, 'roster'));
}

/** The coordinated project around a folder: undefined outside one, and then a hook has nothing to say. */
export function coordinatedPlaceOf(folder: string): HomedPlace | undefined {
  const place = placeOf(folder);
  return place && hasHome(place) && isCoordinated(place.home) ? place : undefined;
}
