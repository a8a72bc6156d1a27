/**
 * Dead letters: messages that nobody acknowledged in time, and dropped files that are no message. Nothing in here is
 * lost: `coord dead` lists it, and an agent's dead letters wait for it again when a session of it starts.
 *
 * Order of writes of a burial, under the receiver's mutex: 1 a transition is kept for folding, 2 `dead/<agent>/<id>.json`
 * with when and why (fsync), 3 the notices, 4 unlink from the outbox, 5 unlink from the inbox. The inbox name goes last,
 * since it is what the message is found by; a burial that was killed is carried on with the moment that 2 names, so
 * its notices have the same ids and are sent once. Raising is one rename; the file's time is set before, since a raised
 * message waits as long as a new one.
 */
import { existsSync, renameSync } from 'node:fs';
import { type Envelope, parseEnvelope, printEnvelope } from '../../domain/message.ts';
import { keepForFolding } from './acknowledging.ts';
import {
  createExclusive,
  listNames,
  makeFolder,
  readTextIfThere,
  removeIfThere,
  writeAtomic,
} from './files.ts';
import {
  archiveFile,
  deadFolder,
  inboxFolder,
  inFolder,
  listAgents,
  listIds,
  outboxFolder,
  withMailMutex,
} from './mail-files.ts';
import { coordinationPath, fileNameOf, touch } from './roster.ts';

export interface Death {
  readonly at: string;
  readonly reason: string;
  readonly rings: number;
}

export interface DeadLetter {
  readonly agent: string;
  readonly envelope: Envelope;
  readonly death: Death | undefined;
}

/** Gives a waiting message up: false when it waits no longer. An outside coordinator still finds it in `outbox/`. */
export function buryMessage(
  home: string,
  agent: string,
  id: string,
  death: Death,
  tell: (envelope: Envelope, death: Death) => void,
): boolean {
  return withMailMutex(home, agent, () => {
    const file = inFolder(inboxFolder(home, agent), id);
    const text = readTextIfThere(file);
    const envelope = text === undefined ? undefined : parseEnvelope(text);
    if (!envelope || existsSync(archiveFile(home, id))) return false;
    keepForFolding(home, file, envelope);
    const folder = deadFolder(home, agent);
    makeFolder(folder);
    const dead = inFolder(folder, id);
    const buried = { ...envelope, metadata: { ...envelope.metadata, undelivered: death } };
    createExclusive(dead, `${printEnvelope(buried)}\n`, { durable: true });
    tell(envelope, readDead(home, agent, id)?.death ?? death);
    removeIfThere(inFolder(outboxFolder(home, envelope.from), id));
    removeIfThere(file);
    return true;
  });
}

function readDead(home: string, agent: string, id: string): DeadLetter | undefined {
  const text = readTextIfThere(inFolder(deadFolder(home, agent), id));
  const envelope = text === undefined ? undefined : parseEnvelope(text);
  return envelope
    ? { agent, envelope, death: envelope.metadata['undelivered'] as Death | undefined }
    : undefined;
}

/** All dead letters, oldest first; of one agent where one is named. */
export function listDead(home: string, agent?: string): DeadLetter[] {
  const agents = agent === undefined ? listAgents(home, 'dead') : [agent];
  return agents
    .flatMap((name) => listIds(deadFolder(home, name)).map((id) => readDead(home, name, id)))
    .filter((letter) => letter !== undefined);
}

/** How many dead letters there are, without reading them. */
export function countDead(home: string): number {
  return listAgents(home, 'dead').reduce((sum, agent) => sum + listIds(deadFolder(home, agent)).length, 0);
}

/** Lets a dead letter wait again; false when there is none of that id. */
export function raiseMessage(home: string, agent: string, id: string, nowMs = Date.now()): boolean {
  if (!existsSync(inFolder(deadFolder(home, agent), id))) return false;
  return withMailMutex(home, agent, () => raiseHeld(home, agent, id, nowMs));
}

/** All of an agent's. */
export function raiseMessages(home: string, agent: string, nowMs = Date.now()): void {
  if (listNames(deadFolder(home, agent), 1).length === 0) return;
  withMailMutex(home, agent, () => {
    for (const id of listIds(deadFolder(home, agent))) raiseHeld(home, agent, id, nowMs);
  });
}

function raiseHeld(home: string, agent: string, id: string, nowMs: number): boolean {
  const dead = inFolder(deadFolder(home, agent), id);
  if (!touch(dead, nowMs)) return false;
  makeFolder(inboxFolder(home, agent));
  renameSync(dead, inFolder(inboxFolder(home, agent), id));
  return true;
}

/** Names of dropped files that were set aside. */
export function listSetAside(home: string): string[] {
  return listNames(coordinationPath(home, 'dead')).filter((name) => name.endsWith('.reason.txt'));
}

/**
 * Moves a file that is no message to dead/, with the reason beside it. Told before it is moved: killed in between, it
 * gets the same name again, and a notice of the same id is sent once.
 */
export function setAside(
  home: string,
  file: { readonly path: string; readonly name: string },
  reason: string,
  tell: (kept: string) => void,
): void {
  const folder = coordinationPath(home, 'dead');
  makeFolder(folder);
  const kept = freeName(folder, fileNameOf(file.name));
  writeAtomic(`${folder}/${kept}.reason.txt`, `${reason}\n`, { durable: true });
  tell(kept);
  renameSync(file.path, `${folder}/${kept}`);
}

function freeName(folder: string, name: string): string {
  for (let n = 1; n < 1_000; n += 1) {
    const candidate = n === 1 ? name : `${n}-${name}`;
    if (!existsSync(`${folder}/${candidate}`)) return candidate;
  }
  return `${Date.now()}-${name}`;
}
