/** What the guard says to the agents of a development cycle, and to whoever reaches for what is theirs. */
import type { CycleGuardRefusal } from '../../domain/cycle/hold.ts';
import { cleanLine, cleanWord } from '../../domain/message.ts';

const END = 'Do nothing more: end your turn now, and say in one sentence that you had none.';

export function printTurnRefusal(refusal: CycleGuardRefusal): string {
  switch (refusal.code) {
    case 'cycle-not-running':
      return notRunning(refusal.status, cleanWord(refusal.cycle), refusal.agent);
    case 'cycle-turn-of-other':
      return `in cycle ${cleanWord(refusal.cycle)} it is not your turn (${refusal.agent}): ${whose(refusal.turn)}. ${END}`;
    case 'cycle-turn-taken':
      return `another ${refusal.agent} was started for this turn of cycle ${cleanWord(refusal.cycle)} after you, and has it now. ${END}`;
    case 'cycle-unreadable':
      return `the state of cycle ${cleanWord(refusal.cycle)} cannot be read (${cleanLine(refusal.file)}), so nobody can say whose turn it is. ${END} The user makes it anew: \`coord cycle rebuild ${cleanWord(refusal.cycle)}\`.`;
    case 'artifact-of-role':
      return `${cleanLine(refusal.path)} is an artifact of cycle ${cleanWord(refusal.cycle)}, and ${refusal.owner} alone writes it, in its turn. What should be in it, tell that role: \`coord cycle feedback ${roleOf(refusal.path)} "<text>"\`.`;
    case 'artifact-of-coord':
      return `${cleanLine(refusal.path)} is kept by coord for cycle ${cleanWord(refusal.cycle)}: nobody else writes there. \`coord cycle show ${cleanWord(refusal.cycle)}\` shows what it says.`;
    case 'role-ground':
      return `${cleanLine(refusal.path)} is not yours: as ${refusal.agent} you write below .progress/${refusal.folder}/ and nowhere else. Code and commits are the code-developer's; what another role should know, tell it: \`coord cycle feedback <role> "<text>"\`.`;
    case 'cycle-control':
      return `\`${cleanLine(refusal.how, 120)}\` would move the cycle, which is the user's to order, and you are ${refusal.agent}. Hand over instead: \`coord cycle report completed|partial|failed "<what you did>"\`.`;
    case 'cycle-report-of-role':
      return `\`${cleanLine(refusal.how, 120)}\` hands over for a role, and only the agent whose turn it is does that. \`coord cycle next\` names it: start that agent.`;
    case 'cycle-delegates':
      return `as ${refusal.agent} you do your turn yourself: what ${cleanLine(refusal.tool)} starts would not be held to the cycle. Use your own tools.`;
  }
}

function notRunning(
  status: 'created' | 'paused' | 'completed' | 'failed',
  cycle: string,
  agent: string,
): string {
  switch (status) {
    case 'created':
      return `cycle ${cycle} has not begun, so ${agent} has no turn. ${END} It begins with \`coord cycle start ${cycle}\`.`;
    case 'paused':
      return `cycle ${cycle} is paused. ${END} It goes on with \`coord cycle resume ${cycle}\`, which is the user's to order.`;
    case 'completed':
      return `cycle ${cycle} is completed, so ${agent} has no turn. ${END} More is asked of it with \`coord cycle extend ${cycle} "<text>"\`; work outside of it is for another agent.`;
    case 'failed':
      return `cycle ${cycle} has failed, so ${agent} has no turn. ${END} \`coord cycle show ${cycle}\` says why; \`coord cycle extend ${cycle} "<text>"\` goes on with it; work outside of it is for another agent.`;
  }
}

function whose(turn: string): string {
  if (turn === 'init' || turn === 'aggregation' || turn === 'complete')
    return `coord itself is at it (${turn}), and \`coord cycle next\` carries it on`;
  return `it is ${turn}'s`;
}

function roleOf(path: string): string {
  return /[\\/]\.progress[\\/](ra|ep|cd|vas)(?:[\\/]|$)/i.exec(path)?.[1]?.toLowerCase() ?? '<role>';
}
