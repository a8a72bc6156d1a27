/**
 * The guard's part for agents of a development cycle (domain/cycle/hold): before each of their calls, whatever it would
 * do, their cycle's state is asked whether the turn is theirs.
 */
import { type CycleRole, roleOfAgent } from '../../domain/cycle/cycle.ts';
import {
  type CycleGlance,
  type CycleGuardRefusal,
  judgeHolder,
  judgeStarting,
  judgeTurn,
} from '../../domain/cycle/hold.ts';
import { glanceAtCycle, readTurn } from '../../storage/light/cycle-glance.ts';
import type { HomedPlace } from '../../storage/light/place.ts';
import type { Payload } from './protocol.ts';

export interface CycleTurn {
  readonly role: CycleRole;
  readonly refusal: CycleGuardRefusal | undefined;
}

/** Undefined for anybody else, and in a worktree that never had a cycle: there such an agent is one like any other. */
export function cycleTurnOf(payload: Payload, { home, name }: HomedPlace): CycleTurn | undefined {
  const role = roleOfAgent(payload.agentType);
  const glance = role && glanceAtCycle(home, name);
  if (!role || !glance || isNamesake(payload.agentType, glance)) return undefined;
  const refusal =
    judgeTurn(role, glance) ??
    judgeHolder(role, glance, readTurn(home, name), payload) ??
    judgeStarting(role, payload.toolName);
  return { role, refusal };
}

/** An agent of the user's own by the same name: where nothing of a cycle is left to do, it is not taken for coord's. */
function isNamesake(agentType: string | null, { status }: CycleGlance): boolean {
  return status === 'completed' && agentType?.startsWith('coord:') !== true;
}
