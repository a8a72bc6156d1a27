import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { bundleFixture } from '../kit/die-at.ts';
import { isLong } from '../kit/long.ts';
import { search } from './fixtures/interleave.ts';

const times = isLong ? 100 : 1;
const root = mkdtempSync(join(tmpdir(), 'coord-interleave-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

test.each([
  ['listings are made in one step', false, 200],
  ['listings miss what came or went meanwhile', true, 125],
])(
  'no order of system calls of three takers, some killed, admits two holders: %s',
  async (_, tornListings, rounds) => {
    const bundle = await bundleFixture(fileURLToPath(new URL('fixtures/stepper.ts', import.meta.url)));
    const folder = mkdtempSync(join(root, 'search-'));
    const found = await search({
      bundle,
      folder,
      actors: 3,
      rounds: rounds * times,
      seed: 20_260,
      tornListings,
    });
    expect(found.violations).toEqual([]);
    expect(found.entries).toBeGreaterThan(found.rounds);
    expect(found.robberies).toBeGreaterThan(0);
    expect(found.kills).toBeGreaterThan(0);
  },
);
