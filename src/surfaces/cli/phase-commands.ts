/** The coordinator's commands: plan phases, start and close them. */

import type { PlaceName } from '../../domain/ground.ts';
import { cleanLine, cleanWord } from '../../domain/message.ts';
import { done, type Outcome, refuse } from '../../domain/problem.ts';
import { printCounts } from '../../domain/transition.ts';
import { readStatus } from '../../storage/document-kinds.ts';
import { type Caller, identifyCaller } from '../../storage/light/caller.ts';
import { markOf } from '../../storage/light/process.ts';
import { readPlaceRecord } from '../../storage/light/roster.ts';
import { takeSeat } from '../../storage/light/seat.ts';
import { addPhaseTo } from '../../usecases/add-phase.ts';
import { announceLeft } from '../../usecases/announce-failure.ts';
import { archivePhases } from '../../usecases/archive-phases.ts';
import { closePhase } from '../../usecases/close-phase.ts';
import { joinPhase } from '../../usecases/join-phase.ts';
import { handOverPlace } from '../../usecases/leave-handoff.ts';
import { setScope } from '../../usecases/reshape-phase.ts';
import { showStatus } from '../../usecases/show-status.ts';
import { startPhase } from '../../usecases/start-phase.ts';
import { printHandoff } from '../wording/brief.ts';
import { type Command, type Context, UsageError } from './command.ts';

/** The caller, when it may do what only the coordinator and the operator may. */
export function coordinatorOf(context: Context, verb: string): Outcome<Caller> {
  const caller = identifyCaller(context.cwd, context.env);
  if (!caller.done) return caller;
  const { kind, name } = caller.value;
  if (kind === 'operator' || kind === 'coordinator') return caller;
  return refuse({ code: 'not-coordinator', actor: name, verb });
}

const add: Command = {
  name: 'phase add',
  usage: '<id> <name> [--plan <id>:<title>]… [--scope <glob>]… [--depends <id>]…',
  summary: 'Adds a phase to STATE.md. Its worker may write inside the scope only, where one is given.',
  values: ['plan', 'scope', 'depends'],
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
    const added = { id, name, plans, scope: context.options('scope'), depends: context.options('depends') };
    const outcome = addPhaseTo(caller.value.home, added);
    if (!outcome.done) return outcome;
    const { worker, plans: made } = outcome.value;
    const text = `phase ${id} "${name}" added with ${made.length} plan(s), for ${worker}. Next: coord phase start ${id}`;
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
  usage: '<id>',
  summary:
    "Makes the phase's worktree from the coordinator's HEAD, its branch and its STATUS.md, and says how to start a session there.",
  positionals: [1, 1],
  shape: '{phase, worker, worktree, branch}',
  run: (context) => {
    const caller = coordinatorOf(context, 'start a phase');
    if (!caller.done) return caller;
    const outcome = startPhase(caller.value.home, context.positionals[0] ?? '');
    if (!outcome.done) return outcome;
    const { phase, worker, worktree, branch } = outcome.value;
    const text = [
      `phase ${phase} started: ${worker} on branch ${branch}`,
      `Start its session:  cd ${cleanWord(worktree)} && claude`,
      `Or let a subagent do it: the phase-worker agent runs \`coord join\` in a worktree of its own when the phase is not started yet.`,
    ].join('\n');
    return done({ json: outcome.value, text });
  },
};

const close: Command = {
  name: 'phase close',
  usage: '<id> [--force]',
  summary:
    'Accepts a finished phase: its worker ends, and docs/history/ keeps what became of it. Its worktree and branch stay as they are.',
  switches: ['force'],
  positionals: [1, 1],
  shape: '{phase, worker, branch, worktree, commit}',
  run: (context) => {
    const caller = coordinatorOf(context, 'close a phase');
    if (!caller.done) return caller;
    const outcome = closePhase(caller.value.home, context.positionals[0] ?? '', context.flags.has('force'));
    if (!outcome.done) return outcome;
    const { home, session } = caller.value;
    const archived = archivePhases({ home, session });
    if (!archived.done) return archived;
    const { phase, branch, worktree } = outcome.value;
    const lines = [
      `phase ${phase} closed; its work is on branch ${branch}`,
      `Merge it when you like:  git merge ${branch}`,
    ];
    if (worktree) lines.push(`Then remove its worktree:  git worktree remove ${cleanWord(worktree)}`);
    return done({ json: outcome.value, text: lines.join('\n') });
  },
};

const join: Command = {
  name: 'join',
  usage: '[<phase>] [--takeover]',
  summary:
    'Joins a phase from the worktree you stand in. Without a phase: takes the seat of this worktree for your session; --takeover replaces the session that holds it, or a worker that is gone.',
  switches: ['takeover'],
  positionals: [0, 1],
  shape: '{phase, worker, worktree, branch}, or {seat, place, epoch} without a phase',
  run: (context) => {
    const caller = identifyCaller(context.cwd, context.env);
    const isTakeover = context.flags.has('takeover');
    const [phase] = context.positionals;
    if (phase === undefined) return joinSeat(context, caller, isTakeover);
    if (!caller.done) return caller;
    const outcome = joinPhase(caller.value, phase, isTakeover);
    if (!outcome.done) return outcome;
    const { worker, worktree, earlier_branch: earlier } = outcome.value;
    const lines = [
      `you are ${worker}, the one worker of phase ${phase}, in ${worktree}. Next: coord plan list`,
    ];
    if (earlier)
      lines.push(`Its earlier worker's commits are on ${earlier}: bring them in with git merge ${earlier}`);
    lines.push(...printLeftPlans(caller.value.home, caller.value.root, caller.value.place));
    return done({ json: outcome.value, text: lines.join('\n') });
  },
};

/** What whoever begins here must know of the plans that were left. */
function printLeftPlans(home: string, root: string, place: PlaceName): string[] {
  const record = readPlaceRecord(home, place);
  const status = record ? readStatus(root, record.phase.folder) : undefined;
  const plans = status?.done ? status.value.document.plans : [];
  return plans.flatMap(({ id, state, handoff }) =>
    handoff && state !== 'complete' ? [`plan ${id} was left: ${printHandoff(handoff, home)}`] : [],
  );
}

/** Takes the seat of the place for the calling session; only a takeover gets it from a live one. */
function joinSeat(
  context: Context,
  caller: Outcome<Caller>,
  isTakeover: boolean,
): ReturnType<Command['run']> {
  const mayTake = caller.done || (caller.problem.code === 'seat-taken' && isTakeover);
  if (!mayTake) return caller as { done: false; problem: Extract<typeof caller, { done: false }>['problem'] };
  const session = context.env['CLAUDE_CODE_SESSION_ID'];
  if (!session)
    throw new UsageError('a terminal needs no seat; name the phase to join, or run this in a session');
  const who = identifyCaller(context.cwd, { ...context.env, CLAUDE_CODE_SESSION_ID: undefined });
  if (!who.done) return who;
  const { home, place, root } = who.value;
  const owner = place === null ? 'coordinator' : who.value.name;
  const pid = Number(context.env['CLAUDE_PID']);
  const process_ = Number.isInteger(pid) && pid > 0 ? markOf(pid) : null;
  const claim = { home, place, owner, session, agent: null, process: process_ };
  // Before the seat is taken: afterwards nobody could tell who died. A live one leaves its seat, and died over nothing.
  const left = handOverPlace(home, { root, name: place }, session, isTakeover);
  const other = takeSeat(claim, Date.now(), isTakeover);
  if (other) {
    const { session: holder, sinceMs, epoch } = other;
    return refuse({
      code: 'seat-taken',
      place: root,
      session: holder ?? 'unknown',
      sinceMs,
      epoch,
      actor: owner,
    });
  }
  if (left) announceLeft(left.ward, left.plans);
  const lines = [`you hold the seat of ${owner} in ${root}`, ...printLeftPlans(home, root, place)];
  return done({ json: { seat: owner, place: root }, text: lines.join('\n') });
}

export const PHASE_COMMANDS: readonly Command[] = [add, scope, list, start, close, join];
