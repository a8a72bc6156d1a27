import { mkdirSync, rmSync, symlinkSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isTreeYoungerThan } from '../../src/storage/tree-age.ts';
import { put, scratch } from './scratch.ts';

const MOMENT = Date.UTC(2026, 0, 1);
const GRACE = 120_000;

function tree(files: Record<string, number>): string {
  const root = scratch();
  for (const [name, laterMs] of Object.entries(files)) {
    const file = put(root, name);
    utimesSync(file, (MOMENT + laterMs) / 1000, (MOMENT + laterMs) / 1000);
  }
  return root;
}

const rows: [string, Record<string, number>, boolean][] = [
  ['an empty one', {}, false],
  ['one with older files', { a: -1, 'b/c': -GRACE }, false],
  ['one with a file inside the grace time', { a: GRACE }, false],
  ['one with a file past it', { a: GRACE + 1_000 }, true],
  ['one with a deep file past it', { a: 0, 'b/c/d/e': GRACE + 1_000 }, true],
  ['one with a dot file past it', { '.env': GRACE + 1_000 }, true],
  [
    'one where only a build folder changed',
    { 'dist/a': GRACE * 2, 'x/build/b': GRACE * 2, 'node_modules/c/d': GRACE * 2 },
    false,
  ],
  [
    'one where only runtime folders changed',
    { '.git/index': GRACE * 2, '.coordination/x': GRACE * 2, '.progress/y': GRACE * 2 },
    false,
  ],
  ['one with a file that is called as a build folder', { 'src/dist': GRACE * 2 }, true],
];
test.each(rows)('a tree like %s', (_name, files, isYounger) => {
  expect(isTreeYoungerThan(tree(files), MOMENT)).toBe(isYounger);
});

test('a folder that is gone, or a dangling link in it, is not younger', () => {
  const root = tree({ a: 0 });
  symlinkSync('nowhere', join(root, 'dangling'));
  expect(isTreeYoungerThan(root, MOMENT)).toBe(false);
  rmSync(root, { recursive: true });
  expect(isTreeYoungerThan(root, MOMENT)).toBe(false);
});

test('a loop of links does not keep it walking', () => {
  const root = tree({ a: 0 });
  mkdirSync(join(root, 'b'));
  symlinkSync('..', join(root, 'b', 'up'));
  utimesSync(root, MOMENT / 1000, MOMENT / 1000);
  expect(isTreeYoungerThan(join(root, 'b'), Date.now())).toBe(false);
});
