/**
 * The dashboard: what STATE.md says, with the transitions that wait folded in, and what the roster knows of each
 * worker. Reads no log, so its cost does not grow with what was ever said.
 */
import type { TriggerCode } from '../domain/health.ts';
import { COORDINATOR, OPERATOR } from '../domain/identifiers.ts';
import type { PlanCounts } from '../domain/plan.ts';
import { done, type Outcome } from '../domain/problem.ts';
import type { ConflictView } from '../domain/radar.ts';
import type { Settings } from '../domain/settings.ts';
import type { WorkerState } from '../domain/stall.ts';
import { countsOf, type StateBlocker, type StatePhase } from '../domain/state-document.ts';
import { nowMs } from '../storage/clock.ts';
import { readState } from '../storage/document-kinds.ts';
import { readOpenBlockers } from '../storage/light/blocker-twin.ts';
import type { Caller } from '../storage/light/caller.ts';
import { countDead, listSetAside } from '../storage/light/dead-letters.ts';
import { listUnacknowledged, listWaiting } from '../storage/light/mailbox.ts';
import { listOpenQuestions, type OpenQuestion } from '../storage/light/open-questions.ts';
import { listPeers, type Peer } from '../storage/light/peers.ts';
import { livenessOf } from '../storage/light/process.ts';
import { guardHeardAt, listSessions, readWorkerRecord } from '../storage/light/roster.ts';
import { readSeat } from '../storage/light/seat.ts';
import { readSettings } from '../storage/settings.ts';
import { isTreeYoungerThan } from '../storage/tree-age.ts';
import { findStaleWorkers } from './find-stale-workers.ts';
import { foldAll, waitingTransitions } from './fold-transitions.ts';
import { glanceAtQueue, type QueueGlance } from './glance-at-queue.ts';
import { judgeProjectHealth } from './judge-health.ts';
import { type CycleLine, openCycles } from './show-cycle.ts';
import { glanceAtConflicts } from './watch-conflicts.ts';

export interface WorkerView {
  readonly name: string;
  readonly phase: string;
  /** How it gets on (domain/stall). */
  readonly state: WorkerState;
  readonly worktree: string | null;
  readonly branch: string | null;
  readonly session: string | null;
  /** `alive`: its process was seen; `silent`: a session that gave no sign of life lately; `none`: nobody is there. */
  readonly presence: 'alive' | 'silent' | 'none';
  readonly heard_ms_ago: number | null;
  readonly guard_heard_ms_ago: number | null;
  /** True when files in its worktree changed after its guard was last heard. */
  readonly unguarded_change: boolean;
  readonly waiting: number;
}

/** Shared mode: who works beside the holder of a seat. */
export interface PeerView {
  readonly name: string;
  readonly session: string;
  readonly agent: string | null;
  readonly worktree: string;
  readonly presence: WorkerView['presence'];
  readonly waiting: number;
}

export interface PhaseView {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly worker: string;
  readonly branch: string | null;
  readonly depends: readonly string[];
  readonly plans: PlanCounts;
  readonly plan_list: readonly { id: string; title: string; state: string; commit: string | null }[];
}

export interface BlockerView extends Omit<StateBlocker, 'message' | 'plan'> {
  readonly phase: string;
  readonly worker: string;
  readonly plan: string | null;
  readonly message: string | null;
  readonly age_ms: number;
}

export interface QuestionView extends OpenQuestion {
  readonly age_ms: number;
}

export interface StatusView {
  readonly project: string;
  readonly home: string;
  readonly you: string;
  readonly revision: number;
  readonly coordinator: { session: string | null; epoch: number; presence: WorkerView['presence'] };
  readonly phases: readonly PhaseView[];
  readonly workers: readonly WorkerView[];
  readonly peers: readonly PeerView[];
  readonly blockers: readonly BlockerView[];
  /** Questions and blockers that were sent as messages and are not answered, oldest first. */
  readonly questions: readonly QuestionView[];
  /** Branches that would conflict if they were merged now, most harmful first; [] where none is known to. */
  readonly conflicts: readonly ConflictView[];
  readonly merge_queue: QueueGlance;
  /** Development cycles that are not over, and those whose state cannot be read. */
  readonly cycles: { readonly open: readonly CycleLine[]; readonly broken: readonly string[] };
  readonly inbox: { waiting: number; unacknowledged: number; operator: number; dead: number };
  readonly settings: { strict_blockers: boolean; events: string; guard: string };
  /** Triggers of `coord health` that have fired. */
  readonly health: readonly string[];
  readonly complaints: readonly string[];
}

/** A session without a sign of life for this long counts as silent. */
const SILENT_AFTER_MS = 10 * 60_000;

export function showStatus(caller: Caller): Outcome<StatusView> {
  const { home } = caller;
  const loaded = readState(home);
  if (!loaded.done) return loaded;
  const state = foldAll(loaded.value.document, waitingTransitions(home));
  const { settings, complaints } = readSettings(home);
  const sessions = listSessions(home);
  const active = state.phases.filter((phase) => phase.state === 'active');
  const stale = findStaleWorkers(home, state);
  const stateOf = ({ worker }: StatePhase) => stale.find((one) => one.worker === worker)?.why ?? 'working';
  const seat = readSeat(home, null);
  const { cycles, broken } = openCycles(home);
  return done({
    project: state.project,
    home,
    you: caller.name,
    revision: state.revision,
    coordinator: {
      session: seat?.session ?? null,
      epoch: seat?.epoch ?? 0,
      presence: seat ? presenceOf(seat.process ? livenessOf(seat.process) : 'unknown', null) : 'none',
    },
    phases: state.phases.map(phaseView),
    workers: active.map((phase) => workerView(home, phase, sessions, stateOf(phase))),
    peers: listPeers(home).map((peer) => peerView(home, peer, sessions)),
    blockers: state.phases.flatMap((phase) => blockerViews(home, phase)),
    questions: listOpenQuestions(home).map((question) => {
      return { ...question, age_ms: Math.max(0, nowMs() - Date.parse(question.asked)) };
    }),
    conflicts: glanceAtConflicts(home, { phases: state.phases, settings }),
    merge_queue: glanceAtQueue(home),
    cycles: { open: cycles, broken },
    inbox: {
      waiting: listWaiting(home, caller.name === OPERATOR ? COORDINATOR : caller.name).length,
      unacknowledged: listUnacknowledged(home, caller.name).length,
      operator: listWaiting(home, OPERATOR).length,
      dead: countDead(home) + listSetAside(home).length,
    },
    settings: {
      strict_blockers: settings.strict_blockers,
      events: settings.events,
      guard: settings.guard,
    },
    health: firedTriggers(home, settings, sessions),
    complaints,
  });
}

function firedTriggers(
  home: string,
  settings: Settings,
  sessions: ReturnType<typeof listSessions>,
): TriggerCode[] {
  const { triggers } = judgeProjectHealth(home, settings, 1, sessions);
  return triggers.filter((trigger) => trigger.fired).map((trigger) => trigger.code);
}

function phaseView(phase: StatePhase): PhaseView {
  const { id, name, state, worker, depends } = phase;
  const plan_list = phase.plans.map((plan) => ({ ...plan, commit: plan.commit ?? null }));
  return {
    id,
    name,
    state,
    worker,
    branch: phase.branch ?? null,
    depends,
    plans: countsOf(phase),
    plan_list,
  };
}

function presenceOf(
  liveness: 'alive' | 'dead' | 'unknown',
  heardMsAgo: number | null,
): WorkerView['presence'] {
  if (liveness === 'dead') return 'none';
  if (liveness === 'alive') return 'alive';
  return heardMsAgo !== null && heardMsAgo < SILENT_AFTER_MS ? 'alive' : 'silent';
}

function workerView(
  home: string,
  phase: StatePhase,
  sessions: ReturnType<typeof listSessions>,
  state: WorkerState,
): WorkerView {
  const record = readWorkerRecord(home, phase.worker);
  const place = record?.place ?? null;
  const there = sessions
    .filter((session) => session.place === place && place !== null)
    .sort((a, b) => b.heardAtMs - a.heardAtMs)[0];
  const now = nowMs();
  const heard = there ? now - there.heardAtMs : null;
  const guardAt = place === null ? undefined : guardHeardAt(home, place);
  const liveness = there?.process ? livenessOf(there.process) : 'unknown';
  return {
    name: phase.worker,
    phase: phase.id,
    state,
    worktree: record?.worktree ?? null,
    branch: record?.branch ?? null,
    session: there?.session ?? null,
    presence: there ? presenceOf(liveness, heard) : 'none',
    heard_ms_ago: heard,
    guard_heard_ms_ago: guardAt === undefined ? null : now - guardAt,
    unguarded_change:
      there !== undefined &&
      record !== undefined &&
      isTreeYoungerThan(record.worktree, guardAt ?? there.heardAtMs),
    waiting: listWaiting(home, phase.worker).length,
  };
}

function peerView(home: string, peer: Peer, sessions: ReturnType<typeof listSessions>): PeerView {
  const { name, session, agent, root } = peer;
  const own = sessions.find((one) => one.session === session && one.agent === agent);
  const liveness = own?.process ? livenessOf(own.process) : 'unknown';
  const presence = own ? presenceOf(liveness, nowMs() - own.heardAtMs) : 'none';
  return { name, session, agent, worktree: root, presence, waiting: listWaiting(home, name).length };
}

function blockerViews(home: string, phase: StatePhase): BlockerView[] {
  const open = readOpenBlockers(home, phase.worker);
  return phase.blockers.map((blocker) => {
    const known = open.find((candidate) => candidate.id === blocker.id);
    const { plan, message, ...rest } = blocker;
    return {
      ...rest,
      state: known?.answeredBy ? 'answered' : blocker.state,
      plan: plan ?? null,
      message: message ?? null,
      phase: phase.id,
      worker: phase.worker,
      age_ms: Math.max(0, nowMs() - Date.parse(blocker.raised)),
    };
  });
}
