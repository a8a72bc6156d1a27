/** The smallest documents that a test of the domain needs. */
import type { Plan, PlanState } from '../../src/domain/plan.ts';
import {
  addPhase,
  emptyState,
  type StateDocument,
  type StatePhase,
} from '../../src/domain/state-document.ts';
import type { Blocker, StatusDocument } from '../../src/domain/status-document.ts';

export const NOON = '2026-02-21T12:00:00.000Z';

export function plan(id: string, state: PlanState = 'not_started', over: Partial<Plan> = {}): Plan {
  return { id, title: `Plan ${id}`, state, tasks: [], ...over };
}

export function blocker(id: string, over: Partial<Blocker> = {}): Blocker {
  return { id, summary: `About ${id}`, state: 'open', raised: NOON, ...over };
}

export function status(plans: readonly Plan[], over: Partial<StatusDocument> = {}): StatusDocument {
  return {
    coord: 'status/1',
    revision: 1,
    phase: '01',
    name: 'API',
    worker: 'worker-01',
    branch: 'coord/01-api',
    updated: NOON,
    plans,
    blockers: [],
    decisions: [],
    milestones: [],
    ...over,
  };
}

/** STATE.md with the active phase 01 and these plans. */
export function stateWith(planIds: readonly string[], over: Partial<StatePhase> = {}): StateDocument {
  const plans = planIds.map((id) => ({ id, title: `Plan ${id}` }));
  const state = addPhase(emptyState('demo', NOON), { id: '01', name: 'API', plans, scope: [], depends: [] });
  if ('code' in state) throw new Error(state.code);
  const [phase] = state.phases;
  return { ...state, phases: [{ ...(phase as StatePhase), state: 'active', ...over }] };
}
