/** Removes records that nobody has written for a month: of each session one is kept, and most sessions never come back. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { isTemporary } from '../../domain/temporary-name.ts';
import { listNames, removeIfThere } from './files.ts';

const KEPT_MS = 30 * 86_400_000;
/** More than these are too many, however new: the oldest go. */
const KEPT_MAX = 400;

export function sweepOld(folder: string, nowMs: number): void {
  const found = listNames(folder)
    .filter((name) => !isTemporary(name))
    .map((name) => {
      const file = join(folder, name);
      return { file, touchedMs: statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? nowMs };
    })
    .sort((a, b) => b.touchedMs - a.touchedMs);
  for (const [at, { file, touchedMs }] of found.entries())
    if (at >= KEPT_MAX || nowMs - touchedMs > KEPT_MS) removeIfThere(file);
}
