/** `coord cycle`: the agents' side. Tasks, questions, words for one another, and handing over. */
import { CYCLE_ROLES, FEEDBACK_TYPES, isRole, OUTCOMES, type TurnOutcome } from '../../domain/cycle/cycle.ts';
import { nextStep } from '../../domain/cycle/next.ts';
import { cleanLine } from '../../domain/message.ts';
import { done } from '../../domain/problem.ts';
import { reportTurn } from '../../usecases/report-cycle.ts';
import { answerQuestion, askUser, giveFeedback, setTask, TASK_VERBS } from '../../usecases/work-on-cycle.ts';
import { printStep } from '../wording/cycle.ts';
import { withCaller } from './calling.ts';
import { type Command, UsageError } from './command.ts';
import { BRIEF_SHAPE, briefOf } from './cycle-calling.ts';

const report: Command = {
  name: 'cycle report',
  usage: '<completed|partial|failed> <message> [--cycle <id>]',
  summary:
    'Hands over, as the agent whose turn it is. What git and the evidence show can make less of it, never more.',
  values: ['cycle'],
  positionals: [2, 2],
  shape: `${BRIEF_SHAPE} and {role, outcome, why: [text…]}`,
  run: (context) => {
    const [outcome = '', message = ''] = context.positionals;
    if (!(OUTCOMES as readonly string[]).includes(outcome))
      throw new UsageError(`an outcome is one of ${OUTCOMES.join(', ')}, not "${cleanLine(outcome)}"`);
    return withCaller(context, (caller) => {
      const report = { outcome: outcome as TurnOutcome, message };
      const reported = reportTurn(caller, context.option('cycle'), report);
      if (!reported.done) return reported;
      const { cycle, role, judged } = reported.value;
      const lines = [
        `${role}: ${judged.outcome}`,
        ...judged.why.map((why) => `  less than reported: ${cleanLine(why, 200)}`),
        `Next: ${printStep(cycle, nextStep(cycle))}`,
      ];
      const json = { ...briefOf(cycle), role, outcome: judged.outcome, why: judged.why };
      return done({ json, text: lines.join('\n') });
    });
  },
};

const task: Command = {
  name: 'cycle task',
  usage: `<task> <${Object.keys(TASK_VERBS).join('|')}> [--cycle <id>]`,
  summary: 'Says how far a task of the plan is. What it depends on has to be complete before.',
  values: ['cycle'],
  positionals: [2, 2],
  shape: '{cycle_id, task: {id, status, …}, ready: [task…]}',
  run: (context) => {
    const [id = '', verb = ''] = context.positionals;
    if (!(verb in TASK_VERBS))
      throw new UsageError(
        `a task is set by ${Object.keys(TASK_VERBS).join(', ')}, not "${cleanLine(verb)}"`,
      );
    return withCaller(context, (caller) => {
      const set = setTask(caller, context.option('cycle'), id, verb);
      if (!set.done) return set;
      const { cycle, task: made, ready } = set.value;
      const text = `${made.id} is ${made.status}; ready: ${ready.join(', ') || 'none'}`;
      return done({ json: { cycle_id: cycle.cycle_id, task: made, ready }, text });
    });
  },
};

const ask: Command = {
  name: 'cycle ask',
  usage: '<question> [--option <text>]… [--cycle <id>]',
  summary: 'Asks the user what only the user can decide. The next agent waits for the answer.',
  values: ['option', 'cycle'],
  positionals: [1, 1],
  shape: '{cycle_id, decision: {id, description, options, status}}',
  run: (context) =>
    withCaller(context, (caller) => {
      const [question = ''] = context.positionals;
      const asked = askUser(caller, context.option('cycle'), question, context.options('option'));
      if (!asked.done) return asked;
      const { cycle, decision } = asked.value;
      const text = `${decision.id} asked; go on with what does not hang on it, or report partial and end.`;
      return done({ json: { cycle_id: cycle.cycle_id, decision }, text });
    }),
};

const answer: Command = {
  name: 'cycle answer',
  usage: '<question> <answer> [--cycle <id>]',
  summary: 'Answers a question of a cycle: by the number of an option, or in words where it has none.',
  values: ['cycle'],
  positionals: [2, 2],
  shape: '{cycle_id, decision: {id, description, options, made_by, chosen_option, status}}',
  run: (context) =>
    withCaller(context, (caller) => {
      const [id = '', words = ''] = context.positionals;
      const answered = answerQuestion(caller, context.option('cycle'), id, words);
      if (!answered.done) return answered;
      const { cycle, decision } = answered.value;
      const text = `${decision.id}: ${cleanLine(decision.chosen_option ?? '')}\nNext: ${printStep(cycle, nextStep(cycle))}`;
      return done({ json: { cycle_id: cycle.cycle_id, decision }, text });
    }),
};

const feedback: Command = {
  name: 'cycle feedback',
  usage: `<${CYCLE_ROLES.join('|')}> <text> [--type <type>] [--cycle <id>]`,
  summary: 'Leaves word for a role of the cycle, which its next turn begins with.',
  values: ['type', 'cycle'],
  positionals: [2, 2],
  shape: '{cycle_id, feedback: {timestamp, source, target, content, type}}',
  run: (context) => {
    const [target = '', text = ''] = context.positionals;
    const type = FEEDBACK_TYPES.find((one) => one === (context.option('type') ?? 'clarification'));
    if (!isRole(target)) throw new UsageError(`a role is one of ${CYCLE_ROLES.join(', ')}`);
    if (type === undefined) throw new UsageError(`--type is one of ${FEEDBACK_TYPES.join(', ')}`);
    return withCaller(context, (caller) => {
      const given = giveFeedback(caller, context.option('cycle'), target, text, type);
      if (!given.done) return given;
      const { cycle, feedback: left } = given.value;
      return done({ json: { cycle_id: cycle.cycle_id, feedback: left }, text: `left for ${target}` });
    });
  },
};

export const CYCLE_WORK_COMMANDS: readonly Command[] = [report, task, ask, answer, feedback];
