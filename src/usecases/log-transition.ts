/**
 * Records in DECISIONS.md what happens to a phase by itself: that it was started, that it is done, and the breaking
 * changes that its commits declare (seed 001). Never fatal: the phase moves on. What was recorded before a kill is not
 * recorded again.
 */

import { breakingChangesIn } from '../domain/breaking-change.ts';
import { countsOf, type StatePhase } from '../domain/state-document.ts';
import { printCounts } from '../domain/transition.ts';
import { nowMs } from '../storage/clock.ts';
import { git } from '../storage/git.ts';
import { noteAct } from '../storage/light/journal.ts';
import { recordForProject } from './record-decision.ts';
import type { Scribe } from './write-history.ts';

const NOTHING = { alternatives: [], consequences: [], supersedes: [], state: 'accepted' as const };
const COMMITS_MAX = 500;

export function logPhaseStarted(scribe: Scribe, phase: StatePhase): void {
  const { id, name, worker, branch, plans } = phase;
  attempt(scribe, {
    ...NOTHING,
    title: `Phase ${id} (${name}) begins`,
    context: `${plans.length} plan(s): ${plans.map((plan) => plan.id).join(', ') || 'none yet'}`,
    decision: `${worker} works on it${branch ? `, on branch ${branch}` : ''}.`,
    phase: id,
  });
}

export function logPhaseDone(scribe: Scribe, phase: StatePhase): void {
  const { id, name, commit } = phase;
  attempt(scribe, {
    ...NOTHING,
    title: `Phase ${id} (${name}) is done`,
    context: `Plans: ${printCounts(countsOf(phase))}`,
    decision: `Its work is accepted${commit ? `, at ${commit.slice(0, 12)}` : ''}.`,
    phase: id,
  });
}

/** Of the commits that a phase brings: all that `to` holds and `from` does not. */
export function logBreakingChanges(
  scribe: Scribe,
  phase: string,
  commits: { from: string; to: string },
): void {
  for (const change of readBreakingChanges(scribe.home, commits))
    attempt(scribe, {
      ...NOTHING,
      title: `Breaking change: ${change.subject}`,
      context: `Declared by commit ${change.sha.slice(0, 12)} of phase ${phase}`,
      decision: change.what,
      consequences: ['Negative: whoever relies on what it changes has to follow.'],
      phase,
    });
}

function readBreakingChanges(home: string, { from, to }: { from: string; to: string }) {
  const log = git(home, ['log', '-z', `-${COMMITS_MAX}`, '--format=%H%x01%B', `${from}..${to}`, '--']);
  if (!log.ok) return [];
  return log.stdout
    .split('\0')
    .map((entry) => entry.split('\u0001'))
    .flatMap(([sha = '', message = '']) =>
      breakingChangesIn(message).map((change) => ({ sha: sha.trim(), ...change })),
    )
    .reverse();
}

function attempt(scribe: Scribe, decision: Parameters<typeof recordForProject>[1]): void {
  const outcome = recordForProject(scribe, decision, true);
  if (!outcome.done)
    noteAct(scribe.home, { act: 'not-logged', title: decision.title, why: outcome.problem.code }, nowMs());
}
