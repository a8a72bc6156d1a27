/**
 * Leaves a plan to the next worker: what failed last, and where its log and the transcript of the session lie. So the
 * next one starts from what is known. For a plan that failed, and for one whose worker died over it.
 */
import { lastFailure } from '../domain/evidence.ts';
import { handoffOf, leaveHandoff } from '../domain/follow-up.ts';
import type { PlaceName } from '../domain/ground.ts';
import { parseInstant } from '../domain/outside-instant.ts';
import type { Handoff } from '../domain/plan.ts';
import { isoOf, nowMs } from '../storage/clock.ts';
import { changeStatus } from '../storage/documents.ts';
import { agentsOf, type Caller } from '../storage/light/caller.ts';
import { readEvidence } from '../storage/light/evidence-files.ts';
import { placeAt } from '../storage/light/place.ts';
import { livenessOf } from '../storage/light/process.ts';
import { readSession } from '../storage/light/roster.ts';
import { readSeat } from '../storage/light/seat.ts';
import type { Ward } from './judge-gate.ts';

interface Left {
  readonly at: string;
  readonly reason: string;
  readonly session: string | null;
  readonly transcript: string | null;
}

/** The handoff of a plan that was started then; its evidence is that of the place where it was worked on. */
export function handoffFrom(
  ward: Ward,
  started: string | undefined,
  left: Left,
  place: PlaceName = placeAt(ward.root)?.name ?? null,
): Handoff {
  return handoffOf(left, lastFailure(readEvidence(ward.home, place), parseInstant(started)?.atMs ?? 0));
}

/** Below the home of a person, it is written without the person's name: STATUS.md is committed. */
function withoutHome(path: string | null | undefined): string | null {
  const home = process.env['HOME'];
  if (!path) return null;
  return home && path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path;
}

/** The transcript of the session, or of its subagent that works at the caller's place. */
export function transcriptOf({ home, session, place }: Caller): string | null {
  if (session === null) return null;
  const agent = agentsOf(home, session).find((one) => one.place === place);
  return withoutHome((agent ?? readSession(home, session, null))?.transcript);
}

/** A session that died holding the seat of a place. */
export interface Gone {
  readonly session: string;
  readonly place: PlaceName;
  readonly transcript: string | null;
}

/** The session that held the seat, where its process is dead and it is not the one that asks. */
export function deadHolder(home: string, place: PlaceName, asking: string | null): Gone | undefined {
  const seat = readSeat(home, place);
  if (!seat?.session || seat.session === asking || !seat.process) return undefined;
  if (livenessOf(seat.process) !== 'dead') return undefined;
  const { session } = seat;
  const record =
    agentsOf(home, session).find((one) => one.place === place) ?? readSession(home, session, null);
  return { session, place, transcript: withoutHome(record?.transcript) };
}

/** Marks each plan under way that a dead session leaves; one that is marked already stays as it is. */
export function handOver(ward: Ward, gone: Gone): void {
  const { home, root, record } = ward;
  const { session, transcript, place } = gone;
  const left = { at: isoOf(nowMs()), reason: `session ${session} died over it`, session, transcript };
  // A STATUS.md that cannot be read is complained of by the hook itself.
  changeStatus({ home, root, folder: record.phase.folder }, (before) => {
    const plans = before.plans.filter(
      (plan) => plan.state === 'in_progress' && plan.handoff?.session !== session,
    );
    const document = plans.reduce(
      (next, plan) => leaveHandoff(next, plan.id, handoffFrom(ward, plan.started, left, place)),
      before,
    );
    return { done: true as const, document, value: undefined };
  });
}
