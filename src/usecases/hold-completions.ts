/**
 * Holds completions that nobody proved: a plan that STATUS.md calls complete, by an editor or by git, is judged by the
 * same gate as one that the verb completes, before anything reports it. What the gate has passed once, or was reported
 * before a gate was asked, stays.
 */
import { followUpOf, leaveHandoff, markProven, passOf, takeBack } from '../domain/follow-up.ts';
import { type GateVerdict, nextSteps } from '../domain/gate.ts';
import type { Handoff, Plan } from '../domain/plan.ts';
import { done, type GateProblem, type Outcome } from '../domain/problem.ts';
import { findPlan, type StatusDocument } from '../domain/status-document.ts';
import type { ReportedPhase } from '../domain/transition.ts';
import { isoOf, nowMs } from '../storage/clock.ts';
import { forgetProven, isProven, noteProven } from '../storage/light/evidence-files.ts';
import { readSettings } from '../storage/settings.ts';
import { isGateAsked, judgeCompletionOf, type Ward } from './judge-gate.ts';
import { refusedHandoff } from './leave-handoff.ts';

export interface Judged {
  readonly plan: string;
  /** As STATUS.md had it when it was judged: a later completion is another. */
  readonly finished: string | undefined;
  readonly at: string;
  readonly verdict: GateVerdict;
  readonly problem: GateProblem | undefined;
  /** How a plan is left that the verdict takes back. */
  readonly handoff: Handoff | undefined;
}

/** The verdicts on completions that nobody has proven yet. */
export function judgeCompletions(
  ward: Ward,
  status: StatusDocument,
  reported: ReportedPhase | undefined,
): Outcome<Judged[]> {
  const { home, record } = ward;
  const { folder } = record.phase;
  const wasComplete = (plan: string) => reported?.plans[plan] === 'complete';
  forgetProven(home, folder, (plan) => !wasComplete(plan) || findPlan(status, plan)?.state === 'complete');
  const { settings } = readSettings(home);
  if (!isGateAsked(settings)) return done([]);
  const judged: Judged[] = [];
  for (const plan of status.plans) {
    const isSettled = reported ? wasComplete(plan.id) : hasMilestone(status, plan);
    if (plan.state !== 'complete' || isSettled || isProven(home, folder, plan.id, plan.finished)) continue;
    const found = judgeCompletionOf(ward, status, plan.id, settings, 'by-hand');
    if (!found.done) return found;
    const verdict = found.value;
    const { missing } = verdict;
    const next = nextSteps(verdict, settings.commit_id);
    const problem =
      verdict.verdict === 'pass'
        ? undefined
        : { code: 'plan-taken-back' as const, plan: plan.id, missing, next };
    const at = isoOf(nowMs());
    const handoff = problem ? refusedHandoff(ward, plan, verdict, at) : undefined;
    judged.push({ plan: plan.id, finished: plan.finished, at, verdict, problem, handoff });
  }
  return done(judged);
}

/** Where nothing is known of what was reported: a completion that was settled has its milestone. */
function hasMilestone(status: StatusDocument, plan: Plan): boolean {
  return status.milestones.some((one) => one.plan === plan.id && one.at === plan.finished);
}

/** The document with what the verdicts make of its completions. Pure, so that it can be made again on a later text. */
export function applyJudged(document: StatusDocument, judged: readonly Judged[]): StatusDocument {
  return judged.reduce((next, { plan, finished, at, verdict, handoff }) => {
    const found = findPlan(next, plan);
    if (found?.state !== 'complete' || found.finished !== finished) return next;
    return handoff
      ? leaveHandoff(takeBack(next, plan, followUpOf(verdict, at)), plan, handoff)
      : markProven(next, plan, passOf(verdict, at), verdict.commit ?? undefined);
  }, document);
}

/** Before STATUS.md says so: killed in between, the plan is judged again. */
export function noteJudged({ home, record }: Ward, judged: readonly Judged[]): void {
  for (const { plan, finished, at, problem } of judged)
    if (!problem) noteProven(home, record.phase.folder, plan, finished ?? at);
}
