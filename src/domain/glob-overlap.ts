/**
 * Whether two glob patterns can match one and the same path. Exact for what coord takes: `*`, `?`, `[abc]`, `[a-z]`,
 * `[^a]`, `{a,b}` and a whole segment `**`; so `lib/*.ts` and `lib/a*` are seen to overlap (they once were not), and
 * `src/a/**` and `src/b/**` are seen apart. Matching is what a product of two automata does, by a table of positions.
 *
 * Paths are relative, with `/`, and never begin with it. `**` stands for any number of segments, none too. Patterns
 * with brackets that tools read in several ways (`+(a)`, `[!a]`) are widened: said to overlap rather than missed.
 */

/** One character of a segment's pattern: a star takes any number of characters, all else takes one. */
type Token =
  | { kind: 'star' }
  | { kind: 'any' }
  | { kind: 'set'; holds: (unit: string) => boolean; sample: string };

const ALTERNATIVES_MAX = 256;

export function globsOverlap(a: string, b: string, caseBlind = false): boolean {
  const fold = (glob: string) => (caseBlind ? glob.toLowerCase() : glob);
  const left = expandBraces(fold(a)).map(segmentsOf);
  const right = expandBraces(fold(b)).map(segmentsOf);
  return left.some((one) => right.some((other) => pathsMeet(one, other)));
}

function segmentsOf(glob: string): string[] {
  return glob
    .replace(/^(?:\.\/)+/, '')
    .replace(/\/+$/, '/**')
    .split('/')
    .filter((segment) => segment !== '' && segment !== '.');
}

/** All plain patterns that a pattern with `{a,b}` stands for; beyond the bound, the braces are widened to `*`. */
function expandBraces(glob: string): string[] {
  const found: string[] = [];
  const open = [glob];
  while (open.length > 0) {
    const next = open.pop() ?? '';
    const match = /^((?:[^{}\\]|\\.)*)\{([^{}]*)\}(.*)$/s.exec(next);
    if (!match) {
      found.push(next);
      continue;
    }
    const [, before = '', inner = '', after = ''] = match;
    const words = found.length + open.length < ALTERNATIVES_MAX ? inner.split(',') : ['*'];
    for (const word of words) open.push(`${before}${word}${after}`);
  }
  return found;
}

/** Segments against segments: `**` on either side takes any number of the other's. */
function pathsMeet(a: readonly string[], b: readonly string[]): boolean {
  return meet(
    a.length,
    b.length,
    (at) => a[at] === '**',
    (at) => b[at] === '**',
    (i, j) => segmentsMeet(a[i] ?? '', b[j] ?? ''),
  );
}

function segmentsMeet(a: string, b: string): boolean {
  if (a === b) return true;
  const [left, right] = [tokensOf(a), tokensOf(b)];
  return meet(
    left.length,
    right.length,
    (at) => left[at]?.kind === 'star',
    (at) => right[at]?.kind === 'star',
    (i, j) => tokensMeet(left[i], right[j]),
  );
}

/**
 * Whether two sequences with stars have a common word. Position (i, j) is reached when what stands before has one; a
 * star may be passed, or take one element of the other side.
 */
function meet(
  lengthA: number,
  lengthB: number,
  isStarA: (at: number) => boolean,
  isStarB: (at: number) => boolean,
  agree: (i: number, j: number) => boolean,
): boolean {
  const width = lengthB + 1;
  const seen = new Uint8Array((lengthA + 1) * width);
  const open: number[] = [0];
  while (open.length > 0) {
    const at = open.pop() ?? 0;
    if (seen[at] === 1) continue;
    seen[at] = 1;
    const [i, j] = [Math.floor(at / width), at % width];
    if (i === lengthA && j === lengthB) return true;
    const [hasA, hasB] = [i < lengthA, j < lengthB];
    if (hasA && isStarA(i)) {
      open.push(at + width);
      if (hasB) open.push(at + 1);
    }
    if (hasB && isStarB(j)) {
      open.push(at + 1);
      if (hasA) open.push(at + width);
    }
    if (hasA && hasB && !isStarA(i) && !isStarB(j) && agree(i, j)) open.push(at + width + 1);
  }
  return false;
}

function tokensMeet(a: Token | undefined, b: Token | undefined): boolean {
  if (!a || !b || a.kind === 'star' || b.kind === 'star') return false;
  if (a.kind === 'any' || b.kind === 'any') return true;
  return (
    [...a.sample].some((unit) => b.holds(unit)) ||
    [...b.sample].some((unit) => a.holds(unit)) ||
    bothOpen(a, b)
  );
}

/** Two sets that leave out characters always have one in common. */
function bothOpen(a: Token & { kind: 'set' }, b: Token & { kind: 'set' }): boolean {
  return a.holds('\uffff') && b.holds('\uffff');
}

function tokensOf(segment: string): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < segment.length; at += 1) {
    const unit = segment.charAt(at);
    if (/[@!?*+]/.test(unit) && segment.charAt(at + 1) === '(') {
      const end = segment.indexOf(')', at);
      if (end !== -1) {
        tokens.push({ kind: 'star' });
        at = end;
        continue;
      }
    }
    if (unit === '*') tokens.push({ kind: 'star' });
    else if (unit === '?') tokens.push({ kind: 'any' });
    else if (unit === '\\') {
      at += 1;
      tokens.push(literal(segment.charAt(at)));
    } else if (unit === '[') {
      const set = readSet(segment, at);
      tokens.push(set?.token ?? literal(unit));
      at = set?.end ?? at;
    } else tokens.push(literal(unit));
  }
  return tokens;
}

function literal(unit: string): Token {
  return { kind: 'set', holds: (other) => other === unit, sample: unit };
}

/** `[a-z]`, `[^a]`; undefined where the bracket is never closed, and stands for itself. */
function readSet(segment: string, from: number): { token: Token; end: number } | undefined {
  const end = segment.indexOf(']', from + 2);
  if (end === -1) return undefined;
  const body = segment.slice(from + 1, end);
  if (body.startsWith('!')) return { token: { kind: 'any' }, end };
  const isOpen = body.startsWith('^');
  const ranges = [...(isOpen ? body.slice(1) : body).matchAll(/(.)-(.)|(.)/gs)].map(
    ([, low, high, one = '']) => [low ?? one, high ?? one] as const,
  );
  const isIn = (unit: string) => ranges.some(([low, high]) => unit >= low && unit <= high);
  const sample = isOpen ? '' : ranges.map(([low, high]) => between(low, high)).join('');
  return { token: { kind: 'set', holds: (unit) => isIn(unit) !== isOpen, sample }, end };
}

/** The characters of a range. */
function between(low: string, high: string): string {
  const [from, to] = [low.charCodeAt(0), Math.min(high.charCodeAt(0), low.charCodeAt(0) + 4_096)];
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, at) => String.fromCharCode(from + at)).join(
    '',
  );
}
