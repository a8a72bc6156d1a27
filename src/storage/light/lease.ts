/**
 * The lease: an owner, an epoch, an expiry. Locks, the test mutex, the coordinator's seat, the merge queue's
 * turn and the mutex around documents are leases.
 *
 * States, read from the top of the folder (epochs.ts): free (no epoch), held, released. Every change adds the
 * next number with link(), which lets one racer win; nothing is ever changed or unlinked at the top.
 * Unlinking a dead holder's file and creating a new one gave 46 to 148 double holders in 200 rounds, and
 * stat-rmdir-mkdir 79.
 *
 * Invariants:
 *   1 The holder is whoever the top names. Hence there is one, at every moment, for every reader.
 *   2 A record at n is a judgement on n-1: n is linked only by one who saw n-1 on top and found it free to
 *     take; and a link that the listing afterwards shows on top was made on the true top.
 *   3 A holder that is known to live is never robbed, however old its heartbeat; a dead one is followed at
 *     once; an unknown one after its own ttl of silence. Only a person's order (`force`) goes past that.
 *   4 A proof (`Held`) is worth what its last check was worth: the epoch is the fencing token, checked again
 *     before a commit, a landing, a save. Who was followed sees it at the next check, and is refused.
 *   5 Release names the epoch that it ends: a second or a late one finds a higher top and does nothing.
 *
 * Order of writes of a take: tmp, link of n+1, listing (did it land on top?), clearing below n, listing again
 * (a listing need not be atomic: btrfs ends it where the folder ended at opendir). Killed before the link: a
 * leftover tmp. After it: held by a dead holder, taken over at once. A racer stopped before its link links
 * its number late: into EEXIST, or into a cleared gap, and then the listing shows a higher top and it has
 * lost. A release is one link; killed before it, the lease is still held, by one who is dead.
 *
 * An instance is owner + session + agent. It may take again what it has (its hooks are many short processes)
 * and gets the same epoch; when the process on record is dead, as after a resumed session, the lease moves to
 * a new epoch with the new process, or everybody else would rightly call its holder dead.
 */
import {
  beat,
  clearBelow,
  type Holder,
  heardOf,
  type LeaseRecord,
  linkEpoch,
  type Origin,
  readTop,
  type Top,
  topOf,
} from './epochs.ts';
import { isErrno, listNames, makeFolder } from './files.ts';
import { type Liveness, livenessOf } from './process.ts';

export type { Holder, LeaseRecord } from './epochs.ts';

declare const proof: unique symbol;

/** The proof of holding. Only this file makes one: a signature that asks for it cannot be called without. */
export interface Held {
  readonly dir: string;
  readonly epoch: number;
  readonly holder: Holder;
  readonly [proof]: true;
}

export interface LeaseHeld {
  code: 'lease-held';
  /** Its holder is null only when so many racers came and went that the looks ran out on a released one. */
  record: LeaseRecord;
  heardAt: number;
}

export interface TakeOptions {
  now: () => number;
  ttlMs: number | null;
  note?: string;
  /** Whether the holder lives; asked only of a readable, unreleased record of another instance. */
  judge: (record: LeaseRecord, heartbeatMs: number) => Liveness;
  /** A handover that a person ordered: takes it from whoever has it. */
  force?: boolean;
  /** Default true. False for what dies with its process: a loss of power takes its holder with it. */
  durable?: boolean;
  /** Test seam: called right before the link. */
  beforeTakeover?: () => void;
}

/** What a proof rests on; also what tells a real one from a forged one. */
const grants = new WeakMap<Held, { record: LeaseRecord; now: () => number; durable: boolean }>();

const LOOKS_MAX = 32;

/** The top record: who has it, or that it was released; undefined when nobody ever took it. */
export function readLease(dir: string): LeaseRecord | undefined {
  return readTop(dir)?.record;
}

/** Takes the lease, or says who has it. Never waits. */
export function takeLease(dir: string, holder: Holder, options: TakeOptions): Held | LeaseHeld {
  let last: LeaseHeld | undefined;
  for (let look = 0; look < LOOKS_MAX; look += 1) {
    const top = readTop(dir);
    const heardAt = top?.record.holder ? heardOf(dir, top, options.now()) : 0;
    if (top) last = { code: 'lease-held', record: top.record, heardAt };
    const ruling = rulingOn(top, heardAt, holder, options);
    if (top && ruling === 'held') return { code: 'lease-held', record: top.record, heardAt };
    if (top && ruling === 'mine') {
      const held = proofOf(dir, top.record, options);
      if (renewLease(held, options.now())) return held;
    } else if (ruling !== 'held' && ruling !== 'mine') {
      const held = claim(dir, top, holder, ruling, options);
      if (held) return held;
    }
  }
  // So many racers were first that it is simply held. Without any top, the folder keeps vanishing under us.
  if (last) return last;
  throw new Error(`${dir}: the lease could not be taken in ${LOOKS_MAX} looks`);
}

/** The proof for what this instance already has; takes nothing. What `unlock` needs. `durable`: its release. */
export function findHeld(dir: string, holder: Holder, durable = true): Held | undefined {
  const top = readTop(dir);
  if (!top?.isReadable || !top.record.holder || !sameInstance(top.record.holder, holder)) return undefined;
  return proofOf(dir, top.record, { now: Date.now, durable });
}

/** The fencing check: the top epoch is still the one of this proof. */
export function holdsLease(held: Held): boolean {
  const top = readTop(held.dir);
  return top?.isReadable === true && isGrant(top.record, grantOf(held).record);
}

/** Throws when the lease was lost: for writers in the middle of something, where there is no way to go on. */
export function assertHeld(held: Held): void {
  if (holdsLease(held)) return;
  throw Object.assign(new Error(`${held.dir}: epoch ${held.epoch} is no longer held`), {
    code: 'lease-lost',
  });
}

/** A heartbeat; false when the lease was lost. Touching a lost epoch is harmless: nobody reads it. */
export function renewLease(held: Held, now: number): boolean {
  return beat(held.dir, held.epoch, now) && holdsLease(held);
}

/** Ends this epoch and no other; true when this call did it. */
export function releaseLease(held: Held): boolean {
  if (!holdsLease(held)) return false;
  const { now, durable } = grantOf(held);
  const epoch = held.epoch + 1;
  const note = `released by ${held.holder.owner}`;
  const record: LeaseRecord = { epoch, holder: null, takenAt: now(), ttlMs: null, note, from: 'released' };
  try {
    if (!linkEpoch(held.dir, record, durable)) return false;
  } catch (error) {
    // Somebody removed the whole folder meanwhile; so nobody holds anything here.
    if (isErrno(error, 'ENOENT')) return false;
    throw error;
  }
  clearBelow(held.dir, listNames(held.dir), held.epoch, now());
  return true;
}

/** Gives back what a process holds that has died, as it would have done itself; anything else stays as it is. */
export function releaseDead(dir: string): void {
  const top = readTop(dir);
  const process = top?.isReadable ? top.record.holder?.process : undefined;
  // Of this very epoch: the same session may have taken it anew, from another process.
  if (top && process && livenessOf(process) === 'dead')
    releaseLease(proofOf(dir, top.record, { now: Date.now, durable: true }));
}

export function sameInstance(a: Holder, b: Holder): boolean {
  return a.owner === b.owner && a.session === b.session && a.agent === b.agent;
}

// --- internal ---

type Ruling = Origin | 'mine' | 'held';

/** Whether the next epoch may follow this top, and on what ground. */
function rulingOn(top: Top | undefined, heardAt: number, holder: Holder, options: TakeOptions): Ruling {
  if (!top) return 'free';
  const current = top.record.holder;
  if (!current) return 'released';
  if (top.isReadable && sameInstance(current, holder)) {
    const isGone =
      holder.process !== null && current.process !== null && livenessOf(current.process) === 'dead';
    return isGone ? 'dead' : 'mine';
  }
  if (options.force) return 'handover';
  const liveness = top.isReadable ? options.judge(top.record, heardAt) : 'unknown';
  if (liveness === 'dead') return 'dead';
  if (liveness === 'alive' || top.record.ttlMs === null) return 'held';
  return options.now() - heardAt > top.record.ttlMs ? 'expired' : 'held';
}

/** Links the next epoch; undefined when the world moved meanwhile and must be looked at again. */
function claim(
  dir: string,
  top: Top | undefined,
  holder: Holder,
  from: Origin,
  options: TakeOptions,
): Held | undefined {
  // A holder that was heard while it was being judged is not silent.
  if (top && from === 'expired' && readTop(dir)?.heardAt !== top.heardAt) return undefined;
  options.beforeTakeover?.();
  const takenAt = options.now();
  const epoch = (top?.epoch ?? 0) + 1;
  const record: LeaseRecord = {
    epoch,
    holder,
    takenAt,
    ttlMs: options.ttlMs,
    note: options.note ?? null,
    from,
  };
  try {
    if (!linkEpoch(dir, record, options.durable ?? true)) return undefined;
  } catch (error) {
    // The folder is missing: not made yet, or removed by somebody. The looks are counted, so nothing spins.
    if (!isErrno(error, 'ENOENT')) throw error;
    makeFolder(dir, { durable: options.durable ?? true });
    return undefined;
  }
  const names = listNames(dir);
  if (topOf(names) !== epoch) return undefined;
  clearBelow(dir, names, epoch - 1, takenAt);
  return topOf(listNames(dir)) === epoch ? proofOf(dir, record, options) : undefined;
}

function proofOf(dir: string, record: LeaseRecord, options: Pick<TakeOptions, 'now' | 'durable'>): Held {
  if (!record.holder) throw new Error('a released epoch proves nothing');
  const held = Object.freeze({ dir, epoch: record.epoch, holder: record.holder }) as Held;
  grants.set(held, { record, now: options.now, durable: options.durable ?? true });
  return held;
}

function grantOf(held: Held): { record: LeaseRecord; now: () => number; durable: boolean } {
  const grant = grants.get(held);
  if (!grant) throw new Error('this proof of holding was not made by takeLease');
  return grant;
}

/** The time too: a folder that was removed and made anew counts from 1 again. */
function isGrant(record: LeaseRecord, mine: LeaseRecord): boolean {
  if (!record.holder || !mine.holder) return false;
  return (
    record.epoch === mine.epoch && record.takenAt === mine.takenAt && sameInstance(record.holder, mine.holder)
  );
}
