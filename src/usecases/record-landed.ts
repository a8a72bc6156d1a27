/**
 * What is kept of branches that landed: the breaking changes that their commits declare go to DECISIONS.md, phases
 * that are done to docs/history. Never fatal: the work is on the target already; what a kill prevents, the next close
 * or landing archives.
 */
import type { Outcome } from '../domain/problem.ts';
import { listEntries } from '../storage/light/queue-files.ts';
import { archivePhases } from './archive-phases.ts';
import { logBreakingChanges } from './log-transition.ts';
import type { Scribe } from './write-history.ts';

export interface LandedBranch {
  readonly entry: string;
  readonly phase: string;
  /** Where the target stands with it. */
  readonly commit: string;
}

/** In the order in which they were stacked: each begins where the one before it ended. */
export function recordLanded(scribe: Scribe, landed: readonly LandedBranch[]): Outcome<string[]> {
  const { entries } = listEntries(scribe.home);
  let from: string | undefined;
  for (const { entry, phase, commit } of landed) {
    const attempt = entries.find((one) => one.id === entry)?.history.at(-1);
    const base = from ?? attempt?.onto ?? undefined;
    if (base !== undefined) logBreakingChanges(scribe, phase, { from: base, to: commit });
    from = commit;
  }
  return archivePhases(scribe);
}
