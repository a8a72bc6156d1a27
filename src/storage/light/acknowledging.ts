/**
 * Acknowledging: from a waiting message to one in the archive.
 *
 * Order of writes, under the receiver's mutex: 1 a transition is linked into `roster/unfolded/`, 2 the archive file
 * (fsync), 3 the ack's log line, 4 unlink from the outbox and from the dead letters (a burial that was killed left both),
 * 5 unlink from the inbox. Killed after 2, whoever meets the
 * waiting file finds it in the archive and carries on; it is not shown again. The inbox name goes last, since it is
 * what the others are found by.
 */
import { existsSync, linkSync } from 'node:fs';
import { join } from 'node:path';
import { transitionIn } from '../../domain/folding.ts';
import { COORDINATOR } from '../../domain/identifiers.ts';
import { type Envelope, parseEnvelope, printEnvelope } from '../../domain/message.ts';
import { createExclusive, isErrno, makeFolder, readTextIfThere, removeIfThere } from './files.ts';
import {
  archiveFile,
  deadFolder,
  inboxFolder,
  inFolder,
  outboxFolder,
  outsideFile,
  unfoldedFolder,
  withMailMutex,
} from './mail-files.ts';
import { isLogged, logMessage } from './message-log.ts';

export interface Acknowledgement {
  readonly by: string;
  readonly session: string | null;
  readonly atMs: number;
}

/** Acknowledges a waiting message. `not-waiting` when there is none of that id (then nothing is written). */
export function acknowledge(home: string, id: string, ack: Acknowledgement): 'acknowledged' | 'not-waiting' {
  return withMailMutex(home, ack.by, () => acknowledgeHeld(home, id, ack));
}

/** Carries on an acknowledgement that a kill interrupted; what the archive says of it counts. */
export function finishAcknowledging(home: string, agent: string, id: string): void {
  withMailMutex(home, agent, () => {
    const text = readTextIfThere(archiveFile(home, id));
    const archived = text === undefined ? undefined : parseEnvelope(text);
    const said = archived?.metadata['acknowledged'] as { session?: string | null; at?: string } | undefined;
    const atMs = Date.parse(said?.at ?? '') || Date.now();
    acknowledgeHeld(home, id, { by: agent, session: said?.session ?? null, atMs });
  });
}

function acknowledgeHeld(home: string, id: string, ack: Acknowledgement): 'acknowledged' | 'not-waiting' {
  const file = inFolder(inboxFolder(home, ack.by), id);
  const text = readTextIfThere(file);
  const envelope = text === undefined ? undefined : parseEnvelope(text);
  if (!envelope) return 'not-waiting';
  const archive = archiveFile(home, id);
  if (!existsSync(archive)) keepForFolding(home, file, envelope);
  makeFolder(join(archive, '..'));
  const acknowledged = { by: ack.by, session: ack.session, at: new Date(ack.atMs).toISOString() };
  const archived = { ...envelope, read: true, metadata: { ...envelope.metadata, acknowledged } };
  const isFirst = createExclusive(archive, `${printEnvelope(archived)}\n`, { durable: true });
  const line = printEnvelope(ackOf(envelope, ack));
  if (isFirst || !isLogged(home, ackIdOf(id))) logMessage(home, line, false);
  removeIfThere(inFolder(outboxFolder(home, envelope.from), id));
  const outside = outsideFile(home, envelope);
  if (outside !== undefined) removeIfThere(outside);
  removeIfThere(inFolder(deadFolder(home, ack.by), id));
  removeIfThere(file);
  return 'acknowledged';
}

/** A transition may be acknowledged before any hook of the coordinator could fold it (by hand; STATE.md corrupt). */
export function keepForFolding(home: string, file: string, envelope: Envelope): void {
  if (envelope.to !== COORDINATOR || !transitionIn(envelope)) return;
  const folder = unfoldedFolder(home);
  makeFolder(folder);
  const kept = inFolder(folder, envelope.id);
  try {
    linkSync(file, kept);
  } catch (error) {
    if (isErrno(error, 'EEXIST')) return;
    if (!isErrno(error, 'EPERM', 'ENOTSUP', 'ENOSYS', 'EMLINK')) throw error;
    // No hard links on this file system.
    createExclusive(kept, `${printEnvelope(envelope)}\n`, { durable: true });
  }
}

function ackIdOf(id: string): string {
  return `${id}-ack`;
}

/** The ack as a message of its own: in the log only, since an ack is never acknowledged. */
function ackOf(envelope: Envelope, ack: Acknowledgement): Envelope {
  return {
    id: ackIdOf(envelope.id),
    from: ack.by,
    to: envelope.from,
    timestamp: new Date(ack.atMs).toISOString(),
    type: 'ack',
    priority: 'low',
    content: `acknowledged ${envelope.id}`,
    references: [envelope.id],
    metadata: {},
    read: true,
  };
}
