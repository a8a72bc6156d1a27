/**
 * Plans and tasks: the units of work inside a phase.
 *
 * Glossary. *phase*: a part of the project, owned by exactly one worker. *plan*: a unit in a phase, with one of
 * four discrete states and never a percentage (seed 000). *task*: a step in a plan; it is seen in the worker's
 * own STATUS.md only, the coordinator sees counts of plans.
 */

export const PLAN_STATES = ['not_started', 'in_progress', 'complete', 'failed'] as const;
export type PlanState = (typeof PLAN_STATES)[number];

export const TASK_STATES = ['not_started', 'in_progress', 'complete'] as const;
export type TaskState = (typeof TASK_STATES)[number];

/** What a plan has made so far: *artifact*, a file that it made or changed, as its worker reports it. */
export const ARTIFACT_TYPES = ['source_code', 'test', 'documentation', 'config', 'other'] as const;
export type ArtifactType = (typeof ARTIFACT_TYPES)[number];

export const ARTIFACT_STATES = ['draft', 'complete'] as const;
export type ArtifactState = (typeof ARTIFACT_STATES)[number];

/** How a quality gate of a plan stands, as its worker reports it; what coord itself proves is evidence, not this. */
export const CHECK_STATES = ['passed', 'failed', 'not_run'] as const;
export type CheckState = (typeof CHECK_STATES)[number];

export interface Task {
  readonly id: string;
  readonly title: string;
  readonly state: TaskState;
  /** When it was started last: of several under way, the latest is the current step. */
  readonly started?: string | undefined;
}

export interface Artifact {
  /** From the worktree's root, with forward slashes. */
  readonly path: string;
  readonly type: ArtifactType;
  readonly status: ArtifactState;
  readonly created_at?: string | undefined;
}

/** How a check of the plan's quality stands; beside these keys, the figures that its tool gave. */
export interface QualityGate {
  readonly status: CheckState;
  readonly last_run?: string | undefined;
  readonly [figure: string]: unknown;
}

/** What the gate missed when it was asked last. */
export interface FollowUp {
  readonly at: string;
  readonly missing: readonly string[];
  /** Ids of the evidence that it looked at. */
  readonly evidence: readonly string[];
}

/** The gate's verdict on a complete plan; what each check found, by its name. */
export interface GatePass {
  readonly at: string;
  readonly tree: string;
  readonly checks: Readonly<Record<string, QualityGate>>;
}

/** The error context of a plan that failed, or whose worker died. Paths, not contents. */
export interface Handoff {
  readonly at: string;
  readonly reason: string;
  readonly session?: string | undefined;
  /** The last validation that did not pass. */
  readonly evidence?: string | undefined;
  readonly command?: string | undefined;
  readonly exit?: number | undefined;
  /** From home. */
  readonly log?: string | undefined;
  readonly transcript?: string | undefined;
}

export interface Plan {
  readonly id: string;
  readonly title: string;
  readonly state: PlanState;
  readonly started?: string | undefined;
  readonly finished?: string | undefined;
  /** HEAD of the worktree when the plan was completed. */
  readonly commit?: string | undefined;
  /** Why it failed. */
  readonly reason?: string | undefined;
  readonly tasks: readonly Task[];
  readonly artifacts?: readonly Artifact[] | undefined;
  readonly quality_gates?: Readonly<Record<string, QualityGate>> | undefined;
  readonly metrics?: Readonly<Record<string, number>> | undefined;
  readonly estimated_completion?: string | undefined;
  /** Beside its state: the gate refused to have it complete. */
  readonly needs_followup?: FollowUp | undefined;
  /** By what it was proven complete. */
  readonly gate?: GatePass | undefined;
  /** How it was left: what the next worker starts from. */
  readonly handoff?: Handoff | undefined;
}

/** How many plans of a phase are in each state. */
export type PlanCounts = Record<PlanState, number>;

export function countPlans(plans: readonly { state: PlanState }[]): PlanCounts {
  const counts: PlanCounts = { not_started: 0, in_progress: 0, complete: 0, failed: 0 };
  for (const plan of plans) counts[plan.state] += 1;
  return counts;
}

/** True when a phase has plans and each of them is complete. */
export function isAllComplete(counts: PlanCounts): boolean {
  return counts.complete > 0 && counts.not_started + counts.in_progress + counts.failed === 0;
}

export function isPlanState(word: string): word is PlanState {
  return (PLAN_STATES as readonly string[]).includes(word);
}

/**
 * The moves that the verbs allow: a plan may be started again after a failure, reopened by starting it, and completed
 * by a worker that forgot to start it.
 */
const MOVES: Record<'start' | 'complete' | 'fail', readonly PlanState[]> = {
  start: ['not_started', 'failed', 'complete'],
  complete: ['in_progress', 'not_started'],
  fail: ['in_progress', 'not_started'],
};

export type PlanVerb = keyof typeof MOVES;

export const PLAN_STATE_AFTER: Record<PlanVerb, PlanState> = {
  start: 'in_progress',
  complete: 'complete',
  fail: 'failed',
};

export function mayMove(verb: PlanVerb, from: PlanState): boolean {
  return MOVES[verb].includes(from);
}
