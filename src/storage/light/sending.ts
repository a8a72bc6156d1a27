/**
 * Sending: from a complete envelope to a message that waits.
 *
 * Order of writes, under the sender's mutex: 1 `outbox/<from>/.sending` names the message, 2 its outbox file (fsync), 3 the log line
 * (fsync), 4 the link into the inbox (fsync of the folder), 5 `.sending` goes. Killed before 4, nobody was told that
 * it is sent; the next send of that sender, or doctor, carries it on. Since each send begins by that, one sender has
 * one unfinished send at most, and finding it costs the same however many of its messages wait.
 */
import { existsSync, linkSync } from 'node:fs';
import { join } from 'node:path';
import { printMessageId } from '../../domain/identifiers.ts';
import { type Envelope, parseEnvelope, printEnvelope } from '../../domain/message.ts';
import {
  appendLine,
  createExclusive,
  isErrno,
  listNames,
  makeFolder,
  readTextIfThere,
  removeIfThere,
  syncFolder,
  writeAtomic,
} from './files.ts';
import { hasLogLine } from './log-tail.ts';
import {
  archiveFile,
  inboxFolder,
  inFolder,
  listIds,
  logFile,
  outboxFolder,
  withMailMutex,
} from './mail-files.ts';
import { coordinationPath } from './roster.ts';

const UNDER_WAY = '.sending';

let counter = 0;

/** A fresh message id: time, process, counter and chance make it unique among processes in one millisecond. */
export function newMessageId(nowMs: number): string {
  counter = (counter + 1) % 1_296;
  const random = Math.floor(Math.random() * 36 ** 6);
  const tail = `${counter.toString(36).padStart(2, '0')}${process.pid.toString(36)}${random.toString(36).padStart(6, '0')}`;
  return printMessageId(nowMs, tail);
}

/** Sends a complete envelope. Durable when it returns. An id that was sent before is not sent again. */
export function sendEnvelope(home: string, envelope: Envelope): 'sent' | 'already-sent' {
  const { from, id } = envelope;
  return withMailMutex(home, from, () => {
    finishSend(home, from);
    if (isKnown(home, envelope)) return 'already-sent';
    const folder = outboxFolder(home, from);
    makeFolder(folder);
    writeAtomic(join(folder, UNDER_WAY), id, { durable: false });
    createExclusive(inFolder(folder, id), `${printEnvelope(envelope)}\n`, { durable: true });
    appendLine(logFile(home), printEnvelope(envelope), { durable: true });
    deliver(home, envelope);
    removeIfThere(join(folder, UNDER_WAY));
    return 'sent';
  });
}

/** Waiting, archived, or on its way: a deterministic id (a transition's) may be sent twice by a rerun. */
function isKnown(home: string, envelope: Envelope): boolean {
  return (
    existsSync(archiveFile(home, envelope.id)) ||
    existsSync(inFolder(outboxFolder(home, envelope.from), envelope.id)) ||
    existsSync(inFolder(inboxFolder(home, envelope.to), envelope.id))
  );
}

/** Step 4. */
function deliver(home: string, envelope: Envelope): void {
  const folder = inboxFolder(home, envelope.to);
  makeFolder(folder);
  const source = inFolder(outboxFolder(home, envelope.from), envelope.id);
  try {
    linkSync(source, inFolder(folder, envelope.id));
    syncFolder(folder);
  } catch (error) {
    if (isErrno(error, 'EEXIST')) return;
    if (!isErrno(error, 'EPERM', 'ENOTSUP', 'ENOSYS', 'EMLINK')) throw error;
    // No hard links on this file system: a copy that is complete before it is visible does as well.
    createExclusive(inFolder(folder, envelope.id), `${printEnvelope(envelope)}\n`, { durable: true });
  }
}

/** Senders with a send that a kill may have interrupted, or that is under way this moment. */
export function sendersUnderWay(home: string): string[] {
  return listNames(coordinationPath(home, 'outbox')).filter((from) =>
    existsSync(join(outboxFolder(home, from), UNDER_WAY)),
  );
}

/** For doctor: carries on what a kill left of a sender's last send; true when there was anything. */
export function carryOnSending(home: string, from: string): boolean {
  return withMailMutex(home, from, () => finishSend(home, from));
}

/**
 * Steps 3 to 5 of a send that a kill interrupted. The caller holds the sender's mutex, so what is found half-way
 * belongs to a dead process. A note that a loss of power emptied says nothing: then every outbox file is looked at.
 */
function finishSend(home: string, from: string): boolean {
  const folder = outboxFolder(home, from);
  const note = readTextIfThere(join(folder, UNDER_WAY));
  if (note === undefined) return false;
  const ids = note === '' ? listIds(folder) : [note];
  for (const id of ids) finishOne(home, folder, id);
  return removeIfThere(join(folder, UNDER_WAY));
}

function finishOne(home: string, folder: string, id: string): void {
  const text = readTextIfThere(inFolder(folder, id));
  const envelope = text === undefined ? undefined : parseEnvelope(text);
  if (!envelope || existsSync(inFolder(inboxFolder(home, envelope.to), id))) return;
  if (existsSync(archiveFile(home, id))) {
    removeIfThere(inFolder(folder, id));
    return;
  }
  if (!hasLogLine(logFile(home), id)) appendLine(logFile(home), printEnvelope(envelope), { durable: true });
  deliver(home, envelope);
}
