/**
 * Locks on paths: leases (lease.ts), one folder a key (lock-files.ts), all taken and released under one mutex `locks`,
 * so that a file and the folder around it cannot be granted to two at once. Reading needs no mutex.
 *
 * Invariants:
 *   1 No two live holders have locks that collide (domain/lock).
 *   2 Several paths are taken all or none, also when the taker is killed in between.
 *   3 Who has a lock is asked of its lease alone; nothing else has to agree with it.
 *   4 Release names its owner: what another holds stays, and twice is as once.
 *   5 A waiter's interest is written under the mutex under which the lock was seen held; so the release, which comes
 *     after, sees it, and no wake-up is lost.
 * Order of writes: lock-leases.ts.
 */
import { collide, includes, type LockHolding, type LockTarget, type LockVerdict } from '../../domain/lock.ts';
import type { Deadlock } from '../../domain/wait-graph.ts';
import type { Holder } from './epochs.ts';
import {
  allLockFolders,
  type FoundLock,
  foldersAround,
  foldersCovering,
  isUnreadable,
  type LockSpace,
  lockFolder,
  readLock,
} from './lock-files.ts';
import { isSameInstance, type LockSeams, livenessOfLock, REAL_SEAMS } from './lock-holders.ts';
import { announceFree, dropInterest, isAnyDue, noteInterest } from './lock-interests.ts';
import { enterLocks, hasLostProcess, type LockTaker, linkLocks, releaseFound } from './lock-leases.ts';
import { deadlockOf, noteWait, type Waiting } from './lock-waits.ts';
import type { MutexTimeout } from './mutex.ts';
import type { Liveness } from './process.ts';

export interface TakeLocksOptions {
  readonly seams?: LockSeams;
  /** A wait that is under way: an edge of the wait graph for as long as it is refused. */
  readonly waiting?: Waiting;
  /** Told by a message when what is held now is free. */
  readonly isInterested?: boolean;
  /** Looks whether it could be taken, and takes nothing. */
  readonly isTrial?: boolean;
}

export interface LocksTaken {
  /** False: nothing was taken. */
  readonly taken: boolean;
  readonly verdicts: readonly LockVerdict[];
  /** A closed circle of waiters, of which this one is the youngest. */
  readonly deadlock?: Deadlock;
}

/** Takes all, or nothing and says who has what. Never waits for a holder. */
export function takeLocks(
  space: LockSpace,
  me: LockTaker,
  targets: readonly LockTarget[],
  options: TakeLocksOptions = {},
): LocksTaken | MutexTimeout {
  const seams = options.seams ?? REAL_SEAMS;
  if (targets.every((target) => isPlainlyMine(space, me.holder, target, seams)))
    return { taken: true, verdicts: targets.map((target) => ({ target, verdict: 'yours' })) };
  return enterLocks(space.home, seams, () => take(space, me, targets, options, seams));
}

/** Releases, of those this instance holds, the ones that are picked. Answers what is free by it. */
export function releaseLocks(
  home: string,
  isOwn: (holder: Holder) => boolean,
  picks: (lock: FoundLock) => boolean,
  options: { readonly dirs?: readonly string[]; readonly seams?: LockSeams } = {},
): readonly LockTarget[] | MutexTimeout {
  const seams = options.seams ?? REAL_SEAMS;
  const find = () =>
    (options.dirs ?? allLockFolders(home))
      .map(readLock)
      .filter((lock): lock is FoundLock => lock !== undefined && isOwn(lock.record.holder) && picks(lock));
  if (find().length === 0) return [];
  return enterLocks(home, seams, () => {
    const locks = find();
    for (const lock of locks) releaseFound(home, lock);
    const freed = locks.filter((lock) => !lock.note.isAlias).map((lock) => lock.note.target);
    announceFree(home, freed, othersOn, seams);
    return freed;
  });
}

export interface ListedLock extends LockHolding {
  readonly liveness: Liveness;
  readonly dir: string;
  readonly record: FoundLock['record'];
}

/** All locks of live holders, of all worktrees; those of dead ones are released on the way. */
export function listLocks(
  home: string,
  seams: LockSeams = REAL_SEAMS,
): { locks: ListedLock[]; recovered: LockTarget[] } {
  const locks: ListedLock[] = [];
  const dead: FoundLock[] = [];
  for (const dir of allLockFolders(home)) {
    const lock = readLock(dir);
    if (!lock) continue;
    const liveness = livenessOfLock(home, lock, seams);
    if (liveness === 'dead') dead.push(lock);
    else if (!lock.note.isAlias) locks.push({ ...holdingOf(lock), liveness, dir, record: lock.record });
  }
  return { locks: locks.sort(byPath), recovered: recoverDead(home, dead, seams) };
}

function byPath(a: ListedLock, b: ListedLock): number {
  const [x, y] = [`${a.target.place ?? ''}:${a.target.path}`, `${b.target.place ?? ''}:${b.target.path}`];
  return x < y ? -1 : x > y ? 1 : 0;
}

function recoverDead(home: string, dead: readonly FoundLock[], seams: LockSeams): LockTarget[] {
  if (dead.length === 0) return [];
  const outcome = enterLocks(home, seams, () => {
    // As it was judged, or not at all: meanwhile somebody may have followed.
    const still = dead.filter((lock) => readLock(lock.dir)?.record.epoch === lock.record.epoch);
    for (const lock of still) releaseFound(home, lock);
    const freed = still.filter((lock) => !lock.note.isAlias).map((lock) => lock.note.target);
    announceFree(home, freed, othersOn, seams);
    return freed;
  });
  return 'code' in outcome ? [] : outcome;
}

/** Tells those who wait for what is free by now: its holder died, or was killed before it could tell. */
export function tendWaiters(home: string, seams: LockSeams = REAL_SEAMS): void {
  if (!isAnyDue(home, othersOn, seams)) return;
  enterLocks(home, seams, () => announceFree(home, undefined, othersOn, seams));
}

export function holdingOf({ note, record }: FoundLock): LockHolding {
  const { session, agent } = record.holder;
  return { target: note.target, holder: note.name, session, agent, sinceMs: record.takenAt };
}

// --- internal ---

/** One look, without the mutex: while this instance has the very path, nobody else can come to have it. */
function isPlainlyMine(space: LockSpace, me: Holder, target: LockTarget, seams: LockSeams): boolean {
  if (target.inode !== undefined) return false;
  const lock = readLock(lockFolder(space, target.kind, target.path));
  return lock !== undefined && isStanding(lock, me, seams);
}

/** This instance's, and seen by others as a live one's: after a resumed session the process on record is gone. */
function isStanding(lock: FoundLock, me: Holder, seams: LockSeams): boolean {
  return isSameInstance(lock.record.holder, me) && !hasLostProcess(lock, me, seams);
}

interface Judged {
  readonly target: LockTarget;
  /** A lock of this instance that includes the target. */
  readonly own: FoundLock | undefined;
  readonly others: readonly FoundLock[];
}

function locksOn(space: LockSpace, target: LockTarget): FoundLock[] {
  const dirs = target.kind === 'file' ? foldersCovering(space, target) : foldersAround(space, target);
  return dirs
    .map(readLock)
    .filter((lock) => lock !== undefined)
    .filter((lock) => isUnreadable(lock) || collide(lock.note.target, target, space.caseBlind));
}

/** The locks of other live instances that keep this one from the target. */
function othersOn(space: LockSpace, me: Holder, target: LockTarget, seams: LockSeams): FoundLock[] {
  return locksOn(space, target).filter(
    (lock) => !isSameInstance(lock.record.holder, me) && livenessOfLock(space.home, lock, seams) !== 'dead',
  );
}

function judge(space: LockSpace, me: Holder, target: LockTarget, seams: LockSeams): Judged {
  const others: FoundLock[] = [];
  let own: FoundLock | undefined;
  for (const lock of locksOn(space, target)) {
    if (isSameInstance(lock.record.holder, me)) {
      if (includes(lock.note.target, target, space.caseBlind)) own ??= lock;
    } else if (livenessOfLock(space.home, lock, seams) === 'dead') releaseFound(space.home, lock);
    else others.push(lock);
  }
  return { target, own, others };
}

function take(
  space: LockSpace,
  me: LockTaker,
  targets: readonly LockTarget[],
  options: TakeLocksOptions,
  seams: LockSeams,
): LocksTaken {
  const judged = targets.map((target) => judge(space, me.holder, target, seams));
  if (judged.some(({ others }) => others.length > 0)) return refused(space, me, judged, options, seams);
  const verdicts = judged.map(({ target, own }): LockVerdict => {
    return { target, verdict: own && isStanding(own, me.holder, seams) ? 'yours' : 'locked' };
  });
  if (options.isTrial) return { taken: true, verdicts };
  linkLocks(space, me, judged, seams);
  for (const target of targets) dropInterest(space, me.holder, target);
  return { taken: true, verdicts };
}

function refused(
  space: LockSpace,
  me: LockTaker,
  judged: readonly Judged[],
  { waiting, isInterested }: TakeLocksOptions,
  seams: LockSeams,
): LocksTaken {
  const verdicts = judged.map(({ target, others: [other], own }): LockVerdict => {
    if (other) return { target, verdict: 'held', by: holdingOf(other) };
    return { target, verdict: own ? 'yours' : 'free' };
  });
  const held = judged.filter(({ others }) => others.length > 0);
  if (isInterested) for (const { target } of held) noteInterest(space, me, target, seams.now());
  if (!waiting) return { taken: false, verdicts };
  noteWait(
    space,
    me,
    held.map(({ target }) => target),
    waiting,
  );
  const deadlock = deadlockOf(space.home, me.holder, othersOn, seams);
  const isYoungest = deadlock?.youngest.waiter === me.holder.owner;
  return { taken: false, verdicts, ...(deadlock && isYoungest ? { deadlock } : {}) };
}
