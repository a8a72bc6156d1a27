/**
 * Gives a phase to another session, with its context: each plan under way is marked with why it was left and where to
 * read of it, and the session that had it is told to stop. Whoever takes the seat next starts from there.
 *
 * Order: 1 STATUS.md, through coord as every change of it, 2 the message, whose id is made from the moment of 1.
 */

import { leaveHandoff } from '../domain/follow-up.ts';
import { COORDINATOR } from '../domain/identifiers.ts';
import { done, type Outcome, refuse } from '../domain/problem.ts';
import { phaseOrRefusal } from '../domain/state-document.ts';
import { envelopeAt } from '../domain/urgency.ts';
import { isoOf, nowMs } from '../storage/clock.ts';
import { readState } from '../storage/document-kinds.ts';
import { changeStatus } from '../storage/documents.ts';
import { noteAct } from '../storage/light/journal.ts';
import { readPlaceRecord, readWorkerRecord } from '../storage/light/roster.ts';
import { readSeat } from '../storage/light/seat.ts';
import { sendEnvelope } from '../storage/light/sending.ts';
import { handoffFrom, transcriptOf } from './leave-handoff.ts';

export interface Reassigned {
  readonly phase: string;
  readonly worker: string;
  readonly worktree: string;
  /** The plans that were marked. */
  readonly plans: readonly string[];
  /** The session that had it, where one had. */
  readonly session: string | null;
}

export function reassignPhase(home: string, id: string, reason: string): Outcome<Reassigned> {
  const loaded = readState(home);
  if (!loaded.done) return loaded;
  const phase = phaseOrRefusal(loaded.value.document, id);
  if ('code' in phase) return refuse(phase);
  const worker = readWorkerRecord(home, phase.worker);
  const record = worker ? readPlaceRecord(home, worker.place) : undefined;
  if (phase.state !== 'active' || !worker || !record)
    return refuse({ code: 'phase-not-active', phase: phase.id, state: phase.state });
  const { place, worktree, folder } = worker;
  const session = readSeat(home, place)?.session ?? null;
  const ward = { home, root: worktree, record };
  const atMs = nowMs();
  const left = {
    at: isoOf(atMs),
    reason: `given to another session: ${reason}`,
    session,
    transcript: transcriptOf({ home, session, place }),
  };
  const changed = changeStatus<string[], never>({ home, root: worktree, folder }, (document) => {
    const under = document.plans.filter((plan) => plan.state === 'in_progress');
    const marked = under.reduce(
      (next, plan) => leaveHandoff(next, plan.id, handoffFrom(ward, plan, left, place)),
      document,
    );
    return { done: true, document: marked, value: under.map((plan) => plan.id) };
  });
  if (!changed.done) return changed;
  const draft = {
    to: phase.worker,
    type: 'directive',
    content: `Phase ${phase.id} is given to another session: ${reason}. Commit what you have, write nothing more, and stop.`,
    references: [phase.id],
    metadata: { phase: phase.id },
  };
  sendEnvelope(home, envelopeAt(draft, { tail: `${phase.id}.reassigned`, from: COORDINATOR, atMs }));
  noteAct(home, { act: 'reassigned', phase: phase.id, session, reason }, atMs);
  return done({ phase: phase.id, worker: phase.worker, worktree, plans: changed.value.value, session });
}
