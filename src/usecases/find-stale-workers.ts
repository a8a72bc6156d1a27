/** Active workers of whom nobody is there, or of whom nothing comes (domain/stall). Changes nothing. */
import { join } from 'node:path';
import { judgeWorker, SILENT_AFTER_MS, type WorkerState } from '../domain/stall.ts';
import { countsOf, type StateDocument, type StatePhase } from '../domain/state-document.ts';
import { nowMs } from '../storage/clock.ts';
import { statusFile } from '../storage/document-kinds.ts';
import { readOpenBlockers } from '../storage/light/blocker-twin.ts';
import { changesNotedAt } from '../storage/light/journal.ts';
import { placeAt } from '../storage/light/place.ts';
import { livenessOf } from '../storage/light/process.ts';
import { listSessions, modifiedAt, readWorkerRecord, type WorkerRecord } from '../storage/light/roster.ts';
import { readSettings } from '../storage/settings.ts';

export { SILENT_AFTER_MS };

export interface StaleWorker {
  readonly worker: string;
  readonly phase: string;
  readonly why: Exclude<WorkerState, 'working'>;
  /** Null when it never had a session. */
  readonly heardMsAgo: number | null;
  /** Null when nothing is known of a change. */
  readonly changedMsAgo: number | null;
}

export function findStaleWorkers(home: string, state: StateDocument): StaleWorker[] {
  const active = state.phases.filter((phase) => phase.state === 'active');
  if (active.length === 0) return [];
  const sessions = listSessions(home);
  const stallAfterMs = readSettings(home).settings.stall_after * 60_000;
  const now = nowMs();
  return active.flatMap((phase): StaleWorker[] => {
    const record = readWorkerRecord(home, phase.worker);
    const place = record?.place ?? null;
    const there = sessions
      .filter((session) => place !== null && session.place === place)
      .sort((a, b) => b.heardAtMs - a.heardAtMs)[0];
    const heardMsAgo = there ? Math.max(0, now - there.heardAtMs) : null;
    const changedAt = record ? lastChangeAt(home, record) : undefined;
    const changedMsAgo = changedAt === undefined ? null : Math.max(0, now - changedAt);
    const liveness = there && (there.process ? livenessOf(there.process) : 'unknown');
    const isBlocked = readOpenBlockers(home, phase.worker).some((blocker) => !blocker.answeredBy);
    const signs = { liveness, heardMsAgo, changedMsAgo, busyMsAgo: busyMsAgo(phase, now), isBlocked };
    const why = judgeWorker(signs, stallAfterMs);
    return why === 'working'
      ? []
      : [{ worker: phase.worker, phase: phase.id, why, heardMsAgo, changedMsAgo }];
  });
}

/** What its tools wrote, what it committed or checked out, what it said in STATUS.md. */
function lastChangeAt(home: string, { worktree, folder, place }: WorkerRecord): number | undefined {
  const found = placeAt(worktree);
  const moments = [
    changesNotedAt(home, place),
    modifiedAt(statusFile(worktree, folder)),
    found ? modifiedAt(join(found.gitDir, 'logs', 'HEAD')) : undefined,
  ].filter((moment) => moment !== undefined);
  return moments.length === 0 ? undefined : Math.max(...moments);
}

/** Since the report that told of a plan under way. */
function busyMsAgo(phase: StatePhase, now: number): number | null {
  if (countsOf(phase).in_progress === 0) return null;
  const since = Date.parse(phase.reported?.at ?? phase.started ?? '');
  return Number.isNaN(since) ? null : Math.max(0, now - since);
}
