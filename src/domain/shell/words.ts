// The value of a word in a world: its fields, as the shell would hand them to a program, with markers for what is not known.
// Reading a word reads the code in it too (`$( )`, `<( )`), and may change the world (`${x:=y}`).
import { readArithmetic } from './arithmetic.ts';
import { expandBraces } from './braces.ts';
import { noteUnknown, takeStep } from './ledger.ts';
import { EXPANSION_MAX, NESTING_MAX, VALUE_CHARS_MAX } from './limits.ts';
import { activateGlobs, CLASS_CLOSE, CLASS_OPEN, NAME, ONE, OPEN_VARIABLE, STAR } from './markers.ts';
import {
  type Expansion,
  type Place,
  parameterExpansion,
  readVariable,
  simpleExpansion,
} from './parameters.ts';
import { commandOutput, processStream } from './substitutions.ts';
import type { Word, WordPart } from './syntax.ts';

interface Fields {
  readonly done: string[];
  current: string;
  /** Something stands in the current field, if only an empty quote. */
  started: boolean;
}

/** The fields a word becomes. */
export function expandWord(place: Place, word: Word): string[] {
  if (!takeStep(place.reader)) return [OPEN_VARIABLE];
  const parts = word.parts;
  if (parts === undefined) return [withTilde(place, word.text, word.value)];
  if (parts.some((part) => part.type === 'BraceExpansion')) return expandBracedWord(place, word);
  const fields: Fields = { done: [], current: '', started: false };
  addParts(place, parts, fields);
  closeField(fields);
  return fields.done.length > EXPANSION_MAX * 4 ? [OPEN_VARIABLE] : fields.done;
}

export function expandWords(place: Place, words: readonly Word[]): string[] {
  const fields = words.flatMap((word) => expandWord(place, word));
  return fields.length > EXPANSION_MAX * 8 ? [...fields.slice(0, EXPANSION_MAX), OPEN_VARIABLE] : fields;
}

/** The text a word becomes where the shell does not split (assignments, `case`, here-strings); as a pattern, its globs are active. */
export function wordText(place: Place, word: Word, asPattern = false): string {
  if (!takeStep(place.reader)) return OPEN_VARIABLE;
  if (word.parts === undefined) return withTilde(place, word.text, word.value);
  const fields: Fields = { done: [], current: '', started: false };
  addParts(place, word.parts, fields, !asPattern);
  const text = [...fields.done, fields.current].join(' ');
  return text.length > VALUE_CHARS_MAX ? OPEN_VARIABLE : text;
}

/** The text of a here-document's parts. */
export function partsText(place: Place, parts: readonly WordPart[]): string {
  const fields: Fields = { done: [], current: '', started: false };
  addParts(place, parts, fields, true);
  return [...fields.done, fields.current].join(' ');
}

function expandBracedWord(place: Place, word: Word): string[] {
  const sources = expandBraces(word.text);
  if (!takeStep(place.reader, sources.length + word.text.length / 16)) return [OPEN_VARIABLE];
  return sources.flatMap((source) => {
    if (source === '') return [];
    const statement = place.reader.facts.parse(`: ${source.startsWith('#') ? `\\${source}` : source}`)
      .commands[0];
    const command = statement?.command;
    const made = command?.type === 'Command' ? command.args[0] : undefined;
    if (made?.type !== 'Word') return [OPEN_VARIABLE];
    return made.parts?.some((part) => part.type === 'BraceExpansion')
      ? [wordText(place, made)]
      : expandWord(place, made);
  });
}

const TILDE = /^(?:[A-Za-z_]\w*=)?~([\w.+-]*)(?=\/|$)/;

/** `source` is the text as typed, so that a quoted `~` is not taken for one. */
function withTilde(place: Place, source: string, value: string): string {
  const match = TILDE.exec(source);
  if (!match) return value;
  const assigned = match[0].slice(0, match[0].indexOf('~'));
  return assigned + tildeHome(place, match[1] ?? '') + value.slice(match[0].length);
}

function tildeHome(place: Place, name: string): string {
  if (name === '+') return place.world.cwd;
  if (name === '-') return place.world.oldCwd;
  if (name !== '') return OPEN_VARIABLE;
  const assigned = readVariable(place.world, 'HOME');
  return typeof assigned === 'string' ? assigned : (place.reader.facts.home ?? OPEN_VARIABLE);
}

// --- internal: parts ---

function push(fields: Fields, text: string): void {
  fields.current += text;
  fields.started ||= text !== '';
}

function closeField(fields: Fields): void {
  if (fields.started) fields.done.push(fields.current);
  fields.current = '';
  fields.started = false;
}

function addParts(place: Place, parts: readonly WordPart[], fields: Fields, quoted = false): void {
  for (const [at, part] of parts.entries()) {
    if (fields.current.length > VALUE_CHARS_MAX * 2) fields.current = OPEN_VARIABLE;
    if (at === 0 && part.type === 'Literal' && (parts.length === 1 || part.text.includes('/')))
      push(fields, withTilde(place, part.text, part.value));
    else addPart(place, part, fields, quoted);
  }
}

function addPart(place: Place, part: WordPart, fields: Fields, quoted: boolean): void {
  switch (part.type) {
    case 'Literal':
      push(fields, part.value);
      return;
    case 'SingleQuoted':
    case 'AnsiCQuoted':
      fields.started = true;
      push(fields, part.value);
      return;
    case 'DoubleQuoted':
    case 'LocaleString':
      // "$@" of nothing is no field at all.
      fields.started ||= !part.parts.every(
        (child) => child.type === 'SimpleExpansion' && child.text === '$@',
      );
      for (const child of part.parts) addPart(place, child, fields, true);
      return;
    case 'Glob':
      for (const inner of part.parts ?? [])
        addPart(place, inner, { done: [], current: '', started: false }, true);
      push(fields, quoted ? part.text : globText(part));
      return;
    case 'ExtendedGlob':
      for (const inner of part.parts ?? [])
        addPart(place, inner, { done: [], current: '', started: false }, true);
      push(fields, quoted ? part.text : STAR);
      return;
    case 'BraceExpansion':
      push(fields, part.text);
      return;
    case 'SimpleExpansion':
      addExpansion(
        place,
        simpleExpansion(place.world, part.text.slice(1)),
        fields,
        quoted,
        part.text === '$*',
      );
      return;
    case 'ParameterExpansion': {
      const value = oneDeeper<Expansion>(place, OPEN_VARIABLE, () =>
        parameterExpansion(place, part, wordText),
      );
      addExpansion(place, value, fields, quoted, /^\$\{(\*|\w+\[\*\])/.test(part.text));
      return;
    }
    case 'CommandExpansion':
      addExpansion(place, commandOutput(place, part.script), fields, quoted, false);
      return;
    case 'ArithmeticExpansion':
      oneDeeper(place, undefined, () => readArithmetic(place, part.expression, partsText));
      push(fields, NAME);
      return;
    case 'ProcessSubstitution':
      push(fields, processStream(place, part.operator, part.script));
      return;
  }
}

/** Expansions in expansions are parsed again and again by the parser: that must end somewhere. */
function oneDeeper<T>({ reader, world }: Place, otherwise: T, run: () => T): T {
  if (reader.ledger.nesting >= NESTING_MAX) {
    noteUnknown(reader, world, 'depth', 'expansions');
    return otherwise;
  }
  reader.ledger.nesting += 1;
  const result = run();
  reader.ledger.nesting -= 1;
  return result;
}

function globText(part: Extract<WordPart, { type: 'Glob' }>): string {
  if (part.kind === 'star') return STAR.repeat(part.text.length);
  if (part.kind === 'question') return ONE;
  const isPlain = part.parts.every((inner) => inner.type === 'Literal');
  return isPlain ? CLASS_OPEN + part.text.slice(1, -1) + CLASS_CLOSE : STAR;
}

function addExpansion(
  place: Place,
  value: Expansion,
  fields: Fields,
  quoted: boolean,
  joined: boolean,
): void {
  if (typeof value !== 'string') {
    if (joined && quoted) {
      push(fields, value.join(' '));
      return;
    }
    for (const [at, item] of value.entries()) {
      if (at > 0) closeField(fields);
      if (quoted) fields.started = true;
      addExpansion(place, item, fields, quoted, false);
    }
    return;
  }
  if (quoted) {
    push(fields, value);
    return;
  }
  const ifs = readVariable(place.world, 'IFS');
  const separators = typeof ifs === 'string' ? ifs : ' \t\n';
  let piece = '';
  for (const char of activateGlobs(value)) {
    if (!separators.includes(char)) piece += char;
    else {
      push(fields, piece);
      piece = '';
      closeField(fields);
    }
  }
  push(fields, piece);
}
