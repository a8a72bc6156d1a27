/**
 * The merge queue on disk.
 *
 *   queue/entries/<id>.json   one entry (domain/queue-entry), written whole, with a revision that counts the saves
 *   queue/aside/<id>.<moment>.json   an entry that could not be read, and beside it `….reason.txt`
 *   queue/logs/               outputs and conflicts of rejected tries, bounded
 *
 * Invariants: an entry is changed under the mutex `queue` alone; a landing (the target's ref moves) runs under it too,
 * so an entry that lands cannot be cancelled meanwhile. While the journal of a landing names an entry, nobody changes it
 * but the run that carries the landing on. Each save is one file: killed before it, nothing happened. An entry that
 * cannot be read stops nobody: it is set aside with a reason by the next one that changes the queue.
 */
import { renameSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { LandingJournal } from '../../domain/landing.ts';
import { done, type Outcome, refuse } from '../../domain/problem.ts';
import {
  byAge,
  entryIdOf,
  isOpen,
  numberOf,
  type QueueEntry,
  type QueueRefusal,
} from '../../domain/queue-entry.ts';
import { parseEntry, printEntry } from '../../domain/queue-record.ts';
import { isErrno, listNames, makeFolder, readTextIfThere, removeIfThere, writeAtomic } from './files.ts';
import type { Held } from './lease.ts';
import { withMutex } from './mutex.ts';
import { sweepTemporaries } from './process.ts';
import { coordinationPath, readRecord } from './roster.ts';

const MUTEX = 'queue';
/** A landing runs inside, with the checkout of what changed. */
const WAIT_MS = 180_000;
/** Final entries that are kept; of each phase the last one stays in any case, since its number is not used twice. */
const FINAL_MAX = 500;

export interface BrokenEntry {
  readonly file: string;
  readonly why: string;
}

export function queuePath(home: string, ...parts: string[]): string {
  return coordinationPath(home, 'queue', ...parts);
}

/** Runs a change of the queue, one at a time. */
export function withQueue<T>(home: string, body: (held: Held) => Outcome<T>): Outcome<T> {
  const outcome = withMutex(coordinationPath(home, 'leases'), MUTEX, body, { waitMs: WAIT_MS });
  return outcome.done ? outcome.value : refuse({ code: 'mutex-timeout', name: MUTEX });
}

/** All entries, oldest first, and the files that are none. */
export function listEntries(home: string): { entries: QueueEntry[]; broken: BrokenEntry[] } {
  const entries: QueueEntry[] = [];
  const broken: BrokenEntry[] = [];
  for (const name of entryNames(home)) {
    const file = queuePath(home, 'entries', name);
    const read = readEntryFile(file, name.slice(0, -'.json'.length));
    if (read === undefined) continue;
    if ('flaw' in read) broken.push({ file, why: read.flaw });
    else entries.push(read);
  }
  return { entries: entries.sort(byAge), broken };
}

export function readEntry(home: string, id: string): QueueEntry | undefined {
  const read = readEntryFile(queuePath(home, 'entries', `${id}.json`), id);
  return read === undefined || 'flaw' in read ? undefined : read;
}

/** The one entry of a phase that is not final. */
export function openEntryOf(home: string, phase: string): QueueEntry | undefined {
  return listEntries(home).entries.find((entry) => isOpen(entry) && isPhase(entry, phase));
}

type Made = QueueEntry | QueueRefusal;

/** Saves what `make` answers for the phase: its open entry changed, or a new one under the id that it is given. */
export function putEntry(
  held: Held,
  home: string,
  phase: string,
  make: (open: QueueEntry | undefined, id: string) => Made,
): Outcome<QueueEntry> {
  setAside(held, home);
  const numbers = entryNames(home).map((name) => numberOf(name.slice(0, -'.json'.length), phase) ?? 0);
  const asideNumbers = listNames(queuePath(home, 'aside')).map(
    (name) => numberOf(asideIdOf(name), phase) ?? 0,
  );
  const open = openEntryOf(home, phase);
  const number = Math.max(0, ...numbers, ...asideNumbers) + 1;
  return save(held, home, open, make(open, entryIdOf(phase, number)));
}

export function changeEntry(
  held: Held,
  home: string,
  id: string,
  change: (entry: QueueEntry) => Made,
  options: { isLanding?: boolean } = {},
): Outcome<QueueEntry> {
  const entry = readEntry(home, id);
  if (!entry) return refuse({ code: 'entry-unknown', asked: id, known: [] });
  return save(held, home, entry, change(entry), options.isLanding);
}

function save(
  _held: Held,
  home: string,
  before: QueueEntry | undefined,
  next: Made,
  isLanding = false,
): Outcome<QueueEntry> {
  if ('code' in next) return refuse(next);
  if (next === before) return done(next);
  if (before && !isLanding && isBeingLanded(home, before.id))
    return refuse({ code: 'entry-landing', entry: before.id, phase: before.phase });
  const saved = { ...next, revision: (before?.revision ?? 0) + 1 };
  const folder = queuePath(home, 'entries');
  const file = join(folder, `${saved.id}.json`);
  const text = printEntry(saved);
  const read = parseEntry(text, saved.id);
  if ('flaw' in read) throw new Error(`the entry ${saved.id} would not be read again: ${read.flaw}`);
  makeFolder(folder);
  writeAtomic(file, text, { durable: true });
  return done(saved);
}

/** Named by the journal of a landing that is not closed: storage/landing-journal writes it. */
function isBeingLanded(home: string, id: string): boolean {
  const journal = readRecord<Partial<LandingJournal>>(queuePath(home, 'landing.json'));
  if (!Array.isArray(journal?.entries) || journal.isSettled === true) return false;
  return journal.entries.some((one) => one?.entry === id);
}

/** Sets entries aside that cannot be read. Order: 1 the reason, 2 the file moves. The caller holds the mutex. */
export function setAside(_held: Held, home: string): BrokenEntry[] {
  const folder = queuePath(home, 'aside');
  return listEntries(home).broken.map(({ file, why }) => {
    makeFolder(folder);
    const id = basename(file, '.json');
    const names = new Set(listNames(folder));
    let number = 1;
    while (names.has(`${id}~${number}.json`)) number += 1;
    const kept = join(folder, `${id}~${number}.json`);
    writeAtomic(join(folder, `${id}~${number}.reason.txt`), `${why}\n`, { durable: true });
    renameSync(file, kept);
    return { file: kept, why };
  });
}

function asideIdOf(name: string): string {
  return name.slice(0, Math.max(0, name.lastIndexOf('~')));
}

/** Final entries beyond the newest ones go, and temporaries of killed writers. The caller holds the mutex. */
export function sweepEntries(_held: Held, home: string, nowMs: number): void {
  const folder = queuePath(home, 'entries');
  sweepTemporaries(folder, listNames(folder), nowMs);
  const { entries } = listEntries(home);
  const last = new Map(entries.map(({ phase, id }) => [phase, numberOf(id, phase) ?? 0]));
  for (const { phase, id } of entries)
    last.set(phase, Math.max(last.get(phase) ?? 0, numberOf(id, phase) ?? 0));
  const final = entries.filter((entry) => !isOpen(entry) && !entry.untold);
  for (const { id, phase } of final.slice(0, Math.max(0, final.length - FINAL_MAX)))
    if (numberOf(id, phase) !== last.get(phase)) removeIfThere(join(folder, `${id}.json`));
}

function entryNames(home: string): string[] {
  return listNames(queuePath(home, 'entries')).filter(
    (name) => name.endsWith('.json') && !name.startsWith('.'),
  );
}

function readEntryFile(file: string, id: string): QueueEntry | { flaw: string } | undefined {
  try {
    const text = readTextIfThere(file);
    return text === undefined ? undefined : parseEntry(text, id);
  } catch (error) {
    if (isErrno(error, 'EISDIR')) return { flaw: 'it is a folder' };
    throw error;
  }
}

function isPhase(entry: QueueEntry, phase: string): boolean {
  return entry.phase.toLowerCase() === phase.toLowerCase();
}
