/** src/surfaces/cli/closest.ts: pure, so it is tested among the pure ones. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { closestTo } from '../../src/surfaces/cli/closest.ts';

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
