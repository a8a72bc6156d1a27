/**
 * The part of doctor that looks at the roster: folders that cannot be written, and records that cannot be read or are
 * gone. A place's record that is unreadable stops its guard (who a session is must not be guessed), and without its
 * worker's record nobody can write to it; both are written anew from each other and from STATE.md.
 */
import { accessSync, constants, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { branchOf } from '../domain/identifiers.ts';
import type { StatePhase } from '../domain/state-document.ts';
import { readState } from '../storage/document-kinds.ts';
import { git } from '../storage/git.ts';
import { scopeOf } from '../storage/globs.ts';
import { isErrno, listNames } from '../storage/light/files.ts';
import { placeAt } from '../storage/light/place.ts';
import {
  coordinationPath,
  fileNameOf,
  type PlaceRecord,
  readRecord,
  readWorkerRecord,
  type WorkerRecord,
  workerOfPhaseFolder,
  writePlaceRecord,
  writeWorkerRecord,
} from '../storage/light/roster.ts';

export type RosterFinding =
  | { code: 'record-corrupt'; file: string; repaired: boolean }
  | { code: 'folder-unwritable'; folder: string; detail: string };

const WRITTEN = [
  ...['', 'inbox', 'outbox', 'leases', 'roster', 'archive', 'dead', 'chats', 'evidence', 'queue'],
  ...['log', 'log/counters'],
];

export function checkRoster(home: string, repair: boolean): RosterFinding[] {
  return [...checkFolders(home), ...checkRecords(home, repair)];
}

function checkFolders(home: string): RosterFinding[] {
  const found: RosterFinding[] = [];
  for (const name of WRITTEN) {
    try {
      const folder = coordinationPath(home, name);
      accessSync(folder, constants.W_OK | constants.X_OK);
      // A full disk, a quota or a mount lets in who may write, and not what is written.
      if (name === '') probe(folder);
    } catch (error) {
      const { code = '' } = error as NodeJS.ErrnoException;
      // A folder is made when it is first needed.
      if (code === 'ENOENT') continue;
      found.push({ code: 'folder-unwritable', folder: join('.coordination', name), detail: code });
      // What lies in it is no news then.
      if (name === '') break;
    }
  }
  return found;
}

const PROBE_BYTES = 8 * 1024;

function probe(folder: string): void {
  const file = join(folder, `.tmp-probe-${process.pid}`);
  try {
    writeFileSync(file, Buffer.alloc(PROBE_BYTES, 1), { flush: true });
  } finally {
    rmSync(file, { force: true });
  }
}

function checkRecords(home: string, repair: boolean): RosterFinding[] {
  const state = readState(home);
  const phases = state.done ? state.value.document.phases : [];
  const found: RosterFinding[] = [];
  for (const name of unreadablePlaces(home)) {
    const phase = phases.find((known) => placeOfPhase(home, known) === name);
    const repaired = repair && phase !== undefined && rewrite(home, phase);
    found.push({ code: 'record-corrupt', file: `.coordination/roster/places/${name}.json`, repaired });
  }
  for (const phase of phases) {
    if (phase.state !== 'active' || hasRecords(home, phase)) continue;
    const file = `.coordination/roster/workers/${fileNameOf(phase.worker)}.json`;
    found.push({ code: 'record-corrupt', file, repaired: repair && rewrite(home, phase) });
  }
  return found;
}

function unreadablePlaces(home: string): string[] {
  const folder = coordinationPath(home, 'roster', 'places');
  return listNames(folder)
    .filter((name) => name.endsWith('.json') && readRecord(join(folder, name)) === undefined)
    .map((name) => name.slice(0, -'.json'.length));
}

/** Both the worker's own record and the one by which its phase's folder is known. */
function hasRecords(home: string, phase: StatePhase): boolean {
  const hasWorker = readWorkerRecord(home, phase.worker) !== undefined;
  return hasWorker && workerOfPhaseFolder(home, phase.folder) !== undefined;
}

/** The worktree of a phase: by its worker's record, by a place's, or by the branch that git says is checked out there. */
function placeOfPhase(home: string, phase: StatePhase): string | null {
  const worker = readWorkerRecord(home, phase.worker);
  if (worker) return worker.place;
  const folder = coordinationPath(home, 'roster', 'places');
  const known = listNames(folder).find(
    (name) => readRecord<PlaceRecord>(join(folder, name))?.phase?.id === phase.id,
  );
  if (known !== undefined) return known.slice(0, -'.json'.length);
  const root = worktreeOfBranch(home, phase.branch ?? branchOf(phase.folder));
  return root === undefined ? null : (placeAt(root)?.name ?? null);
}

function worktreeOfBranch(home: string, branch: string): string | undefined {
  const listed = git(home, ['worktree', 'list', '--porcelain', '-z']).stdout.split('\0\0');
  const fields = listed.map((entry) => entry.split('\0'));
  const found = fields.find((lines) => lines.includes(`branch refs/heads/${branch}`));
  return found?.find((line) => line.startsWith('worktree '))?.slice('worktree '.length);
}

function rewrite(home: string, phase: StatePhase): boolean {
  const place = placeOfPhase(home, phase);
  if (place === null) return false;
  const file = coordinationPath(home, 'roster', 'places', `${fileNameOf(place)}.json`);
  const before = readRecord<PlaceRecord>(file);
  const { worker, folder, id, name } = phase;
  const branch = phase.branch ?? branchOf(folder);
  const worktree =
    readWorkerRecord(home, worker)?.worktree ?? before?.worktree ?? worktreeOfBranch(home, branch);
  if (worktree === undefined) return false;
  clearFolder(file);
  const isEnded = phase.state === 'done';
  if (!before) {
    const scope = scopeOf(phase);
    const joinedAt = phase.started ?? '';
    const record = { worker, phase: { id, folder, name }, scope, branch, worktree, joinedAt };
    writePlaceRecord(home, place, { ...record, ...(isEnded ? { isEnded } : {}) });
  }
  if (!hasRecords(home, phase)) {
    for (const kind of [`workers/${fileNameOf(worker)}`, `phases/${fileNameOf(folder)}`])
      clearFolder(coordinationPath(home, 'roster', `${kind}.json`));
    const state: WorkerRecord['state'] = isEnded ? 'ended' : 'active';
    writeWorkerRecord(home, { worker, phase: id, folder, place, worktree, branch, state });
  }
  return true;
}

/** An empty folder that lies where a record belongs is in the way; one that holds something is not coord's to remove. */
function clearFolder(file: string): void {
  try {
    rmdirSync(file);
  } catch (error) {
    if (!isErrno(error, 'ENOENT', 'ENOTDIR', 'ENOTEMPTY', 'EEXIST')) throw error;
  }
}
