/** Brings the documents up to date at a hook: a worker reports what changed in its STATUS.md, the coordinator folds. */
import type { Presence } from '../../storage/light/presence.ts';
import { foldTransitions } from '../../usecases/fold-transitions.ts';
import { reportTransitions } from '../../usecases/report-transitions.ts';
import { printProblem } from '../wording/problems.ts';

/** Reports (a worker) or folds (the coordinator) what is due; answers what the session must be told about it. */
export function settleDocuments(presence: Presence): string[] {
  const { caller, place } = presence;
  if (caller.kind === 'coordinator') {
    const folded = foldTransitions(place.home);
    return folded.done ? [] : [`[coord] ${printProblem(folded.problem)}`];
  }
  if (!caller.record) return [];
  const reported = reportTransitions({ home: place.home, root: place.root, record: caller.record });
  return reported.done ? [] : [`[coord] ${printProblem(reported.problem)}`];
}
