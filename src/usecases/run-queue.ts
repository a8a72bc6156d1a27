/**
 * One run of the merge queue: takes the turn, finishes or rolls back what a killed run left, and serves what waits,
 * oldest first, batch by batch. Ten runs at once make one: nine of them answer whose turn it is.
 *
 * The truth is in the entries, the target's ref and the journal of a landing; this process holds nothing that matters.
 * So it may be killed at any moment, and the next one goes on. Whoever lost the turn (it was stopped for long, and
 * another run followed) finds that out before it moves the target or saves anything.
 */
import type { LeftReason, RunEvent, RunReport } from '../domain/merge-run.ts';
import { done, type Outcome, refuse } from '../domain/problem.ts';
import { inLine, type QueueEntry } from '../domain/queue-entry.ts';
import type { Settings } from '../domain/settings.ts';
import { isoOf, nowMs } from '../storage/clock.ts';
import type { Caller } from '../storage/light/caller.ts';
import { readEvidence } from '../storage/light/evidence-files.ts';
import { type Held, releaseLease, renewLease } from '../storage/light/lease.ts';
import { readTurn, TURN_BEAT_MS, type TurnHolder, takeTurn } from '../storage/light/merge-turn.ts';
import { listEntries, setAside, sweepEntries, withQueue } from '../storage/light/queue-files.ts';
import { sweepQueueLogs } from '../storage/light/queue-logs.ts';
import { readSettings } from '../storage/settings.ts';
import { targetOf } from '../storage/target-branch.ts';
import { takeStep } from './ask-approval.ts';
import { cleanLeft } from './clean-landed.ts';
import { RunBoard } from './report-run.ts';
import { resumeLanding } from './resume-landing.ts';
import { newStanding, type Serving, type Standing, serveBatch, tipOfTarget } from './serve-batch.ts';
import { shareSlots } from './share-slots.ts';
import { tellUntold } from './tell-verdicts.ts';

export interface BusyTurn {
  readonly busy: { readonly holder: string; readonly pid: number | null; readonly since: string };
}

/** What lands elsewhere may still land. */
const OF_ONE_TARGET: ReadonlySet<LeftReason['code']> = new Set([
  'landing-refused',
  'target-busy',
  'target-dirty',
  'target-missing',
  'target-red',
  'target-restless',
  'target-unwritable',
]);
/** More than any queue needs; a run that goes on for ever would be ours to mend. */
const BATCHES_MAX = 1_000;
const ENDED_BY: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

export async function runQueue(
  caller: Caller,
  hear: (event: RunEvent) => void,
): Promise<Outcome<RunReport | BusyTurn>> {
  const { home, name } = caller;
  const busy = readTurn(home);
  if (busy) return done(busyWith(busy));
  const [first] = inLine(listEntries(home).entries);
  const leave = first ? takeStep(caller, 'merge_run', 'queue') : done(undefined);
  if (!leave.done) return leave;
  const turn = takeTurn(home, name);
  if ('sinceMs' in turn) return done(busyWith(turn));
  const board = new RunBoard(home, hear);
  const abort = new AbortController();
  const interrupt = () => abort.abort('interrupted');
  for (const signal of ENDED_BY) process.on(signal, interrupt);
  const beat = setInterval(() => {
    if (!renewLease(turn, nowMs())) abort.abort('turn-lost');
    board.tick();
  }, TURN_BEAT_MS);
  try {
    return await serveQueue({
      caller,
      mayClose: leaveToClose(caller),
      held: turn,
      board,
      abort: abort.signal,
    });
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'lease-lost') throw error;
    return refuse({ code: 'turn-lost' });
  } finally {
    clearInterval(beat);
    for (const signal of ENDED_BY) process.off(signal, interrupt);
    if (releaseLease(turn)) board.close();
  }
}

function busyWith({ owner, process: mark, sinceMs }: TurnHolder): BusyTurn {
  return { busy: { holder: owner, pid: mark?.pid ?? null, since: isoOf(sinceMs) } };
}

/** Asked once for each phase: leave that was given is used up by that. */
function leaveToClose(caller: Caller): (phase: string) => boolean {
  const answers = new Map<string, boolean>();
  return (phase) => {
    const answer = answers.get(phase) ?? takeStep(caller, 'phase_close', phase).done;
    answers.set(phase, answer);
    return answer;
  };
}

interface Running {
  readonly caller: Caller;
  readonly mayClose: (phase: string) => boolean;
  readonly held: Held;
  readonly board: RunBoard;
  readonly abort: AbortSignal;
}

async function serveQueue(running: Running): Promise<Outcome<RunReport>> {
  const { caller, mayClose, held, board, abort } = running;
  const { home, name: by, session } = caller;
  const { settings } = readSettings(home);
  const ready = makeReady(running, settings);
  if (!ready.done) return ready;
  const pool = shareSlots(home, settings.merge_parallel);
  const triesMax = settings.merge_retries;
  const who = { home, held, session, by, mayClose };
  const serving: Serving = { ...who, board, settings, pool, abort, triesMax, known: new Map() };
  const standings = new Map<string, Standing>();
  const seen = new Set<string>();
  let target = targetOf(home, settings);
  for (let batches = 0; batches < BATCHES_MAX; batches += 1) {
    const batch = nextBatch(home, seen, settings.merge_batch);
    const [first] = batch;
    if (!first) break;
    target = first.target;
    const before = standings.get(target) ?? newStanding(isProven(home, target, settings));
    const served = await serveBatch(serving, target, batch, before);
    if (!served.done) return served;
    standings.set(target, served.value.standing);
    for (const entry of board.leftEntries()) seen.add(entry);
    const { stopped } = served.value;
    if (!stopped) continue;
    const isOne = OF_ONE_TARGET.has(stopped.code);
    for (const entry of inLine(listEntries(home).entries).filter(({ id }) => !seen.has(id))) {
      if (isOne && entry.target !== target) continue;
      const { id, phase } = entry;
      seen.add(id);
      board.tell({ kind: 'left', branch: { entry: id, phase, reason: stopped } });
    }
  }
  const swept = withQueue(home, (queue) => {
    sweepEntries(queue, home, nowMs());
    return done(undefined);
  });
  sweepQueueLogs(home);
  if (!swept.done) return swept;
  const commit = tipOfTarget(home, target) ?? null;
  return done(board.report(target, commit, settings.validation.length > 0));
}

/** Before anything new: what a killed run left, and entries that nobody can read. */
function makeReady({ caller, mayClose, held, board }: Running, settings: Settings): Outcome<undefined> {
  const { home, session } = caller;
  const aside = withQueue(home, (queue) => done(setAside(queue, home)));
  if (!aside.done) return aside;
  board.aside(aside.value);
  const triesMax = settings.merge_retries;
  const hasValidation = settings.validation.length > 0;
  const resumed = resumeLanding({ home, held, board, session, mayClose, triesMax, hasValidation });
  if (!resumed.done) return resumed;
  const told = tellUntold(home, held);
  if (!told.done) return told;
  const cleaned = cleanLeft(home).filter(({ why, worktree }) => why === null && worktree === 'removed');
  board.cleaned(cleaned.map(({ entry, phase }) => ({ entry, phase })));
  return done(undefined);
}

/** The oldest that waits, and those after it that go to the same target. */
function nextBatch(home: string, seen: ReadonlySet<string>, most: number): QueueEntry[] {
  const line = inLine(listEntries(home).entries).filter(({ id }) => !seen.has(id));
  return line.filter(({ target }) => target === line[0]?.target).slice(0, most);
}

/** The target's commit passed all validations in one of coord's own worktrees: most often as what landed last. */
function isProven(home: string, target: string, { validation, merge_parallel }: Settings): boolean {
  const commit = tipOfTarget(home, target);
  const slots = Array.from({ length: merge_parallel }, (_, at) => `slot-${at + 1}`);
  const green = slots
    .flatMap((slot) => readEvidence(home, slot))
    .filter(
      (one) => one.commit === commit && one.exit === 0 && one.tree !== null && one.tree === one.tree_after,
    );
  return validation.every((command) => green.some((one) => one.command === command.trim()));
}
