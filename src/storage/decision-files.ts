/**
 * DECISIONS.md, its archives and the ledger.
 *
 *   DECISIONS.md, docs/decisions/<year>.md   the log (domain/decision-log)
 *   .coordination/decisions/<key>.json       the ledger: each entry as it was when it was recorded, one file each,
 *                                            by number (`D12`), a foreign one by its hash
 *
 * Order of an addition, under the mutex of the document: 1 the archives, where entries have to move, 2 DECISIONS.md,
 * 3 the ledger. Killed after 1, entries stand in both places, the same; the next addition takes them out of
 * DECISIONS.md. Killed after 2, the ledger lacks the entry, and takes it in at the next addition: its mark is whole.
 */
import { join } from 'node:path';
import {
  type DecisionLog,
  entriesToArchive,
  essenceOf,
  type LogEntry,
  linkArchives,
  parseLog,
  printLog,
  withArchived,
} from '../domain/decision-log.ts';
import { hash128 } from '../domain/names.ts';
import { DECISIONS_FILE, DECISIONS_FOLDER } from '../domain/project-paths.ts';
import { listNames, makeFolder, readTextIfThere, writeAtomic } from './light/files.ts';
import { coordinationPath, readRecord, writeRecord } from './light/roster.ts';

/** An entry as it was recorded. */
export interface LedgerEntry {
  /** Null for one that coord did not make. */
  readonly number: number | null;
  readonly date: string;
  readonly title: string;
  readonly hash: string;
  readonly text: string;
}

export interface DecisionFile {
  /** From home, with `/`. */
  readonly file: string;
  readonly log: DecisionLog;
}

const YEAR_FILE = /^\d{4}\.md$/;

/** Against slips, not against an enemy, who could seal what he changed: that the ledger finds, which has the text. */
export function hashOf(text: string): string {
  return hash128(essenceOf(text));
}

export function readDecisions(home: string): DecisionLog | undefined {
  const text = readTextIfThere(join(home, DECISIONS_FILE));
  return text === undefined ? undefined : parseLog(text);
}

/** DECISIONS.md first, then the archives, newest year first. */
export function readAllDecisions(home: string): DecisionFile[] {
  const log = readDecisions(home);
  const archives = archiveYears(home).map((year) => ({
    file: archiveFile(year),
    log: readArchive(home, year),
  }));
  return [...(log ? [{ file: DECISIONS_FILE, log }] : []), ...archives];
}

function archiveFile(year: string): string {
  return `${DECISIONS_FOLDER}/${year}.md`;
}

function archiveYears(home: string): string[] {
  return listNames(join(home, DECISIONS_FOLDER))
    .filter((name) => YEAR_FILE.test(name))
    .map((name) => name.slice(0, 4))
    .sort()
    .reverse();
}

function readArchive(home: string, year: string): DecisionLog {
  const text = readTextIfThere(join(home, archiveFile(year)));
  const head = `# Architectural Decision Log: ${year}\n\nMoved here from [DECISIONS.md](../../${DECISIONS_FILE}), as they were.\n\n---\n\n`;
  return parseLog(text ?? head);
}

/** Writes the log, moving what is too old into its year first; answers the files that were written, from home. */
export function writeDecisions(home: string, log: DecisionLog, note: (paths: string[]) => void): string[] {
  const moved = entriesToArchive(log);
  const files = [...moved.keys()].map(archiveFile);
  // Before the first write, or the Stop hook would ask who wrote it.
  note([DECISIONS_FILE, ...files].map((file) => join(home, file)));
  if (moved.size > 0) makeFolder(join(home, DECISIONS_FOLDER));
  for (const [year, entries] of moved) {
    const archive = withArchived(readArchive(home, year), entries);
    writeAtomic(join(home, archiveFile(year)), printLog(archive), { durable: true });
  }
  const gone = new Set([...moved.values()].flat());
  const kept = {
    head: moved.size === 0 ? log.head : linkArchives(log.head, archiveYears(home)),
    entries: log.entries.filter((entry) => !gone.has(entry)),
  };
  writeAtomic(join(home, DECISIONS_FILE), printLog(kept), { durable: true });
  return [DECISIONS_FILE, ...files];
}

/** A file of the log as it is meant to be, when a repair has put it together. */
export function writeDecisionFile(home: string, { file, log }: DecisionFile): void {
  makeFolder(join(home, DECISIONS_FOLDER));
  writeAtomic(join(home, file), printLog(log), { durable: true });
}

function ledgerFolder(home: string): string {
  return coordinationPath(home, 'decisions');
}

function ledgerFile(home: string, entry: Pick<LedgerEntry, 'number' | 'hash'>): string {
  const key = entry.number === null ? `foreign-${entry.hash.slice(0, 32)}` : `D${entry.number}`;
  return join(ledgerFolder(home), `${key}.json`);
}

export function readLedger(home: string): LedgerEntry[] {
  const folder = ledgerFolder(home);
  return listNames(folder)
    .filter((name) => /^(?:D\d+|foreign-[0-9a-f]+)\.json$/.test(name))
    .map((name) => readRecord<LedgerEntry>(join(folder, name)))
    .filter(
      (entry) => entry !== undefined && typeof entry.text === 'string' && typeof entry.hash === 'string',
    )
    .map((entry) => entry as LedgerEntry)
    .sort((a, b) => (b.number ?? 0) - (a.number ?? 0));
}

export function writeLedger(home: string, entry: LedgerEntry): void {
  makeFolder(ledgerFolder(home));
  writeRecord(ledgerFile(home, entry), entry);
}

export function ledgerEntryOf(entry: LogEntry): LedgerEntry {
  const { number = null, date, title, text } = entry;
  return { number, date, title, text, hash: hashOf(text) };
}

const CONFLICT = /^(?:<{7}|>{7})(?: |$)/m;

/** The file of the log that git has left in conflict: its entries are torn, and nobody wrote what they say. */
export function fileInConflict(files: readonly DecisionFile[]): string | undefined {
  const isTorn = ({ log: { head, entries } }: DecisionFile) =>
    CONFLICT.test(head) || entries.some(({ text }) => CONFLICT.test(text));
  return files.find(isTorn)?.file;
}

/** Takes entries into the ledger that it does not know and that are as they were written; changed ones are left out. */
export function adoptEntries(home: string, files: readonly DecisionFile[]): void {
  if (fileInConflict(files) !== undefined) return;
  const known = readLedger(home);
  const numbers = new Set(known.map((entry) => entry.number));
  const hashes = new Set(known.map((entry) => entry.hash));
  for (const entry of files.flatMap(({ log }) => log.entries)) {
    const taken = ledgerEntryOf(entry);
    const isKnown = taken.number === null ? hashes.has(taken.hash) : numbers.has(taken.number);
    const isWhole = taken.number === null || entry.hash === taken.hash;
    if (!isKnown && isWhole) writeLedger(home, taken);
  }
}
