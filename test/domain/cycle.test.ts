/** A cycle's way: which moves there are, who has the turn, what an outcome is worth, when it ends. Each line of the origin's faults. */
import { describe, expect, test } from 'vitest';
import {
  claimFrom,
  itemsUnder,
  nextVersion,
  takeChanges,
  takePlan,
  takeRequirements,
  takeResults,
  withTaskStatus,
} from '../../src/domain/cycle/content.ts';
import {
  CYCLE_STATUSES,
  type Cycle,
  type CycleRole,
  isCycleId,
  printCycleId,
  ROLE_AGENTS,
  roleOfAgent,
  type TurnOutcome,
} from '../../src/domain/cycle/cycle.ts';
import { closeIteration, endTurn } from '../../src/domain/cycle/iteration.ts';
import {
  type CycleMove,
  extendCycle,
  moveTo,
  newCycle,
  pauseCycle,
  resumeCycle,
  startCycle,
  stopCycle,
} from '../../src/domain/cycle/moves.ts';
import { type Facts, feedbackFor, firstRole, nextStep } from '../../src/domain/cycle/next.ts';
import {
  type CheckFact,
  judgeCoding,
  judgeValidating,
  judgeWriting,
  lower,
} from '../../src/domain/cycle/outcome.ts';
import { tasksFrom } from '../../src/domain/cycle/tasks.ts';
import type { Outcome } from '../../src/domain/problem.ts';

let tick = 0;
const doing = () => ({ at: new Date(Date.UTC(2026, 0, 1, 0, 0, tick++)).toISOString(), by: 'operator' });
const value = <T>(outcome: Outcome<T, unknown>): T => {
  if (!outcome.done) throw new Error(JSON.stringify(outcome.problem));
  return outcome.value;
};
const made = (maxIterations = 5): Cycle =>
  newCycle({ id: 'cycle-v1-x', text: 'Build it\nall of it', maxIterations, place: null }, doing());
const running = (maxIterations = 5) => value(startCycle(made(maxIterations), doing()));

const green: Facts = { checks: [{ command: 't', flaw: undefined, why: '' }], openBlockers: [] };
const red: Facts = { checks: [{ command: 't', flaw: 'failed', why: 'it failed' }], openBlockers: [] };

/** One role after the other, with these outcomes; closed with the facts where the iteration is over. */
function play(
  cycle: Cycle,
  outcomes: readonly TurnOutcome[],
  facts: Facts,
  change = (it: Cycle) => it,
): Cycle {
  let it = cycle;
  for (const outcome of outcomes) {
    const role = it.current_phase as CycleRole;
    if (role === 'ra') it = { ...it, requirements: takeRequirements(it.requirements, 'spec', doing().at) };
    if (role === 'ep' && outcome !== 'failed') {
      const tasks = tasksFrom([{ id: 'A', description: 'a' }], it.plan?.tasks ?? []);
      if (typeof tasks === 'string') throw new Error(tasks);
      it = { ...it, plan: takePlan(it.plan, tasks, doing().at) };
    }
    if (role === 'cd' && outcome === 'completed') it = withTaskStatus(it, 'A', 'completed', doing().at);
    const turn = { role, outcome, message: `${role} says`, why: [], files: [], filesModified: 2 };
    it = endTurn(change(it), turn, doing());
    if (it.current_phase === 'aggregation') return value(closeIteration(it, facts, doing()));
  }
  return it;
}
const ALL: TurnOutcome[] = ['completed', 'completed', 'completed', 'completed'];

describe('moves', () => {
  const allowed: Record<string, string> = {
    'created start': 'running',
    'created resume': 'running',
    'created pause': 'paused',
    'created stop': 'failed',
    'created extend': 'created',
    'running pause': 'paused',
    'running stop': 'failed',
    'running extend': 'running',
    'running complete': 'completed',
    'running fail': 'failed',
    'paused resume': 'running',
    'paused stop': 'failed',
    'paused extend': 'paused',
    'completed extend': 'running',
    'failed extend': 'running',
  };
  const moves: CycleMove[] = ['start', 'pause', 'resume', 'stop', 'extend', 'complete', 'fail'];
  const table = CYCLE_STATUSES.flatMap((status) => moves.map((move) => [status, move] as const));

  test.each(table)('%s, %s', (status, move) => {
    const moved = moveTo({ ...made(), status }, move);
    const to = allowed[`${status} ${move}`];
    if (to) expect(value(moved)).toBe(to);
    else expect(moved).toMatchObject({ done: false, problem: { code: 'cycle-move', status, move } });
  });

  test('what is made is the seed’s initial state', () => {
    expect(made()).toMatchObject({
      title: 'Build it',
      description: 'Build it\nall of it',
      task_history: ['Build it\nall of it'],
      status: 'created',
      max_iterations: 5,
      current_iteration: 0,
      current_phase: 'init',
      completed_phases: [],
      agents: { ra: { status: 'idle', output_files: [], iterations_completed: 0 } },
      coordination: { feedback_log: [], pending_decisions: [], blockers: [] },
    });
  });

  test('paused goes back to running, with the turn where it was', () => {
    const paused = value(pauseCycle(running(), 'lunch', doing()));
    expect([paused.status, nextStep(paused).action]).toEqual(['paused', 'resume']);
    const back = value(resumeCycle(paused, doing()));
    expect([back.status, back.current_phase, nextStep(back)]).toMatchObject([
      'running',
      'ra',
      { action: 'agent', agent: 'coord:requirements-analyst' },
    ]);
  });

  test('stopped is failed, with the reason; nobody has the turn', () => {
    const stopped = value(stopCycle(running(), 'enough', doing()));
    expect(stopped).toMatchObject({
      status: 'failed',
      failure_reason: 'enough',
      agents: { ra: { status: 'waiting' } },
    });
    expect(nextStep(stopped)).toEqual({ action: 'none', why: 'enough' });
  });

  test('ids are UTC, sort by time, and lead nowhere', () => {
    expect(printCycleId(Date.UTC(2026, 0, 22, 10), 'abc123')).toBe('cycle-v1-20260122T100000-abc123');
    for (const bad of [
      '',
      'x',
      'cycle-',
      'cycle-../x',
      'cycle-a/b',
      'cycle-a..b',
      'cycle-a\n',
      'cycle-a.json/',
    ]) {
      expect(isCycleId(bad), bad).toBe(false);
    }
  });

  test('a role is known by its agent’s type', () => {
    for (const [role, name] of Object.entries(ROLE_AGENTS)) {
      expect([roleOfAgent(name), roleOfAgent(`coord:${name}`)]).toEqual([role, role]);
    }
    for (const other of [undefined, null, 3, '', 'Explore', 'other:code-developer', 'coord:phase-worker'])
      expect(roleOfAgent(other)).toBeUndefined();
  });
});

describe('an iteration', () => {
  test('when all holds the cycle is complete, and its journal says by what', () => {
    const whole = play(running(), ALL, green);
    expect(whole).toMatchObject({
      status: 'completed',
      current_phase: 'complete',
      completed_phases: ['ra', 'ep', 'cd', 'vas'],
      iterations: [
        { number: 1, resolved: true, issues_found: [], agent_results: { cd: { files_modified: 2 } } },
      ],
    });
    expect(whole.coord.acts.at(-1)).toMatchObject({ act: 'complete', why: 'proven by t' });
    const unproven = play(running(), ALL, { checks: [], openBlockers: [] });
    expect(unproven.coord.acts.at(-1)?.why).toContain('nothing was proven');
  });

  test('completed phases are those of the iteration, each once, however many there are', () => {
    let it = play(running(), ALL, red);
    expect([it.current_iteration, it.completed_phases]).toEqual([2, []]);
    it = play(it, ['completed'], red);
    expect(it.completed_phases).toEqual(['cd']);
  });

  test('partial and failed survive, in the agent, the record and the errors', () => {
    const failed = play(running(), ['completed', 'failed'], red);
    expect(failed.iterations[0]?.agent_results).toEqual({
      ra: { status: 'completed', files_modified: 2 },
      ep: { status: 'failed', files_modified: 2 },
      cd: { status: 'pending', files_modified: 0 },
      vas: { status: 'pending', files_modified: 0 },
    });
    expect(failed.phase_errors).toMatchObject([{ phase: 'ep', error: 'ep says' }]);
    expect([failed.status, failed.current_iteration, failed.current_phase]).toEqual(['running', 2, 'ep']);
    const partial = play(running(), ['completed', 'completed', 'partial'], red);
    expect([partial.agents.cd.status, partial.agents.cd.iterations_completed]).toEqual(['waiting', 0]);
    expect(play(partial, ['completed'], green).status).toBe('running');
  });

  test('the next one begins with the first role whose work does not stand', () => {
    expect(play(running(), ['failed'], red).current_phase).toBe('ra');
    expect(play(running(), ['completed', 'failed'], red).current_phase).toBe('ep');
    expect(play(running(), ALL, red).current_phase).toBe('cd');
    expect(firstRole(running(), red)).toBe('ra');
  });

  test('it begins with the validator where all may hold and nothing was shown: a developer had nothing to do', () => {
    const unproven = {
      ...green,
      checks: [{ command: 't', flaw: 'stopped' as const, why: 'it was stopped' }],
    };
    const it = play(running(), ['completed', 'completed', 'completed', 'failed'], unproven);
    expect([it.status, it.current_iteration, it.current_phase]).toEqual(['running', 2, 'vas']);
    const whole = play(it, ['completed'], green);
    expect([whole.status, whole.iterations[1]?.agent_results]).toEqual([
      'completed',
      { vas: { status: 'completed', files_modified: 2 } },
    ]);
    // Red after all: that is the developer's.
    expect(play(it, ['completed'], red).current_phase).toBe('cd');
    expect(play(running(), ALL, { ...unproven, openBlockers: ['B1'] }).current_phase).toBe('cd');
  });

  test('what a developer left whose turn did not stand counts as changed for the next one', () => {
    const baseline = { commit: 'c0', dirty: {}, done: [] };
    const seen = (it: Cycle): Cycle => ({ ...it, coord: { ...it.coord, baseline } });
    const killed = play(running(), ['completed', 'completed', 'failed'], red, seen);
    expect([killed.current_phase, killed.coord.baseline]).toEqual(['cd', baseline]);
    expect(play(running(), ALL, red, seen).coord.baseline).toBeNull();
  });

  test('what fails is told to the developer', () => {
    const it = play(running(), ALL, red);
    expect(feedbackFor(it, 'cd')).toMatchObject([
      { source: 'vas', type: 'bug_report', content: 't: it failed' },
    ]);
    expect(feedbackFor(it, 'ra')).toEqual([]);
  });

  test.each<[string, Partial<Facts>, (it: Cycle) => Cycle, string]>([
    ['an open blocker', { openBlockers: ['B1'] }, (it) => it, 'blocker B1 is open'],
    [
      'a decision that nobody made',
      {},
      (it) => ({
        ...it,
        coordination: {
          ...it.coordination,
          pending_decisions: [{ id: 'D1', description: 'x', options: [], status: 'pending' as const }],
        },
      }),
      'decision D1 is not made',
    ],
    [
      'a check that never ran',
      { checks: [{ command: 't', flaw: 'never-run', why: 'no' }] },
      (it) => it,
      't: no',
    ],
    [
      'a test that is said to fail',
      {},
      (it) => ({
        ...it,
        test_results: takeResults(undefined, claimFrom({ failed_tests: ['x'] }), {
          counts: undefined,
          passed: 1,
          checks: 1,
          lastRun: 'now',
        }),
      }),
      'test fails: x',
    ],
  ])('%s keeps it from being complete', (_, facts, change, issue) => {
    const it = play(running(), ALL, { ...green, ...facts }, change);
    expect([it.status, it.iterations[0]?.issues_found]).toEqual(['running', [issue]]);
  });

  test('it is bounded', () => {
    let it = play(running(2), ['completed', 'completed', 'partial', 'completed'], red);
    it = play(it, ['completed', 'completed'], red);
    expect(it).toMatchObject({ status: 'failed', current_iteration: 2 });
    expect(it.failure_reason).toContain('the limit of 2 iterations is reached: t: it failed');
    expect(extendCycle(it, 'more', undefined, doing())).toMatchObject({
      done: false,
      problem: { code: 'cycle-limit' },
    });
    expect(value(extendCycle(it, 'more', 3, doing()))).toMatchObject({
      status: 'running',
      current_iteration: 3,
    });
  });

  test('two without progress end it, and say so', () => {
    let it = play(running(9), ALL, red);
    expect(it.coord.scores['1']).toMatchObject({ progress: true, tasks: 1 });
    it = play(it, ['completed', 'completed'], red);
    expect([it.status, it.coord.scores['2']?.progress]).toEqual(['running', false]);
    it = play(it, ['completed', 'completed'], red);
    expect(it).toMatchObject({ status: 'failed', current_iteration: 3 });
    expect(it.failure_reason).toContain('no progress in iterations 2 and 3: t: it failed');
    expect(it.coord.acts.at(-1)).toMatchObject({ act: 'fail', why: it.failure_reason });
  });

  test('fewer tests that fail are progress', () => {
    let it = running(9);
    for (const failing of [3, 3, 2, 2, 1, 1]) {
      const outcomes = it.current_iteration === 1 ? ALL : ALL.slice(2);
      it = play(it, outcomes, red, (cycle) => ({
        ...cycle,
        test_results: takeResults(cycle.test_results, claimFrom({}), {
          counts: { passed: 10 - failing, failed: failing, skipped: 0 },
          passed: 0,
          checks: 1,
          lastRun: 'now',
        }),
      }));
    }
    expect([it.status, it.current_iteration]).toEqual(['running', 7]);
  });
});

describe('an extension', () => {
  test('of one that is complete goes on at once, from the requirements', () => {
    const it = value(extendCycle(play(running(), ALL, green), 'Also MFA', undefined, doing()));
    expect(it).toMatchObject({
      status: 'running',
      current_iteration: 2,
      current_phase: 'ra',
      completed_phases: [],
      task_history: ['Build it\nall of it', 'Also MFA'],
      iterations: [{}, { number: 2, extension: 'Also MFA' }],
    });
    expect(it.description).toBe('Build it\nall of it\n\n--- ITERATION 2 ---\nAlso MFA');
    expect(it.completed_at).toBeUndefined();
    expect(feedbackFor(it, 'ra')).toMatchObject([
      { source: 'user', type: 'requirement_update', content: 'Also MFA' },
    ]);
  });

  test('of one under way waits for the next iteration, which then begins though all holds', () => {
    const begun = play(running(), ['completed'], green);
    const it = value(extendCycle(begun, 'Also MFA', undefined, doing()));
    expect([it.current_iteration, it.current_phase, it.coord.waiting]).toEqual([1, 'ep', ['Also MFA']]);
    const next = play(it, ['completed', 'completed', 'completed'], green);
    expect(next).toMatchObject({ current_iteration: 2, current_phase: 'ra', coord: { waiting: [] } });
    expect(next.iterations.at(-1)?.extension).toBe('Also MFA');
    expect(next.iterations[0]?.resolved).toBe(true);
  });

  test('of one that was stopped closes the iteration that was under way', () => {
    const stopped = value(stopCycle(running(), 'x', doing()));
    const it = value(extendCycle(stopped, 'again', undefined, doing()));
    expect(it.iterations[0]?.completed_at).toBeDefined();
    expect(it.failure_reason).toBeUndefined();
  });
});

test('nothing grows without end', () => {
  let it = made();
  for (let at = 1; at < 200; at += 1) it = value(extendCycle(it, `more ${at}`, undefined, doing()));
  expect(extendCycle(it, 'more', undefined, doing())).toMatchObject({
    done: false,
    problem: { code: 'cycle-text' },
  });
  const files = Array.from({ length: 5_000 }, (_, at) => ({ file: `f${at}`, action: 'create' as const }));
  const changes = takeChanges(undefined, files, { words: new Map(), otherwise: '', iteration: 1, at: 'now' });
  expect([changes.total_files, changes.changes.length]).toEqual([5_000, 2_000]);
});

describe('an outcome', () => {
  test('is never raised', () => {
    expect([lower('failed', 'completed'), lower('partial', 'failed'), lower('completed', 'partial')]).toEqual(
      ['failed', 'failed', 'partial'],
    );
  });

  test('of a text that says nothing new where more was asked for is partial', () => {
    const asked = value(extendCycle(play(running(), ALL, green), 'more', undefined, doing()));
    const facts = { file: 'f', isChanged: false };
    expect(judgeWriting(asked, 'completed', facts).outcome).toBe('partial');
    expect(judgeWriting(asked, 'completed', { ...facts, isChanged: true }).outcome).toBe('completed');
  });

  test('of code is what git shows and what the tasks say', () => {
    const tasks = [
      {
        id: 'A',
        description: 'a',
        effort: 'small' as const,
        depends_on: [],
        status: 'completed' as const,
        files: ['src/a'],
      },
    ];
    const it = { ...running(), plan: takePlan(undefined, tasks, 'now') };
    expect(judgeCoding(it, 'completed', new Set(['src/a'])).outcome).toBe('completed');
    expect(judgeCoding(it, 'completed', new Set(['src/a/deep.ts'])).outcome).toBe('completed');
    expect(judgeCoding(it, 'completed', new Set(['other'])).why).toEqual([
      'A: none of its files has changed',
    ]);
    expect(judgeCoding(it, 'completed', new Set()).outcome).toBe('partial');
    expect(judgeCoding(it, 'completed', undefined).why).toEqual(['git could not say what changed']);
    expect(judgeCoding(it, 'failed', new Set(['src/a'])).outcome).toBe('failed');
    const early = { ...it, coord: { ...it.coord, baseline: { commit: null, dirty: {}, done: ['A'] } } };
    expect(judgeCoding(early, 'completed', new Set(['other'])).outcome).toBe('completed');
  });

  test('a developer who finds all done has nothing to change, but for a red validation or an extension', () => {
    const made = (it: Cycle): Cycle => ({
      ...it,
      changes: takeChanges(it.changes, [{ file: 'src/a', action: 'create' }], {
        words: new Map(),
        otherwise: '',
        iteration: 1,
        at: doing().at,
      }),
    });
    const again = made(play(running(), ['completed', 'completed', 'partial', 'completed'], green));
    expect([again.current_iteration, again.current_phase]).toEqual([2, 'cd']);
    const done = withTaskStatus(again, 'A', 'completed', doing().at);
    const seen = { ...done, coord: { ...done.coord, baseline: { commit: 'c', dirty: {}, done: ['A'] } } };
    expect(judgeCoding(seen, 'completed', new Set())).toEqual({ outcome: 'completed', why: [] });
    const wanting = { outcome: 'partial', why: expect.arrayContaining(['git shows no changed file']) };
    const after = made(play(running(), ALL, red));
    expect(judgeCoding(after, 'completed', new Set())).toEqual(wanting);
    const iterations = seen.iterations.map((one) => ({ ...one, extension: 'more' }));
    expect(judgeCoding({ ...seen, iterations }, 'completed', new Set())).toEqual(wanting);
  });

  test('of a validation is that it ran on this very tree; red is no failure of who ran it', () => {
    const check = (flaw: CheckFact['flaw']) => [{ command: 't', flaw, why: 'why' }];
    for (const flaw of [undefined, 'failed'] as const)
      expect(judgeValidating('completed', check(flaw)).outcome).toBe('completed');
    for (const flaw of ['never-run', 'other-tree', 'earlier-attempt', 'changed-files', 'stopped'] as const)
      expect(judgeValidating('completed', check(flaw))).toEqual({ outcome: 'partial', why: ['`t`: why'] });
  });
});

describe('contents', () => {
  test('a version goes up when it says something else, and only then', () => {
    const first = takeRequirements(undefined, '# R\n## Edge Cases\n- a\n* b\n1. c\n## Other\n- d\n', 'now');
    expect(first).toMatchObject({ version: '1.0.0', edge_cases: ['a', 'b', 'c'] });
    expect(takeRequirements(first, `${first.specification}\n`, 'later')).toBe(first);
    expect(takeRequirements(first, 'else', 'later').version).toBe('1.1.0');
    expect([nextVersion('1.9.0'), nextVersion('x'), nextVersion(undefined)]).toEqual([
      '1.10.0',
      '1.0.0',
      '1.0.0',
    ]);
    expect(itemsUnder('## Risks\n```\n- no\n```\n- yes', /risks/i)).toEqual(['yes']);
  });

  test('changes are what git shows, with the words of who made them; earlier iterations stay', () => {
    const told = { words: new Map([['a', 'new login']]), otherwise: 'work', iteration: 1, at: 't1' };
    const first = takeChanges(
      undefined,
      [
        { file: 'a', action: 'create' },
        { file: 'b', action: 'modify' },
      ],
      told,
    );
    expect(first.changes.map(({ file, description }) => [file, description])).toEqual([
      ['a', 'new login'],
      ['b', 'work'],
    ]);
    const second = takeChanges(first, [{ file: 'a', action: 'modify' }], { ...told, iteration: 2, at: 't2' });
    expect([second.total_files, second.changes.length, second.iteration_markers]).toEqual([
      2,
      3,
      { 1: 't1', 2: 't2' },
    ]);
    expect(takeChanges(second, [], { ...told, iteration: 2, at: 't3' }).changes).toHaveLength(2);
  });

  test('figures of the run come before what anybody says of it', () => {
    const claim = claimFrom({ failed_tests: ['x', 3, ''], total_tests: 100, coverage: 80, pass_rate: 100 });
    expect(claim).toEqual({ failed: ['x'], total: 100, coverage: 80 });
    const counts = { passed: 3, failed: 1, skipped: 2 };
    const seen = { counts, passed: 0, checks: 1, lastRun: 'now' };
    expect(takeResults(undefined, claim, seen)).toMatchObject({
      pass_rate: 75,
      total_tests: 4,
      coverage: 80,
    });
    expect(takeResults(undefined, claim, { ...seen, counts: undefined })).toMatchObject({
      pass_rate: 0,
      total_tests: 100,
    });
    const nothing = { counts: undefined, passed: 0, checks: 0, lastRun: 'now' };
    expect(takeResults(undefined, claim, nothing).pass_rate).toBe(99);
    for (const odd of [null, [], 'x', { total_tests: -1, coverage: 101, failed_tests: 'x' }])
      expect(claimFrom(odd)).toEqual({ failed: [], total: undefined, coverage: undefined });
  });
});
