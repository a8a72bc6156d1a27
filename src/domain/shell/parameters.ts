// The value of `$x` and `${x…}` in a world.
import { noteUnknown, takeStep } from './ledger.ts';
import { VALUE_CHARS_MAX } from './limits.ts';
import { CLASS_OPEN, hasSeveral, isOpen, isStatic, MAYBE, NAME, OPEN_VARIABLE } from './markers.ts';
import { baseName, directoryName } from './paths.ts';
import { removePattern, replaceLiteral } from './patterns.ts';
import type { Reader } from './reader.ts';
import type { ParameterExpansionPart, ParameterOperation, Word } from './syntax.ts';
import { setVariable, type Value, type World } from './world.ts';

/** A place in the reading whose world an expansion may change (`${x:=y}`). */
export interface Place {
  readonly reader: Reader;
  world: World;
}

/** What a parameter becomes: one text, or the items of a list, each a word of its own. */
export type Expansion = string | readonly string[];

/** The text of a word without splitting. Passed in, because words are made of parameters. */
type TextOf = (place: Place, word: Word, asPattern?: boolean) => string;

/** Names whose value is a number or a plain name wherever nobody sets it. */
const PLAIN_NAMES = new Set(
  'RANDOM SECONDS LINENO BASHPID PPID UID EUID EPOCHSECONDS EPOCHREALTIME SRANDOM USER LOGNAME HOSTNAME HOST SHLVL OSTYPE MACHTYPE HOSTTYPE OPTIND COLUMNS LINES'.split(
    ' ',
  ),
);

export function readVariable(world: World, name: string): Value | undefined {
  const value = world.vars.get(name);
  if (value !== undefined) return value;
  if (name === 'PWD') return world.cwd;
  if (name === 'OLDPWD') return world.oldCwd;
  if (name === '_') return world.lastArgument;
  if (name === '@' || name === '*') return world.positional;
  if (/^[?$!#-]$/.test(name) || PLAIN_NAMES.has(name)) return NAME;
  if (/^[1-9]\d{0,3}$/.test(name))
    return world.positional === undefined ? undefined : (world.positional[Number(name) - 1] ?? null);
  return undefined;
}

const PATTERN_CHARS_MAX = 256;

const stripKey = (item: string): string => item.replace(/^\[[^\]]*\]=/, '');

export function simpleExpansion(world: World, name: string): Expansion {
  const value = readVariable(world, name);
  if (value === undefined) return OPEN_VARIABLE;
  if (value === null) return '';
  if (typeof value === 'string') return value;
  // bash takes the first item, zsh all of them: what is not quoted becomes all.
  return value.map(stripKey);
}

export function parameterExpansion(place: Place, part: ParameterExpansionPart, textOf: TextOf): Expansion {
  if (part.prefix === '#') return NAME;
  const index = part.index === undefined ? undefined : textOf(place, part.index);
  if (part.prefix === '!') return indirectExpansion(place, part, index);
  const name = part.parameter;
  const value = elementOf(readVariable(place.world, name), index);
  const isList = index === '@' || index === '*' || name === '@' || name === '*';
  if (part.operation === undefined) return plainValue(value, isList);
  if (part.operation.type === 'Default')
    return defaultValue(place, name, value, part.operation, isList, textOf);
  if (part.operation.type === 'Slice' && isList) return sliceList(place, value, part.operation, textOf);
  const operation = part.operation;
  const apply = (text: string): string => operate(place, text, operation, part.text, textOf);
  const plain = plainValue(value, isList);
  return typeof plain === 'string' ? apply(plain) : plain.map(apply);
}

function indirectExpansion(place: Place, part: ParameterExpansionPart, index: string | undefined): Expansion {
  if (part.operation !== undefined || index !== undefined)
    return part.operation?.type === 'Names' || index === '@' ? NAME : OPEN_VARIABLE;
  const name = readVariable(place.world, part.parameter);
  return typeof name === 'string' && /^\w+$/.test(name) ? simpleExpansion(place.world, name) : OPEN_VARIABLE;
}

function elementOf(value: Value | undefined, index: string | undefined): Value | undefined {
  if (index === undefined || index === '@' || index === '*' || value === undefined || value === null)
    return value;
  if (typeof value === 'string') return index === '0' ? value : OPEN_VARIABLE;
  const keyed = value.find((item) => item.startsWith(`[${index}]=`));
  if (keyed !== undefined) return stripKey(keyed);
  if (!/^-?\d{1,6}$/.test(index) || value.some((item) => item.startsWith('['))) return OPEN_VARIABLE;
  // zsh counts from one: past the end of bash's count stands its last.
  return value.at(Number(index)) ?? (Number(index) === value.length ? (value.at(-1) ?? null) : null);
}

function plainValue(value: Value | undefined, isList: boolean): Expansion {
  if (value === undefined) return OPEN_VARIABLE;
  if (value === null) return '';
  if (typeof value === 'string') return value;
  return isList ? value.map(stripKey) : stripKey(value[0] ?? '');
}

type DefaultOperation = Extract<ParameterOperation, { type: 'Default' }>;

/** `${x:-y}` and its kin. Of an `x` that is not known, both are possible: `y` is read, and marked as one of two. */
function defaultValue(
  place: Place,
  name: string,
  value: Value | undefined,
  operation: DefaultOperation,
  isList: boolean,
  textOf: TextOf,
): Expansion {
  const kind = operation.operator.replace(':', '');
  const isEmpty =
    value === null || (value !== undefined && value.length === 0 && operation.operator.startsWith(':'));
  if (kind === '?') return plainValue(value, isList);
  const operand = textOf(place, operation.operand);
  if (kind === '+') {
    if (isEmpty) return '';
    return value === undefined || (typeof value === 'string' && isOpen(value)) ? MAYBE + operand : operand;
  }
  const isDoubtful = typeof value === 'string' && (value === OPEN_VARIABLE || value.startsWith(MAYBE));
  if (value !== undefined && !isEmpty && !isDoubtful) return plainValue(value, isList);
  const result = isEmpty ? operand : MAYBE + operand;
  if (kind === '=') place.world = setVariable(place.world, name, result);
  return result;
}

type SliceOperation = Extract<ParameterOperation, { type: 'Slice' }>;

function sliceList(
  place: Place,
  value: Value | undefined,
  operation: SliceOperation,
  textOf: TextOf,
): Expansion {
  const offset = textOf(place, operation.offset).trim();
  const length = operation.length === undefined ? undefined : textOf(place, operation.length).trim();
  if (
    !Array.isArray(value) ||
    !/^\d{1,6}$/.test(offset) ||
    (length !== undefined && !/^\d{1,6}$/.test(length))
  )
    return OPEN_VARIABLE;
  const items = value.map(stripKey);
  const isPositional = value === place.world.positional;
  const start = isPositional ? Math.max(0, Number(offset) - 1) : Number(offset);
  return items.slice(start, length === undefined ? undefined : start + Number(length));
}

function operate(
  place: Place,
  text: string,
  operation: ParameterOperation,
  source: string,
  textOf: TextOf,
): string {
  if (text.length > VALUE_CHARS_MAX) return OPEN_VARIABLE;
  if (operation.type === 'Remove') {
    if (text.length > PATTERN_CHARS_MAX || !takeStep(place.reader, 1 + text.length / 8)) return OPEN_VARIABLE;
    const pattern = textOf(place, operation.operand, true);
    const isPlain = !pattern.includes(CLASS_OPEN) && !/[?*+@!]\(/.test(operation.operand.text);
    return isPlain ? remove(text, operation.operator, pattern) : OPEN_VARIABLE;
  }
  if (operation.type === 'Replace') {
    // The parser ends a pattern at any slash, even inside a substitution.
    if (/\$\(|`/.test(source)) noteUnknown(place.reader, place.world, 'substitution', source);
    return replace(
      text,
      operation.operator,
      textOf(place, operation.pattern, true),
      textOf(place, operation.replacement),
    );
  }
  if (operation.type === 'Slice')
    return slice(text, textOf(place, operation.offset), operation.length && textOf(place, operation.length));
  if (operation.type === 'Transform')
    noteUnknown(place.reader, place.world, 'substitution', `@${textOf(place, operation.operand)}`);
  if (operation.type === 'CaseModification' && operation.operand === undefined && isStatic(text))
    return changeCase(text, operation.operator);
  return OPEN_VARIABLE;
}

function remove(text: string, operator: string, pattern: string): string {
  if (isOpen(text) || isOpen(pattern))
    return operator.startsWith('#') && pattern.endsWith('/') && operator === '##' ? NAME : OPEN_VARIABLE;
  if (!hasSeveral(text)) return removePattern(text, operator, pattern);
  if (operator === '##') return baseName(text);
  if (operator === '%' && pattern.startsWith('/')) return directoryName(text);
  const isSuffix = operator.startsWith('%') && isStatic(pattern) && text.endsWith(pattern);
  return isSuffix
    ? text.slice(0, text.length - pattern.length)
    : operator.startsWith('%')
      ? text
      : OPEN_VARIABLE;
}

/** What is replaced by something without a slash leaves a path in its directory, whatever its unknown parts are. */
function replace(text: string, operator: string, pattern: string, replacement: string): string {
  // An `&` stands for what was found, as bash reads it since 5.2.
  const isPlain = isStatic(pattern) && !isOpen(replacement) && !replacement.includes('&');
  if (!isPlain) return OPEN_VARIABLE;
  if (!isStatic(text) && /[/]|\.\./.test(pattern + replacement)) return OPEN_VARIABLE;
  const result = replaceLiteral(text, operator, pattern, replacement);
  return result.length > VALUE_CHARS_MAX ? OPEN_VARIABLE : result;
}

function slice(text: string, offset: string, length: string | undefined): string {
  const from = offset.trim();
  const count = length?.trim();
  if (!isStatic(text) || !/^-?\d{1,6}$/.test(from) || (count !== undefined && !/^-?\d{1,6}$/.test(count)))
    return OPEN_VARIABLE;
  const rest = text.slice(Number(from));
  return count === undefined ? rest : rest.slice(0, Number(count));
}

function changeCase(text: string, operator: string): string {
  const up = operator.startsWith('^');
  const change = (s: string): string => (up ? s.toUpperCase() : s.toLowerCase());
  return operator.length === 2 ? change(text) : change(text.slice(0, 1)) + text.slice(1);
}
