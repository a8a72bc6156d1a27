/**
 * Which message is told first. *urgency*: urgent, high, normal, low, then *routine* (progress that coord itself
 * reports: it begins no turn of its own). A message's id carries its urgency as a *mark*, so that of 10,000 waiting
 * files only the names need to be read to find the ten that are shown next.
 */
import { printMessageId } from './identifiers.ts';
import { type Draft, type Envelope, envelopeOf, type Priority } from './message.ts';

/** One letter a rank, most urgent first; `q`, quiet, is routine progress. */
const MARKS = 'uhnlq';
type Mark = 'u' | 'h' | 'n' | 'l' | 'q';
const MARK_OF: Record<Priority, Mark> = { urgent: 'u', high: 'h', normal: 'n', low: 'l' };

/** A worker's progress that coord itself reports: folded into STATE.md, and told when there is a turn anyway. */
export function isRoutine(message: Pick<Envelope, 'type' | 'metadata'>): boolean {
  return message.type === 'progress' && message.metadata['event'] !== undefined;
}

/** What the tail of a message's id begins with: `n-`. */
export function markOfMessage(message: Pick<Envelope, 'type' | 'priority' | 'metadata'>): string {
  return `${isRoutine(message) ? 'q' : MARK_OF[message.priority]}-`;
}

/** The mark in an id; undefined in one that coord did not make, and then the file must be read. */
export function markInId(id: string): Mark | undefined {
  return /^msg-\d{8}-\d{6,9}-([uhnlq])-/.exec(id)?.[1] as Mark | undefined;
}

/** What the tail of a transition's id begins with behind its mark; no other tail of coord's has a point there. */
export const TRANSITION = 't.';

/** False for the id of a message that is surely no transition: then folding need not read it. */
export function mayBeTransition(id: string): boolean {
  return markInId(id) === undefined || /^msg-\d{8}-\d{6,9}-[uhnlq]-t\./.test(id);
}

function rankOf(envelope: Envelope): number {
  return MARKS.indexOf(markOfMessage(envelope).charAt(0));
}

/** Urgent first, routine last, then by time: ids sort by time. */
export function byUrgency(a: Envelope, b: Envelope): number {
  return rankOf(a) - rankOf(b) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

/** The same from ids alone, of which the oldest comes first. Those without a mark may be anything: they are apart. */
export function sortByMark(ids: readonly string[]): { marked: string[]; unmarked: string[] } {
  const ranks: string[][] = [[], [], [], [], []];
  const unmarked: string[] = [];
  for (const id of ids) {
    const mark = markInId(id);
    (mark === undefined ? unmarked : ranks[MARKS.indexOf(mark)])?.push(id);
  }
  return { marked: ranks.flat(), unmarked };
}

/** A complete envelope whose id names its moment, its urgency, and what makes it unique or the same in a rerun. */
export function envelopeAt(draft: Draft, derived: { tail: string; from: string; atMs: number }): Envelope {
  const envelope = envelopeOf(draft, { ...derived, id: '' });
  return { ...envelope, id: printMessageId(derived.atMs, `${markOfMessage(envelope)}${derived.tail}`) };
}
