/**
 * The folder of one lease: epoch files `<n>.json`, of which the highest counts. lease.ts says who may add
 * one.
 *
 * States of an epoch number: free, linked, cleared. A linked file is complete and its content never changes
 * again; only its mtime moves, the heartbeat of its holder.
 * Invariants: the top never goes down, because only numbers below n−1 are ever cleared, by one who saw n
 * linked; so whoever links n and then sees nothing above n linked onto the true top. A number in a gap below
 * the top may be linked once more by a racer with an old listing: it is below the top, so it means nothing
 * and is cleared. Ten digits is part of the format: two writers who pad differently would make two files of
 * one number.
 *
 * Order of writes: link of n, then the unlinks below n−1, lowest first, then stale temporaries. A kill
 * between any two leaves more low files than two, and the next one to take or release removes them.
 *
 * A top that cannot be read (emptied by a loss of power, edited by hand, or half written where there are no
 * hard links) counts as held by nobody known, and expires UNREADABLE_TTL_MS after its mtime: never free at
 * once, since a live writer may be about to complete it, and never held for ever. Its holder cannot prove
 * that it holds it, so from then on it is refused; and a slow writer who completes it later finds a higher
 * top and has lost.
 */

import { readFileSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { isObject, parseObject } from '../../domain/json-value.ts';
import {
  createAnnounced,
  createExclusive,
  isErrno,
  listNames,
  readTextIfThere,
  removeIfThere,
  writeAtomic,
} from './files.ts';
import { type ProcessMark, sweepTemporaries } from './process.ts';

/** A session instance, not a name: an earlier session of the same worker is somebody else. */
export interface Holder {
  owner: string;
  session: string | null;
  agent: string | null;
  process: ProcessMark | null;
}

export interface LeaseRecord {
  epoch: number;
  /** Null: released. */
  holder: Holder | null;
  takenAt: number;
  /** After how much silence it counts as expired, unless its holder is known to live. Null: never by time. */
  ttlMs: number | null;
  note: string | null;
  from: Origin;
}

export type Origin = (typeof ORIGINS)[number];

export interface Top {
  epoch: number;
  record: LeaseRecord;
  isReadable: boolean;
  heardAt: number;
}

const ORIGINS = ['free', 'released', 'expired', 'dead', 'handover'] as const;
const EPOCH_FILE = /^0*([1-9]\d{0,14})\.json$/;
const EPOCH_MAX = 999_999_999_999_999;
const EPOCH_DIGITS = 10;
const DOUBT_FILE = 'doubt.json';
const LOOKS_MAX = 16;
const SKEW_MS = 2_000;
export const UNREADABLE_TTL_MS = 10_000;

/** The highest number among the names; 0 when there is none. */
export function topOf(names: string[]): number {
  let top = 0;
  for (const name of names) top = Math.max(top, numberOf(name));
  return top;
}

/** The top of the folder; undefined when nobody ever took the lease. */
export function readTop(dir: string): Top | undefined {
  let epoch = 0;
  for (let look = 0; look < LOOKS_MAX; look += 1) {
    const names = listNames(dir);
    epoch = topOf(names);
    if (epoch === 0) return undefined;
    const top = readEpoch(join(dir, nameAmong(names, epoch)), epoch);
    if (top) return top;
    // Cleared between the listing and the reading: the top has moved up by two or more.
  }
  // Listed, and never to be opened: a dangling symlink. Never heard, so the next number may follow at once.
  return { epoch, record: unreadable(epoch, 0), isReadable: false, heardAt: 0 };
}

/** Adds a record as its epoch; false when another racer was first. Missing folder: ENOENT. */
export function linkEpoch(dir: string, record: LeaseRecord, durable: boolean): boolean {
  if (record.epoch > EPOCH_MAX)
    throw new Error(`${dir}: no epoch above ${EPOCH_MAX}; somebody made that file by hand`);
  const text = `${JSON.stringify(record)}\n`;
  return createExclusive(epochPath(dir, record.epoch), text, { durable, modifiedAt: record.takenAt });
}

/** Adds the first record to a folder without any, unless somebody forbids it meanwhile (createAnnounced). */
export function linkFirst(
  dir: string,
  record: LeaseRecord,
  announcedIn: string,
  mayLink: () => boolean,
): 'made' | 'refused' | 'doubtful' {
  const options = { announcedIn, modifiedAt: record.takenAt };
  return createAnnounced(epochPath(dir, 1), `${JSON.stringify(record)}\n`, options, mayLink);
}

/** Clears the numbers below `epoch`, lowest first, and what killed writers left. */
export function clearBelow(dir: string, names: string[], epoch: number, now: number): void {
  const old = names.filter((name) => numberOf(name) > 0 && numberOf(name) < epoch);
  for (const name of old.sort((a, b) => numberOf(a) - numberOf(b))) {
    try {
      removeIfThere(join(dir, name));
    } catch (error) {
      // A folder of that name, or a reader on Windows: it is below the top, so it may as well stay.
      if (!isErrno(error, 'EISDIR', 'EPERM', 'EACCES', 'EBUSY')) throw error;
    }
  }
  if (names.includes(DOUBT_FILE)) removeIfThere(join(dir, DOUBT_FILE));
  sweepTemporaries(dir, names, now);
}

/** A heartbeat; false when the epoch is cleared already. */
export function beat(dir: string, epoch: number, now: number): boolean {
  try {
    utimesSync(epochPath(dir, epoch), now / 1000, now / 1000);
    return true;
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return false;
    throw error;
  }
}

/**
 * When the holder was last heard, for a clock that may have jumped. A heartbeat from the future would hold
 * for ever, and taking its age for old would rob a live holder as soon as a clock goes back. So the first who
 * meets one notes when that was, and it counts as heard then, until it moves. (The note is a file of its own:
 * to correct the mtime would rob the holder of its true heartbeat, if it is the reader's clock that is
 * wrong.)
 */
export function heardOf(dir: string, top: Top, now: number): number {
  if (top.heardAt <= now + SKEW_MS) return top.heardAt;
  const doubt = parseDoubt(readTextIfThere(join(dir, DOUBT_FILE)));
  if (doubt?.epoch === top.epoch && doubt.heardAt === top.heardAt && doubt.since <= now + SKEW_MS)
    return doubt.since;
  const text = JSON.stringify({ epoch: top.epoch, heardAt: top.heardAt, since: now });
  writeAtomic(join(dir, DOUBT_FILE), `${text}\n`, { durable: false });
  return now;
}

// --- internal ---

function epochPath(dir: string, epoch: number): string {
  return join(dir, `${String(epoch).padStart(EPOCH_DIGITS, '0')}.json`);
}

function numberOf(name: string): number {
  return Number(EPOCH_FILE.exec(name)?.[1] ?? 0);
}

/** The file of a number; ours before one that somebody made by hand with other digits. */
function nameAmong(names: string[], epoch: number): string {
  const ours = `${String(epoch).padStart(EPOCH_DIGITS, '0')}.json`;
  return names.includes(ours) ? ours : (names.find((name) => numberOf(name) === epoch) ?? ours);
}

function readEpoch(path: string, epoch: number): Top | undefined {
  try {
    const stats = statSync(path);
    const heardAt = Math.round(stats.mtimeMs);
    const record = stats.isFile() ? parseRecord(readFileSync(path, 'utf8'), epoch) : undefined;
    return { epoch, record: record ?? unreadable(epoch, heardAt), isReadable: record !== undefined, heardAt };
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function unreadable(epoch: number, heardAt: number): LeaseRecord {
  const holder = { owner: 'unreadable', session: null, agent: null, process: null };
  return {
    epoch,
    holder,
    takenAt: heardAt,
    ttlMs: UNREADABLE_TTL_MS,
    note: 'unreadable record',
    from: 'free',
  };
}

function parseRecord(text: string, epoch: number): LeaseRecord | undefined {
  const value = parseObject(text);
  if (!value || value['epoch'] !== epoch || !Number.isFinite(value['takenAt'])) return undefined;
  const { ttlMs, note, from, holder } = value;
  if (!(ttlMs === null || (typeof ttlMs === 'number' && ttlMs >= 0)) || !isTextOrNull(note)) return undefined;
  if (!ORIGINS.some((origin) => origin === from) || !(holder === null || isHolder(holder))) return undefined;
  return value as unknown as LeaseRecord;
}

function isHolder(value: unknown): boolean {
  if (!isObject(value) || typeof value['owner'] !== 'string') return false;
  const mark = value['process'];
  const isMark = isObject(mark) && typeof mark['pid'] === 'number' && isTextOrNull(mark['started']);
  return isTextOrNull(value['session']) && isTextOrNull(value['agent']) && (mark === null || isMark);
}

function parseDoubt(text: string | undefined): { epoch: number; heardAt: number; since: number } | undefined {
  const value = parseObject(text ?? '');
  const { epoch, heardAt, since } = value ?? {};
  if (typeof epoch !== 'number' || typeof heardAt !== 'number' || typeof since !== 'number') return undefined;
  return { epoch, heardAt, since };
}

function isTextOrNull(value: unknown): value is string | null {
  return value === null || typeof value === 'string';
}
