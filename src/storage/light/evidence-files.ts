/**
 * Evidence on disk, and what is known of a validation that runs.
 *
 *   evidence/<place>/<id>.json       one record (domain/evidence), never changed; <id>.log beside it: its output, bounded
 *   evidence/tests.json              how many tests passed in the last run that said so
 *   roster/validations/<call>.json   a validation that a session's Bash tool has begun: what it ran on
 *   roster/proven/<folder>/<plan>.json   the completion of a plan that the gate has passed
 *
 * Order of writes when a validation has ended: 1 the log, 2 the record, 3 the note of its beginning goes, 4 what is
 * older than the newest 200 records of the place goes, each record before its log. All of 1 and 2 is on the disk
 * before the next. Killed before 2 there is no evidence, and a log that nobody names, which 4 removes one day: the
 * validation has to run again. Killed between 2 and 3 the evidence counts; its id stands in the note, so whoever comes
 * by it again makes the same record, and not a second one.
 */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Evidence, evidenceFrom, isEvidenceId } from '../../domain/evidence.ts';
import type { PlaceName } from '../../domain/place-name.ts';
import type { TestState } from '../../domain/state-document.ts';
import { isTemporary } from '../../domain/temporary-name.ts';
import { createExclusive, listNames, makeFolder, removeIfThere, writeAtomic } from './files.ts';
import { sweepTemporaries } from './process.ts';
import { coordinationPath, fileNameOf, readRecord, writeRecord } from './roster.ts';

const RECORDS_MAX = 200;
const LOG_HEAD_CHARS = 64 * 1024;
const LOG_TAIL_CHARS = 192 * 1024;
/** Longer than any command of the client runs in the foreground. */
const BEGUN_KEPT_MS = 24 * 60 * 60_000;

/** A validation under way, or several that one line runs. */
export interface BegunRun {
  /** The evidence to come, one for each command. */
  readonly ids: readonly string[];
  readonly commands: readonly string[];
  /** True when the exit code is the validation's own. */
  readonly isSole: boolean;
  readonly place: PlaceName;
  readonly root: string;
  readonly by: string;
  readonly session: string | null;
  readonly via: Evidence['via'];
  readonly tree: string | null;
  readonly commit: string | null;
  readonly startedAtMs: number;
}

function evidenceFolder(home: string, place: PlaceName): string {
  return coordinationPath(home, 'evidence', fileNameOf(place ?? 'primary-worktree'));
}

/** The log's path from home, with forward slashes. */
export function logOf(place: PlaceName, id: string): string {
  return `.coordination/evidence/${fileNameOf(place ?? 'primary-worktree')}/${id}.log`;
}

/** Keeps the records of one run, and its output, of which all of them name the one log. */
export function keepEvidence(home: string, records: readonly Evidence[], output: string): void {
  const [first] = records;
  if (!first) return;
  const folder = evidenceFolder(home, first.place);
  makeFolder(folder);
  if (first.log !== null) writeAtomic(join(home, first.log), boundedLog(output), { durable: true });
  for (const record of records)
    createExclusive(join(folder, `${record.id}.json`), `${JSON.stringify(record, null, 2)}\n`, {
      durable: true,
    });
}

/** The beginning and the end of an output that is too long. */
export function boundedLog(output: string): string {
  const left = output.length - LOG_HEAD_CHARS - LOG_TAIL_CHARS;
  if (left <= 0) return output;
  const tail = output.slice(output.length - LOG_TAIL_CHARS);
  return `${output.slice(0, LOG_HEAD_CHARS)}\n[coord: ${left} characters left out]\n${tail}`;
}

/** All evidence of a place, oldest first; what is no record of coord's is passed over. */
export function readEvidence(home: string, place: PlaceName): Evidence[] {
  const folder = evidenceFolder(home, place);
  return listNames(folder)
    .filter((name) => name.endsWith('.json') && isEvidenceId(name.slice(0, -5)))
    .sort()
    .map((name) => evidenceFrom(readRecord(join(folder, name)), name.slice(0, -5)))
    .filter((record) => record !== undefined);
}

/** Removes what is older than the newest records of a place, and logs that no record names. */
export function sweepEvidence(home: string, place: PlaceName, nowMs: number): void {
  const folder = evidenceFolder(home, place);
  const names = listNames(folder);
  sweepTemporaries(folder, names, nowMs);
  const ids = [
    ...new Set(names.filter((name) => !isTemporary(name)).map((name) => name.replace(/\.\w+$/, ''))),
  ];
  for (const id of ids.filter(isEvidenceId).sort().slice(0, -RECORDS_MAX)) {
    removeIfThere(join(folder, `${id}.json`));
    removeIfThere(join(folder, `${id}.log`));
  }
}

function testsFile(home: string): string {
  return coordinationPath(home, 'evidence', 'tests.json');
}

/** How many tests passed in the last run that said so: a figure for people, which proves nothing. */
export function noteTests(home: string, tests: TestState): void {
  writeRecord(testsFile(home), tests, false);
}

export function lastTests(home: string): TestState | undefined {
  const tests = readRecord<TestState>(testsFile(home));
  const isWhole = tests !== undefined && [tests.passed, tests.failed, tests.skipped].every(Number.isInteger);
  return isWhole && typeof tests.command === 'string' && typeof tests.at === 'string' ? tests : undefined;
}

function begunFile(home: string, call: string): string {
  return coordinationPath(home, 'roster', 'validations', `${fileNameOf(call)}.json`);
}

export function noteBegun(home: string, call: string, begun: BegunRun): void {
  const folder = coordinationPath(home, 'roster', 'validations');
  for (const name of listNames(folder)) {
    const file = join(folder, name);
    const touchedAt = isTemporary(name) ? undefined : statSync(file, { throwIfNoEntry: false })?.mtimeMs;
    if (touchedAt !== undefined && begun.startedAtMs - touchedAt > BEGUN_KEPT_MS) removeIfThere(file);
  }
  writeRecord(begunFile(home, call), begun, false);
}

/** Asked after every tool call: it costs one look. */
export function hasBegun(home: string, call: string): boolean {
  return call !== '' && existsSync(begunFile(home, call));
}

export function readBegun(home: string, call: string): BegunRun | undefined {
  return readRecord<BegunRun>(begunFile(home, call));
}

export function forgetBegun(home: string, call: string): void {
  removeIfThere(begunFile(home, call));
}

function provenFolder(home: string, folder: string): string {
  return coordinationPath(home, 'roster', 'proven', fileNameOf(folder));
}

/** The gate passed this completion: what STATUS.md alone may say, since a worker may edit it. */
export function noteProven(home: string, folder: string, plan: string, finished: string): void {
  writeRecord(join(provenFolder(home, folder), `${fileNameOf(plan)}.json`), { plan, finished });
}

export function isProven(home: string, folder: string, plan: string, finished: string | undefined): boolean {
  const file = join(provenFolder(home, folder), `${fileNameOf(plan)}.json`);
  const proven = finished === undefined ? undefined : readRecord<{ plan: string; finished: string }>(file);
  return proven?.plan === plan && proven.finished === finished;
}

/** Of plans that are complete no longer, so that an old proof does not speak for a later attempt. */
export function forgetProven(home: string, folder: string, isComplete: (plan: string) => boolean): void {
  for (const name of listNames(provenFolder(home, folder))) {
    const file = join(provenFolder(home, folder), name);
    const plan = readRecord<{ plan: string }>(file)?.plan;
    if (plan !== undefined && !isComplete(plan)) removeIfThere(file);
  }
}
