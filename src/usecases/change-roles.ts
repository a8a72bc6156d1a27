/**
 * What a change of the seat means in shared mode, where whoever does not hold it has a name and a mailbox as a peer
 * (storage/light/peers). When a peer takes the seat by a person's order, the two change their roles at once, and not at
 * the next prompt of either: the one that had it gets a peer's name, the one that has it now gives its own up. Mail that
 * waits for the peer must be read before: nobody would read it afterwards.
 *
 * Order of writes, after the seat itself: 1 the peer of the session that had it, 2 the taker's peer goes, 3 its name in
 * the session's record. Killed in between, the next prompt of either does the rest.
 */
import type { SeatProblem } from '../domain/problem.ts';
import type { Caller } from '../storage/light/caller.ts';
import { listWaiting } from '../storage/light/mailbox.ts';
import { closePeers, openPeer } from '../storage/light/peers.ts';
import { livenessOf } from '../storage/light/process.ts';
import { readSession, writeSession } from '../storage/light/roster.ts';
import { readSettings } from '../storage/settings.ts';

/** Why this caller may not ask for the seat; undefined where it may. */
export function refuseSeatTo({ kind, home, name, agent }: Caller): SeatProblem | undefined {
  if (kind !== 'peer') return undefined;
  if (agent) return { code: 'seat-of-subagent', actor: name };
  const count = listWaiting(home, name).length;
  return count > 0 ? { code: 'mail-waits', agent: name, count } : undefined;
}

/** The seat has gone from one session to another. */
export function changeRoles(home: string, before: string | null, session: string): void {
  if (readSettings(home).settings.mode !== 'shared') return;
  const old = before === null || before === session ? undefined : readSession(home, before, null);
  if (old?.process && livenessOf(old.process) !== 'dead') openPeer(home, old);
  const own = readSession(home, session, null);
  if (own?.peer === undefined) return;
  closePeers(home, session, null);
  const { peer: _, ...record } = own;
  writeSession(home, record);
}
