/** Sentences about worker tickets. */
import { cleanLine } from '../../domain/message.ts';
import type { TicketRefusal } from '../../domain/ticket.ts';
import type { TicketView } from '../../usecases/issue-ticket.ts';

export function printTicketProblem(problem: TicketRefusal): string {
  switch (problem.code) {
    case 'ticket-unknown':
      return `there is no ticket template ${cleanLine(problem.name)}. Known: ${problem.known.map((one) => cleanLine(one)).join(', ') || 'none'}. Make one: \`coord ticket new <name> "<title>" --scope "<glob>"\`.`;
    case 'ticket-exists':
      return `${cleanLine(problem.file)} is there already. Edit it, or take another name.`;
    case 'ticket-broken':
      return `${cleanLine(problem.file)} line ${problem.line}: ${cleanLine(problem.detail, 300)}. Mend it, then try again.`;
    case 'ticket-scope':
      return `ticket ${cleanLine(problem.name)} may write ${cleanLine(problem.glob)} and must not touch ${cleanLine(problem.forbidden)}, which holds all of that. Take one of them out.`;
    case 'ticket-overlaps':
      return `ticket ${cleanLine(problem.name)} may write ${cleanLine(problem.mine)}, and ${cleanLine(problem.other)} has ${cleanLine(problem.theirs)}: one file could be both's. Narrow one of them, or forbid the other's files in it.`;
  }
}

export function printTicketView({ name, title, scope, forbidden, acceptance, phases }: TicketView): string {
  const parts = [
    scope.length > 0 ? `scope ${scope.map((one) => cleanLine(one)).join(', ')}` : 'anywhere',
    ...(forbidden.length > 0 ? [`not ${forbidden.map((one) => cleanLine(one)).join(', ')}`] : []),
    ...(acceptance.length > 0 ? [`accepted by ${acceptance.map((one) => cleanLine(one)).join('; ')}`] : []),
    ...(phases.length > 0 ? [`given to phase ${phases.join(', ')}`] : []),
  ];
  return `${cleanLine(name)} "${cleanLine(title)}": ${parts.join('; ')}`;
}
