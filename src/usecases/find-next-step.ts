/**
 * Where somebody stands, and what is next there: for whoever types `coord` and no more. Reads; changes nothing.
 */
import { nextWork } from '../domain/next-work.ts';
import type { Problem } from '../domain/problem.ts';
import { readStatus } from '../storage/document-kinds.ts';
import { headOf } from '../storage/git.ts';
import { type Caller, identifyCaller } from '../storage/light/caller.ts';
import { listWaiting, readWaiting } from '../storage/light/mailbox.ts';
import { landingCutShort } from './glance-at-queue.ts';
import { type StatusView, showStatus } from './show-status.ts';

/** One thing to do, as data. Phases and plans by their ids, files by their paths. */
export type NextStep =
  | { code: 'commit-first' }
  | { code: 'plan-phases' }
  | { code: 'answer-blocker'; worker: string; summary: string; reference: string }
  | { code: 'read-mail'; count: number }
  | { code: 'retry-entry'; phase: string }
  | { code: 'run-queue' }
  | { code: 'queue-phase'; phase: string }
  | { code: 'open-session'; worker: string; worktree: string }
  | { code: 'start-phase'; phase: string; name: string }
  | { code: 'await-workers'; count: number }
  | { code: 'finish-plan'; plan: string; title: string }
  | { code: 'start-plan'; plan: string; title: string }
  | { code: 'take-up-plan'; plan: string; title: string }
  | { code: 'add-plan' }
  | { code: 'queue-branch' }
  | { code: 'join-phase'; phases: readonly string[] };

export interface Standing {
  /** Who calls; null where nobody can say. */
  readonly kind: Caller['kind'] | null;
  readonly name: string | null;
  readonly session: string | null;
  readonly home: string | null;
  readonly project: string | null;
  /** The phase of a worker. */
  readonly phase: { readonly id: string; readonly name: string } | null;
  /** Why there is no more to say. */
  readonly problem: Problem | null;
  /** Most urgent first, at most `STEPS_MAX`. */
  readonly next: readonly NextStep[];
}

const STEPS_MAX = 3;

export function findNextStep(folder: string, env: Readonly<Record<string, string | undefined>>): Standing {
  const found = identifyCaller(folder, env);
  const nobody = { kind: null, name: null, session: null, home: null, project: null, phase: null, next: [] };
  if (!found.done) return { ...nobody, problem: found.problem };
  const caller = found.value;
  const { kind, name, session, home, record } = caller;
  const who = { kind, name, session, home, project: null, phase: record?.phase ?? null };
  const view = showStatus(caller);
  if (!view.done) return { ...who, problem: view.problem, next: [] };
  const steps = stepsOf(caller, view.value);
  const isBroken = !steps.done;
  return {
    ...who,
    project: view.value.project,
    problem: isBroken ? steps.problem : null,
    next: isBroken ? [] : steps.value.slice(0, STEPS_MAX),
  };
}

type Steps = { done: true; value: NextStep[] } | { done: false; problem: Problem };

function stepsOf(caller: Caller, view: StatusView): Steps {
  const { waiting } = view.inbox;
  const mail: NextStep[] = waiting > 0 ? [{ code: 'read-mail', count: waiting }] : [];
  switch (caller.kind) {
    case 'operator':
    case 'coordinator':
      return { done: true, value: leadSteps(caller, view, mail) };
    case 'worker':
      return workerSteps(caller, mail);
    case 'peer':
      return { done: true, value: mail };
    case 'guest':
    case 'ended': {
      const phases = view.phases.filter(({ state }) => state === 'future').map(({ id }) => id);
      return { done: true, value: [{ code: 'join-phase', phases }] };
    }
  }
}

function leadSteps({ home }: Caller, view: StatusView, mail: readonly NextStep[]): NextStep[] {
  const { phases, workers, blockers, merge_queue: queue } = view;
  if (phases.length === 0) return [...mail, { code: 'plan-phases' }];
  const queued = [
    ...queue.waiting,
    ...queue.rejected,
    ...queue.needs_followup,
    ...(landingCutShort(home) ?? []),
  ];
  const startable = phases.find(({ state, depends }) => {
    return state === 'future' && depends.every((id) => phases.find((one) => one.id === id)?.state === 'done');
  });
  const finished = phases.find(({ id, state, plans }) => {
    const { complete, in_progress, not_started, failed } = plans;
    const isOver = complete > 0 && in_progress + not_started + failed === 0;
    return state === 'active' && isOver && !queued.includes(id);
  });
  const left = workers.find((worker) => worker.presence === 'none' && worker.phase !== finished?.id);
  const steps: NextStep[] = blockers
    .filter(({ state, worker, id, message }) => state === 'open' && !isAnswered(home, worker, [id, message]))
    .map(({ worker, summary, message, id }) => {
      return { code: 'answer-blocker', worker, summary, reference: message ?? id };
    });
  steps.push(...mail);
  for (const phase of queue.needs_followup) steps.push({ code: 'retry-entry', phase });
  if ((queue.waiting.length > 0 && !queue.running) || queue.interrupted) steps.push({ code: 'run-queue' });
  if (finished) steps.push({ code: 'queue-phase', phase: finished.id });
  if (left?.worktree) steps.push({ code: 'open-session', worker: left.name, worktree: left.worktree });
  if (startable && headOf(home) === undefined) steps.push({ code: 'commit-first' });
  else if (startable) steps.push({ code: 'start-phase', phase: startable.id, name: startable.name });
  const isIdle = steps.length === 0 && workers.length > 0;
  return isIdle ? [{ code: 'await-workers', count: workers.length }] : steps;
}

const ANSWERS_READ_MAX = 50;

/** An answer is on its way: it waits for the worker, whose blocker stays open until it has read it. */
function isAnswered(home: string, worker: string, names: readonly (string | null)[]): boolean {
  return listWaiting(home, worker)
    .slice(-ANSWERS_READ_MAX)
    .some((id) => {
      const waiting = readWaiting(home, worker, id);
      if (waiting === undefined || waiting === 'unreadable') return false;
      return waiting.type === 'response' && waiting.references.some((name) => names.includes(name));
    });
}

function workerSteps({ home, root, record }: Caller, mail: readonly NextStep[]): Steps {
  if (!record) return { done: true, value: [...mail] };
  const status = readStatus({ home, root, folder: record.phase.folder });
  if (!status.done) return status;
  const { document } = status.value;
  const { plans } = document;
  const next = nextWork(document, new Set());
  const failed = plans.find(({ state }) => state === 'failed');
  const steps: NextStep[] = [...mail];
  if (next) {
    const { plan, title } = next;
    const isBegun = plans.some(({ id, state }) => id === plan && state === 'in_progress');
    steps.push({ code: isBegun ? 'finish-plan' : 'start-plan', plan, title });
  } else if (failed) steps.push({ code: 'take-up-plan', plan: failed.id, title: failed.title });
  else steps.push({ code: plans.length === 0 ? 'add-plan' : 'queue-branch' });
  return { done: true, value: steps };
}
