import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Plan, PlanState } from '../../src/domain/plan.ts';
import type { Blocker } from '../../src/domain/status-document.ts';
import { currentPlan, currentTask, instantOf, printTask } from '../../src/domain/task-progress.ts';
import { anyQuestions, anyStatus } from '../kit/any-status.ts';
import { blocker, NOON, plan, status } from './builders.ts';

const at = (minute: number) => `2026-02-21T12:${String(minute).padStart(2, '0')}:00.000Z`;

describe('the current plan', () => {
  test.each<[string, Plan[], Blocker[], string | undefined]>([
    ['is the one under way', [plan('1', 'complete', { finished: at(9) }), plan('2', 'in_progress')], [], '2'],
    [
      'of two under way the one started last',
      [plan('1', 'in_progress', { started: at(2) }), plan('2', 'in_progress', { started: at(1) })],
      [],
      '1',
    ],
    [
      'with none under way the one that finished last, complete or failed',
      [plan('1', 'failed', { finished: at(2) }), plan('2', 'complete', { finished: at(1) }), plan('3')],
      [],
      '1',
    ],
    ['finished without a moment comes before none', [plan('1', 'complete'), plan('2')], [], '1'],
    ['with none finished the next one', [plan('1'), plan('2')], [], '1'],
    ['that no blocker holds', [plan('1'), plan('2')], [blocker('B1', { plan: '1' })], '2'],
    ['and where all are held the first', [plan('1')], [blocker('B1', { plan: '1' })], '1'],
    ['there is none without plans', [], [], undefined],
  ])('%s', (_claim, plans, blockers, id) => {
    expect(currentPlan(status(plans, { blockers }))?.id).toBe(id);
  });
});

describe('the current task', () => {
  test('has the shape of seed 002, and says what STATUS.md says', () => {
    const tasks = [
      { id: '1', title: 'write', state: 'complete' as const },
      { id: '2', title: 'try', state: 'in_progress' as const, started: at(2) },
      { id: '3', title: 'look', state: 'in_progress' as const, started: at(1) },
      { id: '4', title: 'tell', state: 'not_started' as const },
    ];
    const underWay = plan('01-01', 'in_progress', {
      started: NOON,
      tasks,
      artifacts: [{ path: 'a.ts', type: 'source_code', status: 'draft', created_at: NOON }],
      quality_gates: {
        tests: { status: 'passed', last_run: NOON, passed: 15 },
        types: { status: 'not_run' },
      },
      metrics: { lines_of_code: 320 },
      estimated_completion: '2026-03-01',
    });
    expect(currentTask(status([underWay]), [{ id: 'msg-1', content: 'which?', asked: NOON }])).toEqual({
      task_id: '01-01',
      task_name: 'Plan 01-01',
      phase: '01',
      started: NOON,
      updated: NOON,
      estimated_completion: '2026-03-01T00:00:00.000Z',
      status: 'in_progress',
      current_step: 'try',
      completed_steps: ['write'],
      remaining_steps: ['try', 'look', 'tell'],
      blocked_on: null,
      questions_for_coordinator: [{ id: 'msg-1', content: 'which?', asked: NOON }],
      artifacts: [{ path: 'a.ts', type: 'source_code', status: 'draft', created_at: NOON }],
      quality_gates: {
        tests: { status: 'passed', last_run: NOON, passed: 15 },
        types: { status: 'not_run' },
      },
      metrics: { lines_of_code: 320 },
    });
  });

  test.each<[PlanState, string]>([
    ['not_started', 'not_started'],
    ['in_progress', 'in_progress'],
    ['complete', 'completed'],
    ['failed', 'failed'],
  ])('of a plan that is %s is %s', (state, word) => {
    expect(currentTask(status([plan('1', state)]), [])?.status).toBe(word);
  });

  test('of a complete plan has no current step, whatever its tasks say', () => {
    const tasks = [{ id: '1', title: 'left', state: 'in_progress' as const }];
    expect(currentTask(status([plan('1', 'complete', { tasks })]), [])).toMatchObject({
      current_step: null,
      remaining_steps: ['left'],
    });
  });
});

describe('blocked_on', () => {
  const plans = [plan('1', 'in_progress'), plan('2')];
  test.each<[string, Blocker[], string | undefined, string]>([
    ['is null without a blocker', [], undefined, 'in_progress'],
    [
      'is null when all are answered or resolved',
      [blocker('B1', { state: 'answered' }), blocker('B2', { state: 'resolved' })],
      undefined,
      'in_progress',
    ],
    ['names the blocker of the current plan', [blocker('B1'), blocker('B2', { plan: '1' })], 'B2', 'blocked'],
    ['or the one of the whole phase', [blocker('B1', { plan: '2' }), blocker('B2')], 'B2', 'blocked'],
    [
      'or one of another plan, by which this one is not blocked',
      [blocker('B1', { plan: '2' })],
      'B1',
      'in_progress',
    ],
    ['the oldest of several', [blocker('B1', { plan: '1' }), blocker('B2', { plan: '1' })], 'B1', 'blocked'],
  ])('%s', (_claim, blockers, id, word) => {
    const task = currentTask(status(plans, { blockers }), []);
    expect([task?.blocked_on?.blocker, task?.status]).toEqual([id, word]);
  });

  test('has what an answerer must know', () => {
    const blockers = [blocker('B1', { plan: '1', detail: 'all of it' })];
    expect(currentTask(status(plans, { blockers }), [])?.blocked_on).toEqual({
      blocker: 'B1',
      summary: 'About B1',
      detail: 'all of it',
      task: '1',
      raised: NOON,
    });
  });

  test('a plan that is over stays what it is, and the blocker is still shown', () => {
    const task = currentTask(status([plan('1', 'failed')], { blockers: [blocker('B1', { plan: '1' })] }), []);
    expect([task?.status, task?.blocked_on?.blocker]).toEqual(['failed', 'B1']);
  });
});

test.each([
  ['2026-03-01', '2026-03-01T00:00:00.000Z'],
  ['2026-03-01T18:00:00+02:00', '2026-03-01T16:00:00.000Z'],
  ['next week', null],
  ['', null],
  [undefined, null],
])('the moment %j is %j', (text, instant) => {
  expect(instantOf(text)).toBe(instant);
});

test('any STATUS.md has one text, all of its steps, and a blocker shown where one is open', () => {
  fc.assert(
    fc.property(anyStatus, anyQuestions, (document, questions) => {
      const task = currentTask(document, questions);
      const chosen = currentPlan(document);
      expect(task?.task_id).toBe(chosen?.id);
      if (!task || !chosen) return;
      expect(printTask(task)).toBe(printTask(currentTask(structuredClone(document), questions) ?? task));
      const steps = [...task.completed_steps, ...task.remaining_steps];
      expect(steps.sort()).toEqual(chosen.tasks.map((one) => one.title).sort());
      const isOpen = document.blockers.some((one) => one.state === 'open');
      expect(task.blocked_on !== null).toBe(isOpen);
      expect(task.status === 'blocked').toBe(
        isOpen &&
          (task.blocked_on?.task ?? chosen.id) === chosen.id &&
          !['complete', 'failed'].includes(chosen.state),
      );
    }),
  );
});
