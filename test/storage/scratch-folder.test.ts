import { existsSync, lutimesSync, mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openScratch, sweepScratch, withScratch } from '../../src/storage/scratch-folder.ts';
import { inOwnTmpdir } from '../kit/own-tmpdir.ts';

const DAY_S = 24 * 3_600;
test('a scratch folder goes with its body, whatever becomes of it', () => {
  let folder = '';
  expect(
    withScratch((made) => {
      folder = made;
      writeFileSync(join(made, 'index'), 'x');
      return 7;
    }),
  ).toBe(7);
  expect(existsSync(folder)).toBe(false);
  expect(() =>
    withScratch((made) => {
      folder = made;
      throw new Error('mine');
    }),
  ).toThrow('mine');
  expect(existsSync(folder)).toBe(false);
});

test('what a kill has left is swept after a day; nothing else is', () =>
  inOwnTmpdir((base) => {
    const now = Date.now();
    const age = (path: string, days: number) =>
      utimesSync(path, now / 1_000 - days * DAY_S, now / 1_000 - days * DAY_S);
    const [left, young] = [openScratch().folder, openScratch().folder];
    mkdirSync(join(left, 'ab'));
    const other = join(base, 'coord-demo-x');
    mkdirSync(other);
    const file = join(base, 'coord-scratch-file');
    writeFileSync(file, '');
    const link = join(base, 'coord-scratch-link');
    symlinkSync(other, link);
    lutimesSync(link, now / 1_000 - 2 * DAY_S, now / 1_000 - 2 * DAY_S);
    for (const path of [left, other, file]) age(path, 2);
    age(young, 0.9);
    sweepScratch(now);
    expect([left, young, other, file, link].map((path) => existsSync(path))).toEqual([
      false,
      true,
      true,
      true,
      true,
    ]);
  }));
