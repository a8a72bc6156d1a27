/** Sends a message: who it is from is derived from the caller, who it is to must exist and still read its mail. */
import { COORDINATOR, OPERATOR, workerOf } from '../domain/identifiers.ts';
import { type Draft, type Envelope, envelopeOf, judgeDraft } from '../domain/message.ts';
import { done, type MailProblem, type Outcome, refuse } from '../domain/problem.ts';
import type { Caller } from '../storage/light/caller.ts';
import { listWorkers, readWorkerRecord } from '../storage/light/roster.ts';
import { newMessageId, sendEnvelope } from '../storage/light/sending.ts';

/** The receiver that a name means: an agent's name, or a phase's id for its worker. */
export function resolveRecipient(home: string, to: string): Outcome<string, MailProblem> {
  if (to === COORDINATOR || to === OPERATOR) return done(to);
  const record = readWorkerRecord(home, to) ?? readWorkerRecord(home, workerOf(to));
  if (!record) {
    const known = [COORDINATOR, OPERATOR, ...listWorkers(home).map((worker) => worker.worker)];
    return refuse({ code: 'recipient-unknown', to, known });
  }
  if (record.state === 'ended')
    return refuse({ code: 'recipient-ended', to: record.worker, phase: record.phase });
  return done(record.worker);
}

export function sendMessage(caller: Caller, draft: Draft, nowMs: number): Outcome<Envelope> {
  if (caller.kind === 'guest') return refuse({ code: 'not-joined', root: caller.root });
  const flaw = judgeDraft(draft);
  if (flaw) return refuse(flaw);
  const to = resolveRecipient(caller.home, draft.to);
  if (!to.done) return to;
  const envelope = envelopeOf(
    { ...draft, to: to.value },
    { id: newMessageId(nowMs), from: caller.name, atMs: nowMs },
  );
  sendEnvelope(caller.home, envelope);
  return done(envelope);
}
