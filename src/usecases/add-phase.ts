/** Adds a phase to STATE.md; nobody works on it until it is started. */
import { isDisplayName, isIdentifier, isReservedAgent, workerOf } from '../domain/identifiers.ts';
import { done, type Outcome, refuse } from '../domain/problem.ts';
import { addPhase, findPhase, type NewPhase, type StatePhase } from '../domain/state-document.ts';
import { changeState } from '../storage/documents.ts';
import { scopeRuleOf } from '../storage/globs.ts';

export function addPhaseTo(home: string, added: NewPhase): Outcome<StatePhase> {
  const flaw = judgeNames(added);
  if (flaw) return flaw;
  const outcome = changeState(home, (state) => {
    const next = addPhase(state, added);
    if ('code' in next) return refuse(next);
    return { done: true as const, document: next, value: findPhase(next, added.id) as StatePhase };
  });
  return outcome.done ? done(outcome.value.value) : outcome;
}

function judgeNames(
  added: NewPhase,
): { done: false; problem: Extract<Outcome<never>, { done: false }>['problem'] } | undefined {
  if (!isIdentifier(added.id)) return refuse({ code: 'identifier-bad', what: 'phase id', text: added.id });
  // `coord send all` must mean everybody, and no worker.
  if (isReservedAgent(added.id) || isReservedAgent(workerOf(added.id)))
    return refuse({ code: 'identifier-bad', what: 'phase id', text: added.id, isReserved: true });
  if (!isDisplayName(added.name)) return refuse({ code: 'name-bad', what: 'phase name', text: added.name });
  for (const plan of added.plans) {
    if (!isIdentifier(plan.id)) return refuse({ code: 'identifier-bad', what: 'plan id', text: plan.id });
    if (!isDisplayName(plan.title))
      return refuse({ code: 'name-bad', what: `title of plan ${plan.id}`, text: plan.title });
  }
  const glob = added.scope.find((candidate) => !scopeRuleOf(candidate));
  return glob === undefined ? undefined : refuse({ code: 'scope-bad', glob });
}
