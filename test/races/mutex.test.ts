import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { withMutex } from '../../src/storage/light/mutex.ts';
import { bundleFixture } from '../kit/die-at.ts';
import { isLong } from '../kit/long.ts';
import { judgeLog, race, startRacer } from './fixtures/race.ts';

const times = isLong ? 20 : 1;
const root = mkdtempSync(join(tmpdir(), 'coord-mutex-race-'));
let bundle = '';

beforeAll(async () => {
  bundle = await bundleFixture(fileURLToPath(new URL('fixtures/racer.ts', import.meta.url)));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

function freshFolder(name: string): string {
  const folder = join(root, name);
  mkdirSync(folder);
  return folder;
}

test('eight processes count to eight hundred', async () => {
  const folder = freshFolder('count');
  await race(bundle, 8, { task: 'count', folder, rounds: 100 * times, intervalMs: 0 });
  expect(JSON.parse(readFileSync(join(folder, 'counter.json'), 'utf8'))).toEqual({ count: 800 * times });
  const { entries, doubles } = judgeLog(readFileSync(join(folder, 'log'), 'utf8'));
  expect(doubles).toEqual([]);
  expect(entries).toBe(800 * times);
  expect(readdirSync(join(folder, 'counter')).length).toBeLessThanOrEqual(2);
});

test('a holder killed with -9 is followed at once', async () => {
  const folder = freshFolder('killed');
  const racer = startRacer(bundle, { task: 'hold-mutex', folder, name: 'h', rounds: 0, intervalMs: 0 });
  await racer.says('held');
  expect(withMutex(folder, 'counter', () => 'in', { waitMs: 50 }).done).toBe(false);
  racer.child.kill('SIGKILL');
  await racer.ended;
  const startedAt = performance.now();
  expect(withMutex(folder, 'counter', () => 'in', { waitMs: 5_000 })).toEqual({ done: true, value: 'in' });
  expect(performance.now() - startedAt).toBeLessThan(1_500);
});

test('a holder that stands still is never robbed while its process is there', async () => {
  const folder = freshFolder('stopped');
  const racer = startRacer(bundle, { task: 'hold-mutex', folder, name: 'h', rounds: 0, intervalMs: 0 });
  await racer.says('held');
  racer.child.kill('SIGSTOP');
  const outcome = withMutex(folder, 'counter', () => 'in', { waitMs: 300 });
  expect(outcome).toMatchObject({
    done: false,
    problem: { code: 'mutex-timeout', heldBy: { process: { pid: racer.child.pid } } },
  });
  racer.child.kill('SIGKILL');
  await racer.ended;
});
