/** What roles do with a cycle while they have the turn: tasks, questions to the user, words for another role. */

import { withTaskStatus } from '../domain/cycle/content.ts';
import {
  type Cycle,
  type CycleRole,
  type Feedback,
  isOpen,
  type PendingDecision,
  roleOnTurn,
} from '../domain/cycle/cycle.ts';
import { noted } from '../domain/cycle/moves.ts';
import type { CycleTask } from '../domain/cycle/parts.ts';
import type { CycleRefusal } from '../domain/cycle/refusal.ts';
import { readyTasks, waitsOn } from '../domain/cycle/tasks.ts';
import { done, type Outcome, refuse } from '../domain/problem.ts';
import { changeCycle } from '../storage/cycle-files.ts';
import type { Caller } from '../storage/light/caller.ts';
import { cycleOf } from './find-cycle.ts';
import { withBlockers } from './judge-cycle.ts';
import { doingOf } from './steer-cycle.ts';

const TEXT_MAX = 4_000;
const OPTIONS_MAX = 10;
const DECISIONS_MAX = 200;
const FEEDBACK_MAX = 2_000;

/** The last word of the verb, and the state that a task has then. */
export const TASK_VERBS: Readonly<Record<string, CycleTask['status']>> = {
  start: 'in_progress',
  done: 'completed',
  block: 'blocked',
  reset: 'pending',
};

function change<V>(
  caller: Caller,
  given: string | undefined,
  make: (cycle: Cycle) => Outcome<{ cycle: Cycle; value: V }, CycleRefusal>,
): Outcome<{ cycle: Cycle; value: V }> {
  const found = cycleOf(caller, given);
  if (!found.done) return found;
  return changeCycle(caller.home, found.value.cycle_id, (cycle) => {
    const made = make(cycle);
    if (!made.done) return made;
    const next = made.value.cycle;
    return done({ cycle: next === cycle ? next : withBlockers(caller.home, next), value: made.value.value });
  });
}

function textFlaw(what: string, text: string): CycleRefusal | undefined {
  if (text.trim() === '') return { code: 'cycle-text', what, why: 'it is empty' };
  if (text.length > TEXT_MAX)
    return { code: 'cycle-text', what, why: `it is longer than ${TEXT_MAX} characters` };
  return undefined;
}

function openFlaw(cycle: Cycle, move: string): CycleRefusal | undefined {
  const { cycle_id, status } = cycle;
  return isOpen(cycle) ? undefined : { code: 'cycle-move', cycle: cycle_id, status, move, can: ['extend'] };
}

/** Tasks are begun in the order of what they depend on, and while the cycle runs. */
export function setTask(
  caller: Caller,
  given: string | undefined,
  id: string,
  verb: string,
): Outcome<{ cycle: Cycle; task: CycleTask; ready: string[] }> {
  const status = TASK_VERBS[verb];
  if (status === undefined) throw new Error(`${verb} is no verb of a task`);
  const changed = change(caller, given, (cycle) => {
    const { cycle_id, status: state } = cycle;
    if (state !== 'running')
      return refuse({ code: 'cycle-move', cycle: cycle_id, status: state, move: `task ${verb}`, can: [] });
    const tasks = cycle.plan?.tasks ?? [];
    const task = tasks.find((one) => one.id === id);
    const known = tasks.map((one) => one.id);
    if (!task) return refuse({ code: 'cycle-task-unknown', cycle: cycle_id, task: id, known });
    const on = waitsOn(tasks, task);
    if ((verb === 'start' || verb === 'done') && on.length > 0)
      return refuse({ code: 'cycle-task-waits', cycle: cycle_id, task: id, on });
    if (task.status === status) return done({ cycle, value: task });
    const doing = doingOf(roleOnTurn(cycle) ?? caller.name);
    const next = noted(withTaskStatus(cycle, id, status, doing.at), doing, 'task', `${id} ${status}`);
    return done({ cycle: next, value: { ...task, status } });
  });
  if (!changed.done) return changed;
  const { cycle, value: task } = changed.value;
  return done({ cycle, task, ready: readyTasks(cycle.plan?.tasks ?? []).map((one) => one.id) });
}

/** A question that only the user can answer; the next agent waits until it is. */
export function askUser(
  caller: Caller,
  given: string | undefined,
  question: string,
  options: readonly string[],
): Outcome<{ cycle: Cycle; decision: PendingDecision }> {
  const changed = change(caller, given, (cycle) => {
    const flaw = openFlaw(cycle, 'ask') ?? textFlaw('question', question);
    if (flaw) return refuse(flaw);
    const bad = options.map((option) => textFlaw('option', option)).find((one) => one !== undefined);
    if (bad) return refuse(bad);
    const before = cycle.coordination.pending_decisions;
    if (options.length > OPTIONS_MAX || before.length >= DECISIONS_MAX)
      return refuse({ code: 'cycle-text', what: 'question', why: 'there are too many of them' });
    const numbers = before.map(({ id }) => Number(/^D(\d+)$/.exec(id)?.[1] ?? 0));
    const id = `D${Math.max(0, ...numbers) + 1}`;
    const decision: PendingDecision = { id, description: question, options, status: 'pending' };
    const coordination = { ...cycle.coordination, pending_decisions: [...before, decision] };
    const doing = doingOf(roleOnTurn(cycle) ?? caller.name);
    return done({
      cycle: noted({ ...cycle, coordination }, doing, 'ask', `${id}: ${question}`),
      value: decision,
    });
  });
  return changed.done ? done({ cycle: changed.value.cycle, decision: changed.value.value }) : changed;
}

/** By its number where the options have any, or in its own words where none were given. */
export function answerQuestion(
  caller: Caller,
  given: string | undefined,
  id: string,
  answer: string,
): Outcome<{ cycle: Cycle; decision: PendingDecision }> {
  const changed = change(caller, given, (cycle) => {
    const { cycle_id } = cycle;
    const flaw = openFlaw(cycle, 'answer') ?? textFlaw('answer', answer);
    if (flaw) return refuse(flaw);
    const before = cycle.coordination.pending_decisions;
    const pending = before.filter(({ status }) => status === 'pending');
    const found = pending.find((one) => one.id === id);
    const known = pending.map((one) => one.id);
    if (!found) return refuse({ code: 'cycle-decision-unknown', cycle: cycle_id, decision: id, known });
    const options = [...found.options];
    const chosen = options.find((option) => option === answer) ?? options[Number(answer) - 1];
    if (options.length > 0 && chosen === undefined)
      return refuse({ code: 'cycle-option-unknown', cycle: cycle_id, decision: id, option: answer, options });
    const chosen_option = chosen ?? answer;
    const decision: PendingDecision = { ...found, status: 'made', made_by: caller.name, chosen_option };
    const doing = doingOf(caller.name);
    const told: Feedback = {
      timestamp: doing.at,
      source: 'user',
      target: roleOnTurn(cycle) ?? 'ra',
      content: `${found.description} ${chosen_option}`,
      type: 'clarification',
    };
    const coordination = {
      ...cycle.coordination,
      pending_decisions: before.map((one) => (one.id === id ? decision : one)),
      feedback_log: [...cycle.coordination.feedback_log, told],
    };
    const why = `${id}: ${chosen_option}`;
    return done({ cycle: noted({ ...cycle, coordination }, doing, 'answer', why), value: decision });
  });
  return changed.done ? done({ cycle: changed.value.cycle, decision: changed.value.value }) : changed;
}

/** Words for a role, which its next turn begins with. */
export function giveFeedback(
  caller: Caller,
  given: string | undefined,
  target: CycleRole,
  content: string,
  type: Feedback['type'],
): Outcome<{ cycle: Cycle; feedback: Feedback }> {
  const changed = change(caller, given, (cycle) => {
    const flaw = openFlaw(cycle, 'feedback') ?? textFlaw('feedback', content);
    if (flaw) return refuse(flaw);
    if (cycle.coordination.feedback_log.length >= FEEDBACK_MAX)
      return refuse({ code: 'cycle-text', what: 'feedback', why: `there are ${FEEDBACK_MAX} already` });
    const isAgent = caller.session !== null && cycle.status === 'running';
    const source = (isAgent ? roleOnTurn(cycle) : undefined) ?? 'user';
    const doing = doingOf(source);
    const feedback: Feedback = { timestamp: doing.at, source, target, content, type };
    const feedback_log = [...cycle.coordination.feedback_log, feedback];
    const next: Cycle = { ...cycle, coordination: { ...cycle.coordination, feedback_log } };
    return done({
      cycle: noted(next, doing, 'feedback', `for ${target}: ${content.slice(0, 200)}`),
      value: feedback,
    });
  });
  return changed.done ? done({ cycle: changed.value.cycle, feedback: changed.value.value }) : changed;
}
