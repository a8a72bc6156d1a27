/** Sentences for refusals of the merge queue. */
import { cleanLine } from '../../domain/message.ts';
import type { QueueRefusal } from '../../domain/queue-entry.ts';

export function printQueueRefusal(problem: QueueRefusal): string {
  switch (problem.code) {
    case 'entry-unknown':
      return `the merge queue has no phase and no entry ${cleanLine(problem.asked)}. In it: ${problem.known.map((id) => cleanLine(id)).join(', ') || 'nothing'}. \`coord merge status\` shows it all; a branch is added by \`coord merge add\`.`;
    case 'entry-state':
      return `${cleanLine(problem.entry)} is ${problem.state}, so it cannot ${problem.verb}. ${printWay(problem)}`;
    case 'entry-needs-followup':
      return `${cleanLine(problem.entry)} was rejected ${problem.tries} times in a row and needs the coordinator: \`coord send coordinator question "<what you changed, and why it will pass>"\`. It goes on with \`coord merge retry ${cleanLine(problem.phase)}\`, by the coordinator; the history: \`coord merge status ${cleanLine(problem.phase)}\`.`;
    case 'entry-landing':
      return `${cleanLine(problem.entry)} is landing right now, or its landing was interrupted. \`coord merge run\` carries it on; then look again.`;
    case 'entry-of-other':
      return `${cleanLine(problem.entry)} is ${cleanLine(problem.worker)}'s, and you are ${cleanLine(problem.actor)}. Ask: \`coord send ${cleanLine(problem.worker)} question "<text>"\`, or the coordinator.`;
    case 'entry-landed':
      return `phase ${cleanLine(problem.phase)} has landed, as ${cleanLine(problem.commit).slice(0, 12)} (${cleanLine(problem.entry)}), and is closed; its branch ${cleanLine(problem.branch)} went with that, so there is nothing to queue. More work is a phase of its own: \`coord phase add <id> <name>\`.`;
    case 'entry-rejected':
      return `the merge queue sent the work of phase ${cleanLine(problem.phase)} back, and it has not landed: ${cleanLine(problem.why, 300)}. \`coord merge status ${cleanLine(problem.phase)}\` shows it. Have it mended and land it, take it out of the queue (\`coord merge cancel ${cleanLine(problem.phase)}\`), or close the phase all the same with \`coord phase close ${cleanLine(problem.phase)} --force\`.`;
    case 'landing-unclear':
      return `a git that a killed run started is still at work on ${cleanLine(problem.target)} (${cleanLine(problem.why, 300)}), so nobody can say yet whether it landed. Wait for it, or end it; then \`coord merge run\` again.`;
    case 'turn-lost':
      return 'this run was silent for so long that another one took its turn; it has changed nothing since. `coord merge status` shows what the other one does.';
  }
}

function printWay({ state, phase }: Extract<QueueRefusal, { code: 'entry-state' }>): string {
  if (state === 'queued') return 'It waits for its turn: `coord merge run`.';
  return `More of it lands as a new entry: \`coord merge add ${cleanLine(phase)}\`.`;
}
