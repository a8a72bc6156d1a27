/** Processes that contend for the test mutex, judged from an append-only log; some die while they hold it. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { allLockFolders } from '../../src/storage/light/locks/files.ts';
import { listLocks } from '../../src/storage/light/locks/locks.ts';
import { markOf } from '../../src/storage/light/process.ts';
import { callHolder, takeTestMutex } from '../../src/storage/light/test-mutex.ts';
import { isLong } from '../kit/long.ts';
import { doublesIn, Racers, waitsLeft } from './fixtures/racers.ts';
import type { TestMutexOrders } from './fixtures/test-mutex-racer.ts';

let racers: Racers<TestMutexOrders>;

beforeAll(async () => {
  racers = await Racers.of<TestMutexOrders>('test-mutex-racer.ts');
});
afterAll(() => racers.close());

test.each<[string, number, number, (at: number) => boolean]>([
  ['all of which live', 8, isLong ? 1_000 : 12, () => false],
  ['three of which are killed while they hold it', 8, isLong ? 1_000 : 15, (at) => at < 3],
])('no two of 8 processes, %s, are ever inside at once', async (_, width, rounds, dies) => {
  const home = racers.freshHome();
  const outputs = await racers.contend(home, width, rounds, dies);
  outputs.forEach((output, at) => {
    if (!dies(at)) expect(output).toMatch(/done\n$/);
  });
  const { entries, doubles } = doublesIn(readFileSync(join(home, 'log'), 'utf8'));
  expect(doubles).toEqual([]);
  expect(entries).toBeGreaterThan(rounds * 5);
  listLocks(home);
  expect(allLockFolders(home)).toEqual([]);
  expect(waitsLeft(home)).toEqual([]);
});

test('a client that is only stopped is not robbed, and is followed at once when it is killed', async () => {
  const home = racers.freshHome();
  const client = racers.idle();
  const place = { home, root: home, name: null, gitDir: '', commonDir: '' };
  const taker = (name: string, pid: number) => {
    const base = { owner: name, session: name, agent: null, process: markOf(pid) };
    const errand = {
      command: 'npm test',
      text: 'npm test',
      call: `${name}-1`,
      transcript: null,
      isBackground: false,
    };
    return { holder: callHolder(base, `${name}-1`), name, errand };
  };
  const take = (name: string, pid: number) => takeTestMutex(place, taker(name, pid), { waitMs: 0 });
  expect(take('s', client.pid ?? 0)).toMatchObject({ taken: true });
  client.kill('SIGSTOP');
  expect(take('me', process.pid)).toMatchObject({ taken: false });
  const ended = new Promise((resolve) => client.once('exit', resolve));
  client.kill('SIGKILL');
  await ended;
  expect(take('me', process.pid)).toMatchObject({ taken: true });
});
