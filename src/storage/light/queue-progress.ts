/**
 * Live progress of a run of the merge queue, for whoever looks (`coord merge status`): `queue/progress.json`, written
 * whole at each step and never durable. It decides nothing; one whose run has ended means nothing.
 */
import { makeFolder, removeIfThere, writeAtomic } from './files.ts';
import { livenessOf, markOf, type ProcessMark } from './process.ts';
import { queuePath } from './queue-files.ts';
import { readRecord } from './roster.ts';

export interface Probe {
  /** The branches that are validated together: ids of their entries. */
  readonly entries: readonly string[];
  readonly commit: string;
  readonly slot: number;
  /** What runs in it now. */
  readonly command: string;
  readonly since: string;
  /** The last line that it printed. */
  readonly last: string;
}

export interface MergeProgress {
  readonly process: ProcessMark;
  readonly started: string;
  readonly target: string;
  /** The target's commit that is stacked on. */
  readonly onto: string | null;
  readonly batch: readonly string[];
  readonly probes: readonly Probe[];
  readonly landed: readonly string[];
  readonly rejected: readonly string[];
}

const FILE = 'progress.json';

export function writeProgress(home: string, progress: Omit<MergeProgress, 'process'>): void {
  makeFolder(queuePath(home), { durable: false });
  const whole: MergeProgress = { process: markOf(process.pid), ...progress };
  writeAtomic(queuePath(home, FILE), `${JSON.stringify(whole, null, 2)}\n`, { durable: false });
}

/** Undefined when no run is under way. */
export function readProgress(home: string): MergeProgress | undefined {
  const progress = readRecord<MergeProgress>(queuePath(home, FILE));
  if (!progress?.process || livenessOf(progress.process) === 'dead') return undefined;
  return progress;
}

export function clearProgress(home: string): void {
  removeIfThere(queuePath(home, FILE));
}
