import { describe, expect, test } from 'vitest';
import {
  type Change,
  type CommitChanges,
  footprintOf,
  mayMeet,
  meetingIn,
} from '../../src/domain/footprint.ts';

/** `+new`, `-gone`, `changed`. */
const changes = (...words: string[]): Change[] =>
  words.map((word) => {
    const kind = word.startsWith('+') ? 'added' : word.startsWith('-') ? 'deleted' : 'changed';
    return { kind, path: kind === 'changed' ? word : word.slice(1) };
  });

describe('two footprints', () => {
  test.each([
    { a: ['a'], b: ['b'], meet: false, why: 'different files' },
    { a: ['a'], b: ['a'], meet: true, why: 'one file' },
    { a: ['-a', '+c'], b: ['a'], meet: true, why: 'a rename and an edit' },
    { a: ['-a', '+c'], b: ['-b', '+c'], meet: true, why: 'two renames to one name' },
    { a: ['+x'], b: ['+x/in'], meet: true, why: 'a file where the other has a folder' },
    { a: ['+x'], b: ['+xy/in'], meet: false, why: 'a folder that only begins alike' },
    { a: ['-src/a', '+lib/a'], b: ['+src/new'], meet: true, why: 'something new in a folder that was moved' },
    { a: ['-src/a', '+lib/a'], b: ['+src/deep/new'], meet: true, why: 'the same, deeper' },
    {
      a: ['-src/x/a', '+lib/x/a'],
      b: ['+src/y/new'],
      meet: true,
      why: 'a folder above the one that was moved',
    },
    {
      a: ['-src/x/a', '+lib/z/a'],
      b: ['+src/y/new'],
      meet: false,
      why: 'a move that does not reach up so far',
    },
    { a: ['-src/a'], b: ['+src/new'], meet: false, why: 'a removal, which is no move' },
    { a: ['-x/a', '+b/x/a'], b: ['+new'], meet: true, why: 'everything moved below a folder' },
    { a: ['-src/a', '+lib/a'], b: ['src/b'], meet: false, why: 'an edit beside a file that was moved' },
    { a: [], b: ['a', '+b', '-c'], meet: false, why: 'nothing at all' },
  ])('$why: meet is $meet, from either side', ({ a, b, meet }) => {
    const [one, other] = [footprintOf(changes(...a)), footprintOf(changes(...b))];
    expect([mayMeet(one, other), mayMeet(other, one)]).toEqual([meet, meet]);
  });
});

const commit = (name: string, parents: string, ...words: string[]): CommitChanges => ({
  commit: name,
  parents: parents.split(' ').filter(Boolean),
  changes: changes(...words),
});

describe('branches of one target', () => {
  // The trunk: r ← t1 ← t2 ← t3, which is the target.
  const trunk = [commit('t3', 't2', 'three'), commit('t2', 't1', 'two'), commit('t1', 'r', 'one')];
  const meeting = (...own: CommitChanges[]) => meetingIn({ target: 't3', trunk, own });

  test('that touch nothing in common are apart, and else tell how much they have in common', () => {
    const ask = meeting(
      commit('a', 't3', 'x', 'y'),
      commit('b', 't3', 'z'),
      commit('c', 't3', 'x', 'y', 'z'),
    );
    expect([ask('a', 'b'), ask('a', 'c'), ask('c', 'b')]).toEqual([undefined, 2, 1]);
  });

  test('are held against what the target changed since they left it, and not against what it had by then', () => {
    const ask = meeting(commit('a', 't1', 'two'), commit('b', 't2', 'two'), commit('c', 't2', 'three'));
    expect(['a', 'b', 'c'].map((tip) => ask('t3', tip))).toEqual([1, undefined, 1]);
  });

  test('that left the target at different times bring along what it changed between', () => {
    const ask = meeting(commit('a', 't1', 'two'), commit('b', 't2', 'z'), commit('c', 'r', 'z'));
    expect([ask('a', 'b'), ask('b', 'c'), ask('a', 'c')]).toEqual([1, 1, undefined]);
  });

  test('that have merged the target again count from there', () => {
    const ask = meeting(commit('a1', 'r', 'x'), commit('a', 'a1 t2', 'one', 'two'));
    expect(ask('t3', 'a')).toBeUndefined();
    expect(meeting(commit('a', 'r', 'two'))('t3', 'a')).toBe(1);
  });

  test('what was changed and changed back counts', () => {
    const ask = meeting(commit('a1', 't3', 'x'), commit('a', 'a1', 'x'), commit('b', 't3', 'x'));
    expect(ask('a', 'b')).toBe(1);
  });

  test.each([
    { title: 'one that grew from the other', own: [commit('a', 't3', 'x'), commit('b', 'a', 'y')] },
    { title: 'one with a root of its own', own: [commit('a', '', 'x'), commit('b', 't3', 'y')] },
    {
      title: 'one that merged such a root',
      own: [commit('o', '', 'o'), commit('a', 't3 o', 'x'), commit('b', 't3', 'y')],
    },
    {
      title: 'one that left the target off its trunk',
      own: [commit('a', 'side', 'x'), commit('b', 't3', 'y')],
    },
  ])('$title is not said to be apart', ({ own }) => {
    expect(meeting(...own)('a', 'b')).toBe(0);
  });

  test('a branch without commits of its own is apart from what did not move', () => {
    const ask = meeting(commit('a', 't3', 'x'));
    expect([ask('t3', 't3'), ask('t3', 'a'), ask('t2', 'a')]).toEqual([undefined, undefined, undefined]);
  });
});
