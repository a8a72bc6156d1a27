/** `coord join`: a worktree of one's own for a phase, or the seat of a place for a session. */

import type { PlaceName } from '../../domain/place-name.ts';
import { done, type Outcome, refuse } from '../../domain/problem.ts';
import { readStatus } from '../../storage/document-kinds.ts';
import { type Caller, identifyCaller } from '../../storage/light/caller.ts';
import { markOf } from '../../storage/light/process.ts';
import { readPlaceRecord, readSession } from '../../storage/light/roster.ts';
import { readSeat, takeSeat } from '../../storage/light/seat.ts';
import { announceLeft } from '../../usecases/announce-failure.ts';
import { changeRoles, refuseSeatTo } from '../../usecases/change-roles.ts';
import { joinPhase } from '../../usecases/join-phase.ts';
import { handOverPlace } from '../../usecases/leave-handoff.ts';
import { printHandoff } from '../wording/brief.ts';
import { type Command, type Context, UsageError } from './command.ts';

export const JOIN_COMMAND: Command = {
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
      lines.push(
        `Its earlier worker's commits are on ${earlier} and conflict with what is here: \`git merge ${earlier}\`, and resolve it`,
      );
    lines.push(...printLeftPlans(caller.value.home, caller.value.root, caller.value.place));
    return done({ json: outcome.value, text: lines.join('\n') });
  },
};

/** What whoever begins here must know of the plans that were left. */
function printLeftPlans(home: string, root: string, place: PlaceName): string[] {
  const record = readPlaceRecord(home, place);
  const status = record ? readStatus({ home, root, folder: record.phase.folder }) : undefined;
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
  const refusal = caller.done ? refuseSeatTo(caller.value) : undefined;
  if (refusal) return refuse(refusal);
  const session = context.env['CLAUDE_CODE_SESSION_ID'];
  if (!session)
    throw new UsageError('a terminal needs no seat; name the phase to join, or run this in a session');
  const who = identifyCaller(context.cwd, { ...context.env, CLAUDE_CODE_SESSION_ID: undefined });
  if (!who.done) return who;
  const { home, place, root } = who.value;
  const owner = place === null ? 'coordinator' : who.value.name;
  const pid = Number(context.env['CLAUDE_PID']);
  const known = readSession(home, session, null)?.process ?? null;
  const process_ = Number.isInteger(pid) && pid > 0 ? markOf(pid) : known;
  const claim = { home, place, owner, session, agent: null, process: process_ };
  const before = readSeat(home, place)?.session ?? null;
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
  changeRoles(home, before, session);
  if (left) announceLeft(left.ward, left.plans);
  const lines = [`you hold the seat of ${owner} in ${root}`, ...printLeftPlans(home, root, place)];
  return done({ json: { seat: owner, place: root }, text: lines.join('\n') });
}
