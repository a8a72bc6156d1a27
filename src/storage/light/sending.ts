/**
 * Sending: from complete envelopes to messages that wait.
 *
 * Order of writes: 1 a note in `outbox/<from>/.sending/`, named after its process, holds the envelope, or a list of
 * several, in one line (fsync; the newline says that it is whole); then for each: 2 its log line (fsync), 3 its line in the chat, its note among the open questions, its name
 * for an outside coordinator, 4 its file in the inbox (fsync of the folder), 5 its name in the outbox. 6 the note goes.
 * One message alone *is* its note: 4 is a link to it, 5 and 6 are one rename.
 * Killed before 1 is whole, nothing was sent, and nobody was told so. Killed later, the next send of that sender, or
 * doctor, finds the note of a process that is no more, and carries it on under the sender's mutex: each step is left
 * out where it is done. Several together (a broadcast) are so sent all or none. Sends at once need no mutex: each has
 * its own note and its own ids. Who sends an id that follows from something else holds that thing's mutex.
 * The receiver may acknowledge as soon as 4 is done; 5 therefore looks into the archive afterwards.
 */
import { existsSync, linkSync, renameSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { parseJson } from '../../domain/json-value.ts';
import { type Envelope, isEnvelope, parseEnvelope, printEnvelope } from '../../domain/message.ts';
import { isInChat, isPeerTalk, noteInChat } from './chat-log.ts';
import {
  createExclusive,
  isErrno,
  listNames,
  makeFolder,
  readTextIfThere,
  removeIfThere,
  syncFolder,
  writeInPlace,
} from './files.ts';
import {
  archiveFile,
  deadFolder,
  inboxFolder,
  inFolder,
  listAgents,
  outboxFolder,
  outsideFile,
  withMailMutex,
} from './mail-files.ts';
import { isLogged, logMessage } from './message-log.ts';
import { noteInQuestions } from './open-questions.ts';
import { livenessOf, markOf, type ProcessMark } from './process.ts';
import { modifiedAt } from './roster.ts';

const UNDER_WAY = '.sending';
const UNKNOWN_MS = 60_000;

let counter = 0;

/** The end of a fresh id: process, counter and chance make it unique among processes in one millisecond. */
export function newTail(): string {
  counter = (counter + 1) % 1_296;
  const random = Math.floor(Math.random() * 36 ** 6);
  return `${counter.toString(36).padStart(2, '0')}${process.pid.toString(36)}${random.toString(36).padStart(6, '0')}`;
}

/** Sends a complete envelope. Durable when it returns. An id that was sent before is not sent again. */
export function sendEnvelope(home: string, envelope: Envelope): 'sent' | 'already-sent' {
  return sendTogether(home, envelope.from, [envelope]).length > 0 ? 'sent' : 'already-sent';
}

/** Sends envelopes of one sender, all or none; answers those that were not sent before. */
export function sendTogether(
  home: string,
  from: string,
  envelopes: readonly Envelope[],
): readonly Envelope[] {
  finishSends(home, from);
  const fresh = envelopes.filter((envelope) => !isKnown(home, envelope));
  const [only] = fresh;
  if (!only) return fresh;
  const note = join(notesFolder(home, from), ownNoteName());
  if (fresh.length === 1) {
    writeNote(note, `${printEnvelope(only)}\n`);
    sendOne(home, note, only);
  } else {
    writeNote(note, `[${fresh.map(printEnvelope).join(',')}]\n`);
    // All or none, also when the power fails: the name must last before the first of them arrives.
    syncFolder(dirname(note));
    sendSeveral(home, note, fresh);
  }
  return fresh;
}

function notesFolder(home: string, from: string): string {
  return join(outboxFolder(home, from), UNDER_WAY);
}

let ownMark: ProcessMark | undefined;

/** `<pid>~<start of the process>~<what makes it unique>`. */
function ownNoteName(): string {
  ownMark ??= markOf(process.pid);
  return `${ownMark.pid}~${ownMark.started ?? ''}~${newTail()}`;
}

function writeNote(note: string, text: string): void {
  try {
    writeInPlace(note, text, { durable: true });
  } catch (error) {
    if (!isErrno(error, 'ENOENT')) throw error;
    makeFolder(dirname(note));
    writeInPlace(note, text, { durable: true });
  }
}

function sendOne(home: string, note: string, envelope: Envelope): void {
  record(home, envelope);
  const inbox = inFolder(inboxFolder(home, envelope.to), envelope.id);
  showOutside(home, note, envelope);
  linkOrCopy(note, inbox, envelope, true);
  const outbox = inFolder(outboxFolder(home, envelope.from), envelope.id);
  renameSync(note, outbox);
  if (isSettled(home, envelope)) removeIfThere(outbox);
}

function sendSeveral(home: string, note: string, envelopes: readonly Envelope[]): void {
  for (const envelope of envelopes) {
    record(home, envelope);
    deliver(home, envelope);
  }
  removeIfThere(note);
}

/** Waiting, settled, or on its way: a deterministic id (a transition's) may be sent twice by a rerun. */
function isKnown(home: string, envelope: Envelope): boolean {
  return (
    existsSync(inFolder(inboxFolder(home, envelope.to), envelope.id)) ||
    existsSync(inFolder(outboxFolder(home, envelope.from), envelope.id)) ||
    isSettled(home, envelope)
  );
}

/** Acknowledged, or given up. */
function isSettled(home: string, { id, to }: Envelope): boolean {
  return existsSync(archiveFile(home, id)) || existsSync(inFolder(deadFolder(home, to), id));
}

/** Steps 2 and 3. */
function record(home: string, envelope: Envelope): void {
  logMessage(home, printEnvelope(envelope), true);
  noteInChat(home, envelope);
  noteInQuestions(home, envelope);
}

/** Steps 4 and 5 for a message that has no file of its own yet. */
function deliver(home: string, envelope: Envelope): void {
  const outbox = outboxFolder(home, envelope.from);
  const inbox = inFolder(inboxFolder(home, envelope.to), envelope.id);
  makeFolder(dirname(inbox));
  createExclusive(inbox, `${printEnvelope(envelope)}\n`, { durable: true });
  showOutside(home, inbox, envelope);
  linkOrCopy(inbox, inFolder(outbox, envelope.id), envelope, false);
  if (!isSettled(home, envelope)) return;
  removeIfThere(inFolder(outbox, envelope.id));
  removeIfThere(outsideFile(home, envelope) ?? '');
}

function showOutside(home: string, source: string, envelope: Envelope): void {
  const outside = outsideFile(home, envelope);
  if (outside !== undefined) linkOrCopy(source, outside, envelope, false);
}

/** A second name for a file that is complete; a copy of it where the file system has no hard links. */
function linkOrCopy(source: string, target: string, envelope: Envelope, durable: boolean): void {
  try {
    linkSync(source, target);
    if (durable) syncFolder(dirname(target));
  } catch (error) {
    if (isErrno(error, 'EEXIST')) return;
    // No box yet, no hard links, or (the source) acknowledged in this very moment.
    if (!isErrno(error, 'ENOENT', 'EPERM', 'ENOTSUP', 'ENOSYS', 'EMLINK')) throw error;
    makeFolder(dirname(target));
    createExclusive(target, `${printEnvelope(envelope)}\n`, { durable });
  }
}

/** Senders with a send that a kill interrupted. */
export function sendersInterrupted(home: string): string[] {
  return listAgents(home, 'outbox').filter((from) => interrupted(home, from).length > 0);
}

/** For doctor: carries on what a kill left of a sender's sends; true when there was anything. */
export function finishSends(home: string, from: string): boolean {
  if (interrupted(home, from).length === 0) return false;
  return withMailMutex(home, from, () => {
    const notes = interrupted(home, from);
    for (const note of notes) finishNote(home, from, note);
    return notes.length > 0;
  });
}

/** Notes of processes that are no more; where that cannot be known, of a minute ago. */
function interrupted(home: string, from: string): string[] {
  const folder = notesFolder(home, from);
  if (!existsSync(folder)) return [];
  return listNames(folder)
    .map((name) => join(folder, name))
    .filter((note) => {
      const [pid, started] = basename(note).split('~');
      const liveness = livenessOf({ pid: Number(pid), started: started || null });
      if (liveness !== 'unknown') return liveness === 'dead';
      return Date.now() - (modifiedAt(note) ?? Date.now()) > UNKNOWN_MS;
    });
}

/** Steps 2 to 6. The caller holds the sender's mutex. A note that is not whole was promised to nobody. */
function finishNote(home: string, from: string, note: string): void {
  const envelopes = envelopesIn(readTextIfThere(note) ?? '');
  if (envelopes.every((envelope) => envelope.from === from)) {
    for (const envelope of envelopes) finishOne(home, envelope);
  }
  removeIfThere(note);
}

function envelopesIn(text: string): Envelope[] {
  if (!text.endsWith('\n')) return [];
  const only = parseEnvelope(text);
  if (only || !text.startsWith('[')) return only ? [only] : [];
  const listed = parseJson(text) as unknown[] | undefined;
  return listed?.every(isEnvelope) ? listed : [];
}

function finishOne(home: string, envelope: Envelope): void {
  const { id, to } = envelope;
  if (isSettled(home, envelope)) return;
  if (!existsSync(inFolder(inboxFolder(home, to), id))) {
    if (!isLogged(home, id)) logMessage(home, printEnvelope(envelope), true);
    if (isPeerTalk(envelope) && !isInChat(home, envelope)) noteInChat(home, envelope);
    noteInQuestions(home, envelope);
  }
  deliver(home, envelope);
}
