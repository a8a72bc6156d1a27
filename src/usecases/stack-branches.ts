/**
 * Stacks the branches of a batch on the target, each upon the one before, as objects only: no worktree is touched. A
 * branch that conflicts with the target alone is in conflict; one that conflicts with an earlier branch of the stack
 * only waits for the next batch, since the earlier one may be rejected.
 */
import type { QueueEntry } from '../domain/queue-entry.ts';
import { buildCandidate, type ConflictReport } from '../storage/candidate.ts';

export interface Member {
  readonly entry: QueueEntry;
  readonly commit: string;
  readonly tree: string;
}

export interface Stacked {
  readonly base: string;
  readonly members: readonly Member[];
  readonly conflicts: readonly { readonly entry: QueueEntry; readonly conflict: ConflictReport }[];
  readonly postponed: readonly QueueEntry[];
  readonly failed: readonly { readonly entry: QueueEntry; readonly step: string; readonly detail: string }[];
  /** Of the line, what was not looked at: the stack was full. */
  readonly rest: readonly QueueEntry[];
}

export function stackBranches(
  home: string,
  base: string,
  line: readonly QueueEntry[],
  size: number,
): Stacked {
  const members: Member[] = [];
  const conflicts: Stacked['conflicts'][number][] = [];
  const postponed: QueueEntry[] = [];
  const failed: Stacked['failed'][number][] = [];
  let at = 0;
  for (; at < line.length && members.length < size; at += 1) {
    const entry = line[at] as QueueEntry;
    const { tip, branch, target } = entry;
    const top = members.at(-1)?.commit ?? base;
    const built = buildCandidate(home, { base: top, tip, branch, target });
    if (built.ok) {
      members.push({ entry, commit: built.commit, tree: built.tree });
      continue;
    }
    const alone = top === base ? built : buildCandidate(home, { base, tip, branch, target });
    if (alone.ok) postponed.push(entry);
    else if ('failed' in alone) failed.push({ entry, ...alone.failed });
    else conflicts.push({ entry, conflict: alone.conflict });
  }
  return { base, members, conflicts, postponed, failed, rest: line.slice(at) };
}
