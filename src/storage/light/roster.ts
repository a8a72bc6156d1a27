/**
 * The roster: who works where, as small JSON files that a hook can read in one go.
 *
 *   roster/places/<worktree>.json     the phase that a linked worktree serves; the key is git's name of the worktree
 *   roster/workers/<worker>.json      where mail for a worker goes, and whether it still takes any
 *   roster/phases/<folder>.json       the worker of a phase folder
 *   roster/sessions/<session>.json    the place where a session started; its mtime is the session's last sign of life
 *
 * Each is written whole (writeAtomic). The truth of a phase is its STATUS.md and of the project STATE.md; these
 * are the same facts in a form that costs no parser, and `coord doctor --repair` writes them anew from there.
 */

import { existsSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import type { ScopeRule } from '../../domain/ground.ts';
import type { PlaceName } from '../../domain/place-name.ts';
import { COORDINATION } from '../../domain/project-paths.ts';
import { isErrno, listNames, makeFolder, readTextIfThere, removeIfThere, writeAtomic } from './files.ts';
import { isMissing } from './place.ts';
import type { ProcessMark } from './process.ts';

export interface PlaceRecord {
  readonly worker: string;
  readonly phase: { readonly id: string; readonly folder: string; readonly name: string };
  readonly scope: readonly ScopeRule[];
  readonly branch: string;
  readonly worktree: string;
  readonly joinedAt: string;
  /** True when the phase is closed: who sits here still reads its mail, and owns no phase any more. */
  readonly isEnded?: boolean;
}

export interface WorkerRecord {
  readonly worker: string;
  readonly phase: string;
  readonly folder: string;
  readonly place: PlaceName;
  readonly worktree: string;
  readonly branch: string;
  /** `ended`: the phase is closed; mail to it is refused, since nobody would read it. */
  readonly state: 'active' | 'ended';
  /** The commit of the coordinator's that the phase was started from; records from before it was kept have none. */
  readonly base?: string;
}

export interface SessionRecord {
  readonly session: string;
  /** Null for the main thread, else the subagent's id. */
  readonly agent: string | null;
  readonly place: PlaceName;
  readonly root: string;
  readonly startedAt: string;
  readonly process: ProcessMark | null;
  readonly attended: boolean;
  readonly transcript: string | null;
  /** Its name in shared mode, where it works beside who holds the seat (peers.ts). */
  readonly peer?: string;
}

const NAME_MAX = 120;

/** A file name for an id that came from outside; characters that no file system likes become `_`. */
export function fileNameOf(id: string): string {
  const safe = id.replace(/[^A-Za-z0-9._-]/g, '_').slice(0, NAME_MAX);
  return safe === '' || safe.startsWith('.') ? `_${safe}` : safe;
}

export function coordinationPath(home: string, ...parts: string[]): string {
  return join(home, COORDINATION, ...parts);
}

function rosterFile(home: string, kind: 'places' | 'workers' | 'phases' | 'sessions', key: string): string {
  return coordinationPath(home, 'roster', kind, `${fileNameOf(key)}.json`);
}

/** Reads a record coord wrote; undefined when it is not there or unreadable (doctor reports the latter). */
export function readRecord<T>(file: string): T | undefined {
  try {
    const value: unknown = JSON.parse(readTextIfThere(file) ?? 'null');
    return typeof value === 'object' && value !== null ? (value as T) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || isErrno(error, 'EISDIR')) return undefined;
    throw error;
  }
}

export function writeRecord(file: string, record: object, durable = true): void {
  makeFolder(join(file, '..'));
  writeAtomic(file, `${JSON.stringify(record, null, 2)}\n`, { durable });
}

/** The file of a place's record that is there and cannot be read. */
export function unreadablePlaceRecord(home: string, place: PlaceName): string | undefined {
  if (place === null) return undefined;
  const file = rosterFile(home, 'places', place);
  return existsSync(file) && readRecord(file) === undefined ? file : undefined;
}

/** Throws for a record that is there and cannot be read: who a session is must not be guessed. */
export function readPlaceRecord(home: string, place: PlaceName): PlaceRecord | undefined {
  if (place === null) return undefined;
  const file = rosterFile(home, 'places', place);
  const record = readRecord<PlaceRecord>(file);
  if (record === undefined && existsSync(file)) throw new Error(`${file} cannot be read`);
  return record;
}

export function writePlaceRecord(home: string, place: string, record: PlaceRecord): void {
  writeRecord(rosterFile(home, 'places', place), record);
}

export function removePlaceRecord(home: string, place: string): void {
  removeIfThere(rosterFile(home, 'places', place));
}

export function readWorkerRecord(home: string, worker: string): WorkerRecord | undefined {
  return readRecord<WorkerRecord>(rosterFile(home, 'workers', worker));
}

export function writeWorkerRecord(home: string, record: WorkerRecord): void {
  writeRecord(rosterFile(home, 'workers', record.worker), record);
  writeRecord(rosterFile(home, 'phases', record.folder), { worker: record.worker, phase: record.phase });
}

export function listWorkers(home: string): WorkerRecord[] {
  return listNames(coordinationPath(home, 'roster', 'workers'))
    .filter((name) => name.endsWith('.json'))
    .map((name) => readRecord<WorkerRecord>(coordinationPath(home, 'roster', 'workers', name)))
    .filter((record) => record !== undefined);
}

/** The worker whose STATUS.md lies in this phase folder, for messages. */
export function workerOfPhaseFolder(home: string, folder: string): string | undefined {
  return readRecord<{ worker: string }>(rosterFile(home, 'phases', folder))?.worker;
}

function sessionFile(home: string, session: string, agent: string | null): string {
  return rosterFile(home, 'sessions', agent === null ? session : `${session}.${agent}`);
}

export function readSession(home: string, session: string, agent: string | null): SessionRecord | undefined {
  return readRecord<SessionRecord>(sessionFile(home, session, agent));
}

export function writeSession(home: string, record: SessionRecord): void {
  writeRecord(sessionFile(home, record.session, record.agent), record, false);
}

export function removeSession(home: string, session: string, agent: string | null): void {
  removeIfThere(sessionFile(home, session, agent));
}

export function listSessions(home: string): (SessionRecord & { heardAtMs: number })[] {
  const folder = coordinationPath(home, 'roster', 'sessions');
  const found: (SessionRecord & { heardAtMs: number })[] = [];
  for (const name of listNames(folder)) {
    const record = name.endsWith('.json') ? readRecord<SessionRecord>(join(folder, name)) : undefined;
    const heardAtMs = record ? modifiedAt(join(folder, name)) : undefined;
    if (record && heardAtMs !== undefined) found.push({ ...record, heardAtMs });
  }
  return found;
}

/** The last sign of life of a session or a subagent of it; undefined when neither has a record. */
export function sessionHeardAt(home: string, session: string, agent: string | null): number | undefined {
  const own = agent === null ? undefined : modifiedAt(sessionFile(home, session, agent));
  return own ?? modifiedAt(sessionFile(home, session, null));
}

/** A sign of life of the session: its record's mtime. False when it has no record. */
export function touchSession(home: string, session: string, agent: string | null, nowMs: number): boolean {
  return touch(sessionFile(home, session, agent), nowMs);
}

export function touch(file: string, nowMs: number): boolean {
  try {
    utimesSync(file, nowMs / 1000, nowMs / 1000);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

export function modifiedAt(file: string): number | undefined {
  try {
    return statSync(file, { throwIfNoEntry: false })?.mtimeMs;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function guardFile(home: string, place: PlaceName): string {
  return coordinationPath(home, 'roster', 'guard', fileNameOf(place ?? 'primary-worktree'));
}

/** The guard was heard at this place: what `status` and `doctor` hold against a tree that changes unguarded. */
export function touchGuard(home: string, place: PlaceName, nowMs: number): void {
  const file = guardFile(home, place);
  if (touch(file, nowMs)) return;
  makeFolder(join(file, '..'));
  writeAtomic(file, '', { durable: false });
}

export function guardHeardAt(home: string, place: PlaceName): number | undefined {
  return modifiedAt(guardFile(home, place));
}
