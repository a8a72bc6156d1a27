/**
 * What the session's hooks have to do with agents of a development cycle: one that starts is told whether it has the
 * turn; one that would end without handing over goes on once for that, and when it ends all the same coord notes so
 * itself. What nobody could note (a killed client) is no harm: the turn stays where it was.
 *
 * States of a turn record (`roster/turns/<worktree>.json`): absent; of the turn under way, with the agent that was started
 * last for it; of a turn that is over, which says nothing any more. By the iteration is told who has handed over: a role
 * that failed may have the turn again in the next one.
 */
import { ROLE_AGENTS, roleOfAgent } from '../../domain/cycle/cycle.ts';
import { isTurnOf, judgeHolder, judgeTurn, type TurnHolder } from '../../domain/cycle/hold.ts';
import { readCycle } from '../../storage/cycle-files.ts';
import { glanceAtCycle, readTurn, removeTurn, writeTurn } from '../../storage/light/cycle-glance.ts';
import type { HomedPlace } from '../../storage/light/place.ts';
import { noteSilentEnd } from '../../usecases/report-cycle.ts';
import { printHandover, printTurn } from '../wording/turns.ts';
import type { Payload } from './protocol.ts';

/** What an agent of the worktree's cycle is told when it starts; nothing for anybody else. */
export function tellTurn(payload: Payload, { home, name }: HomedPlace): string[] {
  const role = roleOfAgent(payload.agentType);
  const glance = role && glanceAtCycle(home, name);
  if (!role || !glance) return [];
  const refusal = judgeTurn(role, glance);
  if (!refusal && glance.status !== 'unreadable') {
    const { cycle, iteration } = glance;
    const { session, agent } = payload;
    writeTurn(home, name, { cycle, iteration, role, session, agent });
  }
  return [printTurn(role, glance, refusal)];
}

/** The reason for which it goes on: its turn is not handed over. */
export function handoverDue(payload: Payload, place: HomedPlace): string | undefined {
  const due = dueOf(payload, place);
  return due && printHandover(ROLE_AGENTS[due.role], due);
}

/** It ends now, told or not. */
export function endRole(payload: Payload, place: HomedPlace): void {
  const due = dueOf(payload, place);
  if (!due) return;
  removeTurn(place.home, place.name);
  const last = payload.raw['last_assistant_message'];
  noteSilentEnd(place.home, place.name, due.role, typeof last === 'string' ? last : null);
}

/** The turn that this agent has, and has not handed over. */
function dueOf(payload: Payload, { home, name }: HomedPlace): TurnHolder | undefined {
  const role = roleOfAgent(payload.agentType);
  if (!role || payload.event !== 'SubagentStop') return undefined;
  const glance = glanceAtCycle(home, name);
  const holder = glance && readTurn(home, name);
  if (!glance || !holder || !isTurnOf(holder, role, glance) || judgeTurn(role, glance)) return undefined;
  return judgeHolder(role, glance, holder, payload) || isAsking(home, holder.cycle) ? undefined : holder;
}

/** It waits for the user's decision: it ends, and is started again when there is one. */
function isAsking(home: string, id: string): boolean {
  const cycle = readCycle(home, id);
  return cycle.done && cycle.value.coordination.pending_decisions.some(({ status }) => status === 'pending');
}
