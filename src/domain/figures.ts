/**
 * Progress figures of a project, worked out from its phases, plans, goals and evidence: nobody types them (seed 001).
 * A percentage is rounded down, so that 100 % means all. Pure.
 */
import type { Goal } from './goal.ts';
import { leftOf } from './goal.ts';
import type { StateDocument, StatePhase } from './state-document.ts';
import { countsOf } from './state-document.ts';

export interface Share {
  readonly done: number;
  readonly all: number;
  readonly percent: number;
}

export interface Figures {
  readonly phases: Share;
  readonly plans: Share;
  /** Named milestones. */
  readonly goals: Share;
  readonly criteria: Share;
  readonly active: readonly { readonly phase: string; readonly plans: Share }[];
  readonly goal?: { readonly goal: Goal; readonly phases: Share };
}

/** What is being made now, or next. */
export interface Deliverable {
  readonly status: 'IN PROGRESS' | 'NEXT';
  readonly phase: string;
  /** Absent where a phase without plans, or one that is not started, is next. */
  readonly plan?: string;
  readonly title: string;
  readonly owner: string;
}

export function share(done: number, all: number): Share {
  return { done, all, percent: all === 0 ? 0 : Math.floor((done * 100) / all) };
}

export function figuresOf(state: StateDocument): Figures {
  const shares = state.phases.map((phase) => ({ phase, plans: planShare(phase) }));
  const sum = (pick: (one: Share) => number) => shares.reduce((total, one) => total + pick(one.plans), 0);
  const goal = state.goals.find((one) => one.reached === undefined);
  return {
    phases: share(state.phases.filter((phase) => phase.state === 'done').length, state.phases.length),
    plans: share(
      sum((one) => one.done),
      sum((one) => one.all),
    ),
    goals: share(state.goals.filter((one) => one.reached !== undefined).length, state.goals.length),
    criteria: share(state.criteria.filter((one) => one.met !== undefined).length, state.criteria.length),
    active: shares
      .filter(({ phase }) => phase.state === 'active')
      .map(({ phase, plans }) => ({ phase: phase.id, plans })),
    ...(goal ? { goal: { goal, phases: goalShare(state, goal) } } : {}),
  };
}

function planShare(phase: StatePhase): Share {
  const { complete, failed, in_progress, not_started } = countsOf(phase);
  return share(complete, complete + failed + in_progress + not_started);
}

export function goalShare(state: Pick<StateDocument, 'phases'>, goal: Goal): Share {
  const all = goal.phases.length;
  if (goal.reached !== undefined) return share(all || 1, all || 1);
  return share(all - leftOf(state, goal).length, all);
}

/** What is under way; where nothing is, what comes next: of an active phase first, then the next phase that can start. */
export function deliverablesOf(state: StateDocument): Deliverable[] {
  const active = state.phases.filter((phase) => phase.state === 'active');
  const under = active.flatMap((phase) => plansIn(phase, 'in_progress', 'IN PROGRESS'));
  if (under.length > 0) return under;
  const next = active.flatMap((phase) => plansIn(phase, 'not_started', 'NEXT').slice(0, 1));
  if (next.length > 0) return next;
  const phase = nextPhase(state);
  if (!phase) return [];
  const [first] = plansIn(phase, 'not_started', 'NEXT');
  return [first ?? { status: 'NEXT', phase: phase.id, title: phase.name, owner: phase.worker }];
}

function plansIn(phase: StatePhase, wanted: string, status: Deliverable['status']): Deliverable[] {
  return phase.plans
    .filter((plan) => plan.state === wanted)
    .map((plan) => ({ status, phase: phase.id, plan: plan.id, title: plan.title, owner: phase.worker }));
}

/** The first phase that nobody has started and that waits for none. */
export function nextPhase({ phases }: Pick<StateDocument, 'phases'>): StatePhase | undefined {
  const isDone = (id: string) => phases.find((phase) => phase.id === id)?.state === 'done';
  return phases.find((phase) => phase.state === 'future' && phase.depends.every(isDone));
}
