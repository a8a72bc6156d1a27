/**
 * One round of the radar's asking: for each pair of branches an answer, from what is remembered, from what the branches
 * changed (those that touch nothing in common are apart), and else from git, until the time or the number is used up.
 */
import { type History, meetingIn } from '../domain/footprint.ts';
import { type Answer, askedOf, keyOf, type Pair } from '../domain/radar.ts';
import { historyOf } from '../storage/branch-history.ts';
import { nowMs } from '../storage/clock.ts';
import { placeAt } from '../storage/light/place.ts';
import { type Asked, hasMergeTree, openMergeAsker } from '../storage/merge-tree.ts';
import type { Remembered } from '../storage/radar-cache.ts';

export interface RadarLimits {
  readonly timeMs: number;
  readonly asksMax: number;
  /** True: also asks what took too long for somebody in passing. */
  readonly isPatient: boolean;
}

export interface Asking {
  readonly home: string;
  /** The target's commit. */
  readonly target: string | undefined;
  readonly pairs: readonly Pair[];
  readonly known: ReadonlyMap<string, Remembered>;
  readonly limits: RadarLimits;
  readonly deadlineMs: number;
  /** Asked for only where something is to be asked. */
  readonly version: () => string | undefined;
}

export interface Round {
  readonly answers: readonly { pair: Pair; answer: Answer }[];
  /** What was not remembered before, by key. */
  readonly fresh: ReadonlyMap<string, Remembered>;
  readonly failed: readonly { pair: Pair; detail: string }[];
  readonly counts: { known: number; apart: number; asked: number; left: number };
}

/** Below so many pairs, asking is cheaper than learning what the branches changed. */
const FOOTPRINTS_FROM = 8;
const HISTORY_MS = 5_000;

export function askPairs(asking: Asking): Round {
  const { pairs, known } = asking;
  const fresh = new Map<string, Remembered>();
  const failed: { pair: Pair; detail: string }[] = [];
  const open = pairs.filter((pair) => !isAnswer(known.get(keyOf(pair))));
  const isAble = open.length > 0 && hasMergeTree(asking.version());
  const meeting = isAble ? meetingPairs(asking, open) : open;
  if (isAble) {
    const met = new Set(meeting);
    for (const pair of open) if (!met.has(pair)) fresh.set(keyOf(pair), { files: [], count: 0 });
  }
  const apart = fresh.size;
  const asked = isAble ? askGit(asking, meeting, fresh, failed) : 0;
  const answers = pairs.flatMap((pair) => {
    const answer = fresh.get(keyOf(pair)) ?? known.get(keyOf(pair));
    return isAnswer(answer) ? [{ pair, answer }] : [];
  });
  const left = pairs.length - answers.length - failed.length;
  const counts = { known: pairs.length - open.length, apart, asked, left };
  return { answers, fresh, failed, counts };
}

function isAnswer(remembered: Remembered | undefined): remembered is Answer {
  return remembered !== undefined && !('isSlow' in remembered);
}

/** The pairs whose branches may meet: those with the target first, then those that have most in common. */
function meetingPairs({ home, target, deadlineMs, limits }: Asking, open: readonly Pair[]): readonly Pair[] {
  if (target === undefined || open.length < FOOTPRINTS_FROM) return open;
  const tips = new Set(open.flatMap((pair) => [pair.ours.commit, pair.theirs.commit]));
  tips.delete(target);
  // Half of the time is left for the asking itself.
  const timeMs = Math.min((deadlineMs - nowMs()) / 2, limits.timeMs / 2, HISTORY_MS);
  const history: History | undefined = timeMs > 0 ? historyOf(home, target, [...tips], timeMs) : undefined;
  if (!history) return open;
  const meeting = meetingIn(history);
  const met = open.map((pair) => ({ pair, shared: meeting(pair.ours.commit, pair.theirs.commit) }));
  const rank = ({ pair, shared = 0 }: (typeof met)[number]) =>
    pair.kind === 'target' ? Number.POSITIVE_INFINITY : shared;
  return met
    .filter(({ shared }) => shared !== undefined)
    .sort((a, b) => (rank(a) === rank(b) ? 0 : rank(b) - rank(a)))
    .map(({ pair }) => pair);
}

/** How many it asked. */
function askGit(
  { home, known, limits, deadlineMs }: Asking,
  pairs: readonly Pair[],
  fresh: Map<string, Remembered>,
  failed: { pair: Pair; detail: string }[],
): number {
  const commonDir = placeAt(home)?.commonDir;
  const worth = pairs.filter((pair) => limits.isPatient || !known.has(keyOf(pair)));
  if (commonDir === undefined || worth.length === 0 || nowMs() >= deadlineMs) return 0;
  const asker = openMergeAsker(home, commonDir);
  let asked = 0;
  try {
    for (const pair of worth) {
      const restMs = deadlineMs - nowMs();
      if (restMs <= 0 || asked >= limits.asksMax) break;
      asked += 1;
      const answer: Asked = asker.ask(...askedOf(pair), restMs);
      if (!('code' in answer)) fresh.set(keyOf(pair), answer);
      else if (answer.code === 'failed') failed.push({ pair, detail: answer.detail });
      // Whoever passes by does not wait for it again; but the rest of a time that was all but used up says nothing.
      else if (restMs > limits.timeMs / 3) fresh.set(keyOf(pair), { isSlow: true });
    }
  } finally {
    asker.end();
  }
  return asked;
}
