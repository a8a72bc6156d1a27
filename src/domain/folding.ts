/**
 * Folding: how the transitions that workers report become part of STATE.md. Pure, and safe to repeat: STATE.md is
 * saved first and the messages acknowledged later, so after a kill the same ones are folded again.
 */
import { fieldsOf } from './json-value.ts';
import type { Envelope } from './message.ts';
import { isPlanState, type PlanCounts } from './plan.ts';
import {
  findPhase,
  replacePhase,
  type StateBlocker,
  type StateDocument,
  type StateMilestone,
  type StatePhase,
  type StatePlan,
} from './state-document.ts';

/** What a transition message says in its metadata; undefined when the message is no transition. */
export interface TransitionFacts {
  readonly event: string;
  readonly phase: string;
  readonly revision: number;
  /** The number of the report that it belongs to, counted by its worker. */
  readonly report: number;
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
  if (event === undefined || phase === undefined || typeof revision !== 'number' || !isCounts(counts))
    return undefined;
  return {
    event,
    phase,
    revision,
    report: typeof it['report'] === 'number' ? it['report'] : 0,
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
  const it = fieldsOf(value);
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
  const folded = isOld(phase, facts, envelope)
    ? state
    : replacePhase(state, foldNews(phase, facts, envelope));
  const milestone = milestoneOf(facts, envelope);
  if (!milestone || state.milestones.some((known) => isSameMilestone(known, milestone))) return folded;
  return { ...folded, milestones: [...folded.milestones, milestone] };
}

/**
 * Whether something newer of this phase was folded already, as when a message that waits long is folded at each hook.
 * By the reports' numbers: STATUS.md's own revision goes back with a `git checkout`, and stands still when a person
 * edits it. The time counts too, since the numbers begin anew where the runtime folder was lost.
 */
function isOld(phase: StatePhase, facts: TransitionFacts, envelope: Envelope): boolean {
  const { reported } = phase;
  return reported !== undefined && facts.report < (reported.report ?? 0) && envelope.timestamp <= reported.at;
}

function foldNews(phase: StatePhase, facts: TransitionFacts, envelope: Envelope): StatePhase {
  const { revision, report, counts } = facts;
  return {
    ...phase,
    reported: { revision, report, at: envelope.timestamp, counts },
    plans: foldPlan(phase.plans, facts),
    blockers: foldBlocker(phase.blockers, facts, envelope),
  };
}

function foldPlan(plans: readonly StatePlan[], facts: TransitionFacts): readonly StatePlan[] {
  const { plan: id, to, title, commit } = facts;
  if (id === undefined || to === undefined) return plans;
  if (to === 'removed') return plans.filter((plan) => plan.id !== id);
  if (!isPlanState(to)) return plans;
  if (!plans.some((plan) => plan.id === id)) return [...plans, { id, title: title ?? id, state: to, commit }];
  return plans.map((plan) =>
    plan.id === id ? { ...plan, title: title ?? plan.title, state: to, commit } : plan,
  );
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
