/**
 * Leases that dead processes hold. The next one to come follows them; but of what is over (a phase that was closed, a
 * worktree that is gone) nobody comes, so a clean-up gives them back.
 */
import { join } from 'node:path';
import { listNames } from './files.ts';
import { releaseDead } from './lease.ts';
import { placeAt } from './place.ts';
import { coordinationPath } from './roster.ts';
import { seatFolder } from './seat.ts';

/** The seat of a worktree that stands is left to its next session, which learns from it who was there before. */
export function leaveDeadLeases(home: string): void {
  const worktrees = listNames(join(placeAt(home)?.commonDir ?? '', 'worktrees'));
  const standing = new Set([null, ...worktrees].map((place) => seatFolder(home, place)));
  const leases = coordinationPath(home, 'leases');
  for (const folder of listNames(leases).map((name) => join(leases, name)))
    if (!standing.has(folder)) releaseDead(folder);
}
