/**
 * Dead letters: messages that nobody acknowledged in time, and dropped files that are no message. Nothing in here is
 * lost: `coord dead` lists it, and an agent's dead letters wait for it again when a session of it starts.
 *
 * Order of writes of a burial, under the receiver's mutex: 1 a transition is kept for folding, 2 `dead/<agent>/<id>.json`
 * with when and why (fsync), 3 the notices, 4 unlink from the outbox, 5 unlink from the inbox. The inbox name goes last,
 * since it is what the message is found by; a burial that was killed is carried on with the moment that 2 names, so
 * its notices have the same ids and are sent once. Raising is one rename.
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
  listIds,
  outboxFolder,
  withMailMutex,
} from './mail-files.ts';
import { coordinationPath, fileNameOf } from './roster.ts';

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

/** The id of a message that was given up; its outside coordinator still finds it in `outbox/`. */
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
  const agents = agent === undefined ? listNames(coordinationPath(home, 'dead')) : [agent];
  return agents
    .filter((name) => !name.includes('.json'))
    .flatMap((name) => listIds(deadFolder(home, name)).map((id) => readDead(home, name, id)))
    .filter((letter) => letter !== undefined);
}

/** Lets a dead letter wait again; false when there is none of that id. */
export function raiseMessage(home: string, agent: string, id: string): boolean {
  return withMailMutex(home, agent, () => {
    const dead = inFolder(deadFolder(home, agent), id);
    if (!existsSync(dead)) return false;
    makeFolder(inboxFolder(home, agent));
    renameSync(dead, inFolder(inboxFolder(home, agent), id));
    return true;
  });
}

/** Names of dropped files that were set aside. */
export function listSetAside(home: string): string[] {
  return listNames(coordinationPath(home, 'dead')).filter((name) => name.endsWith('.reason.txt'));
}

/** Moves a file that is no message to dead/, with the reason beside it; answers its name there. */
export function setAside(home: string, file: string, name: string, reason: string): string {
  const folder = coordinationPath(home, 'dead');
  makeFolder(folder);
  const kept = freeName(folder, fileNameOf(name));
  writeAtomic(`${folder}/${kept}.reason.txt`, `${reason}\n`, { durable: true });
  renameSync(file, `${folder}/${kept}`);
  return kept;
}

function freeName(folder: string, name: string): string {
  for (let n = 1; n < 1_000; n += 1) {
    const candidate = n === 1 ? name : `${n}-${name}`;
    if (!existsSync(`${folder}/${candidate}`)) return candidate;
  }
  return `${Date.now()}-${name}`;
}
