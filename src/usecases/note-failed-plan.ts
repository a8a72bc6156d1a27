/** A plan that its worker called failed, for `coord health`, the log of acts and the issue tracker. */
import { citesSharedState } from '../domain/shared-state.ts';
import { findPlan, type StatusDocument } from '../domain/status-document.ts';
import { nowMs } from '../storage/clock.ts';
import type { Caller } from '../storage/light/caller.ts';
import { count } from '../storage/light/counters.ts';
import { noteAct } from '../storage/light/journal.ts';
import { announceLeft } from './announce-failure.ts';

const REASON_CHARS_NOTED = 500;

export function noteFailedPlan(caller: Caller, status: StatusDocument, id: string): void {
  const { home, root, record, name: actor } = caller;
  const plan = findPlan(status, id);
  if (!record || !plan) return;
  const { reason = '', handoff } = plan;
  const isShared = citesSharedState(reason);
  count(home, 'plans_failed');
  if (isShared) count(home, 'failures_shared');
  const noted = { plan: id, phase: record.phase.id, reason: reason.slice(0, REASON_CHARS_NOTED) };
  const shared = isShared ? { shared: ['words'] } : {};
  const { evidence = null, log = null } = handoff ?? {};
  noteAct(home, { act: 'plan-failed', actor, ...noted, evidence, log, ...shared }, nowMs());
  announceLeft({ home, root, record }, [id]);
}
