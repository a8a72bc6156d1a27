/** SubagentStart of one that stands where its session does: in shared mode a peer, else it acts for its session. */
import { openPeer } from '../../storage/light/peers.ts';
import type { HomedPlace } from '../../storage/light/place.ts';
import type { SessionRecord } from '../../storage/light/roster.ts';
import { readSettings } from '../../storage/settings.ts';
import { printPeerRole } from '../wording/brief.ts';
import { tellTurn } from './cycle-turns.ts';
import { type Payload, printContext } from './protocol.ts';

export function startPeer(payload: Payload, standing: HomedPlace, main: SessionRecord): void {
  const { home } = standing;
  const told = tellTurn(payload, standing);
  if (readSettings(home).settings.mode === 'shared') {
    const { session, agent, transcript } = payload;
    const startedAt = new Date().toISOString();
    const { peer: _, ...record } = { ...main, session, agent, transcript, startedAt };
    told.push(`[coord] ${printPeerRole(openPeer(home, record))}`);
  }
  if (told.length > 0) printContext(payload.event, told.join('\n\n'));
}
