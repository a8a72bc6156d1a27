/**
 * What a try for locks leaves to `coord health`: its counts, and for one that had to wait a line in the log of acts,
 * with whom and what it waited for. A try for what its caller has already is none; most writes are of that kind, and
 * they leave nothing.
 *
 * How long a wait took is known at its end. One that ended in the call itself ends there; one that was refused and left
 * word goes on, until its caller gets the lock by another try or is told that it is free. Who gives up leaves no length.
 */
import { type LockTarget, type LockVerdict, reservedAs, targetName } from '../../../domain/lock.ts';
import { count } from '../counters.ts';
import { noteAct } from '../journal.ts';
import { takeHolderChecks } from './holders.ts';
import type { LocksTaken } from './taker.ts';

const PATHS_NOTED_MAX = 5;

export interface LockTry {
  readonly actor: string;
  /** The first look, where it did not get all. */
  readonly refused: LocksTaken | undefined;
  readonly ended: LocksTaken;
  readonly waitedMs: number;
  /** When an earlier try was refused, of which word is still left. */
  readonly sinceMs: number | undefined;
  /** Word is left of this one, where it is refused. */
  readonly isInterested: boolean;
}

export function noteTry(home: string, tried: LockTry, nowMs: number): void {
  const { actor, refused, ended, waitedMs, sinceMs, isInterested } = tried;
  count(home, 'holder_checks', takeHolderChecks(), nowMs);
  if (ended.verdicts.every(({ verdict }) => verdict === 'yours')) return;
  const kind = kindOf(ended.verdicts.map(({ target }) => target));
  const wholeMs = sinceMs === undefined ? waitedMs : Math.max(waitedMs, nowMs - sinceMs);
  const isOver = ended.taken || !isInterested;
  if (kind !== 'pen') {
    count(home, `${kind}_tries`, 1, nowMs);
    if (refused) count(home, `${kind}_waits`, 1, nowMs);
    if (isOver && (refused || sinceMs !== undefined)) count(home, `${kind}_wait_ms`, wholeMs, nowMs);
  }
  if (!refused) return;
  const held = refused.verdicts.filter(isHeld);
  const paths = held.slice(0, PATHS_NOTED_MAX).map(({ target }) => targetName(target));
  const holders = [...new Set(held.map(({ by }) => by.holder))].slice(0, PATHS_NOTED_MAX);
  const waited = { waited_ms: waitedMs, ended: endOf(ended), paths, holders };
  noteAct(home, { act: `${kind}-wait`, actor, ...waited }, nowMs);
}

/** Whoever was refused is told that it is free: so long it took. */
export function noteFreed(
  home: string,
  { name: actor, target, sinceMs }: { name: string; target: LockTarget; sinceMs: number },
  freedAtMs: number,
): void {
  const kind = kindOf([target]);
  const waited_ms = Math.max(0, freedAtMs - sinceMs);
  if (kind !== 'pen') count(home, `${kind}_wait_ms`, waited_ms, freedAtMs);
  noteAct(home, { act: `${kind}-freed`, actor, waited_ms, paths: [targetName(target)] }, freedAtMs);
}

/** The pen is waited for by design: it counts for no trigger. */
function kindOf(targets: readonly LockTarget[]): 'lock' | 'mutex' | 'pen' {
  const reserved = new Set(targets.map(reservedAs));
  if (reserved.has('tests')) return 'mutex';
  return reserved.has('pen') ? 'pen' : 'lock';
}

function isHeld(verdict: LockVerdict): verdict is Extract<LockVerdict, { verdict: 'held' }> {
  return verdict.verdict === 'held';
}

function endOf({ taken, deadlock }: LocksTaken): 'taken' | 'circle' | 'refused' {
  return taken ? 'taken' : deadlock ? 'circle' : 'refused';
}
