/**
 * Fits what a session is told into a budget of tokens, most useful first. A line has a rank (0: it must be there); when
 * all of them are too much, those of the highest rank go first, of one rank the later ones first. What stays keeps its
 * order. Pure.
 */

export interface BriefLine {
  readonly text: string;
  readonly rank: number;
}

export interface FittedBrief {
  readonly lines: readonly string[];
  readonly left: number;
}

/** Enough of a line to go and look; what is longer than this is cut. */
const LINE_CHARS_MAX = 700;

/**
 * Tokens of a text, rather too many than too few: prose has four characters a token, paths and ids three; a character
 * beyond ASCII counts as one and a half.
 */
export function estimateTokens(text: string): number {
  let ascii = 0;
  let wide = 0;
  for (const character of text) {
    if (character <= '\u007f') ascii += 1;
    else wide += 1;
  }
  return Math.ceil(ascii / 3 + wide * 1.5);
}

export function fitBrief(lines: readonly BriefLine[], tokensMax: number): FittedBrief {
  const costs = lines.map(({ text }) => estimateTokens(`${cut(text)}\n`));
  let total = costs.reduce((sum, cost) => sum + cost, 0);
  const dropped = new Set<number>();
  const droppable = lines
    .map(({ rank }, at) => ({ rank, at }))
    .filter(({ rank }) => rank > 0)
    .sort((a, b) => b.rank - a.rank || b.at - a.at);
  for (const { at } of droppable) {
    if (total <= tokensMax) break;
    dropped.add(at);
    total -= costs[at] ?? 0;
  }
  const kept = lines.filter((_, at) => !dropped.has(at)).map(({ text }) => cut(text));
  return { lines: kept, left: dropped.size };
}

function cut(text: string): string {
  return text.length <= LINE_CHARS_MAX ? text : `${text.slice(0, LINE_CHARS_MAX - 1)}…`;
}
