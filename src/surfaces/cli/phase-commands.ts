/** The coordinator's commands: plan phases, start and close them. */

import { cleanLine, cleanWord } from '../../domain/message.ts';
import { isKind } from '../../domain/pool.ts';
import { done, type Outcome, refuse } from '../../domain/problem.ts';
import { printCounts } from '../../domain/transition.ts';
import { type Caller, identifyCaller, notCoordinator } from '../../storage/light/caller.ts';
import { addPhaseTo } from '../../usecases/add-phase.ts';
import { archivePhases } from '../../usecases/archive-phases.ts';
import { takeStep } from '../../usecases/ask-approval.ts';
import { closePhase } from '../../usecases/close-phase.ts';
import { reassignPhase } from '../../usecases/reassign-phase.ts';
import { setScope } from '../../usecases/reshape-phase.ts';
import { showStatus } from '../../usecases/show-status.ts';
import { startPhase } from '../../usecases/start-phase.ts';
import { KIND_HELP } from '../wording/orchestration.ts';
import { type Command, type Context, UsageError } from './command.ts';
import { JOIN_COMMAND } from './join-command.ts';

/** The caller, when it may do what only the coordinator and the operator may. */
export function coordinatorOf(context: Context, verb: string): Outcome<Caller> {
  const caller = identifyCaller(context.cwd, context.env);
  if (!caller.done) return caller;
  const { kind } = caller.value;
  if (kind === 'operator' || kind === 'coordinator') return caller;
  return refuse(notCoordinator(caller.value, verb));
}

const add: Command = {
  name: 'phase add',
  usage: '<id> <name> [--plan <id>:<title>]… [--scope <glob>]… [--depends <id>]… [--kind <kind>]',
  summary: `Adds a phase to STATE.md. Its worker may write inside the scope only, where one is given. --kind: ${KIND_HELP}.`,
  values: ['plan', 'scope', 'depends', 'kind'],
  positionals: [2, 2],
  shape: '{phase, name, worker, plans: [{id, title, state}…]}',
  run: (context) => {
    const caller = coordinatorOf(context, 'add a phase');
    if (!caller.done) return caller;
    const [id = '', name = ''] = context.positionals;
    const plans = context.options('plan').map((text) => {
      const at = text.indexOf(':');
      if (at <= 0) throw new UsageError(`--plan takes <id>:<title>, not "${cleanLine(text)}"`);
      return { id: text.slice(0, at).trim(), title: text.slice(at + 1).trim() };
    });
    const kind = context.option('kind');
    if (kind !== undefined && !isKind(kind))
      throw new UsageError(`--kind takes a word, not "${cleanLine(kind)}"`);
    const [scope, depends] = [context.options('scope'), context.options('depends')];
    const added = { id, name, plans, scope, depends, ...(kind === undefined ? {} : { kind }) };
    const outcome = addPhaseTo(caller.value.home, added);
    if (!outcome.done) return outcome;
    const { worker, plans: made } = outcome.value;
    const text = `phase ${id} "${name}" added with ${made.length} plan(s), for ${worker}. ${depends.length === 0 ? `Next: coord phase start ${id}` : `It can start when ${depends.map((one) => cleanLine(one)).join(', ')} is done`}`;
    return done({ json: { phase: id, name, worker, plans: made }, text });
  },
};

const scope: Command = {
  name: 'phase scope',
  usage: '<id> [<glob>…]',
  summary:
    'Sets where the worker of a phase may write, from the root of its worktree; without a glob: anywhere in it.',
  positionals: [1, 65],
  shape: '{phase, scope: [glob…]}',
  run: (context) => {
    const caller = coordinatorOf(context, 'set a scope');
    if (!caller.done) return caller;
    const [id = '', ...globs] = context.positionals;
    const outcome = setScope(caller.value.home, id, globs);
    if (!outcome.done) return outcome;
    const where =
      globs.length === 0
        ? 'anywhere in its worktree'
        : `inside ${globs.map((one) => cleanLine(one)).join(', ')}`;
    return done({ json: { phase: id, scope: globs }, text: `the worker of phase ${id} may write ${where}` });
  },
};

const list: Command = {
  name: 'phase list',
  usage: '',
  summary: 'Lists the phases with their plans.',
  positionals: [0, 0],
  shape:
    '{phases: [{id, name, state, worker, branch, depends, plans: {not_started, in_progress, complete, failed}, plan_list}…]}',
  run: (context) => {
    const caller = identifyCaller(context.cwd, context.env);
    if (!caller.done) return caller;
    const view = showStatus(caller.value);
    if (!view.done) return view;
    const lines = view.value.phases.flatMap((phase) => [
      `${phase.id} ${phase.state} ${cleanLine(phase.name)} (${phase.worker}): ${printCounts(phase.plans)}`,
      ...phase.plan_list.map((plan) => `  ${plan.id} ${plan.state} ${cleanLine(plan.title)}`),
    ]);
    return done({ json: { phases: view.value.phases }, text: lines.join('\n') || 'no phase yet' });
  },
};

const start: Command = {
  name: 'phase start',
  usage: '<id> [--overlap]',
  switches: ['overlap'],
  summary:
    "Makes the phase's worktree from the coordinator's HEAD, its branch and its STATUS.md, and says how to start a session there.",
  positionals: [1, 1],
  shape: '{phase, worker, worktree, branch}',
  run: (context) => {
    const caller = coordinatorOf(context, 'start a phase');
    if (!caller.done) return caller;
    const [id = ''] = context.positionals;
    const leave = takeStep(caller.value, 'phase_start', id);
    if (!leave.done) return leave;
    const outcome = startPhase(caller.value.home, id, context.flags.has('overlap'));
    if (!outcome.done) return outcome;
    const { phase, worker, worktree, branch } = outcome.value;
    const text = [
      `phase ${phase} started: ${worker} on branch ${branch}`,
      `Next, in another terminal:  cd ${cleanWord(worktree)} && claude`,
      `That session is told who it is; say "begin". How far it is: coord status`,
    ].join('\n');
    return done({ json: outcome.value, text });
  },
};

const reassign: Command = {
  name: 'phase reassign',
  usage: '<id> [--reason <text>]',
  summary:
    'Gives a phase to another session, with its context: marks each plan under way with why it was left and where to read of it, and tells the session that had it to stop.',
  values: ['reason'],
  positionals: [1, 1],
  shape: '{phase, worker, worktree, plans: [id…], session}',
  run: (context) => {
    const caller = coordinatorOf(context, 'reassign a phase');
    if (!caller.done) return caller;
    const reason = cleanLine(context.option('reason') ?? '', 400) || 'nothing came of it';
    const outcome = reassignPhase(caller.value.home, context.positionals[0] ?? '', reason);
    if (!outcome.done) return outcome;
    const { phase, worker, worktree, plans } = outcome.value;
    const marked = plans.length > 0 ? `; marked with what is known: ${plans.join(', ')}` : '';
    const text = [
      `phase ${phase} of ${worker} waits for another session${marked}`,
      `Start it:  cd ${cleanWord(worktree)} && claude`,
      'Where the old one still holds the seat: coord join --takeover, in the new one.',
    ].join('\n');
    return done({ json: outcome.value, text });
  },
};

const close: Command = {
  name: 'phase close',
  usage: '<id> [--force]',
  summary:
    'Accepts a finished phase: its worker ends, and docs/history/ keeps what became of it. Its worktree and branch stay as they are. Refused while plans are open, or the merge queue has sent its work back.',
  switches: ['force'],
  positionals: [1, 1],
  shape: '{phase, worker, branch, worktree, commit}',
  run: (context) => {
    const caller = coordinatorOf(context, 'close a phase');
    if (!caller.done) return caller;
    const [id = ''] = context.positionals;
    const leave = takeStep(caller.value, 'phase_close', id);
    if (!leave.done) return leave;
    const outcome = closePhase(caller.value.home, id, context.flags.has('force'));
    const { home, session } = caller.value;
    // Also where it is refused: a closing that was killed may have left this undone.
    const archived = archivePhases({ home, session });
    if (!outcome.done) return outcome;
    if (!archived.done) return archived;
    const { phase, branch, worktree } = outcome.value;
    const lines = [
      `phase ${phase} closed; its work is on branch ${branch}`,
      `Land it:  coord merge add ${phase}  and  coord merge run  (or by hand: git merge ${branch})`,
    ];
    if (worktree) lines.push(`Then remove its worktree:  git worktree remove ${cleanWord(worktree)}`);
    return done({ json: outcome.value, text: lines.join('\n') });
  },
};

export const PHASE_COMMANDS: readonly Command[] = [add, scope, list, start, reassign, close, JOIN_COMMAND];
