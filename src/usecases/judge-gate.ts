/** Gathers the facts of a plan and has the gate judge them. Changes nothing; a verdict that counts is noted. */
import { type GateVerdict, judgeGate } from '../domain/gate.ts';
import { parseInstant } from '../domain/outside/instant.ts';
import { done, type Outcome, refuse } from '../domain/problem.ts';
import type { Settings } from '../domain/settings.ts';
import { findPlan, type StatusDocument } from '../domain/status-document.ts';
import { nowMs } from '../storage/clock.ts';
import { readStatus } from '../storage/document-kinds.ts';
import { commitsSince, committedTreeOf, treeOf, uncommitted } from '../storage/evidence-tree.ts';
import { headOf } from '../storage/git.ts';
import type { Caller } from '../storage/light/caller.ts';
import { readEvidence } from '../storage/light/evidence-files.ts';
import { noteAct } from '../storage/light/journal.ts';
import { placeAt } from '../storage/light/place.ts';
import { listWorkers, type PlaceRecord, readPlaceRecord } from '../storage/light/roster.ts';
import { readSettings } from '../storage/settings.ts';

const MISSING_NOTED_MAX = 5;

/** A worker's worktree, and what it serves. */
export interface Ward {
  readonly home: string;
  readonly root: string;
  readonly record: PlaceRecord;
}

/** Whether a completion has to be proven: with nothing to run, there is nothing that could be. */
export function isGateAsked(settings: Settings): boolean {
  return settings.gate !== 'off' && settings.validation.length > 0;
}

/** The verdict on a plan of this document, as its worktree is now. */
function judgePlan(
  ward: Ward,
  status: StatusDocument,
  planId: string,
  settings: Settings,
): Outcome<GateVerdict> {
  const { home, root } = ward;
  const plan = findPlan(status, planId);
  if (!plan) return refuse({ code: 'plan-unknown', plan: planId, known: status.plans.map((one) => one.id) });
  const place = placeAt(root)?.name ?? null;
  const sinceMs = attemptStart(ward, plan.started);
  const isStrict = settings.gate === 'strict';
  const tree = treeOf(root);
  return done(
    judgeGate({
      plan: plan.id,
      place,
      sinceMs,
      tree,
      commit: headOf(root),
      validations: settings.validation.map((command) => command.trim()),
      evidence: readEvidence(home, place),
      commits: commitsSince(root, sinceMs),
      commitId: settings.commit_id,
      isStrict,
      dirty: isStrict ? notCommitted(root, tree) : [],
    }),
  );
}

/**
 * Clean is what git would commit and what HEAD holds being the same, whatever `git status` was told to leave out: the
 * validations ran on files, and what lands is the commit.
 */
function notCommitted(root: string, tree: string | undefined): string[] {
  const listed = uncommitted(root);
  if (listed.length > 0) return listed;
  const isSame = tree !== undefined && tree === committedTreeOf(root);
  return isSame ? [] : ['files that `git status` leaves out (marked assume-unchanged or skip-worktree)'];
}

/** The same for a completion, which stands or falls by it: a line in the log of acts. */
export function judgeCompletionOf(
  ward: Ward,
  status: StatusDocument,
  planId: string,
  settings: Settings,
  via: 'verb' | 'by-hand' | 'task',
): Outcome<GateVerdict> {
  const judged = judgePlan(ward, status, planId, settings);
  if (!judged.done) return judged;
  const { plan, verdict, missing, commit } = judged.value;
  const { home, record } = ward;
  const noted = missing.slice(0, MISSING_NOTED_MAX);
  noteAct(home, { act: 'gate', actor: record.worker, plan, verdict, via, commit, missing: noted }, nowMs());
  return judged;
}

/** A plan that was never started by a verb began when its worker joined; nothing older counts for any. */
function attemptStart({ record }: Ward, started: string | undefined): number {
  const joinedMs = parseInstant(record.joinedAt)?.atMs ?? 0;
  return Math.max(joinedMs, parseInstant(started)?.atMs ?? 0);
}

/** What `coord gate` answers: for a worker its own plan, for the coordinator any worker's. */
export function askGate(caller: Caller, planId: string): Outcome<GateVerdict> {
  const { home } = caller;
  const { settings } = readSettings(home);
  const wards = caller.record ? [{ home, root: caller.root, record: caller.record }] : wardsOf(home);
  if (wards.length === 0) return refuse({ code: 'not-joined', root: caller.root });
  const known: string[] = [];
  for (const ward of wards) {
    const loaded = readStatus({ ...ward, folder: ward.record.phase.folder });
    if (!loaded.done) {
      if (wards.length === 1) return loaded;
      continue;
    }
    const { document } = loaded.value;
    known.push(...document.plans.map((plan) => plan.id));
    if (!findPlan(document, planId)) continue;
    return judgePlan(ward, document, planId, settings);
  }
  return refuse({ code: 'plan-unknown', plan: planId, known });
}

function wardsOf(home: string): Ward[] {
  return listWorkers(home).flatMap((worker) => {
    const place = placeAt(worker.worktree);
    const record =
      worker.state === 'active' && place?.home === home ? readPlaceRecord(home, worker.place) : undefined;
    return record ? [{ home, root: worker.worktree, record }] : [];
  });
}
