/**
 * A queue entry as text: how it is written, and how strictly it is read. What is not understood is named, and never
 * mended by guessing: an entry says what lands.
 */
import { type Fields, fieldsOf, isObject, parseJson } from './json-value.ts';
import {
  ATTEMPT_OUTCOMES,
  type Attempt,
  ENTRY_STATES,
  numberOf,
  type QueueEntry,
  WAIVABLE,
} from './queue-entry.ts';

const COMMIT = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;

export function printEntry(entry: QueueEntry): string {
  return `${JSON.stringify(entry, null, 2)}\n`;
}

/** The entry, or what is wrong with the text. `id` is what its file is named after. */
export function parseEntry(text: string, id: string): QueueEntry | { flaw: string } {
  const value = parseJson(text);
  if (value === undefined) return { flaw: text.trim() === '' ? 'it is empty' : 'it is no JSON' };
  if (!isObject(value)) return { flaw: 'it is no object' };
  const flaw = flawOf(value, id);
  return flaw === undefined ? (value as unknown as QueueEntry) : { flaw };
}

function flawOf(it: Fields, id: string): string | undefined {
  if (it['id'] !== id) return `its id is ${told(it['id'])}, and its file is named ${id}`;
  const texts = ['phase', 'worker', 'branch', 'target', 'by'];
  const bad = texts.find((key) => typeof it[key] !== 'string' || it[key] === '');
  if (bad !== undefined) return `its ${bad} is ${told(it[bad])}`;
  if (numberOf(id, String(it['phase'])) === undefined)
    return `its phase is ${told(it['phase'])}, not that of its id`;
  if (!(ENTRY_STATES as readonly unknown[]).includes(it['state'])) return `its state is ${told(it['state'])}`;
  if (!isCommit(it['tip'])) return `its tip is ${told(it['tip'])}, which is no commit`;
  if (it['place'] !== null && typeof it['place'] !== 'string') return `its place is ${told(it['place'])}`;
  if (!isInstant(it['queued'])) return `its moment is ${told(it['queued'])}`;
  const count = ['revision', 'tries'].find((key) => !isCount(it[key]));
  if (count !== undefined) return `its ${count} is ${told(it[count])}`;
  if (!isList(it['waived'], (one) => (WAIVABLE as readonly unknown[]).includes(one)))
    return 'its waivers are unknown';
  if (!isList(it['history'], isAttempt)) return 'its history is not understood';
  if (it['untold'] !== undefined && it['untold'] !== true) return `untold is ${told(it['untold'])}`;
  const isLanded = it['state'] === 'landed';
  return isLanded === isLanding(it['landed']) && (isLanded || it['landed'] === undefined)
    ? undefined
    : 'what landed does not fit its state';
}

function told(value: unknown): string {
  return value === undefined ? 'missing' : (JSON.stringify(value) ?? typeof value).slice(0, 80);
}

function isCommit(value: unknown): boolean {
  return typeof value === 'string' && COMMIT.test(value);
}

function isInstant(value: unknown): boolean {
  return typeof value === 'string' && !Number.isNaN(Date.parse(value));
}

function isCount(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 0;
}

function isList(value: unknown, isOne: (one: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(isOne);
}

function isLanding(value: unknown): boolean {
  const it = fieldsOf(value);
  return isCommit(it['commit']) && isCommit(it['tip']) && isInstant(it['at']);
}

function isAttempt(value: unknown): value is Attempt {
  const it = fieldsOf(value);
  return (
    isInstant(it['at']) &&
    (ATTEMPT_OUTCOMES as readonly unknown[]).includes(it['outcome']) &&
    isCommit(it['tip']) &&
    (it['onto'] === null || isCommit(it['onto'])) &&
    typeof it['why'] === 'string' &&
    typeof it['excerpt'] === 'string' &&
    (it['log'] === null || typeof it['log'] === 'string') &&
    isList(it['files'], (one) => typeof one === 'string')
  );
}
