/**
 * Looks after mail that nobody acknowledged in time: rung for again, with pauses that double, and at last a dead letter,
 * of which the sender and the operator are told, once. There is no server: the hooks of all sessions, the waiters and
 * `coord status` run it, at most once in a while. Light.
 *
 * An acceptance whose worker has ended is moot: it goes to the archive, and nobody is told.
 *
 * Left out are the operator's mail (a person reads when a person reads), routine progress (it waits to be folded), and
 * what a living session was shown: it acknowledges that when it lives on, however long its person is away.
 */
import { statSync, utimesSync } from 'node:fs';
import { judgeOverdue, type RingRules } from '../domain/delivery.ts';
import { OPERATOR, SYSTEM, timeOfMessageId } from '../domain/identifiers.ts';
import { cleanLine, type Envelope } from '../domain/message.ts';
import { hash128 } from '../domain/names.ts';
import type { Settings } from '../domain/settings.ts';
import { envelopeAt, markInId } from '../domain/urgency.ts';
import { acknowledge } from '../storage/light/acknowledging.ts';
import { buryMessage, type Death } from '../storage/light/dead-letters.ts';
import { writeAtomic } from '../storage/light/files.ts';
import { hasInbox, inboxFolder, inFolder, listAgents } from '../storage/light/mail-files.ts';
import { listWaiting, readWaiting, ringing } from '../storage/light/mailbox.ts';
import { withMutex } from '../storage/light/mutex.ts';
import { heldIds, whileNobodyReads } from '../storage/light/presentation.ts';
import { type Ring, readRings, writeRings } from '../storage/light/rings.ts';
import { coordinationPath, modifiedAt, readWorkerRecord } from '../storage/light/roster.ts';
import { sendEnvelope } from '../storage/light/sending.ts';

/** Between two sweeps, however short the timeout is set. */
const EVERY_MAX_MS = 30_000;
const EVERY_MIN_MS = 500;
/** Nobody looked for so long: the machine was off, or nobody worked. */
const UNWATCHED_MS = 3_600_000;
/** Messages that one sweep gives up at most: each costs a few milliseconds of somebody's hook. */
const GIVE_UP_MAX = 20;
const UNDELIVERED = 'undelivered';

/** `reader` is whom the caller is about to show mail to: nothing of that agent is given up. */
export function sweepMail(home: string, settings: Settings, nowMs: number, reader?: string): void {
  const rules = { timeoutMs: settings.ack_timeout * 1_000, retries: settings.ack_retries };
  const everyMs = Math.max(EVERY_MIN_MS, Math.min(EVERY_MAX_MS, rules.timeoutMs / 4));
  if (!isDue(home, everyMs, nowMs)) return;
  // Whoever finds it busy has nothing to do: it is being done.
  withMutex(
    coordinationPath(home, 'leases'),
    'mail-sweep',
    () => {
      const sweptAtMs = modifiedAt(sweepMark(home)) ?? nowMs;
      if (!isDue(home, everyMs, nowMs)) return;
      // Before it begins: one that fails half-way is not begun anew by each hook.
      rememberSweep(home, nowMs);
      const wasUnwatched = nowMs - sweptAtMs > UNWATCHED_MS;
      let left = GIVE_UP_MAX;
      for (const agent of listAgents(home, 'inbox')) {
        if (agent === OPERATOR) continue;
        const sweep = { home, agent, rules, nowMs, wasUnwatched, mayGiveUp: agent === reader ? 0 : left };
        left -= sweepAgent(sweep);
      }
    },
    { waitMs: 0 },
  );
}

function sweepMark(home: string): string {
  return coordinationPath(home, 'roster', 'swept');
}

function isDue(home: string, everyMs: number, nowMs: number): boolean {
  const sweptAtMs = modifiedAt(sweepMark(home));
  // A clock that was set back must not put the sweep off for long.
  return sweptAtMs === undefined || nowMs - sweptAtMs >= everyMs || sweptAtMs > nowMs + everyMs;
}

function rememberSweep(home: string, nowMs: number): void {
  writeAtomic(sweepMark(home), '', { durable: false });
  utimesSync(sweepMark(home), nowMs / 1_000, nowMs / 1_000);
}

interface Sweep {
  readonly home: string;
  readonly agent: string;
  readonly rules: RingRules;
  readonly nowMs: number;
  readonly wasUnwatched: boolean;
  readonly mayGiveUp: number;
}

/** How many messages it gave up. */
function sweepAgent({ home, agent, rules, nowMs, wasUnwatched, mayGiveUp }: Sweep): number {
  const late = listWaiting(home, agent).filter((id) => mayBeLate(id, rules, nowMs));
  const before = readRings(home, agent);
  if (late.length === 0 && Object.keys(before).length === 0) return 0;
  const held = heldIds(home, agent);
  const rings: Record<string, Ring> = {};
  const hopeless: string[] = [];
  for (const id of ringing(home, agent, late)) {
    const sentAtMs = statSync(inFolder(inboxFolder(home, agent), id), { throwIfNoEntry: false })?.mtimeMs;
    if (sentAtMs === undefined) continue;
    const ring = ringSince(before[id], sentAtMs, nowMs);
    const waiting = { sentAtMs, rings: ring?.count ?? 0, lastRingAtMs: ring?.atMs ?? 0, wasUnwatched };
    const verdict = held.has(id) ? 'wait' : judgeOverdue(waiting, nowMs, rules);
    if (verdict === 'ring') rings[id] = { count: waiting.rings + 1, atMs: nowMs };
    else if (ring) rings[id] = ring;
    if (verdict === 'give-up' && hopeless.length < mayGiveUp) hopeless.push(id);
  }
  if (hopeless.length > 0)
    whileNobodyReads(home, agent, (heldNow) => {
      for (const id of hopeless.filter((one) => !heldNow.has(one))) {
        giveUp(home, agent, id, rings[id]?.count ?? 0, nowMs);
        delete rings[id];
      }
    });
  if (JSON.stringify(rings) !== JSON.stringify(before)) writeRings(home, agent, rings);
  return hopeless.length;
}

/**
 * A message that was a dead letter and waits again is as new: the rings of before do not count. (One that comes from
 * the future was sent before the clock was set back.)
 */
function ringSince(ring: Ring | undefined, sentAtMs: number, nowMs: number): Ring | undefined {
  return ring && (sentAtMs > nowMs || ring.atMs >= Math.floor(sentAtMs)) ? ring : undefined;
}

/** By the id alone; one that an outside writer made may name any time, and its file is asked. */
function mayBeLate(id: string, rules: RingRules, nowMs: number): boolean {
  const atMs = markInId(id) === undefined ? undefined : timeOfMessageId(id);
  return atMs === undefined || Math.abs(nowMs - atMs) >= rules.timeoutMs;
}

function giveUp(home: string, agent: string, id: string, rings: number, nowMs: number): void {
  if (isMoot(home, agent, id)) return void acknowledge(home, id, { by: agent, session: null, atMs: nowMs });
  const death = {
    at: new Date(nowMs).toISOString(),
    reason: `nobody acknowledged it; its receiver was rung for ${rings} time(s)`,
    rings,
  };
  buryMessage(home, agent, id, death, (envelope, known) => tell(home, envelope, known));
}

/** That the work of a worker was accepted, which has ended since: nobody has to read it any more. */
function isMoot(home: string, agent: string, id: string): boolean {
  if (readWorkerRecord(home, agent)?.state !== 'ended') return false;
  const message = readWaiting(home, agent, id);
  if (message === undefined || message === 'unreadable') return false;
  return message.type === 'verdict' && message.metadata['verdict'] === 'accept';
}

function tell(home: string, envelope: Envelope, death: Death): void {
  const atMs = Date.parse(death.at);
  const { id, from, to } = envelope;
  // The operator was told of the message itself already.
  if (from === SYSTEM && envelope.metadata['error_type'] === UNDELIVERED) return;
  const content = `Your message ${id} to ${to} was not acknowledged, and is a dead letter now: ${death.reason}. It says: "${cleanLine(envelope.content, 160)}". It is shown to ${to} when a session of it starts; \`coord dead retry ${id}\` lets it wait again now.`;
  const receivers = new Set([OPERATOR, ...(from !== SYSTEM && hasInbox(home, from) ? [from] : [])]);
  for (const receiver of receivers) {
    const words = receiver === from ? content : content.replace('Your message', `The message of ${from}`);
    const metadata = { error_type: UNDELIVERED, message: id };
    const draft = { to: receiver, type: 'error', content: words, references: [id], metadata };
    const tail = `dead.${hash128(`${id} ${receiver} ${death.at}`).slice(0, 12)}`;
    sendEnvelope(home, envelopeAt(draft, { tail, from: SYSTEM, atMs }));
  }
}
