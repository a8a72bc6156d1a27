/** The part of doctor that looks at where the workers are: worktrees that went, and trees that change unguarded. */
import { placeAt } from '../storage/light/place.ts';
import { guardHeardAt, listSessions, listWorkers } from '../storage/light/roster.ts';
import { isOfAnother } from '../storage/moved-worktree.ts';
import { isTreeYoungerThan } from '../storage/tree-age.ts';
import { isBranchThere, lostTipOf } from './find-lost-branch.ts';
import { followWorktree } from './follow-worktree.ts';

export type WorkerFinding =
  /** `lost`: of a branch that is gone as well, where it stood as far as coord knows, '' where it knows nothing. */
  | {
      code: 'worktree-gone';
      worker: string;
      phase: string;
      worktree: string;
      branch: string;
      lost: string | null;
    }
  /** The folder is there, and is no worktree of this repository any more. */
  | { code: 'worktree-unlinked'; worker: string; phase: string; worktree: string }
  /** This project was copied without it: the folder is a living worktree of another repository. */
  | { code: 'worktree-foreign'; worker: string; phase: string; worktree: string }
  | { code: 'worktree-moved'; worker: string; worktree: string; to: string; repaired: boolean }
  | { code: 'guard-silent'; worker: string; worktree: string };

export function checkWorkers(home: string, repair: boolean): WorkerFinding[] {
  const found: WorkerFinding[] = [];
  const sessions = listSessions(home);
  for (const noted of listWorkers(home)) {
    const { worker, phase, worktree, branch, state, place } = noted;
    const to = followWorktree(home, noted, repair);
    if (to !== undefined) found.push({ code: 'worktree-moved', worker, worktree, to, repaired: repair });
    if (state !== 'active' || to !== undefined) continue;
    const standing = placeAt(worktree);
    if (!standing) {
      const lost = isBranchThere(home, branch) ? null : (lostTipOf(home, { id: phase }) ?? '');
      found.push({ code: 'worktree-gone', worker, phase, worktree, branch, lost });
      continue;
    }
    if (isOfAnother(home, worktree)) {
      found.push({ code: 'worktree-foreign', worker, phase, worktree });
      continue;
    }
    if (standing.home !== home) {
      found.push({ code: 'worktree-unlinked', worker, phase, worktree });
      continue;
    }
    const session = sessions.find((candidate) => candidate.place === place);
    const heardAt = place === null ? undefined : guardHeardAt(home, place);
    if (session && isTreeYoungerThan(worktree, Math.max(heardAt ?? 0, session.heardAtMs))) {
      found.push({ code: 'guard-silent', worker, worktree });
    }
  }
  return found;
}
