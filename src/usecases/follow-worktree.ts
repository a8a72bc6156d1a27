/**
 * Follows a worker to where its worktree lies by now (moved-worktree): by `git worktree move`, or since the whole
 * project was moved or copied. Order: 1 folder and git's record name each other, 2 the place's record, 3 the worker's.
 * Killed anywhere before 3, the next one finds it again.
 */
import { existsSync } from 'node:fs';
import {
  readPlaceRecord,
  unreadablePlaceRecord,
  type WorkerRecord,
  writePlaceRecord,
  writeWorkerRecord,
} from '../storage/light/roster.ts';
import { findMoved, isOfAnother, linkAgain } from '../storage/moved-worktree.ts';

/** Where it is by now; undefined where it never went. With `mend`, it is noted there afterwards. */
export function followWorktree(home: string, worker: WorkerRecord, mend: boolean): string | undefined {
  const { place, worktree } = worker;
  if (place === null || unreadablePlaceRecord(home, place) !== undefined) return undefined;
  const record = readPlaceRecord(home, place);
  // Git gives a name to another worktree when the first is gone.
  const moved = record?.worker === worker.worker ? findMoved(home, { place, worktree }) : undefined;
  if (!record || !moved) return undefined;
  if (mend) {
    linkAgain(moved);
    writePlaceRecord(home, place, { ...record, worktree: moved.root });
    writeWorkerRecord(home, { ...worker, worktree: moved.root });
  }
  return moved.root;
}

/**
 * True for a worktree that is not there: the client removed it at the end of a session, this is a fresh clone of a
 * project that was coordinated elsewhere, or a copy without it. One that lies elsewhere is noted there.
 */
export function isWorktreeLost(home: string, worker: WorkerRecord | undefined): boolean {
  if (worker === undefined) return true;
  if (followWorktree(home, worker, true) !== undefined) return false;
  return !existsSync(worker.worktree) || isOfAnother(home, worker.worktree);
}
