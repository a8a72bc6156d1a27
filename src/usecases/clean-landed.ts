/**
 * Clean-up after a landing that ended its phase: the worker's worktree and branch go, where nothing is lost and nobody
 * stands in them; else they stay, and the reason is told. Safe to call again: what is gone is `absent`, what a kill
 * interrupted is carried on, what somebody stood in is tried anew by the next run of the queue.
 */
import { type Keep, whyKept } from '../domain/clean-up.ts';
import { done, type Outcome } from '../domain/problem.ts';
import type { QueueEntry } from '../domain/queue-entry.ts';
import { nowMs } from '../storage/clock.ts';
import { listCleanings, type Manifest } from '../storage/light/cleaning-files.ts';
import { noteAct } from '../storage/light/journal.ts';
import { listEntries } from '../storage/light/queue-files.ts';
import {
  listWorkers,
  readPlaceRecord,
  readWorkerRecord,
  unreadablePlaceRecord,
  type WorkerRecord,
} from '../storage/light/roster.ts';
import { expireKept } from './expire-kept.ts';
import { deleteRest, type Part, type Removed, removeWorktree } from './remove-worktree.ts';
import { withPhases } from './start-phase.ts';

export interface Cleaned {
  readonly entry: string;
  readonly phase: string;
  readonly worktree: Part;
  readonly branch: Part;
  /** Why something was kept, in a clause; null where nothing was. */
  readonly why: string | null;
  /** Where what a person may want of it is, relative to home. */
  readonly aside: string | null;
}

export function cleanLanded(home: string, entry: QueueEntry): Cleaned {
  const { id, phase } = entry;
  const removed = removeGuarded(home, manifestOf(home, entry));
  const { worktree, branch, keep, aside } = removed;
  return { entry: id, phase, worktree, branch, why: keep ? whyKept(keep) : null, aside };
}

/** What the queue and the roster noted of an entry's worktree and branch; or why nothing may be taken away by it. */
export function manifestOf(home: string, entry: QueueEntry): Manifest | Keep {
  const { id, phase, worker, branch, target, place, landed } = entry;
  if (entry.state !== 'landed' || !landed) return { code: 'not-landed', entry: id };
  const known = readWorkerRecord(home, worker);
  if (known?.state === 'active') return { code: 'phase-active', phase };
  const { tip, commit } = landed;
  const noted = { id, worker, branch, target, landed: { entry: id, tip, commit } };
  // The worktree of an entry is the one that its worker still had: another that has the name by now is not meant.
  const broken = unreadablePlaceRecord(home, place);
  if (broken !== undefined) return { code: 'not-as-noted', path: broken, what: 'it cannot be read' };
  const record = readPlaceRecord(home, place);
  const isIts = record?.worker === worker && record.branch === branch && record.isEnded === true;
  return isIts && place !== null
    ? { ...noted, place, worktree: record.worktree }
    : { ...noted, place: null, worktree: null };
}

function stays(keep: Keep): Removed {
  return { worktree: 'kept', branch: 'kept', keep, aside: null };
}

/** Removes under the mutex, and deletes the files outside of it. */
export function removeGuarded(home: string, manifest: Manifest | Keep): Removed {
  if ('code' in manifest) return stays(manifest);
  try {
    return removeIn(home, listCleanings(home).find(({ id }) => id === manifest.id) ?? manifest);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    // The disk is full, or something is not ours to write: the landing stands, and the next run tries again.
    if (code === undefined || !/^E[A-Z]+$/.test(code)) throw error;
    return stays({ code: 'failed', detail: message });
  }
}

function activeWorker(home: string, { branch, place }: Manifest): WorkerRecord | undefined {
  const active = listWorkers(home).filter(({ state }) => state === 'active');
  return active.find((one) => one.branch === branch || (place !== null && one.place === place));
}

function removeIn(home: string, manifest: Manifest): Removed {
  const outcome = withPhases(home, (): Outcome<Removed> => {
    // A phase may have been started, or joined from there, since it was looked at.
    const active = activeWorker(home, manifest);
    return done(
      active ? stays({ code: 'phase-active', phase: active.phase }) : removeWorktree(home, manifest),
    );
  });
  if (!outcome.done) return stays({ code: 'busy', what: 'the roster' });
  const left = deleteRest(home, manifest);
  const { worktree, branch, keep } = outcome.value;
  noteAct(
    home,
    { act: 'cleaned', id: manifest.id, worktree, branch, ...(keep ? { kept: keep.code } : {}) },
    nowMs(),
  );
  return left && !keep ? { ...outcome.value, keep: left } : outcome.value;
}

/**
 * What a crash, or a session that was still open, left of earlier landings. Where nothing is left it costs next to
 * nothing: a worktree that coord may still remove has its record in the roster. Also lets go of what was kept for long.
 */
export function cleanLeft(home: string): Cleaned[] {
  expireKept(home, nowMs());
  const open = new Set(listCleanings(home).map(({ id }) => id));
  const landed = listEntries(home).entries.filter(({ state }) => state === 'landed');
  // Of a phase that landed several times the last one tells where its branch stands.
  const last = new Map(landed.map((entry) => [entry.phase, entry.id]));
  return landed
    .filter(({ id, phase }) => open.has(id) || last.get(phase) === id)
    .filter((entry) => open.has(entry.id) || mayBeThere(home, entry))
    .map((entry) => cleanLanded(home, entry));
}

function mayBeThere(home: string, entry: QueueEntry): boolean {
  const manifest = manifestOf(home, entry);
  return !('code' in manifest) && manifest.worktree !== null;
}
