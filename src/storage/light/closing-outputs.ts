/**
 * Keeps the closing output of each session instance of a worker as one run (runs.ts): a later one of the same instance
 * takes the place of the earlier one. Which run it is stands in `.coordination/roster/outputs/<session>[.<agent>].json`.
 *
 * Order: 1 the run, 2 the note of which it is. Killed in between, the next output makes a run of its own, and the one
 * before stays beside it. A later output is one rename: the file has the old words or the new ones.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { boundOutput, lastWords } from '../../domain/closing-output.ts';
import type { Instance } from '../../domain/delivery.ts';
import { NOTHING } from '../../domain/pool.ts';
import { removeIfThere, writeAtomic } from './files.ts';
import { readTail } from './log-tail.ts';
import { sweepOld } from './old-records.ts';
import {
  coordinationPath,
  fileNameOf,
  type PlaceRecord,
  readPlaceRecord,
  readRecord,
  type SessionRecord,
  writeRecord,
} from './roster.ts';
import { keepRun, TICKETS_FOLDER } from './runs.ts';
import { seatTakenBy } from './seat.ts';

interface OutputNote {
  readonly worker: string;
  readonly file: string;
}

/** So much of a transcript's end is looked at. */
export const TRANSCRIPT_BYTES = 262_144;
const FILE = /^\.taskers\/runs\/\d{8}_\d{6}\/[A-Za-z0-9._-]+\.txt$/;

/** What a worker was given to do. */
export function ticketFile(worker: string): string {
  return `${TICKETS_FOLDER}/${fileNameOf(worker)}.md`;
}

export function isTicketThere(home: string, worker: string): boolean {
  return existsSync(join(home, ticketFile(worker)));
}

/** A worker that was given a ticket, or that reports and does nothing else. */
export function hasTicket(home: string, { worker, scope }: PlaceRecord): boolean {
  return scope.some((rule) => rule.glob === NOTHING) || isTicketThere(home, worker);
}

/** At a session's end, where no turn has ended before: what its transcript has. */
export function keepUnkept(home: string, { session, agent, place, transcript }: SessionRecord): void {
  const record = readPlaceRecord(home, place);
  const instance = { session, agent };
  if (!record || record.isEnded || !transcript || outputOf(home, instance)) return;
  if (seatTakenBy(home, place, session) || !hasTicket(home, record)) return;
  const text = boundOutput(lastWords(readTail(transcript, TRANSCRIPT_BYTES)));
  if (text !== undefined) keepOutput(home, record.worker, instance, text, Date.now());
}

/** Answers the run's path from home, with `/`. */
export function keepOutput(
  home: string,
  worker: string,
  instance: Instance,
  text: string,
  atMs: number,
): string {
  const kept = outputOf(home, instance);
  if (kept?.worker === worker) {
    writeAtomic(join(home, kept.file), `${text}\n`, { durable: true });
    return kept.file;
  }
  const file = keepRun(home, worker, text, atMs);
  sweepOld(folderOf(home), atMs);
  writeRecord(noteFile(home, instance), { worker, file });
  return file;
}

/** The run that holds this instance's output; undefined where none does, or it is gone. */
function outputOf(home: string, instance: Instance): OutputNote | undefined {
  const note = readRecord<OutputNote>(noteFile(home, instance));
  const isOne = typeof note?.file === 'string' && FILE.test(note.file) && existsSync(join(home, note.file));
  return isOne ? note : undefined;
}

/** The session is over: what comes under its name later is another instance's. */
export function closeOutput(home: string, instance: Instance): void {
  removeIfThere(noteFile(home, instance));
}

function folderOf(home: string): string {
  return coordinationPath(home, 'roster', 'outputs');
}

function noteFile(home: string, { session, agent }: Instance): string {
  return join(folderOf(home), `${fileNameOf(agent === null ? session : `${session}.${agent}`)}.json`);
}
