/**
 * The mutex around documents: milliseconds, one read-modify-write, dies with its process. Never called a
 * lock.
 *
 * It is a lease whose holder is one acquisition of one process, without heartbeat and not durable: after a
 * loss of power its holder is dead anyway, and a record that the loss emptied expires (epochs.ts).
 * States and order of writes are the lease's. A kill inside the body leaves the lease with a dead process,
 * and the next one takes it at once; what the body had half done is the body's matter (write whole files,
 * check the revision).
 *
 * Invariants:
 *   - The body runs at most once, and only while this acquisition holds; its error is its own, rethrown as it
 *     came. (An error of the body, taken for a lock error, once ran a body 101 times.)
 *   - A live process is never robbed where its start is known. Elsewhere (no /proc) a holder counts as gone
 *     after UNKNOWN_TTL_MS, far beyond what a synchronous read-modify-write takes.
 *   - The wait is bounded; it sleeps with jitter, without burning a core.
 *   - Entering a mutex again inside its own body is a bug and throws, by whatever spelling of the path: the
 *     record on top says that this very module instance has it. A thread is another instance and waits.
 *   - A release that failed (a full disk) is no error of the body. The record stays until this process ends,
 *     or until this process enters again, which knows its own leftovers and takes over at once.
 */
import { join } from 'node:path';
import { leaseName } from '../../domain/names.ts';
import { isErrno } from './files.ts';
import { type Held, type Holder, type LeaseRecord, readLease, releaseLease, takeLease } from './lease.ts';
import { type Liveness, livenessOf, markOf } from './process.ts';

export interface MutexTimeout {
  code: 'mutex-timeout';
  name: string;
  waitedMs: number;
  heldBy: Holder | null;
}

/** Wrapped, so that a body may return what it likes, refusals of its own included. */
export type MutexOutcome<T> = { done: true; value: T } | { done: false; problem: MutexTimeout };

const WAIT_MS = 20_000;
const UNKNOWN_TTL_MS = 60_000;
const SLEEP_MIN_MS = 1;
const SLEEP_MAX_MS = 16;

/**
 * Runs the body while nobody else of that name is in. `dir` is where leases live; the name may be any text.
 */
export function withMutex<T>(
  dir: string,
  name: string,
  body: (held: Held) => T,
  options: { waitMs?: number } = {},
): MutexOutcome<T> {
  const taken = enter(join(dir, leaseName(name)), name, options.waitMs ?? WAIT_MS);
  if ('code' in taken) return { done: false, problem: taken };
  const session = taken.holder.session ?? '';
  inside.add(session);
  try {
    const value = body(taken);
    if (isThenable(value))
      throw new Error('the body of a mutex is synchronous: a promise would run on outside');
    return { done: true, value };
  } finally {
    inside.delete(session);
    leave(taken);
  }
}

/**
 * Whether nobody is in at one moment of this look. Enough for who has made himself seen before (locks/announcements.ts):
 * whoever enters later finds what he left.
 */
export function isMutexFree(dir: string, name: string): boolean {
  return !readLease(join(dir, leaseName(name)))?.holder;
}

// --- internal ---

/** This instance of the module: another thread, or another bundle in the same process, is somebody else. */
const instance = Math.random().toString(36).slice(2);
const inside = new Set<string>();
const sleeper = new Int32Array(new SharedArrayBuffer(4));
let entered = 0;

function enter(dir: string, name: string, waitMs: number): Held | MutexTimeout {
  entered += 1;
  const session = `${instance}.${entered}`;
  const holder: Holder = {
    owner: `process ${process.pid}`,
    session,
    agent: null,
    process: markOf(process.pid),
  };
  const judge = (record: LeaseRecord) => livenessOfMutex(record, name);
  const startedAt = monotonicMs();
  for (let sleepMs = SLEEP_MIN_MS; ; sleepMs = Math.min(sleepMs * 2, SLEEP_MAX_MS)) {
    const taken = takeLease(dir, holder, { now: Date.now, ttlMs: UNKNOWN_TTL_MS, judge, durable: false });
    if (!('code' in taken)) return taken;
    const waitedMs = monotonicMs() - startedAt;
    if (waitedMs >= waitMs) return { code: 'mutex-timeout', name, waitedMs, heldBy: taken.record.holder };
    Atomics.wait(sleeper, 0, 0, Math.min(sleepMs * (0.5 + Math.random()), waitMs - waitedMs));
  }
}

/** A clock that nobody sets. (`performance.now` would load its module: 0.7 ms of every short process.) */
function monotonicMs(): number {
  return Number(process.hrtime.bigint() / 1_000_000n);
}

function livenessOfMutex(record: LeaseRecord, name: string): Liveness {
  const session = record.holder?.session ?? '';
  if (inside.has(session))
    throw new Error(`the mutex ${JSON.stringify(name)} is entered inside its own body`);
  if (session.startsWith(`${instance}.`)) return 'dead';
  return record.holder?.process ? livenessOf(record.holder.process) : 'unknown';
}

function leave(held: Held): void {
  try {
    releaseLease(held);
  } catch (error) {
    // The disk is full or gone: see the header. The body's own outcome stands.
    if (!isErrno(error, 'ENOSPC', 'EDQUOT', 'EFBIG', 'EROFS', 'EIO', 'EMFILE', 'ENFILE', 'EACCES'))
      throw error;
  }
}

function isThenable(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
