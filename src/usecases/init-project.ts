/**
 * Makes a repository a coordinated project. Running it again changes nothing that is there.
 * Order: the settings file, .gitignore and STATE.md first, the runtime folders last. The roster's folder is what a
 * hook looks for, so a project is coordinated only once all else is in place.
 */
import { basename, join } from 'node:path';
import { COORDINATOR, OPERATOR } from '../domain/identifiers.ts';
import { done, type Outcome, refuse } from '../domain/problem.ts';
import { IGNORED_BY_GIT, STATE_FILE, TEAM_SETTINGS_FILE } from '../domain/project-paths.ts';
import { emptyState } from '../domain/state-document.ts';
import { isoOf, nowMs } from '../storage/clock.ts';
import { readState } from '../storage/document-kinds.ts';
import { hideOwnFiles } from '../storage/hide-own-files.ts';
import { findProject } from '../storage/light/caller.ts';
import { createExclusive, makeFolder, readTextIfThere, writeAtomic } from '../storage/light/files.ts';
import { noteChanges } from '../storage/light/journal.ts';
import { openBoxes } from '../storage/light/mail-files.ts';
import { HOME_POINTER, isCoordinated } from '../storage/light/place.ts';
import { coordinationPath } from '../storage/light/roster.ts';
import { TEAM_SETTINGS_TEMPLATE } from '../storage/settings.ts';
import { adoptGsd, type GsdReport } from './adopt-gsd.ts';

export interface Initialised {
  readonly home: string;
  readonly already: boolean;
  /** What was made or changed, relative to home. */
  readonly made: readonly string[];
  /** True when a STATE.md of another tool was taken in. */
  readonly adopted: boolean;
  /** Where a project of Get Shit Done was found: what was taken of it, and what was not understood. */
  readonly gsd?: GsdReport;
}

/** `mayChange`: the caller may change a STATE.md that is there, to bring in what is new of another tool's plan. */
export function initProject(folder: string, mayChange = true): Outcome<Initialised> {
  const project = findProject(folder);
  if (!project.done) return project;
  const { home, root, name, commonDir } = project.value;
  if (name !== null) return refuse({ code: 'not-primary-worktree', root, home });
  const already = isCoordinated(home);
  // What is made on a branch from before coord would be in the way of going back to the project.
  const elsewhere = already ? readState(home) : undefined;
  if (elsewhere?.done === false && elsewhere.problem.code === 'document-elsewhere') return elsewhere;
  const made: string[] = [];
  if (basename(commonDir) !== '.git')
    writeAtomic(join(commonDir, HOME_POINTER), `${home}\n`, { durable: true });
  makeFolder(join(home, '.claude'));
  if (createExclusive(join(home, TEAM_SETTINGS_FILE), TEAM_SETTINGS_TEMPLATE, { durable: true })) {
    made.push(TEAM_SETTINGS_FILE);
  }
  hideOwnFiles(commonDir);
  if (ignoreRuntimeFolders(home)) made.push('.gitignore');
  makeFolder(coordinationPath(home, 'leases'));
  const empty = emptyState(basename(home), isoOf(nowMs()));
  const state = adoptGsd(home, empty, { isOurs: already, mayChange });
  if (!state.done) return state;
  const { how, isChanged, gsd } = state.value;
  if (isChanged) made.push(STATE_FILE);
  openBoxes(home, COORDINATOR);
  openBoxes(home, OPERATOR);
  makeFolder(coordinationPath(home, 'roster'));
  if (!already) made.push('.coordination/');
  return done({ home, already, made, adopted: how === 'adopted', ...(gsd ? { gsd } : {}) });
}

/** Adds what is missing to .gitignore; true when anything was. */
export function ignoreRuntimeFolders(home: string): boolean {
  const file = join(home, '.gitignore');
  const text = readTextIfThere(file) ?? '';
  const lines = new Set(text.split(/\r?\n/).map((line) => line.trim()));
  const missing = IGNORED_BY_GIT.filter((line) => !lines.has(line) && !lines.has(`/${line}`));
  if (missing.length === 0) return false;
  if (isCoordinated(home)) noteChanges(home, null, { atMs: nowMs(), session: 'terminal', paths: [file] });
  const gap = text === '' || text.endsWith('\n') ? '' : '\n';
  writeAtomic(file, `${text}${gap}# coord: runtime state, never committed\n${missing.join('\n')}\n`, {
    durable: true,
  });
  return true;
}
