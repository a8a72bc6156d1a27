/**
 * The moves of a cycle from one status to another, as a table; what is not in it is refused. Pure: the clock comes in.
 */

import { done, type Outcome, refuse } from '../problem.ts';
import {
  CYCLE_ROLES,
  type Cycle,
  type CycleAct,
  type CycleAgent,
  type CycleRole,
  type CycleStatus,
  type Iteration,
  isOpen,
} from './cycle.ts';
import type { CycleRefusal } from './refusal.ts';

export type CycleMove = 'start' | 'pause' | 'resume' | 'stop' | 'extend' | 'complete' | 'fail';

const MOVES: Readonly<Record<CycleStatus, Partial<Record<CycleMove, CycleStatus>>>> = {
  created: { start: 'running', resume: 'running', pause: 'paused', stop: 'failed', extend: 'created' },
  running: { pause: 'paused', stop: 'failed', extend: 'running', complete: 'completed', fail: 'failed' },
  paused: { resume: 'running', stop: 'failed', extend: 'paused' },
  completed: { extend: 'running' },
  failed: { extend: 'running' },
};

const TITLE_CHARS = 100;
const EXTENSIONS_MAX = 200;

/** Where a move leads, or why it is none from here. */
export function moveTo(cycle: Cycle, move: CycleMove): Outcome<CycleStatus, CycleRefusal> {
  const { cycle_id, status } = cycle;
  const next = MOVES[status][move];
  const can = Object.keys(MOVES[status]).filter((one) => one !== 'complete' && one !== 'fail');
  return next ? done(next) : refuse({ code: 'cycle-move', cycle: cycle_id, status, move, can });
}

export interface Doing {
  /** Now, in UTC. */
  readonly at: string;
  /** Who does it: an agent's name, `operator`, or a role. */
  readonly by: string;
}

const IDLE: CycleAgent = { status: 'idle', output_files: [], iterations_completed: 0 };

export function newCycle(
  task: { id: string; text: string; maxIterations: number; place: string | null },
  { at, by }: Doing,
): Cycle {
  const title = (task.text.split('\n')[0] ?? '').slice(0, TITLE_CHARS);
  const cycle: Cycle = {
    cycle_id: task.id,
    title,
    description: task.text,
    task_history: [task.text],
    status: 'created',
    created_at: at,
    updated_at: at,
    max_iterations: task.maxIterations,
    current_iteration: 0,
    agents: { ra: IDLE, ep: IDLE, cd: IDLE, vas: IDLE },
    current_phase: 'init',
    completed_phases: [],
    phase_errors: [],
    iterations: [],
    coordination: { feedback_log: [], pending_decisions: [], blockers: [] },
    coord: { revision: 0, place: task.place, waiting: [], baseline: null, scores: {}, acts: [] },
  };
  return noted(cycle, { at, by }, 'new', title);
}

/** The cycle with one more line for its journal. */
export function noted(cycle: Cycle, { at, by }: Doing, act: string, why: string): Cycle {
  const { coord, current_iteration } = cycle;
  const line: CycleAct = { at, revision: coord.revision + 1, iteration: current_iteration, act, by, why };
  return { ...cycle, updated_at: at, coord: { ...coord, acts: [...coord.acts, line] } };
}

export function startCycle(cycle: Cycle, doing: Doing): Outcome<Cycle, CycleRefusal> {
  const moved = moveTo(cycle, 'start');
  if (!moved.done) return moved;
  return beginIteration(noted({ ...cycle, status: moved.value }, doing, 'start', ''), 'ra', doing);
}

export function pauseCycle(cycle: Cycle, why: string, doing: Doing): Outcome<Cycle, CycleRefusal> {
  const moved = moveTo(cycle, 'pause');
  return moved.done ? done(noted({ ...cycle, status: moved.value }, doing, 'pause', why)) : moved;
}

export function resumeCycle(cycle: Cycle, doing: Doing): Outcome<Cycle, CycleRefusal> {
  const moved = moveTo(cycle, 'resume');
  return moved.done ? done(noted({ ...cycle, status: moved.value }, doing, 'resume', '')) : moved;
}

/** Given up by somebody: no role has the turn any more. */
export function stopCycle(cycle: Cycle, why: string, doing: Doing): Outcome<Cycle, CycleRefusal> {
  const moved = moveTo(cycle, 'stop');
  if (!moved.done) return moved;
  const failed = { ...cycle, status: moved.value, failure_reason: why, agents: withoutTurn(cycle) };
  return done(noted(failed, doing, 'stop', why));
}

/**
 * The user wants more. While an iteration is under way it waits for the next one, so that no role has its ground
 * changed in the middle; a cycle that has ended goes on with it at once.
 */
export function extendCycle(
  cycle: Cycle,
  text: string,
  maxIterations: number | undefined,
  doing: Doing,
): Outcome<Cycle, CycleRefusal> {
  const moved = moveTo(cycle, 'extend');
  if (!moved.done) return moved;
  if (cycle.task_history.length >= EXTENSIONS_MAX)
    return refuse({ code: 'cycle-text', what: 'extension', why: `there are ${EXTENSIONS_MAX} already` });
  const max = Math.max(cycle.max_iterations, maxIterations ?? 0);
  const { waiting } = cycle.coord;
  const isNext = cycle.status !== 'created';
  if (isNext && cycle.current_iteration >= max)
    return refuse({ code: 'cycle-limit', cycle: cycle.cycle_id, max });
  const number = isNext ? cycle.current_iteration + 1 : 1;
  const extended: Cycle = {
    ...cycle,
    status: moved.value,
    max_iterations: max,
    task_history: [...cycle.task_history, text],
    description: `${cycle.description}\n\n--- ITERATION ${number} ---\n${text}`,
    coordination: {
      ...cycle.coordination,
      feedback_log: [
        ...cycle.coordination.feedback_log,
        { timestamp: doing.at, source: 'user', target: 'ra', content: text, type: 'requirement_update' },
      ],
    },
    coord: { ...cycle.coord, waiting: isNext ? [...waiting, text] : waiting },
  };
  const told = noted(extended, doing, 'extend', text.slice(0, 200));
  if (isOpen(cycle)) return done(told);
  const { completed_at: _, failure_reason: __, ...open } = told;
  return beginIteration(open, 'ra', doing);
}

/** The next iteration, from the first role that has something to do; what waits goes with it. */
export function beginIteration(cycle: Cycle, from: CycleRole, doing: Doing): Outcome<Cycle, CycleRefusal> {
  const number = cycle.current_iteration + 1;
  if (number > cycle.max_iterations)
    return refuse({ code: 'cycle-limit', cycle: cycle.cycle_id, max: cycle.max_iterations });
  const { waiting } = cycle.coord;
  const iteration: Iteration = {
    number,
    ...(waiting.length > 0 ? { extension: waiting.join('\n\n') } : {}),
    started_at: doing.at,
    agent_results: {},
    issues_found: [],
    resolved: false,
  };
  const begun: Cycle = {
    ...cycle,
    current_iteration: number,
    completed_phases: [],
    agents: withoutTurn(cycle),
    iterations: [...cycle.iterations.map((one) => ended(one, doing)), iteration],
    coord: { ...cycle.coord, waiting: [], baseline: leftBaseline(cycle) },
  };
  return done(enterPhase(noted(begun, doing, 'iteration', `from ${from}`), from, doing));
}

/** What a developer did whose turn did not stand (it was killed before it said so) counts for the next one. */
function leftBaseline({ iterations, coord }: Cycle): Cycle['coord']['baseline'] {
  return iterations.at(-1)?.agent_results['cd']?.status === 'completed' ? null : coord.baseline;
}

/** One that was stopped in the middle has an end all the same. */
function ended(iteration: Iteration, { at }: Doing): Iteration {
  return iteration.completed_at === undefined ? { ...iteration, completed_at: at } : iteration;
}

/** Gives a role the turn. */
export function enterPhase(cycle: Cycle, role: CycleRole, { at }: Doing): Cycle {
  const { completed_at: _, error: __, ...before } = cycle.agents[role];
  const agent: CycleAgent = { ...before, status: 'running', started_at: at };
  return { ...cycle, current_phase: role, agents: { ...cycle.agents, [role]: agent } };
}

/** Whoever had the turn has it no longer. */
export function withoutTurn({ agents }: Cycle): Cycle['agents'] {
  const entries = CYCLE_ROLES.map((role): [CycleRole, CycleAgent] => {
    const agent = agents[role];
    return [role, agent.status === 'running' ? { ...agent, status: 'waiting' } : agent];
  });
  return Object.fromEntries(entries) as Record<CycleRole, CycleAgent>;
}
