/**
 * Orphans: worktrees and branches under coord's naming that belong to no active phase, and entries of the queue whose
 * phase is gone. Doctor lists them; `coord merge reap` takes those away of which nothing is lost.
 */
import type { Keep } from './clean-up.ts';

export type OrphanKind =
  /** A clean-up that a crash interrupted. */
  | 'half-cleaned'
  /** Landed by the queue, and still there. */
  | 'landed'
  /** Of a phase that was closed. */
  | 'closed'
  /** Of a start that a crash interrupted, or that failed. */
  | 'half-started'
  /** Where a phase was worked on before another worktree took it over. */
  | 'left'
  /** Of a subagent that died before it joined a phase, or before it was there. */
  | 'guest'
  /** A branch, and perhaps its worktree, of no phase that is known. */
  | 'unknown'
  /** An integration worktree that no run uses any more. */
  | 'slot'
  /** An entry that waits for a phase that is done or gone. */
  | 'entry';

export interface Orphan {
  readonly kind: OrphanKind;
  readonly id: string;
  readonly phase: string | null;
  readonly worktree: string | null;
  readonly branch: string | null;
  /** Why it is not taken away; undefined when it may be. */
  readonly keep: Keep | undefined;
}
