/** Shows and acknowledges what waits for the caller. */
import { COORDINATOR } from '../domain/identifiers.ts';
import type { Envelope } from '../domain/message.ts';
import { done, type Outcome, refuse } from '../domain/problem.ts';
import { byUrgency, sortByMark } from '../domain/urgency.ts';
import { acknowledge } from '../storage/light/acknowledging.ts';
import { markAnswers } from '../storage/light/blocker-twin.ts';
import type { Caller } from '../storage/light/caller.ts';
import { raiseMessage } from '../storage/light/dead-letters.ts';
import { findMessage, listWaiting, readWaiting } from '../storage/light/mailbox.ts';

const LISTED_MAX = 1_000;

/** The boxes that a caller reads: the operator's terminal stands where the coordinator does, and reads both. */
export function boxesOf(caller: Caller): string[] {
  return caller.kind === 'operator' ? [COORDINATOR, caller.name] : [caller.name];
}

export interface Inbox {
  readonly messages: readonly Envelope[];
  /** Waiting files that are no message: `coord doctor` names them. */
  readonly unreadable: readonly string[];
  /** Messages beyond the thousand most urgent ones. */
  readonly more: number;
}

export function readInbox(caller: Caller): Inbox {
  const messages: Envelope[] = [];
  const unreadable: string[] = [];
  let more = 0;
  for (const agent of boxesOf(caller)) {
    const ids = listWaiting(caller.home, agent);
    more += Math.max(0, ids.length - LISTED_MAX);
    const { marked, unmarked } = sortByMark(ids);
    for (const id of [...unmarked, ...marked].slice(0, LISTED_MAX)) {
      const envelope = readWaiting(caller.home, agent, id);
      if (envelope === 'unreadable') unreadable.push(`${agent}/${id}`);
      else if (envelope) messages.push(envelope);
    }
  }
  return { messages: messages.sort(byUrgency), unreadable, more };
}

export function readMessage(caller: Caller, id: string): Outcome<Envelope> {
  for (const agent of boxesOf(caller)) {
    const envelope = findMessage(caller.home, agent, id);
    if (envelope) return done(envelope);
  }
  return refuse({ code: 'message-unknown', id, agent: caller.name });
}

/** Acknowledges by hand; all ids must be the caller's, or none is acknowledged. Twice is the same as once. */
export function acknowledgeMessages(
  caller: Caller,
  ids: readonly string[],
  nowMs: number,
): Outcome<string[]> {
  const boxes = boxesOf(caller);
  const envelopes: Envelope[] = [];
  for (const id of ids) {
    const found = boxes
      .map((agent) => findMessage(caller.home, agent, id))
      .find((envelope) => envelope !== undefined);
    if (!found) return refuse({ code: 'message-unknown', id, agent: caller.name });
    envelopes.push(found);
  }
  markAnswers(caller.home, caller.name, envelopes);
  for (const envelope of envelopes) {
    raiseMessage(caller.home, envelope.to, envelope.id);
    acknowledge(caller.home, envelope.id, { by: envelope.to, session: caller.session, atMs: nowMs });
  }
  return done(envelopes.map((envelope) => envelope.id));
}
