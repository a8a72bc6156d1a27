/**
 * Where mail lies: the boxes of each agent, the archive, the log, and the mutex that each agent's mail is moved under.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { dayOfMessageId } from '../../domain/identifiers.ts';
import { listNames, makeFolder } from './files.ts';
import { withMutex } from './mutex.ts';
import { coordinationPath, fileNameOf } from './roster.ts';

export const LOG_FILE = 'messages.jsonl';
const SUFFIX = '.json';

export function inboxFolder(home: string, agent: string): string {
  return coordinationPath(home, 'inbox', fileNameOf(agent));
}

export function outboxFolder(home: string, agent: string): string {
  return coordinationPath(home, 'outbox', fileNameOf(agent));
}

export function logFile(home: string): string {
  return coordinationPath(home, LOG_FILE);
}

export function archiveFile(home: string, id: string): string {
  return inFolder(coordinationPath(home, 'archive', dayOfMessageId(id) ?? 'undated'), id);
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
