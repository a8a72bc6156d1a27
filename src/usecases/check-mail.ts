/**
 * The part of doctor that looks at mail: does the log say what the boxes say? With `repair`, what a crash or a hand
 * left is brought together again, and nothing is thrown away:
 *
 *   logged and in no box         it waits again (neither acknowledged nor a dead letter, by the log's own ack lines too)
 *   in a box and not in the log  it is logged
 *   a piece that is no log line  it is kept in dead/, and taken out of the log
 *   a send that was killed       it is carried on
 *   a chat that lacks a line     it is added
 *   a name for outside readers of what is acknowledged   it goes
 */
import { existsSync, lstatSync } from 'node:fs';
import { join } from 'node:path';
import { isReservedAgent } from '../domain/identifiers.ts';
import { type Envelope, parseEnvelope, printEnvelope } from '../domain/message.ts';
import { nowMs } from '../storage/clock.ts';
import { isInChat, isPeerTalk, noteInChat } from '../storage/light/chat-log.ts';
import { createExclusive, listNames, makeFolder, removeIfThere } from '../storage/light/files.ts';
import { eachLine } from '../storage/light/log-tail.ts';
import {
  archiveFile,
  deadFolder,
  inboxFolder,
  inFolder,
  listAgents,
  listIds,
  outboxFolder,
} from '../storage/light/mail-files.ts';
import { listWaiting, readWaiting } from '../storage/light/mailbox.ts';
import {
  cleanLog,
  isLogLine,
  LOG_FILE,
  listFullLogs,
  logFile,
  logMessage,
} from '../storage/light/message-log.ts';
import { coordinationPath, readWorkerRecord } from '../storage/light/roster.ts';
import { finishSends, sendersInterrupted } from '../storage/light/sending.ts';

export type MailFinding =
  | { code: 'message-unreadable'; agent: string; file: string }
  | { code: 'send-unfinished'; agent: string; repaired: boolean }
  | { code: 'log-foreign'; file: string; pieces: number; kept?: string | undefined; repaired: boolean }
  | { code: 'message-unlogged'; count: number; first: string; repaired: boolean }
  | { code: 'message-lost'; count: number; first: string; repaired: boolean }
  | { code: 'chat-incomplete'; count: number; first: string; repaired: boolean }
  | { code: 'outbox-stale'; count: number; first: string; repaired: boolean }
  | { code: 'dropped-left'; file: string };

/** What is under way is not yet where it belongs. */
const SETTLED_MS = 60_000;
const LISTED_MAX = 50;
const ACK = '-ack';

export function checkMail(home: string, repair: boolean): MailFinding[] {
  const found: MailFinding[] = [];
  for (const agent of sendersInterrupted(home)) {
    if (repair) finishSends(home, agent);
    found.push({ code: 'send-unfinished', agent, repaired: repair });
  }
  const log = readLog(home);
  found.push(...checkLines(home, log, repair));
  found.push(...checkBoxes(home, log, repair));
  found.push(...checkDropped(home));
  return found;
}

interface Log {
  /** Every message with its file's words, but for acks; those of the log that grows only. */
  readonly recent: readonly Envelope[];
  /** Of all logs. */
  readonly ids: ReadonlySet<string>;
  readonly pieces: number;
}

function readLog(home: string): Log {
  const ids = new Set<string>();
  const recent: Envelope[] = [];
  let pieces = 0;
  for (const file of listFullLogs(home)) eachLine(file, (line) => ids.add(idOf(line)));
  eachLine(logFile(home), (line) => {
    if (line === '') return;
    if (!isLogLine(line)) {
      pieces += 1;
      return;
    }
    ids.add(idOf(line));
    const envelope = parseEnvelope(line);
    if (envelope && envelope.type !== 'ack') recent.push(envelope);
  });
  return { recent, ids, pieces };
}

/** The id is the first thing in a line that coord wrote; a line of another hand is parsed. */
function idOf(line: string): string {
  const plain = /^\{"id":"([A-Za-z0-9_.-]+)"/.exec(line)?.[1];
  if (plain !== undefined) return plain;
  return isLogLine(line) ? String((JSON.parse(line) as { id: string }).id) : '';
}

function checkLines(home: string, log: Log, repair: boolean): MailFinding[] {
  const found: MailFinding[] = [];
  const name = `.coordination/${LOG_FILE}`;
  if (log.pieces > 0) {
    const kept = repair ? cleanLog(home, logFile(home)) : undefined;
    found.push({ code: 'log-foreign', file: name, pieces: log.pieces, kept, repaired: repair });
  }
  const old = log.recent.filter((envelope) => nowMs() - Date.parse(envelope.timestamp) > SETTLED_MS);
  const lost = old.filter((envelope) => isLost(home, envelope, log));
  if (repair) for (const envelope of lost) letWait(home, envelope);
  found.push(...summed('message-lost', lost, repair));
  const unsaid = old.filter((envelope) => isPeerTalk(envelope) && !isInChat(home, envelope));
  if (repair) for (const envelope of unsaid) noteInChat(home, envelope);
  found.push(...summed('chat-incomplete', unsaid, repair));
  return found;
}

function summed<C extends 'message-lost' | 'chat-incomplete' | 'message-unlogged' | 'outbox-stale'>(
  code: C,
  messages: readonly { id: string }[],
  repaired: boolean,
): { code: C; count: number; first: string; repaired: boolean }[] {
  const [first] = messages;
  return first ? [{ code, count: messages.length, first: first.id, repaired }] : [];
}

/** In no box, nor acknowledged, nor given up. The inbox is asked twice: a dead letter may go back to it meanwhile. */
function isLost(home: string, envelope: Envelope, log: Log): boolean {
  const { id, to } = envelope;
  const isWaiting = () => existsSync(inFolder(inboxFolder(home, to), id));
  const isKnown = isReservedAgent(to) || readWorkerRecord(home, to) !== undefined;
  if (!isKnown || log.ids.has(`${id}${ACK}`) || isWaiting()) return false;
  return (
    !existsSync(archiveFile(home, id)) && !existsSync(inFolder(deadFolder(home, to), id)) && !isWaiting()
  );
}

function letWait(home: string, envelope: Envelope): void {
  const { id, from, to } = envelope;
  for (const folder of [outboxFolder(home, from), inboxFolder(home, to)]) {
    makeFolder(folder);
    createExclusive(inFolder(folder, id), `${printEnvelope(envelope)}\n`, { durable: true });
  }
}

function checkBoxes(home: string, log: Log, repair: boolean): MailFinding[] {
  const found: MailFinding[] = [];
  const unlogged: Envelope[] = [];
  for (const agent of listAgents(home, 'inbox')) {
    let unreadable = 0;
    for (const id of listWaiting(home, agent)) {
      if (log.ids.has(id) && unreadable >= LISTED_MAX) continue;
      const envelope = readWaiting(home, agent, id);
      if (envelope === 'unreadable') {
        unreadable += 1;
        if (unreadable <= LISTED_MAX)
          found.push({ code: 'message-unreadable', agent, file: `.coordination/inbox/${agent}/${id}.json` });
      } else if (envelope && !log.ids.has(id) && isSettledFile(inFolder(inboxFolder(home, agent), id))) {
        unlogged.push(envelope);
      }
    }
  }
  if (repair) for (const envelope of unlogged) logMessage(home, printEnvelope(envelope), true);
  found.push(...summed('message-unlogged', unlogged, repair));
  found.push(...checkOutside(home, repair));
  return found;
}

/** Names in `outbox/` itself are for outside readers; one of a message that is acknowledged misleads them. */
function checkOutside(home: string, repair: boolean): MailFinding[] {
  const folder = coordinationPath(home, 'outbox');
  const stale = listIds(folder)
    .filter((id) => existsSync(archiveFile(home, id)))
    .map((id) => ({ id }));
  if (repair) for (const { id } of stale) removeIfThere(inFolder(folder, id));
  return summed('outbox-stale', stale, repair);
}

/** Files in `inbox/` itself that no hook could take: not readable, or not named `.json`. */
function checkDropped(home: string): MailFinding[] {
  const folder = coordinationPath(home, 'inbox');
  return listNames(folder)
    .filter((name) => !name.startsWith('.') && lstatSync(join(folder, name)).isFile())
    .filter((name) => isSettledFile(join(folder, name)))
    .slice(0, LISTED_MAX)
    .map((name) => ({ code: 'dropped-left', file: `.coordination/inbox/${name}` }));
}

function isSettledFile(file: string): boolean {
  const stat = lstatSync(file, { throwIfNoEntry: false });
  return stat !== undefined && nowMs() - stat.mtimeMs > SETTLED_MS;
}
