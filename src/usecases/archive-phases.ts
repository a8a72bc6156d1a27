/**
 * Archives phases that are done: what STATE.md says of one in full is written to `docs/history/<phase>.md`; in STATE.md
 * the latest few stay as they are, and of older ones one line stays with the counts (seed 001: keep it concise; seed
 * 000: the full view of all phases).
 *
 * It is also the moment at which a phase is told of in DECISIONS.md: of each, once.
 *
 * Order: 1 DECISIONS.md; then, under the mutex of STATE.md, 2 the history file, whole, 3 STATE.md with its name. Killed
 * in between, all of it is done again: the decision is found there, and the file is written anew, the same.
 */

import { criteriaOf } from '../domain/criterion.ts';
import { done, type Outcome, type Problem, refuse } from '../domain/problem.ts';
import {
  countsOf,
  planIdsOf,
  replacePhase,
  type StateDocument,
  type StatePhase,
} from '../domain/state-document.ts';
import { readState } from '../storage/document-kinds.ts';
import { changeState } from '../storage/documents.ts';
import { isAncestor } from '../storage/git.ts';
import { printPhaseHistory } from '../storage/rendering-state.ts';
import { logBreakingChanges, logPhaseDone } from './log-transition.ts';
import { HISTORY_FOLDER, type Scribe, writeHistory } from './write-history.ts';

const KEPT_IN_FULL = 5;

/** Archives what is done and not archived yet; answers the phases. */
export function archivePhases(scribe: Scribe): Outcome<string[]> {
  const loaded = readState(scribe.home);
  if (!loaded.done) return loaded;
  for (const phase of loaded.value.document.phases)
    if (phase.state === 'done' && phase.archived === undefined) logDone(scribe, phase);
  let archived: string[] = [];
  const outcome = changeState<undefined, Problem>(scribe.home, (state) => {
    archived = [];
    let next = state;
    for (const phase of doneLatestFirst(state)) {
      if (phase.archived !== undefined) continue;
      const file = `${HISTORY_FOLDER}/${phase.folder}.md`;
      const problem = writeHistory(scribe, file, printPhaseHistory(state, phase));
      if (problem) return refuse(problem);
      archived.push(phase.id);
      next = replacePhase(next, { ...phase, archived: file });
    }
    for (const phase of doneLatestFirst(next).slice(KEPT_IN_FULL)) next = thin(next, phase);
    return { done: true, document: next, value: undefined };
  });
  return outcome.done ? done(archived) : outcome;
}

/** What the queue landed is in the target already, and was looked through when it landed. */
function logDone(scribe: Scribe, phase: StatePhase): void {
  logPhaseDone(scribe, phase);
  const { commit } = phase;
  if (commit !== undefined && !isAncestor(scribe.home, commit, 'HEAD'))
    logBreakingChanges(scribe, phase.id, { from: 'HEAD', to: commit });
}

function doneLatestFirst({ phases }: StateDocument): StatePhase[] {
  return phases
    .filter((phase) => phase.state === 'done')
    .sort((a, b) => (String(a.closed ?? '') < String(b.closed ?? '') ? 1 : -1));
}

/** Of an archived phase the counts and the ids stay; all else stands in its file. */
function thin(state: StateDocument, phase: StatePhase): StateDocument {
  const isThin = phase.plans.length + phase.blockers.length === 0;
  if (isThin && !state.milestones.some((one) => isDetail(one, phase))) return state;
  const reported = phase.reported ?? {
    revision: 0,
    at: phase.closed ?? state.updated,
    counts: countsOf(phase),
  };
  const plan_ids = planIdsOf(phase);
  const met = criteriaOf(state, phase.id).filter((one) => one.met !== undefined);
  return {
    ...replacePhase(state, { ...phase, reported, plan_ids, plans: [], blockers: [] }),
    milestones: state.milestones.filter((one) => !isDetail(one, phase)),
    criteria: state.criteria.filter((one) => !met.includes(one)),
  };
}

/** What a phase came through; that it was closed, or landed, stays. */
function isDetail({ phase, event }: StateDocument['milestones'][number], { id }: StatePhase): boolean {
  return phase === id && (event === 'plan_complete' || event === 'phase_complete');
}
