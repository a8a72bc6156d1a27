/**
 * The writes of locks.ts under the mutex `locks`: which leases a taking links, in what order, and how one that was
 * killed is undone.
 *
 * Order of writes of a taking: 1 `locks-taking.json` names the leases about to be linked, and the taking (left out for
 * a single one, which is atomic by itself); 2 the leases, sorted by folder; 3 the note goes. Killed in between, the
 * next one who enters the mutex finds the note and releases what that taking linked: nobody was told of it. A release:
 * first the lease on the inode, then the one on the path, then the folders. Killed in between, the path is still held.
 * Not durable: a loss of power takes the holders with it.
 */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type LockNote, type LockTarget, printLockNote } from '../../../domain/lock.ts';
import type { Holder } from '../epochs.ts';
import { makeFolder, removeIfThere } from '../files.ts';
import { assertHeld, findHeld, type Held, releaseLease, takeLease } from '../lease.ts';
import { type MutexTimeout, withMutex } from '../mutex.ts';
import { readRecord, writeRecord } from '../roster.ts';
import { LOCKS_MUTEX, revokeAnnounced } from './announcements.ts';
import {
  type FoundLock,
  inodeFolder,
  isUnreadable,
  type LockSpace,
  leasesFolder,
  lockFolder,
  readLock,
  removeLockFolder,
} from './files.ts';
import { isSameInstance, type LockSeams } from './holders.ts';
import type { LockTaker } from './taker.ts';

/** What a taking is about to link; there only while one is under way, or was killed. */
interface TakingNote {
  readonly taking: string;
  readonly dirs: readonly string[];
}

/** Runs the body under the mutex, when all that is announced is forbidden and what a killed taking left is undone. */
export function enterLocks<T>(home: string, seams: LockSeams, body: (held: Held) => T): T | MutexTimeout {
  const outcome = withMutex(
    leasesFolder(home),
    LOCKS_MUTEX,
    (held) => {
      revokeAnnounced(home);
      recoverTaking(home);
      return body(held);
    },
    seams.mutexMs === undefined ? {} : { waitMs: seams.mutexMs },
  );
  return outcome.done ? outcome.value : outcome.problem;
}

/** Links the leases of targets that nobody else keeps from this instance: all, or none when a call fails. */
export function linkLocks(
  mutex: Held,
  space: LockSpace,
  me: LockTaker,
  wanted: readonly { readonly target: LockTarget; readonly own: FoundLock | undefined }[],
  seams: LockSeams,
): void {
  const taking = newTaking();
  const notes = new Map<string, LockNote>();
  for (const { target, own } of wanted) {
    if (own && !hasLostProcess(own, me.holder, seams)) continue;
    // Moves to the process that this session has now, whatever it was that covers the target.
    const lock = own?.note.target ?? target;
    notes.set(own?.dir ?? lockFolder(space, lock.kind, lock.path), {
      target: lock,
      name: me.name,
      taking,
      isAlias: false,
      errand: me.errand,
    });
    if (lock.inode !== undefined)
      notes.set(inodeFolder(space.home, lock.inode), { target: lock, name: me.name, taking, isAlias: true });
  }
  const dirs = [...notes.keys()].sort();
  // Of who stood still so long that the mutex was lost (mutex.ts), all looks are old.
  assertHeld(mutex);
  if (dirs.length > 1) writeRecord(takingFile(space.home), { taking, dirs } satisfies TakingNote, false);
  try {
    for (const dir of dirs) linkLock(dir, me.holder, notes.get(dir) as LockNote, seams);
  } catch (error) {
    // A full disk, say. What cannot be undone now, the next one undoes by the note.
    undoTaking({ taking, dirs });
    throw error;
  } finally {
    if (dirs.length > 1) removeIfThere(takingFile(space.home));
  }
}

/** Releases a lock, whoever's: the caller has looked at its holder. False when it had been followed already. */
export function releaseFound(home: string, lock: FoundLock): boolean {
  const { inode } = lock.note.target;
  const alias = inode === undefined || lock.note.isAlias ? undefined : readLock(inodeFolder(home, inode));
  if (alias && isSameInstance(alias.record.holder, lock.record.holder)) releaseOne(alias);
  return releaseOne(lock);
}

export function hasLostProcess({ record }: FoundLock, me: Holder, seams: LockSeams): boolean {
  const { process } = record.holder;
  return process !== null && me.process !== null && seams.livenessOf(process) === 'dead';
}

let counter = 0;

export function newTaking(): string {
  counter += 1;
  return `${process.pid}.${Date.now().toString(36)}.${counter}.${Math.floor(Math.random() * 36 ** 6).toString(36)}`;
}

/** The leases of a taking that was killed on its way; undefined where there is none, or one is under way. */
export function unfinishedTaking(home: string, seams: LockSeams): readonly string[] | undefined {
  const note = existsSync(takingFile(home)) ? readRecord<TakingNote>(takingFile(home)) : undefined;
  const pid = Number(note?.taking.split('.')[0]);
  return note && seams.livenessOf({ pid, started: null }) === 'dead' ? note.dirs : undefined;
}

// --- internal ---

function takingFile(home: string): string {
  return join(leasesFolder(home), 'locks-taking.json');
}

function linkLock(dir: string, holder: Holder, note: LockNote, seams: LockSeams): void {
  if (!existsSync(dir)) makeFolder(dir, { durable: false });
  const taken = takeLease(dir, holder, {
    now: seams.now,
    ttlMs: null,
    note: printLockNote(note),
    // Whoever is dead was released before; under the mutex nobody comes in between.
    judge: () => 'alive',
    durable: false,
    ...(seams.beforeTakeover ? { beforeTakeover: seams.beforeTakeover } : {}),
  });
  if ('code' in taken) throw new Error(`${dir} was taken under the mutex by ${taken.record.holder?.owner}`);
}

function releaseOne(lock: FoundLock): boolean {
  const held = findHeld(lock.dir, lock.record.holder, false);
  const isReleased = held !== undefined && held.epoch === lock.record.epoch && releaseLease(held);
  const left = readLock(lock.dir);
  // A record that nobody can read has expired, or its releaser would not be here.
  if (!left || (isUnreadable(left) && left.record.epoch === lock.record.epoch)) removeLockFolder(lock.dir);
  return isReleased;
}

function recoverTaking(home: string): void {
  if (!existsSync(takingFile(home))) return;
  const note = readRecord<TakingNote>(takingFile(home));
  if (note) undoTaking(note);
  removeIfThere(takingFile(home));
}

/** Under the mutex. What was held before that taking has another one's mark, and stays. */
export function undoTaking({ taking, dirs }: TakingNote): void {
  for (const dir of dirs) {
    const lock = readLock(dir);
    if (lock?.note.taking === taking) releaseOne(lock);
    else if (!lock) removeLockFolder(dir);
  }
}
