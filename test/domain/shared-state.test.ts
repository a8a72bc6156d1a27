import { expect, test } from 'vitest';
import { citesSharedState, printsSharedState } from '../../src/domain/shared-state.ts';

test.each([
  "fatal: Unable to create '/r/.git/index.lock': File exists.",
  'Another git process seems to be running in this repository',
  'Error: listen EADDRINUSE: address already in use :::3000',
  'sqlite3.OperationalError: database is locked',
  'error: Your local changes to the following files would be overwritten by merge',
  'shared-state contamination between runs',
])('a tool that prints %j speaks of shared state, and so does an agent', (text) => {
  expect(printsSharedState(`ok 1\n${text}\nfailed`)).toBe(true);
  expect(citesSharedState(`it failed: ${text}`)).toBe(true);
});

test.each([
  'the tests saw uncommitted files of another agent',
  "another worker's half-done parser broke the build",
  'the shared worktree has a broken import',
  'the tree was contaminated',
  'somebody else’s edits',
  'file changed while the tests were running',
  'concurrent edits of the same file',
])('an agent that says %j does; a tool that prints it may mean anything', (text) => {
  expect(citesSharedState(text)).toBe(true);
  expect(printsSharedState(text)).toBe(false);
});

test.each([
  'the parser loops',
  'expected 3, got 4',
  'the state machine is wrong',
  'share price test fails',
  '',
])('%j does not', (text) => {
  expect([citesSharedState(text), printsSharedState(text)]).toEqual([false, false]);
});

test('the end of a very long output is what counts, and looking at it is quick', () => {
  const long = 'x index lock '.repeat(400_000);
  const startedAt = Date.now();
  expect(printsSharedState(long)).toBe(false);
  expect(printsSharedState(`${long}\nEADDRINUSE`)).toBe(true);
  expect(citesSharedState(long)).toBe(false);
  expect(Date.now() - startedAt).toBeLessThan(1_000);
});
