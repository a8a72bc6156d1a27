/** Cycles as they come about: by any moves that are allowed, with any texts in them. */
import fc from 'fast-check';
import {
  claimFrom,
  takeChanges,
  takeExploration,
  takePlan,
  takeRequirements,
  takeResults,
  withTaskStatus,
} from '../../src/domain/cycle/content.ts';
import { type Cycle, type OUTCOMES, roleOnTurn } from '../../src/domain/cycle/cycle.ts';
import { closeIteration, endTurn } from '../../src/domain/cycle/iteration.ts';
import {
  extendCycle,
  newCycle,
  pauseCycle,
  resumeCycle,
  startCycle,
  stopCycle,
} from '../../src/domain/cycle/moves.ts';
import type { Facts } from '../../src/domain/cycle/next.ts';
import { tasksFrom } from '../../src/domain/cycle/tasks.ts';

/** Texts that could break a file: quotes, marks of YAML and Markdown, line ends, characters that nobody sees. */
export const anyText = fc.oneof(
  fc.constantFrom(
    'plain',
    '---\nkey: value\n---\n',
    '# Title\n\n## Edge cases\n- one\n- "two": 2\n',
    'a\r\nb\r\n',
    ' leads and ends ',
    '\n\n',
    '`x` | > - * {}[]&!%@',
    'zero\u200bwidth\u2028line\u0085next\ufeff',
    'null',
    '2026-01-01',
    '💥 ünïcode',
  ),
  fc.string({ minLength: 1, maxLength: 40, unit: 'binary' }),
  fc.string({ minLength: 1, maxLength: 40 }),
);

export type Op =
  | { kind: 'start' | 'resume' }
  | { kind: 'pause' | 'stop' | 'extend'; text: string }
  | { kind: 'report'; outcome: (typeof OUTCOMES)[number]; text: string; holds: boolean }
  | { kind: 'task'; at: number; status: 'in_progress' | 'completed' | 'blocked' };

export const anyOps = fc.array(
  fc.oneof(
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('resume' as const) }) },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constantFrom('pause', 'extend', 'extend', 'stop'), text: anyText }),
    },
    {
      weight: 8,
      arbitrary: fc.record({
        kind: fc.constant('report' as const),
        outcome: fc.constantFrom('completed', 'completed', 'completed', 'partial', 'failed'),
        text: anyText,
        holds: fc.boolean(),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('task' as const),
        at: fc.nat(3),
        status: fc.constantFrom('in_progress', 'completed', 'blocked'),
      }),
    },
  ) as fc.Arbitrary<Op>,
  { maxLength: 24 },
);

/** The cycles that a history goes through; what is refused changes nothing. `save` is what coord does between changes. */
export function historyOf(task: string, ops: readonly Op[]): Cycle[] {
  let tick = 0;
  const moment = () => new Date(Date.UTC(2026, 0, 1) + 1_000 * tick++).toISOString();
  const made = newCycle(
    { id: 'cycle-v1-20260101T000000-abc123', text: task, maxIterations: 5, place: null },
    { at: moment(), by: 'operator' },
  );
  const cycles = [saved(made)];
  for (const op of [{ kind: 'start' as const }, ...ops]) {
    const last = cycles.at(-1) as Cycle;
    const before: Cycle = { ...last, coord: { ...last.coord, acts: [] } };
    const next = step(before, op, { at: moment(), by: 'operator' });
    if (next && next !== before) cycles.push(saved(next));
  }
  return cycles;
}

function saved(cycle: Cycle): Cycle {
  return { ...cycle, coord: { ...cycle.coord, revision: cycle.coord.revision + 1 } };
}

function step(
  cycle: Cycle,
  op: Op | { kind: 'start' },
  doing: { at: string; by: string },
): Cycle | undefined {
  const moved = (() => {
    switch (op.kind) {
      case 'start':
        return startCycle(cycle, doing);
      case 'resume':
        return resumeCycle(cycle, doing);
      case 'pause':
        return pauseCycle(cycle, op.text, doing);
      case 'stop':
        return stopCycle(cycle, op.text, doing);
      case 'extend':
        return extendCycle(cycle, op.text, undefined, doing);
      case 'task': {
        const id = cycle.plan?.tasks[op.at]?.id;
        return { done: true as const, value: id ? withTaskStatus(cycle, id, op.status, doing.at) : cycle };
      }
      case 'report':
        return report(cycle, op, doing);
    }
  })();
  return moved?.done ? moved.value : undefined;
}

function report(cycle: Cycle, op: Extract<Op, { kind: 'report' }>, doing: { at: string; by: string }) {
  const role = roleOnTurn(cycle);
  if (cycle.status !== 'running' || !role) return undefined;
  const { at } = doing;
  const taken = take(cycle, role, op, at);
  const facts: Facts = {
    checks: [
      { command: 'npm test', flaw: op.holds ? undefined : 'failed', why: op.holds ? 'passed' : 'failed' },
    ],
    openBlockers: [],
  };
  const turn = {
    role,
    outcome: op.outcome,
    message: op.text,
    why: [],
    files: ['src/a.ts'],
    filesModified: 1,
  };
  const ended = endTurn(taken, turn, doing);
  return ended.current_phase === 'aggregation'
    ? closeIteration(ended, facts, doing)
    : { done: true as const, value: ended };
}

function take(cycle: Cycle, role: string, op: Extract<Op, { kind: 'report' }>, at: string): Cycle {
  const { text } = op;
  switch (role) {
    case 'ra':
      return { ...cycle, requirements: takeRequirements(cycle.requirements, text, at) };
    case 'ep': {
      const list = [
        { id: 'TASK-001', description: text.trim() || 'x', effort: 'small' },
        { id: 'TASK-002', description: 'y', depends_on: ['TASK-001'] },
      ];
      const tasks = tasksFrom(list, cycle.plan?.tasks ?? []);
      const exploration = takeExploration(cycle.exploration, text, at);
      return typeof tasks === 'string'
        ? { ...cycle, exploration }
        : { ...cycle, exploration, plan: takePlan(cycle.plan, tasks, at) };
    }
    case 'cd': {
      const told = {
        words: new Map([['src/a.ts', text]]),
        otherwise: text,
        iteration: cycle.current_iteration,
        at,
      };
      return {
        ...cycle,
        changes: takeChanges(cycle.changes, [{ file: 'src/a.ts', action: 'modify' }], told),
      };
    }
    default: {
      const claim = claimFrom({ failed_tests: op.holds ? [] : [text], total_tests: 3, coverage: 50 });
      const seen = { counts: undefined, passed: op.holds ? 1 : 0, checks: 1, lastRun: at };
      return { ...cycle, test_results: takeResults(cycle.test_results, claim, seen) };
    }
  }
}
