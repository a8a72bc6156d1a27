/**
 * Blockers: what keeps a worker from going on with a plan.
 *
 * States: open → answered (the coordinator's answer arrived) → resolved; open → resolved. A resolved one stays in
 * STATUS.md. The full record lives there; the coordinator gets a condensed text and a pointer to it (seed 000).
 */
import type { Hold } from './ground.ts';
import { COORDINATOR, OPERATOR } from './identifiers.ts';
import { cleanLine, type Envelope } from './message.ts';
import { statusFileOf } from './project-paths.ts';

export const BLOCKER_STATES = ['open', 'answered', 'resolved'] as const;
export type BlockerState = (typeof BLOCKER_STATES)[number];

const CONDENSED_MAX = 280;

/** A blocker that is not resolved, as the guard and the Stop hook need it. */
export interface OpenBlocker {
  readonly id: string;
  readonly summary: string;
  readonly plan: string | null;
  /** The message that told the coordinator. */
  readonly message: string | null;
  /** The message that answered it. */
  readonly answeredBy: string | null;
}

export function condensed(summary: string): string {
  return cleanLine(summary, CONDENSED_MAX);
}

/** Where the full record stands: `.planning/phases/01-api/STATUS.md#b1`. */
export function pointerTo(phaseFolder: string, blockerId: string): string {
  return `${statusFileOf(phaseFolder)}#${blockerId.toLowerCase()}`;
}

/** The next free id in a phase: B1, B2 … */
export function nextBlockerId(blockers: readonly { id: string }[]): string {
  const numbers = blockers.map((blocker) => Number(/^B(\d+)$/.exec(blocker.id)?.[1] ?? 0));
  return `B${Math.max(0, ...numbers) + 1}`;
}

/** The blocker that holds a strict worker: the oldest one without an answer. */
export function holdFrom(open: readonly OpenBlocker[]): Hold | undefined {
  const blocker = open.find((candidate) => candidate.answeredBy === null);
  return blocker ? { blocker: blocker.id, summary: blocker.summary } : undefined;
}

const ANSWERS = new Set(['response', 'directive', 'verdict']);

/**
 * The blockers that a message answers: those it refers to (by the blocker's id or its message's). One from the
 * coordinator that refers to no blocker answers all that were raised before it.
 */
export function blockersAnsweredBy(envelope: Envelope, open: readonly OpenBlocker[]): string[] {
  const mayAnswer = envelope.from === COORDINATOR || envelope.from === OPERATOR;
  if (!mayAnswer || !ANSWERS.has(envelope.type)) return [];
  const waiting = open.filter((blocker) => blocker.answeredBy === null);
  const meant = waiting.filter(
    (blocker) =>
      envelope.references.includes(blocker.id) || envelope.references.includes(blocker.message ?? ''),
  );
  const answered =
    meant.length > 0
      ? meant
      : waiting.filter((blocker) => blocker.message === null || envelope.id > blocker.message);
  return answered.map((blocker) => blocker.id);
}

/** The open blockers with what these messages answer marked; the same array when they answer nothing. */
export function withAnswers(
  open: readonly OpenBlocker[],
  envelopes: readonly Envelope[],
): readonly OpenBlocker[] {
  let marked = open;
  for (const envelope of envelopes) {
    const ids = blockersAnsweredBy(envelope, marked);
    if (ids.length === 0) continue;
    marked = marked.map((blocker) =>
      ids.includes(blocker.id) ? { ...blocker, answeredBy: envelope.id } : blocker,
    );
  }
  return marked;
}
