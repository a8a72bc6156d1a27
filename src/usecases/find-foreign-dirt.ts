/**
 * Unfinished files of others that a `git add -A` or `git commit -a` of a shared worktree would take along: those that
 * another live holder has locked and that git would stage or commit. One `git status`, and only where others hold locks.
 */

import type { Instance } from '../domain/delivery.ts';
import { covers, type LockHolding } from '../domain/lock.ts';
import { git } from '../storage/git.ts';
import { isSameInstance, sessionHolder } from '../storage/light/locks/holders.ts';
import { listLocks } from '../storage/light/locks/locks.ts';
import { lockSpaceOf } from '../storage/light/locks/targets.ts';
import type { HomedPlace } from '../storage/light/place.ts';
import type { ProcessMark } from '../storage/light/process.ts';
import { relativeTo } from '../storage/light/resolution.ts';

export interface Staged {
  /** Absolute; folders stand for all below them. */
  readonly roots: readonly string[];
  readonly takes: 'all' | 'tracked' | 'index';
}

export interface ForeignDirt {
  readonly path: string;
  readonly by: LockHolding;
}

export function findForeignDirt(
  place: HomedPlace,
  instance: Instance,
  client: ProcessMark | null,
  { roots, takes }: Staged,
): ForeignDirt[] {
  const me = sessionHolder(place.home, instance.session, instance.agent, client);
  const space = lockSpaceOf(place);
  const others = listLocks(place.home).locks.filter(
    (lock) => lock.target.place === place.name && !isSameInstance(lock.record.holder, me),
  );
  if (others.length === 0) return [];
  const found: ForeignDirt[] = [];
  for (const path of dirtyFiles(place.root, roots, takes)) {
    const by = others.find((lock) => covers(lock.target, path, space.caseBlind));
    if (by) found.push({ path, by });
  }
  return found;
}

/** Paths below the root that git would take. */
function dirtyFiles(root: string, roots: readonly string[], takes: Staged['takes']): string[] {
  const specs = roots.map((path) => relativeTo(root, path)).filter((path) => path !== undefined);
  if (specs.length === 0) return [];
  const named = specs.includes('') ? [] : ['--', ...specs.map((path) => `:(literal)${path}`)];
  const untracked = takes === 'all' ? 'all' : 'no';
  const status = git(root, [
    'status',
    '--porcelain',
    '-z',
    `--untracked-files=${untracked}`,
    '--no-renames',
    ...named,
  ]);
  if (!status.ok) return [];
  return status.stdout
    .split('\0')
    .filter((entry) => entry.length > 3 && (takes !== 'index' || !/^[ ?!]/.test(entry)))
    .map((entry) => entry.slice(3));
}
