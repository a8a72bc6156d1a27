/**
 * The seat of a place: the lease that says which session works in a worktree. The primary worktree's seat is the
 * coordinator's.
 *
 * States: free; held by a session that lives; held by one that is gone. A session takes a free seat when it starts, and
 * a gone one's. A live one's it leaves alone: then its own writes are refused, until a person orders the takeover
 * (`coord join --takeover`). Each taking raises the epoch, and whoever held an older epoch is refused every write.
 * A session whose process nobody knows yields to the next one: only a process that is seen alive keeps a seat.
 */

import type { SeatHolder } from '../../domain/ground.ts';
import { leaseName } from '../../domain/names.ts';
import type { PlaceName } from '../../domain/place-name.ts';
import { noteAct } from './journal.ts';
import {
  findHeld,
  type Held,
  type Holder,
  type LeaseRecord,
  readLease,
  releaseLease,
  renewLease,
  takeLease,
} from './lease.ts';
import { livenessOf, type ProcessMark } from './process.ts';
import { coordinationPath, readSession } from './roster.ts';

/** Without a sign of life this long, a session whose process cannot be told from a later one is taken for gone. */
const SEAT_TTL_MS = 15 * 60_000;

export interface SeatClaim {
  readonly home: string;
  readonly place: PlaceName;
  /** The agent's name. */
  readonly owner: string;
  readonly session: string;
  readonly agent: string | null;
  readonly process: ProcessMark | null;
}

export function seatFolder(home: string, place: PlaceName): string {
  return coordinationPath(home, 'leases', leaseName(`seat:${place ?? ''}`));
}

function holderOf(claim: SeatClaim): Holder {
  return { owner: claim.owner, session: claim.session, agent: claim.agent, process: claim.process };
}

function toSeatHolder(record: LeaseRecord): SeatHolder | undefined {
  if (!record.holder) return undefined;
  return { session: record.holder.session, sinceMs: record.takenAt, epoch: record.epoch };
}

/**
 * The other session that holds the seat of a place; undefined when it is free, this session's own, or left by a
 * process that died. A holder whose process nobody knows stands against those it took the seat from, who were started
 * here and have a record; not against a session that coord never saw start.
 */
export function seatTakenBy(home: string, place: PlaceName, session: string | null): SeatHolder | undefined {
  return takenIn(readLease(seatFolder(home, place)), home, session);
}

/** How a session stands to the seat of a place, from one look: somebody else has it, or it has it itself. */
export interface SeatStanding {
  readonly takenBy: SeatHolder | undefined;
  readonly isOwn: boolean;
  /** The subagent that holds it for its session; null for a main thread. */
  readonly agent: string | null;
}

export function seatStanding(home: string, place: PlaceName, session: string): SeatStanding {
  const record = readLease(seatFolder(home, place));
  const isOwn = record?.holder?.session === session;
  return { takenBy: takenIn(record, home, session), isOwn, agent: record?.holder?.agent ?? null };
}

function takenIn(
  record: LeaseRecord | undefined,
  home: string,
  session: string | null,
): SeatHolder | undefined {
  const holder = record?.holder;
  if (!record || !holder || holder.session === session) return undefined;
  if (holder.process === null && (session === null || !readSession(home, session, null))) return undefined;
  if (holder.process !== null && livenessOf(holder.process) === 'dead') return undefined;
  return toSeatHolder(record);
}

/** Who holds the seat, whoever it is. */
export function readSeat(
  home: string,
  place: PlaceName,
): (SeatHolder & { process: ProcessMark | null }) | undefined {
  const record = readLease(seatFolder(home, place));
  const holder = record ? toSeatHolder(record) : undefined;
  return holder && record ? { ...holder, process: record.holder?.process ?? null } : undefined;
}

function judgeHolder(claim: SeatClaim, record: LeaseRecord): 'alive' | 'dead' | 'unknown' {
  const other = record.holder?.process ?? null;
  if (other === null) return 'dead';
  const isSameProcess = other.pid === claim.process?.pid && other.started === claim.process?.started;
  return isSameProcess ? 'dead' : livenessOf(other);
}

/** Takes the seat, or says who keeps it. `isOrdered`: a person ordered the takeover. */
export function takeSeat(claim: SeatClaim, nowMs: number, isOrdered = false): SeatHolder | undefined {
  const folder = seatFolder(claim.home, claim.place);
  const before = readLease(folder)?.holder?.session;
  if (before === claim.session) return undefined;
  const taken = takeLease(folder, holderOf(claim), {
    now: () => nowMs,
    ttlMs: SEAT_TTL_MS,
    force: isOrdered,
    judge: (record) => judgeHolder(claim, record),
  });
  if ('code' in taken) return toSeatHolder(taken.record);
  const { home, owner: actor, place, session } = claim;
  if (before)
    noteAct(home, { act: 'takeover', actor, place, session, from: before, ordered: isOrdered }, nowMs);
  return undefined;
}

/** Gives the seat back; nothing happens when another session holds it by now. */
export function leaveSeat(home: string, place: PlaceName, session: string): void {
  const held = ownHold(home, place, session);
  if (held) releaseLease(held);
}

/** A sign of life of the session, where it holds the seat. */
export function keepSeat(home: string, place: PlaceName, session: string, nowMs: number): void {
  const held = ownHold(home, place, session);
  if (held) renewLease(held, nowMs);
}

/** True where nobody has ever had the seat. */
export function isSeatUntaken(home: string, place: PlaceName): boolean {
  return readLease(seatFolder(home, place)) === undefined;
}

/** True where a subagent had the seat, and its process has died: nobody goes on in a worktree of its kind. */
export function isLeftByAgent(home: string, place: PlaceName): boolean {
  const holder = readLease(seatFolder(home, place))?.holder;
  return holder?.agent != null && holder.process !== null && livenessOf(holder.process) === 'dead';
}

function ownHold(home: string, place: PlaceName, session: string): Held | undefined {
  const folder = seatFolder(home, place);
  const holder = readLease(folder)?.holder;
  return holder?.session === session ? findHeld(folder, holder) : undefined;
}
