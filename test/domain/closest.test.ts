/** What was meant by a word that nobody knows. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { closestId, closestTo } from '../../src/domain/closest.ts';

const COMMANDS = [
  'init',
  'status',
  'phase add',
  'phase start',
  'plan complete',
  'blocker raise',
  'inbox',
  'doctor',
];

test.each([
  ['status', 'status'],
  ['stauts', 'status'],
  ['statsu', 'status'],
  ['int', 'init'],
  ['inbx', 'inbox'],
  ['docter', 'doctor'],
  ['phase ad', 'phase add'],
  ['phase strat', 'phase start'],
  ['phase', 'phase add'],
  ['inbox now', 'inbox'],
  ['plan complet', 'plan complete'],
  ['xylophone', undefined],
  ['explode the world', undefined],
  ['12345678', undefined],
])('%j is closest to %j', (word, expected) => {
  expect(closestTo(word, COMMANDS)).toBe(expected);
});

test('there is none among none', () => {
  expect(closestTo('status', [])).toBeUndefined();
});

test('a known word is closest to itself, and one wrong letter does not hide it', () => {
  fc.assert(
    fc.property(fc.constantFrom('status', 'inbox', 'doctor'), fc.nat(), (word, at) => {
      const cut = at % word.length;
      expect(closestTo(word, COMMANDS)).toBe(word);
      expect(closestTo(word.slice(0, cut) + word.slice(cut + 1), COMMANDS)).toBe(word);
      expect(closestTo(`${word.slice(0, cut)}z${word.slice(cut)}`, COMMANDS)).toBe(word);
    }),
  );
});

describe('an id', () => {
  test.each([
    ['1', ['01', '02'], '01'],
    ['1-1', ['01-01', '01-02', '11'], '01-01'],
    ['0101', ['01-01', '01-02'], '01-01'],
    ['01_01', ['01-01', '01-02'], '01-01'],
    ['worker1', ['coordinator', 'worker-01', 'worker-02'], 'worker-01'],
    ['wroker-02', ['coordinator', 'worker-01', 'worker-02'], 'worker-02'],
    ['corodinator', ['coordinator', 'operator', 'worker-01'], 'coordinator'],
    ['b1', ['B1', 'B2'], 'B1'],
    ['T1', ['T1', 'T2'], 'T1'],
    ['1', ['T1', 'T2'], 'T1'],
    ['1', ['B1', 'D1'], undefined],
    // Another number is another thing.
    ['03', ['01', '02'], undefined],
    ['worker-03', ['worker-01', 'worker-02'], undefined],
    ['01-03', ['01-01', '01-02'], undefined],
    ['nobody', ['coordinator', 'worker-01'], undefined],
    ['', ['01'], undefined],
    ['11', ['1-1', '01-1'], '1-1'],
    ['1-1', ['001-1', '01-01'], undefined],
  ])('%j among %j is %j', (typed, known, expected) => {
    expect(closestId(typed, known)).toBe(expected);
  });
});
