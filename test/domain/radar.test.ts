import { describe, expect, test } from 'vitest';
import {
  askedOf,
  conflictsAmong,
  keyOf,
  type Pair,
  pairsOf,
  type Subject,
  viewConflict,
} from '../../src/domain/radar.ts';

const subject = (branch: string, commit: string, isQueued = false): Subject => ({
  branch,
  commit,
  phase: branch,
  worker: `worker-${branch}`,
  isQueued,
});
const main: Subject = { branch: 'main', commit: 'm', phase: null, worker: null, isQueued: false };
const names = (pairs: readonly Pair[]) => pairs.map(({ ours, theirs }) => `${ours.branch}-${theirs.branch}`);

describe('pairs', () => {
  test('are all branches with the target, what is queued first, then all with each other', () => {
    const pairs = pairsOf(main, [subject('a', '1'), subject('b', '2', true), subject('c', '3')]);
    expect(names(pairs)).toEqual(['main-b', 'main-a', 'main-c', 'b-a', 'b-c', 'a-c']);
    expect(pairs.map(({ kind }) => kind)).toEqual([
      'target',
      'target',
      'target',
      'branches',
      'branches',
      'branches',
    ]);
  });

  test('on one commit, or of a branch with itself, are none', () => {
    expect(names(pairsOf(main, [subject('a', 'm'), subject('b', '2'), subject('c', '2')]))).toEqual([
      'main-b',
      'main-c',
      'a-b',
      'a-c',
    ]);
    expect(pairsOf(main, [])).toEqual([]);
    expect(names(pairsOf(undefined, [subject('a', '1'), subject('b', '2')]))).toEqual(['a-b']);
  });

  test('are asked in one order, whichever stands first; the target is always ours', () => {
    const pair = (ours: Subject, theirs: Subject, kind: Pair['kind']): Pair => ({ kind, ours, theirs });
    const [a, b] = [subject('a', '1'), subject('b', '2')];
    expect(keyOf(pair(a, b, 'branches'))).toBe(keyOf(pair(b, a, 'branches')));
    expect(askedOf(pair(main, a, 'target'))).toEqual(['m', '1']);
  });
});

describe('what is told', () => {
  const [a, b, c] = [subject('a', '1'), subject('b', '2', true), subject('c', '3')];
  const target = (theirs: Subject, ...files: string[]) => ({
    pair: { kind: 'target', ours: main, theirs } as const,
    answer: { files, count: files.length },
  });
  const between = (ours: Subject, theirs: Subject, ...files: string[]) => ({
    pair: { kind: 'branches', ours, theirs } as const,
    answer: { files, count: files.length },
  });

  test('comes most harmful first: with the target, what is queued, what has more files', () => {
    const told = conflictsAmong([
      between(a, c, 'p', 'q', 'r'),
      between(a, b, 'x'),
      target(a, 'f', 'g'),
      target(c, 'f', 'g', 'h'),
      target(b, 'z'),
    ]);
    expect(names(told.map(({ pair }) => pair))).toEqual(['main-b', 'main-c', 'main-a', 'a-b', 'a-c']);
  });

  test('is nothing where nothing conflicts', () => {
    expect(conflictsAmong([target(a), between(a, b)])).toEqual([]);
  });

  test('a conflict of two branches in files in which one conflicts with the target already is marked, and comes last', () => {
    const told = conflictsAmong([between(a, b, 'f'), between(a, c, 'new'), target(a, 'f', 'g')]);
    expect(told.map(({ isEcho }) => isEcho)).toEqual([false, false, true]);
    expect(viewConflict(told[2] as (typeof told)[number])).toEqual({
      kind: 'branches',
      branches: ['a', 'b'],
      phases: ['a', 'b'],
      workers: ['worker-a', 'worker-b'],
      queued: [false, true],
      files: ['f'],
      file_count: 1,
      unrelated: false,
      also_with_target: true,
    });
  });

  test('a list that was cut is never taken for all of it', () => {
    const cut = { pair: target(a).pair, answer: { files: ['f'], count: 90 } };
    expect(conflictsAmong([cut, between(a, b, 'f')]).map(({ isEcho }) => isEcho)).toEqual([false, false]);
  });

  test('histories with nothing in common are a conflict', () => {
    const pair = target(a).pair;
    const told = conflictsAmong([
      target(c, 'f'),
      { pair, answer: { files: [], count: 0, isUnrelated: true } },
    ]);
    expect(told.map(({ answer }) => answer.isUnrelated ?? false)).toEqual([true, false]);
  });
});
