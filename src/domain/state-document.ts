/**
 * STATE.md: the project as the coordinator sees it. Of each phase it holds the plans with their states and counts,
 * never their tasks; blockers in one line each. Everything here is pure.
 */
import type { BlockerState } from './blocker.ts';
import type { Criterion } from './criterion.ts';
import type { Goal } from './goal.ts';
import { phaseFolderOf, workerOf } from './identifiers.ts';
import { countPlans, type PlanCounts, type PlanState } from './plan.ts';
import type { TestCounts } from './test-counts.ts';
import type { TodoItem } from './todo.ts';

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
  /** What its worker runs on (domain/pool); absent for the usual one. */
  readonly kind?: string | undefined;
  readonly branch?: string | undefined;
  readonly depends: readonly string[];
  readonly scope: readonly string[];
  /** Of the scope, what its worker must not touch. */
  readonly forbidden?: readonly string[] | undefined;
  /** The ticket template that it was given. */
  readonly ticket?: string | undefined;
  readonly plans: readonly StatePlan[];
  readonly blockers: readonly StateBlocker[];
  /** What the worker last reported: the STATUS.md revision it spoke of and the counts, which may be ahead of `plans`. */
  readonly reported?:
    | {
        readonly revision: number;
        readonly report?: number | undefined;
        readonly at: string;
        readonly counts: PlanCounts;
      }
    | undefined;
  readonly started?: string | undefined;
  readonly closed?: string | undefined;
  readonly commit?: string | undefined;
  /** Where its plans, blockers and milestones stand in full, once it is archived; relative to home. */
  readonly archived?: string | undefined;
  /** The ids of its plans, once it is archived: none is given out twice. */
  readonly plan_ids?: readonly string[] | undefined;
}

/** The last validation whose output told how many tests passed. */
export interface TestState extends TestCounts {
  readonly command: string;
  readonly exit: number | null;
  readonly at: string;
  readonly place: string | null;
}

export interface StateMilestone {
  readonly at: string;
  readonly phase: string;
  /** `phase_landed`: the target holds work of it, up to `commit`. */
  readonly event: 'plan_complete' | 'phase_complete' | 'phase_closed' | 'phase_landed';
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
  readonly goals: readonly Goal[];
  readonly todo: readonly TodoItem[];
  readonly todo_last: number;
  readonly criteria: readonly Criterion[];
  readonly criteria_last: number;
  readonly tests?: TestState | undefined;
}

export function emptyState(project: string, at: string): StateDocument {
  const kept = { goals: [], todo: [], todo_last: 0, criteria: [], criteria_last: 0 };
  return { coord: 'state/1', revision: 0, project, updated: at, phases: [], milestones: [], ...kept };
}

export type StateRefusal =
  | { code: 'phase-exists'; phase: string; name: string }
  | { code: 'phase-unknown'; phase: string; known: string[] }
  | { code: 'phase-already-started'; phase: string; worker: string; worktree?: string; branch?: string }
  | { code: 'phase-not-active'; phase: string; state: PhaseState }
  | { code: 'phase-depends'; phase: string; waitsFor: string[] }
  | { code: 'scope-overlaps'; phase: string; other: string; worker: string; mine: string; theirs: string }
  | { code: 'phase-unfinished'; phase: string; counts: PlanCounts }
  | { code: 'plan-id-taken'; plan: string; phase: string }
  /** Of an active phase the plans are its worker's to add. */
  | { code: 'plan-of-worker'; plan: string; title: string; worker: string };

export interface NewPhase {
  readonly id: string;
  readonly name: string;
  readonly plans: readonly { id: string; title: string }[];
  readonly scope: readonly string[];
  readonly depends: readonly string[];
  readonly kind?: string | undefined;
}

/** The counts that the dashboard shows: what the worker reported, else what is planned. */
export function countsOf(phase: StatePhase): PlanCounts {
  return phase.reported?.counts ?? countPlans(phase.plans);
}

export function findPhase(state: StateDocument, id: string): StatePhase | undefined {
  return state.phases.find((phase) => phase.id === id);
}

export function phaseOrRefusal(state: StateDocument, id: string): StatePhase | StateRefusal {
  return (
    findPhase(state, id) ?? { code: 'phase-unknown', phase: id, known: state.phases.map((phase) => phase.id) }
  );
}

export function replacePhase(state: StateDocument, next: StatePhase): StateDocument {
  return { ...state, phases: state.phases.map((phase) => (phase.id === next.id ? next : phase)) };
}

/** Adds a phase that nobody works on yet. Ids are compared without case: they become folders and branches. */
export function addPhase(state: StateDocument, added: NewPhase): StateDocument | StateRefusal {
  const folder = phaseFolderOf(added.id, added.name);
  // `1` and `01` are one phase to a person, and `API` and `api` one folder on some file systems.
  const plain = (text: string) => text.toLowerCase().replace(/^0+(?=\d)/, '');
  const same = (a: string, b: string) => plain(a) === plain(b);
  const twin = state.phases.find((phase) => same(phase.id, added.id) || same(phase.folder, folder));
  if (twin) return { code: 'phase-exists', phase: twin.id, name: twin.name };
  const unknown = added.depends.find((id) => !findPhase(state, id));
  if (unknown !== undefined) {
    return { code: 'phase-unknown', phase: unknown, known: state.phases.map((phase) => phase.id) };
  }
  const seen = new Map(
    state.phases.flatMap((phase) => planIdsOf(phase).map((id) => [id.toLowerCase(), phase.id])),
  );
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
    ...(added.kind === undefined ? {} : { kind: added.kind }),
    depends: [...added.depends],
    scope: [...added.scope],
    plans: added.plans.map((plan) => ({ ...plan, state: 'not_started' as const })),
    blockers: [],
  };
  return { ...state, phases: [...state.phases, phase] };
}

/** The ids of all plans that a phase has, or had before it was archived. */
export function planIdsOf(phase: StatePhase): string[] {
  return [...phase.plans.map((plan) => plan.id), ...(phase.plan_ids ?? [])];
}

/** Why a phase cannot start now, or undefined. */
export function judgeStart(state: StateDocument, phase: StatePhase): StateRefusal | undefined {
  if (phase.state === 'active')
    return { code: 'phase-already-started', phase: phase.id, worker: phase.worker };
  if (phase.state === 'done') return { code: 'phase-not-active', phase: phase.id, state: phase.state };
  const waitsFor = phase.depends.filter((id) => findPhase(state, id)?.state !== 'done');
  return waitsFor.length > 0 ? { code: 'phase-depends', phase: phase.id, waitsFor } : undefined;
}

/** Of two active phases with declared scopes no file may be in both: the first pair of patterns that could mean one. */
export function judgeScopes(
  state: StateDocument,
  phase: StatePhase,
  overlap: (a: string, b: string) => boolean,
): StateRefusal | undefined {
  for (const other of state.phases) {
    if (other.state !== 'active' || other.id === phase.id) continue;
    for (const mine of phase.scope) {
      const theirs = other.scope.find((glob) => overlap(mine, glob));
      if (theirs !== undefined)
        return {
          code: 'scope-overlaps',
          phase: phase.id,
          other: other.id,
          worker: other.worker,
          mine,
          theirs,
        };
    }
  }
  return undefined;
}

/** Why a phase cannot be closed, or undefined. A failed plan is finished too; one not started is not. */
export function judgeClose(phase: StatePhase, isForced: boolean): StateRefusal | undefined {
  if (phase.state !== 'active') return { code: 'phase-not-active', phase: phase.id, state: phase.state };
  const counts = countsOf(phase);
  const isUnfinished = counts.not_started + counts.in_progress + counts.failed > 0;
  return isUnfinished && !isForced ? { code: 'phase-unfinished', phase: phase.id, counts } : undefined;
}
