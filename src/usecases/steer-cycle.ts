/** The verbs by which a cycle is made, started, paused, resumed, stopped and extended. */
import { type Cycle, isOpen, printCycleId, roleOnTurn } from '../domain/cycle/cycle.ts';
import { closeIteration } from '../domain/cycle/iteration.ts';
import {
  beginIteration,
  type Doing,
  extendCycle,
  newCycle,
  pauseCycle,
  resumeCycle,
  startCycle,
  stopCycle,
} from '../domain/cycle/moves.ts';
import { done, type Outcome, refuse } from '../domain/problem.ts';
import { baselineOf } from '../storage/changes-since.ts';
import { isoOf, nowMs } from '../storage/clock.ts';
import { changeCycle, createCycle, giveWorktree, rootOfPlace, withCycles } from '../storage/cycle-files.ts';
import type { Caller } from '../storage/light/caller.ts';
import { glanceAtCycle, writePointer } from '../storage/light/cycle-glance.ts';
import { cycleOf } from './find-cycle.ts';
import { checksOf, openBlockersOf } from './judge-cycle.ts';

const TASK_CHARS_MAX = 20_000;
export const ITERATIONS_DEFAULT = 5;
export const ITERATIONS_MAX = 100;
const TRIES_MAX = 5;

export function doingOf(by: string): Doing {
  return { at: isoOf(nowMs()), by };
}

function textOrRefusal(what: string, text: string): Outcome<string> {
  const trimmed = text.trim();
  if (trimmed === '') return refuse({ code: 'cycle-text', what, why: 'it is empty' });
  if (trimmed.length > TASK_CHARS_MAX)
    return refuse({ code: 'cycle-text', what, why: `it is longer than ${TASK_CHARS_MAX} characters` });
  return done(trimmed);
}

/** One open cycle to a worktree: its artifacts lie in one place. */
function openElse(caller: Pick<Caller, 'home' | 'place' | 'root'>, than?: string): Outcome<undefined> {
  const glance = glanceAtCycle(caller.home, caller.place);
  if (!glance || glance.cycle === than) return done(undefined);
  const { cycle, status } = glance;
  if (status === 'unreadable')
    return refuse({ code: 'cycle-corrupt', cycle, file: glance.file, why: 'it cannot be read' });
  return isOpen({ status })
    ? refuse({ code: 'cycle-open', cycle, status, root: caller.root })
    : done(undefined);
}

export function makeCycle(caller: Caller, task: string, maxIterations: number): Outcome<Cycle> {
  if (caller.kind === 'ended') return refuse({ code: 'not-joined', root: caller.root });
  const text = textOrRefusal('task', task);
  if (!text.done) return text;
  const { home, place, root, name } = caller;
  return withCycles(home, () => {
    const free = openElse(caller);
    if (!free.done) return free;
    for (let tries = 1; ; tries += 1) {
      const atMs = nowMs();
      const tail = Math.random().toString(36).slice(2, 8).padEnd(6, '0');
      const id = printCycleId(atMs, tail);
      const made = newCycle({ id, text: text.value, maxIterations, place }, { at: isoOf(atMs), by: name });
      if (createCycle(home, root, made)) return done({ ...made, coord: { ...made.coord, revision: 1 } });
      if (tries === TRIES_MAX) throw new Error(`${id}: ${tries} ids in a row were taken`);
    }
  });
}

export function startCycleOf(caller: Caller, given: string | undefined): Outcome<Cycle> {
  return steer(caller, given, (cycle, doing) => startCycle(cycle, doing));
}

export function pauseCycleOf(caller: Caller, given: string | undefined, why: string): Outcome<Cycle> {
  return steer(caller, given, (cycle, doing) => pauseCycle(cycle, why, doing));
}

export function resumeCycleOf(caller: Caller, given: string | undefined): Outcome<Cycle> {
  return steer(caller, given, (cycle, doing) => {
    const isStranded = cycle.status === 'running' && roleOnTurn(cycle) === undefined;
    const resumed = isStranded ? done(cycle) : resumeCycle(cycle, doing);
    if (!resumed.done || roleOnTurn(resumed.value) !== undefined) return resumed;
    return carryOn(caller.home, resumed.value, doing);
  });
}

/** One that the original workflow left between two turns, where here nothing can lie. */
function carryOn(home: string, cycle: Cycle, doing: Doing): Outcome<Cycle> {
  if (cycle.iterations.length === 0) return beginIteration(cycle, 'ra', doing);
  const root = rootOfPlace(home, cycle.coord.place) ?? home;
  const facts = { checks: checksOf(home, root, cycle), openBlockers: openBlockersOf(cycle) };
  return closeIteration(cycle, facts, doing);
}

export function stopCycleOf(caller: Caller, given: string | undefined, why: string): Outcome<Cycle> {
  const reason = why.trim() === '' ? `stopped by ${caller.name}` : `stopped by ${caller.name}: ${why.trim()}`;
  return steer(caller, given, (cycle, doing) => stopCycle(cycle, reason, doing));
}

export function extendCycleOf(
  caller: Caller,
  given: string | undefined,
  extension: string,
  maxIterations: number | undefined,
): Outcome<Cycle> {
  const text = textOrRefusal('extension', extension);
  if (!text.done) return text;
  const found = cycleOf(caller, given);
  if (!found.done) return found;
  const { home } = caller;
  const { cycle_id: id, coord } = found.value;
  const root = rootOfPlace(home, coord.place);
  return withCycles(home, () => {
    const place = { home, place: coord.place, root: root ?? '' };
    const free = openElse(place, id);
    if (!free.done) return free;
    if (root !== undefined && !isOpen(found.value)) {
      // What was put away comes back first: killed before the pointer moves, it is put away again.
      giveWorktree(home, root, found.value);
      writePointer(home, coord.place, id);
    }
    return move(caller, id, (cycle, doing) => extendCycle(cycle, text.value, maxIterations, doing));
  });
}

type Move = (cycle: Cycle, doing: Doing) => Outcome<Cycle>;

function steer(caller: Caller, given: string | undefined, by: Move): Outcome<Cycle> {
  const found = cycleOf(caller, given);
  return found.done ? move(caller, found.value.cycle_id, by) : found;
}

/** For who may steer this cycle. */
function move({ home, name }: Caller, id: string, by: Move): Outcome<Cycle> {
  const changed = changeCycle(home, id, (cycle) => {
    const moved = by(cycle, doingOf(name));
    return moved.done ? done({ cycle: withBaseline(home, moved.value), value: undefined }) : moved;
  });
  return changed.done ? done(changed.value.cycle) : changed;
}

/** As the developer's turn begins, what the code is; later it tells what changed. */
export function withBaseline(home: string, cycle: Cycle): Cycle {
  if (cycle.current_phase !== 'cd' || cycle.status !== 'running' || cycle.coord.baseline !== null)
    return cycle;
  const root = rootOfPlace(home, cycle.coord.place);
  const seen = root === undefined ? undefined : baselineOf(root);
  if (!seen) return cycle;
  const done = (cycle.plan?.tasks ?? []).filter(({ status }) => status === 'completed').map(({ id }) => id);
  return { ...cycle, coord: { ...cycle.coord, baseline: { ...seen, done } } };
}
