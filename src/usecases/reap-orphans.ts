/**
 * Takes away, on request, the orphans of which nothing is lost, by the rules of every clean-up, and names the others
 * with the reason. Also lets go of what dead processes hold or left half-written, and of what clean-ups kept for a while:
 * the commits that branches had before they landed, and what was put aside.
 */
import type { Keep } from '../domain/clean-up.ts';
import type { Orphan } from '../domain/orphan.ts';
import { done, type Outcome } from '../domain/problem.ts';
import { nowMs } from '../storage/clock.ts';
import { removeSlot } from '../storage/idle-slots.ts';
import { leaveDeadLeases } from '../storage/light/dead-leases.ts';
import { removeIfThere } from '../storage/light/files.ts';
import { coordinationPath, fileNameOf } from '../storage/light/roster.ts';
import { removeGuarded } from './clean-landed.ts';
import { expireKept } from './expire-kept.ts';
import { type FoundOrphan, findOrphans } from './find-orphans.ts';
import { listHalfWritten, sweepHalfWritten } from './sweep-half-written.ts';

export interface Reaped {
  readonly reaped: readonly (Orphan & { aside: string | null })[];
  readonly kept: readonly Orphan[];
}

export function reapOrphans(home: string, isDryRun: boolean): Outcome<Reaped> {
  const found = findOrphans(home);
  if (!found.done) return found;
  const reaped: (Orphan & { aside: string | null })[] = [];
  const kept: Orphan[] = [];
  for (const one of found.value) {
    const taken = one.orphan.keep || isDryRun ? { keep: one.orphan.keep, aside: null } : reap(home, one);
    const { orphan } = one;
    if (taken.keep) kept.push({ ...orphan, keep: taken.keep });
    else reaped.push({ ...orphan, aside: taken.aside });
  }
  if (!isDryRun) {
    leaveDeadLeases(home);
    sweepHalfWritten(listHalfWritten(home, nowMs()), nowMs());
    expireKept(home, nowMs());
  }
  return done({ reaped, kept });
}

function reap(
  home: string,
  { orphan, manifest }: FoundOrphan,
): { keep: Keep | undefined; aside: string | null } {
  if (orphan.kind === 'slot' && orphan.worktree !== null)
    return {
      keep: removeSlot(home, { name: orphan.id, root: orphan.worktree, keep: undefined }),
      aside: null,
    };
  if (!manifest) return { keep: orphan.keep, aside: null };
  const removed = removeGuarded(home, manifest);
  if (!removed.keep && orphan.kind === 'half-started')
    removeIfThere(
      coordinationPath(home, 'roster', 'starting', `${fileNameOf(orphan.id.slice('start-'.length))}.json`),
    );
  return removed;
}
