/**
 * Three takers of locks that are in each other's way, one system call at a time, in orders drawn from a seed; some are
 * killed. And the search itself on trial: each step of the taking without the mutex (locks/announcements.ts) left out in
 * turn must be found out.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { listNames } from '../../src/storage/light/files.ts';
import { allLockFolders, leasesFolder } from '../../src/storage/light/locks/files.ts';
import { listLocks, releaseLocks, takeLocks, tendWaiters } from '../../src/storage/light/locks/locks.ts';
import { bundleFixture } from '../kit/die-at.ts';
import { isLong } from '../kit/long.ts';
import { type Search, search } from './fixtures/interleave.ts';
import { bundleMutant, type Fault } from './fixtures/mutant.ts';

const STEPPER = fileURLToPath(new URL('fixtures/stepper.ts', import.meta.url));
const root = mkdtempSync(join(tmpdir(), 'coord-lock-interleave-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

function left(home: string): string[] {
  const beside = ['locks-announced', 'locks-wanted', 'locks-waits'].flatMap((name) =>
    listNames(join(leasesFolder(home), name)),
  );
  const notes = listNames(leasesFolder(home)).filter((name) => name.endsWith('.json'));
  return [...allLockFolders(home), ...beside, ...notes];
}

/** Where all live, each has tidied up behind it and told whoever waits; after a kill, the next one does. */
function judgeLeft(home: string, wasKilled: boolean): string | undefined {
  const before = left(home);
  if (!wasKilled && before.length > 0) return `left by the living: ${before.join(' ')}`;
  listLocks(home);
  tendWaiters(home);
  const me = { holder: { owner: 'judge', session: 'judge', agent: null, process: null }, name: 'judge' };
  const space = { home, place: null, caseBlind: false };
  const outcome = takeLocks(space, me, [{ kind: 'tree', place: null, path: '' }]);
  if ('code' in outcome || !outcome.taken) return `still held: ${JSON.stringify(outcome)}`;
  releaseLocks(
    home,
    ({ owner }) => owner === 'judge',
    () => true,
  );
  const after = left(home);
  return after.length === 0 ? undefined : `left by the dead: ${after.join(' ')}`;
}

function searchOrders(bundle: string, rounds: number, more: Partial<Search> = {}) {
  const folder = mkdtempSync(join(root, 'search-'));
  return search({
    bundle,
    folder,
    actors: 3,
    rounds,
    seed: 20_261,
    task: 'locks',
    killSteps: 900,
    judge: judgeLeft,
    ...more,
  });
}

/** Torn: a listing misses what came or went while it was made. */
test.each(isLong ? ['whole', 'torn'] : ['whole'])(
  'no order of system calls of three takers, some killed, lets a file, its folder and a pattern over it be held by two: listings are %s',
  async (listings) => {
    const found = await searchOrders(await bundleFixture(STEPPER), isLong ? 4_000 : 10, {
      tornListings: listings === 'torn',
    });
    expect(found.violations).toEqual([]);
    expect(found.entries).toBeGreaterThan(found.rounds);
    expect(found.kills).toBeGreaterThan(0);
  },
);

test('no order of calls lets two releases by one owner free another’s fresh lock', async () => {
  const found = await searchOrders(await bundleFixture(STEPPER), isLong ? 2_000 : 5, {
    task: 'twins',
    killSteps: 0,
  });
  expect(found.violations).toEqual([]);
  expect(found.entries).toBeGreaterThan(found.rounds);
});

/** The first is found within a second; the others are left to the long form. */
const FAULTS: [what: string, fault: Fault][] = [
  [
    'the taker does not look at the mutex',
    { file: 'locks/announcements.ts', from: 'isMutexFree(leasesFolder(home), LOCKS_MUTEX) && ', to: '' },
  ],
  [
    'the mutex owner forbids nothing',
    { file: 'locks/leases.ts', from: '      revokeAnnounced(home);\n', to: '' },
  ],
  [
    'the taker looks first and announces then',
    {
      file: 'locks/announcements.ts',
      from: '(folder) => linkFirst(dir, record, folder, mayLink)',
      to: '((may) => (folder: string) => linkFirst(dir, record, folder, () => may))(mayLink())',
    },
  ],
  [
    'the mutex owner forbids before it is in',
    {
      file: 'locks/leases.ts',
      from: '  const outcome = withMutex(\n    leasesFolder(home),\n    LOCKS_MUTEX,\n    (held) => {\n      revokeAnnounced(home);\n',
      to: '  revokeAnnounced(home);\n  const outcome = withMutex(\n    leasesFolder(home),\n    LOCKS_MUTEX,\n    (held) => {\n',
    },
  ],
  [
    'the taker does not look for what covers the file',
    { file: 'locks/announcements.ts', from: '!isCovered() && ', to: '' },
  ],
];

test.each(FAULTS.slice(0, isLong ? FAULTS.length : 1))('the search finds out where %s', async (_, fault) => {
  const found = await searchOrders(await bundleMutant(STEPPER, fault), 2_000, { stopAtFault: true });
  expect(found.violations).toHaveLength(1);
});
