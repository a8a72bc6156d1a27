/**
 * A development cycle (seed 003): requirements → exploration and plan → code → validation, again with each extension of
 * the user's, until what was asked for holds.
 *
 * Glossary. *role*: one of the four agents: `ra` requirements-analyst, `ep` exploration-planner, `cd` code-developer,
 * `vas` validation-archivist. *phase* (of a cycle): whose turn it is. *iteration*: one way through the phases, from
 * the first that has something to do to validation. *artifact*: the file in `.progress/` that a role owns; the state
 * holds the same. *report*: a role hands over, and says how it went. *extension*: what the user adds to the task.
 *
 * States of a cycle:
 *
 *   created ── start, resume ──▶ running ── pause ──▶ paused ── resume ──▶ running
 *   created ── pause ──▶ paused (not begun; resuming it begins it)
 *   running ── (all holds) ──▶ completed      running ── (no progress, limit) ──▶ failed
 *   created, running, paused ── stop ──▶ failed
 *   completed, failed ── extend ──▶ running
 *
 * Invariants:
 *   - One role at a time has the turn; nobody else may report, or write its artifact (domain/ground, the guard).
 *   - An outcome is what was reported, lowered by what evidence and git show; never raised, never assumed.
 *   - `current_iteration` never passes `max_iterations`; `completed_phases` are those of the iteration under way, each
 *     once.
 *   - One open cycle (created, running, paused) to a worktree.
 *   - All moments are UTC.
 *   - The state is the truth, and its artifacts are a complete rendering of it: read together they give it again, field
 *     by field (domain/cycle/artifacts).
 *
 * Order of writes of a change, under the cycle's mutex: 1 the state, whole, durable: the one moment at which it has
 * happened; 2 the journal's line, which the state itself holds until the next change; 3 the accepted copies in
 * `history/`, new versions beside old ones; 4 the artifacts, but for those that the role with the turn is writing;
 * 5 the worktree's pointer. Killed between any two of them, the next verb makes the rest from the state.
 */

import type { PlaceName } from '../place-name.ts';
import type { CycleChanges, CyclePlan, Exploration, Requirements, TestResults } from './parts.ts';

export const CYCLE_STATUSES = ['created', 'running', 'paused', 'completed', 'failed'] as const;
export type CycleStatus = (typeof CYCLE_STATUSES)[number];

export const CYCLE_ROLES = ['ra', 'ep', 'cd', 'vas'] as const;
export type CycleRole = (typeof CYCLE_ROLES)[number];

export const CYCLE_PHASES = ['init', ...CYCLE_ROLES, 'aggregation', 'complete'] as const;
export type CyclePhase = (typeof CYCLE_PHASES)[number];

export const AGENT_STATUSES = ['idle', 'running', 'waiting', 'completed', 'failed'] as const;
export const FEEDBACK_TYPES = ['requirement_update', 'bug_report', 'issue_fix', 'clarification'] as const;
export const DECISION_STATUSES = ['pending', 'made', 'implemented'] as const;
export const CYCLE_BLOCKER_STATUSES = ['open', 'resolved', 'workaround'] as const;

/** Of one role's turn. */
export const OUTCOMES = ['completed', 'partial', 'failed'] as const;
export type TurnOutcome = (typeof OUTCOMES)[number];

/** The agent types that the plugin ships, by role. */
export const ROLE_AGENTS: Readonly<Record<CycleRole, string>> = {
  ra: 'requirements-analyst',
  ep: 'exploration-planner',
  cd: 'code-developer',
  vas: 'validation-archivist',
};

export interface CycleAgent {
  readonly status: (typeof AGENT_STATUSES)[number];
  readonly started_at?: string | undefined;
  readonly completed_at?: string | undefined;
  readonly output_files: readonly string[];
  readonly last_message?: string | undefined;
  readonly error?: string | undefined;
  readonly iterations_completed: number;
}

export interface AgentResult {
  /** An outcome, or `pending` for a role that had no turn. */
  readonly status: string;
  readonly files_modified: number;
}

export interface Iteration {
  readonly number: number;
  readonly extension?: string | undefined;
  readonly started_at: string;
  /** Not there while it is under way. */
  readonly completed_at?: string | undefined;
  readonly agent_results: Readonly<Record<string, AgentResult>>;
  readonly issues_found: readonly string[];
  readonly resolved: boolean;
}

export interface Feedback {
  readonly timestamp: string;
  readonly source: string;
  readonly target: string;
  readonly content: string;
  readonly type: (typeof FEEDBACK_TYPES)[number];
}

export interface PendingDecision {
  readonly id: string;
  readonly description: string;
  readonly options: readonly string[];
  readonly made_by?: string | undefined;
  readonly chosen_option?: string | undefined;
  readonly status: (typeof DECISION_STATUSES)[number];
}

/** The worker's blockers (STATUS.md) as the cycle shows them; there is no second kind. */
export interface CycleBlocker {
  readonly id: string;
  readonly description: string;
  readonly reported_by: string;
  readonly status: (typeof CYCLE_BLOCKER_STATUSES)[number];
  readonly resolution?: string | undefined;
}

/** What the files of a worktree were when a role's turn began, to tell later what changed. */
export interface Baseline {
  /** HEAD; null before the first commit. */
  readonly commit: string | null;
  /** Uncommitted files, with the hash of what they held; null for one that was gone. */
  readonly dirty: Readonly<Record<string, string | null>>;
  /** Tasks that were complete. */
  readonly done: readonly string[];
}

/** How far an iteration came: what two of them are compared by. */
export interface Score {
  readonly checks: number;
  readonly tasks: number;
  /** Null: nobody could say. */
  readonly failed: number | null;
  readonly progress: boolean;
}

/** One line of the journal: what happened, and why. */
export interface CycleAct {
  readonly at: string;
  readonly revision: number;
  readonly iteration: number;
  readonly act: string;
  readonly by: string;
  readonly why: string;
}

/** What coord needs besides the seed's schema, in one key of its own. */
export interface CycleExtras {
  readonly revision: number;
  /** The worktree in which it runs. */
  readonly place: PlaceName;
  /** Extensions that wait for the next iteration. */
  readonly waiting: readonly string[];
  /** What the code was when the code-developer's turn began. */
  readonly baseline: Baseline | null;
  /** Iteration → how far it came. */
  readonly scores: Readonly<Record<string, Score>>;
  /** What the last change did: the journal's last lines. */
  readonly acts: readonly CycleAct[];
}

export interface Cycle {
  readonly cycle_id: string;
  readonly title: string;
  readonly description: string;
  readonly task_history: readonly string[];
  readonly status: CycleStatus;
  readonly created_at: string;
  readonly updated_at: string;
  readonly completed_at?: string | undefined;
  readonly max_iterations: number;
  readonly current_iteration: number;
  readonly failure_reason?: string | undefined;
  readonly agents: Readonly<Record<CycleRole, CycleAgent>>;
  readonly current_phase: CyclePhase;
  readonly completed_phases: readonly string[];
  readonly phase_errors: readonly {
    readonly phase: string;
    readonly error: string;
    readonly timestamp: string;
  }[];
  readonly requirements?: Requirements | undefined;
  readonly exploration?: Exploration | undefined;
  readonly plan?: CyclePlan | undefined;
  readonly changes?: CycleChanges | undefined;
  readonly test_results?: TestResults | undefined;
  readonly iterations: readonly Iteration[];
  readonly coordination: {
    readonly feedback_log: readonly Feedback[];
    readonly pending_decisions: readonly PendingDecision[];
    readonly blockers: readonly CycleBlocker[];
  };
  readonly coord: CycleExtras;
}

const ID = /^cycle-[A-Za-z0-9][A-Za-z0-9._-]{0,100}$/;

/** Also a file name, so nothing in it may lead elsewhere. */
export function isCycleId(text: string): boolean {
  return ID.test(text) && !text.includes('..');
}

/** `cycle-v1-20260122T100000-abc123`, in UTC. */
export function printCycleId(atMs: number, tail: string): string {
  const stamp = new Date(atMs).toISOString().slice(0, 19).replace(/[-:]/g, '');
  return `cycle-v1-${stamp}-${tail}`;
}

export function isOpen({ status }: Pick<Cycle, 'status'>): boolean {
  return status === 'created' || status === 'running' || status === 'paused';
}

export function isRole(text: string): text is CycleRole {
  return (CYCLE_ROLES as readonly string[]).includes(text);
}

/** The role whose turn it is; undefined before the first and after the last. */
export function roleOnTurn({ current_phase }: Pick<Cycle, 'current_phase'>): CycleRole | undefined {
  return isRole(current_phase) ? current_phase : undefined;
}

/** The role of an agent's type as the client tells it: `coord:code-developer`, or the bare name. */
export function roleOfAgent(agentType: unknown): CycleRole | undefined {
  if (typeof agentType !== 'string') return undefined;
  const name = agentType.startsWith('coord:') ? agentType.slice('coord:'.length) : agentType;
  return CYCLE_ROLES.find((role) => ROLE_AGENTS[role] === name);
}
