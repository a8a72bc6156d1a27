/**
 * Waits, for a bounded time, until locks can be taken: an edge of the wait graph while it lasts, none afterwards. Ends
 * early when the waits around it have closed a circle of which it is the youngest, and where it would be vain: a
 * subagent's wait for its own session's main thread, which goes on when the subagent has ended, and the reverse.
 */

import { type LockTarget, reservedAs } from '../../../domain/lock.ts';
import type { Holder } from '../epochs.ts';
import type { MutexTimeout } from '../mutex.ts';
import { markOf } from '../process.ts';
import type { LockSpace } from './files.ts';
import { type LockSeams, REAL_SEAMS } from './holders.ts';
import { interestSince } from './interests.ts';
import { type TakeLocksOptions, takeLocks } from './locks.ts';
import type { LocksTaken, LockTaker } from './taker.ts';
import { noteTry } from './tries.ts';
import { dropWait, newWaiting } from './waits.ts';

const SLEEP_MIN_MS = 10;
const SLEEP_MAX_MS = 200;
const sleeper = new Int32Array(new SharedArrayBuffer(4));

export type LocksWaited = LocksTaken & { readonly waitedMs: number };

type WaitOptions = Pick<TakeLocksOptions, 'isInterested' | 'isTrial'> & {
  readonly seams?: LockSeams;
  /** Asked at each look that was refused: true ends the wait at once. */
  readonly isVain?: (refused: LocksTaken) => boolean;
};

/** Takes all within so many milliseconds, or nothing. With `isInterested`, the last look leaves word. */
export function waitForLocks(
  space: LockSpace,
  me: LockTaker,
  targets: readonly LockTarget[],
  waitMs: number,
  options: WaitOptions = {},
): LocksWaited | MutexTimeout {
  const seams = options.seams ?? REAL_SEAMS;
  const startedAt = monotonicMs();
  const sinceMs = seams.now();
  const waiting = waitMs > 0 ? newWaiting(markOf(process.pid), sinceMs, sinceMs + waitMs) : undefined;
  const wantedSinceMs = interestSince(space, me.holder, targets);
  let refused: LocksTaken | undefined;
  const end = (ended: LocksTaken): LocksWaited => {
    const waitedMs = monotonicMs() - startedAt;
    const isInterested = options.isInterested === true;
    const tried = { actor: me.name, refused, ended, waitedMs, sinceMs: wantedSinceMs, isInterested };
    noteTry(space.home, tried, seams.now());
    return { ...ended, waitedMs };
  };
  try {
    for (let sleepMs = SLEEP_MIN_MS; ; sleepMs = Math.min(sleepMs * 2, SLEEP_MAX_MS)) {
      const leftMs = waitMs - (monotonicMs() - startedAt);
      const isLast = leftMs <= 0;
      const { isInterested = false, isTrial = false } = options;
      const asked = { seams, isTrial, isInterested: isInterested && isLast };
      const outcome = takeLocks(space, me, targets, waiting && !isLast ? { ...asked, waiting } : asked);
      if ('code' in outcome) return outcome;
      if (!outcome.taken) refused ??= outcome;
      if (outcome.taken || isLast) return end(outcome);
      if (outcome.deadlock || isHeldByKin(me, outcome) || options.isVain?.(outcome)) {
        // The last look, which may find it free by now; else it is refused at once, and still told when it is free.
        const last = takeLocks(space, me, targets, { seams, isTrial, isInterested });
        if ('code' in last) return last;
        return end(last.taken ? last : outcome);
      }
      Atomics.wait(sleeper, 0, 0, Math.min(sleepMs * (0.5 + Math.random()), leftMs));
    }
  } finally {
    if (waiting) dropWait(space.home, waiting);
  }
}

/** What runs under the test mutex ends by itself, whoever waits. */
function isHeldByKin({ holder }: LockTaker, { verdicts }: LocksTaken): boolean {
  return verdicts.some(
    (verdict) =>
      verdict.verdict === 'held' && reservedAs(verdict.target) !== 'tests' && isKin(holder, verdict.by),
  );
}

/** The main thread of a session and a subagent of it. */
export function isKin(
  one: Pick<Holder, 'session' | 'agent'>,
  other: Pick<Holder, 'session' | 'agent'>,
): boolean {
  if (one.session === null || one.session !== other.session || one.agent === other.agent) return false;
  return one.agent === null || other.agent === null;
}

/** A clock that nobody sets, and that stands still while a laptop sleeps. */
function monotonicMs(): number {
  return Number(process.hrtime.bigint() / 1_000_000n);
}
