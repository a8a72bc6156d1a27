/**
 * What an agent of a development cycle is told when it starts, and when it would end without handing over; and a session,
 * of the cycle that its worktree has.
 */
import { type CycleRole, ROLE_AGENTS } from '../../domain/cycle/cycle.ts';
import type { CycleGlance, TurnRefusal } from '../../domain/cycle/hold.ts';
import { cleanWord } from '../../domain/message.ts';
import { printTurnRefusal } from './turn-refusals.ts';

const OWNS: Readonly<Record<CycleRole, string>> = {
  ra: '`.progress/ra/requirements.md`, and nothing else',
  ep: '`.progress/ep/exploration.md` and `.progress/ep/plan.json`, and nothing else',
  cd: 'the code, and `.progress/cd/code-changes.log`',
  vas: '`.progress/vas/test-results.json`, and nothing else',
};

const HAND_OVER = '`coord cycle report completed|partial|failed "<what you did, and what is left>"`';

export function printTurn(role: CycleRole, glance: CycleGlance, refusal: TurnRefusal | undefined): string {
  const agent = ROLE_AGENTS[role];
  if (refusal || glance.status === 'unreadable')
    return `[coord] You are the ${agent}${refusal ? `, and you have no turn: ${printTurnRefusal(refusal)}` : '.'}`;
  return `[coord] You are the ${agent} of cycle ${cleanWord(glance.cycle)}, which is ${glance.status}, in iteration ${glance.iteration}: it is your turn. You write ${OWNS[role]}. Hand over as the last thing that you do: ${HAND_OVER}.`;
}

export function printHandover(
  agent: string,
  { cycle, iteration }: { cycle: string; iteration: number },
): string {
  return `[coord] Your turn as ${agent} in cycle ${cleanWord(cycle)} (iteration ${iteration}) is not handed over. Do it now: ${HAND_OVER}. Where it is refused, do what it says and try again. Whoever ends without it is noted as failed.`;
}

/** The cycle of a worktree, for whoever comes anew. */
export function printCycleGlance(glance: CycleGlance): string {
  const { cycle } = glance;
  if (glance.status === 'unreadable')
    return `The state of cycle ${cycle} cannot be read: \`coord cycle rebuild ${cycle}\` makes it from its artifacts.`;
  const how =
    glance.status === 'paused' ? '`coord cycle resume`, when the user wants it' : '`coord cycle next`';
  return `Cycle ${cycle} is ${glance.status} at ${glance.phase}, iteration ${glance.iteration}. To go on: ${how}.`;
}
