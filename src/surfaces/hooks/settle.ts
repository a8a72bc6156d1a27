/**
 * Brings the documents up to date at a hook: a worker reports what changed in its STATUS.md and has `.progress/`
 * follow it, the coordinator folds.
 */
import type { Outcome, Problem } from '../../domain/problem.ts';
import type { Presence } from '../../storage/light/presence.ts';
import { foldTransitions } from '../../usecases/fold-transitions.ts';
import { reportTransitions } from '../../usecases/report-transitions.ts';
import { showLatestTask, writeProgress } from '../../usecases/write-progress.ts';
import { printProblem } from '../wording/problems.ts';

/** Reports (a worker) or folds (the coordinator) what is due; answers what the session must be told about it. */
export function settleDocuments(presence: Presence): string[] {
  const { caller, place } = presence;
  const { home, root } = place;
  if (caller.kind === 'coordinator') return complaints(foldTransitions(home), showLatestTask(home));
  const { record } = caller;
  if (!record || caller.kind === 'peer') return [];
  const told: string[] = [];
  const tell = (problem: Problem) => told.push(`[coord] ${printProblem(problem)}`);
  const reported = reportTransitions({ home, root, record, tell });
  // With a STATUS.md that cannot be read there is nothing to follow, and one complaint about it is enough.
  const left = reported.done ? writeProgress({ home, root, record }, reported.value.status) : reported;
  return [...told, ...complaints(left)];
}

function complaints(...outcomes: Outcome<unknown>[]): string[] {
  return outcomes.flatMap((outcome) => (outcome.done ? [] : [`[coord] ${printProblem(outcome.problem)}`]));
}
