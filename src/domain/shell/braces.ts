// Brace expansion, on the source text of a word: it comes before every other expansion and knows nothing of them but their brackets.
import { EXPANSION_MAX } from './limits.ts';
import { NAME, OPEN_VARIABLE } from './markers.ts';

const BRACED_CHARS_MAX = 2_000;
const BRACE_DEPTH_MAX = 16;

/** The words that one word becomes; past the limit, one word with an unknown part. */
export function expandBraces(text: string, depth = 0): string[] {
  if (text.length > BRACED_CHARS_MAX || depth > BRACE_DEPTH_MAX) return [OPEN_VARIABLE];
  let made = [''];
  let at = 0;
  for (const [open, close] of bracePairs(text)) {
    if (open < at) continue;
    const options = braceOptions(text.slice(open + 1, close), depth);
    if (options === undefined) continue;
    made = crossProduct(made, text.slice(at, open), options);
    at = close + 1;
  }
  const tail = text.slice(at);
  return made.map((word) => word + tail);
}

function crossProduct(made: readonly string[], head: string, options: readonly string[]): string[] {
  if (made.length * options.length > EXPANSION_MAX)
    return made.map((word) => `${word}${head}${OPEN_VARIABLE}`);
  return made.flatMap((word) => options.map((option) => `${word}${head}${option}`));
}

/** Where braces open and close that are neither quoted nor part of `${`, by where they open. */
function bracePairs(text: string): [number, number][] {
  const pairs: [number, number][] = [];
  const open: number[] = [];
  let at = 0;
  while (at < text.length) {
    const char = text[at];
    if (char === '{') open.push(at);
    else if (char === '}') {
      const from = open.pop();
      if (from !== undefined) pairs.push([from, at]);
    }
    at = char === '{' || char === '}' ? at + 1 : skipUnit(text, at);
  }
  return pairs.sort(([a], [b]) => a - b);
}

/** The index after the character, the quoted text or the bracketed expansion that begins at `at`. */
function skipUnit(text: string, at: number): number {
  const char = text[at];
  if (char === '\\') return at + 2;
  if (char === "'") return after(text, text.indexOf("'", at + 1));
  if (char === '"') return skipDoubleQuoted(text, at);
  if (char === '`') return after(text, text.indexOf('`', at + 1));
  if (char === '$' && (text[at + 1] === '{' || text[at + 1] === '(')) return skipBracketed(text, at + 1);
  return at + 1;
}

const after = (text: string, index: number): number => (index < 0 ? text.length : index + 1);

function skipDoubleQuoted(text: string, from: number): number {
  let at = from + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}

function skipBracketed(text: string, from: number): number {
  const open = text[from];
  const close = open === '{' ? '}' : ')';
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    const char = text[at];
    if (char === '\\') at += 1;
    else if (char === open) depth += 1;
    else if (char === close) {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return text.length;
}

/** What stands between the commas, each expanded itself; undefined when this is no brace expansion. */
function braceOptions(inside: string, nested: number): string[] | undefined {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  let at = 0;
  while (at < inside.length) {
    const char = inside[at];
    if (char === '{') depth += 1;
    else if (char === '}') depth -= 1;
    else if (char === ',' && depth === 0) {
      parts.push(inside.slice(from, at));
      from = at + 1;
    }
    at = char === '{' || char === '}' ? at + 1 : skipUnit(inside, at);
  }
  if (parts.length === 0) return rangeOptions(inside);
  parts.push(inside.slice(from));
  const options =
    parts.length > EXPANSION_MAX ? [OPEN_VARIABLE] : parts.flatMap((part) => expandBraces(part, nested + 1));
  return options.length > EXPANSION_MAX ? [OPEN_VARIABLE] : options;
}

const RANGE = /^(?:(-?\d{1,9})\.\.(-?\d{1,9})|([A-Za-z])\.\.([A-Za-z]))(?:\.\.(-?\d{1,9}))?$/;

function rangeOptions(inside: string): string[] | undefined {
  const match = RANGE.exec(inside);
  if (!match) return undefined;
  const [, low, high, first, last, step] = match;
  const isLetters = first !== undefined;
  const start = isLetters ? first.charCodeAt(0) : Number(low);
  const end = isLetters ? (last ?? first).charCodeAt(0) : Number(high);
  const stride = Math.max(1, Math.abs(Number(step ?? 1)));
  if (Math.abs(end - start) / stride >= EXPANSION_MAX) return [NAME];
  const width = [low, high].some((n) => n !== undefined && /^-?0\d/.test(n))
    ? Math.max((low ?? '').length, (high ?? '').length)
    : 0;
  const count = Math.floor(Math.abs(end - start) / stride) + 1;
  return Array.from({ length: count }, (_, index) => {
    const value = start + Math.sign(end - start) * index * stride;
    return isLetters ? String.fromCharCode(value) : String(value).padStart(width, '0');
  });
}
