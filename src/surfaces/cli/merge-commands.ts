/** `coord merge …`: the queue of branches that wait to land on the target. */
import type { RunEvent } from '../../domain/merge-run.ts';
import { isWaiver } from '../../domain/preflight/preflight.ts';
import { done, type Outcome } from '../../domain/problem.ts';
import type { QueueEntry } from '../../domain/queue-entry.ts';
import { isLead } from '../../usecases/add-to-queue.ts';
import { cancelInQueue, retryInQueue } from '../../usecases/change-queue.ts';
import { recordLanded } from '../../usecases/record-landed.ts';
import { runQueue } from '../../usecases/run-queue.ts';
import { showQueue } from '../../usecases/show-queue.ts';
import { printAdded } from '../wording/preflight.ts';
import { printProblem } from '../wording/problems.ts';
import { printBusy, printQueue, printReport, printRunEvent } from '../wording/queue.ts';
import { withCaller } from './calling.ts';
import { type Answer, type Command, EXIT, UsageError, writeText } from './command.ts';
import { jsonOf, MERGE_ADD_COMMAND } from './merge-add-command.ts';
import { coordinatorOf } from './phase-commands.ts';
import { RADAR_COMMANDS } from './radar-command.ts';

const run: Command = {
  name: 'merge run',
  usage: '[--quiet]',
  summary:
    'Lands what waits in the merge queue, oldest first: stacks the branches on the target, validates them together in a worktree of coord’s own, moves the target to the very commit that passed, and closes phases that are complete. A branch that conflicts, or that a validation finds red, is rejected alone, and its worker told how to mend it. One run at a time; a killed one is carried on by the next. Exit code 1 when something was rejected, or is left for a reason.',
  switches: ['quiet'],
  positionals: [0, 0],
  shape:
    '{landed: [{entry, phase, commit, closed, kept}…], rejected: [{entry, phase, worker, outcome, why, files, log, state, tries}…], left: [{entry, phase, reason: {code, …}}…], resumed: null | {outcome: landed|not-landed|rewound, target, from, to, entries, told, why}, target, commit, proven, validations, checkouts, cleaned, aside}, or {busy: {holder, pid, since}}',
  run: async (context): Promise<Outcome<Answer>> => {
    const caller = coordinatorOf(context, 'run the merge queue');
    if (!caller.done) return caller;
    const isQuiet = context.flags.has('quiet');
    const hear = (event: RunEvent) => {
      if (!isQuiet) writeText(2, `coord: ${printRunEvent(event)}\n`);
    };
    const outcome = await runQueue(caller.value, hear);
    if (!outcome.done) return outcome;
    const { value } = outcome;
    if ('busy' in value) return done({ json: value, text: printBusy(value, Date.now()) });
    const { landed, resumed, isProven: proven, ...rest } = value;
    const { home, session } = caller.value;
    const kept = landed.length > 0 ? recordLanded({ home, session }, landed) : done([]);
    if (!kept.done) writeText(2, `coord: ${printProblem(kept.problem)}\n`);
    const json = {
      ...rest,
      landed: landed.map(({ isClosed: closed, ...one }) => ({ ...one, closed })),
      resumed: resumed && toldOf(resumed),
      proven,
    };
    const code = value.rejected.length + value.left.length > 0 ? { code: EXIT.refused } : {};
    return done({ json, text: printReport(value), ...code });
  },
};

function toldOf<T extends { isTold: boolean }>({ isTold: told, ...resumed }: T) {
  return { ...resumed, told };
}

const status: Command = {
  name: 'merge status',
  usage: '[<phase|entry>]',
  summary:
    'Shows what waits in the merge queue, what was rejected and why, what landed last, and how far a run is. With a phase or entry: its whole history.',
  positionals: [0, 1],
  shape:
    '{target, turn: null | {holder, pid, since}, running: null | {target, onto, batch, probes: [{entries, commit, slot, command, since, last}…], landed, rejected}, landing: [phase…], entries: [{entry, phase, worker, branch, state, tip, target, position, tries, queued, by, waived, history, landed?, lost?}…], broken}',
  run: (context) =>
    withCaller(context, ({ home }) => {
      const [asked] = context.positionals;
      const outcome = showQueue(home, asked);
      if (!outcome.done) return outcome;
      const { target, turn, running, landing, entries, broken } = outcome.value;
      const json = {
        target,
        turn: turn
          ? {
              holder: turn.owner,
              pid: turn.process?.pid ?? null,
              since: new Date(turn.sinceMs).toISOString(),
            }
          : null,
        running: running ?? null,
        landing,
        entries: entries.map((entry) => ({
          ...entryJson(entry),
          position: entry.position,
          ...(entry.isLost ? { lost: true } : {}),
        })),
        broken,
      };
      return done({ json, text: printQueue(outcome.value, asked !== undefined, Date.now()) });
    }),
};

function entryJson({ id, phase, worker, branch, state, tip, target, ...more }: QueueEntry): object {
  const { tries, queued, by, waived, history, landed } = more;
  const rest = { tries, queued, by, waived, history, ...(landed ? { landed } : {}) };
  return { entry: id, phase, worker, branch, state, tip, target, ...rest };
}

const cancel: Command = {
  name: 'merge cancel',
  usage: '<phase|entry>',
  summary:
    'Takes a branch out of the merge queue: its worker its own, the coordinator any. Branch and worktree stay as they are.',
  positionals: [1, 1],
  shape: '{entry, phase, state}',
  run: (context) =>
    withCaller(context, (caller) => {
      const outcome = cancelInQueue(caller, context.positionals[0] ?? '');
      if (!outcome.done) return outcome;
      const { id: entry, phase, state } = outcome.value;
      return done({ json: { entry, phase, state }, text: `${entry} is out of the merge queue` });
    }),
};

const retry: Command = {
  name: 'merge retry',
  usage: '<phase|entry> [--waive <rule>]…',
  summary:
    'Queues a rejected branch again, as it is now. When its tries are used up only the coordinator may, and they begin anew.',
  values: ['waive'],
  positionals: [1, 1],
  shape: 'as coord merge add',
  run: (context) =>
    withCaller(context, (caller) => {
      const waive = context.options('waive').map((word) => {
        if (!isWaiver(word)) throw new UsageError(`--waive takes no "${word}"`);
        return word;
      });
      const outcome = retryInQueue(caller, context.positionals[0] ?? '', waive);
      if (!outcome.done) return outcome;
      const code = outcome.value.outcome === 'refused' ? { code: EXIT.refused } : {};
      return done({ json: jsonOf(outcome.value), text: printAdded(outcome.value, isLead(caller)), ...code });
    }),
};

export const MERGE_COMMANDS: readonly Command[] = [
  MERGE_ADD_COMMAND,
  run,
  status,
  cancel,
  retry,
  ...RADAR_COMMANDS,
];
