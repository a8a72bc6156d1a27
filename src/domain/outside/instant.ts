/**
 * Points in time as people and programs write them by hand. UTC everywhere: a time without a zone is taken for UTC,
 * whatever the zone of the machine that reads it, so that all machines read the same.
 */

export interface OutsideInstant {
  readonly atMs: number;
  /** How it departs from the published form (`2026-02-21T14:30:00Z`). */
  readonly note: string | undefined;
}

const WRITTEN =
  /^(\d{4})-(\d{2})-(\d{2})(?:([Tt ])(\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?)? ?(Z|z|UTC|[+-]\d{2}:?\d{2})?$/;
/** Seconds since 1970 stay below this until the year 5138; milliseconds passed it in 1973. */
const SECONDS_MAX = 1e11;
const AT_MS_MIN = Date.UTC(1970, 0, 1);
const AT_MS_MAX = Date.UTC(9999, 11, 31);

/** Undefined for what is no time. */
export function parseInstant(given: unknown): OutsideInstant | undefined {
  if (typeof given === 'number') return countedInstant(given);
  if (typeof given !== 'string') return undefined;
  const text = given.trim();
  if (/^\d{9,13}(?:\.\d+)?$/.test(text)) return countedInstant(Number(text));
  const match = WRITTEN.exec(text);
  if (!match) return undefined;
  const [, year, month, day, gap, hour = '00', minute = '00', second = '00', fraction = '', zone] = match;
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}.${fraction.slice(0, 3).padEnd(3, '0')}Z`;
  const clockMs = Date.parse(iso);
  const offsetMs = offsetOf(zone);
  // 30 February and 24:00 are read, by some, as the day after.
  if (Number.isNaN(clockMs) || new Date(clockMs).toISOString() !== iso || offsetMs === undefined)
    return undefined;
  const atMs = clockMs - offsetMs;
  return isInRange(atMs) ? { atMs, note: noteOn(given, gap, zone) } : undefined;
}

function isInRange(atMs: number): boolean {
  return atMs >= AT_MS_MIN && atMs <= AT_MS_MAX;
}

/** Minutes east of UTC, in milliseconds; undefined for a zone that does not exist. */
function offsetOf(zone: string | undefined): number | undefined {
  const match = /^([+-])(\d{2}):?(\d{2})$/.exec(zone ?? 'Z');
  if (!match) return 0;
  const [, sign, hours, minutes] = match;
  if (Number(hours) > 14 || Number(minutes) > 59) return undefined;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}

function noteOn(given: string, gap: string | undefined, zone: string | undefined): string | undefined {
  if (zone === undefined) return '`timestamp` names no zone, and was taken for UTC';
  if (/^[+-]/.test(zone)) return '`timestamp` was turned into UTC';
  const isPublished = gap === 'T' && zone === 'Z' && PUBLISHED.test(given);
  return isPublished ? undefined : '`timestamp` was written anew as ISO 8601';
}

/** What the published schema asks for. */
const PUBLISHED = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z$/;

function countedInstant(count: number): OutsideInstant | undefined {
  const atMs = Math.round(count < SECONDS_MAX ? count * 1000 : count);
  if (!(count >= 1e8) || !isInRange(atMs)) return undefined;
  const unit = count < SECONDS_MAX ? 'seconds' : 'milliseconds';
  return { atMs, note: `\`timestamp\` was taken for ${unit} since 1970` };
}
