/**
 * Runs (seed 001): what workers handed in, `.taskers/runs/<YYYYMMDD_HHMMSS>/<worker>.txt`. Not committed, kept locally;
 * a second one of a second gets a name of its own, nothing is ever overwritten. The oldest go when there are too many.
 */

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { TASKERS_FOLDER } from '../../domain/project-paths.ts';
import { createExclusive, listNames, makeFolder } from './files.ts';
import { fileNameOf } from './roster.ts';

const RUNS_FOLDER = `${TASKERS_FOLDER}/runs`;
export const TICKETS_FOLDER = `${TASKERS_FOLDER}/tickets`;
const RUNS_MAX = 500;
const NAME = /^\d{8}_\d{6}$/;
const TRIES_MAX = 1_000;

export interface Run {
  /** `20260216_142834`. */
  readonly run: string;
  readonly workers: readonly string[];
}

/** Keeps an output; answers its path from home, with `/`. */
export function keepRun(home: string, worker: string, text: string, atMs: number): string {
  const iso = new Date(atMs).toISOString();
  const run = `${iso.slice(0, 10).replaceAll('-', '')}_${iso.slice(11, 19).replaceAll(':', '')}`;
  const folder = join(home, RUNS_FOLDER, run);
  makeFolder(folder);
  for (let at = 1; at <= TRIES_MAX; at += 1) {
    const name = `${fileNameOf(worker)}${at === 1 ? '' : `-${at}`}.txt`;
    if (!createExclusive(join(folder, name), text.endsWith('\n') ? text : `${text}\n`, { durable: true }))
      continue;
    sweep(home);
    return `${RUNS_FOLDER}/${run}/${name}`;
  }
  throw new Error(`${folder}: so many outputs of ${worker} in one second`);
}

/** Newest first, so many at most. */
export function listRuns(home: string, max = RUNS_MAX): Run[] {
  return listNames(join(home, RUNS_FOLDER))
    .filter((name) => NAME.test(name))
    .sort()
    .reverse()
    .slice(0, max)
    .map((run) => ({
      run,
      workers: listNames(join(home, RUNS_FOLDER, run))
        .filter((name) => name.endsWith('.txt'))
        .sort(),
    }));
}

function sweep(home: string): void {
  const runs = listNames(join(home, RUNS_FOLDER))
    .filter((name) => NAME.test(name))
    .sort();
  for (const run of runs.slice(0, Math.max(0, runs.length - RUNS_MAX)))
    rmSync(join(home, RUNS_FOLDER, run), { recursive: true, force: true, maxRetries: 3 });
}
