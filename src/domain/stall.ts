/**
 * How a worker is getting on, by liveness and by behaviour: whether anybody is there, and whether anything comes of it.
 *
 *   none      no session ever came, or it ended
 *   gone      its session's process is dead
 *   silent    a session that gave no sign of life for long, and of whose process nothing is known
 *   stalled   it is there and has a plan under way, and nothing changed for long: no file that its tools wrote, no
 *             commit, no word in its STATUS.md
 *   working   all else
 *
 * Pure.
 */

export type WorkerState = 'none' | 'gone' | 'silent' | 'stalled' | 'working';

export interface WorkerSigns {
  /** Undefined when there is no session. */
  readonly liveness: 'alive' | 'dead' | 'unknown' | undefined;
  readonly heardMsAgo: number | null;
  /** The last change that it made; null when none is known. */
  readonly changedMsAgo: number | null;
  /** Since when a plan is under way; null when none is. */
  readonly busyMsAgo: number | null;
  /** It waits for an answer, so that nothing is to be expected of it. */
  readonly isBlocked: boolean;
}

/** A session without a sign of life for this long counts as silent. */
export const SILENT_AFTER_MS = 10 * 60_000;

/** `stallAfterMs` 0: nobody is called stalled. */
export function judgeWorker(signs: WorkerSigns, stallAfterMs: number): WorkerState {
  const { liveness, heardMsAgo, changedMsAgo, busyMsAgo, isBlocked } = signs;
  if (liveness === undefined) return 'none';
  if (liveness === 'dead') return 'gone';
  if (liveness === 'unknown' && (heardMsAgo === null || heardMsAgo >= SILENT_AFTER_MS)) return 'silent';
  if (stallAfterMs === 0 || busyMsAgo === null || isBlocked) return 'working';
  // A plan that was started just now has not had its time yet, whatever was changed before.
  const quietMs = Math.min(changedMsAgo ?? Number.POSITIVE_INFINITY, busyMsAgo);
  return quietMs >= stallAfterMs ? 'stalled' : 'working';
}
