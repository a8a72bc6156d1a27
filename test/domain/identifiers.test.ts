import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  branchOf,
  dayOfMessageId,
  isDisplayName,
  isIdentifier,
  isMessageId,
  isReservedAgent,
  phaseFolderOf,
  printMessageId,
  slugOf,
  workerOf,
} from '../../src/domain/identifiers.ts';
import { isPlainName } from '../../src/domain/names.ts';

test.each([
  ['1', true],
  ['01', true],
  ['01-02', true],
  ['api.v2', true],
  ['A_b', true],
  ['a_', true],
  ['x'.repeat(40), true],
  ['x'.repeat(41), false],
  ['', false],
  ['-a', false],
  ['.a', false],
  ['_a', false],
  ['a-', false],
  ['a.', false],
  ['a..b', false],
  ['a.lock', false],
  ['a.LOCK', false],
  ['a.locked', true],
  ['a b', false],
  ['a/b', false],
  ['a\\b', false],
  ['a\n', false],
  ['é', false],
  ['$(x)', false],
  ['--help', false],
])('isIdentifier(%j) is %j', (text, expected) => {
  expect(isIdentifier(text)).toBe(expected);
});

test.each([
  ['State Coherence', true],
  ['Über: “x”', true],
  ['x'.repeat(120), true],
  ['x'.repeat(121), false],
  ['', false],
  ['  ', false],
  ['a\nb', false],
  ['a\tb', false],
  ['a\u001b[31m', false],
  ['a\u009b', false],
  ['a\u2028b', false],
])('isDisplayName(%j) is %j', (text, expected) => {
  expect(isDisplayName(text)).toBe(expected);
});

test.each([
  ['State Coherence: Part 1', 'state-coherence-part-1'],
  ['  API  ', 'api'],
  ['Crème brûlée', 'creme-brulee'],
  ['日本', 'phase'],
  ['', 'phase'],
  ['--', 'phase'],
  ['a/../b', 'a-b'],
  ['x'.repeat(60), 'x'.repeat(48)],
  [`${'x'.repeat(47)} y`, 'x'.repeat(47)],
])('slugOf(%j) is %s', (name, slug) => {
  expect(slugOf(name)).toBe(slug);
});

test.each([
  ['1', 'API', '01-api'],
  ['01', 'API', '01-api'],
  ['12', 'API', '12-api'],
  ['a', 'API', 'a-api'],
])('phaseFolderOf(%j, %j) is %s', (id, name, folder) => {
  expect(phaseFolderOf(id, name)).toBe(folder);
});

test('a folder and a branch of any phase are plain names that git takes', () => {
  const id = fc.stringMatching(/^[A-Za-z0-9._-]{1,40}$/).filter(isIdentifier);
  fc.assert(
    fc.property(id, fc.string({ unit: 'binary', maxLength: 80 }), (phase, name) => {
      const folder = phaseFolderOf(phase, name);
      expect(isPlainName(folder)).toBe(true);
      expect(branchOf(folder)).toMatch(/^coord\/[A-Za-z0-9][A-Za-z0-9._-]*[A-Za-z0-9]$/);
      expect(branchOf(folder)).not.toMatch(/\.\.|\.lock$/i);
      expect(isPlainName(workerOf(phase))).toBe(true);
    }),
  );
});

test.each([
  ['coordinator', true],
  ['Operator', true],
  ['COORD', true],
  ['worker-01', false],
  ['coordinators', false],
])('isReservedAgent(%j) is %j', (name, expected) => {
  expect(isReservedAgent(name)).toBe(expected);
});

test('no worker of a phase has a reserved name', () => {
  for (const id of ['coordinator', 'operator', 'coord']) expect(isReservedAgent(workerOf(id))).toBe(false);
});

describe('message ids', () => {
  test('tell day and time in UTC, and sort by time', () => {
    expect(printMessageId(Date.UTC(2026, 1, 21, 23, 59, 58, 7), 'ab-1')).toBe('msg-20260221-235958007-ab-1');
    const instant = fc.integer({ min: 0, max: 4e12 });
    fc.assert(
      fc.property(instant, instant, (a, b) => {
        const [x, y] = [printMessageId(a, 'z'), printMessageId(b, 'a')];
        if (a < b) expect(x < y).toBe(true);
        expect(isMessageId(x)).toBe(true);
        expect(dayOfMessageId(x)).toBe(new Date(a).toISOString().slice(0, 10));
      }),
    );
  });

  test.each([
    ['msg-20260221-143000', '2026-02-21'],
    ['msg-20260221-143000-001', '2026-02-21'],
    ['msg-20260221-143000123-1.2.3', '2026-02-21'],
    ['msg-20260221-1430', undefined],
    ['msg-2026221-143000-x', undefined],
    ['msg-20260221-143000-', undefined],
    ['msg-20260221-143000-a/b', undefined],
    ['msg-20260221-143000-a\n', undefined],
    [`msg-20260221-143000-${'x'.repeat(81)}`, undefined],
    ['../msg-20260221-143000-x', undefined],
    ['', undefined],
  ])('dayOfMessageId(%j) is %j', (id, day) => {
    expect(dayOfMessageId(id)).toBe(day);
    expect(isMessageId(id)).toBe(day !== undefined);
  });
});
