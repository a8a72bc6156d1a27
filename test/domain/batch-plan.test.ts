/** The plan of a batch, played on a virtual clock: what lands, who is rejected, and how long it takes. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { conclude, newCampaign, nextSize, planStack, targetMoved } from '../../src/domain/batch-plan.ts';
import { play } from './batch-world.ts';

const bad =
  (...ones: number[]) =>
  (branches: readonly number[]) =>
    branches.some((branch) => ones.includes(branch));
const all = (count: number) => Array.from({ length: count }, (_, at) => at);

describe('16 branches, each validation takes T', () => {
  test('all good: they land together in T, one by one it would be 16 T', () => {
    const played = play({ branches: 16, isRed: () => false });
    expect(played).toMatchObject({ time: 1, validations: 1, rejected: [], landed: all(16) });
  });

  test.each(all(16))(
    'one bad at position %d: the rest lands, it alone is rejected, in at most 6 T',
    (position) => {
      const played = play({ branches: 16, isRed: bad(position) });
      expect(played.rejected).toEqual([position]);
      expect(played.landed).toEqual(all(16).filter((branch) => branch !== position));
      expect(played.time).toBeLessThanOrEqual(6);
    },
  );

  test.each([
    [2, 5],
    [3, 4],
    [4, 4],
    [8, 4],
    [16, 3],
  ])('with %d probes at once the worst of them takes %d T', (parallel, worst) => {
    const times = all(16).map((position) => play({ branches: 16, isRed: bad(position), parallel }).time);
    expect(Math.max(...times)).toBe(worst);
  });

  test('two bad ones take less than one by one, on average', () => {
    const times = all(16).flatMap((a) => all(a).map((b) => play({ branches: 16, isRed: bad(a, b) }).time));
    expect(times.reduce((sum, time) => sum + time, 0) / times.length).toBeLessThan(12);
  });

  test('all bad: hardly more than one by one', () => {
    expect(play({ branches: 16, isRed: (branches) => branches.length > 0 }).validations).toBeLessThanOrEqual(
      23,
    );
  });
});

/** Bad branches, and pairs that are bad only together: each with what was there before. */
const worlds = fc.record({
  branches: fc.integer({ min: 0, max: 40 }),
  bad: fc.uniqueArray(fc.nat(39), { maxLength: 12 }),
  pairs: fc.array(fc.tuple(fc.nat(39), fc.nat(39)), { maxLength: 5 }),
  parallel: fc.integer({ min: 1, max: 6 }),
  most: fc.integer({ min: 1, max: 20 }),
  times: fc.infiniteStream(fc.double({ min: 0.1, max: 3, noNaN: true })),
});

test('every good branch lands, every bad one is rejected once, and nothing lands that was not validated', () => {
  fc.assert(
    fc.property(worlds, ({ branches, bad: ones, pairs, parallel, most, times }) => {
      const distinct = pairs.filter(([a, b]) => a !== b);
      const isRed = (set: readonly number[]) =>
        bad(...ones)(set) || distinct.some(([a, b]) => set.includes(a) && set.includes(b));
      const played = play({ branches, isRed, parallel, most, takes: () => times.next().value });
      // One by one, in the same order: what a queue without batches would do.
      const landed: number[] = [];
      for (const branch of all(branches)) if (!isRed([...landed, branch])) landed.push(branch);
      expect(played.landed).toEqual(landed);
      expect([...played.rejected].sort((a, b) => a - b)).toEqual(
        all(branches).filter((branch) => !landed.includes(branch)),
      );
      expect(played.isTargetRed).toBe(false);
      if (parallel === 1) expect(played.validations).toBeLessThanOrEqual(2 * branches + 4);
    }),
  );
});

test('what is red alone and mended by a later branch lands with it', () => {
  const isRed = (set: readonly number[]) => set.includes(1) && !set.includes(3);
  expect(play({ branches: 5, isRed })).toMatchObject({ landed: all(5), rejected: [], validations: 1 });
});

describe('a target that is red itself', () => {
  test.each([1, 2, 5, 16])('%d good branches on it: nobody is rejected, nothing lands', (branches) => {
    const played = play({ branches, isRed: () => true });
    expect(played).toMatchObject({ landed: [], rejected: [], isTargetRed: true });
    expect(played.time).toBeLessThanOrEqual(2 + 2 * Math.ceil(Math.log2(branches + 1)) + 1);
  });

  test('a branch that mends it lands, with those above', () => {
    const isRed = (set: readonly number[]) => !set.includes(2);
    const played = play({ branches: 4, isRed });
    expect(played).toMatchObject({ landed: all(4), rejected: [] });
  });

  test('a single red branch is rejected only when the target was found green', () => {
    expect(play({ branches: 1, isRed: bad(0) })).toMatchObject({ validations: 2, rejected: [0] });
    const proven = { ...newCampaign(true) };
    expect(conclude(proven, ['a'], { kind: 'culprit', at: 1 })).toMatchObject({ reject: ['a'] });
    expect(conclude(targetMoved(proven), ['a'], { kind: 'culprit', at: 1 })).toMatchObject({ reject: [] });
  });
});

describe('the next step', () => {
  const plan = (colours: Record<number, 'green' | 'red'>, running: number[] = [], landed = 0, parallel = 1) =>
    planStack(
      { size: 8, tally: { decided: 0, rejected: 0 } },
      {
        colours: new Map(Object.entries(colours).map(([at, one]) => [Number(at), one])),
        running: new Set(running),
        landed,
      },
      parallel,
    );

  test('begins with the top alone, whatever may run at once', () => {
    expect(plan({}, [], 0, 4)).toEqual({ start: [8], stop: [], land: undefined, end: undefined });
    expect(plan({}, [8], 0, 4).start).toEqual([]);
  });

  test('lands the longest green prefix as soon as it is known, and what is below it is asked no more', () => {
    expect(plan({ 8: 'red', 4: 'green' }, [2, 6], 0, 3)).toEqual({
      start: [5, 7],
      stop: [2],
      land: 4,
      end: undefined,
    });
    expect(plan({ 8: 'red', 4: 'green' }, [6], 4).land).toBeUndefined();
  });

  test('ends at the first red prefix above a green one, and stops what still runs', () => {
    expect(plan({ 8: 'red', 4: 'red', 3: 'green' }, [1], 0, 2)).toEqual({
      start: [],
      stop: [1],
      land: 3,
      end: { kind: 'culprit', at: 4 },
    });
  });

  test('a stack of nothing asks of the target alone', () => {
    const empty = { size: 0, tally: { decided: 0, rejected: 0 } };
    const facts = { colours: new Map(), running: new Set<number>(), landed: 0 };
    expect(planStack(empty, facts, 1).start).toEqual([0]);
    expect(planStack(empty, { ...facts, colours: new Map([[0, 'red' as const]]) }, 1).end).toEqual({
      kind: 'target',
      colour: 'red',
    });
  });

  test('two suspects are enough to ask of the target, and one when nothing else waits', () => {
    const campaign = { tally: { decided: 1, rejected: 1 }, isTargetProven: false, suspects: ['a'] };
    expect(nextSize(campaign, 3, 16)).toBe(3);
    expect(nextSize(campaign, 0, 16)).toBe(0);
    expect(nextSize({ ...campaign, suspects: ['a', 'b'] }, 3, 16)).toBe(0);
    expect(nextSize({ ...campaign, suspects: [] }, 0, 16)).toBeUndefined();
  });
});
