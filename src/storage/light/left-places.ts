/**
 * Worktrees that joined a phase, or were about to when they were killed: `roster/left/<place>.json`. By its note such a
 * worktree is known for coord's own when it is to be cleared away, once the phase is over or was taken over from there.
 */
import { join } from 'node:path';
import { listNames, removeIfThere } from './files.ts';
import { coordinationPath, fileNameOf, readRecord, type WorkerRecord, writeRecord } from './roster.ts';

export interface LeftPlace {
  /** Git's name of the worktree. */
  readonly place: string;
  readonly worktree: string;
  readonly branch: string;
  readonly worker: string;
}

function leftFile(home: string, place: string): string {
  return coordinationPath(home, 'roster', 'left', `${fileNameOf(place)}.json`);
}

export function noteLeftPlace(
  home: string,
  { place, worktree, branch, worker }: Pick<WorkerRecord, 'place' | 'worktree' | 'branch' | 'worker'>,
): void {
  if (place !== null) writeRecord(leftFile(home, place), { place, worktree, branch, worker });
}

export function listLeftPlaces(home: string): LeftPlace[] {
  const folder = coordinationPath(home, 'roster', 'left');
  return listNames(folder)
    .map((name) => readRecord<Partial<LeftPlace>>(join(folder, name)))
    .filter((found): found is LeftPlace =>
      [found?.place, found?.worktree, found?.branch, found?.worker].every((text) => typeof text === 'string'),
    );
}

export function forgetLeftPlace(home: string, place: string): void {
  removeIfThere(leftFile(home, place));
}
