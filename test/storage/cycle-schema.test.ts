/** What the original workflow wrote opens here: its own examples, with its clock turned into UTC. What is none is refused. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Cycle } from '../../src/domain/cycle/cycle.ts';
import { newCycle } from '../../src/domain/cycle/moves.ts';
import { cycleFrom } from '../../src/storage/cycle-schema.ts';

/** The published example of a new cycle. */
const initial = {
  cycle_id: 'cycle-v1-20260122T100000-abc123',
  title: 'Implement OAuth authentication',
  description: 'Add OAuth2 login support with Google and GitHub providers',
  task_history: ['Implement OAuth authentication'],
  status: 'created',
  created_at: '2026-01-22T10:00:00+08:00',
  updated_at: '2026-01-22T10:00:00+08:00',
  max_iterations: 5,
  current_iteration: 0,
  agents: {
    ra: { status: 'idle', output_files: [], iterations_completed: 0 },
    ep: { status: 'idle', output_files: [], iterations_completed: 0 },
    cd: { status: 'idle', output_files: [], iterations_completed: 0 },
    vas: { status: 'idle', output_files: [], iterations_completed: 0 },
  },
  current_phase: 'init',
  completed_phases: [],
  phase_errors: [],
  iterations: [],
  coordination: { feedback_log: [], pending_decisions: [], blockers: [] },
};

/** Its later examples, which leave out what had not changed. */
const later = {
  ...initial,
  status: 'running',
  current_iteration: 2,
  current_phase: 'aggregation',
  completed_phases: ['ra', 'ep', 'cd', 'vas', 'ra', 'ep'],
  agents: {
    ra: { status: 'running', started_at: '2026-01-22T10:05:00+08:00', iterations_completed: 1 },
    ep: { status: 'idle' },
  },
  requirements: {
    version: '1.1.0',
    specification: '...',
    edge_cases: ['OAuth timeout handling', 'PKCE validation'],
    last_updated: '2026-01-22T11:00:00+08:00',
  },
  plan: {
    version: '1.0.0',
    tasks: [
      {
        id: 'TASK-001',
        description: 'Setup OAuth application credentials',
        effort: 'small',
        status: 'completed',
        files: ['src/config/oauth.ts'],
      },
    ],
  },
  changes: { total_files: 12, iteration_markers: { '1': '2026-01-22T10:30:00+08:00' } },
  test_results: {
    version: '1.0.0',
    pass_rate: 85,
    coverage: 78,
    failed_tests: ['test: OAuth timeout retry'],
    total_tests: 20,
  },
  iterations: [
    { number: 1, completed_at: '2026-01-22T10:40:00+08:00' },
    {
      number: 2,
      extension: 'Also add multi-factor authentication',
      started_at: '2026-01-22T10:45:00+08:00',
      agent_results: { cd: { status: 'partial', files_modified: 5 } },
    },
  ],
  coordination: {
    feedback_log: [
      {
        timestamp: '2026-01-22T10:45:00+08:00',
        source: 'user',
        target: 'ra',
        content: 'Add multi-factor authentication to requirements',
        type: 'requirement_update',
      },
    ],
  },
  note_of_another_tool: { kept: true },
};

const read = (value: unknown) => cycleFrom(value) as Cycle & { flaw?: string };

describe('the original’s files', () => {
  test('a new cycle opens, its clock in UTC', () => {
    const cycle = read(initial);
    expect(cycle).toMatchObject({
      ...initial,
      created_at: '2026-01-22T02:00:00.000Z',
      updated_at: '2026-01-22T02:00:00.000Z',
    });
    expect(cycle.coord).toEqual({
      revision: 0,
      place: null,
      waiting: [],
      baseline: null,
      scores: {},
      acts: [],
    });
  });

  test('one under way opens, with what was left out filled in, and what nobody knows kept', () => {
    const cycle = read(later);
    expect(cycle.flaw).toBeUndefined();
    expect(cycle).toMatchObject({
      completed_phases: ['ra', 'ep', 'cd', 'vas'],
      agents: { ra: { started_at: '2026-01-22T02:05:00.000Z', output_files: [] }, vas: { status: 'idle' } },
      plan: { tasks: [{ depends_on: [] }], critical_path: [] },
      changes: { total_files: 12, changes: [], iteration_markers: { '1': '2026-01-22T02:30:00.000Z' } },
      iterations: [{ agent_results: {} }, { agent_results: { cd: { status: 'partial' } } }],
      coordination: { pending_decisions: [], blockers: [] },
      note_of_another_tool: { kept: true },
    });
    expect(read(JSON.parse(JSON.stringify(cycle)))).toEqual(cycle);
  });

  test('a moment without a zone, or that is none, stays as it was written', () => {
    const odd = read({ ...initial, created_at: '2026-01-22T10:00:00', updated_at: '...' });
    expect([odd.created_at, odd.updated_at]).toEqual(['2026-01-22T10:00:00', '...']);
  });
});

describe('no cycle', () => {
  test.each<[string, unknown, string]>([
    ['nothing', undefined, 'the whole'],
    ['a list', [], 'the whole'],
    ['a status of its own', { ...initial, status: 'banana' }, 'status'],
    ['a phase of its own', { ...initial, current_phase: 'lunch' }, 'current_phase'],
    ['a negative count', { ...initial, current_iteration: -1 }, 'current_iteration'],
    ['an id that leads elsewhere', { ...initial, cycle_id: '../../etc/passwd' }, 'cycle_id'],
    [
      'a task of an effort of its own',
      { ...later, plan: { version: '1', tasks: [{ id: 'A', description: '', effort: 'x' }] } },
      'plan.tasks.0.effort',
    ],
    ['agents that are a text', { ...initial, agents: 'four' }, 'agents'],
  ])('%s: refused, with the place', (_, value, place) => {
    expect(read(value).flaw).toMatch(new RegExp(`^${place.replaceAll('.', '\\.')}: `));
  });
});

test('the published schema is made from it, and takes what coord writes', () => {
  const file = new URL('../../schemas/cycle-state-v1.0.schema.json', import.meta.url);
  const schema = JSON.parse(readFileSync(file, 'utf8')) as { required: string[]; properties: object };
  expect(schema.required).toEqual(expect.arrayContaining(['cycle_id', 'status', 'created_at']));
  const task = { id: 'cycle-v1-x', text: 'x', maxIterations: 5, place: null };
  const cycle = newCycle(task, { at: '2026-01-01T00:00:00.000Z', by: 'operator' });
  expect(Object.keys(cycle).filter((key) => !(key in schema.properties))).toEqual([]);
  expect(read(cycle)).toEqual(cycle);
});
