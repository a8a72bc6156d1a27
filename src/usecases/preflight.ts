/**
 * Whether a branch may be queued, or landed: gathers the facts, in the order in which they can be known, and has
 * domain/preflight/preflight judge them. Changes nothing, in no worktree.
 */

import type {
  Change,
  CheckoutFacts,
  HistoryFacts,
  Moment,
  PhaseFacts,
  PreflightFacts,
  WorktreeFacts,
} from '../domain/preflight/facts.ts';
import { judgePreflight } from '../domain/preflight/preflight.ts';
import type { PreflightRefusal } from '../domain/preflight/refusal.ts';
import { done, type Outcome, refuse } from '../domain/problem.ts';
import { documentAt, isInProgress, LOCAL_SETTINGS_FILE, WORKTREES_FOLDER } from '../domain/project-paths.ts';
import type { QueueEntry, Waiver } from '../domain/queue-entry.ts';
import type { Settings } from '../domain/settings.ts';
import { phaseOrRefusal } from '../domain/state-document.ts';
import {
  basesOf,
  changeFacts,
  hasCommit,
  hasStoodOn,
  historyFacts,
  targetFacts,
  tipOf,
} from '../storage/branch-facts.ts';
import { changesBetween, dirtyPaths, landingCheckouts, underWayIn } from '../storage/checkout-facts.ts';
import { withCommitIndex } from '../storage/commit-index.ts';
import { readState } from '../storage/document-kinds.ts';
import { branchesWith } from '../storage/foreign-commits.ts';
import { branchNameOf, textOf } from '../storage/git.ts';
import { type GitFailure, type GitReader, gitReader } from '../storage/git-reader.ts';
import { scopeOf } from '../storage/globs.ts';
import { readEvidence } from '../storage/light/evidence-files.ts';
import { isCaseBlind, linkedRoots } from '../storage/light/location.ts';
import { type Place, placeAt } from '../storage/light/place.ts';
import { listWorkers, readWorkerRecord } from '../storage/light/roster.ts';
import { refusingGit } from '../storage/plumbing.ts';
import { lfsFlaws, submoduleFlaws } from '../storage/pointer-facts.ts';
import { readSettings } from '../storage/settings.ts';
import { hiddenChanges, trackedFiles, underWayAt, worktreeStatus } from '../storage/worktree-status.ts';
import { isGateAsked } from './judge-gate.ts';

export type Preflighted = Pick<
  QueueEntry,
  'phase' | 'worker' | 'branch' | 'place' | 'target' | 'tip' | 'waived'
>;

export interface PreflightReport {
  readonly refusals: readonly PreflightRefusal[];
  /** Waivers that let something pass. */
  readonly waived: readonly Waiver[];
  /** The target's commit that it was judged against; null where there is none. */
  readonly target: string | null;
  readonly base: string | null;
  /** How many files the branch changes. */
  readonly changed: number;
}

export function preflightEntry(home: string, entry: Preflighted, moment: Moment): Outcome<PreflightReport> {
  const { settings } = readSettings(home);
  const loaded = readState(home);
  if (!loaded.done) return loaded;
  const phase = phaseOrRefusal(loaded.value.document, entry.phase);
  if ('code' in phase) return refuse(phase);
  const scope = scopeOf(phase);
  const { id, folder, state } = phase;
  const closed = state === 'done' ? ({ isDone: true } as const) : {};
  const about: PhaseFacts = { id, folder, branch: entry.branch, scope, ...closed };
  const reader = gitReader(home);
  const gathered = gather({ home, entry, moment, settings, phase: about, reader });
  if (!gathered.done) return gathered;
  const facts = gathered.value;
  const { refusals, waived } = judgePreflight(facts);
  return done({
    refusals,
    waived,
    target: facts.target.commit ?? null,
    base: facts.history?.base ?? null,
    changed: facts.changed?.changes.length ?? 0,
  });
}

interface Asked {
  readonly home: string;
  readonly entry: Preflighted;
  readonly moment: Moment;
  readonly settings: Settings;
  readonly phase: PhaseFacts;
  readonly reader: GitReader;
}

function failed(failure: GitFailure): Outcome<never> {
  return refuse({ code: 'git-failed', step: failure.step, detail: failure.detail });
}

function gather(asked: Asked): Outcome<PreflightFacts> {
  const { home, entry, moment, settings, phase, reader } = asked;
  const isSet = entry.target !== '' && settings.merge_target === entry.target;
  const target = targetFacts(reader, entry.target, isSet, entry.branch);
  const now = tipOf(reader, entry.branch);
  const hasTip = now === entry.tip || hasCommit(reader, entry.tip);
  const tree = worktreeOf(home, entry);
  const standsOn = now === undefined && tree ? branchNameOf(tree.root) : undefined;
  const first: PreflightFacts = {
    ...(now !== undefined && !hasTip ? { isTipLost: true } : {}),
    ...(standsOn === undefined ? {} : { standsOn }),
    moment,
    phase,
    target,
    root: tree?.root,
    tip: now !== undefined && hasTip ? entry.tip : undefined,
    tipBefore: hasTip ? entry.tip : undefined,
    deletionsMax: settings.merge_deletions,
    caseBlind: isCaseBlind(home),
    waived: entry.waived,
  };
  if (reader.failure) return failed(reader.failure);
  if (target.state !== 'there' || target.commit === undefined || first.tip === undefined) return done(first);
  const range = { target: target.commit, tip: first.tip };
  const bases = basesOf(reader, range);
  const { worker, branch } = entry;
  const others = listWorkers(home).filter((one) => one.state === 'active' && one.worker !== worker);
  const history = historyFacts(reader, bases, {
    ...range,
    branch,
    now,
    start: readWorkerRecord(home, worker)?.base,
    others: moment === 'add' ? others : undefined,
  });
  const startOn = startBranchOf(home, reader, history, target.name);
  const worktree = tree && moment === 'add' ? worktreeFacts(tree) : undefined;
  if (worktree && 'detail' in worktree) return failed(worktree);
  const known = startOn === undefined ? history : { ...history, startOn };
  const facts = { ...first, history: known, ...(worktree ? { worktree } : {}) };
  const withContent =
    history.base === undefined ? done(facts) : gatherContent(asked, { facts, bases, range, tree });
  return reader.failure ? failed(reader.failure) : withContent;
}

/** The primary worktree may stand on another branch than when the phase was started. */
function startBranchOf(
  home: string,
  reader: GitReader,
  { startFlaw, start }: HistoryFacts,
  target: string,
): string | undefined {
  // A target that stood there once was rewritten since.
  const isOther = startFlaw === 'foreign' && start !== undefined && !hasStoodOn(reader, target, start);
  if (!isOther) return undefined;
  const taken = new Set([target, ...listWorkers(home).map(({ branch }) => branch)]);
  return branchesWith(reader, [start]).find((name) => !taken.has(name));
}

interface Gathered {
  readonly facts: PreflightFacts;
  readonly bases: readonly string[];
  readonly range: { readonly target: string; readonly tip: string };
  readonly tree: Place | undefined;
}

/** What is known only of a branch that has a base. */
function gatherContent(asked: Asked, { facts, bases, range, tree }: Gathered): Outcome<PreflightFacts> {
  const { home, entry, moment, settings, reader } = asked;
  const changed = changeFacts(reader, bases, range);
  const { changes } = changed;
  const checkouts = refusingGit(() => checkoutFacts(home, entry.target, range, changes));
  if ('code' in checkouts) return failed(checkouts);
  const commonDir = tree?.commonDir ?? placeAt(home)?.commonDir ?? '';
  const roots = [tree, placeAt(home)].filter((place) => place !== undefined);
  const submodules = submoduleFlaws(reader, { tip: range.tip, changes, commonDir, roots });
  const asksProof = moment === 'add' && isGateAsked(settings);
  return withCommitIndex(reader, commonDir, range.tip, (index) => {
    const lfs = lfsFlaws(reader, commonDir, index, changes);
    const proof = {
      validations: settings.validation.map((command) => command.trim()),
      evidence: asksProof ? readEvidence(home, entry.place) : [],
      place: entry.place,
      tree: asksProof ? index.evidenceTree() : undefined,
    };
    return done({ ...facts, changed, checkouts, submodules, lfs, ...(asksProof ? { proof } : {}) });
  });
}

/** Looked at as a landing will look at it (checkout-facts), for the files that the branch itself changes. */
function checkoutFacts(
  home: string,
  target: string,
  range: Gathered['range'],
  changes: readonly Change[],
): CheckoutFacts[] {
  const own = new Set(changes.flatMap(({ key, from }) => (from ? [key, from.key] : [key])));
  const written = changesBetween(home, range.target, range.tip).filter(({ path }) => own.has(path));
  return landingCheckouts(home, `refs/heads/${target}`).map((checkout) => {
    const { root } = checkout;
    const { dirty, inTheWay } = dirtyPaths(root, range.target, written);
    const underWay = underWayIn(checkout);
    return { root, dirty: dirty.map(textOf), inTheWay: inTheWay.map(textOf), underWay };
  });
}

/** The worktree of the phase, wherever it was moved to; undefined where it is gone. */
function worktreeOf(home: string, { place }: Preflighted): Place | undefined {
  const primary = placeAt(home);
  if (!primary || place === null) return undefined;
  const root = linkedRoots(primary).find(({ name }) => name === place)?.root;
  const found = root === undefined ? undefined : placeAt(root);
  return found?.name === place && found.home === home ? found : undefined;
}

function worktreeFacts({ root, gitDir }: Place): WorktreeFacts | GitFailure {
  const reader = gitReader(root);
  const { files, submodules } = worktreeStatus(reader, 'all');
  const hidden = hiddenChanges(reader, gitDir, trackedFiles(reader)).map((path) => ({
    ...path,
    kind: 'hidden' as const,
  }));
  const facts = {
    root,
    branch: branchNameOf(root),
    underWay: underWayAt(gitDir),
    dirty: [...files, ...hidden].filter(({ path }) => !isLeftOut(path)),
    dirtySubmodules: submodules,
  };
  return reader.failure ?? facts;
}

/** The client keeps its own settings of a worktree there; nobody commits them. */
const CLIENT_SETTINGS = '.claude/settings.local.json';

/** What coord and the client write beside the work. A worker's AGENTS.md is part of what validations see. */
function isLeftOut(path: string): boolean {
  const document = documentAt(path, false);
  return (
    (document !== undefined && document.kind !== 'agents') ||
    isInProgress(path) ||
    path.startsWith(`${WORKTREES_FOLDER}/`) ||
    path === LOCAL_SETTINGS_FILE ||
    path === CLIENT_SETTINGS
  );
}
