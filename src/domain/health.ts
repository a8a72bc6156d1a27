/**
 * The triggers by which a project's coordination is reviewed, and what helps, in order (seed 004, "Future work if
 * coordination degrades"). Pure: figures in, a verdict out.
 *
 * A *day* is 24 whole hours of UTC, the one under way the last of them, counted back from now: a day by the calendar
 * would forget at midnight what just happened. A trigger has fired when any day of the window has more than its limit:
 *   lock-wait-rate         5 % of a day's tries for a lock waited; judged from 20 tries on
 *   lock-waits-a-day       20 of a day's tries for a lock waited
 *   mutex-waits-long       2 waits of a day for the test mutex were longer than 10 minutes; a third one is routine
 *   failures-shared        1 failure of a day cites shared state (shared-state.ts), which may be chance
 *   many-agents-unstable   more than 3 agents are at work, and the pass rate of validations is not stable: of the
 *                          last 20 runs (by whole hours) fewer than 60 % passed, or 20 points fewer than of the 20
 *                          before. With fewer than 10 runs there is no rate to judge by.
 */
import { HOUR_MS, type HourCounts, type SpanName, type TallyName } from './counter.ts';

export const LIMITS = {
  waitPercent: 5,
  triesMin: 20,
  waitsADay: 20,
  longWaitMs: 10 * 60_000,
  longWaits: 2,
  sharedFailures: 1,
  agents: 3,
  runs: 20,
  runsMin: 10,
  passPercent: 60,
  fallPoints: 20,
} as const;

const DAY_HOURS = 24;

export interface DayFigures {
  /** The first hour of the day. */
  readonly fromMs: number;
  readonly tallies: Readonly<Partial<Record<TallyName, number>>>;
  readonly spans: Readonly<Partial<Record<SpanName, readonly number[]>>>;
}

export type TriggerCode =
  | 'lock-wait-rate'
  | 'lock-waits-a-day'
  | 'mutex-waits-long'
  | 'failures-shared'
  | 'many-agents-unstable';

export interface Trigger {
  readonly code: TriggerCode;
  readonly fired: boolean;
  /** What was measured on the worst day: percent, or a number of events; null where there is too little to judge. */
  readonly measured: number | null;
  /** It fires above, not at, this. */
  readonly limit: number;
  /** Of how many tries, waits, failures or runs. */
  readonly of: number;
  /** The first hour of that day. */
  readonly dayMs: number;
}

export type MitigationCode = 'sequential' | 'strict-gate' | 'worktrees' | 'isolation';

export interface Mitigation {
  readonly step: number;
  readonly code: MitigationCode;
  readonly inForce: boolean;
}

/** What is in force of the settings that the mitigations are made of. */
export interface InForce {
  readonly sequential: boolean;
  readonly strictGate: boolean;
  /** Without one, a strict gate has nothing to run again. */
  readonly hasValidation: boolean;
  readonly worktrees: boolean;
  /** Commands whose writes cannot be known are refused. */
  readonly refusesUnknown: boolean;
}

export interface HealthFacts {
  readonly nowMs: number;
  readonly days: number;
  /** Of the window and the day before it. */
  readonly hours: readonly HourCounts[];
  readonly activeAgents: number;
  readonly inForce: InForce;
}

export interface HealthVerdict {
  readonly calm: boolean;
  readonly triggers: readonly Trigger[];
  /** In their order. */
  readonly mitigations: readonly Mitigation[];
  /** The one to take next: the first that is not in force. None while it is calm. */
  readonly next: Mitigation | undefined;
  /** The latest day first. */
  readonly figures: readonly DayFigures[];
  readonly activeAgents: number;
  /** Null with too few runs. */
  readonly passPercent: number | null;
}

export function judgeHealth(facts: HealthFacts): HealthVerdict {
  const figures = daysOf(facts);
  const rate = passRate(facts.hours);
  const triggers = [
    waitRate(figures),
    worstOf('lock-waits-a-day', figures, (day) => day.tallies.lock_waits ?? 0, LIMITS.waitsADay),
    worstOf('mutex-waits-long', figures, longWaits, LIMITS.longWaits),
    worstOf('failures-shared', figures, (day) => day.tallies.failures_shared ?? 0, LIMITS.sharedFailures),
    manyAgents(facts, rate),
  ];
  const calm = !triggers.some((trigger) => trigger.fired);
  const mitigations = mitigationsOf(facts.inForce);
  const next = calm ? undefined : mitigations.find((one) => !one.inForce);
  const { activeAgents } = facts;
  return { calm, triggers, mitigations, next, figures, activeAgents, passPercent: rate?.percent ?? null };
}

/** Where the window begins, with the day before it, which the pass rate is held against. */
export function windowStart(nowMs: number, days: number): number {
  return hourOf(nowMs) - (DAY_HOURS * (days + 1) - 1) * HOUR_MS;
}

function hourOf(atMs: number): number {
  return Math.floor(atMs / HOUR_MS) * HOUR_MS;
}

/** What the hours of each day add up to. */
function daysOf({ nowMs, days, hours }: HealthFacts): DayFigures[] {
  const last = hourOf(nowMs);
  return Array.from({ length: days }, (_, at) => {
    const fromMs = last - (DAY_HOURS * (at + 1) - 1) * HOUR_MS;
    const own = hours.filter(({ hourMs }) => hourMs >= fromMs && hourMs < fromMs + DAY_HOURS * HOUR_MS);
    return { fromMs, ...sumOf(own) };
  });
}

function sumOf(hours: readonly HourCounts[]): Pick<DayFigures, 'tallies' | 'spans'> {
  const tallies: Partial<Record<TallyName, number>> = {};
  const spans: Partial<Record<SpanName, number[]>> = {};
  for (const hour of hours) {
    for (const [name, n] of Object.entries(hour.tallies) as [TallyName, number][])
      tallies[name] = (tallies[name] ?? 0) + n;
    for (const [name, lengths] of Object.entries(hour.spans) as [SpanName, number[]][])
      spans[name] = (spans[name] ?? []).concat(lengths);
  }
  return { tallies, spans };
}

/** In whole numbers: 5 % exactly is not above 5 %. */
function waitRate(figures: readonly DayFigures[]): Trigger {
  const judged = figures.map(({ fromMs, tallies }) => {
    const tries = tallies.lock_tries ?? 0;
    // A try and its wait may lie on two sides of an hour.
    const waits = Math.min(tallies.lock_waits ?? 0, tries);
    const isEnough = tries >= LIMITS.triesMin;
    const fired = isEnough && waits * 100 > tries * LIMITS.waitPercent;
    return { fired, measured: isEnough ? (waits * 100) / tries : null, of: tries, dayMs: fromMs };
  });
  const worst = judged.reduce((a, b) => ((b.measured ?? -1) > (a.measured ?? -1) ? b : a));
  return { code: 'lock-wait-rate', limit: LIMITS.waitPercent, ...worst };
}

function worstOf(
  code: TriggerCode,
  figures: readonly DayFigures[],
  numberOf: (day: DayFigures) => number,
  limit: number,
): Trigger {
  const judged = figures.map((day) => ({
    measured: numberOf(day),
    dayMs: day.fromMs,
    of: totalOf(code, day),
  }));
  const worst = judged.reduce((a, b) => (b.measured > a.measured ? b : a));
  return { code, limit, fired: worst.measured > limit, ...worst };
}

function totalOf(code: TriggerCode, { tallies, spans }: DayFigures): number {
  if (code === 'mutex-waits-long') return spans.mutex_wait_ms?.length ?? 0;
  if (code === 'failures-shared') return (tallies.validations_failed ?? 0) + (tallies.plans_failed ?? 0);
  return tallies.lock_tries ?? 0;
}

function longWaits({ spans }: DayFigures): number {
  return (spans.mutex_wait_ms ?? []).filter((ms) => ms > LIMITS.longWaitMs).length;
}

interface Runs {
  readonly passed: number;
  readonly all: number;
}

interface PassRate {
  readonly percent: number;
  readonly runs: number;
  readonly isStable: boolean;
}

/** The latest runs, and those before them, each by whole hours; undefined with too few. */
function passRate(hours: readonly HourCounts[]): PassRate | undefined {
  const latestFirst = [...hours].sort((a, b) => b.hourMs - a.hourMs);
  const [recent, rest] = takeRuns(latestFirst);
  if (recent.all < LIMITS.runsMin) return undefined;
  const [before] = takeRuns(rest);
  const isLow = recent.passed * 100 < recent.all * LIMITS.passPercent;
  const fall = before.passed * recent.all - recent.passed * before.all;
  const hasFallen = before.all >= LIMITS.runsMin && fall * 100 > LIMITS.fallPoints * recent.all * before.all;
  const percent = (recent.passed * 100) / recent.all;
  return { percent, runs: recent.all, isStable: !isLow && !hasFallen };
}

function takeRuns(hours: readonly HourCounts[]): [Runs, readonly HourCounts[]] {
  let [passed, all, at] = [0, 0, 0];
  for (; at < hours.length && all < LIMITS.runs; at += 1) {
    const { validations_passed = 0, validations_failed = 0 } = hours[at]?.tallies ?? {};
    passed += validations_passed;
    all += validations_passed + validations_failed;
  }
  return [{ passed, all }, hours.slice(at)];
}

function manyAgents({ activeAgents, nowMs }: HealthFacts, rate: PassRate | undefined): Trigger {
  const fired = activeAgents > LIMITS.agents && rate !== undefined && !rate.isStable;
  const measured = rate ? activeAgents : null;
  const dayMs = hourOf(nowMs) - (DAY_HOURS - 1) * HOUR_MS;
  return { code: 'many-agents-unstable', fired, measured, limit: LIMITS.agents, of: rate?.runs ?? 0, dayMs };
}

function mitigationsOf(inForce: InForce): Mitigation[] {
  const steps: [MitigationCode, boolean][] = [
    ['sequential', inForce.sequential],
    ['strict-gate', inForce.strictGate && inForce.hasValidation],
    ['worktrees', inForce.worktrees],
    ['isolation', inForce.refusesUnknown],
  ];
  return steps.map(([code, isOn], at) => ({ step: at + 1, code, inForce: isOn }));
}
