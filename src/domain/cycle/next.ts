/**
 * What is to be done next in a cycle, and by whom; the orchestrator asks this instead of remembering. And with whom the
 * next iteration begins.
 */
import {
  type Cycle,
  type CycleRole,
  type Feedback,
  type PendingDecision,
  ROLE_AGENTS,
  roleOnTurn,
} from './cycle.ts';
import type { CheckFact } from './outcome.ts';

export type NextStep =
  | { readonly action: 'start' }
  | { readonly action: 'resume' }
  | { readonly action: 'answer'; readonly decisions: readonly PendingDecision[] }
  | { readonly action: 'agent'; readonly role: CycleRole; readonly agent: string }
  | { readonly action: 'none'; readonly why: string };

export function nextStep(cycle: Cycle): NextStep {
  switch (cycle.status) {
    case 'created':
      return { action: 'start' };
    case 'paused':
      return { action: 'resume' };
    case 'completed':
      return { action: 'none', why: 'it is complete' };
    case 'failed':
      return { action: 'none', why: cycle.failure_reason ?? 'it has failed' };
    case 'running':
      return runningStep(cycle);
  }
}

function runningStep(cycle: Cycle): NextStep {
  const decisions = cycle.coordination.pending_decisions.filter(({ status }) => status === 'pending');
  if (decisions.length > 0) return { action: 'answer', decisions };
  const role = roleOnTurn(cycle);
  // The original workflow could be killed between two turns.
  if (role === undefined) return { action: 'resume' };
  return { action: 'agent', role, agent: `coord:${ROLE_AGENTS[role]}` };
}

/** What was said to a role since its last turn ended. */
export function feedbackFor(cycle: Cycle, role: CycleRole): Feedback[] {
  const since = cycle.agents[role].completed_at ?? '';
  return cycle.coordination.feedback_log.filter(
    ({ target, timestamp }) => target === role && timestamp >= since,
  );
}

/** What an iteration is judged by when all had their turn. */
export interface Facts {
  readonly checks: readonly CheckFact[];
  /** Of the worker's own blockers. */
  readonly openBlockers: readonly string[];
}

/** Where the next iteration begins: with the first role whose work does not stand. */
export function firstRole(cycle: Cycle, facts: Facts): CycleRole {
  const results = cycle.iterations.at(-1)?.agent_results ?? {};
  const isShort = (role: CycleRole) => results[role] !== undefined && results[role]?.status !== 'completed';
  if (!cycle.requirements || isShort('ra')) return 'ra';
  if (!cycle.plan || isShort('ep')) return 'ep';
  return isShort('cd') || !isOnlyUnproven(cycle, facts) ? 'cd' : 'vas';
}

/** All of it may hold, and nobody has shown it: the validator was stopped. A developer would find nothing to do. */
function isOnlyUnproven(cycle: Cycle, { checks, openBlockers }: Facts): boolean {
  const tasks = cycle.plan?.tasks ?? [];
  return (
    tasks.length > 0 &&
    tasks.every(({ status }) => status === 'completed') &&
    checks.every(({ flaw }) => flaw !== 'failed') &&
    (cycle.test_results?.failed_tests ?? []).length === 0 &&
    openBlockers.length === 0 &&
    cycle.coordination.pending_decisions.every(({ status }) => status !== 'pending')
  );
}
