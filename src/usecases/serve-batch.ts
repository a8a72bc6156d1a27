/**
 * Serves the first branches of the line: pre-flight, stack, validate, land, reject, stack anew, until each of them has
 * landed, was rejected, or must wait for something that is no fault of its own.
 */
import { type Campaign, conclude, newCampaign, nextSize, targetMoved } from '../domain/batch-plan.ts';
import type { LeftReason } from '../domain/merge-run.ts';
import { done, type Outcome } from '../domain/problem.ts';
import type { QueueEntry } from '../domain/queue-entry.ts';
import { isoOf, nowMs } from '../storage/clock.ts';
import { checkLanding } from '../storage/landing.ts';
import { writeQueueLog } from '../storage/light/queue-logs.ts';
import { refusingGit } from '../storage/plumbing.ts';
import { commitAt, targetRef } from '../storage/target-ref.ts';
import { type Checking, checkBranches } from './check-branches.ts';
import { landBranches } from './land-branches.ts';
import { endingOf, type Proof, type Proving, proveStack, type Red } from './prove-stack.ts';
import { rejectBranch } from './reject-branch.ts';
import { type Stacked, stackBranches } from './stack-branches.ts';

export interface Serving extends Omit<Proving, 'land'>, Checking {}

/** What is known of the target from one batch to the next. */
export interface Standing {
  readonly campaign: Campaign;
  /** How often in a row somebody else moved the target. */
  readonly moves: number;
  /** Where the target stood last, as this run knows it. */
  readonly base: string | undefined;
}

export interface Served {
  readonly standing: Standing;
  /** Set when the run cannot go on. */
  readonly stopped: LeftReason | undefined;
}

interface Suspect {
  readonly entry: QueueEntry;
  readonly red: Red;
  readonly onto: string;
}

interface Batch {
  readonly serving: Serving;
  readonly target: string;
  line: readonly QueueEntry[];
  campaign: Campaign;
  moves: number;
  base: string | undefined;
  readonly suspects: Map<string, Suspect>;
}

type Step = 'again' | 'over' | LeftReason;

const MOVES_MAX = 5;

export function newStanding(isTargetProven: boolean): Standing {
  return { campaign: newCampaign(isTargetProven), moves: 0, base: undefined };
}

/** Where a branch stands; undefined where it is none. */
export function tipOfTarget(home: string, target: string): string | undefined {
  const found = refusingGit(() => {
    const ref = targetRef(home, target);
    return { commit: ref === undefined ? undefined : commitAt(home, ref) };
  });
  return 'code' in found ? undefined : found.commit;
}

export async function serveBatch(
  serving: Serving,
  target: string,
  entries: readonly QueueEntry[],
  before: Standing,
): Promise<Outcome<Served>> {
  const checked = checkBranches(serving, entries);
  if (!checked.done) return checked;
  const batch: Batch = { serving, target, line: checked.value, ...before, suspects: new Map() };
  for (;;) {
    const step = await serveStack(batch);
    if (!step.done) return step;
    if (step.value === 'again') continue;
    const { campaign, moves, base } = batch;
    const standing = { campaign, moves, base };
    return done({ standing, stopped: step.value === 'over' ? undefined : step.value });
  }
}

async function serveStack(batch: Batch): Promise<Outcome<Step>> {
  const { serving, target } = batch;
  const { home, settings, abort } = serving;
  // A signal, or a beat, is heard between two stacks.
  await new Promise((next) => setImmediate(next));
  if (batch.line.length === 0 && batch.suspects.size === 0) return done('over');
  if (abort.aborted) return leave(batch, endingOf(abort));
  const base = tipOfTarget(home, target);
  if (base === undefined) return leave(batch, { code: 'target-missing', target });
  // Moved between two stacks, it need not be green any more.
  if (batch.base !== undefined && batch.base !== base) forgetTarget(batch);
  batch.base = base;
  const size = nextSize(batch.campaign, batch.line.length, settings.merge_batch);
  if (size === undefined) return done('over');
  const stacked = stackBranches(home, base, batch.line, size);
  const sorted = sortOut(batch, stacked);
  if (!sorted.done) return sorted;
  batch.line = [...stacked.members.map(({ entry }) => entry), ...stacked.rest];
  if (size > 0 && stacked.members.length === 0) return done('again');
  serving.board.batch(
    target,
    base,
    stacked.members.map(({ entry }) => entry.id),
  );
  const flaw = checkStack(batch, stacked);
  const proven: Outcome<Proof> = flaw
    ? done({ kind: 'stopped', landed: 0, reason: flaw })
    : await prove(batch, stacked);
  return proven.done ? follow(batch, stacked, proven.value) : proven;
}

/** What cannot be stacked at all. */
function sortOut({ serving, target }: Batch, { base, conflicts, failed }: Stacked): Outcome<undefined> {
  for (const { entry, conflict } of conflicts) {
    const { commit, files, total, excerpt, text } = conflict;
    const what = commit ? `commit ${commit.sha.slice(0, 12)} "${commit.subject}"` : `branch ${entry.branch}`;
    const rejected = rejectBranch(serving, entry, {
      outcome: 'conflict',
      onto: base,
      why: `${what} conflicts with ${target} in ${total === 1 ? 'one file' : `${total} files`}`,
      files: files.map(({ path }) => path),
      excerpt,
      text,
    });
    if (!rejected.done) return rejected;
  }
  for (const { entry, step, detail } of failed) {
    const { id, phase } = entry;
    const reason = { code: 'git-failed', step, detail } as const;
    serving.board.tell({ kind: 'left', branch: { entry: id, phase, reason } });
  }
  return done(undefined);
}

/** What would keep the whole stack from landing is asked before the validation, which takes long. */
function checkStack({ serving, target }: Batch, { base, members }: Stacked): LeftReason | undefined {
  const to = members.at(-1)?.commit ?? base;
  if (to === base) return undefined;
  const entries = members.map(({ entry: { id, phase, tip }, commit }) => ({ entry: id, phase, tip, commit }));
  const flaw = checkLanding(serving.home, { target, from: base, to, entries });
  return flaw?.code === 'landing-open' ? undefined : flaw;
}

function prove({ serving, target, campaign }: Batch, stacked: Stacked): Promise<Outcome<Proof>> {
  const { home, held, board, session, mayClose, settings } = serving;
  const isProven = settings.validation.length > 0;
  const phases = stacked.members.map(({ entry }) => entry.phase);
  if (phases.length > 0) board.tell({ kind: 'batch', target, onto: stacked.base, phases });
  const land: Proving['land'] = ({ from, members }) =>
    landBranches({ home, held, board, session, mayClose, isProven, target, from, members });
  return proveStack({ ...serving, land }, stacked, campaign.tally);
}

function follow(batch: Batch, stacked: Stacked, proof: Proof): Outcome<Step> {
  const upper = stacked.members.slice(proof.landed).map(({ entry }) => entry);
  batch.line = [...upper, ...stacked.rest];
  if (proof.landed > 0) {
    batch.moves = 0;
    batch.base = stacked.members[proof.landed - 1]?.commit;
  }
  if (proof.kind === 'changed') {
    // Taken up again as they are by now, in the next batch.
    batch.line = batch.line.filter(({ id }) => !proof.entries.includes(id));
    return done('again');
  }
  if (proof.kind === 'end') return followEnd(batch, stacked, proof);
  return proof.reason.code === 'target-moved'
    ? restack(batch, proof.reason.found)
    : leave(batch, proof.reason);
}

/** Somebody else moved the target: all is stacked upon it anew, and validated again. */
function restack(batch: Batch, found: string | null): Outcome<Step> {
  const { serving, target } = batch;
  serving.board.tell({ kind: 'moved', target, found });
  forgetTarget(batch);
  batch.moves += 1;
  if (batch.moves <= MOVES_MAX) return done('again');
  return leave(batch, { code: 'target-restless', target, times: batch.moves });
}

/** What was green on the target before says nothing of it now; nor is anybody suspected any more. */
function forgetTarget(batch: Batch): void {
  batch.line = [...[...batch.suspects.values()].map(({ entry }) => entry), ...batch.line];
  batch.suspects.clear();
  batch.campaign = targetMoved(batch.campaign);
}

function followEnd(batch: Batch, stacked: Stacked, proof: Extract<Proof, { kind: 'end' }>): Outcome<Step> {
  const { serving, target, suspects } = batch;
  const { members, base } = stacked;
  const { end, red } = proof;
  const concluded = conclude(
    batch.campaign,
    members.map(({ entry }) => entry.id),
    end,
  );
  batch.campaign = concluded.campaign;
  if (concluded.isTargetRed) {
    const why = red?.why ?? 'a validation is red';
    const log = red ? writeQueueLog(serving.home, 'target', isoOf(nowMs()), red.output) : null;
    return leave(batch, { code: 'target-red', target, commit: base, why, log });
  }
  const culprit = end.kind === 'culprit' ? members[end.at - 1] : undefined;
  if (culprit && red && end.kind === 'culprit') {
    const onto = members[end.at - 2]?.commit ?? base;
    suspects.set(culprit.entry.id, { entry: culprit.entry, red, onto });
    batch.line = batch.line.filter(({ id }) => id !== culprit.entry.id);
  }
  for (const id of concluded.reject) {
    const suspect = suspects.get(id);
    suspects.delete(id);
    const rejected = suspect ? rejectRed(batch, suspect) : done(false);
    if (!rejected.done) return rejected;
  }
  return done('again');
}

function rejectRed({ serving, target }: Batch, { entry, red, onto }: Suspect): Outcome<boolean> {
  const { why, files, output } = red;
  const head = `coord: ${entry.branch} at ${entry.tip} on ${target} at ${onto}: ${why}\n\n`;
  const text = `${head}${output}`;
  return rejectBranch(serving, entry, { outcome: 'red', onto, why, files, excerpt: output, text });
}

/** What still waits is left as it is: nothing of it is at fault. */
function leave(batch: Batch, reason: LeftReason): Outcome<Step> {
  const { serving, line, suspects } = batch;
  for (const { id, phase } of [...[...suspects.values()].map(({ entry }) => entry), ...line])
    serving.board.tell({ kind: 'left', branch: { entry: id, phase, reason } });
  return done(reason);
}
