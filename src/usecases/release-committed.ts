/**
 * At the end of a turn: the locks of a session or subagent on what it has committed are released. Committed means:
 * clean in `git status`, and a commit since the lock was taken touches it. (Clean alone would release what was locked
 * and is not written yet.)
 */
import { covers, isInside, type LockTarget, PEN } from '../domain/lock.ts';
import { documentAt } from '../domain/project-paths.ts';
import { git } from '../storage/git.ts';
import { knownChanges } from '../storage/light/journal.ts';
import { type FoundLock, readLock } from '../storage/light/locks/files.ts';
import { type ListedLock, listLocks, releaseLocks } from '../storage/light/locks/locks.ts';
import { mayBeHeld, reservedFolder } from '../storage/light/locks/reserved.ts';
import { lockSpaceOf } from '../storage/light/locks/targets.ts';
import type { HomedPlace } from '../storage/light/place.ts';
import { relativeTo } from '../storage/light/resolution.ts';

/** Asked for one by one; the rest waits for the next turn's end. */
const LOOKED_AT_MAX = 200;
/** The write for which the pen is taken is noted with the time at which its hook began, and that may have waited. */
const HOOK_MS = 60_000;

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

/**
 * The pen of a session or subagent (`sequential`) is free at the end of a turn that leaves nothing unfinished: none of
 * the paths that it is known to have written since it took the pen is dirty. What was dirty before is not its own.
 */
export function releasePen(place: HomedPlace, session: string, agent: string | null): boolean {
  const lock = mayBeHeld(place.home, PEN) ? readLock(reservedFolder(place.home, PEN)) : undefined;
  const { holder, takenAt } = lock?.record ?? {};
  if (!lock || holder?.session !== session || holder.agent !== agent) return false;
  const dirty = dirtyPaths(place.root);
  if (!dirty) return false;
  const own = knownChanges(place.home, place.name, (takenAt ?? 0) - HOOK_MS).filter(
    (change) => change.session === session,
  );
  const written = own
    .flatMap(({ paths }) => paths.map((path) => relativeTo(place.root, path)))
    .filter((path) => path !== undefined);
  // What has one writer by its document's rule is written without the pen.
  const isUnfinished = (path: string) =>
    documentAt(path, false) === undefined && written.some((root) => isInside(root, path));
  if (dirty.some(isUnfinished)) return false;
  const { epoch } = lock.record;
  const isJudged = ({ record }: FoundLock) => record.epoch === epoch && record.takenAt === takenAt;
  const freed = releaseLocks(place.home, (one) => one.session === session && one.agent === agent, isJudged, {
    dirs: [lock.dir],
  });
  return !('code' in freed) && freed.length > 0;
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
