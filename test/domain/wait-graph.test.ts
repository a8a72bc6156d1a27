import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findDeadlock, type Wait } from '../../src/domain/wait-graph.ts';

const wait = (waiter: string, sinceMs: number, ...holders: string[]): Wait => ({
  waiter,
  name: `name of ${waiter}`,
  holders,
  sinceMs,
});

describe('a wait graph', () => {
  test('who waits for somebody that waits for nobody is in no circle', () => {
    expect(findDeadlock([wait('a', 1, 'b')], 'a')).toBeUndefined();
    expect(findDeadlock([wait('a', 1, 'b'), wait('b', 2, 'c')], 'a')).toBeUndefined();
    expect(findDeadlock([], 'a')).toBeUndefined();
  });

  test('of two that wait for each other the younger gives up, whoever looks', () => {
    const waits = [wait('a', 1, 'b'), wait('b', 2, 'a')];
    for (const who of ['a', 'b']) expect(findDeadlock(waits, who)?.youngest.waiter).toBe('b');
    expect(findDeadlock(waits, 'a')?.cycle.map((one) => one.waiter)).toEqual(['a', 'b']);
  });

  test('a circle of three is seen from each, and not by one that only waits for it', () => {
    const waits = [wait('a', 3, 'b'), wait('b', 1, 'c'), wait('c', 2, 'a'), wait('d', 9, 'a')];
    for (const who of ['a', 'b', 'c']) expect(findDeadlock(waits, who)?.youngest.waiter).toBe('a');
    expect(findDeadlock(waits, 'd')).toBeUndefined();
  });

  test('one instance may have several waits under way', () => {
    const waits = [wait('a', 1, 'x'), wait('a', 5, 'b'), wait('b', 2, 'a')];
    expect(findDeadlock(waits, 'b')?.youngest).toMatchObject({ waiter: 'a', sinceMs: 5 });
  });

  test('of two that began in one millisecond all see the same one as the younger', () => {
    const waits = [wait('a', 1, 'b'), wait('b', 1, 'a')];
    expect(findDeadlock(waits, 'a')?.youngest.waiter).toBe('b');
    expect(findDeadlock(waits.reverse(), 'b')?.youngest.waiter).toBe('b');
  });

  test('a circle is found just when one can walk from the waiter back to it', () => {
    const name = fc.constantFrom('a', 'b', 'c', 'd', 'e');
    const waits = fc.array(fc.tuple(name, fc.nat(9), fc.uniqueArray(name, { maxLength: 3 })), {
      maxLength: 8,
    });
    fc.assert(
      fc.property(waits, (drawn) => {
        const all = drawn.map(([who, at, holders]) => wait(who, at, ...holders.filter((it) => it !== who)));
        let reached = new Set(all.filter((one) => one.waiter === 'a').flatMap((one) => one.holders));
        for (let n = 0; n < 6; n += 1)
          reached = new Set([
            ...reached,
            ...all.filter((one) => reached.has(one.waiter)).flatMap((one) => one.holders),
          ]);
        const found = findDeadlock(all, 'a');
        expect(found !== undefined).toBe(reached.has('a'));
        found?.cycle.forEach((one, at) => {
          expect(one.holders).toContain(found.cycle[(at + 1) % found.cycle.length]?.waiter);
          expect(one.sinceMs).toBeLessThanOrEqual(found.youngest.sinceMs);
        });
      }),
    );
  });
});
