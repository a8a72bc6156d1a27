/**
 * Presents waiting messages to a session, each once, and acknowledges what an earlier hook of it presented.
 *
 * The ledger `roster/shown/<agent>.json` holds the batches that are presented and not yet acknowledged. Order of
 * writes: 1 the ledger says "printing" (under the agent's mutex), 2 the hook prints, 3 the ledger says "shown".
 * Killed after 1, nothing was printed, and the next hook presents again. Killed after 2, the transcript tells
 * (domain/delivery). Blockers that a batch answers are marked before it is acknowledged. The mutex makes two hooks that run at once take different messages.
 */
import { existsSync, statSync } from 'node:fs';
import { type Batch, type Instance, isSameInstance, judgeBatch, WAITED } from '../../domain/delivery.ts';
import { type Envelope, fitting } from '../../domain/message.ts';
import { byUrgency, sortByMark } from '../../domain/urgency.ts';
import { acknowledge } from './acknowledging.ts';
import { markAnswers } from './blocker-twin.ts';
import { removeIfThere } from './files.ts';
import { readPart, readTail } from './log-tail.ts';
import { listWaiting, readWaiting } from './mailbox.ts';
import { withMutex } from './mutex.ts';
import { livenessOf, markOf, type ProcessMark } from './process.ts';
import { coordinationPath, fileNameOf, readRecord, readSession, writeRecord } from './roster.ts';

interface LedgerBatch extends Batch {
  readonly printer: ProcessMark;
  /** Where the client writes down what it puts into the context, and how much stood there before; 0 when not made yet. */
  readonly transcript: { readonly path: string; readonly size: number } | null;
}

interface Ledger {
  readonly batches: readonly LedgerBatch[];
}

export interface Reader {
  readonly home: string;
  readonly agent: string;
  readonly instance: Instance;
  readonly event: string;
  readonly transcript: string | null;
  readonly nowMs: number;
}

export interface Presented {
  readonly token: string;
  readonly envelopes: readonly Envelope[];
  /** How many more wait behind this batch. */
  readonly more: number;
}

/** Waiting files without a mark in their name read at most to find the most urgent ones. */
const READ_MAX = 512;
/** The client puts a longer text into a file and shows its beginning: what stood behind that would not be shown. */
const SHOWN_CHARS_MAX = 7_000;
/** What was written to a transcript since a batch was printed is looked at up to this size. */
const TRANSCRIPT_BYTES = 4 * 1024 * 1024;

function ledgerFile(home: string, agent: string): string {
  return coordinationPath(home, 'roster', 'shown', `${fileNameOf(agent)}.json`);
}

/**
 * Acknowledges what this session was shown before, then claims up to `limit` messages for it. Undefined: nothing to
 * show. The caller prints the batch and then calls `confirmShown`.
 */
export function claimMail(reader: Reader, limit: number): Presented | undefined {
  const { home, agent } = reader;
  return claim(reader, (waiting) => readMostUrgent(home, agent, waiting, limit));
}

/**
 * The same for one message that was waited for, whose id is its token: it stands in whatever the command prints. False
 * when it was shown already, or is gone.
 */
export function claimOne(reader: Omit<Reader, 'event'>, id: string): boolean {
  const { home, agent } = reader;
  const waited = { ...reader, event: WAITED };
  return (
    claim(waited, (waiting) => readInOrder(home, agent, waiting.includes(id) ? [id] : [], 1), id) !==
    undefined
  );
}

function claim(
  reader: Reader,
  choose: (waiting: readonly string[]) => Envelope[],
  token?: string,
): Presented | undefined {
  const { home, agent } = reader;
  if (listWaiting(home, agent).length === 0) return undefined;
  return withLedger(home, agent, (batches) => {
    const kept = settle(reader, batches);
    const claimed = new Set(kept.flatMap((batch) => batch.ids));
    const waiting = listWaiting(home, agent).filter((id) => !claimed.has(id));
    const envelopes = choose(waiting);
    if (envelopes.length === 0) return { batches: kept, value: undefined };
    const ids = envelopes.map((envelope) => envelope.id);
    const batch = batchOf(reader, ids, token);
    const more = waiting.length - envelopes.length;
    return { batches: [...kept, batch], value: { token: batch.token, envelopes, more } };
  });
}

function batchOf(reader: Reader, ids: readonly string[], token: string | undefined): LedgerBatch {
  const { instance, event, nowMs, transcript } = reader;
  return {
    ...instance,
    token: token ?? `${fileNameOf(instance.session).slice(0, 8)}.${nowMs.toString(36)}.${process.pid}`,
    ids,
    state: 'printing',
    event,
    atMs: nowMs,
    printer: markOf(process.pid),
    transcript: transcript === null ? null : { path: transcript, size: sizeOf(transcript) },
  };
}

/** Acknowledges what this session was shown before, where there is nothing new to show. */
export function acknowledgeShown(reader: Reader): void {
  const { home, agent } = reader;
  if (shownIds(home, agent).size === 0) return;
  withLedger(home, agent, (batches) => ({ batches: settle(reader, batches), value: undefined }));
}

/** Step 3: the hook has printed the batch. */
export function confirmShown(reader: Pick<Reader, 'home' | 'agent'>, token: string): void {
  withLedger(reader.home, reader.agent, (batches) => ({
    batches: batches.map((batch) => (batch.token === token ? { ...batch, state: 'shown' as const } : batch)),
    value: undefined,
  }));
}

/** Ids that some session was shown and that are not acknowledged yet. */
export function shownIds(home: string, agent: string): Set<string> {
  const ledger = readRecord<Ledger>(ledgerFile(home, agent));
  return new Set((ledger?.batches ?? []).flatMap((batch) => batch.ids));
}

/** Of these ids the ones that a session which lives was shown: it will acknowledge them when it lives on. */
export function heldIds(home: string, agent: string): Set<string> {
  return heldIn(home, readRecord<Ledger>(ledgerFile(home, agent))?.batches ?? []);
}

/** Runs the body while no hook takes any mail of the agent; it is told what a living session holds. */
export function whileNobodyReads(home: string, agent: string, body: (held: Set<string>) => void): void {
  withLedger(home, agent, (batches) => ({ batches, value: body(heldIn(home, batches)) }));
}

function heldIn(home: string, batches: readonly LedgerBatch[]): Set<string> {
  const held = batches.filter(({ session, agent, state, printer }) => {
    const client = readSession(home, session, agent)?.process;
    const isPrinting = state === 'printing' && livenessOf(printer) === 'alive';
    return isPrinting || (client ? livenessOf(client) !== 'dead' : false);
  });
  return new Set(held.flatMap((batch) => batch.ids));
}

function withLedger<T>(
  home: string,
  agent: string,
  change: (batches: readonly LedgerBatch[]) => { batches: readonly LedgerBatch[]; value: T },
): T {
  const outcome = withMutex(coordinationPath(home, 'leases'), `shown-${agent}`, () => {
    const file = ledgerFile(home, agent);
    const before = readRecord<Ledger>(file)?.batches ?? [];
    const { batches, value } = change(before);
    if (batches.length === 0 && before.length > 0) removeIfThere(file);
    else if (batches.length > 0) writeRecord(file, { batches });
    return value;
  });
  if (!outcome.done) throw new Error(`the mail of ${agent} stayed busy: ${JSON.stringify(outcome.problem)}`);
  return outcome.value;
}

/** Acts on every batch that earlier hooks left; returns those that stay. */
function settle(reader: Reader, batches: readonly LedgerBatch[]): LedgerBatch[] {
  return batches.filter((batch) => {
    const verdict = judgeBatch(batch, reader.instance, reader.event, reader.nowMs, {
      isPrinterGone: livenessOf(batch.printer) === 'dead',
      isSessionGone: isSessionGone(reader, batch),
      isInTranscript: isInTranscript(batch),
      isClientKnown: (readSession(reader.home, batch.session, batch.agent)?.process ?? null) !== null,
    });
    if (verdict === 'acknowledge') acknowledgeBatch(reader, batch);
    return verdict === 'keep';
  });
}

/** What was shown may have answered a blocker; the hook that showed it may have died before it said so. */
function acknowledgeBatch(reader: Reader, batch: LedgerBatch): void {
  const { home, agent, nowMs } = reader;
  markAnswers(home, agent, readInOrder(home, agent, batch.ids, batch.ids.length));
  for (const id of batch.ids) acknowledge(home, id, { by: agent, session: batch.session, atMs: nowMs });
}

/**
 * Another session has gone when its record is gone (it ended) or its process is; unknown liveness is given up. A
 * subagent has a record of its own as long as it lives; its session may go on without it.
 */
function isSessionGone(reader: Reader, batch: LedgerBatch): boolean {
  if (isSameInstance(batch, reader.instance)) return false;
  const record = readSession(reader.home, batch.session, batch.agent);
  return record?.process ? livenessOf(record.process) !== 'alive' : true;
}

/** 0 for a transcript that is not made yet. */
function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/** Asked right behind what stood there before; a transcript that shrank was written anew, and is asked at its end. */
function isInTranscript(batch: LedgerBatch): boolean | undefined {
  if (!batch.transcript) return undefined;
  const { path, size } = batch.transcript;
  if (!existsSync(path)) return undefined;
  const grown = sizeOf(path) - size;
  const text =
    grown < 0 ? readTail(path, TRANSCRIPT_BYTES) : readPart(path, size, Math.min(grown, TRANSCRIPT_BYTES));
  return text.includes(batch.token);
}

function readMostUrgent(home: string, agent: string, ids: readonly string[], limit: number): Envelope[] {
  const { marked, unmarked } = sortByMark(ids);
  const unknown = readInOrder(home, agent, unmarked.slice(0, READ_MAX), READ_MAX);
  const found = [...unknown, ...readInOrder(home, agent, marked, limit)].sort(byUrgency);
  return fitting(found.slice(0, limit), SHOWN_CHARS_MAX);
}

function readInOrder(home: string, agent: string, ids: readonly string[], limit: number): Envelope[] {
  const found: Envelope[] = [];
  for (const id of ids) {
    if (found.length >= limit) break;
    const envelope = readWaiting(home, agent, id);
    if (envelope !== undefined && envelope !== 'unreadable') found.push(envelope);
  }
  return found;
}
