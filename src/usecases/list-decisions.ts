/** Lists the decisions of the project, newest first, from DECISIONS.md and its archives. Changes nothing. */
import { dayOfSpan, type LogEntry, supersededBy } from '../domain/decision-log.ts';
import { done, type Outcome, refuse } from '../domain/problem.ts';
import { nowMs } from '../storage/clock.ts';
import { readAllDecisions, readDecisions } from '../storage/decision-files.ts';

export interface DecisionView {
  readonly number: number | null;
  readonly date: string;
  readonly title: string;
  readonly state: string;
  readonly supersedes: readonly number[];
  readonly superseded_by: number | null;
  readonly file: string;
}

/** All of them, or those since a day (`7d`, `36h`, `2w`, `2026-02-01`). */
export function listDecisions(home: string, since?: string): Outcome<DecisionView[]> {
  const day = since === undefined ? '' : dayOfSpan(since, nowMs());
  if (day === undefined) return refuse({ code: 'span-bad', span: since ?? '' });
  const files = readAllDecisions(home);
  const by = supersededBy(files.flatMap((file) => file.log.entries));
  const views = files.flatMap(({ file, log }) => log.entries.map((entry) => viewOf(entry, file, by)));
  return done(views.filter((view) => view.date >= day));
}

function viewOf(entry: LogEntry, file: string, by: ReadonlyMap<number, number>): DecisionView {
  const { number = null, date, title, state, supersedes } = entry;
  const superseded_by = number === null ? null : (by.get(number) ?? null);
  return { number, date, title, state, supersedes, superseded_by, file };
}

/** One decision in full, as it stands. */
export function showDecision(
  home: string,
  number: number,
): Outcome<{ number: number; file: string; text: string }> {
  const files = readAllDecisions(home);
  for (const { file, log } of files) {
    const entry = log.entries.find((one) => one.number === number);
    if (entry) return done({ number, file, text: entry.text });
  }
  const known = files.flatMap(({ log }) => log.entries.map((entry) => entry.number ?? 0));
  return refuse({ code: 'decision-unknown', number, known: known.filter((one) => one > 0).slice(0, 10) });
}

/** Titles of the latest decisions since a day, for a brief: DECISIONS.md alone, which holds the newest. */
export function recentDecisions(
  home: string,
  sinceDay: string,
  most: number,
): { titles: string[]; more: number } {
  const recent = (readDecisions(home)?.entries ?? []).filter((entry) => entry.date >= sinceDay);
  const titles = recent
    .slice(0, most)
    .map((entry) => `${entry.number === undefined ? '' : `D${entry.number} `}${entry.title}`);
  return { titles, more: Math.max(0, recent.length - most) };
}
