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

/** A tree is written first, and the log right behind it. */
const WRITING_S_MAX = 10;
/** A commit, a cherry-pick and a revert bring what somebody chose. */
const WHOLE_TREE = /^(?:reset|rebase|pull|merge|am|checkout: moving)\b/;

/**
 * True where a file was written as a part of a tree. `writtenMs`: when the log was, which is the time of its last entry
 * to less than a second. `fileMs`: when the file was; `savedMs`: when coord last saved it, since what was before that
 * has nothing to do with it. What happened within one second, and cannot be told apart, counts as no.
 */
export function cameWithTree(
  entries: readonly HeadEntry[],
  { writtenMs, fileMs, savedMs }: { writtenMs: number; fileMs: number; savedMs: number },
): boolean {
  return entries.some(({ atS, what }, at) => {
    if (!WHOLE_TREE.test(what)) return false;
    const isLast = at === entries.length - 1;
    if (isLast && writtenMs >= fileMs && writtenMs > savedMs)
      return atS * 1_000 - fileMs < WRITING_S_MAX * 1_000;
    const [fileS, savedS] = [Math.floor(fileMs / 1_000), Math.floor(savedMs / 1_000)];
    return atS > savedS && atS >= fileS && atS - fileS <= WRITING_S_MAX;
  });
}
