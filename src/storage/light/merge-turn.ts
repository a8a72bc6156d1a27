/**
 * The merge queue's turn: the lease that says whose `coord merge run` it is. Ten at once make one merge.
 *
 * It is one process's. A dead one is followed at once; one that lives and has been silent for ten minutes (stopped,
 * hung) may be followed too, which is safe: whoever wakes up later finds its epoch lost before it moves the target or
 * saves anything, and stops. A run beats every few seconds, while validations run too.
 */
import { heardOf, readTop } from './epochs.ts';
import { type Held, type LeaseHeld, type LeaseRecord, takeLease } from './lease.ts';
import { type Liveness, livenessOf, markOf, type ProcessMark } from './process.ts';
import { coordinationPath } from './roster.ts';

export const TURN_BEAT_MS = 5_000;
/** Longer than any one git of a run may take. */
const TURN_SILENT_MS = 600_000;

export interface TurnHolder {
  readonly owner: string;
  readonly process: ProcessMark | null;
  readonly sinceMs: number;
}

function turnFolder(home: string): string {
  return coordinationPath(home, 'leases', 'merge-turn');
}

/** Takes the turn for this process, or says whose it is. */
export function takeTurn(home: string, owner: string): Held | TurnHolder {
  const session = `${process.pid}.${Math.random().toString(36).slice(2)}`;
  const holder = { owner, session, agent: null, process: markOf(process.pid) };
  const taken = takeLease(turnFolder(home), holder, {
    now: Date.now,
    ttlMs: TURN_SILENT_MS,
    judge: judgeTurn,
  });
  return 'code' in taken ? holderIn(taken) : taken;
}

/** One that lives and is silent for too long may be followed, as if nobody knew of it. */
function judgeTurn(record: LeaseRecord, heardAtMs: number): Liveness {
  const liveness = record.holder?.process ? livenessOf(record.holder.process) : 'unknown';
  return liveness === 'alive' && isSilent(heardAtMs) ? 'unknown' : liveness;
}

function isSilent(heardAtMs: number): boolean {
  return Date.now() - heardAtMs > TURN_SILENT_MS;
}

function holderIn({ record }: Pick<LeaseHeld, 'record'>): TurnHolder {
  const { holder, takenAt } = record;
  return { owner: holder?.owner ?? 'somebody', process: holder?.process ?? null, sinceMs: takenAt };
}

/** Who has the turn now; undefined when nobody does, nobody who lives, or one that is silent for so long that it may be followed. */
export function readTurn(home: string): TurnHolder | undefined {
  const top = readTop(turnFolder(home));
  if (!top?.record.holder) return undefined;
  const heardAtMs = heardOf(turnFolder(home), top, Date.now());
  const liveness = judgeTurn(top.record, heardAtMs);
  const isFree = liveness === 'dead' || (liveness === 'unknown' && isSilent(heardAtMs));
  return isFree ? undefined : holderIn(top);
}
