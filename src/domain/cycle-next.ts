/** What is to be done next in a cycle, and by whom; the orchestrator asks this instead of remembering. */
import {
  type Cycle,
  type CycleRole,
  type Feedback,
  type PendingDecision,
  ROLE_AGENTS,
  roleOnTurn,
} from './cycle.ts';

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
