/**
 * Waits until a message of a kind is there for the caller, or the time is up. Only names are listed while nothing
 * comes; each file is read once. Light.
 */

import { existsSync } from 'node:fs';
import { type Envelope, parseEnvelope } from '../domain/message.ts';
import { done, type Outcome, refuse } from '../domain/problem.ts';
import { markAnswers } from '../storage/light/blocker-twin.ts';
import { agentsOf, type Caller } from '../storage/light/caller.ts';
import { readTail } from '../storage/light/log-tail.ts';
import { archiveFile } from '../storage/light/mail-files.ts';
import { listWaiting, readWaiting } from '../storage/light/mailbox.ts';
import { logFile } from '../storage/light/message-log.ts';
import { claimOne, confirmShown, shownIds } from '../storage/light/presentation.ts';
import { readSession } from '../storage/light/roster.ts';
import { boxesOf } from './read-inbox.ts';

export interface WaitFor {
  /** Any of these types. */
  readonly types: readonly string[];
  readonly from: string | undefined;
  /** Only what refers to this id. */
  readonly reference: string | undefined;
  readonly timeoutMs: number;
}

const POLL_MS = 100;
/** What was answered before it was waited for stands at the end of the log. */
const LOG_TAIL_BYTES = 1024 * 1024;

/** `tend` is called at each look: what an outside coordinator dropped may be what is waited for. */
export function waitForMessage(caller: Caller, want: WaitFor, tend: () => void): Outcome<Envelope> {
  if (caller.kind === 'guest') return refuse({ code: 'not-joined', root: caller.root });
  const seen = new Set<string>();
  const sleeper = new Int32Array(new SharedArrayBuffer(4));
  const startedAt = process.hrtime.bigint();
  for (let looks = 1; ; looks += 1) {
    tend();
    const found = findNew(caller, want, seen);
    if (found && (claim(caller, found) || want.reference !== undefined)) return done(found);
    const early = looks === 1 && want.reference !== undefined ? answeredBefore(caller, want) : undefined;
    if (early) return done(early);
    const waitedMs = Number((process.hrtime.bigint() - startedAt) / 1_000_000n);
    if (waitedMs >= want.timeoutMs) return refuse({ code: 'wait-timeout', types: [...want.types], waitedMs });
    Atomics.wait(sleeper, 0, 0, Math.min(POLL_MS, want.timeoutMs - waitedMs));
  }
}

function findNew(caller: Caller, want: WaitFor, seen: Set<string>): Envelope | undefined {
  for (const agent of boxesOf(caller)) {
    // What a hook has shown already is news only to who asks for that very answer.
    const shown = want.reference === undefined ? shownIds(caller.home, agent) : undefined;
    for (const id of listWaiting(caller.home, agent)) {
      if (seen.has(id) || shown?.has(id)) continue;
      seen.add(id);
      const envelope = readWaiting(caller.home, agent, id);
      if (envelope !== undefined && envelope !== 'unreadable' && isWanted(envelope, want)) return envelope;
    }
  }
  return undefined;
}

function isWanted(envelope: Envelope, { types, from, reference }: WaitFor): boolean {
  return (
    types.includes(envelope.type) &&
    (from === undefined || envelope.from === from) &&
    (reference === undefined || envelope.references.includes(reference))
  );
}

/** An answer to the very message that is named may have been shown and acknowledged while nobody waited. */
function answeredBefore(caller: Caller, want: WaitFor): Envelope | undefined {
  const boxes = boxesOf(caller);
  for (const line of readTail(logFile(caller.home), LOG_TAIL_BYTES).split('\n').reverse()) {
    if (!line.includes(want.reference ?? '')) continue;
    const envelope = parseEnvelope(line);
    if (!envelope || !boxes.includes(envelope.to) || !isWanted(envelope, want)) continue;
    // Logged and not acknowledged: it is on its way, and is found when it has come.
    if (existsSync(archiveFile(caller.home, envelope.id))) return envelope;
  }
  return undefined;
}

/**
 * A session that waited has been shown the message: no hook shows it again, and it is acknowledged as what a hook
 * shows. A person acknowledges by hand. False when a hook, or another that waits, was faster; what they showed is
 * shown once more to who named what it answers.
 */
function claim(caller: Caller, envelope: Envelope): boolean {
  const { home, session, place } = caller;
  if (session === null) return true;
  const agent = agentsOf(home, session).find((candidate) => candidate.place === place)?.agent ?? null;
  const reader = {
    home,
    agent: caller.name,
    instance: { session, agent },
    transcript: readSession(home, session, agent)?.transcript ?? null,
    nowMs: Date.now(),
  };
  if (!claimOne(reader, envelope.id)) return false;
  markAnswers(home, caller.name, [envelope]);
  confirmShown(reader, envelope.id);
  return true;
}
