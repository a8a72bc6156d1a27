import { describe, expect, test } from 'vitest';
import { countPlans, type PlanState } from '../../src/domain/plan.ts';
import {
  addPhase,
  countsOf,
  emptyState,
  findPhase,
  judgeClose,
  judgeStart,
  type NewPhase,
  type PhaseState,
  phaseOrRefusal,
  replacePhase,
  type StateDocument,
  type StatePhase,
} from '../../src/domain/state-document.ts';
import { NOON, stateWith } from './builders.ts';

const added = (over: Partial<NewPhase> = {}): NewPhase => ({
  id: '02',
  name: 'UI',
  plans: [{ id: '02-01', title: 'Page' }],
  scope: [],
  depends: [],
  ...over,
});

function must(state: ReturnType<typeof addPhase>): StateDocument {
  if ('code' in state) throw new Error(state.code);
  return state;
}

describe('addPhase', () => {
  test('makes a future phase with its folder, its worker and its plans not started', () => {
    const state = must(addPhase(emptyState('demo', NOON), added({ id: '2', scope: ['src/**'] })));
    expect(state.phases).toEqual([
      {
        id: '2',
        name: 'UI',
        folder: '02-ui',
        state: 'future',
        worker: 'worker-2',
        depends: [],
        scope: ['src/**'],
        plans: [{ id: '02-01', title: 'Page', state: 'not_started' }],
        blockers: [],
      },
    ]);
  });

  test.each<[string, Partial<NewPhase>, string | undefined]>([
    ['a new phase', {}, undefined],
    ['the same id', { id: '01' }, 'phase-exists'],
    ['the same id without its zero', { id: '1' }, 'phase-exists'],
    ['an id that only begins so', { id: '011' }, undefined],
    ['a known dependency', { depends: ['01'] }, undefined],
    ['an unknown dependency', { depends: ['01', '09'] }, 'phase-unknown'],
    ['itself as a dependency', { depends: ['02'] }, 'phase-unknown'],
    ['a plan id of another phase', { plans: [{ id: 'p1', title: 'x' }] }, 'plan-id-taken'],
    ['the same in other letters', { plans: [{ id: 'P1', title: 'x' }] }, 'plan-id-taken'],
    [
      'one plan id twice',
      {
        plans: [
          { id: 'a', title: 'x' },
          { id: 'A', title: 'y' },
        ],
      },
      'plan-id-taken',
    ],
    ['no plans', { plans: [] }, undefined],
  ])('%s beside phase 01 with plan p1', (_claim, over, code) => {
    const result = addPhase(stateWith(['p1']), added(over));
    expect('code' in result ? result.code : undefined).toBe(code);
    if (!('code' in result)) expect(result.phases).toHaveLength(2);
  });

  test('ids that differ by case are one', () => {
    const state = must(addPhase(emptyState('demo', NOON), added({ id: 'api' })));
    expect(addPhase(state, added({ id: 'API', plans: [] }))).toEqual({
      code: 'phase-exists',
      phase: 'api',
      name: 'UI',
    });
  });
});

const phaseWith = (state: PhaseState, over: Partial<StatePhase> = {}): StatePhase =>
  ({ ...stateWith(['p1', 'p2']).phases[0], state, ...over }) as StatePhase;

describe('judgeStart', () => {
  const depends = (on: PhaseState): [StateDocument, StatePhase] => {
    const state = must(addPhase(stateWith(['p1'], { state: on }), added({ depends: ['01'] })));
    return [state, findPhase(state, '02') as StatePhase];
  };
  test.each<[string, [StateDocument, StatePhase], object | undefined]>([
    ['a future phase starts', [stateWith([]), phaseWith('future')], undefined],
    [
      'an active one has started',
      [stateWith([]), phaseWith('active')],
      { code: 'phase-already-started', worker: 'worker-01' },
    ],
    ['a done one is over', [stateWith([]), phaseWith('done')], { code: 'phase-not-active', state: 'done' }],
    ['it waits for a future phase', depends('future'), { code: 'phase-depends', waitsFor: ['01'] }],
    ['and for an active one', depends('active'), { code: 'phase-depends', waitsFor: ['01'] }],
    ['and not for a done one', depends('done'), undefined],
    [
      'a phase that is gone holds it too',
      [stateWith([]), phaseWith('future', { depends: ['x'] })],
      { code: 'phase-depends' },
    ],
  ])('%s', (_claim, [state, phase], refusal) => {
    const verdict = judgeStart(state, phase);
    if (refusal) expect(verdict).toMatchObject(refusal);
    else expect(verdict).toBeUndefined();
  });
});

describe('judgeClose', () => {
  const reported = (...states: PlanState[]) => ({
    reported: { revision: 1, at: NOON, counts: countPlans(states.map((state) => ({ state }))) },
  });
  test.each<[string, StatePhase, boolean, string | undefined]>([
    ['all complete', phaseWith('active', reported('complete', 'complete')), false, undefined],
    ['no plans at all', phaseWith('active', { plans: [] }), false, undefined],
    ['one not started', phaseWith('active', reported('complete', 'not_started')), false, 'phase-unfinished'],
    ['one in progress', phaseWith('active', reported('in_progress')), false, 'phase-unfinished'],
    ['one failed', phaseWith('active', reported('complete', 'failed')), false, 'phase-unfinished'],
    ['unfinished, by force', phaseWith('active', reported('failed')), true, undefined],
    ['nothing reported, planned not started', phaseWith('active'), false, 'phase-unfinished'],
    ['a future one', phaseWith('future'), true, 'phase-not-active'],
    ['a done one', phaseWith('done'), true, 'phase-not-active'],
  ])('%s', (_claim, phase, isForced, code) => {
    expect(judgeClose(phase, isForced)?.code).toBe(code);
  });
});

test('counts are what the worker reported, else what is planned', () => {
  expect(countsOf(phaseWith('active')).not_started).toBe(2);
  const counts = { not_started: 0, in_progress: 7, complete: 0, failed: 0 };
  expect(countsOf(phaseWith('active', { reported: { revision: 1, at: NOON, counts } }))).toBe(counts);
});

test('an unknown phase is refused with the known ones', () => {
  expect(phaseOrRefusal(stateWith([]), '01')).toMatchObject({ id: '01' });
  expect(phaseOrRefusal(stateWith([]), '9')).toEqual({ code: 'phase-unknown', phase: '9', known: ['01'] });
});

test('replacing a phase leaves the others and the order', () => {
  const state = must(addPhase(stateWith(['p1']), added()));
  const next = replacePhase(state, { ...(state.phases[0] as StatePhase), name: 'New' });
  expect(next.phases.map((it) => it.name)).toEqual(['New', 'UI']);
  expect(next.phases[1]).toBe(state.phases[1]);
});
