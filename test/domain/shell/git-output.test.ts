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
  ['rm $(git rev-parse --git-path index.lock)', '/r/.git/worktrees/w1/index.lock'],
  ['rm $(git rev-parse --git-path logs/HEAD)', '/r/.git/worktrees/w1/logs/HEAD'],
  ['rm $(git rev-parse --git-path logs/refs/heads/main)', '/r/.git/logs/refs/heads/main'],
  ['rm $(git rev-parse --git-path refs/bisect/bad)', '/r/.git/worktrees/w1/refs/bisect/bad'],
  ['rm $(git rev-parse --git-path config.lock)', '/r/.git/config.lock'],
  ['rm $(git rev-parse --git-path packed-refs)', '/r/.git/packed-refs'],
  ['rm -r $(git rev-parse --git-path rebase-merge)', '/r/.git/worktrees/w1/rebase-merge/'],
  ['rm -r $(git rev-parse --git-path info)', '/r/.git/info/'],
  ['rm $(git rev-parse --git-path info/sparse-checkout)', '/r/.git/worktrees/w1/info/sparse-checkout'],
  // A repository may be nested below.
  ['cd a; rm $(git rev-parse --show-toplevel)/f', '/w/w1/f | ?variable'],
  ['cd ../w2; rm $(git rev-parse --show-toplevel)/f', '/w/w2/f | ?variable'],
  ['rm $(git -C ../w2 rev-parse --show-toplevel)/f', '/w/w2/f | ?variable'],
  ['rm $(GIT_DIR=/x git rev-parse --show-toplevel)/f', '?substitution'],
  ['rm $(git rev-parse --show-toplevel HEAD)/f', '?substitution'],
];

describe('git rev-parse, where the repository around the cwd is known', () => {
  for (const [command, expected] of CASES)
    it(command, () => expect(told(command, { repository }).join(' | ')).toBe(expected));
});
