import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { takeLease } from '../../src/storage/light/lease.ts';
import { livenessOf, markOf } from '../../src/storage/light/process.ts';
import { bundleFixture } from '../kit/die-at.ts';
import { isLong } from '../kit/long.ts';
import { judgeLog, race, startRacer } from './fixtures/race.ts';

const times = isLong ? 20 : 1;
const root = mkdtempSync(join(tmpdir(), 'coord-lease-race-'));
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

/** A holder whose pid is in use, by a process that started at another time. */
function leaveDeadHolder(lease: string): void {
  const started = markOf(process.pid).started?.replace(/\d+$/, '1') ?? null;
  const holder = { owner: 'gone', session: 'gone', agent: null, process: { pid: process.pid, started } };
  takeLease(lease, holder, { now: Date.now, ttlMs: 1, judge: () => 'unknown', durable: false });
}

test('of eight racers for a dead holder’s lease one wins, in each of 200 rounds', async () => {
  const folder = freshFolder('dead');
  const rounds = 200 * times;
  for (let round = 0; round < rounds; round += 1) leaveDeadHolder(join(folder, `round-${round}`));
  await race(bundle, 8, { task: 'dead-rounds', folder, rounds, intervalMs: 20 });
  const { doubles, entriesOf } = judgeLog(readFileSync(join(folder, 'log'), 'utf8'));
  expect(doubles).toEqual([]);
  // Where the winner kept it, nobody came after it, however short the ttl; and each round has a winner.
  for (let round = 0; round < rounds; round += 1) {
    const entries = entriesOf.get(String(round)) ?? 0;
    if (round % 4 < 2) expect(entries, `round ${round}`).toBe(1);
    else expect(entries, `round ${round}`).toBeGreaterThanOrEqual(1);
  }
});

test('eight live holders take turns 1,600 times and never meet', async () => {
  const folder = freshFolder('live');
  const outputs = await race(bundle, 8, { task: 'live', folder, rounds: 200 * times, intervalMs: 0 });
  const { doubles, entries } = judgeLog(readFileSync(join(folder, 'log'), 'utf8'));
  expect(doubles).toEqual([]);
  expect(entries).toBe(1600 * times);
  expect(outputs.join('')).not.toContain('lost');
  expect(readdirSync(join(folder, 'lease')).length).toBeLessThanOrEqual(2);
});

test('a holder killed with -9 is followed at once; one that is only stopped is not', async () => {
  const folder = freshFolder('killed');
  const racer = startRacer(bundle, { task: 'hold', folder, name: 'h', rounds: 0, intervalMs: 0 });
  expect(await racer.says('held')).toBe('held 1');
  const take = () =>
    takeLease(
      join(folder, 'lease'),
      { owner: 'next', session: 'n', agent: null, process: markOf(process.pid) },
      {
        now: () => Date.now() + 3_600_000,
        ttlMs: null,
        judge: (record) => (record.holder?.process ? livenessOf(record.holder.process) : 'unknown'),
      },
    );
  racer.child.kill('SIGSTOP');
  expect(take()).toMatchObject({ code: 'lease-held', record: { epoch: 1 } });
  racer.child.kill('SIGKILL');
  await racer.ended;
  expect(take()).toMatchObject({ epoch: 2 });
});
