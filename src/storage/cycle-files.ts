/**
 * Cycles on disk (domain/cycle/cycle has the states, the invariants and the order of writes).
 *
 *   .workflow/.cycle/<id>.json             the state, written whole
 *   .workflow/.cycle/<id>.journal.jsonl    what happened, a line an act, appended
 *   .workflow/.cycle/aside/                states that could not be read
 *   <worktree>/.progress/                  the artifacts of the cycle that the worktree has, or had last
 *   <worktree>/.progress/cycles/<id>/      those of the ones before it
 *
 * A worktree that is gone takes its artifacts along (what is worth keeping is kept by who removes it); the state and the
 * journal stay.
 */
import { renameSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Cycle, type CycleAct, isCycleId, roleOnTurn } from '../domain/cycle/cycle.ts';
import { parseJson } from '../domain/json-value.ts';
import type { PlaceName } from '../domain/place-name.ts';
import { done, type Outcome, refuse } from '../domain/problem.ts';
import { isTemporary } from '../domain/temporary-name.ts';
import { isoOf, nowMs } from './clock.ts';
import { bringBack, cycleIn, findStray, putAway, writeArtifacts } from './cycle-artifacts.ts';
import { cycleFrom } from './cycle-schema.ts';
import { appendLine } from './light/appending.ts';
import { cyclesFolder, glanceAtCycle, writePointer } from './light/cycle-glance.ts';
import { cycleFile, journalFile, progressOf, putAwayFolder } from './light/cycle-paths.ts';
import { createExclusive, listNames, makeFolder, readTextIfThere, writeAtomic } from './light/files.ts';
import { assertHeld, type Held } from './light/lease.ts';
import { linkedRoots } from './light/location.ts';
import { withMutex } from './light/mutex.ts';
import { placeAt } from './light/place.ts';
import { sweepTemporaries } from './light/process.ts';
import { coordinationPath } from './light/roster.ts';

const CYCLES_MAX = 5_000;
const ASIDE = 'aside';

/** Newest first, by their ids' own moments where they have any. */
export function listCycleIds(home: string): string[] {
  return listNames(cyclesFolder(home), CYCLES_MAX)
    .filter((name) => name.endsWith('.json') && !isTemporary(name))
    .map((name) => name.slice(0, -'.json'.length))
    .filter(isCycleId)
    .sort()
    .reverse();
}

/** The state as it is on disk; refused where it is not there, or is none. */
export function readCycle(home: string, id: string): Outcome<Cycle> {
  const known = () => listCycleIds(home).slice(0, 10);
  if (!isCycleId(id)) return refuse({ code: 'cycle-unknown', cycle: id, known: known() });
  const file = cycleFile(home, id);
  const text = readTextIfThere(file);
  if (text === undefined) return refuse({ code: 'cycle-unknown', cycle: id, known: known() });
  const read = cycleFrom(parseJson(text));
  if ('flaw' in read) return refuse({ code: 'cycle-corrupt', cycle: id, file, why: read.flaw });
  if (read.cycle_id !== id) {
    const why = `it says of itself that it is ${read.cycle_id}`;
    return refuse({ code: 'cycle-corrupt', cycle: id, file, why });
  }
  return done(read);
}

/** The root of a worktree by git's own name of it; undefined where it is gone. */
export function rootOfPlace(home: string, place: PlaceName): string | undefined {
  if (place === null) return home;
  const commonDir = placeAt(home)?.commonDir;
  const root = commonDir && linkedRoots({ commonDir }).find(({ name }) => name === place)?.root;
  return root && statSync(root, { throwIfNoEntry: false })?.isDirectory() ? root : undefined;
}

/** Where the artifacts of a cycle lie now; undefined where its worktree is gone. */
export function artifactsFolder(home: string, { cycle_id, coord }: Cycle): string | undefined {
  const root = rootOfPlace(home, coord.place);
  if (root === undefined) return undefined;
  const isLast = glanceAtCycle(home, coord.place)?.cycle === cycle_id;
  return isLast ? progressOf(root) : putAwayFolder(root, cycle_id);
}

export type CycleChange<V> = (cycle: Cycle, held: Held) => Outcome<{ cycle: Cycle; value: V }>;

/** Changes a cycle, one at a time. The same object back changes nothing; what a killed one left undone is done first. */
export function changeCycle<V>(
  home: string,
  id: string,
  change: CycleChange<V>,
): Outcome<{ cycle: Cycle; value: V }> {
  const outcome = withMutex(coordinationPath(home, 'leases'), `cycle-${id}`, (held) => {
    const read = readCycle(home, id);
    if (!read.done) return read;
    finishJournal(home, read.value);
    const before: Cycle = { ...read.value, coord: { ...read.value.coord, acts: [] } };
    const next = change(before, held);
    if (!next.done) return next;
    if (next.value.cycle === before) {
      settleCycle(home, read.value);
      return done({ cycle: read.value, value: next.value.value });
    }
    const cycle = saveCycle(held, home, next.value.cycle);
    return done({ cycle, value: next.value.value });
  });
  return outcome.done ? outcome.value : refuse({ code: 'mutex-timeout', name: `cycle-${id}` });
}

function saveCycle(held: Held, home: string, next: Cycle): Cycle {
  const cycle = asRead({ ...next, coord: { ...next.coord, revision: next.coord.revision + 1 } });
  assertHeld(held);
  writeState(home, cycle);
  settleCycle(home, cycle);
  return cycle;
}

/** As it will be read again, its keys in their order: so that it is written the same whatever it was made from. */
function asRead(cycle: Cycle): Cycle {
  const read = cycleFrom(cycle);
  if ('flaw' in read) throw new Error(`the cycle ${cycle.cycle_id} would not be read again: ${read.flaw}`);
  return read;
}

function writeState(home: string, cycle: Cycle): void {
  const file = cycleFile(home, cycle.cycle_id);
  makeFolder(cyclesFolder(home));
  writeAtomic(file, `${JSON.stringify(cycle, null, 2)}\n`, { durable: true });
  sweepTemporaries(cyclesFolder(home), listNames(cyclesFolder(home), CYCLES_MAX), nowMs());
}

/** Steps 2 to 5 of a change: whatever is not as the state says. Answers the artifacts that were not. */
export function settleCycle(home: string, cycle: Cycle): string[] {
  finishJournal(home, cycle);
  const folder = artifactsFolder(home, cycle);
  if (folder === undefined || findStray(folder) !== undefined) return [];
  const progress = progressOf(rootOfPlace(home, cycle.coord.place) ?? home);
  const mark = join(progress, '.gitignore');
  if (readTextIfThere(mark) === undefined) {
    makeFolder(progress);
    writeAtomic(mark, '*\n', { durable: false });
  }
  // A shell makes no folder for what is written into it.
  const role = roleOnTurn(cycle);
  if (role !== undefined) makeFolder(join(folder, role));
  return writeArtifacts(folder, cycle);
}

/** Makes the state of a new cycle, and gives it the worktree. False: one of that id is there. */
export function createCycle(home: string, root: string, next: Cycle): boolean {
  const cycle = asRead({ ...next, coord: { ...next.coord, revision: 1 } });
  giveWorktree(home, root, cycle);
  makeFolder(cyclesFolder(home));
  const text = `${JSON.stringify(cycle, null, 2)}\n`;
  if (!createExclusive(cycleFile(home, cycle.cycle_id), text, { durable: true })) return false;
  writePointer(home, cycle.coord.place, cycle.cycle_id);
  settleCycle(home, cycle);
  return true;
}

/** What lies in the worktree of another cycle, which has ended, makes room; what was put away comes back. */
export function giveWorktree(home: string, root: string, { cycle_id, coord }: Cycle): void {
  const folder = progressOf(root);
  const last = glanceAtCycle(home, coord.place)?.cycle ?? cycleIn(folder);
  if (last === cycle_id) return;
  if (last !== undefined && isCycleId(last)) putAway(folder, putAwayFolder(root, last));
  bringBack(putAwayFolder(root, cycle_id), folder);
}

/** One change at a time in what cycles a project has: for who makes one, or opens one again. */
export function withCycles<T>(home: string, body: () => Outcome<T>): Outcome<T> {
  const outcome = withMutex(coordinationPath(home, 'leases'), 'cycles', body);
  return outcome.done ? outcome.value : refuse({ code: 'mutex-timeout', name: 'cycles' });
}

/** Writes a state that was made again from elsewhere; the one that could not be read is kept. */
export function replaceCycle(held: Held, home: string, cycle: Cycle): string | null {
  const file = cycleFile(home, cycle.cycle_id);
  let aside: string | null = null;
  if (readTextIfThere(file) !== undefined) {
    const stamp = isoOf(nowMs()).replace(/[-:.]/g, '');
    const folder = join(cyclesFolder(home), ASIDE);
    makeFolder(folder);
    aside = join(folder, `${basename(file, '.json')}.${stamp}.json`);
    renameSync(file, aside);
  }
  assertHeld(held);
  writeState(home, cycle);
  return aside;
}

/** The journal, oldest first; lines that are none are left out and counted. */
export function readJournal(home: string, id: string): { acts: CycleAct[]; broken: number } {
  const lines = (readTextIfThere(journalFile(home, id)) ?? '').split('\n').filter((line) => line !== '');
  const acts = lines.map(parseJson).filter(isAct);
  return { acts, broken: lines.length - acts.length };
}

function isAct(value: unknown): value is CycleAct {
  const it = value as Partial<CycleAct> | null | undefined;
  return typeof it === 'object' && typeof it?.act === 'string' && typeof it.revision === 'number';
}

/** Appends the lines of the last change that a kill kept from the journal. */
function finishJournal(home: string, { cycle_id, coord }: Cycle): void {
  if (coord.acts.length === 0) return;
  const { acts } = readJournal(home, cycle_id);
  const there = acts.filter(({ revision, act }) => revision === coord.revision && act !== REBUILT).length;
  for (const act of coord.acts.slice(there))
    appendLine(journalFile(home, cycle_id), JSON.stringify(act), { durable: true });
}

const REBUILT = 'rebuild';

/** Says in the journal that the state, or its artifacts, were made again; no change of the cycle itself. */
export function noteRebuilt(home: string, { cycle_id, coord, current_iteration }: Cycle, why: string): void {
  const at = isoOf(nowMs());
  const { revision } = coord;
  const line: CycleAct = { at, revision, iteration: current_iteration, act: REBUILT, by: 'coord', why };
  appendLine(journalFile(home, cycle_id), JSON.stringify(line), { durable: true });
}
