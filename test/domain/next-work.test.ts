import { describe, expect, test } from 'vitest';
import { blockedPlans, nextWork } from '../../src/domain/next-work.ts';
import { blocker, plan, status } from './builders.ts';

describe('nextWork', () => {
  test.each([
    ['a plan under way comes first', [plan('1'), plan('2', 'in_progress')], [], '2'],
    ['else the first one not started', [plan('1', 'complete'), plan('2'), plan('3')], [], '2'],
    ['a blocked plan is passed over', [plan('1', 'in_progress'), plan('2')], ['1'], '2'],
    ['none is left that is not blocked', [plan('1'), plan('2')], ['1', '2'], undefined],
    ['a failed plan is not taken up by itself', [plan('1', 'failed')], [], undefined],
    ['nor a complete one', [plan('1', 'complete')], [], undefined],
    ['there are no plans', [], [], undefined],
  ] as const)('%s', (_claim, plans, blocked, id) => {
    expect(nextWork(status(plans), new Set(blocked))?.plan).toBe(id);
  });

  test('names the first task that is not complete', () => {
    const task = (id: string, state: 'complete' | 'in_progress' | 'not_started') => ({
      id,
      title: `T${id}`,
      state,
    });
    const tasks = [task('1', 'complete'), task('2', 'not_started'), task('3', 'in_progress')];
    expect(nextWork(status([plan('1', 'in_progress', { tasks })]), new Set())).toEqual({
      plan: '1',
      title: 'Plan 1',
      task: { id: '2', title: 'T2' },
    });
    const done = [task('1', 'complete')];
    expect(nextWork(status([plan('1', 'in_progress', { tasks: done })]), new Set())?.task).toBeUndefined();
  });
});

test('a plan is blocked while a blocker that names it is open', () => {
  const blockers = [
    blocker('B1', { plan: '1' }),
    blocker('B2', { plan: '2', state: 'answered' }),
    blocker('B3', { plan: '3', state: 'resolved' }),
    blocker('B4'),
  ];
  expect([...blockedPlans(status([], { blockers }))]).toEqual(['1']);
});
