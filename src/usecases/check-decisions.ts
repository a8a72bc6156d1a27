/**
 * The part of doctor that looks at DECISIONS.md and its archives: an entry that was changed, one that is gone, a number
 * that stands twice. The ledger says how each was when it was recorded; in a clone without it, the marks do.
 *
 * Repair sets the files aside (`.coordination/decisions/aside/`) and writes them with the entries as they were
 * recorded; what is not in the ledger stays as it is. A change that is meant is accepted by its number.
 */
import { copyFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type DecisionLog, type LogEntry, parseLog, printMark } from '../domain/decision-log.ts';
import { done, type Outcome, refuse } from '../domain/problem.ts';
import { DECISIONS_FILE } from '../domain/project-paths.ts';
import { isoOf, nowMs } from '../storage/clock.ts';
import {
  type DecisionFile,
  fileInConflict,
  hashOf,
  type LedgerEntry,
  ledgerEntryOf,
  readAllDecisions,
  readLedger,
  writeDecisionFile,
  writeLedger,
} from '../storage/decision-files.ts';
import { makeFolder } from '../storage/light/files.ts';
import { noteChanges } from '../storage/light/journal.ts';
import { withMutex } from '../storage/light/mutex.ts';
import { coordinationPath } from '../storage/light/roster.ts';
import { DECISIONS_MUTEX } from './record-decision.ts';
import type { Scribe } from './write-history.ts';

export type DecisionFinding = {
  /** `decision-conflict`: git has left the file in conflict; until that is ended nothing of it can be told. */
  code: 'decision-changed' | 'decision-gone' | 'decision-twice' | 'decision-conflict';
  /** Null for one that coord did not make. */
  number: number | null;
  title: string;
  file: string;
  /** False where nothing says how it was. */
  isKnown: boolean;
  repaired: boolean;
};

export function checkDecisions(home: string, repair: boolean): DecisionFinding[] {
  const found = findFlaws(home);
  if (!repair || !found.some((finding) => finding.isKnown)) return found;
  const outcome = withMutex(coordinationPath(home, 'leases'), DECISIONS_MUTEX, () => restore(home));
  if (!outcome.done) return found;
  const left = findFlaws(home);
  const isLeft = (one: DecisionFinding) =>
    left.some((other) => other.code === one.code && other.number === one.number && other.title === one.title);
  return found.map((one) => ({ ...one, repaired: !isLeft(one) }));
}

function findFlaws(home: string): DecisionFinding[] {
  const files = readAllDecisions(home);
  const torn = fileInConflict(files);
  if (torn !== undefined)
    return [
      { code: 'decision-conflict', number: null, title: '', file: torn, isKnown: false, repaired: false },
    ];
  const ledger = readLedger(home);
  const all = files.flatMap(({ file, log }) =>
    log.entries.map((entry) => ({ file, entry, hash: hashOf(entry.text) })),
  );
  const hashes = new Set(all.map((one) => one.hash));
  const found: DecisionFinding[] = [];
  for (const known of ledger) {
    if (hashes.has(known.hash)) continue;
    const same = all.find((one) => known.number !== null && one.entry.number === known.number);
    const code = same ? 'decision-changed' : 'decision-gone';
    found.push({
      code,
      number: known.number,
      title: known.title,
      file: same?.file ?? DECISIONS_FILE,
      isKnown: true,
      repaired: false,
    });
  }
  const inLedger = new Set(ledger.map((entry) => entry.number));
  for (const { file, entry, hash } of all) {
    const { number, title } = entry;
    if (number === undefined || inLedger.has(number) || entry.hash === hash) continue;
    found.push({ code: 'decision-changed', number, title, file, isKnown: false, repaired: false });
  }
  return [...found, ...findTwice(all)];
}

/** Two clones that recorded at once have one number for two decisions; the same text in two files is a move under way. */
function findTwice(all: readonly { file: string; entry: LogEntry; hash: string }[]): DecisionFinding[] {
  const seen = new Map<number, string>();
  const found: DecisionFinding[] = [];
  for (const { file, entry, hash } of all) {
    const { number, title } = entry;
    if (number === undefined) continue;
    const other = seen.get(number);
    if (other !== undefined && other !== hash && entry.hash === hash)
      found.push({ code: 'decision-twice', number, title, file, isKnown: false, repaired: false });
    seen.set(number, hash);
  }
  return found;
}

function restore(home: string): void {
  const ledger = readLedger(home);
  const files = readAllDecisions(home);
  setAside(home, files);
  const byNumber = new Map(ledger.map((entry) => [entry.number, entry]));
  const hashes = new Set(files.flatMap(({ log }) => log.entries.map((entry) => hashOf(entry.text))));
  const missing = ledger.filter((entry) => !hashes.has(entry.hash));
  const changed = new Set<number | null>();
  const mended = files.map(({ file, log }): DecisionFile => {
    const entries = log.entries.map((entry) => {
      const known = entry.number === undefined ? undefined : byNumber.get(entry.number);
      if (!known || known.hash === hashOf(entry.text) || changed.has(known.number)) return entry;
      changed.add(known.number);
      return { ...entry, text: known.text };
    });
    return { file, log: { ...log, entries } };
  });
  const gone = missing.filter((entry) => entry.number === null || !changed.has(entry.number));
  const [main, ...archives] = mended[0]?.file === DECISIONS_FILE ? mended : [emptyMain(), ...mended];
  const whole = { file: DECISIONS_FILE, log: withGone(main?.log ?? emptyMain().log, gone) };
  const paths = [whole, ...archives].map(({ file }) => join(home, file));
  noteChanges(home, null, { atMs: nowMs(), session: 'terminal', paths });
  for (const file of [whole, ...archives]) writeDecisionFile(home, file);
}

function emptyMain(): DecisionFile {
  return { file: DECISIONS_FILE, log: parseLog('# Architectural Decision Log\n\n---\n\n') };
}

/** Each where it stood: before the first one that is older. One without a number goes to the end. */
function withGone(log: DecisionLog, gone: readonly LedgerEntry[]): DecisionLog {
  const entries = [...log.entries];
  for (const { text, number } of gone) {
    const at = entries.findIndex((one) => number !== null && (one.number ?? number) < number);
    entries.splice(at === -1 ? entries.length : at, 0, ...parseLog(text).entries);
  }
  return { ...log, entries };
}

function setAside(home: string, files: readonly DecisionFile[]): void {
  const folder = coordinationPath(home, 'decisions', 'aside');
  makeFolder(folder);
  const stamp = isoOf(nowMs()).replace(/[:.]/g, '');
  for (const { file } of files) copyFileSync(join(home, file), join(folder, `${stamp}-${basename(file)}`));
}

/** A person says that a changed entry is meant as it stands: it is sealed anew. */
export function acceptDecision(
  { home, session }: Scribe,
  number: number,
): Outcome<{ number: number; file: string }> {
  const outcome = withMutex(coordinationPath(home, 'leases'), DECISIONS_MUTEX, () => {
    const files = readAllDecisions(home);
    const found = files.find(({ log }) => log.entries.some((entry) => entry.number === number));
    if (!found) {
      const known = files.flatMap(({ log }) => log.entries.map((entry) => entry.number ?? 0));
      return refuse({
        code: 'decision-unknown' as const,
        number,
        known: known.filter((one) => one > 0).slice(0, 10),
      });
    }
    const entries = found.log.entries.map((entry) =>
      entry.number === number ? resealed(entry, number) : entry,
    );
    noteChanges(home, null, {
      atMs: nowMs(),
      session: session ?? 'terminal',
      paths: [join(home, found.file)],
    });
    writeDecisionFile(home, { file: found.file, log: { ...found.log, entries } });
    const sealed = entries.find((entry) => entry.number === number);
    if (sealed) writeLedger(home, ledgerEntryOf(sealed));
    return done({ number, file: found.file });
  });
  return outcome.done ? outcome.value : refuse({ code: 'mutex-timeout', name: DECISIONS_FILE });
}

function resealed(entry: LogEntry, number: number): LogEntry {
  const hash = hashOf(entry.text);
  return {
    ...entry,
    hash,
    text: entry.text.replace(/^<!-- coord D\d+ hash:[0-9a-f]{32} -->/m, printMark(number, hash)),
  };
}
