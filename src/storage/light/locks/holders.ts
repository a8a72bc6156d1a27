/**
 * Who holds a lock, and whether that one still lives.
 *
 * A holder is a session instance (session and, for a subagent, its agent id) with the client's process; at a terminal,
 * the shell's process, so that what a script locked is free when the script has ended. Its name is for people, and may
 * change while it holds (a peer becomes the coordinator), so it is no part of who it is.
 *
 * States, as another one sees them:
 *   alive    its process is seen; never followed, however silent. So a suspended laptop robs nobody.
 *   dead     its process is gone, or serves another session by now: followed at once
 *   unknown  nobody can see its process (another container, no /proc, a session that coord never saw start). Its sign
 *            of life is its session's record, touched at every hook, or the lease. After SILENT_MS of silence it is
 *            *suspected* (`suspect.json` in the lease's folder), and followed when it is still silent SUSPECTED_MS
 *            later: both of two laptops' sessions that slept wake up to a silence, and one of them must not be robbed
 *            before its next hook ran. An old suspicion is worth nothing.
 */
import { join } from 'node:path';
import { isErrandOver } from '../call-ends.ts';
import type { Holder, LeaseRecord } from '../epochs.ts';
import { UNREADABLE_TTL_MS } from '../epochs.ts';
import { isErrno, writeAtomic } from '../files.ts';
import { type Liveness, livenessOf, markOf, type ProcessMark } from '../process.ts';
import {
  coordinationPath,
  listSessions,
  modifiedAt,
  readRecord,
  readSession,
  sessionHeardAt,
} from '../roster.ts';
import { type FoundLock, isUnreadable } from './files.ts';

export const SILENT_MS = 15 * 60_000;
export const SUSPECTED_MS = 60_000;
const SUSPICION_KEPT_MS = 10 * 60_000;
const SETTLED_MS = 100;

/** What tests put in the place of the world: the clock, the look at a process, the moment before a takeover. */
export interface LockSeams {
  readonly now: () => number;
  readonly livenessOf: (mark: ProcessMark) => Liveness;
  readonly beforeTakeover?: () => void;
  /** How long the mutex is waited for. */
  readonly mutexMs?: number;
}

export const REAL_SEAMS: LockSeams = { now: Date.now, livenessOf };

export function sessionHolder(
  home: string,
  session: string,
  agent: string | null,
  client: ProcessMark | null = null,
): Holder {
  const record =
    (agent === null ? undefined : readSession(home, session, agent)) ?? readSession(home, session, null);
  const owner = agent === null ? session : `${session}.${agent}`;
  return { owner, session, agent, process: client ?? record?.process ?? null };
}

/** The shell that runs `coord`, or the script. */
export function terminalHolder(pid: number = process.ppid): Holder {
  const mark = markOf(pid);
  return { owner: `terminal ${pid} ${mark.started ?? ''}`, session: null, agent: null, process: mark };
}

/** One text for each instance: the node of the wait graph. A test mutex has a holder for each command of it. */
export function instanceOf({ owner, session, agent }: Holder): string {
  if (session === null) return owner;
  return agent === null ? session : `${session}.${agent}`;
}

export function isSameInstance(a: Holder, b: Holder): boolean {
  return a.owner === b.owner && a.session === b.session && a.agent === b.agent;
}

let checks = 0;

/** How often this process has looked since it was asked last whether a holder lives: for the counters. */
export function takeHolderChecks(): number {
  const taken = checks;
  checks = 0;
  return taken;
}

/** Whether the holder of a lock lives. May note a suspicion in its folder. */
export function livenessOfLock(home: string, lock: FoundLock, seams: LockSeams): Liveness {
  checks += 1;
  const heardAt = heardAtOf(home, lock, seams.now());
  if (isUnreadable(lock)) return seams.now() - heardAt > UNREADABLE_TTL_MS ? 'dead' : 'unknown';
  if (isErrandOver(lock.note.errand)) return 'dead';
  const liveness = livenessOfHolder(home, lock.record, seams);
  if (liveness !== 'unknown' || seams.now() - heardAt <= SILENT_MS) return liveness;
  return isLongSuspected(lock, heardAt, seams.now()) ? 'dead' : 'unknown';
}

function livenessOfHolder(home: string, record: LeaseRecord, seams: LockSeams): Liveness {
  const { holder } = record;
  if (!holder?.process) return 'unknown';
  const liveness = seams.livenessOf(holder.process);
  if (liveness !== 'alive' || holder.session === null) return liveness;
  return hasMovedOn(home, holder.session, holder.process) ? 'dead' : 'alive';
}

/**
 * A client serves one session at a time: one that began later in the same process ended this one, also where a kill
 * kept its SessionEnd from releasing anything.
 */
function hasMovedOn(home: string, session: string, process: ProcessMark): boolean {
  const sessions = sessionsNow(home);
  const own = sessions.find((one) => one.session === session && one.agent === null);
  return sessions.some((other) => {
    const isThere = other.process?.pid === process.pid && other.process.started === process.started;
    if (!isThere || other.agent !== null || other.session === session) return false;
    return own === undefined || other.startedAt > own.startedAt;
  });
}

let known: { home: string; changedAt: number; sessions: ReturnType<typeof listSessions> } | undefined;

/**
 * The records of sessions, read again when one came, went or was replaced, which moves the folder's time. (Among
 * hundreds of sessions, reading them anew for each lock took most of what the mutex was held for.) A time of just now
 * proves nothing: clocks of file systems tick slowly.
 */
function sessionsNow(home: string): ReturnType<typeof listSessions> {
  const changedAt = modifiedAt(coordinationPath(home, 'roster', 'sessions')) ?? 0;
  if (known?.home === home && known.changedAt === changedAt) return known.sessions;
  const isSettled = Date.now() - changedAt > SETTLED_MS;
  const sessions = listSessions(home);
  known = isSettled ? { home, changedAt, sessions } : undefined;
  return sessions;
}

/** Its last sign of life, as far as clocks can be trusted: one from the future counts as now. */
function heardAtOf(home: string, lock: FoundLock, nowMs: number): number {
  const { holder, epoch, takenAt } = lock.record;
  const lease = modifiedAt(join(lock.dir, `${String(epoch).padStart(10, '0')}.json`)) ?? takenAt;
  const session = holder.session === null ? undefined : sessionHeardAt(home, holder.session, holder.agent);
  return Math.min(nowMs, Math.max(lease, session ?? 0));
}

interface Suspicion {
  readonly epoch: number;
  readonly heardAt: number;
  readonly sinceMs: number;
}

function isLongSuspected(lock: FoundLock, heardAt: number, nowMs: number): boolean {
  const file = join(lock.dir, 'suspect.json');
  const { epoch } = lock.record;
  const known = readRecord<Suspicion>(file);
  const isOfThis = known?.epoch === epoch && known.heardAt === heardAt;
  const agedMs = isOfThis ? nowMs - known.sinceMs : -1;
  if (agedMs < 0 || agedMs > SUSPICION_KEPT_MS) {
    noteSuspicion(file, { epoch, heardAt, sinceMs: nowMs });
    return false;
  }
  return agedMs >= SUSPECTED_MS;
}

function noteSuspicion(file: string, suspicion: Suspicion): void {
  try {
    writeAtomic(file, `${JSON.stringify(suspicion)}\n`, { durable: false });
  } catch (error) {
    // A look needs no mutex: the lock was released meanwhile, and its folder is gone.
    if (!isErrno(error, 'ENOENT')) throw error;
  }
}
