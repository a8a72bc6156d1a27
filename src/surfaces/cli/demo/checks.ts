/** How the demo holds what happened against what should have: the first thing that is otherwise ends it. */

/** A step that did not happen. */
export class Unmet extends Error {
  readonly expected: string;
  readonly found: string;

  constructor(expected: string, found: string) {
    super(`expected: ${expected}; found: ${found}`);
    this.expected = expected;
    this.found = found;
  }
}

export function must(isSo: boolean, expected: string, found: string): asserts isSo {
  if (!isSo) throw new Unmet(expected, found);
}

/** The text holds every one of these parts. */
export function mustHold(
  text: string | undefined,
  parts: readonly string[],
  what: string,
): asserts text is string {
  const missing = parts.find((part) => !text?.includes(part));
  const found = text === undefined || text === '' ? 'nothing' : `"${excerpt(text)}"`;
  must(missing === undefined && text !== undefined, `${what} to hold "${missing ?? ''}"`, found);
}

const EXCERPT_MAX = 300;

export function excerpt(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > EXCERPT_MAX ? `${line.slice(0, EXCERPT_MAX - 1)}…` : line;
}
