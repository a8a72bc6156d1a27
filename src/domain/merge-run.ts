/**
 * One run of the merge queue, as it is reported: what landed, who was rejected, who is left and why, what an earlier
 * run had left half done. What happens meanwhile is told as events.
 */
import type { LandingOutcome, LandingProblem } from './landing.ts';
import type { PreflightRefusal } from './preflight/refusal.ts';
import type { Problem } from './problem.ts';
import type { AttemptOutcome, EntryState } from './queue-entry.ts';

export interface LandedBranch {
  readonly entry: string;
  readonly phase: string;
  readonly commit: string;
  /** True when all its plans are complete, and so the phase is closed. */
  readonly isClosed: boolean;
  /** Why its worktree or branch is still there; null where both are gone, or the phase goes on. */
  readonly kept: string | null;
}

export interface RejectedBranch {
  readonly entry: string;
  readonly phase: string;
  readonly worker: string;
  readonly outcome: AttemptOutcome;
  readonly why: string;
  readonly files: readonly string[];
  readonly log: string | null;
  readonly state: EntryState;
  readonly tries: number;
}

/** Why a branch stays in the line: nothing of it is at fault. */
export type LeftReason =
  | LandingProblem
  | { code: 'preflight'; refusals: readonly PreflightRefusal[] }
  /** The target itself is red, so no branch is to blame, and none can land. */
  | { code: 'target-red'; target: string; commit: string; why: string; log: string | null }
  | { code: 'target-restless'; target: string; times: number }
  | { code: 'slot-foreign'; path: string; branch: string }
  /** What watched it was killed, and so nobody knows what became of it. */
  | { code: 'validation-lost'; command: string }
  | { code: 'refused'; problem: Problem }
  | { code: 'interrupted' }
  | { code: 'turn-lost' };

export interface LeftBranch {
  readonly entry: string;
  readonly phase: string;
  readonly reason: LeftReason;
}

/** What an earlier run had under way when it was killed. */
export interface Resumed {
  readonly outcome: LandingOutcome;
  readonly target: string;
  readonly from: string;
  readonly to: string;
  readonly entries: readonly string[];
  /** False: the earlier run had saved all; a checkout of the target was behind. */
  readonly isTold: boolean;
  readonly why: string | null;
}

/** A checkout of the target that could not follow at once, or had to put files aside. */
export interface BehindCheckout {
  readonly root: string;
  readonly why: string | null;
  readonly aside: readonly string[];
  readonly submodules: readonly string[];
}

export interface RunReport {
  readonly target: string;
  /** Where it stands now; null where there is no such branch. */
  readonly commit: string | null;
  readonly landed: readonly LandedBranch[];
  readonly rejected: readonly RejectedBranch[];
  readonly left: readonly LeftBranch[];
  readonly resumed: Resumed | null;
  readonly checkouts: readonly BehindCheckout[];
  /** Of earlier landings: what could not be cleaned up then, and is gone now. */
  readonly cleaned: readonly { readonly entry: string; readonly phase: string }[];
  /** Entries that could not be read. */
  readonly aside: readonly { readonly file: string; readonly why: string }[];
  /** False: there is no validation, so nothing was proven. */
  readonly isProven: boolean;
  /** Validations that ran to their end. */
  readonly validations: number;
}

export type RunEvent =
  | { kind: 'resumed'; resumed: Resumed }
  | { kind: 'batch'; target: string; onto: string; phases: readonly string[] }
  | { kind: 'probe'; phases: readonly string[]; commit: string; slot: number }
  | { kind: 'command'; slot: number; command: string }
  | { kind: 'line'; slot: number; command: string; seconds: number; last: string }
  | { kind: 'colour'; phases: readonly string[]; isGreen: boolean; why: string; seconds: number }
  | { kind: 'landed'; branch: LandedBranch }
  | { kind: 'rejected'; branch: RejectedBranch }
  | { kind: 'left'; branch: LeftBranch }
  | { kind: 'moved'; target: string; found: string | null };
