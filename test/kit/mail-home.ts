/** A project's mail without its repository: the roster's records and the boxes, for tests of what moves mail. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Envelope } from '../../src/domain/message.ts';
import type { Caller } from '../../src/storage/light/caller.ts';
import { openBoxes } from '../../src/storage/light/mail-files.ts';
import { listWaiting, readWaiting } from '../../src/storage/light/mailbox.ts';
import { writeWorkerRecord } from '../../src/storage/light/roster.ts';
import { home, placeRecord } from '../storage/scratch.ts';

export function mailHome(...phases: string[]): string {
  const folder = home();
  for (const agent of ['coordinator', 'operator']) openBoxes(folder, agent);
  for (const phase of phases) addWorker(folder, phase);
  return folder;
}

export function addWorker(folder: string, phase: string, state: 'active' | 'ended' = 'active'): void {
  const worker = `worker-${phase}`;
  const place = `${phase}-phase`;
  writeWorkerRecord(folder, {
    worker,
    phase,
    folder: place,
    place,
    worktree: join(folder, place),
    branch: `coord/${place}`,
    state,
  });
  openBoxes(folder, worker);
}

/** `operator`, `coordinator` or a phase's id. */
export function callerOf(folder: string, who: string, session: string | null = null): Caller {
  const base = { home: folder, root: folder, commonDir: join(folder, '.git'), session };
  if (who === 'operator' || who === 'coordinator')
    return { ...base, place: null, kind: who, name: who, record: undefined };
  const name = `worker-${who}`;
  return { ...base, place: `${who}-phase`, kind: 'worker', name, record: placeRecord(name, folder) };
}

export function mailOf(folder: string, agent: string): Envelope[] {
  return listWaiting(folder, agent)
    .map((id) => readWaiting(folder, agent, id))
    .filter((envelope) => envelope !== undefined && envelope !== 'unreadable');
}

/** The log, line by line; lines of another hand are undefined. */
export function loggedIn(folder: string): (Envelope | undefined)[] {
  const lines = readFileSync(join(folder, '.coordination/messages.jsonl'), 'utf8')
    .split('\n')
    .filter(Boolean);
  return lines.map((line) => {
    try {
      return JSON.parse(line) as Envelope;
    } catch (error) {
      if (error instanceof SyntaxError) return undefined;
      throw error;
    }
  });
}

export function drop(folder: string, name: string, message: object | string): string {
  const file = join(folder, '.coordination/inbox', name);
  writeFileSync(file, typeof message === 'string' ? message : JSON.stringify(message, null, 2));
  return file;
}
