import { describe, expect, test } from 'vitest';
import type { Plan } from '../../src/domain/plan.ts';
import {
  artifactTypeOf,
  recordArtifact,
  recordCheck,
  recordEstimate,
  recordMetric,
} from '../../src/domain/plan-record.ts';
import {
  type Changed,
  moveTask,
  type StatusDocument,
  type StatusRefusal,
} from '../../src/domain/status-document.ts';
import { NOON, plan, status } from './builders.ts';

const LATER = '2026-02-21T13:00:00.000Z';

function first(changed: Changed<StatusDocument, StatusRefusal>): Plan | undefined {
  if (!changed.done) throw new Error(JSON.stringify(changed.problem));
  return changed.document.plans[0];
}

const empty = status([plan('1', 'in_progress'), plan('2')]);
const draft = { path: 'a.ts', type: 'source_code', status: 'draft', created_at: NOON } as const;

describe('an artifact', () => {
  test('is recorded once; a second time changes what it is and keeps when it came', () => {
    const once = recordArtifact(empty, '1', draft);
    if (!once.done) throw new Error('refused');
    expect(first(once)?.artifacts).toEqual([draft]);
    const again = { ...draft, status: 'complete' as const, created_at: LATER };
    expect(first(recordArtifact(once.document, '1', again))?.artifacts).toEqual([
      { ...draft, status: 'complete' },
    ]);
  });

  test('keeps what a person noted beside it', () => {
    const noted = { ...draft, note: 'ask ann' };
    const before = status([plan('1', 'in_progress', { artifacts: [noted] })]);
    expect(first(recordArtifact(before, '1', { ...draft, type: 'test' }))?.artifacts).toEqual([
      { ...noted, type: 'test' },
    ]);
  });

  test.each([
    ['src/a.ts', 'source_code'],
    ['test/a.ts', 'test'],
    ['src/a.test.ts', 'test'],
    ['tests/unit/test_renderer.py', 'test'],
    ['pkg/render_test.go', 'test'],
    ['docs/a.md', 'documentation'],
    ['package.json', 'config'],
    ['.gitignore', 'config'],
    ['bin/run', 'other'],
    ['src/contest/a.ts', 'source_code'],
  ])('%s is %s by its name', (path, type) => {
    expect(artifactTypeOf(path)).toBe(type);
  });
});

describe('a check', () => {
  const check = { name: 'tests', state: 'passed', at: LATER, figures: { passed: 15 } } as const;

  test('has its state, when it ran, and its figures', () => {
    expect(first(recordCheck(empty, '1', check))?.quality_gates).toEqual({
      tests: { status: 'passed', last_run: LATER, passed: 15 },
    });
  });

  test('anew forgets the figures of the earlier run, and keeps a person’s note and other checks', () => {
    const before = {
      tests: { status: 'failed' as const, last_run: NOON, failed: 3, note: 'flaky' },
      lint: { status: 'passed' as const },
    };
    expect(
      first(recordCheck(status([plan('1', 'in_progress', { quality_gates: before })]), '1', check))
        ?.quality_gates,
    ).toEqual({
      tests: { note: 'flaky', status: 'passed', last_run: LATER, passed: 15 },
      lint: { status: 'passed' },
    });
  });

  test('that was not run has no moment', () => {
    const gates = first(recordCheck(empty, '1', { ...check, state: 'not_run', figures: {} }))?.quality_gates;
    expect(gates).toEqual({ tests: { status: 'not_run' } });
  });

  test('may be called like something that every object has', () => {
    const gates = first(recordCheck(empty, '1', { ...check, name: 'constructor' }))?.quality_gates;
    expect(Object.entries(gates ?? {})).toEqual([
      ['constructor', { status: 'passed', last_run: LATER, passed: 15 }],
    ]);
  });
});

test('a figure and an estimate are set, and set anew', () => {
  const once = recordMetric(empty, '1', 'loc', 1);
  if (!once.done) throw new Error('refused');
  expect(first(recordMetric(once.document, '1', 'loc', 2))?.metrics).toEqual({ loc: 2 });
  expect(first(recordEstimate(once.document, '1', LATER))).toMatchObject({
    metrics: { loc: 1 },
    estimated_completion: LATER,
  });
});

test('a task that is started says when; one that is done keeps it', () => {
  const before = status([
    plan('1', 'in_progress', { tasks: [{ id: '1', title: 'T', state: 'not_started' }] }),
  ]);
  const started = moveTask(before, '1', '1', 'in_progress', NOON);
  if (!started.done) throw new Error('refused');
  expect(first(started)?.tasks).toEqual([{ id: '1', title: 'T', state: 'in_progress', started: NOON }]);
  expect(first(moveTask(started.document, '1', '1', 'complete', LATER))?.tasks).toMatchObject([
    { state: 'complete', started: NOON },
  ]);
});

test('an unknown plan is refused with the known ones', () => {
  const problem = { code: 'plan-unknown', plan: '9', known: ['1', '2'] };
  for (const changed of [
    recordArtifact(empty, '9', draft),
    recordCheck(empty, '9', { name: 'x', state: 'passed', at: NOON, figures: {} }),
    recordMetric(empty, '9', 'x', 1),
    recordEstimate(empty, '9', NOON),
  ])
    expect(changed).toEqual({ done: false, problem });
});
