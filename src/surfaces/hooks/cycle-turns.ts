/**
 * What the session's hooks have to do with agents of a development cycle: one that starts is told whether it has the
 * turn; one that would end without handing over goes on once for that, and when it ends all the same coord notes so
 * itself. What nobody could note (a killed client) is no harm: the turn stays where it was.
 *
 * States of a turn record (`roster/turns/<session>.<agent>.json`): absent (it started without a turn); the cycle and the
 * iteration in which it has the turn; gone with the agent. By the iteration is told who has handed over: a role that
 * failed may have the turn again in the next one.
 */
import { type CycleRole, ROLE_AGENTS, roleOfAgent } from '../../domain/cycle.ts';
import { type CycleGlance, judgeTurn } from '../../domain/cycle-hold.ts';
import { readCycle } from '../../storage/cycle-files.ts';
import { glanceAtCycle } from '../../storage/light/cycle-glance.ts';
import { removeIfThere } from '../../storage/light/files.ts';
import type { HomedPlace } from '../../storage/light/place.ts';
import { coordinationPath, fileNameOf, readRecord, writeRecord } from '../../storage/light/roster.ts';
import { noteSilentEnd } from '../../usecases/report-cycle.ts';
import { printHandover, printTurn } from '../wording/turns.ts';
import type { Payload } from './protocol.ts';

interface TurnRecord {
  readonly cycle: string;
  readonly iteration: number;
}

/** What an agent of the worktree's cycle is told when it starts; nothing for anybody else. */
export function tellTurn(payload: Payload, { home, name }: HomedPlace): string[] {
  const role = roleOfAgent(payload.agentType);
  const glance = role && glanceAtCycle(home, name);
  if (!role || !glance) return [];
  const refusal = judgeTurn(role, glance);
  if (!refusal && glance.status !== 'unreadable') {
    const { cycle, iteration } = glance;
    writeRecord(recordOf(home, payload), { cycle, iteration }, false);
  }
  return [printTurn(role, glance, refusal)];
}

/** The reason for which it goes on: its turn is not handed over. */
export function handoverDue(payload: Payload, place: HomedPlace): string | undefined {
  const due = dueOf(payload, place);
  return due && printHandover(ROLE_AGENTS[due.role], due.turn);
}

/** It ends now, told or not. */
export function endRole(payload: Payload, place: HomedPlace): void {
  if (roleOfAgent(payload.agentType) === undefined) return;
  const due = dueOf(payload, place);
  removeIfThere(recordOf(place.home, payload));
  const last = payload.raw['last_assistant_message'];
  if (due) noteSilentEnd(place.home, place.name, due.role, typeof last === 'string' ? last : null);
}

interface Due {
  readonly role: CycleRole;
  readonly turn: TurnRecord;
}

function dueOf(payload: Payload, { home, name }: HomedPlace): Due | undefined {
  const role = roleOfAgent(payload.agentType);
  if (!role || payload.event !== 'SubagentStop') return undefined;
  const turn = readRecord<TurnRecord>(recordOf(home, payload));
  const glance = turn && glanceAtCycle(home, name);
  if (!turn || !glance || !isTurn(role, glance, turn) || isAsking(home, turn.cycle)) return undefined;
  return { role, turn };
}

function isTurn(role: CycleRole, glance: CycleGlance, { cycle, iteration }: TurnRecord): boolean {
  if (glance.status === 'unreadable' || judgeTurn(role, glance)) return false;
  return glance.cycle === cycle && glance.iteration === iteration;
}

/** It waits for the user's decision: it ends, and is started again when there is one. */
function isAsking(home: string, id: string): boolean {
  const cycle = readCycle(home, id);
  return cycle.done && cycle.value.coordination.pending_decisions.some(({ status }) => status === 'pending');
}

function recordOf(home: string, { session, agent }: Payload): string {
  const key = agent === null ? session : `${session}.${agent}`;
  return coordinationPath(home, 'roster', 'turns', `${fileNameOf(key)}.json`);
}
