/** One thing that keeps a branch from the queue, or from landing (domain/preflight/preflight has the rules). */

export const PREFLIGHT_RULES = [
  'target-missing',
  'branch-missing',
  'dirty',
  'wrong-base',
  'nothing-to-land',
  'coordinator-files',
  'deletions',
  'scope',
  'target-dirty',
  'submodule',
  'lfs',
  'evidence',
] as const;
export type PreflightRule = (typeof PREFLIGHT_RULES)[number];

export interface PreflightRefusal {
  readonly rule: PreflightRule;
  /** What is wrong, in one clause. */
  readonly what: string;
  /** The worktree or branch in which it is so, and in which the next commands are typed. */
  readonly where: string;
  /** The first files that it is about, each with a word on it where one is needed. */
  readonly files: readonly string[];
  /** How many there are. */
  readonly total: number;
  /** Probably why. */
  readonly why: string;
  /** Commands, in their order. */
  readonly next: readonly string[];
  readonly isWaivable: boolean;
  /** Whose it is to mend. What is the operator's is no fault of the branch, and costs it no try. */
  readonly side: 'worker' | 'operator';
}
