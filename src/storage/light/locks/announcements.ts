/**
 * A free file is taken without the mutex `locks`: that is nearly every taking, and the mutex costs twice what the lease
 * does. Everything else (several targets, folders, patterns, files with several names, whatever is or was locked, every
 * release) goes under the mutex, whose owner has the right to forbid what is announced.
 *
 * Order of writes of a taking A, and of a mutex owner M (locks/leases.ts):
 *   A1 announces: the complete lease, as a temporary in `leases/locks-announced/`
 *   A2 looks that the mutex is free, then that no lock covers the file
 *   A3 makes the file's folder, which must not have been there: so no epoch is in it, and none has an old one in mind
 *   A4 links the temporary as epoch 1; a racer's link refuses it
 *   A5 removes the temporary
 *   M1 enters the mutex | M2 removes all that is announced | M3 looks, links, releases | M4 leaves
 *
 * Invariant: if A4 succeeds, it is as if A had been made before M1 or after M4, of each M.
 *   - A1 before M2 lists: M removes the temporary. Before A4: a file without a name cannot be linked, and A is refused.
 *     After A4: M's looks, which come later, find the lease.
 *   - A1 after M2 lists: so A2, later still, finds the mutex held by M, and A is refused; or M has left, and what M has
 *     linked lies there for A2 to see, and what M has released is gone.
 * Neither waits for the other, so one that is stopped or killed holds up nobody. A refused taking goes the way of all
 * others, under the mutex. Killed before A4: a temporary, which the next M removes, and at most an empty folder. After
 * A4: the lock is held by the session, as a kill after any taking leaves it.
 * Doubtful: the temporary was gone at A5. M came between A4 and A5; or the file system has linked what had no name any
 * more, and then A must not stand. So a doubtful taking is undone under the mutex, and made again there.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type LockTarget, printLockNote } from '../../../domain/lock.ts';
import { type LeaseRecord, linkFirst } from '../epochs.ts';
import { isErrno, listNames, makeFolder, removeIfThere } from '../files.ts';
import { isMutexFree } from '../mutex.ts';
import { type LockSpace, leasesFolder, lockFolder, removeFolder } from './files.ts';
import type { LockSeams } from './holders.ts';
import type { LockTaker } from './taker.ts';

/** The mutex under which all other changes of locks are made. */
export const LOCKS_MUTEX = 'locks';

function announcedFolder(home: string): string {
  return join(leasesFolder(home), 'locks-announced');
}

/** M2. */
export function revokeAnnounced(home: string): void {
  const folder = announcedFolder(home);
  for (const name of listNames(folder)) removeIfThere(join(folder, name));
}

/** A1 to A5: takes a file of one name, if nobody has it or could come to have it meanwhile. */
export function takeAnnounced(
  space: LockSpace,
  { holder, name, errand }: LockTaker,
  target: LockTarget,
  taking: string,
  isCovered: () => boolean,
  seams: LockSeams,
): 'made' | 'refused' | 'doubtful' {
  const { home } = space;
  const dir = lockFolder(space, target.kind, target.path);
  const note = printLockNote({ target, name, taking, isAlias: false, errand });
  const record: LeaseRecord = { epoch: 1, holder, takenAt: seams.now(), ttlMs: null, note, from: 'free' };
  const mayLink = () =>
    isMutexFree(leasesFolder(home), LOCKS_MUTEX) && !isCovered() && makeFresh(dir, seams.beforeTakeover);
  const outcome = whereThere(announcedFolder(home), (folder) => linkFirst(dir, record, folder, mayLink));
  if (outcome === 'refused') removeFolder(dir);
  return outcome;
}

// --- internal ---

/** True when this call made the folder. */
function makeFresh(dir: string, beforeTakeover: LockSeams['beforeTakeover']): boolean {
  try {
    whereThere(join(dir, '..'), () => mkdirSync(dir));
  } catch (error) {
    if (isErrno(error, 'EEXIST')) return false;
    throw error;
  }
  beforeTakeover?.();
  return true;
}

/** Runs the body, and again when the folder had to be made for it. */
function whereThere<T>(folder: string, body: (folder: string) => T): T {
  try {
    return body(folder);
  } catch (error) {
    if (!isErrno(error, 'ENOENT')) throw error;
    makeFolder(folder, { durable: false });
    return body(folder);
  }
}
