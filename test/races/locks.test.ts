/** Processes that contend for overlapping locks, judged from an append-only log; some die while they hold. */

import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LockTarget } from '../../src/domain/lock.ts';
import { allLockFolders, leasesFolder } from '../../src/storage/light/locks/files.ts';
import { listLocks, takeLocks } from '../../src/storage/light/locks/locks.ts';
import { markOf } from '../../src/storage/light/process.ts';
import { isLong } from '../kit/long.ts';
import type { LockOrders } from './fixtures/lock-racer.ts';
import { doublesIn, Racers, waitsLeft } from './fixtures/racers.ts';

let racers: Racers<LockOrders>;

beforeAll(async () => {
  racers = await Racers.of<LockOrders>('lock-racer.ts');
});
afterAll(() => racers.close());

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
    const home = racers.freshHome();
    const outputs = await racers.contend(home, width, rounds, dies);
    outputs.forEach((output, at) => {
      if (!dies(at)) expect(output).toMatch(/done\n$/);
    });
    const { entries, doubles } = doublesIn(readFileSync(join(home, 'log'), 'utf8'));
    expect(doubles).toEqual([]);
    expect(entries).toBeGreaterThan(rounds * 3);
    listLocks(home);
    expect(allLockFolders(home)).toEqual([]);
    expect(waitsLeft(home)).toEqual([]);
    expect(existsSync(join(leasesFolder(home), 'locks-taking.json'))).toBe(false);
  },
);

test('of eight racers for a dead holder’s lock one wins, in each round', async () => {
  const home = racers.freshHome();
  const space = { home, place: null, caseBlind: false };
  const started = markOf(process.pid).started?.replace(/\d+$/, '1') ?? null;
  const gone = { owner: 'gone', session: 'gone', agent: null, process: { pid: process.pid, started } };
  const targets = Array.from({ length: isLong ? 1_600 : 48 }, (_, round): LockTarget => {
    const [kind, more] = KINDS[(round >> 1) % KINDS.length] as (typeof KINDS)[number];
    return { kind, place: null, path: kind === 'glob' ? `r${round}/*` : `r${round}`, ...more(round) };
  });
  for (const target of targets) takeLocks(space, { holder: gone, name: 'gone' }, [target]);
  const eight = Array.from({ length: 8 }, (_, at) =>
    racers.start({ home, name: `racer-${at}`, rounds: 0, dies: false, dead: targets }),
  );
  await Promise.all(eight.map((racer) => racer.ready));
  writeFileSync(join(home, 'go.new'), String(Date.now() + 50));
  renameSync(join(home, 'go.new'), join(home, 'go'));
  await Promise.all(eight.map((racer) => racer.done));
  writeFileSync(join(home, 'over'), '');
  await Promise.all(eight.map((racer) => racer.ended));
  const text = readFileSync(join(home, 'log'), 'utf8');
  expect(doublesIn(text).doubles).toEqual([]);
  targets.forEach((_, round) => {
    const entries = text.split('\n').filter((line) => line.startsWith(`in ${round} `)).length;
    if (round % 2 === 0) expect(entries, `round ${round}`).toBe(1);
    else expect(entries, `round ${round}`).toBeGreaterThan(0);
  });
});

test('one that is only stopped is not robbed, and is followed at once when it is killed', async () => {
  const home = racers.freshHome();
  const sleeping = racers.idle();
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
