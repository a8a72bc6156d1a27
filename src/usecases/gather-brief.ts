/** Gathers what a session is told when it starts: who it is there, and where things stand. */
import type { SeatHolder } from '../domain/ground.ts';
import type { DocumentProblem, Outcome } from '../domain/problem.ts';
import { done } from '../domain/problem.ts';
import type { StateDocument } from '../domain/state-document.ts';
import type { StatusDocument } from '../domain/status-document.ts';
import { readState, readStatus } from '../storage/document-kinds.ts';
import type { Presence } from '../storage/light/presence.ts';
import type { PlaceRecord } from '../storage/light/roster.ts';
import { seatTakenBy } from '../storage/light/seat.ts';
import { foldAll, waitingTransitions } from './fold-transitions.ts';

export interface BriefFacts {
  readonly name: string;
  readonly root: string;
  readonly home: string;
  /** The other session that works here. */
  readonly takenBy: SeatHolder | undefined;
  readonly role:
    | { kind: 'coordinator'; state: Outcome<StateDocument, DocumentProblem> }
    | { kind: 'guest' | 'ended'; state: Outcome<StateDocument, DocumentProblem> }
    | { kind: 'peer' }
    | { kind: 'worker'; record: PlaceRecord; status: Outcome<StatusDocument, DocumentProblem> };
}

export function gatherBrief(presence: Presence, session: string): BriefFacts {
  const { caller, place } = presence;
  const { home, root } = place;
  const takenBy = caller.kind === 'peer' ? undefined : seatTakenBy(home, place.name, session);
  return { name: caller.name, root, home, takenBy, role: roleOf(presence) };
}

function roleOf({ caller, place }: Presence): BriefFacts['role'] {
  if (caller.kind === 'peer') return { kind: 'peer' };
  if (caller.record) {
    const loaded = readStatus(place.root, caller.record.phase.folder);
    return {
      kind: 'worker',
      record: caller.record,
      status: loaded.done ? done(loaded.value.document) : loaded,
    };
  }
  const loaded = readState(place.home);
  const state = loaded.done ? done(foldAll(loaded.value.document, waitingTransitions(place.home))) : loaded;
  const kind = caller.kind === 'guest' || caller.kind === 'ended' ? caller.kind : 'coordinator';
  return { kind, state };
}
