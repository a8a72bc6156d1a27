import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judgeOverdue, type RingRules, type Waiting } from '../../src/domain/delivery.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const RULES: RingRules = { timeoutMs: 10 * MINUTE, retries: 3 };
const SENT = Date.UTC(2026, 0, 2, 12);
const waiting = (rings: number, lastRingAtMs = SENT, more: Partial<Waiting> = {}): Waiting => ({
  sentAtMs: SENT,
  rings,
  lastRingAtMs: rings === 0 ? 0 : lastRingAtMs,
  ...more,
});

describe('a message that nobody acknowledged', () => {
  test.each([
    [0, 10, 'ring'],
    [1, 20, 'ring'],
    [2, 40, 'ring'],
    [3, 80, 'give-up'],
  ])('after %d rings is waited for %d minutes more', (rings, minutes, verdict) => {
    const dueAtMs = SENT + minutes * MINUTE;
    expect(judgeOverdue(waiting(rings), dueAtMs - 1, RULES)).toBe('wait');
    expect(judgeOverdue(waiting(rings), dueAtMs, RULES)).toBe(verdict);
  });

  test('is rung for every six hours at the latest, however often the pause doubled', () => {
    const rules = { ...RULES, retries: 20 };
    expect(judgeOverdue(waiting(19), SENT + 6 * HOUR, rules)).toBe('ring');
    expect(judgeOverdue(waiting(19), SENT + 6 * HOUR - 1, rules)).toBe('wait');
  });

  test('has a timeout longer than that kept', () => {
    const rules = { timeoutMs: 48 * HOUR, retries: 5 };
    for (const rings of [0, 1, 5]) expect(judgeOverdue(waiting(rings), SENT + 47 * HOUR, rules)).toBe('wait');
    expect(judgeOverdue(waiting(1), SENT + 48 * HOUR, rules)).toBe('ring');
  });

  test('without retries is given up when its time is over, and never rung for', () => {
    const rules = { ...RULES, retries: 0 };
    expect(judgeOverdue(waiting(0), SENT + 10 * MINUTE - 1, rules)).toBe('wait');
    expect(judgeOverdue(waiting(0), SENT + 10 * MINUTE, rules)).toBe('give-up');
  });
});

test('a laptop that was closed over night owes one ring in the morning, whenever it was closed', () => {
  for (const rings of [0, 1, 2, 3]) {
    const lastRingAtMs = rings === 0 ? 0 : SENT;
    const morning = SENT + 10 * HOUR;
    const asleep: Waiting = { sentAtMs: SENT, rings, lastRingAtMs, wasUnwatched: true };
    expect(judgeOverdue(asleep, morning, RULES), `${rings} rings`).toBe('ring');
    const rung: Waiting = { sentAtMs: SENT, rings: rings + 1, lastRingAtMs: morning };
    for (const later of [0, MINUTE, 10 * MINUTE]) {
      expect(judgeOverdue(rung, morning + later, RULES), `${rings} rings`).toBe('wait');
    }
  }
});

test('mail that is looked after but seldom is given up all the same', () => {
  const seldom = (rings: number) => waiting(rings, SENT, { wasUnwatched: true });
  expect([3, 4].map((rings) => judgeOverdue(seldom(rings), SENT + 10 * HOUR, RULES))).toEqual([
    'ring',
    'give-up',
  ]);
});

describe('a clock that was set back', () => {
  test('by a little changes nothing', () => {
    expect(judgeOverdue(waiting(0), SENT - 5 * MINUTE, RULES)).toBe('wait');
    expect(judgeOverdue(waiting(3), SENT - HOUR, RULES)).toBe('wait');
  });

  test('by a year costs a ring, and not a year of waiting nor a dead letter', () => {
    const lastYear = SENT - 365 * 24 * HOUR;
    for (const rings of [0, 1, 3, 4]) expect(judgeOverdue(waiting(rings), lastYear, RULES)).toBe('ring');
    expect(judgeOverdue(waiting(4, lastYear), lastYear, RULES)).toBe('wait');
  });
});

/** Sweeps at any moments, with the record of rings that the sweep keeps. */
interface Ring {
  readonly atMs: number;
  readonly since: number;
}

function swept(
  moments: readonly number[],
  rules: RingRules,
): { rings: Ring[]; deathAtMs: number | undefined } {
  const rings: Ring[] = [];
  let atMs = SENT;
  for (const step of moments) {
    atMs += step;
    const last = rings.at(-1)?.atMs ?? SENT;
    const verdict = judgeOverdue(
      { sentAtMs: SENT, rings: rings.length, lastRingAtMs: rings.length === 0 ? 0 : last },
      atMs,
      rules,
    );
    if (verdict === 'give-up') return { rings, deathAtMs: atMs };
    if (verdict === 'ring') rings.push({ atMs, since: atMs - last });
  }
  return { rings, deathAtMs: undefined };
}

const anyRules = fc.record({
  timeoutMs: fc.integer({ min: 1_000, max: 30 * MINUTE }),
  retries: fc.integer({ min: 0, max: 8 }),
});
const anyMoments = fc.array(
  fc.oneof(fc.integer({ min: 0, max: HOUR }), fc.integer({ min: 0, max: 48 * HOUR })),
  {
    minLength: 20,
    maxLength: 60,
  },
);

test('however a sweep comes: as many rings as agreed, pauses that double, and then one end', () => {
  let deaths = 0;
  fc.assert(
    fc.property(anyMoments, anyRules, (moments, rules) => {
      const { rings, deathAtMs } = swept(moments, rules);
      expect(rings.length).toBeLessThanOrEqual(rules.retries);
      for (const [at, ring] of rings.entries()) {
        const pauseMs = Math.min(rules.timeoutMs * 2 ** at, Math.max(6 * HOUR, rules.timeoutMs));
        expect(ring.since).toBeGreaterThanOrEqual(pauseMs);
      }
      if (deathAtMs === undefined) return;
      deaths += 1;
      expect(rings).toHaveLength(rules.retries);
      expect(deathAtMs - (rings.at(-1)?.atMs ?? SENT)).toBeGreaterThanOrEqual(rules.timeoutMs);
    }),
  );
  expect(deaths).toBeGreaterThan(20);
});
