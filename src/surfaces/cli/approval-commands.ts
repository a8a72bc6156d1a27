/** `coord approve` and `coord approvals`: steps that wait for a person. */
import { done } from '../../domain/problem.ts';
import { listApprovals } from '../../storage/light/approvals.ts';
import { answerAsked } from '../../usecases/ask-approval.ts';
import { printApproval } from '../wording/orchestration.ts';
import { withCaller } from './calling.ts';
import type { Command } from './command.ts';

const approve: Command = {
  name: 'approve',
  usage: '<id> [--deny] [--note <text>]',
  summary:
    'Lets a step through that waits for you, once; --deny does not. For a person in a terminal: no session can.',
  values: ['note'],
  switches: ['deny'],
  positionals: [1, 1],
  shape: '{id, step, subject, state, asked, by, answered, note?}',
  run: (context) =>
    withCaller(context, (caller) => {
      const isApproved = !context.flags.has('deny');
      const outcome = answerAsked(
        caller,
        context.positionals[0] ?? '',
        isApproved,
        context.option('note') ?? '',
      );
      return outcome.done ? done({ json: outcome.value, text: printApproval(outcome.value) }) : outcome;
    }),
};

const approvals: Command = {
  name: 'approvals',
  usage: '[--all]',
  summary: 'Lists what waits for a person; --all also what was answered.',
  switches: ['all'],
  positionals: [0, 0],
  shape: '{approvals: [{id, step, subject, state, asked, by, answered?, note?}…]}',
  run: (context) =>
    withCaller(context, (caller) => {
      const all = listApprovals(caller.home);
      const shown = context.flags.has('all') ? all : all.filter((one) => one.state === 'asked');
      const text = shown.map(printApproval).join('\n') || 'nothing waits for approval';
      return done({ json: { approvals: shown }, text });
    }),
};

export const APPROVAL_COMMANDS: readonly Command[] = [approve, approvals];
