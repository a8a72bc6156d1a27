/** `coord merge add`: a phase's branch into the queue, or each thing that is in the way. */
import { isWaiver } from '../../domain/preflight/preflight.ts';
import { done } from '../../domain/problem.ts';
import { WAIVABLE } from '../../domain/queue-entry.ts';
import { type AddedEntry, addToQueue, isLead } from '../../usecases/add-to-queue.ts';
import { printAdded } from '../wording/preflight.ts';
import { withCaller } from './calling.ts';
import { type Command, EXIT, UsageError } from './command.ts';

export const MERGE_ADD_COMMAND: Command = {
  name: 'merge add',
  usage: '[<phase>] [--waive <rule>]…',
  summary: `Queues what the branch of a phase holds now, to land on the target. A worker names none: it queues its own. Refused, with what to do, when something is in the way; adding it again after that takes the new commits. The coordinator may waive ${WAIVABLE.join(', ')} for this entry.`,
  values: ['waive'],
  positionals: [0, 1],
  shape:
    '{entry, state, phase, branch, tip, target, position, waived: [rule…]}, and when refused refusals: [{rule, what, where, files, total, why, next, isWaivable, side}…] with the entry and state that were there before, or null',
  run: (context) =>
    withCaller(context, (caller) => {
      const waive = context.options('waive').map((word) => {
        if (!isWaiver(word)) throw new UsageError(`--waive takes ${WAIVABLE.join(', ')}`);
        return word;
      });
      const [phase] = context.positionals;
      if (phase === undefined && isLead(caller))
        throw new UsageError('<phase> is missing: only in a worker’s worktree does it go without saying');
      const outcome = addToQueue(caller, { phase, waive });
      if (!outcome.done) return outcome;
      const { value } = outcome;
      const code = value.outcome === 'refused' ? { code: EXIT.refused } : {};
      return done({ json: jsonOf(value), text: printAdded(value, isLead(caller)), ...code });
    }),
};

export function jsonOf({ asked, entry, position, outcome, refusals, waived }: AddedEntry): object {
  const { phase, branch, tip, target } = asked;
  return {
    entry: entry?.id ?? null,
    state: entry?.state ?? null,
    phase,
    branch,
    tip,
    target,
    position,
    waived,
    ...(outcome === 'refused' ? { refusals } : {}),
  };
}
