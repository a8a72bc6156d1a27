/**
 * Locks, as hooks use them, in a bundle of its own: loaded where a call needs one (shared mode, `sequential`), and
 * anywhere for what ends while there are locks.
 *
 * A call takes the pen, then the test mutex, then the locks on paths; where one of them is refused, what it took of the
 * first two for this very call goes back at once, since the call will not run.
 */
import type { Instance } from '../../domain/delivery.ts';
import { type Errand, type LockTarget, PEN } from '../../domain/lock.ts';
import { type LockSeams, sessionHolder } from '../../storage/light/locks/holders.ts';
import { releaseLocks, tendWaiters } from '../../storage/light/locks/locks.ts';
import { reservedFolder, reservedSpace } from '../../storage/light/locks/reserved.ts';
import type { LockTaker } from '../../storage/light/locks/taker.ts';
import { lockSpaceOf, targetAt } from '../../storage/light/locks/targets.ts';
import { isKin, type LocksWaited, waitForLocks } from '../../storage/light/locks/waiting.ts';
import type { HomedPlace } from '../../storage/light/place.ts';
import { livenessOf, type ProcessMark } from '../../storage/light/process.ts';
import { callHolder, releaseTestMutex, takeTestMutex } from '../../storage/light/test-mutex.ts';
import type { LockRefusal } from '../wording/lock-refusals.ts';

/** Something that a call would write, below the root of the place. */
export interface LockWant {
  /** Absolute, resolved. */
  readonly path: string;
  readonly isTree: boolean;
  /** `take`: held from now on. `look`: nobody else may hold it, and it is not taken. */
  readonly manner: 'take' | 'look';
}

export interface LockCase {
  readonly place: HomedPlace;
  readonly instance: Instance;
  readonly name: string;
  /** The client's process, as it is now. */
  readonly client: ProcessMark | null;
  readonly waitMs: number;
  readonly wants: readonly LockWant[];
  readonly needsPen: boolean;
  /** What it runs under the test mutex. */
  readonly errand: (Errand & { readonly call: string }) | undefined;
}

export interface LocksBundle {
  lockForCall(lock: LockCase): LockRefusal | undefined;
  endLocks(home: string, session: string, agent?: string | null): void;
  tendLocks(home: string): void;
  endTestCall(place: HomedPlace, call: string): void;
}

/** The mutex of the locks must not outlast the hook's own time limit. */
const MUTEX_MS = 8_000;
const SEAMS = { now: Date.now, livenessOf, mutexMs: MUTEX_MS };

/** Takes what is wanted, within the wait; else says who has it, and leaves word that this one wants it. */
export function lockForCall(lock: LockCase): LockRefusal | undefined {
  const { place, instance, name, client } = lock;
  const me = { holder: sessionHolder(place.home, instance.session, instance.agent, client), name };
  const steps = Number(lock.needsPen) + Number(lock.errand !== undefined) + 1;
  const seams = { ...SEAMS, mutexMs: MUTEX_MS / steps };
  const endsAtMs = performance.now() + lock.waitMs;
  const waiting = { me, seams, left: () => Math.max(0, endsAtMs - performance.now()) };
  const pen = lock.needsPen ? takePen(place, waiting) : {};
  if (pen.refusal) return pen.refusal;
  const refusal = (lock.errand && takeMutex(place, lock.errand, waiting)) ?? takePaths(lock, waiting);
  if (!refusal) return undefined;
  if (lock.errand && refusal.code !== 'mutex-held') endTestCall(place, lock.errand.call);
  if (pen.isFresh) giveBackPen(place.home, me);
  return refusal;
}

/** The call is over; so is what it held the test mutex for. */
export function endTestCall(place: HomedPlace, call: string): void {
  releaseTestMutex(place, ({ note }) => note.errand?.call === call, SEAMS);
}

/** Tells whoever waits for what is free by now, also because its holder died. */
export function tendLocks(home: string): void {
  tendWaiters(home);
}

// --- internal ---

interface Waiting {
  readonly me: LockTaker;
  readonly seams: LockSeams;
  /** What is left of the wait, in milliseconds. */
  readonly left: () => number;
}

function takePen(
  { home }: HomedPlace,
  { me, seams, left }: Waiting,
): { readonly refusal?: LockRefusal; readonly isFresh?: boolean } {
  const outcome = waitForLocks(reservedSpace(home, PEN), me, [PEN], left(), { seams, isInterested: true });
  if ('code' in outcome) return { refusal: { code: 'locks-busy' } };
  const { verdicts, waitedMs, deadlock } = outcome;
  const [verdict] = verdicts;
  if (verdict?.verdict !== 'held') return { isFresh: verdict?.verdict === 'locked' };
  const { by } = verdict;
  const refusal = { code: 'pen-held' as const, by, waitedMs, isKin: isKin(me.holder, by) };
  return { refusal: { ...refusal, ...(deadlock ? { deadlock } : {}) } };
}

function giveBackPen(home: string, me: LockTaker): void {
  releaseLocks(
    home,
    ({ owner }) => owner === me.holder.owner,
    () => true,
    { dirs: [reservedFolder(home, PEN)], seams: SEAMS },
  );
}

function takeMutex(
  place: HomedPlace,
  errand: Errand & { readonly call: string },
  { me, seams, left }: Waiting,
): LockRefusal | undefined {
  const taker = { ...me, holder: callHolder(me.holder, errand.call), errand };
  const outcome = takeTestMutex(place, taker, { waitMs: left(), isInterested: true, seams });
  if ('code' in outcome) return { code: 'locks-busy' };
  if (outcome.taken) return undefined;
  const { taken: _, ...held } = outcome;
  return { code: 'mutex-held', command: errand.command, ...held };
}

function takePaths({ place, wants }: LockCase, { me, seams, left }: Waiting): LockRefusal | undefined {
  const space = lockSpaceOf(place);
  for (const manner of ['look', 'take'] as const) {
    const targets = targetsOf(place, wants, manner);
    if (targets.length === 0) continue;
    const options = { seams, isInterested: true, isTrial: manner === 'look' };
    const outcome = waitForLocks(space, me, targets, left(), options);
    if ('code' in outcome) return { code: 'locks-busy' };
    if (!outcome.taken) return refusalOf(me, outcome);
  }
  return undefined;
}

function targetsOf(place: HomedPlace, wants: readonly LockWant[], manner: LockWant['manner']): LockTarget[] {
  const targets = new Map<string, LockTarget>();
  for (const want of wants) {
    const target = want.manner === manner ? targetAt(place, want.path, want.isTree) : undefined;
    if (target) targets.set(`${target.kind} ${target.path}`, target);
  }
  return [...targets.values()];
}

function refusalOf(me: LockTaker, { verdicts, waitedMs, deadlock }: LocksWaited): LockRefusal {
  const held = verdicts.filter((verdict) => verdict.verdict === 'held');
  const [first] = held;
  if (!first) return { code: 'locks-busy' };
  return {
    code: 'lock-held',
    target: first.target,
    by: first.by,
    others: held.slice(1).map(({ target }) => target),
    waitedMs,
    isKin: isKin(me.holder, first.by),
    ...(deadlock ? { deadlock } : {}),
  };
}
