/**
 * What a hook asks about the development cycle of a worktree: which one it has, or had last, how it stands, and whose
 * turn it is. JSON and file names only, and bounded.
 *
 *   roster/cycles/<worktree>.json     `{"cycle": "<id>"}`; `home.json` for the primary worktree
 *   roster/turns/<worktree>.json      which agent was started last for which turn
 *   .workflow/.cycle/<id>.json        the cycle's state, the truth
 *
 * States of a pointer: absent; names a cycle of this place; names one of another place, or nothing that can be read. In
 * the last two cases, and when it is absent, the states themselves are looked through, so that a lost pointer changes
 * nothing. One that names a cycle whose state cannot be read says just that: to let its agents act would be a guess.
 */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { CYCLE_PHASES, CYCLE_STATUSES, isCycleId, isOpen } from '../../domain/cycle/cycle.ts';
import type { CycleGlance, TurnHolder } from '../../domain/cycle/hold.ts';
import { fieldsOf, parseObject } from '../../domain/json-value.ts';
import type { PlaceName } from '../../domain/place-name.ts';
import { CYCLES_FOLDER } from '../../domain/project-paths.ts';
import { isErrno, listNames, readTextIfThere, removeIfThere } from './files.ts';
import { coordinationPath, fileNameOf, modifiedAt, readRecord, writeRecord } from './roster.ts';

const STATES_MAX = 200;
const NAMES_MAX = 10_000;
/** A state holds its journal's last lines and its artifacts; beyond this somebody else wrote it. */
const STATE_BYTES_MAX = 32 * 1024 * 1024;

export function cyclesFolder(home: string): string {
  return join(home, CYCLES_FOLDER);
}

export function cycleStateFile(home: string, cycle: string): string {
  return join(cyclesFolder(home), `${cycle}.json`);
}

export function pointerFile(home: string, place: PlaceName): string {
  return recordFile(home, 'cycles', place);
}

const PRIMARY = 'home';

function recordFile(home: string, kind: 'cycles' | 'turns', place: PlaceName): string {
  return coordinationPath(home, 'roster', kind, `${place === null ? PRIMARY : fileNameOf(place)}.json`);
}

export function writePointer(home: string, place: PlaceName, cycle: string): void {
  writeRecord(pointerFile(home, place), { cycle });
}

/** The cycles that worktrees have, or had last; the newest first. */
export function pointedCycles(home: string): string[] {
  const folder = coordinationPath(home, 'roster', 'cycles');
  const ids = listNames(folder, NAMES_MAX)
    .filter((name) => name.endsWith('.json'))
    .map((name) => readRecord<{ cycle: unknown }>(join(folder, name))?.cycle)
    .filter((id) => typeof id === 'string' && isCycleId(id));
  return [...new Set(ids as string[])].sort().reverse();
}

/** Whoever was started last for a turn in this worktree; it says itself for which. */
export function readTurn(home: string, place: PlaceName): TurnHolder | undefined {
  return readRecord<TurnHolder>(recordFile(home, 'turns', place));
}

export function writeTurn(home: string, place: PlaceName, holder: TurnHolder): void {
  writeRecord(recordFile(home, 'turns', place), holder, false);
}

export function removeTurn(home: string, place: PlaceName): void {
  removeIfThere(recordFile(home, 'turns', place));
}

/** The cycle of a worktree; undefined where it never had one. */
export function glanceAtCycle(home: string, place: PlaceName): CycleGlance | undefined {
  const pointed = readRecord<{ cycle: unknown }>(pointerFile(home, place))?.cycle;
  if (typeof pointed === 'string' && isCycleId(pointed)) {
    const seen = glanceAt(home, pointed);
    // Two worktrees can share a pointer's name, and a state says itself where it belongs.
    if (seen.glance.status === 'unreadable' || seen.place === place) return seen.glance;
  }
  return findCycle(home, place);
}

interface Seen {
  readonly glance: CycleGlance;
  readonly place?: PlaceName;
}

function findCycle(home: string, place: PlaceName): CycleGlance | undefined {
  let last: CycleGlance | undefined;
  for (const cycle of newestCycles(home)) {
    const { glance, place: its } = glanceAt(home, cycle);
    if (glance.status === 'unreadable' || its !== place) continue;
    if (isOpen(glance)) return glance;
    last ??= glance;
  }
  return last;
}

function newestCycles(home: string): string[] {
  const names = listNames(cyclesFolder(home), NAMES_MAX)
    .filter((name) => name.endsWith('.json'))
    .map((name) => name.slice(0, -'.json'.length));
  const aged = names
    .filter(isCycleId)
    .map((cycle) => ({ cycle, at: modifiedAt(cycleStateFile(home, cycle)) ?? 0 }));
  return aged
    .sort((one, other) => other.at - one.at || (one.cycle < other.cycle ? 1 : -1))
    .slice(0, STATES_MAX)
    .map(({ cycle }) => cycle);
}

function glanceAt(home: string, cycle: string): Seen {
  const file = cycleStateFile(home, cycle);
  const state = readState(file);
  const status = CYCLE_STATUSES.find((one) => one === state?.['status']);
  const phase = CYCLE_PHASES.find((one) => one === state?.['current_phase']);
  const iteration = Number(state?.['current_iteration'] ?? Number.NaN);
  if (!state || !status || !phase || Number.isNaN(iteration))
    return { glance: { cycle, status: 'unreadable', file } };
  return { glance: { cycle, status, phase, iteration }, place: placeIn(state) };
}

/** A state without coord's own part was written by the original workflow, which ran in the primary worktree. */
function placeIn(state: Record<string, unknown>): PlaceName {
  const { place } = fieldsOf(state['coord']);
  return typeof place === 'string' ? place : null;
}

function readState(file: string): Record<string, unknown> | undefined {
  try {
    if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > STATE_BYTES_MAX) return undefined;
    return parseObject(readTextIfThere(file) ?? '');
  } catch (error) {
    if (isErrno(error, 'EISDIR', 'ENOTDIR', 'EACCES')) return undefined;
    throw error;
  }
}
