/**
 * The delivery of messages to one session instance: presented once, acknowledged when the session lived on to a hook
 * that runs after an answer of the model: only then the model was asked with the message in its context.
 *
 * States of a batch (the messages that one hook shows together):
 *   printing   the hook has claimed the messages and is about to print them
 *   shown      the hook has printed them
 * Moves: a later hook of the same session acknowledges a shown batch; the prompt's hook alone does not, since a session
 * whose API is down runs it too and then ends with nobody having read. A printing batch whose hook died is judged by
 * what the session's transcript holds: there, it was shown; not there, it is shown again. A batch of a session that
 * is gone is shown again, to whoever comes next: what nobody acknowledged, nobody may have read.
 */

/** A session, or one subagent in it: the receiver that a message is shown to once. */
export interface Instance {
  readonly session: string;
  readonly agent: string | null;
}

export interface Batch extends Instance {
  /** Stands in what the hook prints, so that the transcript can be asked. */
  readonly token: string;
  readonly ids: readonly string[];
  readonly state: 'printing' | 'shown';
  /** The event of the hook that showed it, or WAITED. */
  readonly event: string;
  readonly atMs: number;
}

/** In place of an event: a command that the session ran waited for the message, and printed it. */
export const WAITED = 'PostToolUse:wait';

export interface BatchFacts {
  /** True when the process that printed it has ended. */
  readonly isPrinterGone: boolean;
  /** True when its session has ended or its process is dead. */
  readonly isSessionGone: boolean;
  /** Whether the transcript holds the token; undefined when there is none to ask. */
  readonly isInTranscript: boolean | undefined;
  /** True when the session's client process is known, so that its death will be seen. */
  readonly isClientKnown: boolean;
}

export type BatchVerdict = 'acknowledge' | 'show-again' | 'keep';

/**
 * Tools that the model called together end before it is asked again, and the hook of one does not prove that it saw
 * what the hook of another showed. The transcript gets that when all have ended; without one, this long must have passed.
 */
const SAME_MOMENT_MS = 1_000;

export function isSameInstance(a: Instance, b: Instance): boolean {
  return a.session === b.session && a.agent === b.agent;
}

/** What a hook of `me` does with a batch that it finds. */
export function judgeBatch(
  batch: Batch,
  me: Instance,
  event: string,
  nowMs: number,
  facts: BatchFacts,
): BatchVerdict {
  if (!isSameInstance(batch, me)) return facts.isSessionGone ? 'show-again' : 'keep';
  // A session that starts again (resumed, compacted, cleared) starts with what it was shown before, or without it.
  if (event === 'SessionStart') return facts.isInTranscript === true ? 'acknowledge' : 'show-again';
  // What a command prints reaches nobody when the person broke it off. The next prompt comes after its end.
  if (batch.event === WAITED && facts.isInTranscript === false)
    return event === 'UserPromptSubmit' && facts.isPrinterGone ? 'show-again' : 'keep';
  const isToolAfterTool = event.startsWith('PostToolUse') && batch.event.startsWith('PostToolUse');
  if (batch.state === 'printing') {
    if (facts.isInTranscript === true && facts.isPrinterGone) return 'acknowledge';
    // What a killed hook printed may be on its way into the transcript, and the next hook of another kind can tell: of a
    // tool until the model is asked, of a session's start until the first prompt is there.
    const isPromptAfterStart = event === 'UserPromptSubmit' && batch.event === 'SessionStart';
    const mayStillCome = (isToolAfterTool && facts.isInTranscript === false) || isPromptAfterStart;
    return facts.isPrinterGone && !mayStillCome ? 'show-again' : 'keep';
  }
  if (event === 'SessionEnd') return 'keep';
  // Where nobody would see the session die, the prompt's hook is sign of life enough.
  if (event === 'UserPromptSubmit') return facts.isClientKnown ? 'keep' : 'acknowledge';
  if (!isToolAfterTool || facts.isInTranscript === true) return 'acknowledge';
  const isSameMoment = nowMs - batch.atMs < SAME_MOMENT_MS && nowMs >= batch.atMs;
  return facts.isInTranscript === false || isSameMoment ? 'keep' : 'acknowledge';
}

/** What is known of a message that waits: when it was sent, and how often its receiver was rung for since. */
export interface Waiting {
  readonly sentAtMs: number;
  readonly rings: number;
  /** 0 before the first ring. */
  readonly lastRingAtMs: number;
  /** True when nobody looked after the mail for long: the machine was off, or nobody worked. Costs one ring more. */
  readonly wasUnwatched?: boolean;
}

export interface RingRules {
  readonly timeoutMs: number;
  /** Rings before a message is given up. */
  readonly retries: number;
}

/** However often it doubled, the pause between two rings is no longer than this. */
const PAUSE_MAX_MS = 6 * 3_600_000;

/**
 * Whether a message that nobody acknowledged is rung for again, or given up. Pauses double. They count from the last
 * ring that really happened: a laptop that was closed over night owes one ring in the morning, and not a dead letter.
 * A moment far in the future was written by a clock that was set back since; a ring now gives it one of today.
 */
export function judgeOverdue(waiting: Waiting, nowMs: number, rules: RingRules): 'wait' | 'ring' | 'give-up' {
  const pauseMs = Math.min(rules.timeoutMs * 2 ** waiting.rings, Math.max(PAUSE_MAX_MS, rules.timeoutMs));
  const from = waiting.rings === 0 ? waiting.sentAtMs : waiting.lastRingAtMs;
  if (from - nowMs > pauseMs) return 'ring';
  if (nowMs - from < pauseMs) return 'wait';
  const retries = rules.retries + (waiting.wasUnwatched ? 1 : 0);
  return waiting.rings < retries ? 'ring' : 'give-up';
}
