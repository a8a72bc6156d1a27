/**
 * The part of doctor that looks for what is left of work that is over: worktrees, branches, integration slots, entries
 * of the queue. It names them; `coord merge reap` takes away what may go. What somebody still stands in is no orphan.
 */
import { whyKept } from '../domain/clean-up.ts';
import type { Orphan } from '../domain/orphan.ts';
import { findOrphans } from './find-orphans.ts';

/** `why` it is not taken away; null when it may be. */
export type OrphanFinding = Orphan & { code: 'orphan'; why: string | null };

export function checkOrphans(home: string): OrphanFinding[] {
  const found = findOrphans(home);
  // Without STATE.md nobody can tell which phases there are; that is another finding.
  if (!found.done) return [];
  return found.value
    .map(({ orphan }) => orphan)
    .filter(({ keep }) => keep?.code !== 'in-use')
    .map((orphan) => ({ code: 'orphan', ...orphan, why: orphan.keep ? whyKept(orphan.keep) : null }));
}
