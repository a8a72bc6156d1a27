/**
 * The part of doctor that looks at locks and at who died: locks of dead holders, a taking that was killed on its way,
 * waiters whom nobody told, mutexes that are held for too long, plans whose worker is gone. To release what a dead one
 * held takes nothing away from anybody, so it is done also without `--repair`, as any `coord locks` does it.
 */
import { join } from 'node:path';
import { targetName } from '../domain/lock.ts';
import { nowMs } from '../storage/clock.ts';
import { readStatus } from '../storage/document-kinds.ts';
import { listNames } from '../storage/light/files.ts';
import { readLease } from '../storage/light/lease.ts';
import {
  allLockFolders,
  type FoundLock,
  hasLocks,
  isUnreadable,
  leasesFolder,
  readLock,
} from '../storage/light/locks/files.ts';
import { livenessOfLock, REAL_SEAMS } from '../storage/light/locks/holders.ts';
import { enterLocks, unfinishedTaking } from '../storage/light/locks/leases.ts';
import { listLocks, tendWaiters } from '../storage/light/locks/locks.ts';
import { placeAt } from '../storage/light/place.ts';
import { livenessOf } from '../storage/light/process.ts';
import { listWorkers, readPlaceRecord, type WorkerRecord } from '../storage/light/roster.ts';
import { readSeat } from '../storage/light/seat.ts';
import { announceLeft } from './announce-failure.ts';
import { deadHolder, handOver, leftBy } from './leave-handoff.ts';

export type LockFinding =
  | { code: 'locks-dead'; locks: readonly { path: string; holder: string }[]; repaired: boolean }
  | { code: 'lock-unreadable'; path: string }
  | { code: 'taking-unfinished'; count: number; repaired: boolean }
  | { code: 'mutex-held'; name: string; pid: number; seconds: number }
  | { code: 'worker-died'; worker: string; session: string; plans: readonly string[]; repaired: boolean };

/** A mutex is held for milliseconds; longer than this, and its holder hangs or is stopped. */
const HELD_MS = 30_000;

export function checkLocks(home: string): LockFinding[] {
  const found = [...checkMutexes(home), ...checkTaking(home)];
  if (!hasLocks(home)) return found;
  const all = allLockFolders(home)
    .map(readLock)
    .filter((lock) => lock !== undefined);
  const dead = all.filter((lock) => !lock.note.isAlias && livenessOfLock(home, lock, REAL_SEAMS) === 'dead');
  // Recovers on its way, and tells whoever waits.
  const left = new Set(listLocks(home).locks.map((lock) => lock.dir));
  tendWaiters(home);
  const locks = dead.map(({ note }) => ({ path: targetName(note.target), holder: note.name }));
  const repaired = dead.every((lock) => !left.has(lock.dir) && !isStillHeld(lock));
  if (locks.length > 0) found.push({ code: 'locks-dead', locks, repaired });
  const unreadable = all.filter((lock) => isUnreadable(lock) && left.has(lock.dir));
  return [...found, ...unreadable.map(({ dir }) => ({ code: 'lock-unreadable' as const, path: dir }))];
}

/** By the very same holder: where the mutex could not be had, nothing was recovered. */
function isStillHeld({ dir, record }: FoundLock): boolean {
  const now = readLock(dir)?.record;
  return now?.epoch === record.epoch && now.takenAt === record.takenAt;
}

function checkTaking(home: string): LockFinding[] {
  const dirs = unfinishedTaking(home, REAL_SEAMS);
  if (!dirs) return [];
  // Whoever enters undoes it first.
  const outcome = enterLocks(home, REAL_SEAMS, () => true);
  return [{ code: 'taking-unfinished', count: dirs.length, repaired: outcome === true }];
}

/** Mutexes among the leases: held by a process, and not by a session. */
function checkMutexes(home: string): LockFinding[] {
  const folder = leasesFolder(home);
  return listNames(folder).flatMap((name): LockFinding[] => {
    if (name.endsWith('.json') || name.startsWith('locks-')) return [];
    const record = readLease(join(folder, name));
    const holder = record?.holder;
    const heldMs = nowMs() - (record?.takenAt ?? nowMs());
    if (!holder?.process || holder.owner !== `process ${holder.process.pid}` || heldMs < HELD_MS) return [];
    if (livenessOf(holder.process) === 'dead') return [];
    return [{ code: 'mutex-held', name, pid: holder.process.pid, seconds: Math.round(heldMs / 1_000) }];
  });
}

/** Workers that died over a plan: with `repair`, the plan is left to the next one as at a takeover. */
export function checkWork(home: string, repair: boolean): LockFinding[] {
  return listWorkers(home).flatMap((worker): LockFinding[] => {
    if (worker.state !== 'active' || !placeAt(worker.worktree)) return [];
    const holder = readSeat(home, worker.place)?.session ?? null;
    const dead = deadHolder(home, worker.place, null) ?? deadHolder(home, worker.place, holder);
    const record = dead ? readPlaceRecord(home, worker.place) : undefined;
    const status = dead ? readStatus({ home, root: worker.worktree, folder: worker.folder }) : undefined;
    if (!dead || !record || !status?.done) return [];
    const plans = leftBy(status.value.document, dead).map((plan) => plan.id);
    if (plans.length === 0) return [];
    const { session } = dead;
    if (repair) leave(home, worker, record, dead);
    return [{ code: 'worker-died', worker: worker.worker, session, plans, repaired: repair }];
  });
}

function leave(
  home: string,
  { worktree: root }: WorkerRecord,
  record: NonNullable<ReturnType<typeof readPlaceRecord>>,
  gone: NonNullable<ReturnType<typeof deadHolder>>,
): void {
  const ward = { home, root, record };
  announceLeft(ward, handOver(ward, gone));
}
