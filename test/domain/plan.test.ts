import { expect, test } from 'vitest';
import {
  countPlans,
  isAllComplete,
  isPlanState,
  mayMove,
  PLAN_STATE_AFTER,
  PLAN_STATES,
  type PlanState,
} from '../../src/domain/plan.ts';

const plans = (...states: PlanState[]) => states.map((state) => ({ state }));

test('every plan is counted once, in its own state', () => {
  expect(countPlans([])).toEqual({ not_started: 0, in_progress: 0, complete: 0, failed: 0 });
  expect(countPlans(plans('failed', 'complete', 'complete', 'in_progress'))).toEqual({
    not_started: 0,
    in_progress: 1,
    complete: 2,
    failed: 1,
  });
});

test.each([
  [[], false],
  [['complete'], true],
  [['complete', 'complete'], true],
  [['complete', 'failed'], false],
  [['complete', 'not_started'], false],
  [['complete', 'in_progress'], false],
  [['failed'], false],
] as [PlanState[], boolean][])('a phase with %j is complete: %j', (states, expected) => {
  expect(isAllComplete(countPlans(plans(...states)))).toBe(expected);
});

test.each([
  ['start', 'not_started', true],
  ['start', 'in_progress', false],
  ['start', 'complete', true],
  ['start', 'failed', true],
  ['complete', 'not_started', true],
  ['complete', 'in_progress', true],
  ['complete', 'complete', false],
  ['complete', 'failed', false],
  ['fail', 'not_started', true],
  ['fail', 'in_progress', true],
  ['fail', 'complete', false],
  ['fail', 'failed', false],
] as const)('%s from %s is allowed: %j', (verb, from, expected) => {
  expect(mayMove(verb, from)).toBe(expected);
});

test('no verb is allowed where it changes nothing', () => {
  for (const verb of ['start', 'complete', 'fail'] as const) {
    expect(isPlanState(PLAN_STATE_AFTER[verb])).toBe(true);
    expect(mayMove(verb, PLAN_STATE_AFTER[verb])).toBe(false);
  }
});

test.each([
  ...PLAN_STATES.map((state) => [state, true] as const),
  ['banana', false] as const,
  ['done', false] as const,
  ['Complete', false] as const,
  ['', false] as const,
  ['toString', false] as const,
])('isPlanState(%j) is %j', (word, expected) => {
  expect(isPlanState(word)).toBe(expected);
});
