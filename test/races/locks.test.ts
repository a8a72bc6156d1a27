/** Processes that contend for overlapping locks, judged from an append-only log; some die while they hold. */

import { type ChildProcess, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LockTarget } from '../../src/domain/lock.ts';
import { allLockFolders, leasesFolder } from '../../src/storage/light/lock-files.ts';
import { listLocks, takeLocks } from '../../src/storage/light/locks.ts';
import { markOf } from '../../src/storage/light/process.ts';
import { bundleFixture } from '../kit/die-at.ts';
import { isLong } from '../kit/long.ts';
import type { LockOrders } from './fixtures/lock-racer.ts';

const root = mkdtempSync(join(tmpdir(), 'coord-lock-race-'));
const children: ChildProcess[] = [];
let bundle = '';
let made = 0;

beforeAll(async () => {
  bundle = await bundleFixture(fileURLToPath(new URL('fixtures/lock-racer.ts', import.meta.url)));
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

function start(orders: LockOrders): { ended: Promise<string>; ready: Promise<void>; done: Promise<void> } {
  const child = spawn(process.execPath, [bundle, JSON.stringify(orders)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  let output = '';
  let isReady = () => {};
  const ready = new Promise<void>((resolve) => {
    isReady = resolve;
  });
  let isDone = () => {};
  const done = new Promise<void>((resolve) => {
    isDone = resolve;
  });
  const hear = (text: Buffer) => {
    output += text.toString();
    if (output.includes('ready')) isReady();
    if (output.includes('done')) isDone();
  };
  child.stdout?.on('data', hear);
  child.stderr?.on('data', hear);
  const ended = new Promise<string>((resolve) =>
    child.on('close', () => {
      isDone();
      resolve(output);
    }),
  );
  return { ended, ready, done };
}

/** Between an `in` of a file and the `out` or `dies` of the same racer, no other comes in. */
function doublesIn(text: string): { entries: number; doubles: string[] } {
  const inside = new Map<string, string>();
  const doubles: string[] = [];
  let entries = 0;
  for (const line of text.split('\n').filter(Boolean)) {
    const [way, file = '', who = ''] = line.split(' ');
    const current = inside.get(file);
    if (way === 'in') {
      entries += 1;
      if (current !== undefined) doubles.push(`${file}: ${who} came in while ${current} was inside`);
      inside.set(file, who);
    } else if (current === who) inside.delete(file);
    else doubles.push(`${file}: ${who} left, inside was ${current}`);
  }
  return { entries, doubles };
}

async function contend(
  home: string,
  width: number,
  rounds: number,
  dies: (at: number) => boolean,
): Promise<string[]> {
  const racers = Array.from({ length: width }, (_, at) =>
    start({
      home,
      name: `racer-${at}`,
      rounds: dies(at) ? Math.ceil(rounds / (2 + at)) : rounds,
      dies: dies(at),
    }),
  );
  await Promise.all(racers.map((racer) => racer.ready));
  writeFileSync(join(home, 'go'), 'go');
  return Promise.all(racers.map((racer) => racer.ended));
}

const KINDS: [LockTarget['kind'], (round: number) => { inode?: string }][] = [
  ['file', () => ({})],
  ['tree', () => ({})],
  ['glob', () => ({})],
  ['file', (round) => ({ inode: `8-${round}` })],
];

type Case = [what: string, width: number, rounds: number, dies: (at: number) => boolean];
const CASES: Case[] = [
  ['all of which live', 8, isLong ? 2_000 : 30, () => false],
  ['three of which are killed while they hold', 8, isLong ? 2_000 : 40, (at) => at < 3],
];
if (isLong) CASES.push(['of a crowd of 32', 32, 500, (at) => at < 10]);

test.each(CASES)(
  'no two processes, %s, ever hold what is in each other’s way',
  async (_, width, rounds, dies) => {
    const home = freshHome();
    const outputs = await contend(home, width, rounds, dies);
    outputs.forEach((output, at) => {
      if (!dies(at)) expect(output).toMatch(/done\n$/);
    });
    const { entries, doubles } = doublesIn(readFileSync(join(home, 'log'), 'utf8'));
    expect(doubles).toEqual([]);
    expect(entries).toBeGreaterThan(rounds * 3);
    listLocks(home);
    expect(allLockFolders(home)).toEqual([]);
    const waits = join(leasesFolder(home), 'locks-waits');
    expect(existsSync(waits) ? readdirSync(waits) : []).toEqual([]);
    expect(existsSync(join(leasesFolder(home), 'locks-taking.json'))).toBe(false);
  },
);

test('of eight racers for a dead holder’s lock one wins, in each round', async () => {
  const home = freshHome();
  const space = { home, place: null, caseBlind: false };
  const started = markOf(process.pid).started?.replace(/\d+$/, '1') ?? null;
  const gone = { owner: 'gone', session: 'gone', agent: null, process: { pid: process.pid, started } };
  const targets = Array.from({ length: isLong ? 1_600 : 48 }, (_, round): LockTarget => {
    const [kind, more] = KINDS[(round >> 1) % KINDS.length] as (typeof KINDS)[number];
    return { kind, place: null, path: kind === 'glob' ? `r${round}/*` : `r${round}`, ...more(round) };
  });
  for (const target of targets) takeLocks(space, { holder: gone, name: 'gone' }, [target]);
  const racers = Array.from({ length: 8 }, (_, at) =>
    start({ home, name: `racer-${at}`, rounds: 0, dies: false, dead: targets }),
  );
  await Promise.all(racers.map((racer) => racer.ready));
  writeFileSync(join(home, 'go.new'), String(Date.now() + 50));
  renameSync(join(home, 'go.new'), join(home, 'go'));
  await Promise.all(racers.map((racer) => racer.done));
  writeFileSync(join(home, 'over'), '');
  await Promise.all(racers.map((racer) => racer.ended));
  const text = readFileSync(join(home, 'log'), 'utf8');
  expect(doublesIn(text).doubles).toEqual([]);
  targets.forEach((_, round) => {
    const entries = text.split('\n').filter((line) => line.startsWith(`in ${round} `)).length;
    if (round % 2 === 0) expect(entries, `round ${round}`).toBe(1);
    else expect(entries, `round ${round}`).toBeGreaterThan(0);
  });
});

test('one that is only stopped is not robbed, and is followed at once when it is killed', async () => {
  const home = freshHome();
  const sleeping = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  children.push(sleeping);
  const space = { home, place: null, caseBlind: false };
  const target = { kind: 'tree', place: null, path: '' } as const;
  const taker = (name: string, pid: number) => ({
    holder: { owner: name, session: name, agent: null, process: markOf(pid) },
    name,
  });
  expect(takeLocks(space, taker('s', sleeping.pid ?? 0), [target])).toMatchObject({ taken: true });
  sleeping.kill('SIGSTOP');
  const me = taker('me', process.pid);
  expect(takeLocks(space, me, [target])).toMatchObject({ taken: false });
  const ended = new Promise((resolve) => sleeping.once('exit', resolve));
  sleeping.kill('SIGKILL');
  await ended;
  expect(takeLocks(space, me, [target])).toMatchObject({ taken: true });
});
