/**
 * STATUS.md: one phase, written by that phase's worker alone, in its own worktree. Its readers are machines and the
 * coordinator first. Everything here is pure: a document in, a document or a refusal out.
 */
import type { BlockerState } from './blocker.ts';
import { nextBlockerId } from './blocker.ts';
import {
  countPlans,
  type GatePass,
  mayMove,
  PLAN_STATE_AFTER,
  type Plan,
  type PlanState,
  type PlanVerb,
  type TaskState,
} from './plan.ts';

export interface Blocker {
  readonly id: string;
  readonly plan?: string | undefined;
  readonly summary: string;
  readonly detail?: string | undefined;
  readonly state: BlockerState;
  readonly raised: string;
  readonly answer?: string | undefined;
  readonly resolution?: string | undefined;
}

export interface Milestone {
  readonly at: string;
  readonly event: 'plan_complete' | 'phase_complete' | 'phase_started';
  readonly plan?: string | undefined;
  readonly commit?: string | undefined;
  /** Said of a plan whose evidence the gate accepted. */
  readonly gate?: 'passed' | undefined;
}

export interface PhaseDecision {
  readonly at: string;
  readonly text: string;
}

export interface StatusDocument {
  readonly coord: 'status/1';
  readonly revision: number;
  readonly phase: string;
  readonly name: string;
  readonly worker: string;
  readonly branch: string;
  readonly updated: string;
  readonly plans: readonly Plan[];
  readonly blockers: readonly Blocker[];
  readonly decisions: readonly PhaseDecision[];
  readonly milestones: readonly Milestone[];
}

export type StatusRefusal =
  | { code: 'plan-unknown'; plan: string; known: string[] }
  | { code: 'plan-exists'; plan: string }
  | { code: 'plan-move-refused'; plan: string; verb: PlanVerb; from: PlanState }
  | { code: 'task-unknown'; plan: string; task: string; known: string[] }
  | { code: 'blocker-unknown'; blocker: string; known: string[] };

export type Changed<T, R> = { done: true; document: T } | { done: false; problem: R };

export interface Moment {
  /** UTC, ISO 8601. */
  readonly at: string;
  readonly head: string | undefined;
  /** What the gate accepted, where it was asked. */
  readonly gate?: GatePass | undefined;
}

function changed<R = StatusRefusal>(document: StatusDocument): Changed<StatusDocument, R> {
  return { done: true, document };
}

function refused<T>(problem: StatusRefusal): Changed<T, StatusRefusal> {
  return { done: false, problem };
}

export function findPlan(document: StatusDocument, id: string): Plan | undefined {
  return document.plans.find((plan) => plan.id === id);
}

export function replacePlan(document: StatusDocument, next: Plan): StatusDocument {
  return { ...document, plans: document.plans.map((plan) => (plan.id === next.id ? next : plan)) };
}

/** Starts, completes or fails a plan. */
export function movePlan(
  document: StatusDocument,
  id: string,
  verb: PlanVerb,
  moment: Moment,
  reason?: string,
): Changed<StatusDocument, StatusRefusal> {
  const plan = findPlan(document, id);
  if (!plan) return refused({ code: 'plan-unknown', plan: id, known: document.plans.map((p) => p.id) });
  if (!mayMove(verb, plan.state))
    return refused({ code: 'plan-move-refused', plan: id, verb, from: plan.state });
  // What a person noted beside coord's own keys stays; how the plan ended before does not.
  const {
    started: begun,
    finished: _finished,
    commit: _commit,
    reason: _reason,
    gate: _gate,
    ...left
  } = plan;
  const { needs_followup: _followUp, ...rest } = left;
  const base = { ...(verb === 'fail' ? left : rest), state: PLAN_STATE_AFTER[verb] };
  const started = verb === 'start' ? moment.at : (begun ?? moment.at);
  switch (verb) {
    case 'start':
      return changed(replacePlan(document, { ...base, started }));
    case 'fail':
      return changed(replacePlan(document, { ...base, started, finished: moment.at, reason }));
    case 'complete': {
      const { handoff: _handoff, ...own } = base;
      const ended = { ...own, started, finished: moment.at, commit: moment.head };
      const proven = moment.gate ? { ...ended, gate: moment.gate } : ended;
      return changed(withMilestones(replacePlan(document, proven), moment));
    }
  }
}

/**
 * Adds the milestone of each complete plan that has none, and the phase's when all are complete. So a plan that was
 * completed by editing STATUS.md gets its commit like one completed by a verb.
 */
export function withMilestones(document: StatusDocument, moment: Moment): StatusDocument {
  const milestones = [...document.milestones];
  const plans = document.plans.map((plan) => {
    if (plan.state !== 'complete') return plan;
    const isKnown = milestones.some(
      (milestone) => milestone.plan === plan.id && milestone.at === plan.finished,
    );
    if (isKnown && plan.commit !== undefined) return plan;
    const finished = plan.finished ?? moment.at;
    const commit = plan.commit ?? moment.head;
    const gate = plan.gate ? { gate: 'passed' as const } : {};
    if (!isKnown) milestones.push({ at: finished, event: 'plan_complete', plan: plan.id, commit, ...gate });
    return { ...plan, finished, commit };
  });
  const counts = countPlans(plans);
  const isComplete = plans.length > 0 && counts.complete === plans.length;
  const last = milestones.findLastIndex((milestone) => milestone.event === 'phase_complete');
  const isReopened = milestones.slice(last + 1).some((milestone) => milestone.event === 'plan_complete');
  if (isComplete && (last === -1 || isReopened)) {
    milestones.push({ at: moment.at, event: 'phase_complete', commit: moment.head });
  }
  const isSame =
    milestones.length === document.milestones.length && plans.every((p, i) => p === document.plans[i]);
  return isSame ? document : { ...document, plans, milestones };
}

export function addTask(
  document: StatusDocument,
  planId: string,
  title: string,
): Changed<StatusDocument, StatusRefusal> & { task?: string } {
  const plan = findPlan(document, planId);
  if (!plan) return refused({ code: 'plan-unknown', plan: planId, known: document.plans.map((p) => p.id) });
  const numbers = plan.tasks.map((task) => Number(/^\d+$/.test(task.id) ? task.id : 0));
  const id = String(Math.max(0, ...numbers) + 1);
  const tasks = [...plan.tasks, { id, title, state: 'not_started' as const }];
  return { ...changed(replacePlan(document, { ...plan, tasks })), task: id };
}

export function moveTask(
  document: StatusDocument,
  planId: string,
  taskId: string,
  state: TaskState,
  at?: string,
): Changed<StatusDocument, StatusRefusal> {
  const plan = findPlan(document, planId);
  if (!plan) return refused({ code: 'plan-unknown', plan: planId, known: document.plans.map((p) => p.id) });
  if (!plan.tasks.some((task) => task.id === taskId)) {
    return refused({
      code: 'task-unknown',
      plan: planId,
      task: taskId,
      known: plan.tasks.map((task) => task.id),
    });
  }
  const started = state === 'in_progress' && at !== undefined ? { started: at } : {};
  const tasks = plan.tasks.map((task) => (task.id === taskId ? { ...task, state, ...started } : task));
  return changed(replacePlan(document, { ...plan, tasks }));
}

export function raiseBlocker(
  document: StatusDocument,
  blocker: { plan?: string | undefined; summary: string; detail?: string | undefined; at: string },
): Changed<StatusDocument, StatusRefusal> & { blocker?: string } {
  const { plan, summary, detail, at } = blocker;
  if (plan !== undefined && !findPlan(document, plan)) {
    return refused({ code: 'plan-unknown', plan, known: document.plans.map((p) => p.id) });
  }
  const id = nextBlockerId(document.blockers);
  const record: Blocker = { id, plan, summary, detail, state: 'open', raised: at };
  return { ...changed({ ...document, blockers: [...document.blockers, record] }), blocker: id };
}

export function resolveBlocker(
  document: StatusDocument,
  id: string,
  resolution: string | undefined,
): Changed<StatusDocument, StatusRefusal> {
  const known = document.blockers
    .filter((blocker) => blocker.state !== 'resolved')
    .map((blocker) => blocker.id);
  if (!document.blockers.some((blocker) => blocker.id === id)) {
    return refused({ code: 'blocker-unknown', blocker: id, known });
  }
  const blockers = document.blockers.map((blocker) =>
    blocker.id === id
      ? { ...blocker, state: 'resolved' as const, resolution: resolution ?? blocker.resolution }
      : blocker,
  );
  return changed({ ...document, blockers });
}

/** Adds a decision that concerns this phase alone. */
export function addDecision(document: StatusDocument, decision: PhaseDecision): StatusDocument {
  return { ...document, decisions: [...document.decisions, decision] };
}

function stateAfterAnswer(state: BlockerState): BlockerState {
  return state === 'resolved' ? 'resolved' : 'answered';
}

/** Records the answers that arrived; a blocker that was resolved at once keeps its state and gets the answer too. */
export function answerBlockers(
  document: StatusDocument,
  answers: ReadonlyMap<string, string>,
): StatusDocument {
  const isNew = (blocker: Blocker) =>
    answers.has(blocker.id) && (blocker.state === 'open' || blocker.answer === undefined);
  if (!document.blockers.some(isNew)) return document;
  const blockers = document.blockers.map((blocker) =>
    isNew(blocker)
      ? { ...blocker, state: stateAfterAnswer(blocker.state), answer: answers.get(blocker.id) }
      : blocker,
  );
  return { ...document, blockers };
}
