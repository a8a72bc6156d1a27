/**
 * Why a text is no JSON. *unfinished*: more could still make it JSON, so its writer may not be done (a file that is
 * written in place is seen half); *wrong*: nothing that follows could. Engines word their errors differently, and tell
 * the two apart badly, so this reads the text itself: once, without recursion.
 */

export type JsonFault = { kind: 'unfinished' } | { kind: 'wrong'; line: number };

type Awaited = 'value' | 'first-item' | 'key' | 'first-key' | 'colon' | 'next';
type Kind = '{' | '}' | '[' | ']' | ',' | ':' | 'string' | 'word';

/** A string up to its end, or as far as it could still become one. */
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*("|\\(?:u[0-9a-fA-F]{0,3})?$|$)/y;
const WORD = /[-\d][\d.eE+-]*|[a-z]+/y;
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const NUMBER_BEGUN = /^-?(?:(?:0|[1-9]\d*)(?:\.\d*)?(?:(?<=\d)[eE][+-]?\d*)?)?$/;
const LITERALS = ['true', 'false', 'null'];

/** The fault of a text that JSON.parse refused; undefined when the text is JSON after all. */
export function jsonFaultOf(text: string): JsonFault | undefined {
  const open: string[] = [];
  let awaited: Awaited = 'value';
  let at = 0;
  for (;;) {
    at = afterBlanks(text, at);
    if (at === text.length)
      return awaited === 'next' && open.length === 0 ? undefined : { kind: 'unfinished' };
    const token = tokenAt(text, at);
    const next: Awaited | undefined = token && follow(awaited, token.kind, open);
    if (!token || !next) return { kind: 'wrong', line: text.slice(0, at).split('\n').length };
    awaited = next;
    at = token.end;
    if (token.isCut) return { kind: 'unfinished' };
  }
}

function afterBlanks(text: string, at: number): number {
  let end = at;
  while (end < text.length && ' \t\n\r'.includes(text.charAt(end))) end += 1;
  return end;
}

interface Token {
  readonly kind: Kind;
  readonly end: number;
  /** True when the text ends inside it. */
  readonly isCut: boolean;
}

function tokenAt(text: string, at: number): Token | undefined {
  const first = text.charAt(at);
  if ('{}[],:'.includes(first)) return { kind: first as Kind, end: at + 1, isCut: false };
  if (first === '"') {
    STRING.lastIndex = at;
    const match = STRING.exec(text);
    return match ? { kind: 'string', end: at + match[0].length, isCut: match[1] !== '"' } : undefined;
  }
  WORD.lastIndex = at;
  const word = WORD.exec(text)?.[0];
  if (word === undefined) return undefined;
  const end = at + word.length;
  if (NUMBER.test(word) || LITERALS.includes(word)) return { kind: 'word', end, isCut: false };
  const isBegun = NUMBER_BEGUN.test(word) || LITERALS.some((literal) => literal.startsWith(word));
  return end === text.length && isBegun ? { kind: 'word', end, isCut: true } : undefined;
}

/** What may come after the token; undefined when the token itself may not stand here. */
function follow(awaited: Awaited, kind: Kind, open: string[]): Awaited | undefined {
  if (kind === '}' || kind === ']') {
    const isEmpty = awaited === (kind === '}' ? 'first-key' : 'first-item');
    if (awaited !== 'next' && !isEmpty) return undefined;
    return open.pop() === (kind === '}' ? '{' : '[') ? 'next' : undefined;
  }
  switch (awaited) {
    case 'value':
    case 'first-item':
      if (kind === 'string' || kind === 'word') return 'next';
      if (kind !== '{' && kind !== '[') return undefined;
      open.push(kind);
      return kind === '{' ? 'first-key' : 'first-item';
    case 'key':
    case 'first-key':
      return kind === 'string' ? 'colon' : undefined;
    case 'colon':
      return kind === ':' ? 'value' : undefined;
    case 'next':
      if (kind !== ',' || open.length === 0) return undefined;
      return open.at(-1) === '{' ? 'key' : 'value';
  }
}
