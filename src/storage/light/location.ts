/**
 * What a resolved path belongs to, seen from one project: the facts that the guard judges.
 */

import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';
import type { Ground, Target } from '../../domain/ground.ts';
import { COORDINATOR } from '../../domain/identifiers.ts';
import type { PlaceName } from '../../domain/place-name.ts';
import {
  AGENTS_FILE,
  ARTIFACT_FOLDERS,
  artifactAt,
  COORDINATION,
  DECISIONS_FILE,
  documentAt,
  mayHoldArtifacts,
  PHASES_FOLDER,
  PROGRESS_FOLDER,
  RUNTIME_FOLDERS,
  STATE_FILE,
  statusFileOf,
} from '../../domain/project-paths.ts';
import { glanceAtCycle } from './cycle-glance.ts';
import { listNames } from './files.ts';
import { type HomedPlace, hasHome, isCoordinated, isMissing, placeAt } from './place.ts';
import { relativeTo, resolvePath } from './resolution.ts';
import { readPlaceRecord, workerOfPhaseFolder } from './roster.ts';

const DEPTH_MAX = 256;
/** Linked worktrees looked at for a write that takes a whole tree. */
const WORKTREES_MAX = 4_096;
/** Names looked at, a folder, when a file with several hard links is held against the guarded ones. */
const ALIAS_NAMES_MAX = 256;

export function ownerOfPlace(home: string, place: PlaceName): string {
  if (place === null) return COORDINATOR;
  return readPlaceRecord(home, place)?.worker ?? `whoever works in worktree ${place}`;
}

export function groundOf(path: string, project: HomedPlace): Ground {
  const inGit = relativeTo(project.commonDir, path);
  if (inGit !== undefined) return gitGround(inGit);
  let foreign: string | undefined;
  let at = path;
  for (let depth = 0; depth < DEPTH_MAX; depth++) {
    const place = at === project.root ? project : placeAt(at);
    if (place && place.commonDir === project.commonDir) {
      const relative = relativeTo(place.root, path) ?? '';
      // A linked worktree's `.git` file says which worktree it is: rewriting it would change who one is.
      if (relative === '.git' && place.name !== null) return { kind: 'git', place: 'shared' };
      const owner = place.name === project.name ? '' : ownerOfPlace(project.home, place.name);
      return { kind: 'worktree', place: place.name, root: place.root, relative, owner };
    }
    if (place && hasHome(place) && isCoordinated(place.home)) foreign ??= place.home;
    const up = dirname(at);
    if (up === at) break;
    at = up;
  }
  return foreign === undefined ? { kind: 'outside' } : { kind: 'foreign-project', home: foreign };
}

function gitGround(relative: string): Ground {
  const parts = relative.split('/');
  const name = parts[0] === 'worktrees' ? parts[1] : undefined;
  return { kind: 'git', place: name ?? 'shared' };
}

/** All that the guard must know of one write. `path` may be relative to `cwd`; undefined: no system takes that name. */
export function targetOf(path: string, cwd: string, project: HomedPlace, tree: boolean): Target | undefined {
  const resolved = resolvePath(path, cwd);
  if (resolved === undefined) return undefined;
  const target = plainTarget(resolved, project, tree);
  return { ...target, aliasOf: aliasOf(resolved, project) };
}

function plainTarget(path: string, project: HomedPlace, tree: boolean): Target {
  const ground = groundOf(path, project);
  return {
    path,
    ground,
    tree,
    below: tree ? worktreesBelow(path, project) : [],
    documentOwner: documentOwnerOf(ground, project),
    cycle: cycleAt(ground, project, tree),
    aliasOf: undefined,
  };
}

/** Asked for artifacts alone: elsewhere a cycle makes no difference to who may write. */
function cycleAt(ground: Ground, { home }: HomedPlace, tree: boolean): string | undefined {
  if (ground.kind !== 'worktree') return undefined;
  const { relative, place } = ground;
  const isAsked = artifactAt(relative, true) !== undefined || (tree && mayHoldArtifacts(relative, true));
  return isAsked ? glanceAtCycle(home, place)?.cycle : undefined;
}

function documentOwnerOf(ground: Ground, project: HomedPlace): string | undefined {
  if (ground.kind !== 'worktree') return undefined;
  const document = documentAt(ground.relative, false);
  return document?.kind === 'status' ? workerOfPhaseFolder(project.home, document.phaseFolder) : undefined;
}

/** Root folders of the project's linked worktrees, as git knows them. */
export function linkedRoots(project: { commonDir: string }): { name: string; root: string }[] {
  const folder = join(project.commonDir, 'worktrees');
  const found: { name: string; root: string }[] = [];
  for (const name of listNames(folder).slice(0, WORKTREES_MAX)) {
    try {
      const pointer = readFileSync(join(folder, name, 'gitdir'), 'utf8').trim();
      const root = resolvePath(dirname(pointer), join(folder, name));
      if (root !== undefined) found.push({ name, root });
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }
  return found;
}

function worktreesBelow(path: string, project: HomedPlace): Target['below'] {
  const roots: { name: PlaceName; root: string }[] = linkedRoots(project);
  roots.push({ name: null, root: project.home });
  return roots
    .filter(({ root }) => root !== path && root.startsWith(path.endsWith(sep) ? path : path + sep))
    .map(({ name, root }) => ({ place: name, root, owner: ownerOfPlace(project.home, name) }));
}

/** The guarded file of which an existing file with several names is another name. */
function aliasOf(path: string, project: HomedPlace): Target | undefined {
  let inode: { dev: number; ino: number };
  try {
    const stat = statSync(path);
    if (!stat.isFile() || stat.nlink < 2) return undefined;
    inode = stat;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
  for (const candidate of aliasCandidates(path, project)) {
    if (candidate === path || !isSameFile(candidate, inode)) continue;
    return plainTarget(candidate, project, false);
  }
  return undefined;
}

function isSameFile(path: string, inode: { dev: number; ino: number }): boolean {
  try {
    const stat = statSync(path);
    return stat.ino === inode.ino && stat.dev === inode.dev;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

/** Guarded documents, coord's own files (a bounded number), and the file of the same name in other worktrees. */
function* aliasCandidates(path: string, project: HomedPlace): Generator<string> {
  const { home } = project;
  const roots = [home, ...linkedRoots(project).map(({ root }) => root)];
  const relative = relativeTo(project.root, path);
  for (const root of roots) {
    yield join(root, STATE_FILE);
    yield join(root, DECISIONS_FILE);
    yield join(root, AGENTS_FILE);
    for (const phase of listNames(join(root, PHASES_FOLDER)).slice(0, ALIAS_NAMES_MAX)) {
      yield join(root, statusFileOf(phase));
    }
    for (const folder of ARTIFACT_FOLDERS) yield* filesBelow(join(root, PROGRESS_FOLDER, folder), 1);
    if (relative !== undefined && root !== project.root) yield join(root, relative);
    if (relative !== undefined && root !== project.root) yield join(root, basename(path));
  }
  for (const folder of RUNTIME_FOLDERS) yield* filesBelow(join(home, folder), 4);
}

function* filesBelow(folder: string, depth: number): Generator<string> {
  for (const name of listNames(folder).slice(0, ALIAS_NAMES_MAX)) {
    const path = join(folder, name);
    if (!isFolder(path)) yield path;
    else if (depth > 0) yield* filesBelow(path, depth - 1);
  }
}

export function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

/** True when the project's file system takes `X` and `x` for one name. */
export function isCaseBlind(home: string): boolean {
  return existsSync(join(home, COORDINATION.toUpperCase()));
}
