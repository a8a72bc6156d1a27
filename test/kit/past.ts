/** A project as it was left days ago: what coord did then it did on that day, and its files are of that day. */
import { lstatSync, lutimesSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const preload = join(dirname(fileURLToPath(import.meta.url)), 'shifted-clock.cjs');

/** For whatever is to live so many days ago. */
export function daysAgo(days: number): Record<string, string> {
  return { NODE_OPTIONS: `--require ${preload}`, COORD_TEST_DAYS_AGO: String(days) };
}

/** Sets back the time of every file and folder below, so many days from now on. */
export function setBack(folder: string, days: number): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (lstatSync(path).isDirectory()) setBack(path, days);
    const then = (lstatSync(path).mtimeMs - days * 86_400_000) / 1_000;
    lutimesSync(path, then, then);
  }
}
