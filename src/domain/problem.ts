/**
 * Every expected refusal, as data: a code with arguments. Sentences are made last, in surfaces/wording; a bug is a
 * throw and never one of these.
 */
import type { ApprovalRefusal } from './approval.ts';
import type { CriterionRefusal } from './criterion.ts';
import type { CycleRefusal } from './cycle/refusal.ts';
import type { GoalRefusal } from './goal.ts';
import type { Refusal } from './ground.ts';
import type { MutexHeld } from './lock.ts';
import type { BlockFlawKind } from './managed-block.ts';
import type { MessageFlaw } from './message.ts';
import type { MetadataFlaw } from './metadata.ts';
import type { PoolRefusal } from './pool.ts';
import type { UnderWay } from './preflight/facts.ts';
import type { QueueRefusal } from './queue-entry.ts';
import type { SettingFlaw } from './settings.ts';
import type { StateRefusal } from './state-document.ts';
import type { StatusRefusal } from './status-document.ts';
import type { TicketRefusal } from './ticket.ts';
import type { TodoRefusal } from './todo.ts';

export type DocumentProblem =
  | { code: 'document-missing'; file: string }
  /** What is checked out there, '' where that is no branch, never had it; `holder` has. */
  | { code: 'document-elsewhere'; file: string; branch: string; holder: string }
  | { code: 'document-corrupt'; file: string; line: number; detail: string }
  | { code: 'document-language'; file: string; language: string }
  | { code: 'document-moved'; file: string; read: number; found: number }
  /** Git has put an older revision there, and is not through: `underWay` is what it is in the midst of. */
  | { code: 'document-behind'; file: string; newest: number; underWay: UnderWay }
  | { code: 'mutex-timeout'; name: string };

/** Who calls, from where: refused before any verb is looked at. */
export type CallerProblem =
  | { code: 'not-a-repository'; folder: string }
  | { code: 'bare-repository'; folder: string }
  /** A linked worktree of which git has no record: the repository was moved, or it was pruned. */
  | { code: 'repository-gone'; root: string; gitDir: string }
  /** `isLost`: it was set up, and the runtime folder is gone. */
  | { code: 'not-coordinated'; home: string; isLost: boolean }
  | { code: 'not-primary-worktree'; root: string; home: string }
  | { code: 'not-your-place'; root: string; yours: string }
  /** `home`: where one may, for a person at a terminal; who is a session cannot go there. */
  | { code: 'not-coordinator'; actor: string; verb: string; home?: string }
  | {
      code: 'not-a-worker';
      actor: string;
      verb: string;
      workers: readonly { name: string; worktree: string }[];
    }
  | { code: 'not-joined'; root: string }
  | { code: 'record-unreadable'; file: string }
  | { code: 'seat-taken'; place: string; session: string; sinceMs: number; epoch: number; actor: string };

/** Why a peer may not ask for the seat. */
export type SeatProblem =
  | { code: 'seat-of-subagent'; actor: string }
  | { code: 'mail-waits'; agent: string; count: number };

export type PhaseProblem =
  /** `isReserved`: it is spelt well, and coord has it for itself. */
  | { code: 'identifier-bad'; what: string; text: string; isReserved?: true }
  | { code: 'name-bad'; what: string; text: string }
  | { code: 'scope-bad'; glob: string }
  | { code: 'no-commit-yet'; home: string }
  | { code: 'git-failed'; step: string; detail: string }
  | { code: 'worktree-in-the-way'; path: string }
  | { code: 'branch-in-the-way'; branch: string; path: string }
  | { code: 'worktree-has-phase'; worktree: string; phase: string }
  | { code: 'wrong-base'; root: string; head: string; wanted: string };

export type MailProblem =
  | { code: 'recipient-unknown'; to: string; known: string[] }
  | { code: 'recipient-ended'; to: string; phase: string }
  | { code: 'message-unknown'; id: string; agent: string }
  | { code: 'reply-unknown'; id: string; agent: string }
  | { code: 'wait-timeout'; types: string[]; waitedMs: number }
  | { code: 'nobody-to-tell' }
  | { code: 'chat-unknown'; chat: string; known: string[] }
  | { code: 'chat-not-yours'; chat: string; actor: string }
  | { code: 'dead-unknown'; id: string };

/** A path that cannot be locked, and why: it lies outside of the caller's worktree, or is none. */
export type LockPathProblem = {
  code: 'lock-unusable';
  path: string;
  why: 'outside' | 'other-worktree' | 'git' | 'name' | 'pattern';
};

/** The test mutex was not free within the wait. */
export type MutexProblem = { code: 'mutex-held' } & MutexHeld;

export type ProgressProblem =
  | { code: 'progress-unwritable'; file: string; detail: string }
  | { code: 'artifact-outside'; path: string; root: string };

/** What the gate says of a plan: `taken-back` of one that was called complete by hand. */
export type GateProblem =
  | { code: 'gate-failed'; plan: string; missing: readonly string[]; next: readonly string[] }
  | { code: 'plan-taken-back'; plan: string; missing: readonly string[]; next: readonly string[] }
  | { code: 'command-not-started'; program: string; detail: string };

export type SettingsProblem =
  | SettingFlaw
  | { code: 'setting-unknown'; key: string; known: string[] }
  | { code: 'settings-broken'; file: string; line: number };

export type InstructionsProblem =
  | { code: 'instructions-broken'; file: string; line: number; flaw: BlockFlawKind }
  | { code: 'instructions-link'; file: string; target: string }
  | { code: 'instructions-unreadable'; file: string };

/** What the radar asks of git came with a version of it. */
export type RadarProblem = { code: 'git-too-old'; found: string; needed: string };

/** A file of docs/history that a link leads out of the worktree. */
export type HistoryProblem = { code: 'history-link'; file: string; target: string };

export type DecisionProblem =
  | { code: 'decision-phase'; phase: string; actor: string }
  | { code: 'decision-unknown'; number: number; known: number[] }
  | { code: 'span-bad'; span: string };

export type Problem =
  | ApprovalRefusal
  | Refusal
  | CallerProblem
  | CriterionRefusal
  | DecisionProblem
  | DocumentProblem
  | GateProblem
  | GoalRefusal
  | HistoryProblem
  | InstructionsProblem
  | LockPathProblem
  | MailProblem
  | MessageFlaw
  | MetadataFlaw
  | MutexProblem
  | PhaseProblem
  | PoolRefusal
  | ProgressProblem
  | QueueRefusal
  | RadarProblem
  | SeatProblem
  | SettingsProblem
  | StateRefusal
  | StatusRefusal
  | CycleRefusal
  | TicketRefusal
  | TodoRefusal;

export type Outcome<T, P = Problem> = { done: true; value: T } | { done: false; problem: P };

export function done<T>(value: T): { done: true; value: T } {
  return { done: true, value };
}

export function refuse<P>(problem: P): { done: false; problem: P } {
  return { done: false, problem };
}
