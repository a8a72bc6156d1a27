/**
 * Clean-ups under way: `.coordination/queue/cleaning/<id>.json`, one a worktree and branch, written before the first
 * step and removed after the last. What the stages mean: usecases/remove-worktree.
 */
import { dirname, join } from 'node:path';
import { listNames, removeIfThere } from './files.ts';
import { queuePath } from './queue-files.ts';
import { fileNameOf, readRecord, writeRecord } from './roster.ts';

/** What coord noted of a worktree and its branch: nothing else is ever removed. */
export interface Manifest {
  /** Names the clean-up: an entry's id, or that of an orphan. */
  readonly id: string;
  readonly worker: string | null;
  /** Git's name of the worktree; null where none is known. */
  readonly place: string | null;
  readonly worktree: string | null;
  readonly branch: string;
  readonly target: string;
  /** What landed of it, where it went through the queue. */
  readonly landed: { readonly entry: string; readonly tip: string; readonly commit: string } | null;
}

export interface Cleaning extends Manifest {
  readonly stage: 'going' | 'verified' | 'emptied';
  /** Paths in it that are moved aside. */
  readonly aside: readonly string[];
}

function cleaningFile(home: string, id: string): string {
  return queuePath(home, 'cleaning', `${fileNameOf(id)}.json`);
}

/** Undefined as well for one that a hand has spoiled: then all is judged anew. */
export function readCleaning(home: string, { id, worktree, branch }: Manifest): Cleaning | undefined {
  const found = readRecord<Cleaning>(cleaningFile(home, id));
  const isIts = found?.id === id && found.worktree === worktree && found.branch === branch;
  return isIts && Array.isArray(found.aside) ? found : undefined;
}

export function listCleanings(home: string): Cleaning[] {
  const folder = queuePath(home, 'cleaning');
  return listNames(folder)
    .filter((name) => name.endsWith('.json') && !name.startsWith('.'))
    .map((name) => readRecord<Cleaning>(join(folder, name)))
    .filter((found) => found !== undefined)
    .filter(({ id, branch }) => typeof id === 'string' && typeof branch === 'string');
}

export function saveCleaning(home: string, cleaning: Cleaning): Cleaning {
  writeRecord(cleaningFile(home, cleaning.id), cleaning);
  return cleaning;
}

export function removeCleaning(home: string, { id }: Manifest): void {
  removeIfThere(cleaningFile(home, id));
}

/** The name of a worktree's folder while it goes: beside its own, so that it is a rename on one disk. */
export function holdingOf({ id, worktree }: Manifest): string | undefined {
  return worktree === null ? undefined : join(dirname(worktree), `.coord-going-${fileNameOf(id)}`);
}

/** Where what a person may want of it is kept. */
export function keptFolder(home: string, { id }: Manifest): string {
  return queuePath(home, 'kept', fileNameOf(id));
}
