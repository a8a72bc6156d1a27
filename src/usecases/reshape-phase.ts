/**
 * Changes what a phase consists of after it was added: a further plan, another scope. Whoever owns the plan list adds
 * to it: of a phase that nobody has started, the coordinator in STATE.md; of an active one, its worker in STATUS.md.
 */
import { isDisplayName, isIdentifier } from '../domain/identifiers.ts';
import { done, type Outcome, type Problem, refuse } from '../domain/problem.ts';
import {
  phaseOrRefusal,
  planIdsOf,
  replacePhase,
  type StateDocument,
  type StatePhase,
} from '../domain/state-document.ts';
import { readState } from '../storage/document-kinds.ts';
import { changeState } from '../storage/documents.ts';
import { scopeOf, scopeRuleOf } from '../storage/globs.ts';
import { type Caller, notCoordinator } from '../storage/light/caller.ts';
import { readPlaceRecord, readWorkerRecord, writePlaceRecord } from '../storage/light/roster.ts';
import { change } from './change-status.ts';

export interface AddedPlan {
  readonly phase: string;
  readonly plan: string;
  readonly title: string;
}

export function addPlanTo(
  caller: Caller,
  plan: { id: string; title: string },
  phaseId?: string,
): Outcome<AddedPlan> {
  const { id, title } = plan;
  if (!isIdentifier(id)) return refuse({ code: 'identifier-bad', what: 'plan id', text: id });
  if (!isDisplayName(title)) return refuse({ code: 'name-bad', what: `title of plan ${id}`, text: title });
  const own = caller.record?.phase.id;
  if (own !== undefined && (phaseId === undefined || phaseId === own)) return addToStatus(caller, plan, own);
  if (caller.kind !== 'coordinator' && caller.kind !== 'operator')
    return refuse(notCoordinator(caller, 'add a plan to another phase'));
  return addToState(caller.home, plan, phaseId ?? '');
}

function addToStatus(
  caller: Caller,
  { id, title }: { id: string; title: string },
  own: string,
): Outcome<AddedPlan> {
  const state = readState(caller.home);
  const owner = state.done ? ownerOf(state.value.document, id) : undefined;
  if (owner !== undefined && owner !== own) return refuse({ code: 'plan-id-taken', plan: id, phase: owner });
  const saved = change(caller, 'add a plan', (document) => {
    const isTaken = document.plans.some((plan) => plan.id.toLowerCase() === id.toLowerCase());
    if (isTaken)
      return { changed: { done: false, problem: { code: 'plan-exists', plan: id } }, value: undefined };
    const plans = [...document.plans, { id, title, state: 'not_started' as const, tasks: [] }];
    return { changed: { done: true, document: { ...document, plans } }, value: undefined };
  });
  return saved.done ? done({ phase: own, plan: id, title }) : saved;
}

function addToState(
  home: string,
  { id, title }: { id: string; title: string },
  phaseId: string,
): Outcome<AddedPlan> {
  const outcome = changeState<undefined, Problem>(home, (state) => {
    const phase = phaseOrRefusal(state, phaseId);
    if ('code' in phase) return refuse(phase);
    if (phase.state === 'active')
      return refuse({ code: 'plan-of-worker', plan: id, title, worker: phase.worker });
    if (phase.state === 'done')
      return refuse({ code: 'phase-not-active', phase: phase.id, state: phase.state });
    const owner = ownerOf(state, id);
    if (owner !== undefined) return refuse({ code: 'plan-id-taken', plan: id, phase: owner });
    const plans = [...phase.plans, { id, title, state: 'not_started' as const }];
    return { done: true, document: replacePhase(state, { ...phase, plans }), value: undefined };
  });
  return outcome.done ? done({ phase: phaseId, plan: id, title }) : outcome;
}

function ownerOf(state: StateDocument, plan: string): string | undefined {
  const isIt = (id: string) => id.toLowerCase() === plan.toLowerCase();
  return state.phases.find((phase) => planIdsOf(phase).some(isIt))?.id;
}

/**
 * Sets the scope of a phase; none: all of its worktree. Order: 1 STATE.md, 2 what the guard of its worker reads. Killed
 * in between, the guard still holds the worker to the old scope, until it is set again.
 */
export function setScope(home: string, phaseId: string, globs: readonly string[]): Outcome<StatePhase> {
  const bad = globs.find((glob) => !scopeRuleOf(glob));
  if (bad !== undefined) return refuse({ code: 'scope-bad', glob: bad });
  const outcome = changeState<StatePhase, Problem>(home, (state) => {
    const phase = phaseOrRefusal(state, phaseId);
    if ('code' in phase) return refuse(phase);
    const next = { ...phase, scope: [...globs] };
    return { done: true, document: replacePhase(state, next), value: next };
  });
  if (!outcome.done) return outcome;
  const phase = outcome.value.value;
  const place = readWorkerRecord(home, phase.worker)?.place ?? null;
  const record = readPlaceRecord(home, place);
  if (place !== null && record?.phase.id === phase.id)
    writePlaceRecord(home, place, { ...record, scope: scopeOf(phase) });
  return done(phase);
}
