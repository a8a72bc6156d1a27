/**
 * Takes away a worktree that coord noted, and its branch, in steps that a kill may interrupt anywhere; whoever comes
 * next carries on. A record (cleaning-files) says what is under way, and how far:
 *
 *   going      it is locked (`git worktree lock`, so that git's own housekeeping leaves it), its folder gets another
 *              name, and there it is looked at once more: what was written until then is seen, and from then on nobody
 *              finds the folder by its name. Work that came in between: all is put back, and it stays. Killed in here,
 *              it is put back too, and judged anew.
 *   verified   nothing in it is missed; what a person may want is moved aside, to `queue/kept/<id>/`
 *   emptied    git's record of it goes, then the branch, then its place in the roster; its files are deleted last
 *
 * Nothing is deleted before `emptied`. Submodules can only be looked at where they belong, so with them the last look
 * comes before the renaming. Stashes are shared by all worktrees, and are not touched. All but the deleting runs under
 * the mutex `phases`: nobody starts, joins or cleans up meanwhile.
 */
import { renameSync } from 'node:fs';
import type { Keep } from '../domain/clean-up.ts';
import { endBranch } from '../storage/branch-end.ts';
import {
  type Cleaning,
  holdingOf,
  keptFolder,
  type Manifest,
  readCleaning,
  removeCleaning,
  saveCleaning,
} from '../storage/light/cleaning-files.ts';
import { isErrno } from '../storage/light/files.ts';
import { forgetLeftPlace } from '../storage/light/left-places.ts';
import { statReachable } from '../storage/light/reachable.ts';
import { relativeTo } from '../storage/light/resolution.ts';
import { branchIn, findNoted, isLockLeft, type NotedWorktree } from '../storage/noted-worktree.ts';
import { quietGit } from '../storage/plumbing.ts';
import { deleteFolder, putAside } from '../storage/put-aside.ts';
import { type Contents, hasSubmodules, lookInto } from '../storage/worktree-contents.ts';
import { forgetPlace } from './forget-place.ts';
import { judgeRemoval, judgeStanding, lockReason } from './judge-removal.ts';

export type Part = 'removed' | 'kept' | 'absent';

export interface Removed {
  readonly worktree: Part;
  readonly branch: Part;
  readonly keep: Keep | undefined;
  /** Where what a person may want is, relative to home. */
  readonly aside: string | null;
}

/** The caller holds the mutex `phases`, and calls `deleteRest` when it has let go of it. */
export function removeWorktree(home: string, manifest: Manifest): Removed {
  const open = readCleaning(home, manifest);
  const begun = open && open.stage !== 'going' ? open : begin(home, manifest);
  if ('code' in begun) return { worktree: 'kept', branch: 'kept', keep: begun, aside: null };
  return end(home, begun.stage === 'verified' ? moveAside(home, begun) : begun);
}

/** The last of it: the files, which nobody finds by their name any more. */
export function deleteRest(home: string, manifest: Manifest): Keep | undefined {
  const open = readCleaning(home, manifest);
  if (open?.stage !== 'emptied') return undefined;
  const holding = holdingOf(manifest);
  if (holding !== undefined && !deleteFolder(holding)) return { code: 'undeleted', path: holding };
  const noted = notedOf(home, manifest);
  // Git would not let go of it: the next one tries again.
  if (noted === 'absent') removeCleaning(home, manifest);
  return undefined;
}

function notedOf(home: string, { place, worktree }: Manifest): ReturnType<typeof findNoted> {
  return place === null || worktree === null ? 'absent' : findNoted(home, { place, worktree });
}

/** From nothing, or from `going`, to `verified`; without a folder to `emptied`. */
function begin(home: string, manifest: Manifest): Cleaning | Keep {
  const stuck = putBack(home, manifest);
  if (stuck) return stuck;
  const judged = judgeRemoval(home, manifest);
  if ('code' in judged) return judged;
  const { noted } = judged;
  const { id, worker, place, worktree, branch, target, landed } = manifest;
  const cleaning = { id, worker, place, worktree, branch, target, landed, aside: judged.aside };
  if (noted === 'absent' || !noted.isThere) return saveCleaning(home, { ...cleaning, stage: 'emptied' });
  saveCleaning(home, { ...cleaning, stage: 'going' });
  try {
    const found = lock(home, manifest, noted) ?? settle(home, manifest, noted);
    if (!('code' in found)) return saveCleaning(home, { ...cleaning, stage: 'verified', aside: found.aside });
    return putBack(home, manifest) ?? found;
  } catch (error) {
    // A full disk, say: whoever looks for the worktree finds it where it was.
    putBack(home, manifest);
    throw error;
  }
}

/** Undefined: it is locked, by this clean-up. */
function lock(home: string, manifest: Manifest, noted: NotedWorktree): Keep | undefined {
  const { root } = noted;
  if (isLockLeft(noted)) quietGit(home, ['worktree', 'unlock', root]);
  const locked = quietGit(home, ['worktree', 'lock', '--reason', lockReason(manifest), root]);
  return locked.ok ? undefined : { code: 'refused', detail: locked.stderr };
}

/** The folder gets its other name, and is looked at for the last time. */
function settle(home: string, manifest: Manifest, noted: NotedWorktree): Keep | Contents {
  const { root, gitDir } = noted;
  const holding = holdingOf(manifest) ?? root;
  const look = (at: string) => {
    const standing = { ...noted, root: at, branch: branchIn(gitDir), locked: undefined };
    const keep = judgeStanding(home, manifest, standing);
    return keep ?? lookInto({ home, root: at, gitDir, isMoved: at !== root });
  };
  if (!hasSubmodules(gitDir)) return move(root, holding) ?? look(holding);
  const found = look(root);
  return 'code' in found ? found : (move(root, holding) ?? found);
}

function move(from: string, to: string): Keep | undefined {
  try {
    renameSync(from, to);
    return undefined;
  } catch (error) {
    // Windows does not rename what somebody stands in; a folder may be a mount, or not ours to write.
    if (!isErrno(error, 'EBUSY', 'EPERM', 'EACCES', 'EXDEV', 'EROFS', 'ENOTEMPTY', 'EEXIST', 'ENOENT'))
      throw error;
    return { code: 'busy', what: (error as NodeJS.ErrnoException).code ?? '' };
  }
}

/** Undoes what a clean-up did that came no further than `going`; what keeps it from that, where something does. */
function putBack(home: string, manifest: Manifest): Keep | undefined {
  if (readCleaning(home, manifest)?.stage !== 'going') return undefined;
  const holding = holdingOf(manifest);
  const worktree = manifest.worktree ?? '';
  if (holding !== undefined && statReachable(holding) !== undefined) {
    if (statReachable(worktree) !== undefined)
      return { code: 'not-as-noted', path: worktree, what: `its files are in ${holding}` };
    const stuck = move(holding, worktree);
    if (stuck) return stuck;
  }
  const noted = notedOf(home, manifest);
  if (noted !== 'absent' && !('code' in noted) && noted.locked === lockReason(manifest))
    quietGit(home, ['worktree', 'unlock', noted.root]);
  removeCleaning(home, manifest);
  return undefined;
}

function moveAside(home: string, cleaning: Cleaning): Cleaning {
  const holding = holdingOf(cleaning);
  if (holding !== undefined) putAside(holding, keptFolder(home, cleaning), cleaning.aside);
  return saveCleaning(home, { ...cleaning, stage: 'emptied' });
}

/** Git's record of the worktree, the branch, the roster. Each step may have been done before. */
function end(home: string, cleaning: Cleaning): Removed {
  const noted = notedOf(home, cleaning);
  const holding = holdingOf(cleaning);
  const wasThere = noted !== 'absent' || (holding !== undefined && statReachable(holding) !== undefined);
  const aside = cleaning.aside.length > 0 ? (relativeTo(home, keptFolder(home, cleaning)) ?? null) : null;
  if (noted !== 'absent') {
    if ('code' in noted) return { worktree: 'kept', branch: 'kept', keep: noted, aside };
    if (noted.isThere) {
      // Somebody put it back: it is judged anew, by the next one.
      removeCleaning(home, cleaning);
      const keep: Keep = { code: 'not-as-noted', path: noted.root, what: 'it was put back by hand' };
      return { worktree: 'kept', branch: 'kept', keep, aside };
    }
    const removed = quietGit(home, ['worktree', 'remove', '--force', '--force', noted.root]);
    if (!removed.ok) {
      const keep: Keep = { code: 'refused', detail: removed.stderr };
      return { worktree: 'kept', branch: 'kept', keep, aside };
    }
  }
  const worktree: Part = wasThere ? 'removed' : 'absent';
  const branch = endBranch(home, cleaning);
  forgetPlace(home, cleaning);
  if (typeof branch !== 'string') return { worktree, branch: 'kept', keep: branch, aside };
  if (cleaning.place !== null) forgetLeftPlace(home, cleaning.place);
  return { worktree, branch, keep: undefined, aside };
}
