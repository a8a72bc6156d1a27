// An awk program as far as it matters here: where it prints to, and which commands it runs.
import { OPEN_VARIABLE } from './markers.ts';
import { decodeEscapes } from './printing.ts';

interface AwkEffects {
  /** File names, with a marker for each part that is not a string or a variable given with `-v`. */
  readonly files: string[];
  readonly commands: string[];
  /** It was too long to be read to its end. */
  isCut: boolean;
}

type Token = { readonly kind: 'string' | 'word' | 'sign'; readonly text: string };

const TOKENS_MAX = 5_000;
/** Longer concatenations are followed up to here: what matters of a file's name is how it begins. */
const VALUE_TOKENS_MAX = 64;

export function readAwkScript(script: string, variables: ReadonlyMap<string, string>): AwkEffects {
  const tokens = tokenize(script);
  const effects: AwkEffects = { files: [], commands: [], isCut: tokens.length >= TOKENS_MAX };
  const given = [...variables].map(([name, value]): [string, string] => [name, unescaped(value)]);
  const assigned = assignedStrings(tokens);
  readAll(tokens, new Map([...given, ...assigned]), effects);
  // Until the program sets it, it is what was given.
  if (given.some(([name]) => assigned.has(name))) readAll(tokens, new Map([...assigned, ...given]), effects);
  return effects;
}

function readAll(tokens: readonly Token[], known: ReadonlyMap<string, string>, effects: AwkEffects): void {
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at];
    if (token?.kind === 'word' && /^printf?$/.test(token.text)) readPrint(tokens, at + 1, known, effects);
    else if (token?.text === 'system' && tokens[at + 1]?.text === '(')
      effects.commands.push(concatenation(tokens, at + 2, known));
    else if ((token?.text === '|' || token?.text === '|&') && tokens[at + 1]?.text === 'getline')
      effects.commands.push(valueBefore(tokens, at, known));
  }
}

/** `print … > file`: a `>` outside brackets; inside them it compares. */
function readPrint(
  tokens: readonly Token[],
  from: number,
  known: ReadonlyMap<string, string>,
  effects: AwkEffects,
): void {
  let depth = 0;
  for (let at = from; at < tokens.length; at += 1) {
    const { kind, text } = tokens[at] ?? { kind: 'sign', text: '' };
    if (kind === 'string') continue;
    if (kind === 'word' && /^printf?$/.test(text)) return;
    if (/^[([]$/.test(text)) depth += 1;
    else if (/^[)\]]$/.test(text)) depth -= 1;
    else if (depth <= 0 && /^[;}\n]$/.test(text)) return;
    else if (depth <= 0 && (text === '>' || text === '>>'))
      effects.files.push(concatenation(tokens, at + 1, known));
    else if (depth <= 0 && (text === '|' || text === '|&'))
      effects.commands.push(concatenation(tokens, at + 1, known));
  }
}

/** The concatenation that begins here. */
function concatenation(tokens: readonly Token[], from: number, known: ReadonlyMap<string, string>): string {
  let value = '';
  let depth = 0;
  for (let at = from; at < tokens.length && at < from + VALUE_TOKENS_MAX; at += 1) {
    const { kind, text } = tokens[at] ?? { kind: 'sign', text: ';' };
    if (kind === 'sign' && /^[;}\n,|]$/.test(text)) break;
    if (kind === 'sign' && text === '(') depth += 1;
    else if (kind === 'sign' && text === ')') {
      depth -= 1;
      if (depth < 0) break;
    } else if (kind === 'string') value += text;
    else value += known.get(text) ?? (/^\d+$/.test(text) ? text : OPEN_VARIABLE);
  }
  return value.replace(/\uE000+/g, OPEN_VARIABLE);
}

function valueBefore(tokens: readonly Token[], end: number, known: ReadonlyMap<string, string>): string {
  let from = end;
  while (from > 0 && from > end - VALUE_TOKENS_MAX && !/^[;{}\n(]$/.test(tokens[from - 1]?.text ?? ''))
    from -= 1;
  return concatenation(tokens.slice(0, end), from, known);
}

/** Variables that the program itself sets: to one plain string, or to what is not known. */
function assignedStrings(tokens: readonly Token[]): Map<string, string> {
  const found = new Map<string, string>();
  for (let at = 0; at + 1 < tokens.length; at += 1) {
    const [name, sign, value, next] = tokens.slice(at, at + 4);
    if (name?.kind !== 'word') continue;
    if (/^(g?sub|split|getline|match)$/.test(name.text))
      forget(tokens.slice(at + 1, at + 1 + VALUE_TOKENS_MAX), found);
    if (sign?.text !== '=') continue;
    const isWhole = value?.kind === 'string' && (next === undefined || /^[;}\n]$/.test(next.text));
    found.set(name.text, isWhole && !found.has(name.text) ? value.text : OPEN_VARIABLE);
  }
  return found;
}

/** What `sub( , , x)` or `getline x` may change, up to the end of its statement. */
function forget(tokens: readonly Token[], found: Map<string, string>): void {
  const end = tokens.findIndex(({ kind, text }) => kind === 'sign' && /^[;}\n]$/.test(text));
  for (const { kind, text } of end < 0 ? tokens : tokens.slice(0, end))
    if (kind === 'word') found.set(text, OPEN_VARIABLE);
}

/** A backslash before what it gives no meaning to is nothing. */
const unescaped = (text: string): string =>
  text.replace(/\\(?:x[0-9a-fA-F]{1,2}|[0-7]{1,3}|.)/gs, (told) => {
    const decoded = decodeEscapes(told);
    return decoded.length > 1 ? decoded.slice(1) : decoded;
  });

const PIECE = /(\n)|[^\S\n]+|#[^\n]*|("(?:[^"\\\n]|\\.)*")|(\w+)|(>>|\|&|==|[<>!]=|&&|\|\||[^\s\w])/y;
const REGEX = /\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])*\//y;

/** A slash begins a pattern wherever no value stands before it. */
function beginsPattern(script: string, at: number, last: Token | undefined): boolean {
  return script[at] === '/' && (last === undefined || (last.kind === 'sign' && !/^[)\]]$/.test(last.text)));
}

function tokenize(script: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < script.length && tokens.length < TOKENS_MAX) {
    const piece = beginsPattern(script, at, tokens.at(-1)) ? REGEX : PIECE;
    piece.lastIndex = at;
    const match = piece.exec(script);
    at = match === null ? at + 1 : piece.lastIndex;
    if (match === null) continue;
    const [, newline, string, word, sign] = match;
    if (newline !== undefined) tokens.push({ kind: 'sign', text: '\n' });
    else if (string !== undefined) tokens.push({ kind: 'string', text: unescaped(string.slice(1, -1)) });
    else if (word !== undefined) tokens.push({ kind: 'word', text: word });
    else if (sign !== undefined) tokens.push({ kind: 'sign', text: sign });
  }
  return tokens;
}
