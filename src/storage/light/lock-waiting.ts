/**
 * Waits, for a bounded time, until locks can be taken: an edge of the wait graph while it lasts, none afterwards. Ends
 * early when the waits around it have closed a circle of which it is the youngest.
 */
import type { LockTarget } from '../../domain/lock.ts';
import type { LockSpace } from './lock-files.ts';
import { type LockSeams, REAL_SEAMS } from './lock-holders.ts';
import type { LockTaker } from './lock-leases.ts';
import { dropWait, newWaiting } from './lock-waits.ts';
import { type LocksTaken, type TakeLocksOptions, takeLocks } from './locks.ts';
import type { MutexTimeout } from './mutex.ts';
import { markOf } from './process.ts';

const SLEEP_MIN_MS = 10;
const SLEEP_MAX_MS = 200;
const sleeper = new Int32Array(new SharedArrayBuffer(4));

export type LocksWaited = LocksTaken & { readonly waitedMs: number };

/** Takes all within so many milliseconds, or nothing. With `isInterested`, the last look leaves word. */
export function waitForLocks(
  space: LockSpace,
  me: LockTaker,
  targets: readonly LockTarget[],
  waitMs: number,
  options: Pick<TakeLocksOptions, 'isInterested' | 'isTrial'> & { readonly seams?: LockSeams } = {},
): LocksWaited | MutexTimeout {
  const seams = options.seams ?? REAL_SEAMS;
  const startedAt = monotonicMs();
  const sinceMs = seams.now();
  const waiting = waitMs > 0 ? newWaiting(markOf(process.pid), sinceMs, sinceMs + waitMs) : undefined;
  try {
    for (let sleepMs = SLEEP_MIN_MS; ; sleepMs = Math.min(sleepMs * 2, SLEEP_MAX_MS)) {
      const leftMs = waitMs - (monotonicMs() - startedAt);
      const isLast = leftMs <= 0;
      const { isInterested = false, isTrial = false } = options;
      const asked = { seams, isTrial, isInterested: isInterested && isLast };
      const outcome = takeLocks(space, me, targets, waiting && !isLast ? { ...asked, waiting } : asked);
      if ('code' in outcome) return outcome;
      const waitedMs = monotonicMs() - startedAt;
      if (outcome.taken || isLast) return { ...outcome, waitedMs };
      if (outcome.deadlock) {
        // Refused at once, and still told when it is free.
        if (isInterested) takeLocks(space, me, targets, { ...asked, isTrial: true, isInterested });
        return { ...outcome, waitedMs };
      }
      Atomics.wait(sleeper, 0, 0, Math.min(sleepMs * (0.5 + Math.random()), leftMs));
    }
  } finally {
    if (waiting) dropWait(space.home, waiting);
  }
}

/** A clock that nobody sets, and that stands still while a laptop sleeps. */
function monotonicMs(): number {
  return Number(process.hrtime.bigint() / 1_000_000n);
}
