/**
 * The conflict radar: which branches would conflict with the target, or with each other, if they were merged now.
 *
 * Glossary. *subject*: a branch that is looked at, with the commit it stands on. *pair*: two subjects, one of which may
 * be the target. *answer*: what git says of merging the pair's two commits; it holds for those two commits for good.
 */

export interface Subject {
  readonly branch: string;
  readonly commit: string;
  /** Null for the target. */
  readonly phase: string | null;
  readonly worker: string | null;
  /** True when it waits in the merge queue: its conflict is the next to hurt. */
  readonly isQueued: boolean;
}

export interface Pair {
  readonly kind: 'target' | 'branches';
  readonly ours: Subject;
  readonly theirs: Subject;
}

/** Files that are kept of an answer; `count` says how many there are. */
export const ANSWER_FILES_MAX = 40;

export interface Answer {
  /** Paths in conflict; [] with count 0: none. */
  readonly files: readonly string[];
  readonly count: number;
  /** The two have no commit in common, and git refuses to merge them. */
  readonly isUnrelated?: true;
}

export interface Conflict {
  readonly pair: Pair;
  readonly answer: Answer;
  /** True when one of the two conflicts with the target in each of these files already: then that is the news. */
  readonly isEcho: boolean;
}

function isConflict(answer: Answer): boolean {
  return answer.count > 0 || answer.isUnrelated === true;
}

/** The two commits in the order they are asked and remembered in: a merge conflicts from either side. */
export function askedOf({ kind, ours, theirs }: Pair): readonly [ours: string, theirs: string] {
  const isTurned = kind === 'branches' && ours.commit > theirs.commit;
  return isTurned ? [theirs.commit, ours.commit] : [ours.commit, theirs.commit];
}

export function keyOf(pair: Pair): string {
  return askedOf(pair).join(' ');
}

/**
 * All pairs worth asking, those with the target first, and of what waits in the queue before the rest. Two branches on
 * one commit, and a branch on the target's, have nothing to conflict over.
 */
export function pairsOf(target: Subject | undefined, subjects: readonly Subject[]): Pair[] {
  const ordered = [...subjects].sort(byUrgency);
  const withTarget = ordered.flatMap((theirs): Pair[] =>
    target && theirs.commit !== target.commit ? [{ kind: 'target', ours: target, theirs }] : [],
  );
  const among = ordered.flatMap((ours, at) =>
    ordered
      .slice(at + 1)
      .filter((theirs) => theirs.commit !== ours.commit && theirs.branch !== ours.branch)
      .map((theirs): Pair => ({ kind: 'branches', ours, theirs })),
  );
  return [...withTarget, ...among.sort((a, b) => queuedIn(b) - queuedIn(a))];
}

function byUrgency(a: Subject, b: Subject): number {
  if (a.isQueued !== b.isQueued) return a.isQueued ? -1 : 1;
  return a.branch < b.branch ? -1 : 1;
}

function queuedIn({ ours, theirs }: Pair): number {
  return Number(ours.isQueued) + Number(theirs.isQueued);
}

/**
 * What is told, most harmful first: a conflict with the target keeps a branch from landing at all; one of two queued
 * branches, whichever lands second. Then more files before fewer.
 */
export function conflictsAmong(answers: readonly { pair: Pair; answer: Answer }[]): Conflict[] {
  const found = answers.filter(({ answer }) => isConflict(answer));
  const withTarget = new Map<string, Set<string>>();
  for (const { pair, answer } of found)
    if (pair.kind === 'target' && answer.files.length === answer.count)
      withTarget.set(pair.theirs.branch, new Set(answer.files));
  const isEcho = ({ pair, answer }: { pair: Pair; answer: Answer }) =>
    pair.kind === 'branches' &&
    answer.isUnrelated !== true &&
    answer.count === answer.files.length &&
    [pair.ours, pair.theirs].some(({ branch }) => {
      const files = withTarget.get(branch);
      return files !== undefined && answer.files.every((file) => files.has(file));
    });
  return found
    .map((one) => ({ ...one, isEcho: isEcho(one) }))
    .sort((a, b) => harm(b) - harm(a) || byName(a, b));
}

const FILES_COUNTED = 1_000;

function harm({ pair, answer, isEcho }: Conflict): number {
  const kind = pair.kind === 'target' ? 4 : isEcho ? 0 : 2;
  const files = answer.isUnrelated ? FILES_COUNTED : Math.min(answer.count, FILES_COUNTED - 1);
  return (kind * 4 + queuedIn(pair)) * (FILES_COUNTED + 1) + files;
}

function byName(a: Conflict, b: Conflict): number {
  const name = ({ pair }: Conflict) => `${pair.ours.branch}\n${pair.theirs.branch}`;
  return name(a) < name(b) ? -1 : 1;
}

/** A conflict in the documented shape of --json. */
export interface ConflictView {
  readonly kind: Pair['kind'];
  /** The target first, where it is one of the two. */
  readonly branches: readonly [string, string];
  readonly phases: readonly (string | null)[];
  readonly workers: readonly (string | null)[];
  readonly queued: readonly boolean[];
  readonly files: readonly string[];
  /** More than `files` names where there are very many. */
  readonly file_count: number;
  readonly unrelated: boolean;
  /** Each of the files conflicts with the target too. */
  readonly also_with_target: boolean;
}

export function viewConflict({ pair, answer, isEcho }: Conflict): ConflictView {
  const { kind, ours, theirs } = pair;
  return {
    kind,
    branches: [ours.branch, theirs.branch],
    phases: [ours.phase, theirs.phase],
    workers: [ours.worker, theirs.worker],
    queued: [ours.isQueued, theirs.isQueued],
    files: answer.files,
    file_count: answer.count,
    unrelated: answer.isUnrelated === true,
    also_with_target: isEcho,
  };
}
