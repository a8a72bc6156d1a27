/**
 * What git notes of where HEAD went (`logs/HEAD`): it tells a file that came along with a whole tree (`git reset --hard`,
 * a rebase) from one that somebody asked for by its name (`git checkout -- <file>`), of which nothing is noted.
 */

export interface HeadEntry {
  /** Seconds since 1970. */
  readonly atS: number;
  readonly what: string;
}

/** `<old> <new> <name> <<mail>> <seconds> <zone>\t<what>` a line; what is not understood is left out. */
export function parseHeadLog(text: string): HeadEntry[] {
  return text.split('\n').flatMap((line) => {
    const [, at, what] = /> (\d+) [+-]\d{4}\t(.*)$/.exec(line) ?? [];
    return at === undefined || what === undefined ? [] : [{ atS: Number(at), what }];
  });
}

/** What it notes of a whole tree; a commit, and going on with a rebase, bring what somebody wrote or chose. */
const WHOLE_TREE = /^(?:reset|rebase|pull|merge|am|checkout: moving)\b(?!.*\(continue\))/;
/** Writes no file. */
const FINISH = /^(?:rebase|pull)\b.*\(finish\)/;
/** Behind it a conflict may begin, and a script may end that within the second. */
const START = /^(?:rebase|pull)\b.*\(start\)/;
/** A tree is written first, and the log right behind it. */
const WRITING_MS_MAX = 10_000;

export interface WritingTimes {
  /** When the log was written: the time of its last entry to less than a second, unless git has cleared it up since. */
  readonly writtenMs: number;
  readonly fileMs: number;
  /** When coord last saved the file: what was before has nothing to do with it. */
  readonly savedMs: number;
}

/**
 * True where a file was written as a part of a tree: that is what git noted first after the file was written, or at all
 * within the same second (a rebase, and a commit right behind it). What cannot be told apart from what was before coord's
 * save counts as no; so does what cannot be told apart from the end of a conflict, where somebody `mayHaveWritten` it.
 */
export function cameWithTree(
  all: readonly HeadEntry[],
  { writtenMs, fileMs, savedMs }: WritingTimes,
  mayHaveWritten: boolean,
): boolean {
  const [fileS, savedS] = [Math.floor(fileMs / 1_000), Math.floor(savedMs / 1_000)];
  const isOpen = ({ atS, what }: HeadEntry) => mayHaveWritten && atS === fileS && START.test(what);
  const entries = all.filter((entry) => !FINISH.test(entry.what) && !isOpen(entry));
  const since = entries.filter(({ atS }) => atS >= fileS);
  const within = since.filter(({ atS }) => atS === fileS);
  const ofTree = mayHaveWritten ? undefined : within.findLast(({ what }) => WHOLE_TREE.test(what));
  const found = ofTree ?? within.at(-1) ?? since[0];
  if (found === undefined || !WHOLE_TREE.test(found.what) || !isNear(found.atS * 1_000, fileMs)) return false;
  const isTimed = found === entries.at(-1) && isNear(writtenMs, found.atS * 1_000);
  return isTimed ? writtenMs >= fileMs && writtenMs > savedMs : found.atS > savedS;
}

function isNear(oneMs: number, otherMs: number): boolean {
  return Math.abs(oneMs - otherMs) < WRITING_MS_MAX;
}
