/**
 * The values of a big front matter, kept as JSON beside the very text that they were read from: to read YAML of 100
 * phases takes longer than all else that a session's start does. It counts for exactly that text, so one that is old, or
 * of a document that somebody edited, counts for nothing; and what it says is checked like what was read anew.
 *
 * `.coordination/roster/read/<name>.json`, written after the document at each save, and by a reader that found none.
 * Killed before it is written, the next reader reads the YAML.
 */
import type { Known } from './front-matter.ts';
import { isErrno } from './light/files.ts';
import { coordinationPath, fileNameOf, readRecord, writeRecord } from './light/roster.ts';

/** Below this the YAML is read as fast. */
const CHARS_MIN = 16_384;

interface Twin {
  readonly inner: string;
  readonly data: Record<string, unknown>;
}

function twinFile(home: string, name: string): string {
  return coordinationPath(home, 'roster', 'read', `${fileNameOf(name)}.json`);
}

/** What this process read last: a hook asks for the same document two or three times. Never changed by anybody. */
let lastRead: Twin | undefined;

export function knownTwin(home: string, name: string): Known {
  return (inner) => {
    if (inner.length < CHARS_MIN) return undefined;
    if (lastRead?.inner === inner) return lastRead.data;
    const twin = readRecord<Twin>(twinFile(home, name));
    const isFor = twin?.inner === inner && typeof twin.data === 'object' && twin.data !== null;
    if (!isFor || Array.isArray(twin.data)) return undefined;
    lastRead = twin;
    return twin.data;
  };
}

export function keepTwin(home: string, name: string, inner: string, data: Record<string, unknown>): void {
  if (inner.length < CHARS_MIN) return;
  lastRead = { inner, data };
  try {
    writeRecord(twinFile(home, name), { inner, data }, false);
  } catch (error) {
    // Whoever may only read does without.
    if (!isErrno(error, 'EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT', 'EFBIG')) throw error;
  }
}
