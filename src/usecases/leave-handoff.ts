/**
 * Leaves a plan to the next worker: what failed last, and where its log and the transcript of the session lie. So the
 * next one starts from what is known. For a plan that failed, one that the gate refused, and one whose worker died
 * over it. It is written before whoever notices goes on (takes the seat, moves the worktree): killed in between, the
 * next one notices again, and finds it marked.
 */
import { lastFailure } from '../domain/evidence.ts';
import { followUpOf, handoffOf, leaveHandoff, markFollowUp } from '../domain/follow-up.ts';
import type { GateVerdict } from '../domain/gate.ts';
import { parseInstant } from '../domain/outside/instant.ts';
import type { PlaceName } from '../domain/place-name.ts';
import type { Handoff, Plan } from '../domain/plan.ts';
import { findPlan, type StatusDocument } from '../domain/status-document.ts';
import { isoOf, nowMs } from '../storage/clock.ts';
import { changeStatus } from '../storage/documents.ts';
import { agentsOf, type Caller } from '../storage/light/caller.ts';
import { readEvidence } from '../storage/light/evidence-files.ts';
import { noteAct } from '../storage/light/journal.ts';
import { placeAt } from '../storage/light/place.ts';
import { livenessOf } from '../storage/light/process.ts';
import { listSessions, readPlaceRecord, readSession } from '../storage/light/roster.ts';
import { readSeat } from '../storage/light/seat.ts';
import type { Ward } from './judge-gate.ts';

export interface Left {
  readonly at: string;
  readonly reason: string;
  readonly session: string | null;
  readonly transcript: string | null;
}

const REASON_CHARS_MAX = 2_000;

/**
 * The handoff of a plan as it is now; its evidence is that of the place where it was worked on. What an earlier one
 * knew of a failure stays, unless that command ran again since.
 */
export function handoffFrom(
  ward: Ward,
  plan: Pick<Plan, 'started' | 'handoff'> | undefined,
  left: Left,
  place: PlaceName = placeAt(ward.root)?.name ?? null,
): Handoff {
  const evidence = readEvidence(ward.home, place);
  const sinceMs = parseInstant(plan?.started)?.atMs ?? 0;
  const reason = left.reason.slice(0, REASON_CHARS_MAX);
  const failure = lastFailure(evidence, sinceMs);
  const next = handoffOf({ ...left, reason }, failure);
  const before = plan?.handoff;
  if (failure || before?.command === undefined) return next;
  const ranSince = evidence.some(
    (one) =>
      one.command === before.command && Date.parse(one.started) >= Math.max(sinceMs, Date.parse(before.at)),
  );
  return ranSince
    ? next
    : { ...next, evidence: before.evidence, command: before.command, exit: before.exit, log: before.log };
}

/** Below the home of a person, it is written without the person's name: STATUS.md is committed. */
function withoutHome(path: string | null | undefined): string | null {
  const home = process.env['HOME'];
  if (!path) return null;
  return home && path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path;
}

/** The transcript of the session, or of its subagent that works at the caller's place. */
export function transcriptOf({
  home,
  session,
  place,
}: Pick<Caller, 'home' | 'session' | 'place'>): string | null {
  if (session === null) return null;
  const agent = agentsOf(home, session).find((one) => one.place === place);
  return withoutHome((agent ?? readSession(home, session, null))?.transcript);
}

/** The plan as failed, with how it was left. */
export function leaveFailed(
  caller: Caller,
  before: StatusDocument,
  after: StatusDocument,
  id: string,
  reason: string,
): StatusDocument {
  const { home, root, session, record } = caller;
  const at = findPlan(after, id)?.finished ?? isoOf(nowMs());
  if (!record) return after;
  const left = { at, reason, session, transcript: transcriptOf(caller) };
  return leaveHandoff(after, id, handoffFrom({ home, root, record }, findPlan(before, id), left));
}

/** A refusal for the same reasons is the same failure, and keeps its moment. */
export function refusedHandoff(ward: Ward, plan: Plan, verdict: GateVerdict, at: string): Handoff {
  const { home } = ward;
  const place = placeAt(ward.root)?.name ?? null;
  const session = readSeat(home, place)?.session ?? null;
  const reason = `the gate refused it: ${verdict.missing.join('; ')}`.slice(0, REASON_CHARS_MAX);
  const since = plan.needs_followup && plan.handoff?.reason === reason ? plan.handoff.at : at;
  const left = { at: since, reason, session, transcript: transcriptOf({ home, session, place }) };
  return handoffFrom(ward, plan, left, place);
}

/** The plan as needing follow-up, in the state that it has. */
export function leaveRefused(
  ward: Ward,
  document: StatusDocument,
  verdict: GateVerdict,
  at: string,
): StatusDocument {
  const plan = findPlan(document, verdict.plan);
  if (!plan) return document;
  const marked = markFollowUp(document, plan.id, followUpOf(verdict, at));
  return leaveHandoff(marked, plan.id, refusedHandoff(ward, plan, verdict, at));
}

/** The same in STATUS.md, by a hook, of a plan under way; one that says so already stays as it is. */
export function markRefused(ward: Ward, verdict: GateVerdict): void {
  const { home, root, record } = ward;
  const at = isoOf(nowMs());
  changeStatus<undefined, never>({ home, root, folder: record.phase.folder }, (before) => {
    const known = findPlan(before, verdict.plan);
    const isKnown = known?.needs_followup?.missing.join('\n') === verdict.missing.join('\n');
    const isUnderWay = known?.state === 'in_progress' && !(isKnown && known.handoff);
    const document = isUnderWay ? leaveRefused(ward, before, verdict, at) : before;
    return { done: true as const, document, value: undefined };
  });
}

/** A session that died holding the seat of a place. */
export interface Gone {
  readonly session: string;
  readonly place: PlaceName;
  readonly transcript: string | null;
  /** Where another has taken the seat since: what was started later is that one's. */
  readonly untilMs: number | undefined;
}

/**
 * The session that held the seat, where its process is dead (`isOrdered`, a person's takeover: where it is not seen
 * alive) and it is not the one that asks. Where the one that asks has the seat already, by a write of its own, the one
 * that died before that.
 */
export function deadHolder(
  home: string,
  place: PlaceName,
  asking: string | null,
  isOrdered = false,
): Gone | undefined {
  const seat = readSeat(home, place);
  if (!seat?.session) return undefined;
  if (seat.session === asking) return deadBefore(home, place, seat.session, seat.sinceMs);
  const liveness = seat.process ? livenessOf(seat.process) : 'unknown';
  const isGone = liveness === 'dead' || (isOrdered && liveness !== 'alive');
  return isGone ? goneFrom(home, place, seat.session, undefined) : undefined;
}

function deadBefore(home: string, place: PlaceName, holder: string, sinceMs: number): Gone | undefined {
  const [latest] = listSessions(home)
    .filter((one) => one.place === place && one.session !== holder && one.heardAtMs <= sinceMs)
    .filter(({ process: mark }) => mark !== null && livenessOf(mark) === 'dead')
    .sort((a, b) => b.heardAtMs - a.heardAtMs);
  return latest ? goneFrom(home, place, latest.session, sinceMs) : undefined;
}

function goneFrom(home: string, place: PlaceName, session: string, untilMs: number | undefined): Gone {
  return { session, place, transcript: transcriptOf({ home, session, place }), untilMs };
}

/** Plans under way that a dead session left, and that nobody has marked yet. */
export function leftBy(document: StatusDocument, { session, untilMs }: Gone): Plan[] {
  const isMarked = ({ handoff }: Plan) =>
    handoff?.session === session && handoff.reason.startsWith(diedReason(session));
  return document.plans.filter((plan) => {
    const startedMs = parseInstant(plan.started)?.atMs ?? 0;
    return plan.state === 'in_progress' && !isMarked(plan) && startedMs <= (untilMs ?? startedMs);
  });
}

function diedReason(session: string): string {
  return `session ${session} died over it`;
}

/** Marks what a session left at this place that died there; answers the plans. Nothing is left where nobody died. */
export function handOverPlace(
  home: string,
  place: { readonly root: string; readonly name: PlaceName },
  asking: string | null,
  isOrdered = false,
): { ward: Ward; plans: readonly string[] } | undefined {
  const { root, name } = place;
  const gone = deadHolder(home, name, asking, isOrdered);
  const record = gone ? readPlaceRecord(home, name) : undefined;
  if (!gone || !record || record.isEnded) return undefined;
  const ward = { home, root, record };
  return { ward, plans: handOver(ward, gone) };
}

/** Marks each plan under way that a dead session leaves; one that is marked already stays as it is. Answers their ids. */
export function handOver(ward: Ward, gone: Gone): string[] {
  const { home, root, record } = ward;
  const { session, transcript, place } = gone;
  const at = isoOf(nowMs());
  // A STATUS.md that cannot be read is complained of by the hook itself.
  const changed = changeStatus<string[], never>({ home, root, folder: record.phase.folder }, (before) => {
    const plans = leftBy(before, gone);
    const document = plans.reduce((next, plan) => {
      const earlier = plan.handoff ? `; before that: ${plan.handoff.reason}` : '';
      const left = { at, reason: `${diedReason(session)}${earlier}`, session, transcript };
      return leaveHandoff(next, plan.id, handoffFrom(ward, plan, left, place));
    }, before);
    return { done: true as const, document, value: plans.map((plan) => plan.id) };
  });
  const plans = changed.done ? changed.value.value : [];
  if (plans.length > 0)
    noteAct(home, { act: 'worker-died', actor: record.worker, session, plans, place, transcript }, nowMs());
  return plans;
}
