/**
 * Sends a message: who it is from is derived from the caller, who it is to must exist and still read its mail. To
 * everybody means one message each, sent all or none. A reply names a message that its sender took part in, and is of
 * the same thread.
 */
import { COORDINATOR, EVERYBODY, OPERATOR, workerOf } from '../domain/identifiers.ts';
import { type Draft, type Envelope, judgeDraft } from '../domain/message.ts';
import { judgeMetadata } from '../domain/metadata.ts';
import { done, type MailProblem, type Outcome, refuse } from '../domain/problem.ts';
import { envelopeAt } from '../domain/urgency.ts';
import type { Caller } from '../storage/light/caller.ts';
import { listDead } from '../storage/light/dead-letters.ts';
import { findMessage, findSent, listUnacknowledged } from '../storage/light/mailbox.ts';
import { listPeers, readPeer } from '../storage/light/peers.ts';
import { listWorkers, readWorkerRecord } from '../storage/light/roster.ts';
import { newTail, sendTogether } from '../storage/light/sending.ts';
import { boxesOf } from './read-inbox.ts';

/** The receiver that a name means: an agent's name, or a phase's id for its worker. */
export function resolveRecipient(home: string, to: string): Outcome<string, MailProblem> {
  if (to === COORDINATOR || to === OPERATOR || readPeer(home, to)) return done(to);
  const record = readWorkerRecord(home, to) ?? readWorkerRecord(home, workerOf(to));
  if (!record) {
    const workers = listWorkers(home).map((worker) => worker.worker);
    const known = [COORDINATOR, OPERATOR, EVERYBODY, ...workers, ...listPeers(home).map((peer) => peer.name)];
    return refuse({ code: 'recipient-unknown', to, known });
  }
  if (record.state === 'ended')
    return refuse({ code: 'recipient-ended', to: record.worker, phase: record.phase });
  return done(record.worker);
}

export interface Outgoing extends Draft {
  /** The message that this one answers. */
  readonly replyTo?: string | undefined;
}

/** One envelope for each receiver. */
export function sendMessage(caller: Caller, outgoing: Outgoing, nowMs: number): Outcome<readonly Envelope[]> {
  if (caller.kind === 'guest') return refuse({ code: 'not-joined', root: caller.root });
  const { replyTo, ...plain } = outgoing;
  const flaw = judgeDraft(plain);
  if (flaw) return refuse(flaw);
  const draft = replyTo === undefined ? done<Draft>(plain) : replyOf(caller, plain, replyTo);
  if (!draft.done) return draft;
  const receivers = receiversOf(caller, draft.value.to);
  if (!receivers.done) return receivers;
  const full = receivers.value.map((to) => withVerdict(caller.home, { ...draft.value, to }));
  const bad = full.map((one) => judgeMetadata(one)).find((one) => one !== undefined);
  if (bad) return refuse(bad);
  const tail = newTail();
  const isBroadcast = draft.value.to === EVERYBODY;
  const envelopes = full.map((one, at) => {
    const metadata = isBroadcast ? { ...one.metadata, broadcast: tail } : one.metadata;
    const own = { tail: isBroadcast ? `${tail}.${at + 1}` : tail, from: caller.name, atMs: nowMs };
    return envelopeAt({ ...one, metadata }, own);
  });
  sendTogether(caller.home, caller.name, envelopes);
  return done(envelopes);
}

/**
 * A verdict says accept or reject, and of what. Where its sender leaves that to the text, the first word says the one,
 * and what the receiver last reported as complete is the other.
 */
function withVerdict(home: string, draft: Draft): Draft {
  if (draft.type !== 'verdict') return draft;
  const word = /^\s*(accept|reject)/i.exec(draft.content)?.[1]?.toLowerCase();
  const metadata = word === undefined ? draft.metadata : { verdict: word, ...draft.metadata };
  const references = draft.references ?? [];
  return {
    ...draft,
    metadata,
    references: references.length > 0 ? references : [lastCompletion(home, draft.to)],
  };
}

function lastCompletion(home: string, agent: string): string {
  const ids = listUnacknowledged(home, agent).reverse();
  return ids.find((id) => findSent(home, agent, id)?.type === 'completion') ?? agent;
}

function receiversOf(caller: Caller, to: string): Outcome<string[], MailProblem> {
  if (to !== EVERYBODY) {
    const one = resolveRecipient(caller.home, to);
    return one.done ? done([one.value]) : one;
  }
  const workers = listWorkers(caller.home).filter((worker) => worker.state === 'active');
  const peers = listPeers(caller.home).map((peer) => peer.name);
  const everybody = [COORDINATOR, ...workers.map((worker) => worker.worker).sort(), ...peers];
  const isLead = caller.kind === 'operator' || caller.kind === 'coordinator';
  const others = everybody.filter((name) => name !== caller.name && !(isLead && name === COORDINATOR));
  return others.length > 0 ? done(others) : refuse({ code: 'nobody-to-tell' });
}

/** The draft with its reference and thread; refused for a message that the caller neither got nor sent. */
function replyOf(caller: Caller, draft: Draft, id: string): Outcome<Draft, MailProblem> {
  const known =
    boxesOf(caller)
      .map((agent) => findMessage(caller.home, agent, id))
      .find((envelope) => envelope !== undefined) ??
    findSent(caller.home, caller.name, id) ??
    listDead(caller.home)
      .map((letter) => letter.envelope)
      .find((envelope) => envelope.from === caller.name && envelope.id === id);
  if (!known) return refuse({ code: 'reply-unknown', id, agent: caller.name });
  const thread = known.metadata['thread'];
  const references = [id, ...(draft.references ?? []).filter((reference) => reference !== id)];
  const metadata = { ...draft.metadata, reply_to: id, thread: typeof thread === 'string' ? thread : id };
  return done({ ...draft, references, metadata });
}
