/** The handoff checklist of seed 001, and what a session is asked for: each judged by code, both ways. */
import { describe, expect, test } from 'vitest';
import { gapsOfCoordinator, gapsOfWorker, type TreeState } from '../../src/domain/checkpoint.ts';
import { judgeHandoff } from '../../src/domain/handoff-checklist.ts';
import { emptyState, type StateDocument } from '../../src/domain/state-document.ts';
import { NOON, plan, stateWith, status } from './builders.ts';

const BODY = '# Project state: x\n\n## Resume checklist\n\n- Read\n';

/** A state that a successor could go on from. */
function ready(over: Partial<StateDocument> = {}): StateDocument {
  return {
    ...stateWith(['p1', 'p2'], { scope: ['src/**'] }),
    todo: [{ id: 'T1', priority: 'P0', text: 'Write the parser', at: NOON }],
    criteria: [{ id: 'C1', phase: '01', text: 'parses' }],
    tests: { command: 'npm test', exit: 0, at: NOON, place: null, passed: 3, failed: 0, skipped: 0 },
    ...over,
  };
}

const failing = (state: StateDocument, body = BODY) =>
  judgeHandoff({ state, body })
    .filter((item) => !item.ok)
    .map((item) => item.item);

describe('the checklist', () => {
  test('has the eight items of the seed, and all hold for a project that is kept', () => {
    const items = judgeHandoff({ state: ready(), body: BODY });
    expect(items).toHaveLength(8);
    expect(failing(ready())).toEqual([]);
  });

  const open = (text: string) => [{ id: 'T1', priority: 'P0' as const, text, at: NOON }];
  test.each<[string, Partial<StateDocument>, string, RegExp]>([
    ['no P0', { todo: [] }, BODY, /next P0/],
    [
      'a P1 alone',
      { todo: [{ id: 'T1', priority: 'P1', text: 'Write the parser', at: NOON }] },
      BODY,
      /next P0/,
    ],
    ['a vague P0', { todo: open('TBD') }, BODY, /next P0/],
    ['a P0 of one word', { todo: open('Parser') }, BODY, /next P0/],
    ['no criteria', { criteria: [] }, BODY, /Acceptance/],
    ['criteria of another phase', { criteria: [{ id: 'C1', phase: '09', text: 'x' }] }, BODY, /Acceptance/],
    ['no test run', { tests: undefined }, BODY, /tests/],
    ['a body without its checklist', {}, '# Project state: x\n', /resume checklist/],
    ['no phase', { phases: [] }, BODY, /phase plan|current deliverable|Acceptance/],
  ])('%s is found', (_title, over, body, item) => {
    const found = failing(ready(over), body);
    expect(found.length).toBeGreaterThan(0);
    for (const name of found) expect(name).toMatch(item);
  });

  test('two workers without scopes are found, one alone is not', () => {
    const one = stateWith(['p1']);
    expect(failing(ready({ phases: one.phases }))).toEqual([]);
    const [phase] = one.phases;
    const two = phase
      ? [
          phase,
          {
            ...phase,
            id: '02',
            worker: 'worker-02',
            plans: [{ id: 'q', title: 'Q', state: 'in_progress' as const }],
          },
        ]
      : [];
    const criteria = [{ id: 'C1', version: 'v1', text: 'x' }];
    expect(failing(ready({ phases: two, criteria }))).toEqual([
      'Active workers are listed with their scopes',
    ]);
  });

  test('a finished project needs no next action', () => {
    const done = ready();
    const phases = done.phases.map((phase) => ({ ...phase, state: 'done' as const }));
    expect(failing({ ...done, phases, todo: [], criteria: [] })).toEqual([]);
  });

  test('each item that fails names a command', () => {
    for (const { ok, next } of judgeHandoff({ state: emptyState('x', NOON), body: '' }))
      if (!ok) expect(next).toMatch(/^coord /);
  });
});

describe('what only the session knows', () => {
  const tree = (changed: string[]): TreeState => {
    return {
      branch: 'main',
      commit: 'abc',
      ahead: 0,
      behind: 0,
      changed,
      changedCount: changed.length,
      stashes: 0,
    };
  };

  test('a worker: the step it is at, the plan, what is not committed', () => {
    const under = status([plan('p1', 'in_progress')]);
    expect(gapsOfWorker(under, tree([]))).toEqual([expect.stringContaining('which step of plan p1')]);
    const task = { id: 't1', title: 'x', state: 'in_progress' as const };
    expect(gapsOfWorker(status([plan('p1', 'in_progress', { tasks: [task] })]), tree([]))).toEqual([]);
    expect(gapsOfWorker(status([plan('p1', 'complete'), plan('p2')]), tree([]))).toEqual([
      expect.stringContaining('coord plan start'),
    ]);
    expect(gapsOfWorker(status([plan('p1', 'complete')]), tree(['a', 'b', 'c', 'd']))).toEqual([
      expect.stringContaining('4 file(s) are not committed (a, b, c, …)'),
    ]);
  });

  test('a coordinator: what comes next', () => {
    expect(gapsOfCoordinator(stateWith(['p1']), undefined)).toEqual([
      expect.stringContaining('--priority P0'),
    ]);
    expect(gapsOfCoordinator(ready(), undefined)).toEqual([]);
  });
});
