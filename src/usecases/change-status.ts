/**
 * The verbs by which a worker changes its own STATUS.md. Each saves, then reports what it changed: a report compares
 * states, so the hook that runs later finds nothing left to tell. Last, `.progress/` is brought to what was saved.
 */

import { pointerTo } from '../domain/blocker.ts';
import { isDisplayName } from '../domain/identifiers.ts';
import { CONTENT_MAX } from '../domain/message.ts';
import { blockedPlans, type NextWork, nextWork } from '../domain/next-work.ts';
import type { PlanVerb, TaskState } from '../domain/plan.ts';
import { done, type Outcome, type Problem, refuse } from '../domain/problem.ts';
import {
  addTask,
  type Changed,
  movePlan,
  moveTask,
  raiseBlocker,
  resolveBlocker,
  type StatusDocument,
  type StatusRefusal,
} from '../domain/status-document.ts';
import { isoOf, nowMs } from '../storage/clock.ts';
import { changeStatus } from '../storage/documents.ts';
import { headOf } from '../storage/git.ts';
import type { Caller } from '../storage/light/caller.ts';
import type { PlaceRecord } from '../storage/light/roster.ts';
import { readSettings } from '../storage/settings.ts';
import { reportTransitions } from './report-transitions.ts';
import { writeProgress } from './write-progress.ts';

/** What the caller's worktree serves, or why it is no worker's. */
export function workerOrRefusal(caller: Caller, verb: string): Outcome<PlaceRecord> {
  if (caller.record) return done(caller.record);
  if (caller.kind === 'guest' || caller.kind === 'ended')
    return refuse({ code: 'not-joined', root: caller.root });
  return refuse({ code: 'not-a-worker', actor: caller.name, verb });
}

export interface Saved<V> {
  readonly status: StatusDocument;
  readonly value: V;
  /** Ids of the messages that told the coordinator. */
  readonly messages: readonly string[];
}

export function change<V>(
  caller: Caller,
  verb: string,
  move: (document: StatusDocument) => { changed: Changed<StatusDocument, StatusRefusal>; value: V },
): Outcome<Saved<V>> {
  const worker = workerOrRefusal(caller, verb);
  if (!worker.done) return worker;
  const { home, root } = caller;
  const record = worker.value;
  const where = { home, root, folder: record.phase.folder };
  const outcome = changeStatus<V, Problem>(where, (document) => {
    const { changed, value } = move(document);
    return changed.done ? { done: true, document: changed.document, value } : changed;
  });
  if (!outcome.done) return outcome;
  const reported = reportTransitions({ home, root, record });
  // The change is saved and told; what cannot be written here is written, or complained of, by the next hook.
  writeProgress({ home, root, record });
  if (!reported.done) return reported;
  const { document: status, value } = outcome.value;
  return done({ status, value, messages: reported.value.map((envelope) => envelope.id) });
}

export interface MovedPlan {
  readonly plan: string;
  readonly state: string;
  readonly messages: readonly string[];
}

export function changePlan(caller: Caller, id: string, verb: PlanVerb, reason?: string): Outcome<MovedPlan> {
  const head = verb === 'complete' ? headOf(caller.root) : undefined;
  const saved = change(caller, `${verb} a plan`, (document) => ({
    changed: movePlan(document, id, verb, { at: isoOf(nowMs()), head }, reason),
    value: undefined,
  }));
  if (!saved.done) return saved;
  const state = saved.value.status.plans.find((plan) => plan.id === id)?.state ?? '';
  return done({ plan: id, state, messages: saved.value.messages });
}

/** The plan a task verb means when none is named: the one under way, where there is exactly one. */
export function planUnderWay(document: StatusDocument, named: string | undefined): string {
  if (named !== undefined) return named;
  const underWay = document.plans.filter((plan) => plan.state === 'in_progress');
  return underWay.length === 1 ? (underWay[0]?.id ?? '') : '(name it with --plan)';
}

export function addTaskTo(
  caller: Caller,
  plan: string | undefined,
  title: string,
): Outcome<{ plan: string; task: string }> {
  if (!isDisplayName(title)) return refuse({ code: 'name-bad', what: 'task title', text: title });
  const saved = change(caller, 'add a task', (document) => {
    const id = planUnderWay(document, plan);
    const changed = addTask(document, id, title);
    return { changed, value: { plan: id, task: changed.task ?? '' } };
  });
  return saved.done ? done(saved.value.value) : saved;
}

export function changeTask(
  caller: Caller,
  plan: string | undefined,
  task: string,
  state: TaskState,
): Outcome<{ plan: string; task: string; state: TaskState }> {
  const saved = change(caller, 'move a task', (document) => {
    const id = planUnderWay(document, plan);
    return { changed: moveTask(document, id, task, state, isoOf(nowMs())), value: { plan: id, task, state } };
  });
  return saved.done ? done(saved.value.value) : saved;
}

export interface RaisedBlocker {
  readonly blocker: string;
  readonly message: string | undefined;
  readonly pointer: string;
  /** True in strict mode: the worker waits for the answer. */
  readonly strict: boolean;
  /** What the worker goes on with meanwhile; undefined in strict mode, or when nothing is left. */
  readonly next: NextWork | undefined;
}

export function raiseBlockerOf(
  caller: Caller,
  blocker: { summary: string; plan?: string | undefined; detail?: string | undefined },
): Outcome<RaisedBlocker> {
  if (blocker.summary.trim() === '') return refuse({ code: 'message-empty' });
  const length = blocker.summary.length + (blocker.detail ?? '').length;
  if (length > CONTENT_MAX) return refuse({ code: 'message-too-long', length, max: CONTENT_MAX });
  const saved = change(caller, 'raise a blocker', (document) => {
    const underWay = document.plans.filter((plan) => plan.state === 'in_progress');
    const plan = blocker.plan ?? (underWay.length === 1 ? underWay[0]?.id : undefined);
    const changed = raiseBlocker(document, { ...blocker, plan, at: isoOf(nowMs()) });
    return { changed, value: changed.blocker ?? '' };
  });
  if (!saved.done) return saved;
  const { value: id, status, messages } = saved.value;
  const strict = readSettings(caller.home).settings.strict_blockers;
  const folder = caller.record?.phase.folder ?? '';
  const next = strict ? undefined : nextWork(status, blockedPlans(status));
  return done({ blocker: id, message: messages.at(-1), pointer: pointerTo(folder, id), strict, next });
}

export function resolveBlockerOf(
  caller: Caller,
  id: string,
  resolution: string | undefined,
): Outcome<{ blocker: string; state: 'resolved' }> {
  const saved = change(caller, 'resolve a blocker', (document) => ({
    changed: resolveBlocker(document, id, resolution),
    value: undefined,
  }));
  return saved.done ? done({ blocker: id, state: 'resolved' as const }) : saved;
}
