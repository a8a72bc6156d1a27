/**
 * What stands in the way of a taking: the locks on a target, whose they are, and whether those still live. Only looks,
 * but for `judgeTarget`, which releases what the dead have in the way.
 *
 * Invariant: a look at one lock is right at its moment, with or without the mutex. What several looks say together holds
 * only under it, save what cannot change: while this instance has a lock, nobody else comes to have what it includes.
 */
import { collide, includes, type LockTarget } from '../../../domain/lock.ts';
import type { Holder } from '../epochs.ts';
import {
  type FoundLock,
  foldersAround,
  foldersCovering,
  isUnreadable,
  type LockSpace,
  lockFolder,
  readLock,
} from './files.ts';
import { isSameInstance, type LockSeams, livenessOfLock } from './holders.ts';
import { hasLostProcess, releaseFound } from './leases.ts';
import { noteRecovered } from './recoveries.ts';

/** Whether this instance has what includes the target. Needs no mutex. */
export function isPlainlyMine(space: LockSpace, me: Holder, target: LockTarget, seams: LockSeams): boolean {
  const isMine = (dir: string) => {
    const lock = readLock(dir);
    return (
      lock !== undefined && isStanding(lock, me, seams) && includes(lock.note.target, target, space.caseBlind)
    );
  };
  if (isMine(lockFolder(space, target.kind, target.path))) return true;
  return target.kind === 'file' && foldersCovering(space, target).slice(1).some(isMine);
}

/** This instance's, and seen by others as a live one's: after a resumed session the process on record is gone. */
export function isStanding(lock: FoundLock, me: Holder, seams: LockSeams): boolean {
  return isSameInstance(lock.record.holder, me) && !hasLostProcess(lock, me, seams);
}

export interface Judged {
  readonly target: LockTarget;
  /** A lock of this instance that includes the target. */
  readonly own: FoundLock | undefined;
  readonly others: readonly FoundLock[];
}

/** Whether it is still what it was: by more than the epoch, which begins anew when the folder went in between. */
export function isSameTaking(now: FoundLock | undefined, then: FoundLock): boolean {
  return now?.record.epoch === then.record.epoch && now.note.taking === then.note.taking;
}

/** All locks that collide with the target, whoever has them. */
export function locksOn(space: LockSpace, target: LockTarget): FoundLock[] {
  const dirs = target.kind === 'file' ? foldersCovering(space, target) : foldersAround(space, target);
  return dirs
    .map(readLock)
    .filter((lock) => lock !== undefined)
    .filter((lock) => isUnreadable(lock) || collide(lock.note.target, target, space.caseBlind));
}

/** The locks of other live instances that keep this one from the target. */
export function othersOn(space: LockSpace, me: Holder, target: LockTarget, seams: LockSeams): FoundLock[] {
  return locksOn(space, target).filter(
    (lock) => !isSameInstance(lock.record.holder, me) && livenessOfLock(space.home, lock, seams) !== 'dead',
  );
}

export function lookAt(space: LockSpace, me: Holder, target: LockTarget, seams: LockSeams): Judged {
  const own = locksOn(space, target).find(
    (lock) => isSameInstance(lock.record.holder, me) && includes(lock.note.target, target, space.caseBlind),
  );
  return { target, own, others: othersOn(space, me, target, seams) };
}

/** Under the mutex. */
export function judgeTarget(space: LockSpace, me: Holder, target: LockTarget, seams: LockSeams): Judged {
  const others: FoundLock[] = [];
  let own: FoundLock | undefined;
  for (const lock of locksOn(space, target)) {
    if (isSameInstance(lock.record.holder, me)) {
      if (includes(lock.note.target, target, space.caseBlind)) own ??= lock;
    } else if (livenessOfLock(space.home, lock, seams) === 'dead') {
      releaseFound(space.home, lock);
      noteRecovered(space.home, [lock], seams.now());
    } else others.push(lock);
  }
  return { target, own, others };
}
