/** TODO, acceptance criteria, named milestones, and the figures that follow from them. */
import { describe, expect, test } from 'vitest';
import { addCriterion, dropCriterion, isVersion, setMet, versionsOf } from '../../src/domain/criterion.ts';
import { deliverablesOf, figuresOf, goalShare, nextPhase, share } from '../../src/domain/figures.ts';
import { addGoal, dropGoal, reachGoal, reachGoals } from '../../src/domain/goal.ts';
import { addPhase, type StateDocument } from '../../src/domain/state-document.ts';
import {
  addTodo,
  agedTodo,
  changeTodo,
  doneTodo,
  findPriority,
  openTodo,
  type Priority,
  TODO_MAX,
  type TodoItem,
} from '../../src/domain/todo.ts';
import { NOON, stateWith } from './builders.ts';

/** The document, where nothing was refused. */
function ok(outcome: StateDocument | { code: string }): StateDocument {
  if ('code' in outcome) throw new Error(outcome.code);
  return outcome;
}

function twoPhases(): StateDocument {
  const first = stateWith(['p1', 'p2']);
  return ok(
    addPhase(first, {
      id: '02',
      name: 'UI',
      plans: [{ id: 'q1', title: 'Page' }],
      scope: [],
      depends: ['01'],
    }),
  );
}

function doneState(state: StateDocument, ...ids: string[]): StateDocument {
  return {
    ...state,
    phases: state.phases.map((phase) => (ids.includes(phase.id) ? { ...phase, state: 'done' } : phase)),
  };
}

describe('the TODO', () => {
  const filled = (...priorities: Priority[]) =>
    priorities.reduce((state, priority, at) => ok(addTodo(state, priority, `do ${at}`, NOON)), stateWith([]));

  test('numbers are given out once, also after the items are gone', () => {
    const state = filled('P1', 'P0');
    expect(state.todo.map((item) => item.id)).toEqual(['T1', 'T2']);
    expect(ok(addTodo({ ...state, todo: [] }, 'P2', 'x', NOON)).todo[0]?.id).toBe('T3');
    // A person may have numbered one by hand.
    const byHand = { ...state, todo: [{ id: 'T40', priority: 'P1' as const, text: 'x', at: NOON }] };
    expect(ok(addTodo(byHand, 'P2', 'x', NOON)).todo.at(-1)?.id).toBe('T41');
  });

  test('what is open is listed by priority, and by age within one', () => {
    expect(openTodo(filled('P2', 'P0', 'P1', 'P0')).map((item) => item.id)).toEqual(['T2', 'T4', 'T3', 'T1']);
  });

  test.each([
    ['P0', 'P0'],
    ['p2', 'P2'],
    ['P3', undefined],
    ['', undefined],
  ])('the priority %j', (word, found) => expect(findPriority(word)).toBe(found));

  test('a change of nothing is the same document; an unknown item is told with the open ones', () => {
    const state = filled('P0', 'P1');
    expect(changeTodo(state, 't1', (item) => item)).toBe(state);
    const ticked = ok(changeTodo(state, 'T1', (item) => ({ ...item, done: NOON })));
    expect(changeTodo(ticked, 'T9', (item) => item)).toEqual({
      code: 'todo-unknown',
      id: 'T9',
      known: ['T2'],
    });
  });

  test('it has an end', () => {
    const item: TodoItem = { id: 'T1', priority: 'P1', text: 'x', at: NOON };
    const full = { ...stateWith([]), todo: Array.from({ length: TODO_MAX }, () => item) };
    expect(addTodo(full, 'P0', 'one more', NOON)).toEqual({ code: 'todo-full', max: TODO_MAX });
  });

  test('to the backlog go done items beyond the latest ten, and old open ones that are not P0', () => {
    const done = Array.from({ length: 12 }, (_, at): TodoItem => {
      const second = String(at).padStart(2, '0');
      return { id: `T${at}`, priority: 'P1', text: 'x', at: NOON, done: `2026-02-21T12:00:${second}.000Z` };
    });
    const old = (id: string, priority: Priority): TodoItem => ({
      id,
      priority,
      text: 'x',
      at: '2026-01-01T00:00:00.000Z',
    });
    const todo = [...done, old('A0', 'P0'), old('A1', 'P1'), old('A2', 'P2')];
    expect(doneTodo({ todo }).map((item) => item.id)).not.toContain('T1');
    expect(agedTodo({ todo }, undefined).map((item) => item.id)).toEqual(['T0', 'T1']);
    expect(agedTodo({ todo }, NOON).map((item) => item.id)).toEqual(['T0', 'T1', 'A1', 'A2']);
  });
});

describe('acceptance criteria', () => {
  test('belong to a phase that there is, or to a version', () => {
    const state = ok(addCriterion(ok(addCriterion(stateWith([]), '01', 'parses')), 'V2', 'fast'));
    expect(state.criteria).toEqual([
      { id: 'C1', phase: '01', text: 'parses' },
      { id: 'C2', version: 'v2', text: 'fast' },
    ]);
    expect(addCriterion(state, '09', 'x')).toEqual({
      code: 'criterion-target',
      target: '09',
      phases: ['01'],
    });
  });

  test.each([
    ['v1', true],
    ['v12.3', true],
    ['1', false],
    ['version', false],
    ['v1-beta', false],
  ])('%s as a version: %s', (word, is) => expect(isVersion(word)).toBe(is));

  test('are met once, and taken back; a dropped one gives its number to nobody', () => {
    const state = ok(addCriterion(stateWith([]), 'v10', 'x'));
    const met = ok(setMet(state, 'c1', NOON));
    expect(setMet(met, 'C1', '2027-01-01T00:00:00.000Z')).toBe(met);
    expect(ok(setMet(met, 'C1', undefined)).criteria[0]?.met).toBeUndefined();
    const dropped = ok(dropCriterion(met, 'C1'));
    expect(ok(addCriterion(dropped, 'v2', 'y')).criteria[0]?.id).toBe('C2');
    expect(versionsOf(ok(addCriterion(met, 'v2', 'y')))).toEqual(['v2', 'v10']);
  });
});

describe('named milestones', () => {
  test('are reached when the last of their phases is done, once, and not before', () => {
    const state = ok(addGoal(twoPhases(), { id: 'beta', name: 'Beta', phases: ['01', '02', '01'] }));
    expect(state.goals[0]?.phases).toEqual(['01', '02']);
    expect(reachGoals(doneState(state, '01'), NOON).goals[0]?.reached).toBeUndefined();
    const reached = reachGoals(doneState(state, '01', '02'), NOON);
    expect(reached.goals[0]?.reached).toBe(NOON);
    expect(reachGoals(reached, '2027-01-01T00:00:00.000Z')).toBe(reached);
  });

  test('one without phases is reached by hand, one with open phases is not', () => {
    const state = ok(
      addGoal(ok(addGoal(twoPhases(), { id: 'a', name: 'A', phases: [] })), {
        id: 'b',
        name: 'B',
        phases: ['02'],
      }),
    );
    expect(reachGoals(doneState(state, '01'), NOON).goals[0]?.reached).toBeUndefined();
    expect(ok(reachGoal(state, 'A', NOON)).goals[0]?.reached).toBe(NOON);
    expect(reachGoal(state, 'b', NOON)).toEqual({ code: 'goal-unfinished', id: 'b', left: ['02'] });
  });

  test.each([
    ['an id that is taken', { id: 'BETA', name: 'x', phases: [] }, 'goal-exists'],
    ['a phase that is not there', { id: 'x', name: 'x', phases: ['07'] }, 'goal-phase-unknown'],
  ])('%s is refused', (_title, goal, code) => {
    const state = ok(addGoal(twoPhases(), { id: 'beta', name: 'Beta', phases: [] }));
    expect(addGoal(state, goal)).toMatchObject({ code });
    expect(dropGoal(state, 'none')).toEqual({ code: 'goal-unknown', id: 'none', known: ['beta'] });
  });
});

describe('figures', () => {
  test('100 % means all, and nothing of nothing is none', () => {
    expect(share(199, 200).percent).toBe(99);
    expect(share(2, 2).percent).toBe(100);
    expect(share(0, 0).percent).toBe(0);
  });

  test('are worked out from what the workers reported', () => {
    const state = ok(addGoal(twoPhases(), { id: 'beta', name: 'Beta', phases: ['01', '02'] }));
    const counts = { not_started: 0, in_progress: 1, complete: 1, failed: 0 };
    const reported = { revision: 3, at: NOON, counts };
    const told = {
      ...state,
      phases: state.phases.map((phase) => (phase.id === '01' ? { ...phase, reported } : phase)),
    };
    const figures = figuresOf(doneState(told, '02'));
    expect(figures.plans).toEqual({ done: 1, all: 3, percent: 33 });
    expect(figures.phases).toEqual({ done: 1, all: 2, percent: 50 });
    expect(figures.active).toEqual([{ phase: '01', plans: { done: 1, all: 2, percent: 50 } }]);
    expect(figures.goal?.phases).toEqual({ done: 1, all: 2, percent: 50 });
  });

  test('a reached milestone stays whole when its phases are archived away', () => {
    const goal = { id: 'a', name: 'A', phases: ['gone'], reached: NOON };
    expect(goalShare({ phases: [] }, goal).percent).toBe(100);
  });
});

describe('what is being made', () => {
  const withPlan = (state: StateDocument, id: string, word: 'in_progress' | 'complete') => ({
    ...state,
    phases: state.phases.map((phase) => ({
      ...phase,
      plans: phase.plans.map((plan) => (plan.id === id ? { ...plan, state: word } : plan)),
    })),
  });

  test('plans under way first, then the next plan of an active phase, then the next phase that can start', () => {
    const state = twoPhases();
    expect(deliverablesOf(withPlan(state, 'p2', 'in_progress'))).toEqual([
      { status: 'IN PROGRESS', phase: '01', plan: 'p2', title: 'Plan p2', owner: 'worker-01' },
    ]);
    expect(deliverablesOf(withPlan(state, 'p1', 'complete'))).toMatchObject([{ status: 'NEXT', plan: 'p2' }]);
    expect(nextPhase(state)).toBeUndefined();
    expect(deliverablesOf(doneState(state, '01'))).toMatchObject([
      { status: 'NEXT', phase: '02', plan: 'q1' },
    ]);
    expect(deliverablesOf(doneState(state, '01', '02'))).toEqual([]);
  });
});
