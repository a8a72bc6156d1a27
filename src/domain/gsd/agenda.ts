/**
 * What a Get Shit Done project has beside its phases, on its way into STATE.md: success criteria of new phases, milestones
 * as goals, what is to be done. Each adds, up to STATE.md's limits, and says what found no place. Pure.
 */
import { addCriterion } from '../criterion.ts';
import { addGoal } from '../goal.ts';
import { isIdentifier } from '../identifiers.ts';
import type { StateDocument } from '../state-document.ts';
import { addTodo } from '../todo.ts';
import type { GsdGoal, GsdProject, KnownPhase } from './project.ts';
import { type GsdNote, noteOf } from './text.ts';

export function withCriteria(
  state: StateDocument,
  added: readonly KnownPhase[],
  at: string,
  notes: GsdNote[],
): StateDocument {
  let next = state;
  for (const one of added) {
    for (const { text, met } of one.criteria) {
      const grown = addCriterion(next, one.id, text);
      if ('code' in grown) {
        notes.push(noteOf(one.file, one.line, 'too-many', text));
        return next;
      }
      const last = `C${grown.criteria_last}`;
      next = met ? metNow(grown, last, at) : grown;
    }
  }
  return next;
}

/** GSD looks at them itself before it calls a phase done. */
function metNow(state: StateDocument, id: string, at: string): StateDocument {
  return { ...state, criteria: state.criteria.map((one) => (one.id === id ? { ...one, met: at } : one)) };
}

export function withGoals(
  state: StateDocument,
  goals: readonly GsdGoal[],
  added: readonly KnownPhase[],
  at: string,
  notes: GsdNote[],
): { state: StateDocument; added: string[] } {
  let next = state;
  const names: string[] = [];
  const isNew = (id: string) => added.some((one) => one.id === id);
  for (const goal of goals) {
    const known = next.goals.find((one) => one.id.toLowerCase() === goal.id.toLowerCase());
    const there = goal.phases.filter((id) => next.phases.some((phase) => phase.id === id));
    if (known) {
      const more = there.filter((id) => isNew(id) && !known.phases.includes(id));
      const grown = { ...known, phases: [...known.phases, ...more] };
      if (more.length > 0 && known.reached === undefined)
        next = { ...next, goals: next.goals.map((one) => (one === known ? grown : one)) };
      continue;
    }
    if (!isIdentifier(goal.id)) {
      notes.push({ ...goal.note, why: 'item' });
      continue;
    }
    const grown = addGoal(next, { id: goal.id, name: goal.name, phases: there });
    if ('code' in grown) continue;
    names.push(goal.id);
    const isOver = there.every((id) => next.phases.find((phase) => phase.id === id)?.state === 'done');
    const isReached = isOver && (goal.shipped || there.length > 0);
    if (goal.shipped && !isOver) notes.push(goal.note);
    const reached = goal.day === undefined || !goal.shipped ? at : `${goal.day}T00:00:00.000Z`;
    next = isReached
      ? { ...grown, goals: grown.goals.map((one) => (one.id === goal.id ? { ...one, reached } : one)) }
      : grown;
  }
  return { state: next, added: names };
}

export function withTodo(
  state: StateDocument,
  project: GsdProject,
  at: string,
  notes: GsdNote[],
): StateDocument {
  let next = state;
  for (const { priority, text } of project.todo) {
    const grown = addTodo(next, priority, text, at);
    if ('code' in grown) {
      notes.push({ file: '', line: 0, text, why: 'too-many' });
      break;
    }
    next = grown;
  }
  return next;
}
