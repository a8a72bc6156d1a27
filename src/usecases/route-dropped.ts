/**
 * Routes what an outside coordinator dropped into `inbox/`: validated, given its rightful sender, and sent as any
 * message. Whoever can write there and is no session (those are barred by the guard) is the operator, whatever the
 * file claims. Light: hooks run it.
 *
 * Safe to kill: the message's id follows from the file, so a file that is routed again is sent once.
 */
import { readFileSync } from 'node:fs';
import { COORDINATOR, OPERATOR, PROJECT_INSTANCE, SYSTEM } from '../domain/identifiers.ts';
import type { Envelope } from '../domain/message.ts';
import { hash128 } from '../domain/names.ts';
import { OUTSIDE_TEXT_MAX, type OutsideMessage, readOutside } from '../domain/outside/message.ts';
import { envelopeAt, markInId } from '../domain/urgency.ts';
import { acknowledge } from '../storage/light/acknowledging.ts';
import { raiseMessage, setAside } from '../storage/light/dead-letters.ts';
import { claim, type DroppedFile, mayHaveDropped, routeEach } from '../storage/light/dropped-mail.ts';
import { removeIfThere } from '../storage/light/files.ts';
import { findAnywhere, findForLead } from '../storage/light/mailbox.ts';
import { livenessOf } from '../storage/light/process.ts';
import { listWorkers } from '../storage/light/roster.ts';
import { readSeat } from '../storage/light/seat.ts';
import { sendEnvelope } from '../storage/light/sending.ts';
import { resolveRecipient } from './send-message.ts';

/** A file that is still being written is left alone for so long after its last change. */
const WRITING_MS = 10_000;
const BYTES_MAX = 4 * OUTSIDE_TEXT_MAX;
/** An id that an outside writer may give. What ends in `-ack` is the log's line of an acknowledgement. */
const SEED_ID = /^(?!.*-ack$)msg-\d{8}-\d{6,9}(?:-[A-Za-z0-9_.]{1,60})?$/;

export function routeDropped(home: string, nowMs: number): void {
  if (!mayHaveDropped(home)) return;
  routeEach(home, (file) => routeFile(home, file, nowMs));
}

/** Leaves the file where it is when it may not be complete. */
function routeFile(home: string, file: DroppedFile, nowMs: number): void {
  const flaw = flawOf(file);
  if (flaw !== undefined) {
    refuseFile(home, file, flaw);
    return;
  }
  const isYoung = Math.abs(nowMs - file.modifiedAtMs) < WRITING_MS;
  const first = readOutside(readFileSync(file.path, 'utf8'), file.name);
  if (!first.done && first.isUnfinished && isYoung) return;
  const claimed = claim(home, file);
  if (!claimed) return;
  const text = readFileSync(claimed.path, 'utf8');
  const message = readOutside(text, file.name);
  // Somebody has begun to write it anew: the next look judges what became of it.
  if (!message.done && message.isUnfinished && first.done) return;
  const why = message.done ? carryOut(home, claimed, message, hash128(text)) : message.reason;
  if (why === undefined) removeIfThere(claimed.path);
  else refuseFile(home, claimed, why);
}

/** What keeps a file from being read at all. */
function flawOf(file: DroppedFile): string | undefined {
  if (!file.isPlain) return 'it is a link or no file at all: write a file of its own';
  return file.bytes > BYTES_MAX ? `it has ${file.bytes} bytes, which is too long` : undefined;
}

/** Does what the message asks; the reason when it cannot. */
function carryOut(
  home: string,
  file: DroppedFile,
  message: OutsideMessage,
  digest: string,
): string | undefined {
  const { draft } = message;
  const known = draft.references.map((id) => findForLead(home, id)).filter((found) => found !== undefined);
  if (draft.type === 'ack') {
    const mine = known.filter(isForLead);
    if (mine.length === 0)
      return `nothing of ${draft.references.join(', ')} waits for the coordinator or the operator`;
    for (const envelope of mine) settle(home, envelope, file.modifiedAtMs);
    return undefined;
  }
  const to = resolveRecipient(home, recipientOf(home, message, known));
  if (!to.done)
    return to.problem.code === 'recipient-unknown'
      ? `nobody is called ${to.problem.to}; known: ${to.problem.known.join(', ')}`
      : `${recipientOf(home, message, known)} has ended and reads no mail`;
  sendEnvelope(home, envelopeFor(home, file, message, digest, to.value));
  for (const envelope of known)
    if (isAnsweredBy(envelope, message)) settle(home, envelope, file.modifiedAtMs);
  return undefined;
}

/** Whoever asked what this answers; else the name it gives; else the one worker there is; else the coordinator. */
function recipientOf(home: string, message: OutsideMessage, known: readonly Envelope[]): string {
  const claimed = message.claimedTo?.trim() ?? PROJECT_INSTANCE;
  if (claimed.toLowerCase() !== PROJECT_INSTANCE) return claimed;
  const asker = known.find(isForLead)?.from;
  if (asker !== undefined && asker !== SYSTEM) return asker;
  const active = listWorkers(home).filter((worker) => worker.state === 'active');
  const [only] = active;
  return only && active.length === 1 ? only.worker : COORDINATOR;
}

function envelopeFor(
  home: string,
  file: DroppedFile,
  message: OutsideMessage,
  digest: string,
  to: string,
): Envelope {
  const { draft, id, claimedFrom, claimedTo, timestamp, notes } = message;
  const outside = {
    file: file.name,
    digest,
    ...(id === undefined ? {} : { id }),
    ...(claimedFrom === undefined || claimedFrom === OPERATOR ? {} : { from: claimedFrom }),
    ...(claimedTo === undefined || claimedTo === to ? {} : { to: claimedTo }),
    ...(notes.length > 0 ? { notes } : {}),
  };
  const metadata = { ...draft.metadata, outside };
  const atMs = Math.floor(file.modifiedAtMs);
  const fresh = envelopeAt(
    { ...draft, to, metadata },
    { tail: `out.${digest.slice(0, 12)}`, from: OPERATOR, atMs },
  );
  const envelope = timestamp === undefined ? fresh : { ...fresh, timestamp };
  return { ...envelope, id: ownId(home, id, envelope, digest) };
}

/** The id that the writer gave stays, where it is one, is free, and does not pretend another urgency. */
function ownId(home: string, given: string | undefined, envelope: Envelope, digest: string): string {
  if (given === undefined || !SEED_ID.test(given) || markInId(given) !== undefined) return envelope.id;
  const known = findAnywhere(home, given);
  const isThis = (known?.metadata['outside'] as { digest?: string } | undefined)?.digest === digest;
  return known === undefined || isThis ? given : envelope.id;
}

function isForLead(envelope: Envelope): boolean {
  return envelope.to === COORDINATOR || envelope.to === OPERATOR;
}

/** An answer from outside settles the question, unless a coordinator's session is there to see it too. */
function isAnsweredBy(envelope: Envelope, { draft }: OutsideMessage): boolean {
  return ['response', 'directive', 'verdict'].includes(draft.type) && isForLead(envelope);
}

function settle(home: string, envelope: Envelope, atMs: number): void {
  if (envelope.to === COORDINATOR && hasLiveCoordinator(home)) return;
  // It may have been given up meanwhile: who answers from outside is no session, and rings reach none.
  raiseMessage(home, envelope.to, envelope.id);
  acknowledge(home, envelope.id, { by: envelope.to, session: null, atMs });
}

function hasLiveCoordinator(home: string): boolean {
  const seat = readSeat(home, null);
  return seat?.process ? livenessOf(seat.process) !== 'dead' : false;
}

function refuseFile(home: string, file: DroppedFile, reason: string): void {
  setAside(home, file, reason, (kept) => tellOfBad(home, file, kept, reason));
}

function tellOfBad(home: string, file: DroppedFile, kept: string, reason: string): void {
  const atMs = Math.floor(file.modifiedAtMs);
  const content = `A file that was dropped into .coordination/inbox/ is no message, and was set aside as .coordination/dead/${kept}: ${reason}. Correct it there and move it back to the inbox.`;
  const draft = { to: OPERATOR, type: 'error', content, metadata: { error_type: 'bad_message', file: kept } };
  sendEnvelope(
    home,
    envelopeAt(draft, { tail: `bad.${hash128(`${file.name} ${atMs}`).slice(0, 12)}`, from: SYSTEM, atMs }),
  );
}
