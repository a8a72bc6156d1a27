/**
 * One iteration on its way: a role hands over and the next has the turn; after validation all of it is added up, and
 * the cycle is complete, goes round again, or is given up. Why, its journal says.
 *
 * *Progress*: more checks hold, more tasks are complete or fewer tests fail than in any iteration before, or the user has
 * asked for more. Two iterations in a row without any end the cycle: a third would cost as much and bring as little.
 */

import { done, type Outcome } from '../problem.ts';
import {
  CYCLE_ROLES,
  type Cycle,
  type CycleRole,
  type Feedback,
  type Iteration,
  isRole,
  type Score,
  type TurnOutcome,
} from './cycle.ts';
import { beginIteration, type Doing, enterPhase, moveTo, noted, withoutTurn } from './moves.ts';
import { type Facts, firstRole } from './next.ts';
import type { CycleRefusal } from './refusal.ts';

export interface Turn {
  readonly role: CycleRole;
  readonly outcome: TurnOutcome;
  readonly message: string;
  /** Why it is less than it reported. */
  readonly why: readonly string[];
  /** From the worktree's root. */
  readonly files: readonly string[];
  readonly filesModified: number;
}

const MESSAGE_CHARS = 2_000;
const ISSUES_MAX = 50;
/** So many iterations in a row without progress end the cycle. */
const STUCK_AFTER = 2;

/** A role hands over. Undefined after the last: the iteration is to be closed. */
export function endTurn(cycle: Cycle, turn: Turn, doing: Doing): Cycle {
  const { role, outcome, why } = turn;
  const message = turn.message.slice(0, MESSAGE_CHARS);
  const agent = cycle.agents[role];
  const status = outcome === 'partial' ? ('waiting' as const) : outcome;
  const ended = {
    ...agent,
    status,
    completed_at: doing.at,
    output_files: turn.files,
    last_message: message,
    iterations_completed: agent.iterations_completed + (outcome === 'completed' ? 1 : 0),
    ...(outcome === 'failed' ? { error: [message, ...why].join('; ').slice(0, MESSAGE_CHARS) } : {}),
  };
  const results = { [role]: { status: outcome, files_modified: turn.filesModified } };
  const handed: Cycle = {
    ...cycle,
    agents: { ...cycle.agents, [role]: ended },
    iterations: withLast(cycle, (last) => ({ agent_results: { ...last.agent_results, ...results } })),
    completed_phases:
      outcome === 'completed' ? [...new Set([...cycle.completed_phases, role])] : cycle.completed_phases,
    phase_errors:
      outcome === 'failed'
        ? [...cycle.phase_errors, { phase: role, error: ended.error ?? message, timestamp: doing.at }]
        : cycle.phase_errors,
  };
  const told = [message, ...why].filter((part) => part !== '').join('; ');
  const noticed = noted(handed, doing, `${role} ${outcome}`, told);
  const next = nextRole(role, outcome);
  return next ? enterPhase(noticed, next, doing) : { ...noticed, current_phase: 'aggregation' };
}

/** What cannot be built upon ends the iteration: there is nothing that the next role could go on with. */
function nextRole(role: CycleRole, outcome: TurnOutcome): CycleRole | undefined {
  return outcome === 'failed' ? undefined : CYCLE_ROLES[CYCLE_ROLES.indexOf(role) + 1];
}

function withLast(cycle: Cycle, change: (last: Iteration) => Partial<Iteration>): Iteration[] {
  return cycle.iterations.map((one, at) =>
    at === cycle.iterations.length - 1 ? { ...one, ...change(one) } : one,
  );
}

/** Adds the iteration up, and decides how the cycle goes on. */
export function closeIteration(cycle: Cycle, facts: Facts, doing: Doing): Outcome<Cycle, CycleRefusal> {
  const issues = issuesOf(cycle, facts).slice(0, ISSUES_MAX);
  const score = scoreOf(cycle, facts);
  const number = cycle.current_iteration;
  const results = cycle.iterations.at(-1)?.agent_results ?? {};
  const pending = CYCLE_ROLES.filter((role) => role in results === false && isAfterFirst(role, results));
  const all = { ...results, ...Object.fromEntries(pending.map((role) => [role, NO_TURN])) };
  const closed: Cycle = {
    ...cycle,
    agents: withoutTurn(cycle),
    iterations: withLast(cycle, () => ({
      completed_at: doing.at,
      agent_results: all,
      issues_found: issues,
      resolved: issues.length === 0,
    })),
    coordination: {
      ...cycle.coordination,
      feedback_log: [...cycle.coordination.feedback_log, ...bugReports(cycle, facts, doing)],
    },
    coord: { ...cycle.coord, scores: { ...cycle.coord.scores, [number]: score } },
  };
  const summary = issues.length === 0 ? 'all holds' : issues.join('; ').slice(0, MESSAGE_CHARS);
  return goOn(noted(closed, doing, 'aggregation', summary), issues, facts, doing);
}

const NO_TURN = { status: 'pending', files_modified: 0 };

/** A role before the first of this iteration had nothing to do in it; one behind a failure did not come to it. */
function isAfterFirst(role: CycleRole, results: Iteration['agent_results']): boolean {
  const had = CYCLE_ROLES.filter((one) => one in results);
  return had.length > 0 && CYCLE_ROLES.indexOf(role) > CYCLE_ROLES.indexOf(had[0] as CycleRole);
}

function goOn(
  cycle: Cycle,
  issues: readonly string[],
  facts: Facts,
  doing: Doing,
): Outcome<Cycle, CycleRefusal> {
  const { current_iteration: number, max_iterations: max } = cycle;
  if (cycle.coord.waiting.length > 0 && number < max) return beginIteration(cycle, 'ra', doing);
  if (issues.length === 0) {
    const moved = moveTo(cycle, 'complete');
    if (!moved.done) return moved;
    const proven =
      facts.checks.length > 0
        ? `proven by ${facts.checks.map(({ command }) => command).join(', ')}`
        : 'nothing was proven: no validation is configured';
    const whole: Cycle = {
      ...cycle,
      status: moved.value,
      current_phase: 'complete',
      completed_at: doing.at,
      coordination: { ...cycle.coordination, pending_decisions: implemented(cycle) },
    };
    return done(noted(whole, doing, 'complete', proven));
  }
  if (isStuck(cycle))
    return giveUp(
      cycle,
      `no progress in iterations ${number - 1} and ${number}: ${issues.join('; ')}`,
      doing,
    );
  if (number >= max)
    return giveUp(cycle, `the limit of ${max} iterations is reached: ${issues.join('; ')}`, doing);
  return beginIteration(cycle, firstRole(cycle, facts), doing);
}

function giveUp(cycle: Cycle, reason: string, doing: Doing): Outcome<Cycle, CycleRefusal> {
  const moved = moveTo(cycle, 'fail');
  if (!moved.done) return moved;
  const failure_reason = reason.slice(0, MESSAGE_CHARS);
  return done(noted({ ...cycle, status: moved.value, failure_reason }, doing, 'fail', failure_reason));
}

function implemented(cycle: Cycle): Cycle['coordination']['pending_decisions'] {
  return cycle.coordination.pending_decisions.map((one) =>
    one.status === 'made' ? { ...one, status: 'implemented' } : one,
  );
}

/** What keeps the cycle from being complete; one sentence each. */
function issuesOf(cycle: Cycle, facts: Facts): string[] {
  const results = cycle.iterations.at(-1)?.agent_results ?? {};
  const turns = Object.entries(results).filter(
    ([role, { status }]) => isRole(role) && status !== 'completed',
  );
  const tasks = (cycle.plan?.tasks ?? []).filter(({ status }) => status !== 'completed');
  const undecided = cycle.coordination.pending_decisions.filter(({ status }) => status === 'pending');
  return [
    ...facts.checks.flatMap(({ command, flaw, why }) => (flaw === undefined ? [] : [`${command}: ${why}`])),
    ...(cycle.test_results?.failed_tests ?? []).map((test) => `test fails: ${test}`),
    ...turns.map(([role, { status }]) => `${role}: ${status}`),
    ...tasks.map(({ id, status }) => `${id} is ${status}`),
    ...facts.openBlockers.map((id) => `blocker ${id} is open`),
    ...undecided.map(({ id }) => `decision ${id} is not made`),
  ];
}

function bugReports(cycle: Cycle, facts: Facts, { at }: Doing): Feedback[] {
  const report = (content: string): Feedback => ({
    timestamp: at,
    source: 'vas',
    target: 'cd',
    content,
    type: 'bug_report',
  });
  const red = facts.checks.filter(({ flaw }) => flaw === 'failed');
  return [
    ...red.map(({ command, why }) => report(`${command}: ${why}`)),
    ...(cycle.test_results?.failed_tests ?? []).slice(0, ISSUES_MAX).map((test) => report(test)),
  ];
}

function scoreOf(cycle: Cycle, { checks }: Facts): Score {
  const { test_results, plan, coord } = cycle;
  const holds = checks.filter(({ flaw }) => flaw === undefined).length;
  const tasks = (plan?.tasks ?? []).filter(({ status }) => status === 'completed').length;
  const failed = failedTests(test_results);
  const before = Object.values(coord.scores);
  const most = (pick: (score: Score) => number) => Math.max(0, ...before.map(pick));
  const least = Math.min(...before.map((score) => score.failed ?? Number.POSITIVE_INFINITY));
  const isAsked = cycle.iterations.at(-1)?.extension !== undefined;
  const progress =
    isAsked ||
    holds > most((score) => score.checks) ||
    tasks > most((score) => score.tasks) ||
    (failed !== null && failed < least);
  return { checks: holds, tasks, failed, progress };
}

/** Null where no test is known to have run: nothing that failed is not the same as nothing that ran. */
function failedTests(results: Cycle['test_results']): number | null {
  if (!results || (results.total_tests === 0 && results.failed_tests.length === 0)) return null;
  const counted = Math.round(results.total_tests * (1 - results.pass_rate / 100));
  return Math.max(counted, results.failed_tests.length);
}

function isStuck({ current_iteration, coord }: Cycle): boolean {
  if (current_iteration < STUCK_AFTER) return false;
  const last = Array.from({ length: STUCK_AFTER }, (_, at) => coord.scores[current_iteration - at]);
  return last.every((score) => score !== undefined && !score.progress);
}
