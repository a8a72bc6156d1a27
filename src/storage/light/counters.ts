/**
 * Counters on disk: `log/counters/<YYYY-MM-DD>/<HH>.<name>`, day and hour of UTC, one file a counter and hour.
 *
 *   a tally   one byte an event. The file's size is the count: there is nothing to read, so nothing can be corrupt.
 *   a span    `\n<milliseconds>.` an event. A piece that a kill or a full disk tore has no full stop, and the next
 *             event begins on a line of its own; so it is that one event that is lost, and no other is misread.
 *
 * Each event is one write() with O_APPEND, which the kernel puts behind what is there: of any number of processes at
 * once none loses a count, and there is no lock, no rename and nothing to rotate. Not durable. Against a line of JSON
 * for each event it costs half (220 beside 420 µs in a fresh process, 8 beside 16 afterwards), and a million events
 * are read by asking for a few sizes.
 *
 * Bounded: who makes the folder of a new day removes those older than KEPT_DAYS. A day's is bounded by what can
 * happen in it, since each event is one of a process of its own (25 ms of a core at least).
 * To count must never be why something fails: where the disk refuses, the count is lost.
 */
import { closeSync, mkdirSync, openSync, rmSync, type Stats, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { type CounterName, HOUR_MS, type HourCounts, isSpanName, isTallyName } from '../../domain/counter.ts';
import { isErrno, listNames } from './files.ts';
import { readTail } from './log-tail.ts';
import { isMissing } from './place.ts';
import { coordinationPath } from './roster.ts';

export const KEPT_DAYS = 32;
/** Of events that one call counts, and of one span in milliseconds: nothing that happens takes longer than a week. */
const EVENTS_MAX = 100_000;
const SPAN_MAX_MS = 7 * 24 * HOUR_MS;
const SPANS_BYTES_MAX = 16 * 1024 * 1024;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** Counts `n` events of a tally, or one span of `n` milliseconds. */
export function count(home: string, name: CounterName, n = 1, nowMs: number = Date.now()): void {
  const record = isSpanName(name)
    ? printSpan(n)
    : '.'.repeat(Math.min(Math.max(Math.floor(n) || 0, 0), EVENTS_MAX));
  if (record === '') return;
  try {
    append(coordinationPath(home, 'log', 'counters'), name, record, nowMs);
  } catch (error) {
    // Full, read-only, not to be had: see the header. What is no failure of the system is a bug.
    if (typeof (error as NodeJS.ErrnoException).code !== 'string') throw error;
  }
}

/** What was counted from the hour of `sinceMs` to that of `nowMs`, one entry for each hour of which anything was. */
export function readCounts(home: string, sinceMs: number, nowMs: number): HourCounts[] {
  const hours: HourCounts[] = [];
  const first = Math.floor(sinceMs / HOUR_MS) * HOUR_MS;
  for (const day of daysBetween(first, nowMs)) {
    const folder = coordinationPath(home, 'log', 'counters', day);
    const files = filesIn(folder);
    for (const hour of new Set(files.map(({ name }) => name.slice(0, 3)))) {
      const hourMs = /^\d\d\.$/.test(hour) ? Date.parse(`${day}T${hour.slice(0, 2)}:00:00Z`) : Number.NaN;
      if (!(hourMs >= first && hourMs <= nowMs)) continue;
      const own = files.filter(({ name }) => name.startsWith(hour));
      hours.push(readHour(folder, hourMs, own));
    }
  }
  return hours;
}

// --- internal ---

function printSpan(ms: number): string {
  return ms >= 0 ? `\n${Math.min(Math.round(ms), SPAN_MAX_MS)}.` : '';
}

function append(counters: string, name: CounterName, record: string, nowMs: number): void {
  const iso = new Date(nowMs).toISOString();
  const folder = join(counters, iso.slice(0, 10));
  const file = join(folder, `${iso.slice(11, 13)}.${name}`);
  let descriptor: number;
  let isNewDay = false;
  try {
    descriptor = openSync(file, 'a');
  } catch (error) {
    if (!isErrno(error, 'ENOENT')) throw error;
    isNewDay = mkdirSync(folder, { recursive: true }) !== undefined;
    descriptor = openSync(file, 'a');
  }
  try {
    writeSync(descriptor, record);
  } finally {
    closeSync(descriptor);
  }
  if (isNewDay) sweep(counters, nowMs);
}

/** Days of the future stay: a clock may have been set back. */
function sweep(counters: string, nowMs: number): void {
  const oldest = new Date(nowMs - KEPT_DAYS * 24 * HOUR_MS).toISOString().slice(0, 10);
  for (const name of listNames(counters))
    if (DAY.test(name) && name < oldest) rmSync(join(counters, name), { recursive: true, force: true });
}

function daysBetween(fromMs: number, toMs: number): string[] {
  const days: string[] = [];
  const start = Math.max(fromMs, toMs - KEPT_DAYS * 24 * HOUR_MS);
  for (let atMs = Math.floor(start / (24 * HOUR_MS)) * 24 * HOUR_MS; atMs <= toMs; atMs += 24 * HOUR_MS)
    days.push(new Date(atMs).toISOString().slice(0, 10));
  return days;
}

/** With their sizes. A folder where a file belongs, or the other way round, is none of ours. */
function filesIn(folder: string): { name: string; size: number }[] {
  if (!statOf(folder)?.isDirectory()) return [];
  const files: { name: string; size: number }[] = [];
  for (const name of listNames(folder).sort()) {
    const stat = statOf(join(folder, name));
    if (stat?.isFile() && stat.size > 0) files.push({ name, size: stat.size });
  }
  return files;
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function readHour(
  folder: string,
  hourMs: number,
  files: readonly { name: string; size: number }[],
): HourCounts {
  const tallies: Record<string, number> = {};
  const spans: Record<string, readonly number[]> = {};
  for (const { name: file, size } of files) {
    const name = file.slice(3);
    if (isTallyName(name)) tallies[name] = size;
    else if (isSpanName(name)) spans[name] = parseSpans(readTail(join(folder, file), SPANS_BYTES_MAX));
  }
  return { hourMs, tallies, spans };
}

/** Whatever else lies there is passed over: a torn piece, an empty line, what somebody wrote by hand. */
function parseSpans(text: string): number[] {
  const found: number[] = [];
  // Each begins with its line break: what stands before the first one is the end of one that was cut.
  for (const line of text.split('\n').slice(1)) {
    const ms = /^\d{1,9}\.$/.test(line) ? Number(line.slice(0, -1)) : SPAN_MAX_MS + 1;
    if (ms <= SPAN_MAX_MS) found.push(ms);
  }
  return found;
}
