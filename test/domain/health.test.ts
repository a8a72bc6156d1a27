import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { HOUR_MS, type HourCounts, type TallyName } from '../../src/domain/counter.ts';
import { type HealthFacts, judgeHealth, type TriggerCode, windowStart } from '../../src/domain/health.ts';

/** 10:30 UTC: the day under way began at 11:00 the day before. */
const NOW = Date.UTC(2026, 1, 20, 10, 30);
const CALM = {
  sequential: false,
  strictGate: false,
  hasValidation: true,
  worktrees: false,
  refusesUnknown: false,
};

/** So many hours before the one that is under way. */
function hour(ago: number, tallies: HourCounts['tallies'], mutexWaits: readonly number[] = []): HourCounts {
  const hourMs = Date.UTC(2026, 1, 20, 10) - ago * HOUR_MS;
  return { hourMs, tallies, spans: mutexWaits.length > 0 ? { mutex_wait_ms: mutexWaits } : {} };
}

function judge(hours: readonly HourCounts[], over: Partial<HealthFacts> = {}) {
  return judgeHealth({ nowMs: NOW, days: 1, hours, activeAgents: 1, inForce: CALM, ...over });
}

function fired(hours: readonly HourCounts[], over: Partial<HealthFacts> = {}): TriggerCode[] {
  return judge(hours, over)
    .triggers.filter((trigger) => trigger.fired)
    .map((trigger) => trigger.code);
}

const locks = (lock_tries: number, lock_waits: number) => [hour(0, { lock_tries, lock_waits })];
const runs = (ago: number, validations_passed: number, validations_failed: number) =>
  hour(ago, { validations_passed, validations_failed });

describe('what seed 004 calls calm, is', () => {
  test('294 tries, 6 waits, 57 looks at holders', () => {
    const verdict = judge([hour(1, { lock_tries: 294, lock_waits: 6, holder_checks: 57 })]);
    expect(verdict).toMatchObject({ calm: true, next: undefined });
    expect(verdict.triggers[0]).toMatchObject({ fired: false, of: 294, limit: 5 });
    expect(verdict.triggers[0]?.measured).toBeCloseTo(2.04, 2);
  });
  test('nothing at all', () => {
    expect(judge([])).toMatchObject({ calm: true, passPercent: null });
    expect(judge([]).triggers.map(({ measured }) => measured)).toEqual([null, 0, 0, 0, null]);
  });
});

describe('at their bounds', () => {
  test.each<[string, HourCounts[], TriggerCode[]]>([
    ['5 % of 100', locks(100, 5), []],
    ['6 % of 100', locks(100, 6), ['lock-wait-rate']],
    ['5 % of 20', locks(20, 1), []],
    ['10 % of 20', locks(20, 2), ['lock-wait-rate']],
    ['100 % of 19: too few to judge', locks(19, 19), []],
    ['20 of 400 are 5 %, and 20 a day', locks(400, 20), []],
    ['21 of 1,000', locks(1_000, 21), ['lock-waits-a-day']],
    ['21 of 400', locks(400, 21), ['lock-wait-rate', 'lock-waits-a-day']],
    ['a wait of 10 minutes, three times', [hour(0, {}, [600_000, 600_000, 600_000])], []],
    ['a wait of more, twice', [hour(0, {}, [600_001, 600_001, 5])], []],
    [
      'a wait of more, three times over the day',
      [hour(0, {}, [600_001]), hour(23, {}, [900_000, 600_001])],
      ['mutex-waits-long'],
    ],
    ['one failure of shared state', [hour(0, { failures_shared: 1, validations_failed: 9 })], []],
    ['two', [hour(0, { failures_shared: 2, validations_failed: 9 })], ['failures-shared']],
  ])('%s', (_, hours, expected) => {
    expect(fired(hours)).toEqual(expected);
  });

  test.each<[string, HourCounts[], number, boolean]>([
    ['3 agents, all red', [runs(0, 0, 20)], 3, false],
    ['4 agents, all red', [runs(0, 0, 20)], 4, true],
    ['4 agents, 60 % of 20', [runs(0, 12, 8)], 4, false],
    ['4 agents, 55 % of 20', [runs(0, 11, 9)], 4, true],
    ['4 agents, 9 runs: too few', [runs(0, 0, 9)], 4, false],
    ['4 agents, 80 after 100 %', [runs(0, 16, 4), runs(1, 20, 0)], 4, false],
    ['4 agents, 75 after 100 %', [runs(0, 15, 5), runs(1, 20, 0)], 4, true],
    ['4 agents, 75 after 9 runs of 100 %: too few before', [runs(0, 15, 5), runs(1, 9, 0)], 4, false],
    ['the last 20 count, not those of before', [runs(0, 20, 0), runs(1, 0, 20)], 4, false],
    ['by whole hours: 15 and 15 are the last', [runs(0, 15, 0), runs(1, 0, 15)], 4, true],
  ])('%s: unstable %#', (_, hours, activeAgents, isFired) => {
    expect(fired(hours, { activeAgents }).includes('many-agents-unstable')).toBe(isFired);
  });
});

describe('days', () => {
  test('are 24 whole hours, over midnight; the hour before them is another day', () => {
    const spread = [
      hour(0, { lock_waits: 10, lock_tries: 500 }),
      hour(23, { lock_waits: 11, lock_tries: 500 }),
    ];
    expect(fired(spread)).toEqual(['lock-waits-a-day']);
    const apart = [
      hour(0, { lock_waits: 10, lock_tries: 500 }),
      hour(24, { lock_waits: 11, lock_tries: 500 }),
    ];
    expect(fired(apart)).toEqual([]);
    expect(fired(apart, { days: 2 })).toEqual([]);
  });

  test('each is judged by itself, and the worst is told', () => {
    const hours = [
      hour(0, { lock_waits: 3, lock_tries: 500 }),
      hour(50, { lock_waits: 30, lock_tries: 700 }),
    ];
    expect(fired(hours, { days: 2 })).toEqual([]);
    const { triggers, figures } = judge(hours, { days: 3 });
    expect(triggers[1]).toMatchObject({
      fired: true,
      measured: 30,
      of: 700,
      dayMs: Date.UTC(2026, 1, 17, 11),
    });
    expect(figures.map(({ tallies }) => tallies.lock_waits ?? 0)).toEqual([3, 0, 30]);
  });

  test('an exact hour begins its own', () => {
    const nowMs = Date.UTC(2026, 1, 20, 11);
    expect(fired([hour(23, { failures_shared: 2 })], { nowMs })).toEqual([]);
    expect(fired([hour(22, { failures_shared: 2 })], { nowMs })).toEqual(['failures-shared']);
    expect(windowStart(nowMs, 1)).toBe(Date.UTC(2026, 1, 18, 12));
  });
});

describe('what helps', () => {
  const red = locks(400, 40);
  const next = (inForce: Partial<typeof CALM>) => judge(red, { inForce: { ...CALM, ...inForce } }).next?.code;

  test('comes in its order, what is in force is passed over, and nothing is proposed while it is calm', () => {
    expect(next({})).toBe('sequential');
    expect(next({ sequential: true })).toBe('strict-gate');
    expect(next({ sequential: true, strictGate: true })).toBe('worktrees');
    expect(next({ sequential: true, strictGate: true, hasValidation: false })).toBe('strict-gate');
    expect(next({ strictGate: true, worktrees: true })).toBe('sequential');
    expect(next({ sequential: true, strictGate: true, worktrees: true })).toBe('isolation');
    expect(
      next({ sequential: true, strictGate: true, worktrees: true, refusesUnknown: true }),
    ).toBeUndefined();
    expect(judge([]).next).toBeUndefined();
    expect(judge(red).mitigations.map(({ step, code }) => `${step} ${code}`)).toEqual([
      '1 sequential',
      '2 strict-gate',
      '3 worktrees',
      '4 isolation',
    ]);
  });
});

test('over any counts: each trigger fires exactly above its limit, and never by what is outside of the window', () => {
  const names: TallyName[] = ['lock_tries', 'lock_waits', 'failures_shared', 'validations_failed'];
  const anyHour = fc.record({
    ago: fc.integer({ min: 0, max: 60 }),
    tallies: fc.dictionary(fc.constantFrom(...names), fc.nat({ max: 60 })),
    waits: fc.array(fc.constantFrom(1, 599_999, 600_000, 600_001, 3_600_000), { maxLength: 3 }),
  });
  fc.assert(
    fc.property(fc.array(anyHour, { maxLength: 12 }), fc.integer({ min: 1, max: 3 }), (given, days) => {
      const hours = given.map(({ ago, tallies, waits }) => hour(ago, tallies, waits));
      const expected = new Set<TriggerCode>();
      for (let day = 0; day < days; day += 1) {
        const own = given.filter(({ ago }) => Math.floor(ago / 24) === day);
        const sum = (name: TallyName) => own.reduce((all, { tallies }) => all + (tallies[name] ?? 0), 0);
        const [tries, waits] = [sum('lock_tries'), sum('lock_waits')];
        if (tries >= 20 && Math.min(tries, waits) / tries > 0.05) expected.add('lock-wait-rate');
        if (waits > 20) expected.add('lock-waits-a-day');
        if (own.flatMap((one) => one.waits).filter((ms) => ms > 600_000).length > 2)
          expected.add('mutex-waits-long');
        if (sum('failures_shared') > 1) expected.add('failures-shared');
      }
      expect(new Set(fired(hours, { days }))).toEqual(expected);
    }),
    { numRuns: 400 },
  );
});
