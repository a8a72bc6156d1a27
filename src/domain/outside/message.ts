/**
 * Messages that somebody wrote by hand or with another program, and dropped into a folder (seed 002's recipes).
 *
 * Read leniently where the meaning is plain: of 59 hand-made messages 47 had an id other than their file's name, and
 * priorities were `CRITICAL`, `medium`, `1` and `null`. Every departure from the published schema that was read
 * kindly is told in `notes`; a message that keeps to the schema and is named after its id has none. Strict otherwise:
 * what could mean two things is set aside with the reason, since its writer can mend it and coord cannot ask.
 *
 * Claims stay claims: who the sender is, whom it reaches and when it came is for the caller to say. Control characters
 * are data here, and are removed where a message is shown.
 */
import { jsonFaultOf } from '../json-fault.ts';
import type { MessageType, Metadata, Priority } from '../message.ts';
import {
  type OutsideReading,
  readClaimedFrom,
  readClaimedTo,
  readContent,
  readId,
  readPriority,
  readReferences,
  readTimestamp,
  readType,
} from './fields.ts';
import { readMetadata } from './metadata.ts';

export interface OutsideDraft {
  /** May be `ack`, and then `references` names what it acknowledges: such a message is carried out, not sent. */
  readonly type: MessageType;
  readonly priority: Priority;
  /** Never blank. */
  readonly content: string;
  readonly references: readonly string[];
  readonly metadata: Metadata;
}

export interface OutsideMessage {
  readonly done: true;
  readonly draft: OutsideDraft;
  /** The id that the writer gave, where it can be one: a plain file name of one clean line. Not known to be unique. */
  readonly id: string | undefined;
  readonly claimedFrom: string | undefined;
  /** Undefined when nothing was said, and then the folder must say it. */
  readonly claimedTo: string | undefined;
  /** UTC, ISO 8601 with `Z`; undefined when it was absent or cannot be read. */
  readonly timestamp: string | undefined;
  /** One sentence each, without its full stop. */
  readonly notes: readonly string[];
}

export interface OutsideRefusal {
  readonly done: false;
  /** One clean line for a person: every flaw that was found. */
  readonly reason: string;
  /** The text is a beginning of JSON, so it may still be being written. */
  readonly isUnfinished: boolean;
}

/** Characters of one file at most: a message and its metadata. */
export const OUTSIDE_TEXT_MAX = 262_144;

/** Reads the text of a dropped file. `fileName` may be a path; its last part counts. */
export function readOutside(text: string, fileName: string): OutsideMessage | OutsideRefusal {
  const parsed = parseObject(text);
  if ('done' in parsed) return parsed;
  const reading: OutsideReading = { left: { ...parsed.fields }, notes: [], flaws: [] };
  if (parsed.hadMark) reading.notes.push('a byte order mark at its beginning was left out');
  const id = readId(reading, stemOf(fileName));
  const claimedFrom = readClaimedFrom(reading);
  const claimedTo = readClaimedTo(reading);
  const timestamp = readTimestamp(reading);
  const type = readType(reading);
  const priority = readPriority(reading, type ?? 'directive');
  const references = readReferences(reading);
  const content = readContent(reading, type);
  const metadata = readMetadata(reading, { type, references });
  const { notes, flaws } = reading;
  if (type === undefined || flaws.length > 0) return wrong(flaws.join('; '));
  const draft = { type, priority, content, references, metadata };
  return { done: true, draft, id, claimedFrom, claimedTo, timestamp, notes };
}

function wrong(reason: string): OutsideRefusal {
  return { done: false, reason, isUnfinished: false };
}

function parseObject(text: string): { fields: Record<string, unknown>; hadMark: boolean } | OutsideRefusal {
  if (text.length > OUTSIDE_TEXT_MAX)
    return wrong(`it has ${text.length} characters; at most ${OUTSIDE_TEXT_MAX} are read`);
  if (/^\ufffd|\0/.test(text)) return wrong('it is not UTF-8 (UTF-16, perhaps): write it as UTF-8');
  const json = text.replace(/^\ufeff/, '');
  if (/^[ \t\r\n]*[^{ \t\r\n]/.test(json))
    return wrong('it is not a JSON object: one message a file, in braces');
  try {
    return { fields: JSON.parse(json) as Record<string, unknown>, hadMark: json !== text };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  const fault = jsonFaultOf(json);
  return fault?.kind === 'wrong'
    ? wrong(`it is not JSON (line ${fault.line})`)
    : { done: false, reason: 'it ends before its JSON does', isUnfinished: true };
}

function stemOf(fileName: string): string {
  return fileName.replace(/^.*[/\\]/s, '').replace(/\.json$/i, '');
}
