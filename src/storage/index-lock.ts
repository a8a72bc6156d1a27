/**
 * The lock of a worktree's index, `index.lock`, taken by coord itself for the time of a landing: no git of the operator
 * can stage, commit or switch between the look at a checkout and its sync. It is made complete, with the landing's id in
 * it, so that a later run knows what a killed one left from what a git of the operator's holds.
 */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { nowMs } from './clock.ts';
import { createExclusive, readTextIfThere, removeIfThere } from './light/files.ts';
import { isMissing } from './light/place.ts';
import { pause } from './strays.ts';

const POLL_MS = 25;

function lockFile(gitDir: string): string {
  return join(gitDir, 'index.lock');
}

function markOf(id: string): string {
  return `coord landing ${id}\n`;
}

export interface LockedElsewhere {
  readonly file: string;
  readonly ageMs: number | null;
}

/** Takes it, or finds that this landing has it already; says who is in the way after a short wait. */
export function lockIndex(gitDir: string, id: string, waitMs: number): LockedElsewhere | undefined {
  const file = lockFile(gitDir);
  for (const deadline = nowMs() + waitMs; ; pause(POLL_MS)) {
    if (createExclusive(file, markOf(id), { durable: false }) || isOurs(gitDir, id)) return undefined;
    if (nowMs() >= deadline) return { file, ageMs: ageOf(file) };
  }
}

/** Gives it back, where this landing has it. */
export function unlockIndex(gitDir: string, id: string): void {
  if (isOurs(gitDir, id)) removeIfThere(lockFile(gitDir));
}

function isOurs(gitDir: string, id: string): boolean {
  return readTextIfThere(lockFile(gitDir)) === markOf(id);
}

function ageOf(file: string): number | null {
  try {
    return Math.max(0, nowMs() - statSync(file).mtimeMs);
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}
