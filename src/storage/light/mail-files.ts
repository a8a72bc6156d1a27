/**
 * Where mail lies: the boxes of each agent, the archive, the dead letters, the chats, and the mutex that each agent's
 * mail is moved under.
 *
 *   inbox/<agent>/<id>.json    waits for the agent; a file directly in inbox/ was dropped by an outside coordinator
 *   outbox/<agent>/<id>.json   sent by the agent and not acknowledged yet
 *   outbox/<id>.json           the same file, where it asks or tells the coordinator: for one that reads files alone
 *   archive/<day>/<id>.json    acknowledged
 *   dead/<agent>/<id>.json     nobody acknowledged it in time; dead/<name> was dropped and is no message
 *   chats/<a>+<b>.jsonl        what two workers said to each other
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { COORDINATOR, dayOfMessageId, OPERATOR } from '../../domain/identifiers.ts';
import type { Envelope } from '../../domain/message.ts';
import { isRoutine } from '../../domain/urgency.ts';
import { isErrno, listNames, makeFolder } from './files.ts';
import { withMutex } from './mutex.ts';
import { coordinationPath, fileNameOf } from './roster.ts';

const SUFFIX = '.json';

export function inboxFolder(home: string, agent: string): string {
  return coordinationPath(home, 'inbox', fileNameOf(agent));
}

export function outboxFolder(home: string, agent: string): string {
  return coordinationPath(home, 'outbox', fileNameOf(agent));
}

export function deadFolder(home: string, agent: string): string {
  return coordinationPath(home, 'dead', fileNameOf(agent));
}

export function archiveFile(home: string, id: string): string {
  return inFolder(coordinationPath(home, 'archive', dayOfMessageId(id) ?? 'undated'), id);
}

/** Where a message lies for an outside coordinator besides; undefined for those that do not concern it. */
export function outsideFile(home: string, message: Envelope): string | undefined {
  const isForLead = message.to === COORDINATOR || message.to === OPERATOR;
  return isForLead && !isRoutine(message)
    ? inFolder(coordinationPath(home, 'outbox'), message.id)
    : undefined;
}

/** Transitions that were acknowledged, and that nobody is known to have folded into STATE.md yet. */
export function unfoldedFolder(home: string): string {
  return coordinationPath(home, 'roster', 'unfolded');
}

export function inFolder(folder: string, id: string): string {
  return join(folder, `${fileNameOf(id)}${SUFFIX}`);
}

/** The ids of the messages in a folder, oldest first. */
export function listIds(folder: string): string[] {
  return listNames(folder)
    .filter((name) => name.endsWith(SUFFIX) && !name.startsWith('.'))
    .map((name) => name.slice(0, -SUFFIX.length))
    .sort();
}

/** Who has a box. */
export function listAgents(home: string, box: 'inbox' | 'outbox' | 'dead'): string[] {
  return foldersIn(coordinationPath(home, box)).filter((name) => !name.startsWith('.'));
}

/** Files lie beside the folders, whatever their names: a dropped one in the inbox, one for outside readers in the outbox. */
export function foldersIn(path: string): string[] {
  try {
    return readdirSync(path, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return [];
    throw error;
  }
}

/** Makes the boxes of an agent, so that it can be written to. */
export function openBoxes(home: string, agent: string): void {
  makeFolder(inboxFolder(home, agent));
  makeFolder(outboxFolder(home, agent));
}

export function hasInbox(home: string, agent: string): boolean {
  return existsSync(inboxFolder(home, agent));
}

/** Runs one move of an agent's mail: what it sends, and what it acknowledges. */
export function withMailMutex<T>(home: string, agent: string, body: () => T): T {
  const outcome = withMutex(coordinationPath(home, 'leases'), `mail-${agent}`, body);
  if (!outcome.done)
    throw new Error(`the mailbox of ${agent} stayed busy: ${JSON.stringify(outcome.problem)}`);
  return outcome.value;
}
