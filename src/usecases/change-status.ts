/**
 * The verbs by which a worker changes its own STATUS.md. Each saves, then reports what it changed: a report compares
 * states, so the hook that runs later finds nothing left to tell. Last, `.progress/` is brought to what was saved.
 */
import { pointerTo } from '../domain/blocker.ts';
import { passOf } from '../domain/follow-up.ts';
import { type GateVerdict, nextSteps } from '../domain/gate.ts';
import { isDisplayName } from '../domain/identifiers.ts';
import { CONTENT_MAX } from '../domain/message.ts';
import { blockedPlans, type NextWork, nextWork } from '../domain/next-work.ts';
import { mayMove, type PlanVerb, type TaskState } from '../domain/plan.ts';
import { done, type GateProblem, type Outcome, type Problem, refuse } from '../domain/problem.ts';
import {
  addTask,
  type Changed,
  findPlan,
  movePlan,
  moveTask,
  raiseBlocker,
  resolveBlocker,
  type StatusDocument,
  type StatusRefusal,
} from '../domain/status-document.ts';
import { isoOf, nowMs } from '../storage/clock.ts';
import { readStatus } from '../storage/document-kinds.ts';
import { changeStatus } from '../storage/documents.ts';
import { headOf } from '../storage/git.ts';
import { type Caller, notWorker } from '../storage/light/caller.ts';
import { noteProven } from '../storage/light/evidence-files.ts';
import type { PlaceRecord } from '../storage/light/roster.ts';
import { readSettings } from '../storage/settings.ts';
import { announceLeft } from './announce-failure.ts';
import { isGateAsked, judgeCompletionOf, type Ward } from './judge-gate.ts';
import { leaveFailed, leaveRefused } from './leave-handoff.ts';
import { noteFailedPlan } from './note-failed-plan.ts';
import { reportTransitions } from './report-transitions.ts';
import { writeProgress } from './write-progress.ts';

/** What the caller's worktree serves, or why it is no worker's. */
export function workerOrRefusal(caller: Caller, verb: string): Outcome<PlaceRecord> {
  if (caller.record) return done(caller.record);
  if (caller.kind === 'guest' || caller.kind === 'ended')
    return refuse({ code: 'not-joined', root: caller.root });
  return refuse(notWorker(caller, verb));
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
  const held = holdFirst({ home, root, record });
  if (!held.done) return held;
  const where = { home, root, folder: record.phase.folder };
  const outcome = changeStatus<V, Problem>(where, (document) => {
    const { changed, value } = move(document);
    return changed.done ? { done: true, document: changed.document, value } : changed;
  });
  if (!outcome.done) return outcome;
  const reported = reportTransitions({ home, root, record });
  // The change is saved and told; what cannot be written here is written, or complained of, by the next hook.
  writeProgress({ home, root, record }, reported.done ? reported.value.status : undefined);
  if (!reported.done) return reported;
  const { document: status, value } = outcome.value;
  return done({ status, value, messages: reported.value.sent.map((envelope) => envelope.id) });
}

/**
 * A completion by hand is judged before anything else is written, and one that does not hold is the answer: the hook
 * that comes later would find it taken back already, and say nothing of it.
 */
function holdFirst(ward: Ward): Outcome<undefined> {
  if (!isGateAsked(readSettings(ward.home).settings)) return done(undefined);
  const takenBack: GateProblem[] = [];
  const reported = reportTransitions({ ...ward, tell: (problem) => takenBack.push(problem) });
  if (!reported.done) return reported;
  return takenBack[0] ? refuse(takenBack[0]) : done(undefined);
}

export interface MovedPlan {
  readonly plan: string;
  readonly state: string;
  readonly messages: readonly string[];
  /** Of a plan that the gate let be complete. */
  readonly gate?: GateVerdict;
}

export function changePlan(caller: Caller, id: string, verb: PlanVerb, reason?: string): Outcome<MovedPlan> {
  if (verb === 'complete') return completePlan(caller, id);
  const at = isoOf(nowMs());
  const saved = change(caller, `${verb} a plan`, (document) => {
    const changed = movePlan(document, id, verb, { at, head: undefined }, reason);
    if (verb !== 'fail' || !changed.done) return { changed, value: undefined };
    const left = leaveFailed(caller, document, changed.document, id, reason ?? '');
    return { changed: { ...changed, document: left }, value: undefined };
  });
  if (!saved.done) return saved;
  if (verb === 'fail') noteFailedPlan(caller, saved.value.status, id);
  return done(movedPlan(id, saved.value));
}

function movedPlan(id: string, saved: Saved<unknown>): MovedPlan {
  const state = findPlan(saved.status, id)?.state ?? '';
  return { plan: id, state, messages: saved.messages };
}

/**
 * Completes a plan, where it has to be proven by the gate's leave. Order of writes: 1 the proof of the completion to
 * come, under its moment, 2 STATUS.md with the same moment. Killed between them the plan is not complete, and the
 * proof speaks of a completion that never was. A refusal writes the plan's need of follow-up, and nothing else.
 */
function completePlan(caller: Caller, id: string): Outcome<MovedPlan> {
  const judged = judgeCompletion(caller, id);
  if (!judged.done) return judged;
  const at = isoOf(nowMs());
  const { home, root, record } = caller;
  const { verdict, started } = judged.value;
  const proof = verdict ? { gate: passOf(verdict, at) } : {};
  const head = verdict?.commit ?? headOf(root);
  if (verdict && record) noteProven(home, record.phase.folder, id, at);
  const saved = change(caller, 'complete a plan', (document) => {
    // Started anew while the gate was looking: its verdict is on an attempt that is over.
    const isOther = verdict !== undefined && findPlan(document, id)?.started !== started;
    const from = findPlan(document, id)?.state ?? 'complete';
    const changed: Changed<StatusDocument, StatusRefusal> = isOther
      ? { done: false, problem: { code: 'plan-move-refused', plan: id, verb: 'complete', from } }
      : movePlan(document, id, 'complete', { at, head, ...proof });
    return { changed, value: undefined };
  });
  if (!saved.done) return saved;
  return done({ ...movedPlan(id, saved.value), ...(verdict ? { gate: verdict } : {}) });
}

/** The verdict by which the plan may be complete; none where the gate is not asked, or another refusal comes first. */
function judgeCompletion(
  caller: Caller,
  id: string,
): Outcome<{ verdict: GateVerdict | undefined; started: string | undefined }> {
  const { home, root, record } = caller;
  const { settings } = readSettings(home);
  const unasked = done({ verdict: undefined, started: undefined });
  if (!record || !isGateAsked(settings)) return unasked;
  const loaded = readStatus({ home, root, folder: record.phase.folder });
  if (!loaded.done) return loaded;
  const plan = findPlan(loaded.value.document, id);
  if (!plan || !mayMove('complete', plan.state)) return unasked;
  const ward = { home, root, record };
  const judged = judgeCompletionOf(ward, loaded.value.document, id, settings, 'verb');
  if (!judged.done) return judged;
  if (judged.value.verdict === 'pass') return done({ verdict: judged.value, started: plan.started });
  const at = isoOf(nowMs());
  const marked = change(caller, 'complete a plan', (document) => ({
    changed: { done: true, document: leaveRefused(ward, document, judged.value, at) },
    value: undefined,
  }));
  if (!marked.done) return marked;
  announceLeft(ward, [id]);
  const next = nextSteps(judged.value, settings.commit_id);
  return refuse({ code: 'gate-failed', plan: id, missing: judged.value.missing, next });
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
