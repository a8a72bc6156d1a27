/**
 * Peers: in shared mode, sessions and subagents that work in a worktree beside the one that holds its seat. Each has a
 * name (`agent-` and the first 8 characters of its session or agent id, more where two would have the same) and a
 * mailbox: `roster/peers/<name>.json` says whose it is.
 *
 * Order of writes: 1 the peer's record, by createExclusive, so that of two with one name one takes a longer one; 2 its
 * inbox; 3 its name into the session's record. Killed in between, it finds its own record again at its next start. The
 * record goes when its session or subagent ends; one whose process died is swept by the next that opens.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { PlaceName } from '../../domain/place-name.ts';
import { isTemporary } from '../../domain/temporary-name.ts';
import { createExclusive, listNames, makeFolder, removeIfThere } from './files.ts';
import { inboxFolder } from './mail-files.ts';
import { namesFor } from './peer-names.ts';
import { livenessOf } from './process.ts';
import { coordinationPath, readRecord, readSession, type SessionRecord, writeSession } from './roster.ts';

export interface Peer {
  readonly name: string;
  readonly session: string;
  readonly agent: string | null;
  readonly place: PlaceName;
  readonly root: string;
}

const PEERS_MAX = 1_000;

function peerFile(home: string, name: string): string {
  return coordinationPath(home, 'roster', 'peers', `${name}.json`);
}

/** Gives an instance that is bound to a place its name and mailbox, or finds those it has. */
export function openPeer(home: string, record: SessionRecord): string {
  const { session, agent, place, root } = record;
  if (record.peer !== undefined && isOwn(readPeer(home, record.peer), record)) return record.peer;
  sweepPeers(home);
  for (const name of namesFor(agent ?? session)) {
    const peer: Peer = { name, session, agent, place, root };
    const file = peerFile(home, name);
    makeFolder(join(file, '..'));
    const isMine =
      createExclusive(file, `${JSON.stringify(peer)}\n`, { durable: false }) ||
      isOwn(readPeer(home, name), record);
    if (!isMine) continue;
    makeFolder(inboxFolder(home, name));
    writeSession(home, { ...record, peer: name });
    return name;
  }
  throw new Error(`no name is left for a peer of session ${session}`);
}

function isOwn(
  peer: Peer | undefined,
  { session, agent }: Pick<SessionRecord, 'session' | 'agent'>,
): boolean {
  return peer?.session === session && peer.agent === agent;
}

export function readPeer(home: string, name: string): Peer | undefined {
  return /^agent-[a-z0-9-]+$/.test(name) ? readRecord<Peer>(peerFile(home, name)) : undefined;
}

export function listPeers(home: string): Peer[] {
  const folder = coordinationPath(home, 'roster', 'peers');
  return listNames(folder, PEERS_MAX)
    .filter((name) => name.endsWith('.json') && !isTemporary(name))
    .map((name) => readRecord<Peer>(join(folder, name)))
    .filter((peer) => peer !== undefined)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The end of a session with all its subagents, or of one subagent. What waits in its mailbox is looked after there. */
export function closePeers(home: string, session: string, agent?: string | null): void {
  if (!existsSync(coordinationPath(home, 'roster', 'peers'))) return;
  for (const peer of listPeers(home)) {
    const isMeant = peer.session === session && (agent === undefined || peer.agent === agent);
    if (isMeant) removeIfThere(peerFile(home, peer.name));
  }
}

function sweepPeers(home: string): void {
  for (const { name, session } of listPeers(home)) {
    const process = readSession(home, session, null)?.process;
    if (process && livenessOf(process) === 'dead') removeIfThere(peerFile(home, name));
  }
}
