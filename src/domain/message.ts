/**
 * Messages (seed 002, `coordination-message-v1.0`).
 *
 * Glossary. *message*: what one agent tells another, durable before the send returns. *waiting*: in the
 * receiver's inbox. *presented*: a hook of the receiver put it into that session's context. *acknowledged*: that
 * session lived on to its next hook, or the receiver acked by hand. *transition*: a change of a plan, phase or
 * blocker that coord itself reports, as a progress, completion, error or blocker message with `metadata.event`.
 */
import { fieldsOf, isObject, parseJson } from './json-value.ts';
import { inOctal, isWellFormed } from './octal-text.ts';

export const MESSAGE_TYPES = [
  'directive',
  'question',
  'response',
  'progress',
  'blocker',
  'completion',
  'error',
  'verdict',
  'ack',
] as const;
export type MessageType = (typeof MESSAGE_TYPES)[number];

export const PRIORITIES = ['low', 'normal', 'high', 'urgent'] as const;
export type Priority = (typeof PRIORITIES)[number];

export const TRANSITION_EVENTS = [
  'plan_started',
  'plan_complete',
  'plan_failed',
  'phase_complete',
  'state_changed',
  'blocker_raised',
  'blocker_resolved',
] as const;
export type TransitionEvent = (typeof TRANSITION_EVENTS)[number];

export type Metadata = Readonly<Record<string, unknown>>;

export interface Envelope {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  /** UTC, ISO 8601 with `Z`. */
  readonly timestamp: string;
  readonly type: MessageType;
  readonly priority: Priority;
  readonly content: string;
  readonly references: readonly string[];
  readonly metadata: Metadata;
  /** False until the receiver acknowledged it; true in the archive. */
  readonly read: boolean;
}

/** Bytes of one message's content at most; a longer text belongs in a file that the message points to. */
export const CONTENT_MAX = 32_768;
export const REFERENCES_MAX = 32;
const REFERENCE_MAX = 200;
const SHOWN_CHARS_MAX = 2_000;

export type MessageFlaw =
  | { code: 'message-type-unknown'; type: string }
  | { code: 'message-priority-unknown'; priority: string }
  | { code: 'message-empty' }
  | { code: 'message-too-long'; length: number; max: number }
  | { code: 'message-metadata-reserved'; key: string }
  | { code: 'message-reference-bad'; reference: string };

/** Written by coord alone: a sender that chose them could pass for a report of coord's. */
export const RESERVED_METADATA: ReadonlySet<string> = new Set([
  'acknowledged',
  'blocker',
  'broadcast',
  'counts',
  'event',
  'outside',
  'report',
  'reply_to',
  'revision',
  'thread',
  'undelivered',
]);

/** What a sender may choose; an ack is made by acknowledging. */
function isSendable(word: string): boolean {
  return isMessageType(word) && word !== 'ack';
}

export function isMessageType(word: string): word is MessageType {
  return (MESSAGE_TYPES as readonly string[]).includes(word);
}

export function isPriority(word: string): word is Priority {
  return (PRIORITIES as readonly string[]).includes(word);
}

/** What a sender may say of a message; the rest of the envelope is derived. */
export interface Draft {
  readonly to: string;
  readonly type: string;
  readonly content: string;
  readonly priority?: string | undefined;
  readonly references?: readonly string[] | undefined;
  readonly metadata?: Metadata | undefined;
}

/** The flaw that keeps a draft from being sent, or undefined. */
export function judgeDraft(draft: Draft): MessageFlaw | undefined {
  if (!isSendable(draft.type)) return { code: 'message-type-unknown', type: draft.type };
  if (draft.priority !== undefined && !isPriority(draft.priority)) {
    return { code: 'message-priority-unknown', priority: draft.priority };
  }
  if (draft.content.trim() === '') return { code: 'message-empty' };
  if (draft.content.length > CONTENT_MAX) {
    return { code: 'message-too-long', length: draft.content.length, max: CONTENT_MAX };
  }
  const reserved = Object.keys(draft.metadata ?? {}).find((key) => RESERVED_METADATA.has(key));
  if (reserved !== undefined) return { code: 'message-metadata-reserved', key: reserved };
  const metadataLength = JSON.stringify(draft.metadata ?? {}).length;
  if (metadataLength > CONTENT_MAX)
    return { code: 'message-too-long', length: metadataLength, max: CONTENT_MAX };
  for (const reference of draft.references ?? []) {
    if (!isReference(reference)) return { code: 'message-reference-bad', reference };
  }
  if ((draft.references ?? []).length > REFERENCES_MAX)
    return { code: 'message-reference-bad', reference: '…' };
  return undefined;
}

function isReference(text: string): boolean {
  return text !== '' && text.length <= REFERENCE_MAX && cleanText(text) === text && !text.includes('\n');
}

/** A blocker is urgent unless its sender says otherwise; the rest is normal (seed 002's examples). */
export function defaultPriority(type: MessageType): Priority {
  if (type === 'blocker') return 'urgent';
  return type === 'error' ? 'high' : 'normal';
}

export function envelopeOf(draft: Draft, derived: { id: string; from: string; atMs: number }): Envelope {
  const type = draft.type as MessageType;
  return {
    id: derived.id,
    from: derived.from,
    to: draft.to,
    timestamp: new Date(derived.atMs).toISOString(),
    type,
    priority: (draft.priority as Priority | undefined) ?? defaultPriority(type),
    content: draft.content,
    references: [...(draft.references ?? [])],
    metadata: { ...(draft.metadata ?? {}) },
    read: false,
  };
}

/** Reads an envelope from JSON text; undefined where it is none. Strict: coord wrote it, or it is set aside. */
export function parseEnvelope(text: string): Envelope | undefined {
  const value = parseJson(text);
  return isEnvelope(value) ? value : undefined;
}

export function isEnvelope(value: unknown): value is Envelope {
  const it = fieldsOf(value);
  const strings = ['id', 'from', 'to', 'timestamp', 'type', 'priority', 'content'];
  if (!strings.every((key) => typeof it[key] === 'string')) return false;
  return (
    isMessageType(it['type'] as string) &&
    isPriority(it['priority'] as string) &&
    Array.isArray(it['references']) &&
    it['references'].every((reference) => typeof reference === 'string') &&
    isObject(it['metadata']) &&
    typeof it['read'] === 'boolean'
  );
}

/** One line of JSON: the form in messages.jsonl and in every box. */
export function printEnvelope(envelope: Envelope): string {
  return JSON.stringify(envelope);
}

/**
 * Text from another agent, fit for a terminal and a model: no escape sequences, no control characters but tab and
 * newline, no marks that turn the direction of writing or hide characters.
 */
export function cleanText(text: string): string {
  return text
    .replace(/\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\-_])/g, '')
    .replace(/\r\n?/g, '\n')
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g, '')
    .replace(/[\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]/gu, '');
}

/** The same on one line, for lists and file names in messages. */
export function cleanLine(text: string, max = 200): string {
  const line = cleanText(text).replace(/\s+/g, ' ').trim();
  return line.length > max ? `${line.slice(0, max - 1)}…` : line;
}

/** No file system takes a longer one. */
const WORD_MAX = 4_096;

/**
 * A path or name as one word of a shell command that a reader is told to run: pasted into any sh it is that very name.
 * What a terminal would not show, or would act upon, is written in octal; a first dash can be no option.
 */
export function cleanWord(text: string): string {
  // What "$(…)" would take away at the end.
  if (text.length > WORD_MAX || text.endsWith('\n')) return '<name>';
  const word = text.startsWith('-') ? `./${text}` : text;
  if (/^[A-Za-z0-9_./@%+:,][A-Za-z0-9_./@%+=:,-]*$/.test(word)) return word;
  const isShown = !/[\t\n]/.test(word) && cleanText(word) === word && isWellFormed(word);
  return isShown ? `'${word.replaceAll("'", "'\\''")}'` : `"$(printf '${inOctal(word)}')"`;
}

/** As many of these, from the first on, as fit when they are shown; at least one. */
export function fitting(envelopes: readonly Envelope[], charsMax: number): Envelope[] {
  let chars = 0;
  return envelopes.filter((envelope, index) => {
    chars += printForAgent(envelope).length;
    return index === 0 || chars <= charsMax;
  });
}

/** A message as a hook shows it: marked as another agent's words, each line quoted, long ones cut. */
export function printForAgent(envelope: Envelope, charsMax = SHOWN_CHARS_MAX): string {
  const refs =
    envelope.references.length > 0 ? ` · re ${envelope.references.map((r) => cleanLine(r)).join(', ')}` : '';
  const head = `${envelope.id} · ${envelope.type} · ${envelope.priority} · from ${cleanLine(envelope.from)} · ${cleanLine(envelope.timestamp)}${refs}`;
  const text = cleanText(envelope.content);
  const cut = text.length > charsMax;
  const shown = cut ? text.slice(0, charsMax) : text;
  const quoted = shown
    .split('\n')
    .map((line) => `> ${line}`)
    .join('\n');
  return `${head}\n${quoted}${cut ? `\n(cut; the whole text: coord inbox ${envelope.id})` : ''}`;
}
