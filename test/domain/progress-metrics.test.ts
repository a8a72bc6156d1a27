import fc from 'fast-check';
import { expect, test } from 'vitest';
import { completedTasks } from '../../src/domain/completion.ts';
import { countMetrics, printMetrics } from '../../src/domain/progress-metrics.ts';
import { anyStatus } from '../kit/any-status.ts';
import { plan, status } from './builders.ts';

const at = (minute: number) => `2026-02-21T12:${String(minute).padStart(2, '0')}:00.000Z`;

function completed(id: string, from: number, to: number, over: Parameters<typeof plan>[2] = {}) {
  return completedTasks(status([plan(id, 'complete', { started: at(from), finished: at(to), ...over })]), []);
}

test('nothing completed is nought of everything', () => {
  expect(countMetrics([])).toEqual({
    tasks_completed: 0,
    completions: 0,
    time_spent_minutes: 0,
    metrics: {},
    quality_gates: { passed: 0, failed: 0, not_run: 0 },
    artifacts: 0,
    last_finished: null,
  });
});

test('figures are summed, gates counted by their state, files once', () => {
  const file = (path: string) => ({ path, type: 'test' as const, status: 'complete' as const });
  const tasks = [
    ...completed('1', 0, 10, {
      metrics: { loc: 100, tests: 2 },
      quality_gates: { types: { status: 'passed' }, lint: { status: 'failed' } },
      artifacts: [file('a'), file('b')],
    }),
    ...completed('2', 10, 15, {
      metrics: { loc: 20, time_spent_minutes: 90 },
      quality_gates: { types: { status: 'passed' }, slow: { status: 'not_run' } },
      artifacts: [file('b')],
    }),
  ];
  expect(countMetrics(tasks)).toEqual({
    tasks_completed: 2,
    completions: 2,
    time_spent_minutes: 100,
    metrics: { loc: 120, tests: 2 },
    quality_gates: { passed: 2, failed: 1, not_run: 1 },
    artifacts: 2,
    last_finished: at(15),
  });
});

test('a task completed twice counts once as it was last, and both its times', () => {
  const tasks = [
    ...completed('1', 0, 10, { metrics: { loc: 100 }, quality_gates: { types: { status: 'failed' } } }),
    ...completed('1', 20, 25, { metrics: { loc: 130 }, quality_gates: { types: { status: 'passed' } } }),
  ];
  expect(countMetrics(tasks)).toMatchObject({
    tasks_completed: 1,
    completions: 2,
    time_spent_minutes: 15,
    metrics: { loc: 130 },
    quality_gates: { passed: 1, failed: 0 },
  });
});

test('an end before the start takes no time', () => {
  expect(countMetrics(completed('1', 10, 0)).time_spent_minutes).toBe(0);
});

test('of any completions all figures survive their printing', () => {
  fc.assert(
    fc.property(anyStatus, (document) => {
      const metrics = countMetrics(completedTasks(document, []));
      const read = JSON.parse(printMetrics(metrics)) as typeof metrics;
      // JSON knows no -0.
      expect(JSON.stringify(read)).toBe(JSON.stringify(metrics));
      expect(Object.values(read.metrics).every(Number.isFinite)).toBe(true);
      expect(read.tasks_completed).toBeLessThanOrEqual(read.completions);
    }),
  );
});
