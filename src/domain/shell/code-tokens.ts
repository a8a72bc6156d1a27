// Taking an interpreter's code apart just enough: its string literals, and the rest of it without them.

export interface CodeLiteral {
  readonly text: string;
  /** The code before and after, for what is done with the literal. */
  readonly before: string;
  readonly after: string;
  /** Quoted so that a shell would run it (perl, ruby, php). */
  readonly isCommand: boolean;
}

interface CodeTokens {
  readonly literals: readonly CodeLiteral[];
  /** The code with each literal as `""` and no comments. */
  readonly bare: string;
}

export type Language = 'python' | 'javascript' | 'ruby' | 'perl' | 'php' | 'lua' | 'other';

const NEIGHBOUR_CHARS = 60;
const LITERALS_MAX = 2_000;
const HASH_COMMENTS = new Set<Language>(['python', 'ruby', 'perl', 'php']);

export function tokenizeCode(code: string, language: Language): CodeTokens {
  const found: { text: string; from: number; to: number; isCommand: boolean }[] = [];
  let bare = '';
  let at = 0;
  while (at < code.length && found.length < LITERALS_MAX) {
    const comment = commentEnd(code, at, language);
    if (comment > at) {
      at = comment;
      bare += ' ';
      continue;
    }
    const quote = quoteAt(code, at, language);
    if (quote === undefined) {
      bare += code[at];
      at += 1;
      continue;
    }
    const end = quoteEnd(code, at + quote.open.length, quote.close);
    const text = code.slice(at + quote.open.length, end);
    found.push({
      text: unescapeText(text),
      from: at,
      to: end + quote.close.length,
      isCommand: quote.isCommand,
    });
    bare += '""';
    at = end + quote.close.length;
  }
  const literals = found.map(({ text, from, to, isCommand }) => ({
    text,
    isCommand,
    before: code.slice(Math.max(0, from - NEIGHBOUR_CHARS), from),
    after: code.slice(to, to + NEIGHBOUR_CHARS),
  }));
  return { literals, bare };
}

interface Quote {
  readonly open: string;
  readonly close: string;
  readonly isCommand: boolean;
}

function quoteAt(code: string, at: number, language: Language): Quote | undefined {
  const char = code[at] ?? '';
  if (char === '"' || char === "'") {
    const triple = char.repeat(3);
    const open = language === 'python' && code.startsWith(triple, at) ? triple : char;
    return { open, close: open, isCommand: false };
  }
  if (char === '`') return { open: '`', close: '`', isCommand: language !== 'javascript' };
  if (language === 'lua' && code.startsWith('[[', at)) return { open: '[[', close: ']]', isCommand: false };
  if (language !== 'perl' && language !== 'ruby') return undefined;
  // q(…), qq{…}, qx[…], %q(…), %x{…}; only with brackets, which no operator is followed by.
  const match = /^(?:q|qq|qx|qw|%[qQxw]?)([({[<])/.exec(code.slice(at, at + 4));
  if (match === null || /\w/.test(code[at - 1] ?? '')) return undefined;
  const close = { '(': ')', '{': '}', '[': ']', '<': '>' }[match[1] ?? '('] ?? ')';
  return { open: match[0], close, isCommand: match[0].includes('x') };
}

function quoteEnd(code: string, from: number, close: string): number {
  for (let at = from; at < code.length; at += 1) {
    if (code[at] === '\\') at += 1;
    else if (code.startsWith(close, at)) return at;
  }
  return code.length;
}

function commentEnd(code: string, at: number, language: Language): number {
  const isHash = code[at] === '#' && HASH_COMMENTS.has(language) && /^(\s|$)/.test(code[at - 1] ?? '');
  const isSlashes = code.startsWith('//', at) && (language === 'javascript' || language === 'php');
  const isDashes = code.startsWith('--', at) && language === 'lua';
  if (isHash || isSlashes || isDashes) return lineEnd(code, at);
  if (code.startsWith('/*', at) && (language === 'javascript' || language === 'php')) {
    const end = code.indexOf('*/', at + 2);
    return end < 0 ? code.length : end + 2;
  }
  return at;
}

function lineEnd(code: string, at: number): number {
  const end = code.indexOf('\n', at);
  return end < 0 ? code.length : end;
}

const unescapeText = (text: string): string =>
  text.replace(
    /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|([0-7]{1,3})|(.))/gs,
    (_, hex, unicode, octal, char: string) => {
      if (hex !== undefined || unicode !== undefined)
        return String.fromCharCode(Number.parseInt(hex ?? unicode, 16));
      if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
      return char === 'n' ? '\n' : char === 't' ? '\t' : char === '\n' ? '' : char;
    },
  );
