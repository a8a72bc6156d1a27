/** How a worker gets on: each state at its bound. */
import { expect, test } from 'vitest';
import { judgeWorker, SILENT_AFTER_MS, type WorkerSigns, type WorkerState } from '../../src/domain/stall.ts';

const MINUTE = 60_000;
const working: WorkerSigns = {
  liveness: 'alive',
  heardMsAgo: 0,
  changedMsAgo: 0,
  busyMsAgo: 90 * MINUTE,
  isBlocked: false,
};

test.each<[string, Partial<WorkerSigns>, WorkerState]>([
  ['at work', {}, 'working'],
  ['nobody came', { liveness: undefined, heardMsAgo: null }, 'none'],
  ['its process is dead, however lately it was heard', { liveness: 'dead' }, 'gone'],
  ['unknown and heard lately', { liveness: 'unknown', heardMsAgo: SILENT_AFTER_MS - 1 }, 'working'],
  ['unknown and silent', { liveness: 'unknown', heardMsAgo: SILENT_AFTER_MS }, 'silent'],
  ['alive and long unheard: it thinks', { heardMsAgo: 60 * MINUTE }, 'working'],
  ['no change just before the bound', { changedMsAgo: 45 * MINUTE - 1 }, 'working'],
  ['no change for as long as the bound', { changedMsAgo: 45 * MINUTE }, 'stalled'],
  ['no change known at all', { changedMsAgo: null }, 'stalled'],
  ['a plan that was started just now', { changedMsAgo: 300 * MINUTE, busyMsAgo: MINUTE }, 'working'],
  ['no plan under way', { changedMsAgo: 300 * MINUTE, busyMsAgo: null }, 'working'],
  ['it waits for an answer', { changedMsAgo: 300 * MINUTE, isBlocked: true }, 'working'],
])('%s', (_title, signs, state) => {
  expect(judgeWorker({ ...working, ...signs }, 45 * MINUTE)).toBe(state);
});

test('with 0 nobody is stalled', () => {
  expect(judgeWorker({ ...working, changedMsAgo: 900 * MINUTE }, 0)).toBe('working');
});
