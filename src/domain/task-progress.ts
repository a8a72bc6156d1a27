/**
 * Task progress: what `.progress/` of seed 002 says, worked out from STATUS.md and from nothing else that matters.
 *
 * Glossary. Seed 002's *task* is a plan of coord's, its *steps* are that plan's tasks. *Current task*: the plan under
 * way that was started last; with none under way the one that finished last; with none finished the next one that is
 * free.
 *
 * Invariant: the same document gives the same texts, byte for byte. So whoever finds other texts in `.progress/` knows
 * that they are old, or that somebody wrote them by hand.
 */
import { blockedPlans } from './next-work.ts';
import { parseInstant } from './outside/instant.ts';
import type { ArtifactState, ArtifactType, CheckState, Plan } from './plan.ts';
import type { Blocker, StatusDocument } from './status-document.ts';

export const TASK_PROGRESS_STATES = ['not_started', 'in_progress', 'blocked', 'completed', 'failed'] as const;
export type TaskProgressState = (typeof TASK_PROGRESS_STATES)[number];

/** A question of the worker that nobody has answered yet. */
export interface ProgressQuestion {
  readonly id: string;
  readonly content: string;
  readonly asked: string | null;
}

/** Null when no blocker of the worker is open: so `select(.blocked_on != null)` finds who needs an answer. */
export interface BlockedOn {
  readonly blocker: string;
  readonly summary: string;
  readonly detail: string | null;
  /** The plan that it keeps from going on, which may be another one than the current; null: all of the phase. */
  readonly task: string | null;
  readonly raised: string | null;
}

export interface TaskProgress {
  readonly task_id: string;
  readonly task_name: string;
  readonly phase: string;
  readonly started: string | null;
  readonly updated: string | null;
  readonly estimated_completion: string | null;
  readonly status: TaskProgressState;
  readonly current_step: string | null;
  readonly completed_steps: readonly string[];
  /** All that is not complete, the current one included. */
  readonly remaining_steps: readonly string[];
  readonly blocked_on: BlockedOn | null;
  readonly questions_for_coordinator: readonly ProgressQuestion[];
  readonly artifacts: readonly {
    readonly path: string;
    readonly type: ArtifactType;
    readonly status: ArtifactState;
    readonly created_at: string | null;
  }[];
  readonly quality_gates: Readonly<
    Record<string, { readonly status: CheckState; readonly [figure: string]: unknown }>
  >;
  readonly metrics: Readonly<Record<string, number>>;
  /** Of a finished task alone. */
  readonly finished?: string | undefined;
  readonly reason?: string | undefined;
  readonly commit?: string | undefined;
}

/** A moment as people write it (`2026-03-01`, with a time, with an offset) in UTC; null when it is none. */
export function instantOf(text: string | undefined): string | null {
  const found = parseInstant(text);
  return found ? new Date(found.atMs).toISOString() : null;
}

/** The last of the items by a moment; of several at one moment, the one that stands last. */
function latest<T>(items: readonly T[], momentOf: (item: T) => string | null): T | undefined {
  return items.reduce<T | undefined>((best, item) => {
    return best === undefined || (momentOf(item) ?? '') >= (momentOf(best) ?? '') ? item : best;
  }, undefined);
}

/** Undefined when the phase has no plan. */
export function currentPlan(document: StatusDocument): Plan | undefined {
  const { plans } = document;
  const underWay = plans.filter((plan) => plan.state === 'in_progress');
  const finished = plans.filter((plan) => plan.state === 'complete' || plan.state === 'failed');
  const blocked = blockedPlans(document);
  return (
    latest(underWay, (plan) => instantOf(plan.started)) ??
    latest(finished, (plan) => instantOf(plan.finished) ?? instantOf(plan.started)) ??
    plans.find((plan) => !blocked.has(plan.id)) ??
    plans[0]
  );
}

/** The current task as it stands now; undefined when the phase has no plan. */
export function currentTask(
  document: StatusDocument,
  questions: readonly ProgressQuestion[],
): TaskProgress | undefined {
  const plan = currentPlan(document);
  if (!plan) return undefined;
  const blocker = blockerToShow(document, plan);
  const isHeld = blocker !== undefined && (blocker.plan ?? plan.id) === plan.id;
  return {
    ...describePlan(document, plan),
    updated: instantOf(document.updated),
    status: stateOf(plan, isHeld),
    blocked_on: blocker ? blockedOn(blocker) : null,
    questions_for_coordinator: questions.map(({ id, content, asked }) => ({
      id,
      content,
      asked: instantOf(asked ?? undefined),
    })),
  };
}

/** Open blockers of this plan first, then of the whole phase, then of other plans; the oldest of them. */
function blockerToShow(document: StatusDocument, plan: Plan): Blocker | undefined {
  const open = document.blockers.filter((blocker) => blocker.state === 'open');
  return (
    open.find((blocker) => blocker.plan === plan.id) ??
    open.find((blocker) => blocker.plan === undefined) ??
    open[0]
  );
}

function blockedOn(blocker: Blocker): BlockedOn {
  const { id, summary, detail, plan, raised } = blocker;
  return { blocker: id, summary, detail: detail ?? null, task: plan ?? null, raised: instantOf(raised) };
}

function stateOf(plan: Plan, isHeld: boolean): TaskProgressState {
  if (plan.state === 'complete') return 'completed';
  if (plan.state === 'failed') return 'failed';
  return isHeld ? 'blocked' : plan.state;
}

/** What holds of a plan whatever else happens in the phase. */
export function describePlan(document: StatusDocument, plan: Plan): TaskProgress {
  const isComplete = plan.state === 'complete';
  const steps = plan.tasks.filter((task) => task.state === 'in_progress' && !isComplete);
  const titles = (isDone: boolean) =>
    plan.tasks.filter((task) => (task.state === 'complete') === isDone).map((task) => task.title);
  return {
    task_id: plan.id,
    task_name: plan.title,
    phase: document.phase,
    started: instantOf(plan.started),
    updated: null,
    estimated_completion: instantOf(plan.estimated_completion),
    status: stateOf(plan, false),
    current_step: latest(steps, (task) => instantOf(task.started))?.title ?? null,
    completed_steps: titles(true),
    remaining_steps: titles(false),
    blocked_on: null,
    questions_for_coordinator: [],
    artifacts: (plan.artifacts ?? []).map(({ path, type, status, created_at }) => ({
      path,
      type,
      status,
      created_at: instantOf(created_at),
    })),
    quality_gates: Object.fromEntries(
      Object.entries(plan.quality_gates ?? {}).map(([name, { status, last_run, ...figures }]) => {
        const lastRun = instantOf(last_run);
        return [name, { status, ...(lastRun === null ? {} : { last_run: lastRun }), ...figures }];
      }),
    ),
    metrics: { ...plan.metrics },
  };
}

/** `current-task.json` and the archive: to be read by people and by `jq`. */
export function printTask(task: TaskProgress): string {
  return `${JSON.stringify(task, null, 2)}\n`;
}
