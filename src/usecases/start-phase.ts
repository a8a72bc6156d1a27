/**
 * Starts a phase: a worktree from the coordinator's HEAD, a branch, a STATUS.md, a worker that mail can reach.
 *
 * Order of writes, under the mutex `phases` (two starts at once do not race): 1 a note of the intent, 2 the worktree
 * with its branch, 3 STATUS.md in it, 4 what counts as reported, 5 the boxes, 6 the roster, 7 STATE.md says active,
 * 8 the note goes. Killed anywhere before 7, the phase is still `future`; starting it again finds by the note what
 * it may take over (its own branch and worktree, and nothing of anybody else's) and goes on from there.
 */
import { existsSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { branchOf } from '../domain/identifiers.ts';
import { done, type Outcome, refuse } from '../domain/problem.ts';
import { WORKTREES_FOLDER } from '../domain/project-paths.ts';
import { judgeStart, phaseOrRefusal, replacePhase, type StatePhase } from '../domain/state-document.ts';
import type { StatusDocument } from '../domain/status-document.ts';
import { isoOf, nowMs } from '../storage/clock.ts';
import { readState } from '../storage/document-kinds.ts';
import { restoreStatus } from '../storage/document-rescue.ts';
import { changeState, createStatus } from '../storage/documents.ts';
import { git, hasBranch, headOf, isAncestor, mergeBase } from '../storage/git.ts';
import { scopeOf } from '../storage/globs.ts';
import { hideOwnFiles } from '../storage/hide-own-files.ts';
import { makeFolder, removeIfThere } from '../storage/light/files.ts';
import { openBoxes } from '../storage/light/mail-files.ts';
import { withMutex } from '../storage/light/mutex.ts';
import { placeAt } from '../storage/light/place.ts';
import {
  coordinationPath,
  fileNameOf,
  readRecord,
  readWorkerRecord,
  removePlaceRecord,
  writePlaceRecord,
  writeRecord,
  writeWorkerRecord,
} from '../storage/light/roster.ts';
import { isOfAnother } from '../storage/moved-worktree.ts';
import { accountWork } from './account-landing.ts';
import { isBranchThere, lostTipOf } from './find-lost-branch.ts';
import { isWorktreeLost } from './follow-worktree.ts';
import { judgeRoom } from './judge-room.ts';
import { logPhaseStarted } from './log-transition.ts';
import { beginReporting } from './report-transitions.ts';

export interface StartedPhase {
  readonly phase: string;
  readonly worker: string;
  readonly worktree: string;
  readonly branch: string;
  /** For a phase taken over: the branch of its earlier worker, where that could not be brought in by itself. */
  readonly earlier_branch?: string;
}

interface Intent {
  readonly worktree: string;
  readonly branch: string;
}

const PHASES_MUTEX = 'phases';
/** Making a worktree of a large repository takes its time; the next start waits for it. */
const PHASES_WAIT_MS = 180_000;

/** Runs a change of who works where, one at a time. */
export function withPhases<T>(home: string, body: () => Outcome<T>): Outcome<T> {
  const outcome = withMutex(coordinationPath(home, 'leases'), PHASES_MUTEX, body, { waitMs: PHASES_WAIT_MS });
  return outcome.done ? outcome.value : refuse({ code: 'mutex-timeout', name: PHASES_MUTEX });
}

function intentFile(home: string, folder: string): string {
  return coordinationPath(home, 'roster', 'starting', `${fileNameOf(folder)}.json`);
}

/** `mayOverlap`: a person says that two workers may have one file in their scopes. */
export function startPhase(home: string, id: string, mayOverlap = false): Outcome<StartedPhase> {
  return withPhases(home, () => {
    const loaded = readState(home);
    if (!loaded.done) return loaded;
    const state = loaded.value.document;
    const phase = phaseOrRefusal(state, id);
    if ('code' in phase) return refuse(phase);
    const isUnderWay = phase.state === 'active';
    if (isUnderWay && isWorktreeLost(home, readWorkerRecord(home, phase.worker)))
      return remakeWorktree(home, phase);
    const refusal = judgeStart(state, phase);
    if (refusal) return refuse(withPlace(home, refusal, phase));
    const full = judgeRoom(home, state, phase, mayOverlap);
    if (full) return refuse(full);
    if (headOf(home) === undefined) return refuse({ code: 'no-commit-yet', home });
    // By the name that git gives to it as a rule.
    const place = { root: join(home, WORKTREES_FOLDER, phase.folder), place: phase.folder };
    return accountWork(home, [place], { command: `coord phase start ${id}`, session: 'terminal' }, () => {
      const made = makeWorktree(home, phase);
      if (!made.done) return made;
      return openPhase(home, phase, { ...made.value, phase: phase.id, worker: phase.worker });
    });
  });
}

/** An already started phase is named with its worktree, so that whoever asked can go there. */
function withPlace<T extends { code: string }>(home: string, refusal: T, phase: StatePhase): T {
  if (refusal.code !== 'phase-already-started') return refusal;
  const { worktree = join(home, WORKTREES_FOLDER, phase.folder) } =
    readWorkerRecord(home, phase.worker) ?? {};
  return { ...refusal, branch: phase.branch, ...(existsSync(worktree) ? { worktree } : {}) };
}

/** Steps 1 and 2. What an earlier, killed start of this phase left is taken over; anything else in the way is not. */
function makeWorktree(home: string, phase: StatePhase): Outcome<Intent> {
  const worktree = join(home, WORKTREES_FOLDER, phase.folder);
  const branch = branchOf(phase.folder);
  const file = intentFile(home, phase.folder);
  const isResumed = readRecord<Intent>(file)?.branch === branch;
  if (isResumed) clearHalfMade(home, worktree, branch);
  if (isResumed && placeAt(worktree) && headOf(worktree) !== undefined) {
    git(worktree, ['merge', '--ff-only', '--quiet', headOf(home) ?? 'HEAD']);
    return done({ worktree, branch });
  }
  if (existsSync(worktree) && readdirSync(worktree).length > 0) {
    return refuse({ code: 'worktree-in-the-way', path: worktree });
  }
  if (!isResumed && hasBranch(home, branch))
    return refuse({ code: 'branch-in-the-way', branch, path: worktree });
  writeRecord(file, { worktree, branch });
  makeFolder(join(home, WORKTREES_FOLDER));
  git(home, ['worktree', 'prune']);
  const created = hasBranch(home, branch)
    ? git(home, ['worktree', 'add', worktree, branch])
    : git(home, ['worktree', 'add', '-b', branch, worktree, 'HEAD']);
  if (created.ok) return done({ worktree, branch });
  // A start that failed leaves nothing on which the next try would fail: where a hook of the repository fails, git says
  // so and keeps what it made.
  git(home, ['worktree', 'remove', '--force', worktree]);
  if (hasBranch(home, branch)) git(home, ['branch', isResumed ? '-d' : '-D', branch]);
  if (!hasBranch(home, branch)) removeIfThere(file);
  return refuse({ code: 'git-failed', step: 'worktree add', detail: created.stderr });
}

/**
 * Takes away a worktree that git was killed in while it made it: git marks it as locked until its checkout is done, so
 * nobody has worked in it. The branch goes too, unless it has commits of its own.
 */
function clearHalfMade(home: string, worktree: string, branch: string): void {
  const entries = git(home, ['worktree', 'list', '--porcelain']).stdout.split('\n\n');
  const entry = entries.find((text) => text.startsWith(`worktree ${worktree}\n`));
  if (entry && !/^locked initializing$/m.test(entry)) return;
  if (entry) {
    git(home, ['worktree', 'remove', '--force', '--force', worktree]);
    git(home, ['worktree', 'unlock', worktree]);
  }
  git(home, ['worktree', 'prune']);
  // Files that belong to no worktree any more: git was killed while it took them away. Nobody's work, but who knows.
  const place = placeAt(worktree);
  if (place && !existsSync(place.gitDir))
    renameSync(worktree, `${worktree}.left-${isoOf(nowMs()).replace(/[:.]/g, '')}`);
  git(home, ['branch', '-d', branch]);
}

/** Makes a lost worktree anew from its branch, which may stand at a remote only, or be lost as well. */
function remakeWorktree(home: string, phase: StatePhase): Outcome<StartedPhase> {
  const record = readWorkerRecord(home, phase.worker);
  const branch = record?.branch ?? phase.branch ?? branchOf(phase.folder);
  const worktree = join(home, WORKTREES_FOLDER, phase.folder);
  if (existsSync(worktree) && readdirSync(worktree).length > 0) {
    return refuse({ code: 'worktree-in-the-way', path: worktree });
  }
  git(home, ['worktree', 'prune']);
  // In a copy of the project, git takes the branch for checked out in the worktree of the one that was copied.
  const isCopied = record !== undefined && isOfAnother(home, record.worktree);
  const made = isBranchThere(home, branch)
    ? git(home, ['worktree', 'add', ...(isCopied ? ['--force'] : []), worktree, branch])
    : git(home, ['worktree', 'add', '-b', branch, worktree, lostTipOf(home, phase) ?? 'HEAD']);
  if (!made.ok) return refuse({ code: 'git-failed', step: 'worktree add', detail: made.stderr });
  if (record && record.place !== null) removePlaceRecord(home, record.place);
  return openPhase(home, phase, { phase: phase.id, worker: phase.worker, worktree, branch });
}

/** Steps 3 to 8, for a worktree that is there: also what `coord join` does with one that it did not make. */
export function openPhase(home: string, phase: StatePhase, started: StartedPhase): Outcome<StartedPhase> {
  const { worktree, branch } = started;
  const place = placeAt(worktree);
  if (!place?.name)
    return refuse({ code: 'git-failed', step: 'worktree add', detail: `${worktree} is no worktree` });
  hideOwnFiles(place.commonDir);
  const at = isoOf(nowMs());
  // What the phase's worker last saved, where an earlier worktree of it is gone.
  restoreStatus({ home, root: place.root, folder: phase.folder });
  const status = createStatus({ home, root: place.root, folder: phase.folder }, statusOf(phase, branch, at));
  if (!status.done) return status;
  beginReporting(home, phase.folder, phase.plans);
  openBoxes(home, phase.worker);
  const { id, folder, name, worker } = phase;
  const scope = scopeOf(phase);
  const joined = { worker, phase: { id, folder, name }, scope, branch, worktree: place.root, joinedAt: at };
  const base = startOf(home, worker, place.root);
  writePlaceRecord(home, place.name, joined);
  writeWorkerRecord(home, {
    worker,
    phase: id,
    folder,
    place: place.name,
    worktree: place.root,
    branch,
    state: 'active',
    ...(base === undefined ? {} : { base }),
  });
  const saved = changeState(home, (state) => {
    const current = phaseOrRefusal(state, id);
    if ('code' in current) return refuse(current);
    const next = { ...current, state: 'active' as const, branch, started: current.started ?? at };
    return { done: true as const, document: replacePhase(state, next), value: undefined };
  });
  if (!saved.done) return saved;
  removeIfThere(intentFile(home, folder));
  if (phase.started === undefined) logPhaseStarted({ home, session: null }, { ...phase, branch });
  return done({ phase: id, worker, worktree: place.root, branch });
}

/** Where the work of the phase begins: as first recorded, in whatever worktree it goes on; else where it forked. */
function startOf(home: string, worker: string, root: string): string | undefined {
  const known = readWorkerRecord(home, worker)?.base;
  const head = headOf(root);
  const main = headOf(home);
  if (known !== undefined && head !== undefined && isAncestor(root, known, head)) return known;
  return head === undefined || main === undefined ? undefined : mergeBase(home, main, head);
}

function statusOf(phase: StatePhase, branch: string, at: string): StatusDocument {
  return {
    coord: 'status/1',
    revision: 1,
    phase: phase.id,
    name: phase.name,
    worker: phase.worker,
    branch,
    updated: at,
    plans: phase.plans.map((plan) => ({ id: plan.id, title: plan.title, state: plan.state, tasks: [] })),
    blockers: [],
    decisions: [],
    milestones: [{ at, event: 'phase_started' }],
  };
}
