/**
 * Leases that dead processes hold. The next one to come follows them; but of what is over (a phase that was closed, a
 * worktree that is gone) nobody comes, so a clean-up gives them back.
 */
import { join } from 'node:path';
import { listNames } from './files.ts';
import { releaseDead } from './lease.ts';
import { placeAt } from './place.ts';
import { coordinationPath, listWorkers } from './roster.ts';
import { seatFolder } from './seat.ts';

/**
 * The seat of a worktree that stands is left to its next session, which learns from it who was there before; and that of
 * a worker whose worktree is gone to whoever goes on with the phase elsewhere.
 */
export function leaveDeadLeases(home: string): void {
  const own = placeAt(home);
  if (!own) return;
  const worktrees = listNames(join(own.commonDir, 'worktrees'));
  const workers = listWorkers(home).filter(({ state }) => state === 'active');
  const places = [null, ...worktrees, ...workers.map(({ place }) => place)];
  const asked = new Set(places.map((place) => seatFolder(home, place)));
  const leases = coordinationPath(home, 'leases');
  for (const folder of listNames(leases).map((name) => join(leases, name)))
    if (!asked.has(folder)) releaseDead(folder);
}
