import { describe, expect, test } from 'vitest';
import type { PlanState, PlanVerb } from '../../src/domain/plan.ts';
import {
  addDecision,
  addTask,
  answerBlockers,
  type Changed,
  type Moment,
  movePlan,
  moveTask,
  raiseBlocker,
  resolveBlocker,
  type StatusDocument,
  withMilestones,
} from '../../src/domain/status-document.ts';
import { blocker, NOON, plan, status } from './builders.ts';

const LATER = '2026-02-21T13:00:00.000Z';
const now: Moment = { at: LATER, head: 'abc123' };

function done<R>(changed: Changed<StatusDocument, R>): StatusDocument {
  if (!changed.done) throw new Error(JSON.stringify(changed.problem));
  return changed.document;
}

function problem<R>(changed: Changed<StatusDocument, R>): R | undefined {
  return changed.done ? undefined : changed.problem;
}

describe('movePlan', () => {
  test.each<[PlanState, PlanVerb, PlanState | 'refused']>([
    ['not_started', 'start', 'in_progress'],
    ['failed', 'start', 'in_progress'],
    ['complete', 'start', 'in_progress'],
    ['in_progress', 'start', 'refused'],
    ['not_started', 'complete', 'complete'],
    ['in_progress', 'complete', 'complete'],
    ['complete', 'complete', 'refused'],
    ['failed', 'complete', 'refused'],
    ['in_progress', 'fail', 'failed'],
    ['not_started', 'fail', 'failed'],
    ['complete', 'fail', 'refused'],
    ['failed', 'fail', 'refused'],
  ])('from %s, %s leads to %s', (from, verb, to) => {
    const moved = movePlan(status([plan('1', from), plan('2')]), '1', verb, now, 'why');
    if (to === 'refused')
      return expect(problem(moved)).toEqual({ code: 'plan-move-refused', plan: '1', verb, from });
    expect(done(moved).plans.map((it) => it.state)).toEqual([to, 'not_started']);
  });

  test('an unknown plan is refused with the known ones', () => {
    expect(problem(movePlan(status([plan('1')]), '9', 'start', now))).toEqual({
      code: 'plan-unknown',
      plan: '9',
      known: ['1'],
    });
  });

  test('a completed plan has its times, its commit and a milestone', () => {
    const after = done(
      movePlan(status([plan('1', 'in_progress', { started: NOON }), plan('2')]), '1', 'complete', now),
    );
    expect(after.plans[0]).toMatchObject({ started: NOON, finished: LATER, commit: 'abc123' });
    expect(after.milestones).toEqual([{ at: LATER, event: 'plan_complete', plan: '1', commit: 'abc123' }]);
  });

  test('the last plan completes the phase', () => {
    const before = status(
      [plan('1', 'complete', { finished: NOON, commit: 'x' }), plan('2', 'in_progress')],
      {
        milestones: [{ at: NOON, event: 'plan_complete', plan: '1', commit: 'x' }],
      },
    );
    const after = done(movePlan(before, '2', 'complete', now));
    expect(after.milestones.map((it) => it.event)).toEqual([
      'plan_complete',
      'plan_complete',
      'phase_complete',
    ]);
    expect(after.milestones[2]).toEqual({ at: LATER, event: 'phase_complete', commit: 'abc123' });
  });

  test('a failed plan says why, and a new start forgets the failure', () => {
    const failed = done(movePlan(status([plan('1', 'in_progress')]), '1', 'fail', now, 'no key'));
    expect(failed.plans[0]).toMatchObject({ reason: 'no key', finished: LATER });
    const again = done(movePlan(failed, '1', 'start', { at: NOON, head: undefined }));
    expect(again.plans[0]).toEqual({
      id: '1',
      title: 'Plan 1',
      state: 'in_progress',
      tasks: [],
      started: NOON,
    });
  });

  test('a reopened plan that is completed again is a second milestone, of the phase too', () => {
    let at = 0;
    const next = () => ({ at: `2026-02-21T14:0${at++}:00.000Z`, head: `h${at}` });
    let document = done(movePlan(status([plan('1')]), '1', 'complete', next()));
    document = done(movePlan(document, '1', 'start', next()));
    document = done(movePlan(document, '1', 'complete', next()));
    expect(document.milestones.map((it) => `${it.event} ${it.commit}`)).toEqual([
      'plan_complete h1',
      'phase_complete h1',
      'plan_complete h3',
      'phase_complete h3',
    ]);
  });

  test('keeps the tasks, and leaves the document that it got as it was', () => {
    const tasks = [{ id: '1', title: 'T', state: 'complete' as const }];
    const before = status([plan('1', 'in_progress', { tasks })]);
    const copy = JSON.stringify(before);
    expect(done(movePlan(before, '1', 'complete', now)).plans[0]?.tasks).toEqual(tasks);
    expect(JSON.stringify(before)).toBe(copy);
  });
});

describe('withMilestones', () => {
  test('a plan that a person set to complete gets its commit and milestone', () => {
    const after = withMilestones(status([plan('1', 'complete'), plan('2')]), now);
    expect(after.plans[0]).toMatchObject({ finished: LATER, commit: 'abc123' });
    expect(after.milestones).toEqual([{ at: LATER, event: 'plan_complete', plan: '1', commit: 'abc123' }]);
  });

  test('done twice is the same document', () => {
    const once = withMilestones(status([plan('1', 'complete')]), now);
    expect(withMilestones(once, { at: NOON, head: 'other' })).toBe(once);
  });

  test('where there is no commit yet, the next call fills it in and adds no milestone', () => {
    const once = withMilestones(status([plan('1', 'complete'), plan('2')]), { at: NOON, head: undefined });
    const twice = withMilestones(once, now);
    expect(twice.plans[0]?.commit).toBe('abc123');
    expect(twice.milestones).toHaveLength(1);
  });

  test.each([
    ['nothing complete', [plan('1', 'in_progress')]],
    ['no plans', []],
    ['a failed one', [plan('1', 'failed')]],
  ])('%s: the same document', (_claim, plans) => {
    const before = status(plans);
    expect(withMilestones(before, now)).toBe(before);
  });

  test('a phase with a failed plan is not complete', () => {
    const after = withMilestones(status([plan('1', 'complete'), plan('2', 'failed')]), now);
    expect(after.milestones.map((it) => it.event)).toEqual(['plan_complete']);
  });
});

describe('tasks', () => {
  test('are numbered inside their plan, and move freely', () => {
    const one = addTask(status([plan('1'), plan('2')]), '1', 'First');
    const two = addTask(done(one), '1', 'Second');
    expect([one.task, two.task]).toEqual(['1', '2']);
    expect(addTask(done(two), '2', 'Other').task).toBe('1');
    const moved = done(moveTask(done(two), '1', '2', 'complete'));
    expect(moved.plans[0]?.tasks.map((it) => it.state)).toEqual(['not_started', 'complete']);
    expect(done(moveTask(moved, '1', '2', 'in_progress')).plans[0]?.tasks[1]?.state).toBe('in_progress');
  });

  test('a hand-written id does not confuse the numbering', () => {
    const tasks = ['7', 'mine'].map((id) => ({ id, title: id, state: 'not_started' as const }));
    expect(addTask(status([plan('1', 'in_progress', { tasks })]), '1', 'x').task).toBe('8');
  });

  test('unknown plans and tasks are refused', () => {
    const document = done(addTask(status([plan('1')]), '1', 'First'));
    expect(problem(addTask(document, '9', 'x'))).toMatchObject({ code: 'plan-unknown' });
    expect(problem(moveTask(document, '9', '1', 'complete'))).toMatchObject({ code: 'plan-unknown' });
    expect(problem(moveTask(document, '1', '9', 'complete'))).toEqual({
      code: 'task-unknown',
      plan: '1',
      task: '9',
      known: ['1'],
    });
  });
});

describe('blockers', () => {
  test('are numbered, and name a plan that exists', () => {
    const one = raiseBlocker(status([plan('1')]), { summary: 'No key', detail: 'Long', plan: '1', at: NOON });
    expect(one.blocker).toBe('B1');
    expect(done(one).blockers).toEqual([
      { id: 'B1', plan: '1', summary: 'No key', detail: 'Long', state: 'open', raised: NOON },
    ]);
    expect(raiseBlocker(done(one), { summary: 'x', at: NOON }).blocker).toBe('B2');
    expect(problem(raiseBlocker(status([]), { summary: 'x', plan: '9', at: NOON }))).toMatchObject({
      code: 'plan-unknown',
    });
  });

  test('a resolved one stays, and its number is not given again', () => {
    const before = status([], { blockers: [blocker('B1'), blocker('B2')] });
    const after = done(resolveBlocker(before, 'B2', 'found it'));
    expect(after.blockers[1]).toMatchObject({ state: 'resolved', resolution: 'found it' });
    expect(after.blockers[0]?.state).toBe('open');
    expect(raiseBlocker(after, { summary: 'x', at: NOON }).blocker).toBe('B3');
    expect(done(resolveBlocker(after, 'B2', undefined)).blockers[1]?.resolution).toBe('found it');
  });

  test('an unknown one is refused with those that are not resolved', () => {
    const blockers = [blocker('B1'), blocker('B2', { state: 'resolved' })];
    expect(problem(resolveBlocker(status([], { blockers }), 'B9', undefined))).toEqual({
      code: 'blocker-unknown',
      blocker: 'B9',
      known: ['B1'],
    });
  });

  test.each([
    ['open', undefined, 'answered', 'Use 8080'],
    ['answered', 'Use 80', 'answered', 'Use 80'],
    ['answered', undefined, 'answered', 'Use 8080'],
    ['resolved', undefined, 'resolved', 'Use 8080'],
    ['resolved', 'Use 80', 'resolved', 'Use 80'],
  ] as const)('an answer to one that is %s (%j) leaves it %s with %j', (state, answer, after, kept) => {
    const blockers = [blocker('B1', { state, answer }), blocker('B2')];
    const answered = answerBlockers(status([], { blockers }), new Map([['B1', 'Use 8080']]));
    expect(answered.blockers[0]).toMatchObject({ state: after, answer: kept });
    expect(answered.blockers[1]?.state).toBe('open');
    expect(answerBlockers(answered, new Map([['B1', 'again']]))).toBe(answered);
  });

  test('answers to nothing known change nothing', () => {
    const before = status([], { blockers: [blocker('B1')] });
    expect(answerBlockers(before, new Map([['B9', 'x']]))).toBe(before);
    expect(answerBlockers(before, new Map())).toBe(before);
  });
});

test('a decision of the phase is added behind the others', () => {
  const [a, b] = ['a', 'b'].map((text) => ({ at: NOON, text }));
  const document = addDecision(addDecision(status([]), a as { at: string; text: string }), b as never);
  expect(document.decisions).toEqual([a, b]);
});
