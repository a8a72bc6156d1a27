/**
 * Who a hook speaks for: the actor behind a session or a subagent, from the place where it started. A plain `cd` into
 * another worktree moves the `cwd` of every later hook, so the place a session was bound to when it started counts,
 * not the one it walked to.
 */

import { holdFrom } from '../../domain/blocker.ts';
import type { Instance } from '../../domain/delivery.ts';
import type { Actor, Hold } from '../../domain/ground.ts';
import { readOpenBlockers } from './blocker-twin.ts';
import { asPeer, type Caller, callerAt } from './caller.ts';
import { isCaseBlind } from './location.ts';
import { type HomedPlace, hasHome, placeAt } from './place.ts';
import { readSession, type SessionRecord } from './roster.ts';
import { type SeatStanding, seatStanding } from './seat.ts';

export interface Presence {
  readonly place: HomedPlace;
  readonly caller: Caller;
  /** What was noted of this session or subagent when it started. */
  readonly record?: SessionRecord | undefined;
}

/** The place that a session or subagent is bound to; where it stands now, when it never was bound. */
function boundBy(own: SessionRecord | undefined, standing: HomedPlace, instance: Instance): HomedPlace {
  const { session, agent } = instance;
  const record = own ?? (agent === null ? undefined : readSession(standing.home, session, null));
  if (!record || record.place === standing.name) return standing;
  // A subagent in a worktree of its own is there by the client's doing: a subagent's `cd` does not last.
  if (!own && agent !== null && standing.name?.includes(agent)) return standing;
  const place = placeAt(record.root);
  return place && hasHome(place) && place.home === standing.home ? place : standing;
}

/** Who acts, for one hook. A session in the primary worktree is the coordinator, or in shared mode a peer of it. */
export function presenceOf(standing: HomedPlace, instance: Instance): Presence {
  const record = readSession(standing.home, instance.session, instance.agent);
  const place = boundBy(record, standing, instance);
  const caller = callerAt(place, instance.session);
  if (record?.peer === undefined || record.place !== place.name) return { place, caller, record };
  const seat = seatStanding(place.home, place.name, instance.session);
  const isHolder = seat.isOwn && seat.agent === instance.agent;
  return { place, caller: isHolder ? caller : asPeer(caller, record.peer, instance.agent), record };
}

/** The facts about an actor that the guard judges by. */
export function actorOf(
  presence: Presence,
  instance: Instance,
  isStrict: boolean,
  seat: SeatStanding = seatStanding(presence.place.home, presence.place.name, instance.session),
): Actor {
  const { place, caller } = presence;
  return {
    name: caller.name,
    place: place.name,
    root: place.root,
    phase: caller.record ? { ...caller.record.phase, scope: caller.record.scope } : undefined,
    seatTakenBy: seat.takenBy,
    hold: isStrict && caller.record ? holdFor(place.home, caller.record.worker) : undefined,
    caseBlind: isCaseBlind(place.home),
    isPeer: caller.kind === 'peer',
  };
}

function holdFor(home: string, worker: string): Hold | undefined {
  return holdFrom(readOpenBlockers(home, worker));
}
