import { describe, expect, test } from 'vitest';
import { cameWithTree, parseHeadLog } from '../../src/domain/head-log.ts';

const line = (atS: number, what: string) =>
  `${'0'.repeat(40)} ${'1'.repeat(40)} A <a@b> ${atS} +0100\t${what}\n`;

describe('the log of HEAD', () => {
  test('is read line by line; what is torn is left out', () => {
    const text = `4 +0000\ttorn\n${line(7, 'reset: moving to HEAD')}${line(8, 'commit: x > 9 +0000')}nothing\n`;
    expect(parseHeadLog(text)).toEqual([
      { atS: 7, what: 'reset: moving to HEAD' },
      { atS: 8, what: 'commit: x > 9 +0000' },
    ]);
  });
});

describe('a file', () => {
  const came = (
    entries: readonly [number, string][],
    { writtenMs, fileMs, savedMs }: { writtenMs: number; fileMs: number; savedMs: number },
    mayHaveWritten = false,
  ) =>
    cameWithTree(
      parseHeadLog(entries.map(([at, what]) => line(at, what)).join('')),
      { writtenMs, fileMs, savedMs },
      mayHaveWritten,
    );
  const times = { savedMs: 100_100, fileMs: 100_200, writtenMs: 100_201 };

  test.each(['reset: moving to HEAD', 'rebase (pick): Work', 'pull: Fast-forward'])(
    'came with the tree: %s',
    (what) => expect(came([[100, what]], times)).toBe(true),
  );

  test.each(['commit: reset the form', 'commit (amend): rebase', 'cherry-pick: x', 'revert: x', 'resets'])(
    'did not come by: %s',
    (what) => expect(came([[100, what]], times)).toBe(false),
  );

  test('came by what a rebase did last but its end', () => {
    const finish: [number, string] = [100, 'rebase (finish): returning to refs/heads/w'];
    expect(came([[100, 'rebase (start): checkout main'], finish], times)).toBe(true);
    // Where a person ended the conflict.
    expect(
      came([[100, 'rebase (start): checkout main'], [100, 'rebase (continue): Work'], finish], times),
    ).toBe(false);
    expect(came([finish], times)).toBe(false);
    // A script ends a conflict within the second that it began in.
    const ended: [number, string][] = [
      [100, 'rebase (start): checkout main'],
      [101, 'rebase (continue): Work'],
    ];
    expect([false, true].map((mayHave) => came(ended, { ...times, savedMs: 90_000 }, mayHave))).toEqual([
      true,
      false,
    ]);
  });

  test('came with a rebase behind which somebody committed within the second', () => {
    const rebased: [number, string][] = [
      [110, 'rebase (pick): Work'],
      [110, 'rebase (finish): returning to refs/heads/w'],
      [110, 'commit (amend): Work'],
    ];
    const at = { savedMs: 100_100, fileMs: 110_200, writtenMs: 110_800 };
    expect([false, true].map((mayHave) => came(rebased, at, mayHave))).toEqual([true, false]);
    expect(came(rebased, { ...at, savedMs: 110_100 })).toBe(false);
  });

  test('came with a tree of later seconds, with a commit since', () => {
    const entries: [number, string][] = [
      [105, 'reset: moving to HEAD'],
      [107, 'commit: on'],
    ];
    expect(came(entries, { savedMs: 100_900, fileMs: 104_000, writtenMs: 107_000 })).toBe(true);
    // Asked for by its name, before or after.
    expect(came(entries, { savedMs: 100_900, fileMs: 106_000, writtenMs: 107_000 })).toBe(false);
    expect(came(entries, { savedMs: 80_000, fileMs: 90_000, writtenMs: 107_000 })).toBe(false);
    // Saved since: what came with that tree was the newest.
    expect(came(entries, { savedMs: 105_900, fileMs: 106_000, writtenMs: 107_000 })).toBe(false);
  });

  test('is not told apart within one second: it counts as asked for', () => {
    const entries: [number, string][] = [
      [100, 'reset: moving to HEAD'],
      [100, 'commit: on'],
    ];
    expect(came(entries, { savedMs: 100_100, fileMs: 100_200, writtenMs: 100_300 })).toBe(false);
  });

  test('was asked for where git has cleared up its log since, which tells nothing of the last entry', () => {
    const entries: [number, string][] = [[100, 'reset: moving to HEAD']];
    expect(came(entries, { savedMs: 150_000, fileMs: 160_000, writtenMs: 400_000 })).toBe(false);
    expect(came(entries, { savedMs: 90_000, fileMs: 100_500, writtenMs: 400_000 })).toBe(true);
    expect(came(entries, { savedMs: 100_100, fileMs: 100_500, writtenMs: 400_000 })).toBe(false);
  });

  test('that was written after the last entry was asked for', () => {
    expect(came([[100, 'reset: moving to HEAD']], { ...times, fileMs: 100_300 })).toBe(false);
    expect(came([], times)).toBe(false);
  });
});
