/**
 * Folders for a moment, in the system's own place for such: an index, objects or an output that nobody keeps. Whoever is
 * killed leaves its folder there, and no later run would come by it again: so they have one name, and are swept.
 */
import { lstatSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listNames } from './light/files.ts';
import { isMissing } from './light/place.ts';

const PREFIX = 'coord-scratch-';
/** Nothing that uses one takes a day. */
const STALE_MS = 24 * 3_600_000;
/** So many at once: somebody may be waiting. */
const SWEPT_MAX = 100;

export interface Scratch {
  readonly folder: string;
  readonly end: () => void;
}

/** To be ended by whoever opened it. */
export function openScratch(): Scratch {
  const folder = mkdtempSync(join(tmpdir(), PREFIX));
  return { folder, end: () => removeFolder(folder) };
}

export function withScratch<T>(body: (folder: string) => T): T {
  const { folder, end } = openScratch();
  try {
    return body(folder);
  } finally {
    end();
  }
}

/** Takes away those of this user that nobody can be using any more. */
export function sweepScratch(now: number): void {
  const left = listNames(tmpdir())
    .filter((name) => name.startsWith(PREFIX))
    .map((name) => join(tmpdir(), name))
    .filter((folder) => isLeft(folder, now));
  for (const folder of left.slice(0, SWEPT_MAX)) removeFolder(folder);
}

function isLeft(folder: string, now: number): boolean {
  try {
    const stat = lstatSync(folder);
    const isOwn = stat.isDirectory() && stat.uid === (process.getuid?.() ?? stat.uid);
    return isOwn && Math.abs(now - stat.mtimeMs) > STALE_MS;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}
