import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { bundleFixture } from '../kit/die-at.ts';
import { search } from './fixtures/interleave.ts';

const times = process.env['COORD_LONG'] === '1' ? 50 : 1;
const root = mkdtempSync(join(tmpdir(), 'coord-lock-interleave-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

test('no order of system calls lets a file, its folder and a pattern over it be held by two', async () => {
  const bundle = await bundleFixture(fileURLToPath(new URL('fixtures/stepper.ts', import.meta.url)));
  const folder = mkdtempSync(join(root, 'search-'));
  const rounds = 40 * times;
  const found = await search({
    bundle,
    folder,
    actors: 3,
    rounds,
    seed: 20_261,
    task: 'locks',
    hasKills: false,
  });
  expect(found.violations).toEqual([]);
  expect(found.entries).toBeGreaterThan(found.rounds);
});
