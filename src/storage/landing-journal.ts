/**
 * The journal of the landing under way: `.coordination/queue/landing.json`. Written before anything else of a landing
 * happens, and removed when everything that follows from it is saved; there is one at most, under the merge turn.
 */
import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { type LandingJournal, type LandingOrder, parseJournal, printJournal } from '../domain/landing.ts';
import { isoOf, nowMs } from './clock.ts';
import { makeFolder, readTextIfThere, removeIfThere, syncFolder, writeAtomic } from './light/files.ts';
import { coordinationPath } from './light/roster.ts';

function journalFile(home: string): string {
  return coordinationPath(home, 'queue', 'landing.json');
}

/** Undefined: no landing is under way. `broken`: there is something that is no journal. */
export function readJournal(home: string): LandingJournal | 'broken' | undefined {
  const text = readTextIfThere(journalFile(home));
  return text === undefined ? undefined : (parseJournal(text) ?? 'broken');
}

export function beginJournal(
  home: string,
  { target, from, to, entries }: LandingOrder,
  ref: string,
  checkouts: readonly string[],
): LandingJournal {
  const id = `${nowMs().toString(36)}-${process.pid.toString(36)}-${Math.random().toString(36).slice(2, 8)}`;
  const at = isoOf(nowMs());
  const journal = { id, at, target, ref, from, to, entries, checkouts, behind: checkouts, isSettled: false };
  makeFolder(coordinationPath(home, 'queue'));
  saveJournal(home, journal);
  return journal;
}

export function saveJournal(home: string, journal: LandingJournal): void {
  writeAtomic(journalFile(home), printJournal(journal), { durable: true });
}

/** The journal of this landing, and of no other. */
export function dropJournal(home: string, id: string): void {
  const journal = readJournal(home);
  if (journal === undefined || journal === 'broken' || journal.id !== id) return;
  if (removeIfThere(journalFile(home))) syncFolder(coordinationPath(home, 'queue'));
}

/** What is no journal tells nothing; kept for a person, beside what else was put aside. */
export function putJournalAside(home: string): void {
  const folder = coordinationPath(home, 'queue', 'aside');
  makeFolder(folder);
  renameSync(journalFile(home), join(folder, `landing-${isoOf(nowMs()).replace(/[:.]/g, '')}.json`));
}
