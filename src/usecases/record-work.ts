/**
 * The verbs by which a worker records what a plan has come to: the files it made, how its checks went, figures, when
 * it will be done. All of it stands in STATUS.md; `.progress/` and the archive have it from there.
 */

import { isIdentifier } from '../domain/identifiers.ts';
import type { Artifact, CheckState, Plan } from '../domain/plan.ts';
import {
  artifactTypeOf,
  recordArtifact,
  recordCheck,
  recordEstimate,
  recordMetric,
} from '../domain/plan-record.ts';
import { done, type Outcome, refuse } from '../domain/problem.ts';
import { findPlan } from '../domain/status-document.ts';
import { currentPlan } from '../domain/task-progress.ts';
import { isoOf, nowMs } from '../storage/clock.ts';
import { readStatus } from '../storage/document-kinds.ts';
import type { Caller } from '../storage/light/caller.ts';
import { relativeTo, resolvePath } from '../storage/light/resolution.ts';
import { change, planUnderWay, workerOrRefusal } from './change-status.ts';

const PATH_MAX = 500;

/** A path as its worker wrote it, from where it stands, as one from the worktree's root. */
function pathBelow(root: string, path: string, cwd: string): string | undefined {
  const resolved = path.trim() === '' ? undefined : resolvePath(path, cwd);
  const found = resolved === undefined ? undefined : relativeTo(root, resolved);
  return found === undefined || found.length > PATH_MAX || /^$|[\u0000-\u001f\u007f]/.test(found)
    ? undefined
    : found;
}

export function recordArtifactOf(
  caller: Caller,
  named: string | undefined,
  work: { path: string; cwd: string; type: Artifact['type'] | undefined; status: Artifact['status'] },
): Outcome<{ plan: string; artifact: Artifact }> {
  const path = pathBelow(caller.root, work.path, work.cwd);
  if (path === undefined) return refuse({ code: 'artifact-outside', path: work.path, root: caller.root });
  const type = work.type ?? artifactTypeOf(path);
  const artifact: Artifact = { path, type, status: work.status, created_at: isoOf(nowMs()) };
  const saved = change(caller, 'record an artifact', (document) => {
    const plan = planUnderWay(document, named);
    return { changed: recordArtifact(document, plan, artifact), value: { plan, artifact } };
  });
  return saved.done ? done(saved.value.value) : saved;
}

export function recordCheckOf(
  caller: Caller,
  named: string | undefined,
  check: { name: string; state: CheckState; figures: Readonly<Record<string, number>> },
): Outcome<{ plan: string; check: { name: string; status: CheckState } }> {
  const { name, state } = check;
  if (!isIdentifier(name)) return refuse({ code: 'identifier-bad', what: 'name of a check', text: name });
  const saved = change(caller, 'record a check', (document) => {
    const plan = planUnderWay(document, named);
    const changed = recordCheck(document, plan, { ...check, at: isoOf(nowMs()) });
    return { changed, value: { plan, check: { name, status: state } } };
  });
  return saved.done ? done(saved.value.value) : saved;
}

export function recordMetricOf(
  caller: Caller,
  named: string | undefined,
  name: string,
  value: number,
): Outcome<{ plan: string; metric: { name: string; value: number } }> {
  if (!isIdentifier(name)) return refuse({ code: 'identifier-bad', what: 'name of a figure', text: name });
  const saved = change(caller, 'record a figure', (document) => {
    const plan = planUnderWay(document, named);
    return { changed: recordMetric(document, plan, name, value), value: { plan, metric: { name, value } } };
  });
  return saved.done ? done(saved.value.value) : saved;
}

export function recordEstimateOf(
  caller: Caller,
  named: string | undefined,
  at: string,
): Outcome<{ plan: string; estimated_completion: string }> {
  const saved = change(caller, 'estimate a plan', (document) => {
    const plan = planUnderWay(document, named);
    return { changed: recordEstimate(document, plan, at), value: { plan, estimated_completion: at } };
  });
  return saved.done ? done(saved.value.value) : saved;
}

/** A plan with its tasks, as STATUS.md has it: the current one, unless another is named. */
export function showTasks(caller: Caller, named: string | undefined): Outcome<{ plan: Plan | null }> {
  const worker = workerOrRefusal(caller, 'list tasks');
  if (!worker.done) return worker;
  const loaded = readStatus({ ...caller, folder: worker.value.phase.folder });
  if (!loaded.done) return loaded;
  const { document } = loaded.value;
  if (named === undefined) return done({ plan: currentPlan(document) ?? null });
  const plan = findPlan(document, named);
  return plan
    ? done({ plan })
    : refuse({ code: 'plan-unknown', plan: named, known: document.plans.map((one) => one.id) });
}
