import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseInstant } from '../../src/domain/outside/instant.ts';

const NOON = '2026-02-21T12:00:00.000Z';

test.each<[unknown, string | undefined, RegExp | undefined]>([
  ['2026-02-21T12:00:00Z', NOON, undefined],
  ['2026-02-21T12:00:00.000Z', NOON, undefined],
  ['2026-02-21T12:00:00.123456789Z', '2026-02-21T12:00:00.123Z', undefined],
  ['2026-02-21T12:00:00', NOON, /no zone/],
  ['2026-02-21 12:00:00', NOON, /no zone/],
  ['2026-02-21T12:00', NOON, /no zone/],
  ['2026-02-21', '2026-02-21T00:00:00.000Z', /no zone/],
  ['2026-02-21 12:00:00Z', NOON, /anew/],
  ['2026-02-21T12:00Z', NOON, /anew/],
  ['2026-02-21t12:00:00z', NOON, /anew/],
  [' 2026-02-21T12:00:00Z\n', NOON, /anew/],
  ['2026-02-21T12:00:00,5Z', '2026-02-21T12:00:00.500Z', /anew/],
  ['2026-02-21 12:00:00 UTC', NOON, /anew/],
  ['2026-02-21T20:00:00+08:00', NOON, /into UTC/],
  ['2026-02-21T06:30:00-0530', NOON, /into UTC/],
  ['2026-02-21T12:00:00+00:00', NOON, /into UTC/],
  [Date.parse(NOON) / 1000, NOON, /seconds since/],
  [Date.parse(NOON), NOON, /milliseconds since/],
  [`${Date.parse(NOON) / 1000}`, NOON, /seconds since/],
  [Date.parse(NOON) / 1000 + 0.25, '2026-02-21T12:00:00.250Z', /seconds since/],
  ['2026-02-30T12:00:00Z', undefined, undefined],
  ['2026-13-01T12:00:00Z', undefined, undefined],
  ['2026-02-21T24:00:00Z', undefined, undefined],
  ['2026-02-21T12:60:00Z', undefined, undefined],
  ['2026-02-21T12:00:00+25:00', undefined, undefined],
  ['0026-02-21T12:00:00Z', undefined, undefined],
  ['9999-12-31T23:59:59-14:00', undefined, undefined],
  ['yesterday', undefined, undefined],
  ['21.02.2026', undefined, undefined],
  ['20260221', undefined, undefined],
  ['', undefined, undefined],
  [0, undefined, undefined],
  [-1, undefined, undefined],
  [Number.NaN, undefined, undefined],
  [1e300, undefined, undefined],
  [true, undefined, undefined],
  [null, undefined, undefined],
  [[NOON], undefined, undefined],
])('%j is %j', (given, iso, note) => {
  const instant = parseInstant(given);
  expect(instant && new Date(instant.atMs).toISOString()).toBe(iso);
  expect(instant?.note).toEqual(note ? expect.stringMatching(note) : undefined);
});

test('what a program prints is read as it was meant, whatever the zone of this machine', () => {
  const date = fc.date({ min: new Date(0), max: new Date('9999-01-01'), noInvalidDate: true });
  fc.assert(
    fc.property(date, (at) => {
      const iso = at.toISOString();
      expect(parseInstant(iso)).toEqual({ atMs: at.getTime(), note: undefined });
      expect(parseInstant(iso.slice(0, -1))?.atMs).toBe(at.getTime());
      expect(parseInstant(iso.replace('Z', '+00:00'))?.atMs).toBe(at.getTime());
      expect(parseInstant(`${iso.slice(0, 19)}Z`)?.atMs).toBe(Math.floor(at.getTime() / 1000) * 1000);
    }),
  );
});
