/** Looks at cycles; what a killed verb left undone is done on the way. */
import { type Cycle, type CycleAct, isOpen } from '../domain/cycle/cycle.ts';
import { type NextStep, nextStep } from '../domain/cycle/next.ts';
import { orderOf, readyTasks } from '../domain/cycle/tasks.ts';
import { done, type Outcome } from '../domain/problem.ts';
import { changeCycle, listCycleIds, readCycle, readJournal, rootOfPlace } from '../storage/cycle-files.ts';
import type { Caller } from '../storage/light/caller.ts';
import { pointedCycles } from '../storage/light/cycle-glance.ts';
import { cycleIdOf } from './find-cycle.ts';

export interface CycleView {
  readonly cycle: Cycle;
  /** Null: the worktree is gone. */
  readonly worktree: string | null;
  readonly next: NextStep;
  /** Tasks that can be begun now. */
  readonly ready: readonly string[];
  /** All tasks, each after what it depends on. */
  readonly order: readonly string[];
  readonly journal: readonly CycleAct[];
}

const SHOWN_MAX = 200;

export function showCycle(caller: Caller, given: string | undefined): Outcome<CycleView> {
  const id = cycleIdOf(caller, given);
  if (!id.done) return id;
  const settled = changeCycle(caller.home, id.value, (cycle) => done({ cycle, value: undefined }));
  return settled.done ? done(viewOf(caller.home, settled.value.cycle)) : settled;
}

function viewOf(home: string, cycle: Cycle): CycleView {
  const tasks = cycle.plan?.tasks ?? [];
  return {
    cycle,
    worktree: rootOfPlace(home, cycle.coord.place) ?? null,
    next: nextStep(cycle),
    ready: readyTasks(tasks).map((task) => task.id),
    order: orderOf(tasks).map((task) => task.id),
    journal: readJournal(home, cycle.cycle_id).acts,
  };
}

export interface CycleLine {
  readonly cycle_id: string;
  readonly title: string;
  readonly status: Cycle['status'];
  readonly phase: Cycle['current_phase'];
  readonly iteration: number;
  readonly max_iterations: number;
  readonly place: string | null;
}

/** The newest first; those that cannot be read by name. */
export function listCycles(home: string): { cycles: CycleLine[]; broken: string[] } {
  const cycles: CycleLine[] = [];
  const broken: string[] = [];
  for (const id of listCycleIds(home).slice(0, SHOWN_MAX)) {
    const read = readCycle(home, id);
    if (!read.done) broken.push(id);
    else cycles.push(lineOf(read.value));
  }
  return { cycles, broken };
}

function lineOf(cycle: Cycle): CycleLine {
  const { cycle_id, title, status, current_phase: phase, current_iteration: iteration } = cycle;
  return {
    cycle_id,
    title,
    status,
    phase,
    iteration,
    max_iterations: cycle.max_iterations,
    place: cycle.coord.place,
  };
}

/** For the dashboard: what worktrees have that is not over, and what of it nobody can read. */
export function openCycles(home: string): { cycles: CycleLine[]; broken: string[] } {
  const cycles: CycleLine[] = [];
  const broken: string[] = [];
  for (const id of pointedCycles(home).slice(0, SHOWN_MAX)) {
    const read = readCycle(home, id);
    if (read.done && isOpen(read.value)) cycles.push(lineOf(read.value));
    else if (!read.done && read.problem.code === 'cycle-corrupt') broken.push(id);
  }
  return { cycles, broken };
}
