/**
 * Makes STATE.md, or brings what is new of a Get Shit Done project into the one that is there. Everything of GSD's is read
 * first; STATE.md is the one file that is written, once and whole: killed before, nothing happened; after, all is done.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type GsdTaken, planAdoption } from '../domain/gsd/adoption.ts';
import { assembleGsd } from '../domain/gsd/project.ts';
import type { GsdNote, GsdWhy } from '../domain/gsd/text.ts';
import { branchOf } from '../domain/identifiers.ts';
import { done, type Outcome, type Problem, refuse } from '../domain/problem.ts';
import { PHASES_FOLDER, STATE_FILE, WORKTREES_FOLDER } from '../domain/project-paths.ts';
import type { StateDocument } from '../domain/state-document.ts';
import { isoOf, nowMs } from '../storage/clock.ts';
import { stateFile } from '../storage/document-kinds.ts';
import { changeState, createState } from '../storage/documents.ts';
import { hasBranch } from '../storage/git.ts';
import { flawOfForeign, readGsd, readGsdState } from '../storage/gsd-files.ts';

/** What was found of GSD, and taken. */
export interface GsdReport {
  readonly taken: GsdTaken;
  /** What was not understood, or not taken as it stands. */
  readonly notes: readonly GsdNote[];
}

export interface MadeState {
  readonly how: 'created' | 'adopted' | 'there';
  readonly isChanged: boolean;
  readonly gsd: GsdReport | undefined;
}

/** `isOurs`: the project is coordinated already. `mayChange`: the caller may change a STATE.md that is there. */
export function adoptGsd(
  home: string,
  empty: StateDocument,
  { isOurs, mayChange }: { isOurs: boolean; mayChange: boolean },
): Outcome<MadeState> {
  const flaw = isOurs ? undefined : flawOfForeign(stateFile(home));
  if (flaw) {
    const { line, why } = flaw;
    return refuse({ code: 'document-corrupt', file: stateFile(home), line, detail: DETAILS[why] ?? why });
  }
  const sources = readGsd(home);
  const project = sources && assembleGsd(sources);
  const at = isoOf(nowMs());
  const first = project && planAdoption(empty, project, at, () => false);
  const made = createState(home, first?.document ?? empty);
  if (!made.done) return made;
  if (made.value !== 'there')
    return done({ how: made.value, isChanged: true, gsd: first && asItIsNow(home, first) });
  if (!project || !mayChange) return done({ how: 'there', isChanged: false, gsd: undefined });
  const changed = changeState<GsdReport & { isChanged: boolean }, Problem>(home, (state) => {
    const news = planAdoption(state, project, at, (folder) => isUnused(home, folder));
    const { document } = news;
    return { done: true, document, value: { ...reportOf(news), isChanged: document !== state } };
  });
  if (!changed.done) return changed;
  const { isChanged, ...gsd } = changed.value.value;
  return done({ how: 'there', isChanged, gsd });
}

/** What stood in STATE.md stands further down by now. */
function asItIsNow(home: string, { taken, notes }: GsdReport): GsdReport {
  const line = notes.some((note) => note.file === STATE_FILE)
    ? readGsdState(home)?.underWay?.line.line
    : undefined;
  const isMoved = ({ file, why }: GsdNote) =>
    file === STATE_FILE && why === 'under-way' && line !== undefined;
  return { taken, notes: notes.map((note) => (isMoved(note) ? { ...note, line: line ?? note.line } : note)) };
}

function reportOf({ taken, notes }: GsdReport): GsdReport {
  return { taken, notes };
}

/** No start of the phase, killed or not, has left anything under this name. */
function isUnused(home: string, folder: string): boolean {
  const isThere = [PHASES_FOLDER, WORKTREES_FOLDER].some((place) => existsSync(join(home, place, folder)));
  return !isThere && !hasBranch(home, branchOf(folder));
}

const DETAILS: Partial<Record<GsdWhy, string>> = {
  'not-utf8': 'it is not UTF-8 text',
  'leads-out': 'it is a link that leads out of its folder',
  'no-file': 'it is no plain file',
  unreadable: 'it cannot be read',
};
