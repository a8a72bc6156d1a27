/** Active workers of whom nobody is there: no session, a session whose process is gone, or one that has been silent. */
import type { StateDocument } from '../domain/state-document.ts';
import { nowMs } from '../storage/clock.ts';
import { livenessOf } from '../storage/light/process.ts';
import { listSessions, readWorkerRecord } from '../storage/light/roster.ts';

export interface StaleWorker {
  readonly worker: string;
  readonly phase: string;
  readonly why: 'none' | 'gone' | 'silent';
  /** Null when it never had a session. */
  readonly heardMsAgo: number | null;
}

/** A session without a sign of life for this long counts as silent. */
export const SILENT_AFTER_MS = 10 * 60_000;

export function findStaleWorkers(home: string, state: StateDocument): StaleWorker[] {
  const active = state.phases.filter((phase) => phase.state === 'active');
  if (active.length === 0) return [];
  const sessions = listSessions(home);
  const now = nowMs();
  return active.flatMap((phase): StaleWorker[] => {
    const place = readWorkerRecord(home, phase.worker)?.place ?? null;
    const there = sessions
      .filter((session) => place !== null && session.place === place)
      .sort((a, b) => b.heardAtMs - a.heardAtMs)[0];
    const named = { worker: phase.worker, phase: phase.id };
    if (!there) return [{ ...named, why: 'none', heardMsAgo: null }];
    const heardMsAgo = Math.max(0, now - there.heardAtMs);
    const liveness = there.process ? livenessOf(there.process) : 'unknown';
    if (liveness === 'dead') return [{ ...named, why: 'gone', heardMsAgo }];
    if (liveness === 'alive' || heardMsAgo < SILENT_AFTER_MS) return [];
    return [{ ...named, why: 'silent', heardMsAgo }];
  });
}
