/** What is known, for somebody who named what is not: the one that was probably meant, and the rest in a short list. */
import { closestId, closestTo } from '../../domain/closest.ts';
import { cleanLine } from '../../domain/message.ts';

const LISTED_MAX = 12;

/** ` Did you mean 01-01? Known: 01-01, 01-02.` */
export function printKnownIds(typed: string, known: readonly string[], none = 'none'): string {
  return `${printMeant(closestId(typed, known))} Known: ${printList(known) || none}.`;
}

/** ` Did you mean question?`, or nothing. */
export function printMeantWord(typed: string, known: readonly string[]): string {
  return printMeant(closestTo(typed, known));
}

function printMeant(guess: string | undefined): string {
  return guess === undefined ? '' : ` Did you mean ${cleanLine(guess)}?`;
}

function printList(known: readonly string[]): string {
  const shown = known.slice(0, LISTED_MAX).map((one) => cleanLine(one));
  const more = known.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
}
