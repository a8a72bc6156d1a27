/**
 * Locks on paths: leases (lease.ts), one folder a key (locks/files.ts), taken and released under one mutex `locks`, so
 * that a file and the folder around it cannot be granted to two at once; a free file alone without it
 * (locks/announcements.ts). Reading needs no mutex.
 *
 * Invariants:
 *   1 No two live holders have locks that collide (domain/lock).
 *   2 Several paths are taken all or none, also when the taker is killed in between.
 *   3 Who has a lock is asked of its lease alone; nothing else has to agree with it.
 *   4 Release names its owner: what another holds stays, and twice is as once.
 *   5 A waiter's interest is written under the mutex under which the lock was seen held; so the release, which comes
 *     after, sees it, and no wake-up is lost.
 * Order of writes: locks/leases.ts, locks/announcements.ts.
 */

import { existsSync } from 'node:fs';
import type { LockHolding, LockTarget, LockVerdict } from '../../../domain/lock.ts';
import type { Holder } from '../epochs.ts';
import type { Held } from '../lease.ts';
import type { MutexTimeout } from '../mutex.ts';
import type { Liveness } from '../process.ts';
import { takeAnnounced } from './announcements.ts';
import {
  allLockFolders,
  type FoundLock,
  type LockSpace,
  lockFolder,
  readLock,
  removeLockFolder,
} from './files.ts';
import { instanceOf, type LockSeams, livenessOfLock, REAL_SEAMS } from './holders.ts';
import { announceFree, dropInterest, hasInterest, isAnyDue, noteInterest } from './interests.ts';
import { enterLocks, linkLocks, newTaking, releaseFound, undoTaking } from './leases.ts';
import {
  isPlainlyMine,
  isSameTaking,
  isStanding,
  type Judged,
  judgeTarget,
  locksOn,
  lookAt,
  othersOn,
} from './looks.ts';
import { noteRecovered } from './recoveries.ts';
import type { LocksTaken, LockTaker } from './taker.ts';
import { deadlockOf, isNoted, noteWait, type Waiting } from './waits.ts';

export interface TakeLocksOptions {
  readonly seams?: LockSeams;
  /** A wait that is under way: an edge of the wait graph for as long as it is refused. */
  readonly waiting?: Waiting;
  /** Told by a message when what is held now is free. */
  readonly isInterested?: boolean;
  /** Looks whether it could be taken, and takes nothing. */
  readonly isTrial?: boolean;
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
  const still = options.isInterested ? undefined : stillRefused(space, me, targets, options.waiting, seams);
  if (still) return still;
  const announced = options.isTrial ? undefined : announce(space, me, targets, seams);
  if (announced?.outcome === 'made') return announced.taken;
  return enterLocks(space.home, seams, (held) => {
    if (announced?.outcome === 'doubtful') undoTaking(announced);
    const outcome = take(held, space, me, targets, { ...options, seams });
    // Whoever met the doubtful one was refused for it.
    if (announced?.outcome === 'doubtful' && !outcome.taken)
      announceFree(space.home, targets, othersOn, seams);
    return outcome;
  });
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
  return enterLocks(home, seams, () => releaseAndTell(home, find(), seams));
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
  const free: string[] = [];
  for (const dir of allLockFolders(home)) {
    const lock = readLock(dir);
    if (!lock) {
      free.push(dir);
      continue;
    }
    const liveness = livenessOfLock(home, lock, seams);
    if (liveness === 'dead') dead.push(lock);
    else if (!lock.note.isAlias) locks.push({ ...holdingOf(lock), liveness, dir, record: lock.record });
  }
  return { locks: locks.sort(byPath), recovered: recoverDead(home, dead, free, seams) };
}

function byPath(a: ListedLock, b: ListedLock): number {
  const [x, y] = [a, b].map(({ target }) => `${target.place ?? ''}:${target.path}`) as [string, string];
  return x < y ? -1 : x > y ? 1 : 0;
}

function recoverDead(
  home: string,
  dead: readonly FoundLock[],
  free: readonly string[],
  seams: LockSeams,
): LockTarget[] {
  if (dead.length + free.length === 0) return [];
  const outcome = enterLocks(home, seams, () => {
    // As it was judged, or not at all: meanwhile somebody may have followed, or its own session, resumed.
    const still = dead.filter((lock) => isSameTaking(readLock(lock.dir), lock));
    noteRecovered(home, still, seams.now());
    // What a kill left of a free one.
    for (const dir of free) if (!readLock(dir)) removeLockFolder(dir);
    return releaseAndTell(home, still, seams);
  });
  return 'code' in outcome ? [] : outcome;
}

/** Under the mutex. Answers what is free by it. */
function releaseAndTell(home: string, locks: readonly FoundLock[], seams: LockSeams): LockTarget[] {
  for (const lock of locks) releaseFound(home, lock);
  const freed = locks.filter((lock) => !lock.note.isAlias).map((lock) => lock.note.target);
  announceFree(home, freed, othersOn, seams);
  return freed;
}

/** Tells those who wait for what is free by now: its holder died, or was killed before it could tell. */
export function tendWaiters(home: string, seams: LockSeams = REAL_SEAMS): void {
  if (!isAnyDue(home, othersOn, seams)) return;
  enterLocks(home, seams, () => announceFree(home, undefined, othersOn, seams));
}

export function holdingOf({ note, record }: FoundLock): LockHolding {
  const { session, agent } = record.holder;
  const command = note.errand === undefined ? {} : { command: note.errand.command };
  return { target: note.target, holder: note.name, session, agent, sinceMs: record.takenAt, ...command };
}

// --- internal ---

/** The taking that needs no mutex; undefined where it is not even tried. */
function announce(space: LockSpace, me: LockTaker, targets: readonly LockTarget[], seams: LockSeams) {
  const [target] = targets;
  if (targets.length !== 1 || target?.kind !== 'file' || target.inode !== undefined) return undefined;
  const dir = lockFolder(space, target.kind, target.path);
  // Held, and the mutex's matter; or told of by a message, which only its owner may call off.
  if (existsSync(dir) || hasInterest(space, me.holder, target)) return undefined;
  const taking = newTaking();
  const isCovered = () => locksOn(space, target).length > 0;
  const outcome = takeAnnounced(space, me, target, taking, isCovered, seams);
  const taken: LocksTaken = { taken: true, verdicts: [{ target, verdict: 'locked' }] };
  return { outcome, taking, dirs: [dir], taken };
}

function take(
  mutex: Held,
  space: LockSpace,
  me: LockTaker,
  targets: readonly LockTarget[],
  options: TakeLocksOptions & { readonly seams: LockSeams },
): LocksTaken {
  const { seams } = options;
  const judged = targets.map((target) => judgeTarget(space, me.holder, target, seams));
  if (judged.some(({ others }) => others.length > 0)) return refused(space, me, judged, options);
  const verdicts = judged.map(({ target, own }): LockVerdict => {
    return { target, verdict: own && isStanding(own, me.holder, seams) ? 'yours' : 'locked' };
  });
  if (options.isTrial) return { taken: true, verdicts };
  linkLocks(mutex, space, me, judged, seams);
  for (const target of targets) dropInterest(space, me.holder, target);
  return { taken: true, verdicts };
}

/**
 * A further look of a wait whose edge stands: where nothing has changed it needs no mutex, or a crowd that waits would
 * keep from it whoever could release. Undefined: there is something to take, or a circle to judge.
 */
function stillRefused(
  space: LockSpace,
  me: LockTaker,
  targets: readonly LockTarget[],
  waiting: Waiting | undefined,
  seams: LockSeams,
): LocksTaken | undefined {
  if (!waiting || !isNoted(space.home, waiting)) return undefined;
  const looks = targets.map((target) => lookAt(space, me.holder, target, seams));
  if (looks.every(({ others }) => others.length === 0)) return undefined;
  const deadlock = deadlockOf(space.home, me.holder, othersOn, seams);
  if (deadlock?.youngest.waiter === instanceOf(me.holder)) return undefined;
  return { taken: false, verdicts: looks.map(verdictOf) };
}

function verdictOf({ target, others: [other], own }: Judged): LockVerdict {
  if (other) return { target, verdict: 'held', by: holdingOf(other) };
  return { target, verdict: own ? 'yours' : 'free' };
}

function refused(
  space: LockSpace,
  me: LockTaker,
  judged: readonly Judged[],
  { waiting, isInterested, seams }: TakeLocksOptions & { readonly seams: LockSeams },
): LocksTaken {
  const verdicts = judged.map(verdictOf);
  const held = judged.filter(({ others }) => others.length > 0);
  if (isInterested) for (const { target } of held) noteInterest(space, me, target, seams.now());
  if (!waiting) return { taken: false, verdicts };
  // All that it wants: what is free now may be another's by the time of a further look.
  const wanted = judged.map(({ target }) => target);
  noteWait(space, me, wanted, waiting);
  const deadlock = deadlockOf(space.home, me.holder, othersOn, seams);
  const isYoungest = deadlock?.youngest.waiter === instanceOf(me.holder);
  return { taken: false, verdicts, ...(deadlock && isYoungest ? { deadlock } : {}) };
}
