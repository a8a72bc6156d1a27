/**
 * What is counted of the paths that every session walks: `coord health` judges by it (health.ts).
 *
 * Glossary. *tally*: a number of events. *span*: one length of time for each event, in milliseconds, kept one by one,
 * since a sum would hide the one wait that was too long. *try*: an agent asked for something that it did not have.
 * *wait*: a try that was not granted at once, whether it then waited or was refused.
 */

export const TALLIES = [
  'lock_tries',
  'lock_waits',
  'mutex_tries',
  'mutex_waits',
  'holder_checks',
  'refusals',
  'validations_passed',
  'validations_failed',
  'plans_failed',
  /** Of the failed validations and plans: those that cite what agents share (shared-state.ts). */
  'failures_shared',
] as const;
export type TallyName = (typeof TALLIES)[number];

const SPANS = ['lock_wait_ms', 'mutex_wait_ms'] as const;
export type SpanName = (typeof SPANS)[number];

export type CounterName = TallyName | SpanName;

/** What was counted in one hour of UTC. A tally of which nothing was counted is left out. */
export interface HourCounts {
  /** When the hour began. */
  readonly hourMs: number;
  readonly tallies: Readonly<Partial<Record<TallyName, number>>>;
  readonly spans: Readonly<Partial<Record<SpanName, readonly number[]>>>;
}

export const HOUR_MS = 3_600_000;

export function isSpanName(name: string): name is SpanName {
  return (SPANS as readonly string[]).includes(name);
}

export function isTallyName(name: string): name is TallyName {
  return (TALLIES as readonly string[]).includes(name);
}
