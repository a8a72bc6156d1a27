import { describe, expect, test } from 'vitest';
import { stateSchema, statusSchema } from '../../src/storage/schemas.ts';

const AT = '2026-01-02T03:04:05.678Z';
const plan = { id: '01-01', title: 'First', state: 'not_started' };
const blocker = { id: 'B1', summary: 'stuck', state: 'open', raised: AT };
const status = {
  coord: 'status/1',
  revision: 0,
  phase: '01',
  name: 'Api',
  worker: 'worker-01',
  branch: 'b',
  updated: AT,
};
const phase = { id: '1', name: 'Api', folder: '01-api', state: 'active', worker: 'worker-1' };
const counts = { not_started: 0, in_progress: 1, complete: 0, failed: 0 };
const state = { coord: 'state/1', revision: 0, project: 'demo', updated: AT };

type Row = [string, object, string | undefined];
/** The path of the first complaint, undefined when it is taken. */
function complaint(schema: typeof stateSchema | typeof statusSchema, document: object): string | undefined {
  const parsed = schema.safeParse(document);
  return parsed.success ? undefined : parsed.error.issues[0]?.path.join('.');
}

describe('a STATUS.md', () => {
  const rows: Row[] = [
    ['with nothing in it is taken', {}, undefined],
    ['with empty lists is taken', { plans: null, blockers: [], decisions: null }, undefined],
    ['with a number for an id is taken', { phase: 1, plans: [{ ...plan, id: 2 }] }, undefined],
    ['with unknown keys is taken', { ours: { x: 1 }, plans: [{ ...plan, note: 'x' }] }, undefined],
    ['of another kind is refused', { coord: 'state/1' }, 'coord'],
    ['without a kind is refused', { coord: undefined }, 'coord'],
    ['with a revision below nought is refused', { revision: -1 }, 'revision'],
    ['with a revision as text is refused', { revision: '1' }, 'revision'],
    ['with an empty name is refused', { name: ' ' }, 'name'],
    ['with a list for a name is refused', { name: ['x'] }, 'name'],
    [
      'with a plan in the state banana is refused',
      { plans: [plan, { ...plan, id: 'b', state: 'banana' }] },
      'plans.1.state',
    ],
    ['with a plan in the state done is refused', { plans: [{ ...plan, state: 'done' }] }, 'plans.0.state'],
    ['with a plan without a state is refused', { plans: [{ id: 'a', title: 'x' }] }, 'plans.0.state'],
    [
      'with a task in the state banana is refused',
      { plans: [{ ...plan, tasks: [{ id: 1, title: 'x', state: 'banana' }] }] },
      'plans.0.tasks.0.state',
    ],
    [
      'with what was recorded of a plan is taken',
      {
        plans: [
          {
            ...plan,
            artifacts: [{ path: 'a.ts', type: 'test', status: 'draft', note: 'x' }],
            quality_gates: { tests: { status: 'passed', last_run: AT, coverage_percent: 87 } },
            metrics: { loc: 3 },
            estimated_completion: '2026-03-01',
          },
        ],
      },
      undefined,
    ],
    [
      'with nothing recorded of a plan is taken',
      { plans: [{ ...plan, artifacts: null, quality_gates: null, metrics: null }] },
      undefined,
    ],
    [
      'with an artifact of an unknown type is refused',
      { plans: [{ ...plan, artifacts: [{ path: 'a', type: 'banana', status: 'draft' }] }] },
      'plans.0.artifacts.0.type',
    ],
    [
      'with a check in the state banana is refused',
      { plans: [{ ...plan, quality_gates: { tests: { status: 'banana' } } }] },
      'plans.0.quality_gates.tests.status',
    ],
    [
      'with a figure that is text is refused',
      { plans: [{ ...plan, metrics: { loc: 'many' } }] },
      'plans.0.metrics.loc',
    ],
    ['with an id that leaves its folder is refused', { plans: [{ ...plan, id: '../x' }] }, 'plans.0.id'],
    ['with two plans of one id is refused', { plans: [plan, plan] }, 'plans'],
    [
      'with two ids that differ in case alone is refused',
      {
        plans: [
          { ...plan, id: 'a' },
          { ...plan, id: 'A' },
        ],
      },
      'plans',
    ],
    ['with plans that are no list is refused', { plans: { a: plan } }, 'plans'],
    ['with a blocker is taken', { blockers: [blocker] }, undefined],
    [
      'with a blocker in the state banana is refused',
      { blockers: [{ ...blocker, state: 'banana' }] },
      'blockers.0.state',
    ],
    ['with two blockers of one id is refused', { blockers: [blocker, blocker] }, 'blockers'],
    [
      'with an unknown milestone is refused',
      { milestones: [{ at: AT, event: 'banana' }] },
      'milestones.0.event',
    ],
  ];
  test.each(rows)('%s', (_name, change, expected) => {
    expect(complaint(statusSchema, { ...status, ...change })).toBe(expected);
  });

  test('has lists, text ids and its unknown keys after reading', () => {
    const read = statusSchema.parse({
      ...status,
      phase: 1,
      plans: [{ ...plan, id: 7, started: null, note: 'x' }],
      ours: 1,
    });
    expect(read).toMatchObject({
      phase: '1',
      blockers: [],
      plans: [{ id: '7', note: 'x', tasks: [] }],
      ours: 1,
    });
    expect(read.plans[0]?.started).toBeUndefined();
  });
});

describe('a STATE.md', () => {
  const rows: Row[] = [
    ['with nothing in it is taken', {}, undefined],
    ['with a phase is taken', { phases: [phase] }, undefined],
    [
      'with a report is taken',
      { phases: [{ ...phase, reported: { revision: 3, at: AT, counts } }] },
      undefined,
    ],
    [
      'with a phase in the state banana is refused',
      { phases: [{ ...phase, state: 'banana' }] },
      'phases.0.state',
    ],
    [
      'with a plan in the state banana is refused',
      { phases: [{ ...phase, plans: [{ ...plan, state: 'banana' }] }] },
      'phases.0.plans.0.state',
    ],
    ['with two phases of one id is refused', { phases: [phase, phase] }, 'phases'],
    [
      'with a dependency that is no id is refused',
      { phases: [{ ...phase, depends: ['a b'] }] },
      'phases.0.depends.0',
    ],
    [
      'with a count below nought is refused',
      { phases: [{ ...phase, reported: { revision: 3, at: AT, counts: { ...counts, failed: -1 } } }] },
      'phases.0.reported.counts.failed',
    ],
    [
      'with a missing count is refused',
      { phases: [{ ...phase, reported: { revision: 3, at: AT, counts: {} } }] },
      'phases.0.reported.counts.not_started',
    ],
    ['of another kind is refused', { coord: 'status/1' }, 'coord'],
    ['without a project is refused', { project: '' }, 'project'],
  ];
  test.each(rows)('%s', (_name, change, expected) => {
    expect(complaint(stateSchema, { ...state, ...change })).toBe(expected);
  });
});
