import { describe, expect, test } from 'vitest';
import {
  judgeJournal,
  type LandingJournal,
  parseJournal,
  printJournal,
  type RefFacts,
  reflogMessage,
} from '../../src/domain/landing.ts';

const A = 'a'.repeat(40);
const B = 'b'.repeat(64);

const journal: LandingJournal = {
  id: 'k3x-1-abc',
  at: '2026-01-01T00:00:00.000Z',
  target: 'main',
  ref: 'refs/heads/main',
  from: A,
  to: B,
  entries: [{ entry: '01.1', phase: '01', tip: A, commit: B }],
  checkouts: ['/home of/x\n'],
  behind: [],
  isSettled: false,
};

describe('a journal', () => {
  test('is read as it was written', () => expect(parseJournal(printJournal(journal))).toEqual(journal));

  test('that was cut anywhere is none', () => {
    const text = printJournal(journal).trimEnd();
    for (let length = 0; length < text.length; length += 1)
      expect(parseJournal(text.slice(0, length))).toBeUndefined();
  });

  const broken: readonly (readonly [string, object])[] = [
    ['no id', { id: undefined }],
    ['an id that is a path', { id: '../x' }],
    ['a ref elsewhere', { ref: 'refs/tags/x' }],
    ['no commit', { to: 'main' }],
    ['a short commit', { from: 'abcdef' }],
    ['checkouts that are no names', { checkouts: [1] }],
    ['no list', { behind: null }],
    ['an entry without a tip', { entries: [{ entry: '01.1', phase: '01', commit: A }] }],
    ['a word for a truth', { isSettled: 'no' }],
  ];
  test.each(broken)('with %s is none', (_, change) => {
    expect(parseJournal(JSON.stringify({ ...journal, ...change }))).toBeUndefined();
  });
  test.each(['null', '[]', '7', '"x"', '{}', ''])('%j is none', (text) =>
    expect(parseJournal(text)).toBeUndefined(),
  );
});

describe('what a journal means', () => {
  const facts: RefFacts = { found: A, holdsNew: false, hasProofs: false, isFenceHeld: false };
  const cases: readonly (readonly [string, Partial<RefFacts>, string])[] = [
    ['the old commit', {}, 'not-landed'],
    ['the new one', { holdsNew: true, hasProofs: true }, 'landed'],
    ['the new one, the proof not yet written', { holdsNew: true }, 'landed'],
    ['neither', { hasProofs: true }, 'rewound'],
    ['no commit at all', { found: undefined }, 'not-landed'],
    ['the old one, and a git is still at it', { isFenceHeld: true }, 'unclear'],
    [
      'the new one, and a git is still at it',
      { holdsNew: true, hasProofs: true, isFenceHeld: true },
      'unclear',
    ],
  ];
  test.each(cases)('%s: %s', (_, change, wanted) => {
    expect(judgeJournal({ ...facts, ...change })).toBe(wanted);
  });
});

describe('the line in the reflog', () => {
  const of = (...phases: string[]) =>
    reflogMessage(phases.map((phase) => ({ entry: 'x', phase, tip: A, commit: A })));
  test('names each phase once', () => expect(of('01', '02', '01')).toBe('coord: land 01, 02'));
  test('is one line of bounded length', () => {
    expect(of('a\nb\u0000c')).toBe('coord: land a b c');
    const long = of(...Array.from({ length: 200 }, (_, n) => `phase-${n}`));
    expect([long.length, long.endsWith('…')]).toEqual([200, true]);
  });
});
