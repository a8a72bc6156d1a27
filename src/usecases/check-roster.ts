/**
 * The part of doctor that looks at the roster: folders that cannot be written, and records that cannot be read. A
 * place's record that is unreadable stops its guard (who a session is must not be guessed), so doctor writes it anew
 * from the worker's record and from STATE.md.
 */
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { readState } from '../storage/document-kinds.ts';
import { scopeRuleOf } from '../storage/globs.ts';
import { listNames } from '../storage/light/files.ts';
import { coordinationPath, listWorkers, readRecord, writePlaceRecord } from '../storage/light/roster.ts';

export type RosterFinding =
  | { code: 'record-corrupt'; file: string; repaired: boolean }
  | { code: 'folder-unwritable'; folder: string; detail: string };

const WRITTEN = ['', 'inbox', 'outbox', 'leases', 'roster', 'archive', 'log'] as const;

export function checkRoster(home: string, repair: boolean): RosterFinding[] {
  return [...checkFolders(home), ...checkPlaces(home, repair)];
}

function checkFolders(home: string): RosterFinding[] {
  const found: RosterFinding[] = [];
  for (const name of WRITTEN) {
    try {
      accessSync(coordinationPath(home, name), constants.W_OK | constants.X_OK);
    } catch (error) {
      const { code = '' } = error as NodeJS.ErrnoException;
      // A folder is made when it is first needed.
      if (code === 'ENOENT') continue;
      found.push({ code: 'folder-unwritable', folder: join('.coordination', name), detail: code });
    }
  }
  return found;
}

function checkPlaces(home: string, repair: boolean): RosterFinding[] {
  const folder = coordinationPath(home, 'roster', 'places');
  const found: RosterFinding[] = [];
  for (const name of listNames(folder)) {
    if (!name.endsWith('.json') || readRecord(join(folder, name)) !== undefined) continue;
    const repaired = repair && rewritePlace(home, name.slice(0, -'.json'.length));
    found.push({ code: 'record-corrupt', file: `.coordination/roster/places/${name}`, repaired });
  }
  return found;
}

function rewritePlace(home: string, place: string): boolean {
  const worker = listWorkers(home).find((candidate) => candidate.place === place);
  const state = readState(home);
  const phase = state.done
    ? state.value.document.phases.find((known) => known.id === worker?.phase)
    : undefined;
  if (!worker || !phase) return false;
  const { id, folder, name } = phase;
  const scope = phase.scope.map(scopeRuleOf).filter((rule) => rule !== undefined);
  const { branch, worktree } = worker;
  const record = { worker: worker.worker, phase: { id, folder, name }, scope, branch, worktree };
  const isEnded = worker.state === 'ended';
  writePlaceRecord(home, place, {
    ...record,
    joinedAt: phase.started ?? '',
    ...(isEnded ? { isEnded } : {}),
  });
  return true;
}
