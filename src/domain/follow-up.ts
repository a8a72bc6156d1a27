/**
 * What becomes of a plan that the gate was asked about: marked as needing follow-up, taken back, or proven; and how a
 * plan is left to the next worker. Everything here is pure: a document in, a document out.
 */
import type { Evidence } from './evidence.ts';
import type { GateVerdict } from './gate.ts';
import type { FollowUp, GatePass, Handoff, Plan } from './plan.ts';
import { findPlan, replacePlan, type StatusDocument } from './status-document.ts';

/** Ids of the evidence that a verdict rests on. */
function evidenceOf(verdict: GateVerdict): string[] {
  return verdict.checks.flatMap((check) => (check.evidence === undefined ? [] : [check.evidence]));
}

export function followUpOf(verdict: GateVerdict, at: string): FollowUp {
  return { at, missing: verdict.missing, evidence: evidenceOf(verdict) };
}

/** What a passing verdict leaves in the plan and in the message of its completion. */
export function passOf(verdict: GateVerdict, at: string): GatePass {
  const checks = verdict.checks.map(({ name, evidence, commit }) => [
    name,
    { status: 'passed' as const, ...(evidence ? { evidence } : {}), ...(commit ? { commit } : {}) },
  ]);
  return { at, tree: verdict.tree ?? '', checks: Object.fromEntries(checks) };
}

/** The plan keeps its state. */
export function markFollowUp(document: StatusDocument, id: string, followUp: FollowUp): StatusDocument {
  const plan = findPlan(document, id);
  return plan ? replacePlan(document, { ...plan, needs_followup: followUp }) : document;
}

/** A plan that was called complete by hand and is not goes on: back in progress, its milestone gone. */
export function takeBack(document: StatusDocument, id: string, followUp: FollowUp): StatusDocument {
  const plan = findPlan(document, id);
  if (plan?.state !== 'complete') return document;
  const { finished, commit: _commit, gate: _gate, ...rest } = plan;
  const next: Plan = { ...rest, state: 'in_progress', needs_followup: followUp };
  const milestones = document.milestones.filter(
    (one) => !(one.event === 'plan_complete' && one.plan === id && one.at === finished),
  );
  return { ...replacePlan(document, next), milestones };
}

/** A plan that was called complete by hand, and is. */
export function markProven(
  document: StatusDocument,
  id: string,
  gate: GatePass,
  head: string | undefined,
): StatusDocument {
  const plan = findPlan(document, id);
  if (plan?.state !== 'complete') return document;
  const { needs_followup: _followUp, handoff: _handoff, ...rest } = plan;
  const { finished = gate.at } = plan;
  return replacePlan(document, { ...rest, finished, commit: head, gate });
}

export function leaveHandoff(document: StatusDocument, id: string, handoff: Handoff): StatusDocument {
  const plan = findPlan(document, id);
  return plan ? replacePlan(document, { ...plan, handoff }) : document;
}

export function handoffOf(
  left: { at: string; reason: string; session: string | null; transcript: string | null },
  failure: Evidence | undefined,
): Handoff {
  return {
    at: left.at,
    reason: left.reason,
    session: left.session ?? undefined,
    evidence: failure?.id,
    command: failure?.command,
    exit: failure?.exit ?? undefined,
    log: failure?.log ?? undefined,
    transcript: left.transcript ?? undefined,
  };
}
