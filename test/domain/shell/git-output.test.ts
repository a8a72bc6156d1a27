import { describe, expect, it } from 'vitest';
import { told } from './notation.ts';

const repository = { root: '/w/w1', gitDir: '/r/.git/worktrees/w1', commonDir: '/r/.git' };

// biome-ignore format: one line a case.
const CASES: readonly (readonly [command: string, expected: string])[] = [
  ['echo > "$(git rev-parse --show-toplevel)/f"', '/w/w1/f'],
  ['R=$(git rev-parse --show-toplevel); rm $R/../w2/f', '/w/w1/../w2/f'],
  ['cd "$(git rev-parse --show-toplevel)/../w2" && rm f', '/w/w2/f'],
  ['cp h "$(git rev-parse --git-dir)/x/y"', '/r/.git/worktrees/w1/x/y/h | /r/.git/worktrees/w1/x/y>'],
  ['rm $(git rev-parse --git-common-dir)/hooks/h', '/r/.git/hooks/h'],
  ['rm $(git rev-parse --path-format=absolute --git-common-dir)/hooks/h', '/r/.git/hooks/h'],
  ['rm $(git rev-parse --git-path hooks)/h', '/r/.git/hooks/h'],
  ['rm $(git rev-parse --git-path index)', '/r/.git/worktrees/w1/index'],
  // A repository may be nested below.
  ['cd a; rm $(git rev-parse --show-toplevel)/f', '/w/w1/f | ?variable'],
  ['cd ../w2; rm $(git rev-parse --show-toplevel)/f', '?substitution'],
  ['rm $(git -C ../w2 rev-parse --show-toplevel)/f', '?substitution'],
  ['rm $(GIT_DIR=/x git rev-parse --show-toplevel)/f', '?substitution'],
  ['rm $(git rev-parse --show-toplevel HEAD)/f', '?substitution'],
];

describe('git rev-parse, where the repository around the cwd is known', () => {
  for (const [command, expected] of CASES)
    it(command, () => expect(told(command, { repository }).join(' | ')).toBe(expected));
});
