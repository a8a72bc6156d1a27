/**
 * The conflict radar: asks git which branches of active phases, and which that wait in the merge queue, would conflict
 * with the target or with each other if they were merged now. Commits only: what a worker has not committed cannot be
 * merged, and is not seen. No worktree, index or ref is touched.
 *
 * Answers are remembered by their two commits, so only what moved is asked again. There is a limit, and it is told: what
 * was left is looked at next time, since what was found until then is remembered.
 */
import { branchOf } from '../domain/identifiers.ts';
import { done, type Outcome, refuse } from '../domain/problem.ts';
import type { QueueEntry } from '../domain/queue-entry.ts';
import {
  type Conflict,
  type ConflictView,
  conflictsAmong,
  keyOf,
  type Pair,
  pairsOf,
  type Subject,
  viewConflict,
} from '../domain/radar.ts';
import type { Settings } from '../domain/settings.ts';
import type { StatePhase } from '../domain/state-document.ts';
import { nowMs } from '../storage/clock.ts';
import { readState } from '../storage/document-kinds.ts';
import { git } from '../storage/git.ts';
import { listEntries } from '../storage/light/queue-files.ts';
import { readWorkerRecord } from '../storage/light/roster.ts';
import { gitVersion, hasMergeTree, MERGE_TREE_SINCE } from '../storage/merge-tree.ts';
import { readAnswers, rememberAnswers } from '../storage/radar-cache.ts';
import { readSettings } from '../storage/settings.ts';
import { targetOf } from '../storage/target-branch.ts';
import { askPairs, type RadarLimits, type Round } from './ask-pairs.ts';

/** For `coord merge radar`. */
export const PATIENT: RadarLimits = { timeMs: 20_000, asksMax: 3_000, isPatient: true };
/** For `coord status`, which is about other things. */
export const IN_PASSING: RadarLimits = { timeMs: 250, asksMax: 12, isPatient: false };

interface Field {
  readonly home: string;
  /** The branch that work lands on; empty where the primary worktree stands on none. */
  readonly target: string;
  readonly phases: readonly StatePhase[];
  readonly entries: readonly QueueEntry[];
}

export interface RadarView {
  readonly target: string;
  readonly commit: string | null;
  readonly branches: readonly Subject[];
  readonly conflicts: readonly Conflict[];
  /** `apart`: told by what the branches changed; `asked`: of git, just now; `left`: for the next time. */
  readonly pairs: Round['counts'] & { all: number };
  readonly failed: readonly { pair: Pair; detail: string }[];
  readonly limit_ms: number;
}

/** More than anybody works on at once; the pairs are theirs squared. */
const SUBJECTS_MAX = 100;
const PAIRS_MAX = 3_000;

/** `read`: what the caller has read already. */
export function watchConflicts(
  home: string,
  limits: RadarLimits,
  read?: { phases: readonly StatePhase[]; settings: Settings },
): Outcome<RadarView> {
  const loaded = read ? undefined : readState(home);
  if (loaded && !loaded.done) return loaded;
  const phases = read?.phases ?? loaded?.value.document.phases ?? [];
  const target = targetOf(home, read?.settings ?? readSettings(home).settings);
  return look({ home, target, phases, entries: listEntries(home).entries }, limits);
}

/** For the dashboard: what conflicts, as far as it is known or quickly found out. */
export function glanceAtConflicts(
  home: string,
  read: { phases: readonly StatePhase[]; settings: Settings },
): ConflictView[] {
  if (!read.phases.some(({ state }) => state === 'active')) return [];
  const found = watchConflicts(home, IN_PASSING, read);
  return found.done ? found.value.conflicts.map(viewConflict) : [];
}

function look(field: Field, limits: RadarLimits): Outcome<RadarView> {
  const { home } = field;
  const deadlineMs = nowMs() + limits.timeMs;
  const version = () => gitVersion(home);
  if (limits.isPatient && !hasMergeTree(version()))
    return refuse({ code: 'git-too-old', found: version() ?? 'none', needed: MERGE_TREE_SINCE });
  const { target, subjects } = subjectsOf(field);
  const all = pairsOf(target, subjects);
  const pairs = all.slice(0, PAIRS_MAX);
  const known = pairs.length > 0 ? readAnswers(home) : new Map();
  const round = askPairs({ home, target: target?.commit, pairs, known, limits, deadlineMs, version });
  rememberAnswers(
    home,
    round.fresh,
    () => new Map(round.answers.map(({ pair, answer }) => [keyOf(pair), answer])),
  );
  const left = round.counts.left + all.length - pairs.length;
  return done({
    target: field.target,
    commit: target?.commit ?? null,
    branches: subjects,
    conflicts: conflictsAmong(round.answers),
    pairs: { all: all.length, ...round.counts, left },
    failed: round.failed,
    limit_ms: limits.timeMs,
  });
}

/** The target and all branches that are looked at, each with the commit that it stands on. */
function subjectsOf({ home, target, phases, entries }: Field): {
  target: Subject | undefined;
  subjects: Subject[];
} {
  const queued = new Map(
    entries.filter(({ state }) => state === 'queued').map((entry) => [entry.branch, entry]),
  );
  const named = new Map<string, Omit<Subject, 'commit'>>();
  for (const { branch, phase, worker } of queued.values())
    named.set(branch, { branch, phase, worker, isQueued: true });
  for (const phase of phases.filter(({ state }) => state === 'active')) {
    const branch = readWorkerRecord(home, phase.worker)?.branch ?? phase.branch ?? branchOf(phase.folder);
    named.set(branch, { branch, phase: phase.id, worker: phase.worker, isQueued: queued.has(branch) });
  }
  named.delete(target);
  if (named.size === 0) return { target: undefined, subjects: [] };
  const commits = commitsOf(home, [target, ...named.keys()]);
  const at = (subject: Omit<Subject, 'commit'>): Subject[] => {
    // What waits in the queue lands as it was added, also when its worker has gone on.
    const commit = queued.get(subject.branch)?.tip ?? commits.get(subject.branch);
    return commit === undefined ? [] : [{ ...subject, commit }];
  };
  const subjects = [...named.values()].flatMap(at).slice(0, SUBJECTS_MAX);
  const [own] = at({ branch: target, phase: null, worker: null, isQueued: false });
  return { target: own, subjects };
}

function commitsOf(home: string, branches: readonly string[]): Map<string, string> {
  const refs = branches.filter((branch) => branch !== '').map((branch) => `refs/heads/${branch}`);
  const listed = git(home, ['for-each-ref', '--format=%(refname) %(objectname)', ...refs]);
  const found = listed.stdout.split('\n').map((line) => line.split(' '));
  const wanted = new Set(refs);
  return new Map(
    found.flatMap(([ref = '', commit]) =>
      wanted.has(ref) && commit ? [[ref.slice('refs/heads/'.length), commit] as const] : [],
    ),
  );
}
