/**
 * SessionEnd: a worker's last words are kept, the seat and all locks are given back and the records go, so that what the session was shown and did not
 * live to acknowledge is shown to the next one. Light: all hooks of this event share 1.5 s.
 */

import { agentsOf } from '../../storage/light/caller.ts';
import { closeOutput, keepUnkept } from '../../storage/light/closing-outputs.ts';
import { removeIfThere } from '../../storage/light/files.ts';
import { noteAct } from '../../storage/light/journal.ts';
import { hasLocks } from '../../storage/light/locks/files.ts';
import { closePeers } from '../../storage/light/peers.ts';
import { coordinatedPlaceOf, type HomedPlace } from '../../storage/light/place.ts';
import {
  coordinationPath,
  fileNameOf,
  readSession,
  removeSession,
  type SessionRecord,
} from '../../storage/light/roster.ts';
import { leaveSeat } from '../../storage/light/seat.ts';
import { loadBundle } from './bundles.ts';
import { clientPid, markBusy } from './idle.ts';
import type { LocksBundle } from './lock-hooks.ts';
import { readPayload } from './protocol.ts';

export function runSessionEnd(): void {
  const payload = readPayload();
  const standing = payload ? coordinatedPlaceOf(payload.cwd) : undefined;
  if (!payload || !standing) return;
  try {
    endSession(standing, payload.session);
  } catch (error) {
    noteAct(standing.home, { act: 'hook-failed', hook: payload.event, detail: String(error) }, Date.now());
  }
}

function endSession(standing: HomedPlace, session: string): void {
  const { home } = standing;
  const record = readSession(home, session, null);
  keepOutputs(home, [...(record ? [record] : []), ...agentsOf(home, session)]);
  if (hasLocks(home)) loadBundle<LocksBundle>('locks').endLocks(home, session);
  closePeers(home, session);
  for (const agent of agentsOf(home, session)) {
    leaveSeat(home, agent.place, session);
    removeSession(home, session, agent.agent);
  }
  leaveSeat(home, record ? record.place : standing.name, session);
  removeSession(home, session, null);
  removeIfThere(coordinationPath(home, 'roster', 'stops', `${fileNameOf(session)}.json`));
  markBusy(home, clientPid());
}

/** What a worker said last, where no end of a turn has kept it; whatever becomes of that, the seat is given back. */
function keepOutputs(home: string, records: readonly SessionRecord[]): void {
  for (const record of records) {
    try {
      keepUnkept(home, record);
      closeOutput(home, record);
    } catch (error) {
      noteAct(home, { act: 'hook-failed', hook: 'SessionEnd', detail: String(error) }, Date.now());
    }
  }
}
