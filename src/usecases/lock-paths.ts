/**
 * Locks and unlocks paths for whoever calls: a session by its id, a terminal by its shell's process. All paths or none.
 */
import type { LockHolding, LockTarget, LockVerdict } from '../domain/lock.ts';
import { LOCK_KINDS, PEN, testMutexOf } from '../domain/lock.ts';
import { done, type Outcome, refuse } from '../domain/problem.ts';
import type { Deadlock } from '../domain/wait-graph.ts';
import { type Caller, findProject } from '../storage/light/caller.ts';
import type { Holder } from '../storage/light/epochs.ts';
import { type FoundLock, inodeFolder, lockFolder, readLock } from '../storage/light/locks/files.ts';
import { instanceOf, isSameInstance, sessionHolder, terminalHolder } from '../storage/light/locks/holders.ts';
import { holdingOf, releaseLocks } from '../storage/light/locks/locks.ts';
import { reservedFolder } from '../storage/light/locks/reserved.ts';
import { lockSpaceOf, readLockTarget } from '../storage/light/locks/targets.ts';
import { waitForLocks } from '../storage/light/locks/waiting.ts';
import type { HomedPlace } from '../storage/light/place.ts';

export interface LockCaller {
  readonly caller: Caller;
  readonly cwd: string;
  /** The subagent that calls, where the guard has left word of it; null for the session itself. */
  readonly agent: string | null;
}

export interface PathsLocked {
  readonly taken: boolean;
  readonly verdicts: readonly LockVerdict[];
  readonly deadlock: Deadlock | undefined;
  readonly waitedMs: number;
}

/** Locks all the paths, within so many milliseconds, or none. */
export function lockPaths(who: LockCaller, words: readonly string[], waitMs: number): Outcome<PathsLocked> {
  const found = readTargets(who, words);
  if (!found.done) return found;
  const { place, targets } = found.value;
  const me = { holder: holderOf(who), name: who.caller.name };
  const outcome = waitForLocks(lockSpaceOf(place), me, targets, waitMs);
  if ('code' in outcome) return refuse({ code: 'mutex-timeout', name: outcome.name });
  const { taken, verdicts, waitedMs } = outcome;
  return done({ taken, verdicts, waitedMs, deadlock: outcome.deadlock });
}

export interface UnlockVerdict {
  readonly path: string;
  /** `free`: nobody has a lock of just that path. */
  readonly verdict: 'unlocked' | 'free' | 'held';
  readonly by?: LockHolding;
}

/** Releases the caller's own locks on these paths, whatever each was locked as; another's lock stays. */
export function unlockPaths(who: LockCaller, words: readonly string[]): Outcome<UnlockVerdict[]> {
  const found = readTargets(who, words);
  if (!found.done) return found;
  const { place, targets } = found.value;
  const space = lockSpaceOf(place);
  const me = holderOf(who);
  const verdicts: UnlockVerdict[] = [];
  for (const { path, inode } of targets) {
    const dirs = LOCK_KINDS.map((kind) => lockFolder(space, kind, path));
    if (inode !== undefined) dirs.push(inodeFolder(place.home, inode));
    const freed = releaseLocks(
      place.home,
      (holder) => isSameInstance(holder, me),
      () => true,
      { dirs },
    );
    if ('code' in freed) return refuse({ code: 'mutex-timeout', name: freed.name });
    const other = dirs.map(readLock).find((lock) => lock !== undefined);
    if (freed.length > 0) verdicts.push({ path, verdict: 'unlocked' });
    else if (other) verdicts.push({ path, verdict: 'held', by: holdingOf(other) });
    else verdicts.push({ path, verdict: 'free' });
  }
  return done(verdicts);
}

/** Releases the pen, or the test mutex of any command of the caller's. */
export function unlockReserved(who: LockCaller, what: 'pen' | 'tests'): Outcome<LockTarget[]> {
  const { home, place } = who.caller;
  const target = what === 'pen' ? PEN : testMutexOf(place);
  const me = instanceOf(holderOf(who));
  const dirs = [reservedFolder(home, target)];
  const freed = releaseLocks(home, (holder) => instanceOf(holder) === me, isAny, { dirs });
  return 'code' in freed ? refuse({ code: 'mutex-timeout', name: freed.name }) : done([...freed]);
}

/** Releases all that the caller has, but for what its commands run under. */
export function unlockAll(who: LockCaller): Outcome<LockTarget[]> {
  const me = holderOf(who);
  const freed = releaseLocks(who.caller.home, (holder) => isSameInstance(holder, me), isAny);
  return 'code' in freed ? refuse({ code: 'mutex-timeout', name: freed.name }) : done([...freed]);
}

const isAny = (_: FoundLock) => true;

function holderOf({ caller, agent }: LockCaller): Holder {
  return caller.session === null ? terminalHolder() : sessionHolder(caller.home, caller.session, agent);
}

function readTargets(
  { caller, cwd }: LockCaller,
  words: readonly string[],
): Outcome<{ place: HomedPlace; targets: LockTarget[] }> {
  const project = findProject(caller.root);
  if (!project.done) return project;
  const targets = new Map<string, LockTarget>();
  for (const word of words) {
    const target = readLockTarget(project.value, word, cwd);
    if ('code' in target) return refuse(target);
    targets.set(`${target.kind} ${target.path}`, target);
  }
  return done({ place: project.value, targets: [...targets.values()] });
}
