/**
 * Waits until a message of a kind is there for the caller, or the time is up. Only names are listed while nothing
 * comes; each file is read once. Light.
 */
import { type Envelope, parseEnvelope } from '../domain/message.ts';
import { done, type Outcome, refuse } from '../domain/problem.ts';
import { markAnswers } from '../storage/light/blocker-twin.ts';
import { agentsOf, type Caller } from '../storage/light/caller.ts';
import { readTail } from '../storage/light/log-tail.ts';
import { listWaiting, readWaiting } from '../storage/light/mailbox.ts';
import { logFile } from '../storage/light/message-log.ts';
import { claimOne, confirmShown, type Reader } from '../storage/light/presentation.ts';
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

export interface Awaited {
  readonly envelope: Envelope;
  /** To be printed beside it: by this the transcript tells that it was shown. */
  readonly token: string | undefined;
}

const POLL_MS = 100;
/** What was answered before it was waited for stands at the end of the log. */
const LOG_TAIL_BYTES = 1024 * 1024;

/** `tend` is called at each look: what an outside coordinator dropped may be what is waited for. */
export function waitForMessage(caller: Caller, want: WaitFor, tend: () => void): Outcome<Awaited> {
  if (caller.kind === 'guest') return refuse({ code: 'not-joined', root: caller.root });
  const seen = new Set<string>();
  const sleeper = new Int32Array(new SharedArrayBuffer(4));
  const startedAt = process.hrtime.bigint();
  const early = want.reference === undefined ? undefined : answeredBefore(caller, want);
  if (early) return done({ envelope: early, token: undefined });
  for (;;) {
    tend();
    const found = findNew(caller, want, seen);
    if (found) return done(present(caller, found));
    const waitedMs = Number((process.hrtime.bigint() - startedAt) / 1_000_000n);
    if (waitedMs >= want.timeoutMs) return refuse({ code: 'wait-timeout', types: [...want.types], waitedMs });
    Atomics.wait(sleeper, 0, 0, Math.min(POLL_MS, want.timeoutMs - waitedMs));
  }
}

function findNew(caller: Caller, want: WaitFor, seen: Set<string>): Envelope | undefined {
  for (const agent of boxesOf(caller)) {
    for (const id of listWaiting(caller.home, agent)) {
      if (seen.has(id)) continue;
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
    if (envelope && boxes.includes(envelope.to) && isWanted(envelope, want)) return envelope;
  }
  return undefined;
}

/**
 * A session that waited has been shown the message: no hook shows it again, and it is acknowledged as what a hook
 * shows. A person acknowledges by hand. What hooks have shown already is shown once more, since it is waited for.
 */
function present(caller: Caller, envelope: Envelope): Awaited {
  const { home, session, place } = caller;
  if (session === null) return { envelope, token: undefined };
  const agent = agentsOf(home, session).find((candidate) => candidate.place === place)?.agent ?? null;
  const reader: Reader = {
    home,
    agent: caller.name,
    instance: { session, agent },
    event: 'PostToolUse:wait',
    transcript: readSession(home, session, agent)?.transcript ?? null,
    nowMs: Date.now(),
  };
  const token = claimOne(reader, envelope.id);
  if (token === undefined) return { envelope, token };
  markAnswers(home, caller.name, [envelope]);
  confirmShown(reader, token);
  return { envelope, token };
}
