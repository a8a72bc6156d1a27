/**
 * The mailbox: what waits, for whom.
 *
 * States of a message by where its file is, each move made by one link or unlink:
 *   sending       outbox/<from>/ only                    nobody was told that it is sent
 *   waiting       outbox/<from>/ and inbox/<to>/         sent; `send` returned
 *   acknowledged  archive/<day>/                         the inbox and outbox names are gone, or about to go
 * Invariants: a file is complete before it has a name; an id has one file content until it is archived; the log has
 * each id once; a message in the archive is never waiting again. The moves: sending.ts, acknowledging.ts.
 */
import { existsSync } from 'node:fs';
import { COORDINATOR, OPERATOR } from '../../domain/identifiers.ts';
import { type Envelope, parseEnvelope } from '../../domain/message.ts';
import { isRoutine, markInId } from '../../domain/urgency.ts';
import { finishAcknowledging } from './acknowledging.ts';
import { isErrno, readTextIfThere, removeIfThere } from './files.ts';
import {
  archiveFile,
  deadFolder,
  inboxFolder,
  inFolder,
  listAgents,
  listIds,
  outboxFolder,
  unfoldedFolder,
} from './mail-files.ts';
import { coordinationPath } from './roster.ts';

/** Files without a mark in their name read at most to find one that rings. */
const READ_MAX = 256;

/** The ids that wait for an agent, oldest first. */
export function listWaiting(home: string, agent: string): string[] {
  return listIds(inboxFolder(home, agent));
}

/** What an agent has sent and nobody acknowledged yet. */
export function listUnacknowledged(home: string, agent: string): string[] {
  return listIds(outboxFolder(home, agent));
}

/** A waiting message; undefined when it is gone, or acknowledged by someone who was killed before its unlink. */
export function readWaiting(home: string, agent: string, id: string): Envelope | undefined | 'unreadable' {
  const text = readText(inFolder(inboxFolder(home, agent), id));
  if (text === undefined || text === 'unreadable') return text;
  const envelope = parseEnvelope(text);
  if (!envelope || envelope.id !== id) return 'unreadable';
  if (!existsSync(archiveFile(home, id))) return envelope;
  finishAcknowledging(home, agent, id);
  return undefined;
}

/** Of these waiting ids the ones that are worth a turn of their own. A file is read only where its name does not say. */
export function ringing(home: string, agent: string, ids: readonly string[]): string[] {
  let read = 0;
  return ids.filter((id) => {
    const mark = markInId(id);
    if (mark !== undefined) return mark !== 'q';
    read += 1;
    const envelope = read <= READ_MAX ? readWaiting(home, agent, id) : undefined;
    return envelope !== undefined && envelope !== 'unreadable' && !isRoutine(envelope);
  });
}

/** What somebody put into a box is not always a file that can be read. */
function readText(file: string): string | undefined | 'unreadable' {
  try {
    return readTextIfThere(file);
  } catch (error) {
    if (isErrno(error, 'EISDIR', 'EACCES', 'EPERM', 'ELOOP', 'EIO')) return 'unreadable';
    throw error;
  }
}

/** A message wherever it is: waiting for the agent, archived, or given up. */
export function findMessage(home: string, agent: string, id: string): Envelope | undefined {
  const boxes = [inFolder(inboxFolder(home, agent), id), archiveFile(home, id)];
  return firstIn([...boxes, inFolder(deadFolder(home, agent), id)], id, ({ to }) => to === agent);
}

/** A message that asked or told the coordinator or the operator, whether it waits or is acknowledged. */
export function findForLead(home: string, id: string): Envelope | undefined {
  const files = [inFolder(coordinationPath(home, 'outbox'), id), archiveFile(home, id)];
  return firstIn(files, id, ({ to }) => to === COORDINATOR || to === OPERATOR);
}

/** A message that an agent sent, whether it is acknowledged or not. */
export function findSent(home: string, agent: string, id: string): Envelope | undefined {
  const files = [inFolder(outboxFolder(home, agent), id), archiveFile(home, id)];
  return firstIn(files, id, ({ from }) => from === agent);
}

/** A message of that id wherever it lies, whoever it is for: waiting, sent, acknowledged, given up. */
export function findAnywhere(home: string, id: string): Envelope | undefined {
  const files = [
    archiveFile(home, id),
    ...listAgents(home, 'inbox').map((agent) => inFolder(inboxFolder(home, agent), id)),
    ...listAgents(home, 'outbox').map((agent) => inFolder(outboxFolder(home, agent), id)),
    ...listAgents(home, 'dead').map((agent) => inFolder(deadFolder(home, agent), id)),
  ];
  return firstIn(files, id, () => true);
}

/** The first of these files that is the message of that id, and the one that is meant. */
function firstIn(
  files: readonly string[],
  id: string,
  isMeant: (envelope: Envelope) => boolean,
): Envelope | undefined {
  for (const file of files) {
    const text = readText(file);
    const envelope = text === undefined ? undefined : parseEnvelope(text);
    if (envelope?.id === id && isMeant(envelope)) return envelope;
  }
  return undefined;
}

/** Acknowledged transitions that nobody is known to have folded, oldest first. */
export function readUnfolded(home: string, limit: number): Envelope[] {
  const folder = unfoldedFolder(home);
  return listIds(folder)
    .slice(0, limit)
    .map((id) => readText(inFolder(folder, id)))
    .map((text) => (text === undefined ? undefined : parseEnvelope(text)))
    .filter((envelope) => envelope?.to === COORDINATOR)
    .filter((envelope) => envelope !== undefined);
}

/** To be called when STATE.md holds what these said. */
export function forgetUnfolded(home: string, ids: readonly string[]): void {
  for (const id of ids) removeIfThere(inFolder(unfoldedFolder(home), id));
}
