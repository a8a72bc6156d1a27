/**
 * What is known of a branch that is to land: gathered by storage/branch-facts and its neighbours, judged by preflight.
 * A part that was not asked, or cannot be there because an earlier one is missing, is undefined.
 *
 * Glossary. *target*, *tip*: as in queue-entry. *base*: the merge base of target and tip; what the branch changed is
 * the difference from there. *start*: the commit that the phase was started from. *checkout*: a worktree that has the
 * target checked out.
 */

import type { Evidence } from '../evidence.ts';
import type { ScopeRule } from '../ground.ts';
import type { PlaceName } from '../place-name.ts';
import type { Waiver } from '../queue-entry.ts';

/** `add`: when a branch is put into the queue. `run`: when it is taken up; what lands then is the tip that was added. */
export type Moment = 'add' | 'run';

export type TargetState = 'there' | 'missing' | 'unborn' | 'detached' | 'own-branch';

export interface TargetFacts {
  /** Empty where the primary worktree stands on no branch. */
  readonly name: string;
  readonly state: TargetState;
  readonly commit: string | undefined;
  /** True when the setting names it; else it is what the primary worktree stands on. */
  readonly isSet: boolean;
}

/** A file of the tree, by its path's bytes (one character each, so that no two paths meet) and as people read it. */
export interface TreePath {
  readonly key: string;
  readonly path: string;
}

export interface Change extends TreePath {
  readonly kind: 'added' | 'modified' | 'deleted' | 'renamed' | 'type-changed';
  readonly oldMode: string;
  readonly newMode: string;
  readonly oldBlob: string;
  readonly newBlob: string;
  /** Of a rename: where it was. */
  readonly from?: TreePath;
}

export interface HistoryFacts {
  /** Undefined: target and tip have no ancestor in common. */
  readonly base: string | undefined;
  readonly isInTarget: boolean;
  /** False at a run when the branch was rewritten after it was added. */
  readonly holdsTip: boolean;
  readonly start: string | undefined;
  /** `lost`: the target holds the start and the branch does not. `foreign`: the branch holds it and the target does not. */
  readonly startFlaw: 'lost' | 'foreign' | undefined;
  /** Of a foreign start: another branch that has it, and that nobody works a phase on. */
  readonly startOn?: string;
  /** Other active phases whose commits, not landed yet, the branch has taken along. */
  readonly mixedIn: readonly { readonly phase: string; readonly branch: string }[];
}

export interface DirtyFile extends TreePath {
  /** `hidden`: git was told to take it for unchanged, and it is not. */
  readonly kind: 'changed' | 'staged' | 'untracked' | 'unmerged' | 'hidden';
}

export type UnderWay = 'merge' | 'rebase' | 'cherry-pick' | 'revert' | 'bisect';

export interface WorktreeFacts {
  readonly root: string;
  /** Undefined: a detached HEAD. */
  readonly branch: string | undefined;
  readonly underWay: UnderWay | undefined;
  readonly dirty: readonly DirtyFile[];
  readonly dirtySubmodules: readonly TreePath[];
}

export interface ChangeFacts {
  readonly changes: readonly Change[];
  /** Lines of .gitignore by which coord's own files stay out of git, and that the branch takes away or undoes. */
  readonly ignoreLost: readonly string[];
}

export interface CheckoutFacts {
  readonly root: string;
  /** Tracked files with uncommitted changes that the branch changes too. */
  readonly dirty: readonly string[];
  /** Untracked or ignored files and folders that lie where the branch writes. */
  readonly inTheWay: readonly string[];
  /** What git is in the middle of there: the ref must not move under it. */
  readonly underWay: string | undefined;
}

export interface SubmoduleFlaw extends TreePath {
  readonly flaw: 'absent' | 'unpushed' | 'no-entry';
  readonly commit: string;
}

export interface LfsFlaw extends TreePath {
  readonly flaw: 'no-pointer' | 'no-object';
}

export interface EvidenceFacts {
  readonly validations: readonly string[];
  readonly evidence: readonly Evidence[];
  readonly place: PlaceName;
  /** What the tip holds, without coord's own documents, as evidence sees it. */
  readonly tree: string | undefined;
}

export interface PhaseFacts {
  readonly id: string;
  readonly folder: string;
  readonly branch: string;
  readonly scope: readonly ScopeRule[];
  /** It is closed, and is not started again. */
  readonly isDone?: true;
}

export interface PreflightFacts {
  readonly moment: Moment;
  readonly phase: PhaseFacts;
  readonly target: TargetFacts;
  /** The worktree of the phase, where it is there. */
  readonly root: string | undefined;
  /** Undefined: the branch is not there. */
  readonly tip: string | undefined;
  /** The branch is there, and the commit that was queued is not any more: git has thrown it away since. */
  readonly isTipLost?: true;
  /** Where the branch is not there: what its worktree stands on. */
  readonly standsOn?: string;
  /** What an earlier adding knew of the branch's tip, to bring it back by. */
  readonly tipBefore: string | undefined;
  readonly deletionsMax: number;
  readonly caseBlind: boolean;
  readonly waived: readonly Waiver[];
  readonly history?: HistoryFacts;
  readonly worktree?: WorktreeFacts;
  readonly changed?: ChangeFacts;
  readonly checkouts?: readonly CheckoutFacts[];
  readonly submodules?: readonly SubmoduleFlaw[];
  readonly lfs?: readonly LfsFlaw[];
  readonly proof?: EvidenceFacts;
}
