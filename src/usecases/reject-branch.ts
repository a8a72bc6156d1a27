/**
 * Rejects a branch: the entry says so with all that its worker needs to mend it, and the worker is told. Order: 1 the
 * log, 2 the entry, 3 the message. Killed after 2, the next run does 3. A branch that was cancelled, or that got another
 * tip, while it was looked at is not rejected: what was found is of a commit that nobody wants to land any more.
 */
import { tailOfOutput } from '../domain/merge-verdict.ts';
import { done, type Outcome } from '../domain/problem.ts';
import { type Attempt, type QueueEntry, rejectEntry } from '../domain/queue-entry.ts';
import { isoOf, nowMs } from '../storage/clock.ts';
import { assertHeld, type Held } from '../storage/light/lease.ts';
import { changeEntry, readEntry, withQueue } from '../storage/light/queue-files.ts';
import { writeQueueLog } from '../storage/light/queue-logs.ts';
import type { RunBoard } from './report-run.ts';
import { tellVerdict } from './tell-verdicts.ts';

export interface Rejecting {
  readonly home: string;
  readonly held: Held;
  readonly board: RunBoard;
  readonly triesMax: number;
  /** Of a landing that is carried on: its journal keeps everybody else out. */
  readonly isLanding?: boolean;
}

export interface Grounds extends Pick<Attempt, 'outcome' | 'onto' | 'why' | 'files'> {
  /** What the worker is shown. */
  readonly excerpt: string;
  /** What is kept in full; empty where there is nothing more to read. */
  readonly text: string;
}

const FILES_KEPT = 50;

export function rejectBranch(rejecting: Rejecting, entry: QueueEntry, grounds: Grounds): Outcome<boolean> {
  const { home, held, board, triesMax, isLanding = false } = rejecting;
  const { outcome, onto, why, excerpt, text } = grounds;
  const { id, phase, worker, tip } = entry;
  assertHeld(held);
  const at = isoOf(nowMs());
  const log = text.trim() === '' ? null : writeQueueLog(home, id, at, text);
  const files = grounds.files.slice(0, FILES_KEPT);
  const attempt: Attempt = { at, outcome, tip, onto, why, files, log, excerpt: tailOfOutput(excerpt) };
  const saved = withQueue(home, (queue): Outcome<QueueEntry | undefined> => {
    const now = readEntry(home, id);
    if (now?.state !== 'queued' || now.tip !== tip) return done(undefined);
    assertHeld(held);
    return changeEntry(queue, home, id, (one) => rejectEntry(one, attempt, triesMax), { isLanding });
  });
  if (!saved.done) return saved;
  if (!saved.value) return done(false);
  const { state, tries } = saved.value;
  const told = tellVerdict(home, saved.value, false);
  if (!told.done) return told;
  const branch = { entry: id, phase, worker, outcome, why, files, log, state, tries };
  board.tell({ kind: 'rejected', branch });
  return done(true);
}
