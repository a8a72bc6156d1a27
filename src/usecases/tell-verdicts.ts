/**
 * Tells a worker what became of its branch, once: the entry says that it is untold, the message's id follows from the
 * entry, and only when it is sent the entry says that it is told. A kill in between sends the same message again, which
 * arrives once.
 */
import { followUpOf, verdictOf } from '../domain/merge-verdict.ts';
import { done, type Outcome } from '../domain/problem.ts';
import { type QueueEntry, toldEntry } from '../domain/queue-entry.ts';
import { findPhase } from '../domain/state-document.ts';
import { readState } from '../storage/document-kinds.ts';
import { assertHeld, type Held } from '../storage/light/lease.ts';
import { openBoxes } from '../storage/light/mail-files.ts';
import { changeEntry, listEntries, withQueue } from '../storage/light/queue-files.ts';
import { sendEnvelope } from '../storage/light/sending.ts';

export function tellVerdict(home: string, entry: QueueEntry, isClosed: boolean): Outcome<QueueEntry> {
  const attempt = entry.history.at(-1);
  if (!entry.untold || !attempt) return done(entry);
  const facts = { entry, attempt, isClosed, home };
  openBoxes(home, entry.worker);
  sendEnvelope(home, verdictOf(facts));
  if (entry.state === 'needs_followup') sendEnvelope(home, followUpOf(facts));
  return withQueue(home, (queue) => changeEntry(queue, home, entry.id, toldEntry, { isLanding: true }));
}

/** Those that a killed run saved and did not tell; what lands is told by who carries the landing on. */
export function tellUntold(home: string, held: Held): Outcome<number> {
  const untold = listEntries(home).entries.filter((entry) => entry.untold);
  if (untold.length === 0) return done(0);
  const state = readState(home);
  for (const entry of untold) {
    assertHeld(held);
    const phase = state.done ? findPhase(state.value.document, entry.phase) : undefined;
    const told = tellVerdict(home, entry, phase?.state === 'done');
    if (!told.done) return told;
  }
  return done(untold.length);
}
