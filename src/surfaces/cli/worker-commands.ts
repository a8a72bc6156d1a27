/** A worker's commands: its plans and blockers, and with them its tasks (task-commands.ts). */
import { cleanLine } from '../../domain/message.ts';
import type { PlanVerb } from '../../domain/plan.ts';
import { done, refuse } from '../../domain/problem.ts';
import { readStatus } from '../../storage/document-kinds.ts';
import { changePlan, raiseBlockerOf, resolveBlockerOf } from '../../usecases/change-status.ts';
import { addPlanTo } from '../../usecases/reshape-phase.ts';
import { showStatus } from '../../usecases/show-status.ts';
import { printHandoff } from '../wording/brief.ts';
import { withCaller } from './calling.ts';
import { type Command, UsageError } from './command.ts';
import { TASK_COMMANDS } from './task-commands.ts';

const planList: Command = {
  name: 'plan list',
  usage: '',
  summary: "Lists your phase's plans and tasks; for the coordinator, every phase's plans.",
  positionals: [0, 0],
  shape: '{plans: [{id, title, state, phase?, tasks?}…]}',
  run: (context) =>
    withCaller(context, (caller) => {
      if (caller.kind === 'guest') return refuse({ code: 'not-joined', root: caller.root });
      if (!caller.record) {
        const view = showStatus(caller);
        if (!view.done) return view;
        const plans = view.value.phases.flatMap((phase) =>
          phase.plan_list.map((plan) => ({ ...plan, phase: phase.id })),
        );
        return done({
          json: { plans },
          text: plans.map((plan) => `${plan.id} ${plan.state} ${cleanLine(plan.title)}`).join('\n'),
        });
      }
      const status = readStatus({ ...caller, folder: caller.record.phase.folder });
      if (!status.done) return status;
      const { plans } = status.value.document;
      const lines = plans.flatMap((plan) => [
        `${plan.id} ${plan.state} ${cleanLine(plan.title)}`,
        ...(plan.needs_followup
          ? [`  needs follow-up: ${cleanLine(plan.needs_followup.missing.join('; '), 400)}`]
          : []),
        ...(plan.handoff && plan.state !== 'complete'
          ? [`  was left: ${printHandoff(plan.handoff, caller.home)}`]
          : []),
        ...plan.tasks.map((task) => `  ${task.id} ${task.state} ${cleanLine(task.title)}`),
      ]);
      return done({ json: { plans }, text: lines.join('\n') || 'no plan in this phase' });
    }),
};

const planAdd: Command = {
  name: 'plan add',
  usage: '<id> <title> [--phase <id>]',
  summary:
    'Adds a plan: a worker to its own phase, the coordinator with --phase to one that nobody has started.',
  values: ['phase'],
  positionals: [2, 2],
  shape: '{phase, plan, title}',
  run: (context) =>
    withCaller(context, (caller) => {
      const [id = '', title = ''] = context.positionals;
      const phase = context.option('phase');
      if (!caller.record && phase === undefined)
        throw new UsageError('--phase <id> is missing: to which phase?');
      const outcome = addPlanTo(caller, { id, title }, phase);
      if (!outcome.done) return outcome;
      return done({ json: outcome.value, text: `plan ${id} added to phase ${outcome.value.phase}` });
    }),
};

function planCommand(verb: PlanVerb, summary: string): Command {
  return {
    name: `plan ${verb}`,
    usage: verb === 'fail' ? '<plan> --reason <text>' : '<plan>',
    summary,
    values: verb === 'fail' ? ['reason'] : [],
    positionals: [1, 1],
    shape:
      verb === 'complete'
        ? '{plan, state, messages: [id…], gate?: as coord gate}'
        : '{plan, state, messages: [id…]}',
    run: (context) =>
      withCaller(context, (caller) => {
        const reason = context.option('reason');
        if (verb === 'fail' && !reason?.trim())
          throw new UsageError('--reason <text> is missing: why did it fail?');
        const outcome = changePlan(caller, context.positionals[0] ?? '', verb, reason);
        if (!outcome.done) return outcome;
        const { plan, state, messages, gate } = outcome.value;
        const told = messages.length > 0 ? '; the coordinator was told' : '';
        const passed = gate ? ', and the gate passed' : '';
        return done({ json: outcome.value, text: `plan ${plan} is ${state}${passed}${told}` });
      }),
  };
}

/**
 * A second name: where the client isolates a session or subagent in a worktree (isolation, --worktree, EnterWorktree), it
 * refuses every command with the bare word `complete` in it, which it takes for the shell's builtin that runs code. So
 * agents are told of this one.
 */
const planDone: Command = {
  ...planCommand(
    'complete',
    'The same as `plan complete`, by a word that the client lets an isolated agent use.',
  ),
  name: 'plan done',
};

const blockerRaise: Command = {
  name: 'blocker raise',
  usage: '<summary> [--plan <plan>] [--detail <text>]',
  summary:
    'Records a blocker in full in your STATUS.md and sends the coordinator the short of it. Then you are told what to go on with; in strict mode you wait for the answer.',
  values: ['plan', 'detail'],
  positionals: [1, 1],
  shape: '{blocker, message, pointer, strict, next: {plan, title, task: {id, title}?}?}',
  run: (context) =>
    withCaller(context, (caller) => {
      const [summary = ''] = context.positionals;
      const raised = { summary, plan: context.option('plan'), detail: context.option('detail') };
      const outcome = raiseBlockerOf(caller, raised);
      if (!outcome.done) return outcome;
      const { blocker, pointer, strict, next } = outcome.value;
      const lines = [`blocker ${blocker} recorded in ${pointer}; the coordinator was told`];
      if (strict) {
        lines.push(
          'Blockers are strict here: write nothing more and end your turn. The answer will reach you.',
        );
      } else if (next) {
        const task = next.task ? `, task ${next.task.id} ${cleanLine(next.task.title)}` : '';
        lines.push(`Go on meanwhile with plan ${next.plan} ${cleanLine(next.title)}${task}`);
      } else lines.push('Nothing else is free in this phase: end your turn; the answer will reach you.');
      return done({ json: outcome.value, text: lines.join('\n') });
    }),
};

const blockerList: Command = {
  name: 'blocker list',
  usage: '',
  summary: 'Lists unresolved blockers: yours, or for the coordinator everybody’s.',
  positionals: [0, 0],
  shape: '{blockers: [{id, phase, worker, plan, summary, state, pointer, age_ms, message}…]}',
  run: (context) =>
    withCaller(context, (caller) => {
      const view = showStatus(caller);
      if (!view.done) return view;
      const blockers = view.value.blockers.filter(
        (blocker) => !caller.record || blocker.worker === caller.name,
      );
      const lines = blockers.map(
        (blocker) =>
          `${blocker.phase}/${blocker.id} ${blocker.state} (${blocker.worker}) ${cleanLine(blocker.summary)} [${cleanLine(blocker.pointer)}]`,
      );
      return done({ json: { blockers }, text: lines.join('\n') || 'no open blocker' });
    }),
};

const blockerResolve: Command = {
  name: 'blocker resolve',
  usage: '<blocker> [--resolution <text>]',
  summary: 'Marks a blocker of yours as resolved and tells the coordinator.',
  values: ['resolution'],
  positionals: [1, 1],
  shape: '{blocker, state}',
  run: (context) =>
    withCaller(context, (caller) => {
      const outcome = resolveBlockerOf(caller, context.positionals[0] ?? '', context.option('resolution'));
      if (!outcome.done) return outcome;
      return done({ json: outcome.value, text: `blocker ${outcome.value.blocker} is resolved` });
    }),
};

export const WORKER_COMMANDS: readonly Command[] = [
  planList,
  planAdd,
  planCommand('start', 'Starts a plan, or starts it again after a failure.'),
  planCommand(
    'complete',
    'Completes a plan under way; the commit you stand on is recorded. With validations configured, the gate must pass.',
  ),
  planDone,
  planCommand('fail', 'Marks a plan as failed, with the reason.'),
  ...TASK_COMMANDS,
  blockerRaise,
  blockerList,
  blockerResolve,
];
