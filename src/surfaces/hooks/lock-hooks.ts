/**
 * Locks, as hooks use them, in a bundle of its own: loaded in shared mode for a write, and anywhere for what ends while
 * there are locks.
 */

import type { Instance } from '../../domain/delivery.ts';
import type { LockTarget } from '../../domain/lock.ts';
import { noteAct } from '../../storage/light/journal.ts';
import { sessionHolder } from '../../storage/light/lock-holders.ts';
import { dropInterests } from '../../storage/light/lock-interests.ts';
import { lockSpaceOf, targetAt } from '../../storage/light/lock-targets.ts';
import { type LocksWaited, waitForLocks } from '../../storage/light/lock-waiting.ts';
import { releaseLocks, tendWaiters } from '../../storage/light/locks.ts';
import type { HomedPlace } from '../../storage/light/place.ts';
import { livenessOf, type ProcessMark } from '../../storage/light/process.ts';
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
}

export interface LocksBundle {
  lockForWrite(lock: LockCase): LockRefusal | undefined;
  endLocks(home: string, session: string, agent?: string | null): void;
  tendLocks(home: string): void;
}

/** The mutex must not outlast the hook's own time limit. */
const MUTEX_MS = 8_000;
const WORTH_NOTING_MS = 20;

/** Takes what is wanted, within the wait; else says who has it, and leaves word that this one wants it. */
export function lockForWrite({
  place,
  instance,
  name,
  client,
  waitMs,
  wants,
}: LockCase): LockRefusal | undefined {
  const space = lockSpaceOf(place);
  const me = { holder: sessionHolder(place.home, instance.session, instance.agent, client), name };
  const seams = { now: Date.now, livenessOf, mutexMs: MUTEX_MS };
  let leftMs = waitMs;
  for (const manner of ['look', 'take'] as const) {
    const targets = targetsOf(place, wants, manner);
    if (targets.length === 0) continue;
    const options = { seams, isInterested: true, isTrial: manner === 'look' };
    const outcome = waitForLocks(space, me, targets, leftMs, options);
    if ('code' in outcome) return { code: 'locks-busy' };
    if (outcome.waitedMs >= WORTH_NOTING_MS) noteWaited(place.home, name, outcome);
    if (!outcome.taken) return refusalOf(outcome);
    leftMs = Math.max(0, leftMs - outcome.waitedMs);
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

function noteWaited(home: string, actor: string, { taken, waitedMs, deadlock }: LocksWaited): void {
  const ended = taken ? 'taken' : deadlock ? 'circle' : 'time-up';
  noteAct(home, { act: 'lock-wait', actor, waited_ms: waitedMs, ended }, Date.now());
}

function refusalOf({ verdicts, waitedMs, deadlock }: LocksWaited): LockRefusal {
  const held = verdicts.filter((verdict) => verdict.verdict === 'held');
  const [first] = held;
  if (!first) return { code: 'locks-busy' };
  const others = held.slice(1).map(({ target }) => target);
  return {
    code: 'lock-held',
    target: first.target,
    by: first.by,
    others,
    waitedMs,
    ...(deadlock ? { deadlock } : {}),
  };
}

/** A session with all its subagents is over, or one subagent (null: the session's subagents alone). */
export function endLocks(home: string, session: string, agent?: string | null): void {
  const isOver = (holder: { session: string | null; agent: string | null }) =>
    holder.session === session &&
    (agent === undefined || (agent === null ? holder.agent !== null : holder.agent === agent));
  dropInterests(home, isOver);
  releaseLocks(home, isOver, () => true, { seams: { now: Date.now, livenessOf, mutexMs: 1_000 } });
}

/** Tells whoever waits for what is free by now, also because its holder died. */
export function tendLocks(home: string): void {
  tendWaiters(home);
}
