// Shell patterns against plain strings, for `${x%pattern}` and its kin. Linear matching with one point of return: no catastrophes.
import { ONE, STAR } from './markers.ts';

/** Whether a pattern (glob markers for what is active, the rest literal) matches the whole text. */
function matchesPattern(pattern: string, text: string): boolean {
  let at = 0;
  let inText = 0;
  let star = -1;
  let mark = 0;
  while (inText < text.length) {
    const char = pattern[at];
    if (char === STAR) {
      star = at;
      mark = inText;
      at += 1;
    } else if (char !== undefined && (char === ONE || char === text[inText])) {
      at += 1;
      inText += 1;
    } else if (star >= 0) {
      at = star + 1;
      mark += 1;
      inText = mark;
    } else return false;
  }
  while (pattern[at] === STAR) at += 1;
  return at === pattern.length;
}

/** `${text#pattern}` and the other three; the text itself where nothing matches. */
export function removePattern(text: string, operator: string, pattern: string): string {
  const fromEnd = operator.startsWith('%');
  const longest = operator.length === 2;
  for (let step = 0; step <= text.length; step += 1) {
    const length = longest ? text.length - step : step;
    const cut = fromEnd ? text.length - length : length;
    const piece = fromEnd ? text.slice(cut) : text.slice(0, cut);
    if (matchesPattern(pattern, piece)) return fromEnd ? text.slice(0, cut) : text.slice(cut);
  }
  return text;
}

export function replaceLiteral(text: string, operator: string, pattern: string, replacement: string): string {
  if (pattern === '') return text;
  if (operator === '//') return text.split(pattern).join(replacement);
  if (operator === '/#') return text.startsWith(pattern) ? replacement + text.slice(pattern.length) : text;
  if (operator === '/%')
    return text.endsWith(pattern) ? text.slice(0, text.length - pattern.length) + replacement : text;
  const found = text.indexOf(pattern);
  return found < 0 ? text : text.slice(0, found) + replacement + text.slice(found + pattern.length);
}
