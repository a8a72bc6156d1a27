/**
 * How a role's turn really went: what it reported, lowered by what its artifact, git and evidence show. Never raised: who
 * reports a failure has failed. An earlier system marked every agent completed, whatever it returned.
 */

import type { EvidenceFlaw } from '../evidence.ts';
import type { Cycle, TurnOutcome } from './cycle.ts';
import type { CycleTask } from './parts.ts';

export interface Judged {
  readonly outcome: TurnOutcome;
  /** Why it is less than what was reported; one sentence each. */
  readonly why: readonly string[];
}

/** How one configured validation stands on the tree as it is now, since the iteration began. */
export interface CheckFact {
  readonly command: string;
  readonly flaw: EvidenceFlaw | undefined;
  readonly why: string;
}

const RANK: Readonly<Record<TurnOutcome, number>> = { failed: 0, partial: 1, completed: 2 };

export function lower(reported: TurnOutcome, to: TurnOutcome): TurnOutcome {
  return RANK[to] < RANK[reported] ? to : reported;
}

/** Of what was reported and what keeps it from that; each reason lowers it to what it says. */
function judged(reported: TurnOutcome, reasons: readonly (readonly [TurnOutcome, string])[]): Judged {
  return {
    outcome: reasons.reduce((outcome, [to]) => lower(outcome, to), reported),
    why: reasons.map(([, why]) => why),
  };
}

/** A role that writes a text, which is there: it says something new where the user asked for more. */
export function judgeWriting(
  cycle: Cycle,
  reported: TurnOutcome,
  facts: { file: string; isChanged: boolean },
): Judged {
  const isAsked = cycle.iterations.at(-1)?.extension !== undefined;
  if (!isAsked || facts.isChanged) return judged(reported, []);
  return judged(reported, [['partial', `${facts.file} says nothing new, though the task was extended`]]);
}

/** The planner: a plan that cannot be followed is none. */
export function judgePlanning(reported: TurnOutcome, flaws: readonly string[]): Judged {
  return judged(
    reported,
    flaws.map((flaw) => ['failed', flaw] as const),
  );
}

/** The developer: all tasks complete, and git shows the work. */
export function judgeCoding(
  cycle: Cycle,
  reported: TurnOutcome,
  changed: ReadonlySet<string> | undefined,
): Judged {
  const tasks = cycle.plan?.tasks ?? [];
  const before = new Set(cycle.coord.baseline?.done ?? []);
  const open = tasks.filter(({ status }) => status !== 'completed');
  const reasons: (readonly [TurnOutcome, string])[] = open.map(({ id, status }) => [
    'partial',
    `${id} is ${status}`,
  ]);
  if (!changed) reasons.push(['partial', 'git could not say what changed']);
  else {
    const claimed = tasks.filter(({ id, status }) => status === 'completed' && !before.has(id));
    for (const task of claimed)
      if (!hasTouched(task, changed)) reasons.push(['partial', `${task.id}: none of its files has changed`]);
    if (changed.size === 0 && (claimed.length > 0 || isAskedOfCode(cycle)))
      reasons.push(['partial', 'git shows no changed file']);
  }
  return judged(reported, reasons);
}

/**
 * Whether the code has to change at all in this iteration: nothing of it is made yet, the user asked for more, or the last
 * validation was red. It may begin anew for other reasons (an agent was killed), and its developer finds all done.
 */
function isAskedOfCode({ plan, changes, iterations, coordination }: Cycle): boolean {
  const isMade = (plan?.tasks.length ?? 0) > 0 && (changes?.changes.length ?? 0) > 0;
  if (!isMade || iterations.at(-1)?.extension !== undefined) return true;
  const since = iterations.at(-2)?.completed_at ?? '';
  return coordination.feedback_log.some(
    ({ target, type, timestamp }) => target === 'cd' && type === 'bug_report' && timestamp >= since,
  );
}

function hasTouched({ files }: CycleTask, changed: ReadonlySet<string>): boolean {
  if (files.length === 0) return changed.size > 0;
  return files.some((file) => {
    const folder = `${file.replace(/\/+$/, '')}/`;
    return changed.has(file) || [...changed].some((path) => path.startsWith(folder));
  });
}

/** Flaws of evidence that mean it did not really run on what is there now. */
const RAN: ReadonlySet<EvidenceFlaw | undefined> = new Set([undefined, 'failed']);

/** The validator: every configured validation really ran on this tree in this iteration. Red is no failure of its own. */
export function judgeValidating(reported: TurnOutcome, checks: readonly CheckFact[]): Judged {
  const missing = checks.filter(({ flaw }) => !RAN.has(flaw));
  return judged(
    reported,
    missing.map(({ command, why }) => ['partial', `\`${command}\`: ${why}`] as const),
  );
}
