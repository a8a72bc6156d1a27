/**
 * Where a branch stood that is gone with its worktree (`git branch -D`, a renaming): the newest commit of its phase that
 * coord has noted. Git keeps it for two weeks at least, though nothing names it any more.
 */
import type { StatePhase } from '../domain/state-document.ts';
import { readState } from '../storage/document-kinds.ts';
import { git, hasBranch, isAncestor } from '../storage/git.ts';
import { openEntryOf } from '../storage/light/queue-files.ts';

/** Whether a branch is there, in this clone or at a remote. */
export function isBranchThere(home: string, branch: string): boolean {
  const refs = ['for-each-ref', '--format=%(refname)', `refs/remotes/*/${branch}`];
  return hasBranch(home, branch) || git(home, refs).stdout.trim() !== '';
}

/** Undefined where none is known, or all of it is in HEAD. */
export function lostTipOf(home: string, phase: Pick<StatePhase, 'id'>): string | undefined {
  const loaded = readState(home);
  const { milestones, phases } = loaded.done ? loaded.value.document : { milestones: [], phases: [] };
  // The latest first: of lines that were rewritten in between no other holds it.
  const noted = [
    ...milestones.flatMap((one) => (one.phase === phase.id ? [one.commit] : [])).reverse(),
    openEntryOf(home, phase.id)?.tip,
    ...(phases.find(({ id }) => id === phase.id)?.plans ?? []).map(({ commit }) => commit),
  ];
  const there = [...new Set(noted)].filter((commit) => commit !== undefined && isCommit(home, commit));
  const [first, ...more] = there as string[];
  if (first === undefined) return undefined;
  const newest = more.reduce((best, one) => (isAncestor(home, best, one) ? one : best), first);
  return isAncestor(home, newest, 'HEAD') ? undefined : newest;
}

function isCommit(home: string, commit: string): boolean {
  return git(home, ['cat-file', '-e', `${commit}^{commit}`]).ok;
}
