import { expect, test } from 'vitest';
import { type GitReach, reachOf } from '../../../src/domain/shell/git-reach.ts';

test.each<[string, GitReach | undefined]>([
  ['add -A', 'add-all'],
  ['add --all', 'add-all'],
  ['add -u', 'add-tracked'],
  ['add .', 'add'],
  ['stage x', 'add'],
  ['commit -am x', 'add-tracked'],
  ['commit --all -m x', 'add-tracked'],
  ['commit -S -am x', 'add-tracked'],
  ['commit -u -a -m x', 'add-tracked'],
  ['commit -Skey -m a', 'commit'],
  ['commit -m a', 'commit'],
  ['commit -m x f', 'add'],
  ['reset --hard', 'tree'],
  ['reset --hard HEAD~1', 'tree'],
  ['reset --merge', 'tree'],
  ['reset', undefined],
  ['reset --soft HEAD~1', undefined],
  ['checkout main', 'tree'],
  ['checkout .', undefined],
  ['switch -c x', 'tree'],
  ['stash', 'tree'],
  ['clean -fd', 'tree'],
  ['clean -fd src', undefined],
  ['merge x', 'tree'],
  ['pull', 'tree'],
  ['rebase x', 'tree'],
  ['apply p.diff', 'tree'],
  ['apply --cached p.diff', undefined],
  ['rm f', undefined],
  ['mv a b', undefined],
])('git %s reaches %s', (line, reach) => {
  const [verb = '', ...args] = line.split(' ');
  const hasPaths = /^(add \.|stage x|commit -m x f|checkout \.|clean -fd src|rm|mv)/.test(line);
  expect(reachOf(verb, args, hasPaths)).toBe(reach);
});
