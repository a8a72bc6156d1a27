/** Processes that contend for the test mutex, judged from an append-only log; some die while they hold it. */

import { type ChildProcess, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { allLockFolders, leasesFolder } from '../../src/storage/light/lock-files.ts';
import { listLocks } from '../../src/storage/light/locks.ts';
import { markOf } from '../../src/storage/light/process.ts';
import { callHolder, takeTestMutex } from '../../src/storage/light/test-mutex.ts';
import { bundleFixture } from '../kit/die-at.ts';
import { isLong } from '../kit/long.ts';
import type { TestMutexOrders } from './fixtures/test-mutex-racer.ts';

const root = mkdtempSync(join(tmpdir(), 'coord-mutex-race-'));
const children: ChildProcess[] = [];
let bundle = '';
let made = 0;

beforeAll(async () => {
  bundle = await bundleFixture(fileURLToPath(new URL('fixtures/test-mutex-racer.ts', import.meta.url)));
});
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(root, { recursive: true, force: true, maxRetries: 5 });
});

function freshHome(): string {
  const home = join(root, `h${made++}`);
  mkdirSync(join(home, '.coordination', 'roster'), { recursive: true });
  return home;
}

function start(orders: TestMutexOrders): { ended: Promise<string>; ready: Promise<void> } {
  const child = spawn(process.execPath, [bundle, JSON.stringify(orders)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  let output = '';
  let isReady = () => {};
  const ready = new Promise<void>((resolve) => {
    isReady = resolve;
  });
  const hear = (text: Buffer) => {
    output += text.toString();
    if (output.includes('ready')) isReady();
  };
  child.stdout?.on('data', hear);
  child.stderr?.on('data', hear);
  return { ready, ended: new Promise((resolve) => child.on('close', () => resolve(output))) };
}

/** Between an `in` and the `out` or `dies` of the same racer, no other comes in. */
function judge(text: string): { entries: number; doubles: string[] } {
  let inside: string | undefined;
  const doubles: string[] = [];
  let entries = 0;
  for (const line of text.split('\n').filter(Boolean)) {
    const [way, , who] = line.split(' ');
    if (way === 'in') {
      entries += 1;
      if (inside !== undefined) doubles.push(`${who} came in while ${inside} was inside`);
      inside = who;
    } else if (inside === who) inside = undefined;
    else doubles.push(`${who} left, inside was ${inside}`);
  }
  return { entries, doubles };
}

test.each<[string, number, number, (at: number) => boolean]>([
  ['all of which live', 8, isLong ? 1_000 : 12, () => false],
  ['three of which are killed while they hold it', 8, isLong ? 1_000 : 15, (at) => at < 3],
])('no two of 8 processes, %s, are ever inside at once', async (_, width, rounds, dies) => {
  const home = freshHome();
  const racers = Array.from({ length: width }, (_, at) =>
    start({
      home,
      name: `racer-${at}`,
      rounds: dies(at) ? Math.ceil(rounds / (2 + at)) : rounds,
      dies: dies(at),
    }),
  );
  await Promise.all(racers.map(({ ready }) => ready));
  writeFileSync(join(home, 'go'), 'go');
  const outputs = await Promise.all(racers.map(({ ended }) => ended));
  outputs.forEach((output, at) => {
    if (!dies(at)) expect(output).toMatch(/done\n$/);
  });
  const { entries, doubles } = judge(readFileSync(join(home, 'log'), 'utf8'));
  expect(doubles).toEqual([]);
  expect(entries).toBeGreaterThan(rounds * 5);
  listLocks(home);
  expect(allLockFolders(home)).toEqual([]);
  const waits = join(leasesFolder(home), 'locks-waits');
  expect(existsSync(waits) ? readdirSync(waits) : []).toEqual([]);
});

test('a client that is only stopped is not robbed, and is followed at once when it is killed', async () => {
  const home = freshHome();
  const client = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  children.push(client);
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
