/**
 * The fields of a message that was made outside of coord, each read leniently where its meaning is plain.
 *
 * *note*: a departure from the published schema that was read kindly. *flaw*: what could mean two things, or nothing;
 * one is enough to set the message aside. A field that was read is taken out of `left`; what nobody took is kept, in
 * the metadata.
 */
import { isMessageId } from '../identifiers.ts';
import {
  CONTENT_MAX,
  cleanLine,
  defaultPriority,
  isMessageType,
  isPriority,
  judgeDraft,
  MESSAGE_TYPES,
  type MessageType,
  type Priority,
  REFERENCES_MAX,
} from '../message.ts';
import { parseInstant } from './instant.ts';

export interface OutsideReading {
  readonly left: Record<string, unknown>;
  readonly notes: string[];
  readonly flaws: string[];
}

/** An id becomes a file name, and a word of a command line. */
export const ID = /^(?!.*\.\.)[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/;
/** What `content` was called by those who had not read the schema. */
const CONTENT_NAMES = ['body', 'text', 'message'];

/** A piece of the message as it stands there, for a note or a flaw. */
export function shown(value: unknown): string {
  const text = typeof value === 'string' ? JSON.stringify(value.slice(0, 200)) : kindOf(value);
  return cleanLine(text, 60);
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : String(value);
}

/** Takes a field; null says as much as its absence, and is noted unless it may be absent anyway. */
export function take(reading: OutsideReading, key: string): unknown {
  const value = Object.hasOwn(reading.left, key) ? reading.left[key] : undefined;
  delete reading.left[key];
  if (value === null) reading.notes.push(`\`${key}\` is null, and was read as absent`);
  return value ?? undefined;
}

export function readId(reading: OutsideReading, stem: string): string | undefined {
  const { notes } = reading;
  const name = ['id', 'message_id', 'messageId'].find((key) => (reading.left[key] ?? null) !== null) ?? 'id';
  const given = take(reading, name);
  delete reading.left['id'];
  if (given === undefined) {
    notes.push(
      `there is no \`id\`; ${isMessageId(stem) ? 'the file name is taken for it' : 'coord gives one'}`,
    );
    return isMessageId(stem) ? stem : undefined;
  }
  if (name !== 'id') notes.push(`\`${name}\` was taken for \`id\``);
  const id = typeof given === 'number' ? String(given) : given;
  if (typeof id !== 'string' || !ID.test(id)) {
    notes.push(`the id ${shown(given)} has signs that no id has; coord gives one`);
    return undefined;
  }
  if (id !== given) notes.push('`id` is a number, and was taken as text');
  if (id !== stem)
    notes.push(`\`id\` is ${shown(id)} and the file is named ${shown(stem)}; the \`id\` counts`);
  return id;
}

/** Who the writer says to be: never believed, so nothing about it can be a flaw. */
export function readClaimedFrom(reading: OutsideReading): string | undefined {
  const from = take(reading, 'from');
  if (typeof from === 'string' && from.trim() !== '') return from.trim();
  reading.notes.push(from === undefined ? 'there is no `from`' : `\`from\` is ${shown(from)}`);
  return undefined;
}

export function readClaimedTo(reading: OutsideReading): string | undefined {
  const given = take(reading, 'to');
  const to = Array.isArray(given) && given.length === 1 ? (given[0] as unknown) : given;
  if (to !== given) reading.notes.push('`to` is a list of one');
  if (typeof to === 'string' && to.trim() !== '') return to.trim();
  if (to === undefined || typeof to === 'string') reading.notes.push('there is no `to`');
  else reading.flaws.push(`\`to\` is ${shown(to)}, not the name of one agent`);
  return undefined;
}

export function readTimestamp(reading: OutsideReading): string | undefined {
  const given = take(reading, 'timestamp');
  const instant = parseInstant(given);
  const note =
    given === undefined
      ? 'there is no `timestamp`; the time of arrival counts'
      : instant === undefined
        ? `the timestamp ${shown(given)} is no time; the time of arrival counts`
        : instant.note;
  if (note !== undefined) reading.notes.push(note);
  return instant === undefined ? undefined : new Date(instant.atMs).toISOString();
}

export function readType(reading: OutsideReading): MessageType | undefined {
  const given = take(reading, 'type');
  const word = typeof given === 'string' ? given.trim().toLowerCase() : '';
  if (isMessageType(word)) {
    if (word !== given) reading.notes.push(`the type ${shown(given)} was read as ${word}`);
    return word;
  }
  const what = given === undefined ? 'it has no `type`' : `the type ${shown(given)} is not known`;
  reading.flaws.push(`${what} (known: ${MESSAGE_TYPES.join(', ')})`);
  return undefined;
}

/** Words and numbers that mean one thing to everybody. Of 1 to 4, and of P0 to P3, the first is the most urgent. */
const MEANT: Readonly<Record<string, Priority>> = {
  critical: 'urgent',
  emergency: 'urgent',
  highest: 'urgent',
  important: 'high',
  medium: 'normal',
  moderate: 'normal',
  default: 'normal',
  standard: 'normal',
  minor: 'low',
  lowest: 'low',
  '1': 'urgent',
  '2': 'high',
  '3': 'normal',
  '4': 'low',
  p0: 'urgent',
  p1: 'high',
  p2: 'normal',
  p3: 'low',
};

export function readPriority(reading: OutsideReading, type: MessageType): Priority {
  const given = take(reading, 'priority');
  if (given === undefined) return defaultPriority(type);
  const isWord = typeof given === 'string' || typeof given === 'number';
  const word = isWord ? String(given).trim().toLowerCase() : undefined;
  const meant =
    word === undefined
      ? undefined
      : isPriority(word)
        ? word
        : word === ''
          ? defaultPriority(type)
          : wordMeaning(word);
  if (meant === undefined) {
    reading.flaws.push(`the priority ${shown(given)} is not known (known: low, normal, high, urgent)`);
    return 'normal';
  }
  if (meant !== given) reading.notes.push(`the priority ${shown(given)} was read as ${meant}`);
  return meant;
}

function wordMeaning(word: string): Priority | undefined {
  return Object.hasOwn(MEANT, word) ? MEANT[word] : undefined;
}

export function readReferences(reading: OutsideReading): string[] {
  const given = take(reading, 'references');
  if (given === undefined) return [];
  const list = Array.isArray(given) ? (given as unknown[]) : [given];
  if (list !== given) reading.notes.push(`\`references\` is ${shown(given)}, and was read as a list of one`);
  const filled = list.filter((item) => item !== null && item !== '');
  if (filled.length < list.length) reading.notes.push('empty references were left out');
  const references = filled.map((item) => (typeof item === 'number' ? String(item) : item));
  if (references.some((item, at) => item !== filled[at]))
    reading.notes.push('references that are numbers were taken as text');
  const texts = references.filter((item) => typeof item === 'string');
  const bad = references.find((item) => typeof item !== 'string' || !isReference(item));
  if (bad !== undefined)
    reading.flaws.push(`the reference ${shown(bad)} is no id (one line, at most 200 characters)`);
  if (texts.length > REFERENCES_MAX)
    reading.flaws.push(`it has ${texts.length} references; at most ${REFERENCES_MAX} are kept`);
  return texts;
}

/** The house's own measure of an id in `references`. */
function isReference(text: string): boolean {
  return judgeDraft({ to: '', type: 'directive', content: 'x', references: [text] }) === undefined;
}

export function readContent(reading: OutsideReading, type: MessageType | undefined): string {
  const isHeld = (key: string) => (reading.left[key] ?? '') !== '';
  const others = isHeld('content') ? [] : CONTENT_NAMES.filter(isHeld);
  if (others.length > 1) {
    reading.flaws.push(
      `it has no \`content\`, and ${others.map((name) => `\`${name}\``).join(' and ')} could both be it`,
    );
    return '';
  }
  const [name = 'content'] = others;
  const content = take(reading, name) ?? '';
  delete reading.left['content'];
  if (typeof content !== 'string') reading.flaws.push(`\`${name}\` is ${shown(content)}, not text`);
  else if (content.length > CONTENT_MAX)
    reading.flaws.push(`its content has ${content.length} characters; at most ${CONTENT_MAX} are sent`);
  else if (content.trim() === '' && type !== 'ack') reading.flaws.push('it has no `content`');
  else if (content.trim() === '') {
    reading.notes.push('there is no `content`; an ack can do without');
    return 'acknowledged';
  }
  if (name !== 'content') reading.notes.push(`\`${name}\` was taken for \`content\``);
  return typeof content === 'string' ? content : '';
}
