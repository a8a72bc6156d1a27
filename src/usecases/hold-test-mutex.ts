/**
 * Runs a command under the test mutex, which this very process holds meanwhile: it dies with it. A command that an
 * outer one has started, which holds the mutex already, runs under that.
 */
import type { LockHolding } from '../domain/lock.ts';
import { type Outcome, refuse } from '../domain/problem.ts';
import { type Caller, findProject } from '../storage/light/caller.ts';
import { callsRunning } from '../storage/light/locks/callers.ts';
import type { FoundLock } from '../storage/light/locks/files.ts';
import { isSameInstance } from '../storage/light/locks/holders.ts';
import { releaseTestMutex, runHolder, takeTestMutex, testMutexHolder } from '../storage/light/test-mutex.ts';

export interface TestRun {
  /** As people know it. */
  readonly command: string;
  /** The words by which coord was called. */
  readonly words: readonly string[];
  readonly waitMs: number;
  /** The holder that an outer `coord run` has handed down. */
  readonly outer: string | undefined;
  readonly onWait: (by: LockHolding) => void;
}

/** The body is told the holder, for whatever it starts. */
export async function holdTestMutex<T>(
  caller: Caller,
  run: TestRun,
  body: (holder: string) => Promise<Outcome<T>>,
): Promise<Outcome<T>> {
  const { home, session, agent = null, name } = caller;
  const project = findProject(caller.root);
  if (!project.done) return project;
  const place = project.value;
  const current = testMutexHolder(place);
  if (current && isAround(current, caller, run)) return body(current.record.holder.owner);
  const { command, waitMs, onWait } = run;
  const holder = runHolder(session, agent);
  const errand = { command, text: null, call: null, transcript: null, isBackground: false };
  const options = { waitMs, onWait, isInterested: session !== null };
  const outcome = takeTestMutex(place, { holder, name, errand }, options);
  if ('code' in outcome) return refuse({ code: 'mutex-timeout', name: outcome.name });
  if (!outcome.taken) {
    const { taken: _, ...held } = outcome;
    return refuse({ code: 'mutex-held', command, ...held });
  }
  try {
    return await body(holder.owner);
  } finally {
    // What cannot be released now is free when this process has ended, which is next.
    releaseTestMutex({ home, name: place.name }, (lock) => isSameInstance(lock.record.holder, holder));
  }
}

/**
 * Whether this command runs within what the mutex is held for: an outer `coord run`, or a tool's call of this session
 * that either names just this command or runs it by a script.
 */
function isAround(
  { record, note }: FoundLock,
  { home, session }: Caller,
  { outer, words }: TestRun,
): boolean {
  if (outer !== undefined && record.holder.owner === outer) return true;
  const call = note.errand?.call ?? null;
  if (session === null || call === null || record.holder.session !== session) return false;
  const named = callsRunning(home, session, words, Date.now());
  return named.length === 0 || named.includes(call);
}
