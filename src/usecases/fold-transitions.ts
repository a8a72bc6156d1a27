/**
 * Folds the transitions that wait in the coordinator's inbox into STATE.md. Folding is safe to repeat, so the order
 * is: STATE.md first, and the messages stay in the inbox until the coordinator's session acknowledged them. One that is
 * acknowledged before it was folded waits for that in `roster/unfolded/`.
 */

import { foldTransition, transitionIn } from '../domain/folding.ts';
import { COORDINATOR } from '../domain/identifiers.ts';
import type { Envelope } from '../domain/message.ts';
import { done, type Outcome } from '../domain/problem.ts';
import type { StateDocument } from '../domain/state-document.ts';
import { mayBeTransition } from '../domain/urgency.ts';
import { changeState } from '../storage/documents.ts';
import { forgetUnfolded, listWaiting, readUnfolded, readWaiting } from '../storage/light/mailbox.ts';
import { withTests } from './change-agenda.ts';

/** Waiting files read at most in one fold; the rest follows at the next hook. */
const FOLDED_MAX = 2_000;

/** Transitions that wait for the coordinator, or were acknowledged before anybody folded them; oldest first. */
export function waitingTransitions(home: string): Envelope[] {
  const found = readUnfolded(home, FOLDED_MAX).filter((envelope) => transitionIn(envelope));
  const ids = listWaiting(home, COORDINATOR).filter(mayBeTransition);
  for (const id of ids.slice(0, FOLDED_MAX)) {
    const envelope = readWaiting(home, COORDINATOR, id);
    if (envelope !== undefined && envelope !== 'unreadable' && transitionIn(envelope)) found.push(envelope);
  }
  return found.sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}

/** The state as it will be once all that waits is folded. */
export function foldAll(state: StateDocument, envelopes: readonly Envelope[]): StateDocument {
  const folded = envelopes.reduce(foldTransition, state);
  return JSON.stringify(folded) === JSON.stringify(state) ? state : folded;
}

/** Folds what waits into STATE.md. Only for the coordinator and the operator. */
export function foldTransitions(home: string): Outcome<{ state: StateDocument; changed: boolean }> {
  const envelopes = waitingTransitions(home);
  const outcome = changeState<boolean, never>(home, (state) => {
    const folded = foldAll(state, envelopes);
    const next = folded === state ? state : withTests(home, folded);
    return { done: true as const, document: next, value: next !== state };
  });
  if (!outcome.done) return outcome;
  forgetUnfolded(
    home,
    envelopes.map((envelope) => envelope.id),
  );
  return done({ state: outcome.value.document, changed: outcome.value.value });
}
