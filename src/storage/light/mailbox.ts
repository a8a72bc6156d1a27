/**
 * The mailbox: sending, waiting, acknowledging.
 *
 * States of a message by where its file is, each move made by one link or unlink:
 *   sending       outbox/<from>/ only                    nobody was told that it is sent
 *   waiting       outbox/<from>/ and inbox/<to>/         sent; `send` returned
 *   acknowledged  archive/<day>/                         the inbox and outbox names are gone, or about to go
 * Invariants: a file is complete before it has a name; an id has one file content until it is archived; the log has
 * each id once; a message in the archive is never waiting again.
 *
 * Order of writes. Send: 1 outbox file (fsync), 2 log line (fsync), 3 link into the inbox (fsync of the folder).
 * Killed after 1 or 2, nobody was told that it is sent; the next send of that sender, or doctor, carries it on.
 * Acknowledge: 1 archive file (fsync), 2 the ack's log line, 3 unlink from the inbox, 4 unlink from the outbox.
 * Killed after 1, whoever meets the waiting file finds it in the archive and carries on; it is not shown again.
 * A mutex a sender makes "is it in the log already" safe to ask: who holds it knows that no send is under way.
 */
import { existsSync, linkSync } from 'node:fs';
import { join } from 'node:path';
import { dayOfMessageId, printMessageId } from '../../domain/identifiers.ts';
import { type Envelope, parseEnvelope, printEnvelope } from '../../domain/message.ts';
import {
  appendLine,
  createExclusive,
  listNames,
  makeFolder,
  readTextIfThere,
  removeIfThere,
  syncFolder,
} from './files.ts';
import { hasLogLine } from './log-tail.ts';
import { withMutex } from './mutex.ts';
import { coordinationPath, fileNameOf } from './roster.ts';

export const LOG_FILE = 'messages.jsonl';
const SUFFIX = '.json';

let counter = 0;

/** A fresh message id: time, process, counter and chance make it unique among processes in one millisecond. */
export function newMessageId(nowMs: number): string {
  counter = (counter + 1) % 1_296;
  const random = Math.floor(Math.random() * 36 ** 6);
  const tail = `${counter.toString(36).padStart(2, '0')}${process.pid.toString(36)}${random.toString(36).padStart(6, '0')}`;
  return printMessageId(nowMs, tail);
}

export function inboxFolder(home: string, agent: string): string {
  return coordinationPath(home, 'inbox', fileNameOf(agent));
}

function outboxFolder(home: string, agent: string): string {
  return coordinationPath(home, 'outbox', fileNameOf(agent));
}

function logFile(home: string): string {
  return coordinationPath(home, LOG_FILE);
}

function archiveFile(home: string, id: string): string {
  return coordinationPath(home, 'archive', dayOfMessageId(id) ?? 'undated', `${fileNameOf(id)}${SUFFIX}`);
}

function inFolder(folder: string, id: string): string {
  return join(folder, `${fileNameOf(id)}${SUFFIX}`);
}

/** Where the mutexes of mail lie. */
function mailMutex(agent: string): string {
  return `mail-${agent}`;
}

/** Sends a complete envelope. Durable when it returns. An id that was sent before is not sent again. */
export function sendEnvelope(home: string, envelope: Envelope): 'sent' | 'already-sent' {
  return withMailMutex(home, envelope.from, () => {
    finishSends(home, envelope.from);
    if (isKnown(home, envelope)) return 'already-sent';
    makeFolder(outboxFolder(home, envelope.from));
    createExclusive(
      inFolder(outboxFolder(home, envelope.from), envelope.id),
      `${printEnvelope(envelope)}\n`,
      {
        durable: true,
      },
    );
    appendLine(logFile(home), printEnvelope(envelope), { durable: true });
    deliver(home, envelope);
    return 'sent';
  });
}

function withMailMutex<T>(home: string, agent: string, body: () => T): T {
  const outcome = withMutex(coordinationPath(home, 'leases'), mailMutex(agent), body);
  if (!outcome.done)
    throw new Error(`the mailbox of ${agent} stayed busy: ${JSON.stringify(outcome.problem)}`);
  return outcome.value;
}

/** Waiting, archived, or on its way: a deterministic id (a transition's) may be sent twice by a rerun. */
function isKnown(home: string, envelope: Envelope): boolean {
  return (
    existsSync(archiveFile(home, envelope.id)) ||
    existsSync(inFolder(outboxFolder(home, envelope.from), envelope.id)) ||
    existsSync(inFolder(inboxFolder(home, envelope.to), envelope.id))
  );
}

/** Step 3 of a send. */
function deliver(home: string, envelope: Envelope): void {
  const folder = inboxFolder(home, envelope.to);
  makeFolder(folder);
  const source = inFolder(outboxFolder(home, envelope.from), envelope.id);
  try {
    linkSync(source, inFolder(folder, envelope.id));
    syncFolder(folder);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (code === 'EEXIST') return;
    // No hard links on this file system: a copy that is complete before it is visible does as well.
    createExclusive(inFolder(folder, envelope.id), `${printEnvelope(envelope)}\n`, { durable: true });
  }
}

/**
 * Carries on the sends of one sender that a kill interrupted. The caller holds that sender's mutex, so what is found
 * half-way belongs to a dead process. Bounded by the sender's unacknowledged messages.
 */
function finishSends(home: string, from: string): void {
  const folder = outboxFolder(home, from);
  for (const name of listNames(folder)) {
    const id = name.endsWith(SUFFIX) ? name.slice(0, -SUFFIX.length) : undefined;
    if (id === undefined) continue;
    const text = readTextIfThere(join(folder, name));
    const envelope = text === undefined ? undefined : parseEnvelope(text);
    if (!envelope || existsSync(inFolder(inboxFolder(home, envelope.to), id))) continue;
    if (existsSync(archiveFile(home, id))) {
      removeIfThere(join(folder, name));
      continue;
    }
    if (!hasLogLine(logFile(home), id)) appendLine(logFile(home), printEnvelope(envelope), { durable: true });
    deliver(home, envelope);
  }
}

/** The ids that wait for an agent, oldest first. */
export function listWaiting(home: string, agent: string): string[] {
  return listNames(inboxFolder(home, agent))
    .filter((name) => name.endsWith(SUFFIX) && !name.startsWith('.'))
    .map((name) => name.slice(0, -SUFFIX.length))
    .sort();
}

/** A waiting message; undefined when it is gone, or acknowledged by someone whose unlink has not come yet. */
export function readWaiting(home: string, agent: string, id: string): Envelope | undefined | 'unreadable' {
  const file = inFolder(inboxFolder(home, agent), id);
  const text = readTextIfThere(file);
  if (text === undefined) return undefined;
  const envelope = parseEnvelope(text);
  if (!envelope || envelope.id !== id) return 'unreadable';
  if (!existsSync(archiveFile(home, id))) return envelope;
  removeIfThere(file);
  removeIfThere(inFolder(outboxFolder(home, envelope.from), id));
  return undefined;
}

/** A message wherever it is: waiting for the agent, or archived. */
export function findMessage(home: string, agent: string, id: string): Envelope | undefined {
  const texts = [inFolder(inboxFolder(home, agent), id), archiveFile(home, id)];
  for (const file of texts) {
    const text = readTextIfThere(file);
    const envelope = text === undefined ? undefined : parseEnvelope(text);
    if (envelope?.to === agent) return envelope;
  }
  return undefined;
}

export interface Acknowledgement {
  readonly by: string;
  readonly session: string | null;
  readonly atMs: number;
}

/** Acknowledges a waiting message. `not-waiting` when there is none of that id (then nothing is written). */
export function acknowledge(home: string, id: string, ack: Acknowledgement): 'acknowledged' | 'not-waiting' {
  return withMailMutex(home, ack.by, () => acknowledgeHeld(home, id, ack));
}

function acknowledgeHeld(home: string, id: string, ack: Acknowledgement): 'acknowledged' | 'not-waiting' {
  const file = inFolder(inboxFolder(home, ack.by), id);
  const text = readTextIfThere(file);
  const envelope = text === undefined ? undefined : parseEnvelope(text);
  if (!envelope) return 'not-waiting';
  const archive = archiveFile(home, id);
  makeFolder(join(archive, '..'));
  const acknowledged = { by: ack.by, session: ack.session, at: new Date(ack.atMs).toISOString() };
  const archived = { ...envelope, read: true, metadata: { ...envelope.metadata, acknowledged } };
  const isFirst = createExclusive(archive, `${printEnvelope(archived)}\n`, { durable: true });
  const line = printEnvelope(ackOf(envelope, ack));
  if (isFirst || !hasLogLine(logFile(home), ackIdOf(id))) appendLine(logFile(home), line, { durable: false });
  removeIfThere(file);
  removeIfThere(inFolder(outboxFolder(home, envelope.from), id));
  return 'acknowledged';
}

function ackIdOf(id: string): string {
  return `${id}-ack`;
}

/** The ack as a message of its own: in the log only, since an ack is never acknowledged. */
function ackOf(envelope: Envelope, ack: Acknowledgement): Envelope {
  return {
    id: ackIdOf(envelope.id),
    from: ack.by,
    to: envelope.from,
    timestamp: new Date(ack.atMs).toISOString(),
    type: 'ack',
    priority: 'low',
    content: `acknowledged ${envelope.id}`,
    references: [envelope.id],
    metadata: {},
    read: true,
  };
}

/** What an agent has sent and nobody acknowledged yet. */
export function listUnacknowledged(home: string, agent: string): string[] {
  return listNames(outboxFolder(home, agent))
    .filter((name) => name.endsWith(SUFFIX))
    .map((name) => name.slice(0, -SUFFIX.length))
    .sort();
}

/** Makes the boxes of an agent, so that it can be written to. */
export function openBoxes(home: string, agent: string): void {
  makeFolder(inboxFolder(home, agent));
  makeFolder(outboxFolder(home, agent));
}

export function hasInbox(home: string, agent: string): boolean {
  return existsSync(inboxFolder(home, agent));
}
