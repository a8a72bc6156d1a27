/**
 * At the end of a turn: the locks of a session or subagent on what it has committed are released. Committed means:
 * clean in `git status`, and a commit since the lock was taken touches it. (Clean alone would release what was locked
 * and is not written yet.)
 */
import { covers, type LockTarget } from '../domain/lock.ts';
import { git } from '../storage/git.ts';
import { type FoundLock, readLock } from '../storage/light/lock-files.ts';
import { lockSpaceOf } from '../storage/light/lock-targets.ts';
import { type ListedLock, listLocks, releaseLocks } from '../storage/light/locks.ts';
import type { HomedPlace } from '../storage/light/place.ts';

/** Asked for one by one; the rest waits for the next turn's end. */
const LOOKED_AT_MAX = 200;

export function releaseCommitted(
  place: HomedPlace,
  session: string,
  agent: string | null,
): readonly LockTarget[] {
  const own = listLocks(place.home).locks.filter(
    (lock) => lock.target.place === place.name && lock.session === session && lock.agent === agent,
  );
  if (own.length === 0) return [];
  const dirty = dirtyPaths(place.root);
  if (!dirty) return [];
  const { caseBlind } = lockSpaceOf(place);
  const done = own
    .filter(({ target }) => !dirty.some((path) => covers(target, path, caseBlind)))
    .slice(0, LOOKED_AT_MAX)
    .filter((lock) => wasCommitted(place.root, lock));
  const epochs = new Map(done.map((lock) => [lock.dir, lock.record.epoch]));
  const isOwn = (holder: FoundLock['record']['holder']) =>
    holder.session === session && holder.agent === agent;
  const isJudged = (lock: FoundLock) => epochs.get(lock.dir) === readLock(lock.dir)?.record.epoch;
  const freed = releaseLocks(place.home, isOwn, isJudged, { dirs: [...epochs.keys()] });
  return 'code' in freed ? [] : freed;
}

/** Untracked files too: a new file that was never added is not committed. */
function dirtyPaths(root: string): string[] | undefined {
  const status = git(root, ['status', '--porcelain', '-z', '--untracked-files=all', '--no-renames']);
  if (!status.ok) return undefined;
  return status.stdout
    .split('\0')
    .filter((entry) => entry.length > 3)
    .map((entry) => entry.slice(3));
}

function wasCommitted(root: string, { target, sinceMs }: ListedLock): boolean {
  const specs = {
    file: `:(literal)${target.path}`,
    tree: `:(literal)${target.path}`,
    glob: `:(glob)${target.path}`,
  };
  const named = target.path === '' ? [] : ['--', specs[target.kind]];
  const log = git(root, ['log', '-1', '--format=%ct', ...named]);
  const committedAtS = Number(log.stdout.trim() || 'NaN');
  // A commit knows its second only.
  return log.ok && committedAtS >= Math.floor(sinceMs / 1_000);
}
