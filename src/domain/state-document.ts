/**
 * STATE.md: the project as the coordinator sees it. Of each phase it holds the plans with their states and counts,
 * never their tasks; blockers in one line each. Everything here is pure.
 */
import type { BlockerState } from './blocker.ts';
import { phaseFolderOf, workerOf } from './identifiers.ts';
import type { Envelope } from './message.ts';
import { countPlans, isPlanState, type PlanCounts, type PlanState } from './plan.ts';

export const PHASE_STATES = ['future', 'active', 'done'] as const;
export type PhaseState = (typeof PHASE_STATES)[number];

export interface StatePlan {
  readonly id: string;
  readonly title: string;
  readonly state: PlanState;
  readonly commit?: string | undefined;
}

export interface StateBlocker {
  readonly id: string;
  readonly summary: string;
  readonly plan?: string | undefined;
  readonly state: BlockerState;
  readonly pointer: string;
  readonly raised: string;
  readonly message?: string | undefined;
}

export interface StatePhase {
  readonly id: string;
  readonly name: string;
  readonly folder: string;
  readonly state: PhaseState;
  readonly worker: string;
  readonly branch?: string | undefined;
  readonly depends: readonly string[];
  readonly scope: readonly string[];
  readonly plans: readonly StatePlan[];
  readonly blockers: readonly StateBlocker[];
  /** What the worker last reported: the STATUS.md revision it spoke of and the counts, which may be ahead of `plans`. */
  readonly reported?: { readonly revision: number; readonly at: string; readonly counts: PlanCounts } | undefined;
  readonly started?: string | undefined;
  readonly closed?: string | undefined;
  readonly commit?: string | undefined;
}

export interface StateMilestone {
  readonly at: string;
  readonly phase: string;
  readonly event: 'plan_complete' | 'phase_complete' | 'phase_closed';
  readonly plan?: string | undefined;
  readonly commit?: string | undefined;
}

export interface StateDocument {
  readonly coord: 'state/1';
  readonly revision: number;
  readonly project: string;
  readonly updated: string;
  readonly phases: readonly StatePhase[];
  readonly milestones: readonly StateMilestone[];
}

export function emptyState(project: string, at: string): StateDocument {
  return { coord: 'state/1', revision: 0, project, updated: at, phases: [], milestones: [] };
}

export type StateRefusal =
  | { code: 'phase-exists'; phase: string; name: string }
  | { code: 'phase-unknown'; phase: string; known: string[] }
  | { code: 'phase-already-started'; phase: string; worker: string; worktree?: string; branch?: string }
  | { code: 'phase-not-active'; phase: string; state: PhaseState }
  | { code: 'phase-depends'; phase: string; waitsFor: string[] }
  | { code: 'phase-unfinished'; phase: string; counts: PlanCounts }
  | { code: 'plan-id-taken'; plan: string; phase: string };

export interface NewPhase {
  readonly id: string;
  readonly name: string;
  readonly plans: readonly { id: string; title: string }[];
  readonly scope: readonly string[];
  readonly depends: readonly string[];
}

/** The counts that the dashboard shows: what the worker reported, else what is planned. */
export function countsOf(phase: StatePhase): PlanCounts {
  return phase.reported?.counts ?? countPlans(phase.plans);
}

export function findPhase(state: StateDocument, id: string): StatePhase | undefined {
  return state.phases.find((phase) => phase.id === id);
}

export function phaseOrRefusal(state: StateDocument, id: string): StatePhase | StateRefusal {
  return findPhase(state, id) ?? { code: 'phase-unknown', phase: id, known: state.phases.map((phase) => phase.id) };
}

export function replacePhase(state: StateDocument, next: StatePhase): StateDocument {
  return { ...state, phases: state.phases.map((phase) => (phase.id === next.id ? next : phase)) };
}

/** Adds a phase that nobody works on yet. Ids are compared without case: they become folders and branches. */
export function addPhase(state: StateDocument, added: NewPhase): StateDocument | StateRefusal {
  const folder = phaseFolderOf(added.id, added.name);
  const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();
  const twin = state.phases.find((phase) => same(phase.id, added.id) || same(phase.folder, folder));
  if (twin) return { code: 'phase-exists', phase: twin.id, name: twin.name };
  const unknown = added.depends.find((id) => !findPhase(state, id));
  if (unknown !== undefined) {
    return { code: 'phase-unknown', phase: unknown, known: state.phases.map((phase) => phase.id) };
  }
  const seen = new Map(state.phases.flatMap((phase) => phase.plans.map((plan) => [plan.id.toLowerCase(), phase.id])));
  for (const plan of added.plans) {
    const phase = seen.get(plan.id.toLowerCase());
    if (phase !== undefined) return { code: 'plan-id-taken', plan: plan.id, phase };
    seen.set(plan.id.toLowerCase(), added.id);
  }
  const phase: StatePhase = {
    id: added.id,
    name: added.name,
    folder,
    state: 'future',
    worker: workerOf(added.id),
    depends: [...added.depends],
    scope: [...added.scope],
    plans: added.plans.map((plan) => ({ ...plan, state: 'not_started' as const })),
    blockers: [],
  };
  return { ...state, phases: [...state.phases, phase] };
}

/** Why a phase cannot start now, or undefined. */
export function judgeStart(state: StateDocument, phase: StatePhase): StateRefusal | undefined {
  if (phase.state === 'active') return { code: 'phase-already-started', phase: phase.id, worker: phase.worker };
  if (phase.state === 'done') return { code: 'phase-not-active', phase: phase.id, state: phase.state };
  const waitsFor = phase.depends.filter((id) => findPhase(state, id)?.state !== 'done');
  return waitsFor.length > 0 ? { code: 'phase-depends', phase: phase.id, waitsFor } : undefined;
}

/** Why a phase cannot be closed, or undefined. A failed plan is finished too; one not started is not. */
export function judgeClose(phase: StatePhase, isForced: boolean): StateRefusal | undefined {
  if (phase.state !== 'active') return { code: 'phase-not-active', phase: phase.id, state: phase.state };
  const counts = countsOf(phase);
  const isUnfinished = counts.not_started + counts.in_progress + counts.failed > 0;
  return isUnfinished && !isForced ? { code: 'phase-unfinished', phase: phase.id, counts } : undefined;
}

/** What a transition message says in its metadata; undefined when the message is no transition. */
export interface TransitionFacts {
  readonly event: string;
  readonly phase: string;
  readonly revision: number;
  readonly counts: PlanCounts;
  readonly plan: string | undefined;
  readonly title: string | undefined;
  readonly to: string | undefined;
  readonly commit: string | undefined;
  readonly blocker: string | undefined;
  readonly summary: string | undefined;
  readonly pointer: string | undefined;
}

export function transitionIn(envelope: Envelope): TransitionFacts | undefined {
  const it = envelope.metadata;
  const text = (key: string) => (typeof it[key] === 'string' ? (it[key] as string) : undefined);
  const event = text('event');
  const phase = text('phase');
  const revision = it['revision'];
  const counts = it['counts'];
  if (event === undefined || phase === undefined || typeof revision !== 'number' || !isCounts(counts)) return undefined;
  return {
    event,
    phase,
    revision,
    counts,
    plan: text('plan'),
    title: text('title'),
    to: text('to'),
    commit: text('commit'),
    blocker: text('blocker'),
    summary: text('summary'),
    pointer: text('pointer'),
  };
}

function isCounts(value: unknown): value is PlanCounts {
  if (typeof value !== 'object' || value === null) return false;
  const it = value as Record<string, unknown>;
  return ['not_started', 'in_progress', 'complete', 'failed'].every((key) => Number.isInteger(it[key]));
}

/**
 * Folds one transition message into the state. Only the phase's own worker is believed; folding a message twice, or
 * an older one after a newer one, changes nothing that the newer one said.
 */
export function foldTransition(state: StateDocument, envelope: Envelope): StateDocument {
  const facts = transitionIn(envelope);
  const phase = facts ? findPhase(state, facts.phase) : undefined;
  if (!facts || !phase || phase.worker !== envelope.from || phase.state === 'future') return state;
  const isOld = phase.reported !== undefined && facts.revision < phase.reported.revision;
  const reported = isOld
    ? phase.reported
    : { revision: facts.revision, at: envelope.timestamp, counts: facts.counts };
  const plans = isOld ? phase.plans : foldPlan(phase.plans, facts);
  const next = { ...phase, reported, plans, blockers: foldBlocker(phase.blockers, facts, envelope) };
  const folded = replacePhase(state, next);
  const milestone = milestoneOf(facts, envelope);
  if (!milestone || state.milestones.some((known) => isSameMilestone(known, milestone))) return folded;
  return { ...folded, milestones: [...folded.milestones, milestone] };
}

function foldPlan(plans: readonly StatePlan[], facts: TransitionFacts): readonly StatePlan[] {
  const { plan: id, to, title, commit } = facts;
  if (id === undefined || to === undefined) return plans;
  if (to === 'removed') return plans.filter((plan) => plan.id !== id);
  if (!isPlanState(to)) return plans;
  if (!plans.some((plan) => plan.id === id)) return [...plans, { id, title: title ?? id, state: to, commit }];
  return plans.map((plan) => (plan.id === id ? { ...plan, title: title ?? plan.title, state: to, commit } : plan));
}

function foldBlocker(
  blockers: readonly StateBlocker[],
  facts: TransitionFacts,
  envelope: Envelope,
): readonly StateBlocker[] {
  const { blocker: id, summary, pointer, plan } = facts;
  if (id === undefined) return blockers;
  if (facts.event === 'blocker_resolved') return blockers.filter((blocker) => blocker.id !== id);
  if (facts.event !== 'blocker_raised' || blockers.some((blocker) => blocker.id === id)) return blockers;
  const raised: StateBlocker = {
    id,
    summary: summary ?? '',
    plan,
    state: 'open',
    pointer: pointer ?? '',
    raised: envelope.timestamp,
    message: envelope.id,
  };
  return [...blockers, raised];
}

function milestoneOf(facts: TransitionFacts, envelope: Envelope): StateMilestone | undefined {
  const { event, phase, plan, commit } = facts;
  if (event !== 'plan_complete' && event !== 'phase_complete') return undefined;
  return { at: envelope.timestamp, phase, event, plan, commit };
}

function isSameMilestone(a: StateMilestone, b: StateMilestone): boolean {
  return a.at === b.at && a.phase === b.phase && a.event === b.event && a.plan === b.plan;
}
