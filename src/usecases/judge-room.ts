/** Whether there is room for one more worker: the pool's limits, and a scope that is nobody else's. Changes nothing. */
import { globsOverlap } from '../domain/glob-overlap.ts';
import { DEFAULT_KIND, judgePool, type PoolRefusal, poolLimits } from '../domain/pool.ts';
import {
  judgeScopes,
  type StateDocument,
  type StatePhase,
  type StateRefusal,
} from '../domain/state-document.ts';
import { isCaseBlind } from '../storage/light/location.ts';
import { readSettings } from '../storage/settings.ts';
import { findStaleWorkers } from './find-stale-workers.ts';

export function judgeRoom(
  home: string,
  state: StateDocument,
  phase: StatePhase,
  mayOverlap: boolean,
): PoolRefusal | StateRefusal | undefined {
  const { settings } = readSettings(home);
  // A phase without a session takes nobody's place.
  const absent = new Set(findStaleWorkers(home, state).map((stale) => stale.worker));
  const working = state.phases
    .filter((one) => one.state === 'active' && one.id !== phase.id && !absent.has(one.worker))
    .map((one) => ({ worker: one.worker, kind: one.kind ?? DEFAULT_KIND }));
  const limits = poolLimits(settings.pool_max, settings.pool);
  const full = judgePool(limits, { phase: phase.id, kind: phase.kind ?? DEFAULT_KIND }, working);
  if (full) return full;
  const isBlind = isCaseBlind(home);
  return mayOverlap ? undefined : judgeScopes(state, phase, (a, b) => globsOverlap(a, b, isBlind));
}
