/** Whether a worktree that coord noted, and its branch, may go; and why not. Changes nothing. */
import type { Keep } from '../domain/clean-up.ts';
import { isLanded, judgeBranch, takenBack } from '../storage/branch-end.ts';
import { nowMs } from '../storage/clock.ts';
import type { Manifest } from '../storage/light/cleaning-files.ts';
import { findNoted, isLockLeft, type NotedWorktree } from '../storage/noted-worktree.ts';
import { occupantOf } from '../storage/occupants.ts';
import { quietGit } from '../storage/plumbing.ts';
import { lookInto } from '../storage/worktree-contents.ts';

export interface Judged {
  /** `absent`: there is only a branch, if that. */
  readonly noted: NotedWorktree | 'absent';
  /** Paths in it that are to be moved aside before it goes. */
  readonly aside: readonly string[];
}

export function judgeRemoval(home: string, manifest: Manifest): Judged | Keep {
  const back = takenBack(home, manifest);
  if (back) return back;
  const { place, worktree } = manifest;
  const noted = place === null || worktree === null ? 'absent' : findNoted(home, { place, worktree });
  if (noted === 'absent') return { noted, aside: [] };
  if ('code' in noted) return noted;
  const keep = judgeStanding(home, manifest, noted);
  if (keep || !noted.isThere) return keep ?? { noted, aside: [] };
  const found = lookInto({ home, root: noted.root, gitDir: noted.gitDir, isMoved: false });
  return 'code' in found ? found : { noted, aside: found.aside };
}

/** The mark of a lock that a clean-up has put there itself. */
export function lockReason({ id }: Manifest): string {
  return `coord is cleaning up after ${id}`;
}

/** All but what lies in it: who is there, what is locked, what is checked out. */
export function judgeStanding(home: string, manifest: Manifest, noted: NotedWorktree): Keep | undefined {
  const { root, gitDir, isThere, locked, branch } = noted;
  if (locked !== undefined && locked !== lockReason(manifest) && !isLockLeft(noted))
    return { code: 'locked', reason: locked };
  const occupant = isThere ? occupantOf(home, manifest.place ?? '', root, nowMs()) : undefined;
  if (occupant) return { code: 'in-use', ...occupant };
  if (branch === manifest.branch) {
    const judged = judgeBranch(home, manifest, root);
    return judged !== 'absent' && 'code' in judged ? judged : undefined;
  }
  if (branch !== undefined) return { code: 'other-branch', branch };
  // Asked of git's own folder of it: run in a worktree that was moved, git would note the new place.
  const head = quietGit(home, ['--git-dir', gitDir, 'rev-parse', '--verify', '--quiet', 'HEAD^{commit}']);
  const isSafe = head.ok && isLanded(home, manifest, head.stdout.trim());
  return isSafe ? undefined : { code: 'unmerged', branch: 'its HEAD', target: manifest.target };
}
