/** What tries for locks leave in the counters and in the log of acts. */
import { beforeEach, describe, expect, test } from 'vitest';
import { type LockTarget, PEN, testMutexOf } from '../../../src/domain/lock.ts';
import { readCounts } from '../../../src/storage/light/counters.ts';
import { readActs } from '../../../src/storage/light/journal.ts';
import { listLocks, releaseLocks } from '../../../src/storage/light/locks/locks.ts';
import type { LockTaker } from '../../../src/storage/light/locks/taker.ts';
import { waitForLocks } from '../../../src/storage/light/locks/waiting.ts';
import { file, LockBench } from './lock-bench.ts';

let at: LockBench;
let a: LockTaker;
let b: LockTaker;
beforeEach(() => {
  at = new LockBench();
  [a, b] = [at.taker('a'), at.taker('b')];
});

function wait(
  me: LockTaker,
  targets: LockTarget[],
  ms = 0,
  options: { isInterested?: boolean } = {},
): boolean {
  const outcome = waitForLocks(at.space(targets[0]?.place ?? null), me, targets, ms, {
    seams: at.seams,
    ...options,
  });
  return 'taken' in outcome && outcome.taken;
}

function counted() {
  const [hour] = readCounts(at.home, at.now, at.now);
  const { holder_checks: _, ...tallies } = hour?.tallies ?? {};
  return { ...tallies, ...hour?.spans };
}

const acts = (...kinds: string[]) => readActs(at.home, kinds, 0).map(({ at: _, ...act }) => act);

describe('a try', () => {
  test('for something new counts once, however many paths it names; for what one has it counts not at all', () => {
    expect(wait(a, [file('1'), file('2')])).toBe(true);
    expect(wait(a, [file('1')])).toBe(true);
    expect(wait(a, [file('1'), file('2')])).toBe(true);
    expect(counted()).toEqual({ lock_tries: 1 });
    expect(acts('lock-wait')).toEqual([]);
  });

  test('that is refused is a wait, with whom and what for; looks at its holder are counted', () => {
    wait(a, [file('1')]);
    expect(wait(b, [file('1'), file('3')])).toBe(false);
    expect(counted()).toMatchObject({ lock_tries: 2, lock_waits: 1, lock_wait_ms: [expect.any(Number)] });
    expect(readCounts(at.home, at.now, at.now)[0]?.tallies.holder_checks).toBeGreaterThan(0);
    expect(acts('lock-wait')).toEqual([
      {
        act: 'lock-wait',
        actor: 'agent-b',
        waited_ms: expect.any(Number),
        ended: 'refused',
        paths: ['1'],
        holders: ['agent-a'],
      },
    ]);
  });

  test('that waited and got it is one wait, as long as it took', () => {
    wait(a, [file('1')]);
    let looks = 0;
    const livenessOf = (mark: { pid: number; started: string | null }) => {
      looks += 1;
      return looks > 3 && mark.pid === a.holder.process?.pid ? ('dead' as const) : ('alive' as const);
    };
    const outcome = waitForLocks(at.space(), b, [file('1')], 5_000, { seams: { ...at.seams, livenessOf } });
    expect(outcome).toMatchObject({ taken: true });
    expect(counted()).toMatchObject({ lock_tries: 2, lock_waits: 1 });
    expect(acts('lock-wait')).toMatchObject([{ ended: 'taken', paths: ['1'] }]);
    expect(acts('locks-recovered')).toEqual([
      { act: 'locks-recovered', count: 1, paths: ['1'], holders: ['agent-a'] },
    ]);
  });
});

describe('how long a wait took that left word', () => {
  test('is known when the waiter is told, and not before', () => {
    wait(a, [file('1')]);
    expect(wait(b, [file('1')], 0, { isInterested: true })).toBe(false);
    expect(counted()).toEqual({ lock_tries: 2, lock_waits: 1 });
    at.now += 700_000;
    at.release(a);
    expect(counted()).toMatchObject({ lock_wait_ms: [700_000] });
    expect(acts('lock-freed')).toEqual([
      { act: 'lock-freed', actor: 'agent-b', waited_ms: 700_000, paths: ['1'] },
    ]);
    expect(wait(b, [file('1')])).toBe(true);
    expect(counted()).toEqual({ lock_tries: 3, lock_waits: 1, lock_wait_ms: [700_000] });
  });

  test('or when it tries again and gets it, from its first refusal on', () => {
    wait(a, [file('1')]);
    wait(b, [file('1')], 0, { isInterested: true });
    at.now += 1_000;
    wait(b, [file('1')], 0, { isInterested: true });
    at.now += 5_000;
    at.die(a);
    expect(wait(b, [file('1')], 0, { isInterested: true })).toBe(true);
    expect(counted()).toEqual({ lock_tries: 4, lock_waits: 2, lock_wait_ms: [6_000] });
  });
});

test('the test mutex has counters of its own, and the pen none', () => {
  const mutex = testMutexOf(null);
  wait(a, [mutex]);
  wait(b, [mutex], 0, { isInterested: true });
  at.now += 601_000;
  releaseLocks(
    at.home,
    () => true,
    () => true,
    { seams: at.seams },
  );
  wait(a, [PEN]);
  wait(b, [PEN]);
  expect(counted()).toEqual({ mutex_tries: 2, mutex_waits: 1, mutex_wait_ms: [601_000] });
  expect(acts('mutex-wait', 'mutex-freed', 'pen-wait').map(({ act, paths }) => [act, paths])).toEqual([
    ['mutex-wait', ['~tests']],
    ['mutex-freed', ['~tests']],
    ['pen-wait', ['~pen']],
  ]);
});

test('listing recovers the locks of the dead, and says so', () => {
  wait(a, [file('1'), file('2')]);
  wait(b, [file('3')]);
  at.die(a);
  expect(listLocks(at.home, at.seams).recovered).toHaveLength(2);
  expect(acts('locks-recovered')).toMatchObject([{ count: 2, paths: ['1', '2'], holders: ['agent-a'] }]);
  listLocks(at.home, at.seams);
  expect(acts('locks-recovered')).toHaveLength(1);
});
