import { describe, expect, test } from 'vitest';
import { isAmong } from '../../../src/domain/shell/word-lists.ts';

const LIST = `
  ls ll la grep
  egrep c++ ls-files
`;

describe('a list of words in one text', () => {
  test.each(['ls', 'll', 'la', 'grep', 'egrep', 'c++', 'ls-files'])('has %j', (word) => {
    expect(isAmong(LIST, word)).toBe(true);
  });

  test.each(['', ' ', 'l', 's', 'rep', 'gre', 'files', 'ls ll', 'grep\n  egrep', '\n', 'LS'])(
    'has no %j',
    (word) => {
      expect(isAmong(LIST, word)).toBe(false);
    },
  );

  test('has its first and its last word where nothing stands around them', () => {
    expect(['a', 'b', 'a b'].map((word) => isAmong('a b', word))).toEqual([true, true, false]);
  });
});
