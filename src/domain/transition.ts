/**
 * Transitions: what changed in a STATUS.md since it was last reported, as messages to the coordinator.
 *
 * The comparison is between two states, so it does not matter how the file changed: by a verb, by hand, by a
 * `git checkout`. Messages carry counts of plans and never tasks (seed 000). Their ids are made from the number of
 * the report, so a report that a kill interrupted sends the same messages again, and each arrives once.
 */
import { condensed, pointerTo } from './blocker.ts';
import { COORDINATOR } from './identifiers.ts';
import type { Draft, Envelope, MessageType, TransitionEvent } from './message.ts';
import { countPlans, type GatePass, isAllComplete, type PlanCounts, type PlanState } from './plan.ts';
import type { Blocker, StatusDocument } from './status-document.ts';
import { envelopeAt, TRANSITION } from './urgency.ts';

/** What was last reported of a phase. */
export interface ReportedPhase {
  /** The number of the report; 0 before the first. */
  readonly report: number;
  readonly revision: number;
  readonly plans: Readonly<Record<string, PlanState>>;
  /** Blockers that were reported as raised and not as resolved. */
  readonly blockers: readonly string[];
}

export function nothingReported(plans: Readonly<Record<string, PlanState>>): ReportedPhase {
  return { report: 0, revision: 0, plans, blockers: [] };
}

interface Difference {
  readonly event: TransitionEvent;
  readonly plan?: string;
  readonly title?: string;
  readonly from?: PlanState | 'none';
  readonly to?: PlanState | 'removed';
  readonly commit?: string | undefined;
  readonly reason?: string | undefined;
  /** What the gate found, where it was asked. */
  readonly checks?: GatePass['checks'] | undefined;
  readonly blocker?: Blocker;
}

const EVENT_OF: Record<PlanState, TransitionEvent> = {
  not_started: 'state_changed',
  in_progress: 'plan_started',
  complete: 'plan_complete',
  failed: 'plan_failed',
};

function eventOf(from: PlanState | 'none', to: PlanState): TransitionEvent {
  if (to === 'in_progress' && from === 'complete') return 'state_changed';
  return EVENT_OF[to];
}

function planDifferences(before: ReportedPhase, status: StatusDocument): Difference[] {
  const found: Difference[] = [];
  for (const plan of status.plans) {
    const from = before.plans[plan.id] ?? 'none';
    if (from === plan.state) continue;
    const { id, title, state: to, commit, reason } = plan;
    const checks = to === 'complete' ? plan.gate?.checks : undefined;
    found.push({ event: eventOf(from, to), plan: id, title, from, to, commit, reason, checks });
  }
  for (const [plan, from] of Object.entries(before.plans)) {
    if (status.plans.some((known) => known.id === plan)) continue;
    found.push({ event: 'state_changed', plan, from, to: 'removed' });
  }
  return found;
}

function blockerDifferences(before: ReportedPhase, status: StatusDocument): Difference[] {
  const found: Difference[] = [];
  for (const blocker of status.blockers) {
    const wasOpen = before.blockers.includes(blocker.id);
    if (!wasOpen && blocker.state !== 'resolved') found.push({ event: 'blocker_raised', blocker });
    if (wasOpen && blocker.state === 'resolved') found.push({ event: 'blocker_resolved', blocker });
  }
  return found;
}

/** All differences, in the order in which they are told. */
function differences(before: ReportedPhase, status: StatusDocument): Difference[] {
  const found = [...planDifferences(before, status), ...blockerDifferences(before, status)];
  const wasComplete = isAllComplete(countPlans(Object.values(before.plans).map((state) => ({ state }))));
  if (!wasComplete && isAllComplete(countPlans(status.plans))) {
    const commit = status.milestones.findLast((milestone) => milestone.event === 'phase_complete')?.commit;
    found.push({ event: 'phase_complete', commit });
  }
  return found;
}

const LEFT_OUT_OF_MILESTONES: readonly TransitionEvent[] = ['plan_started', 'state_changed'];

export interface Report {
  readonly after: ReportedPhase;
  readonly envelopes: readonly Envelope[];
}

/** The messages that a STATUS.md owes the coordinator, and what will have been reported once they are sent. */
export function planReport(
  before: ReportedPhase,
  status: StatusDocument,
  phaseFolder: string,
  options: { events: 'full' | 'milestones'; atMs: number },
): Report | undefined {
  const found = differences(before, status);
  if (found.length === 0) return undefined;
  const report = before.report + 1;
  const { revision } = status;
  const told = found.filter(
    (one) => options.events === 'full' || !LEFT_OUT_OF_MILESTONES.includes(one.event),
  );
  const envelopes = told.map((difference, index) =>
    envelopeAt(draftOf(difference, status, phaseFolder, { report, revision }), {
      tail: `${TRANSITION}${status.phase}.${report}.${index + 1}`,
      from: status.worker,
      atMs: options.atMs,
    }),
  );
  const plans = Object.fromEntries(status.plans.map((plan) => [plan.id, plan.state]));
  const blockers = status.blockers
    .filter((blocker) => blocker.state !== 'resolved')
    .map((blocker) => blocker.id);
  return { after: { report, revision, plans, blockers }, envelopes };
}

const TYPE_OF: Record<TransitionEvent, MessageType> = {
  plan_started: 'progress',
  state_changed: 'progress',
  plan_complete: 'completion',
  phase_complete: 'completion',
  plan_failed: 'error',
  blocker_raised: 'blocker',
  blocker_resolved: 'progress',
};

function draftOf(
  difference: Difference,
  status: StatusDocument,
  phaseFolder: string,
  numbers: { report: number; revision: number },
): Draft {
  const counts = countPlans(status.plans);
  const { event, blocker, plan, title, from, to, commit } = difference;
  const metadata: Record<string, unknown> = { event, phase: status.phase, ...numbers, counts };
  if (plan !== undefined) Object.assign(metadata, { plan, task_id: plan, from, to });
  if (title !== undefined) metadata['title'] = title;
  if (commit !== undefined) metadata['commit'] = commit;
  if (difference.checks) metadata['quality_gates'] = difference.checks;
  if (event === 'plan_failed') metadata['error_type'] = 'plan_failed';
  if (blocker) {
    Object.assign(metadata, { blocker: blocker.id, summary: condensed(blocker.summary) });
    metadata['pointer'] = pointerTo(phaseFolder, blocker.id);
    if (blocker.plan !== undefined) Object.assign(metadata, { plan: blocker.plan, task_id: blocker.plan });
  }
  const references = [blocker?.plan ?? plan ?? status.phase, ...(blocker ? [blocker.id] : [])];
  const content = `${sentenceOf(difference, status, phaseFolder)} (${printCounts(counts)})`;
  return { to: COORDINATOR, type: TYPE_OF[event], content, references, metadata };
}

function sentenceOf(difference: Difference, status: StatusDocument, phaseFolder: string): string {
  const { event, plan, title, from, to, commit, reason, blocker } = difference;
  const at = commit ? ` at ${commit.slice(0, 12)}` : '';
  const named = plan === undefined ? '' : `plan ${plan}${title ? ` "${condensed(title)}"` : ''}`;
  switch (event) {
    case 'plan_started':
      return `${named} started`;
    case 'plan_complete':
      return `${named} complete${at}${difference.checks ? ', gate passed' : ''}`;
    case 'plan_failed':
      return `${named} failed${reason ? `: ${condensed(reason)}` : ''}`;
    case 'state_changed':
      return `${named} went from ${from} to ${to}`;
    case 'phase_complete':
      return `phase ${status.phase} "${condensed(status.name)}" complete${at}`;
    case 'blocker_raised': {
      const where = blocker?.plan === undefined ? '' : ` on plan ${blocker.plan}`;
      const id = blocker?.id ?? '';
      return `blocker ${id}${where}: ${condensed(blocker?.summary ?? '')} [full record: ${pointerTo(phaseFolder, id)}]`;
    }
    case 'blocker_resolved':
      return `blocker ${blocker?.id} resolved`;
  }
}

export function printCounts(counts: PlanCounts): string {
  const words = [
    `${counts.complete} complete`,
    `${counts.in_progress} in progress`,
    `${counts.not_started} not started`,
    `${counts.failed} failed`,
  ];
  return words.join(', ');
}
