import { spawn } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { HOUR_MS, type HourCounts } from '../../../src/domain/counter.ts';
import { count, KEPT_DAYS, readCounts } from '../../../src/storage/light/counters.ts';
import { bundleFixture } from '../../kit/die-at.ts';
import { home } from '../scratch.ts';

const NOON = Date.UTC(2026, 1, 20, 12);
const counters = (folder: string, ...parts: string[]) => join(folder, '.coordination/log/counters', ...parts);
const only = (hours: readonly HourCounts[]) => {
  expect(hours).toHaveLength(1);
  return hours[0] as HourCounts;
};

describe('counting', () => {
  test('adds up by the hour of UTC, each name by itself', () => {
    const folder = home();
    count(folder, 'lock_tries', 1, NOON);
    count(folder, 'lock_tries', 3, NOON + HOUR_MS - 1);
    count(folder, 'lock_tries', 1, NOON + HOUR_MS);
    count(folder, 'refusals', 1, NOON);
    count(folder, 'mutex_wait_ms', 700_000, NOON);
    count(folder, 'mutex_wait_ms', 0, NOON);
    expect(readCounts(folder, NOON, NOON + 2 * HOUR_MS)).toEqual([
      { hourMs: NOON, tallies: { lock_tries: 4, refusals: 1 }, spans: { mutex_wait_ms: [700_000, 0] } },
      { hourMs: NOON + HOUR_MS, tallies: { lock_tries: 1 }, spans: {} },
    ]);
  });

  test('a day ends at midnight of UTC, and what is asked for are the hours between', () => {
    const folder = home();
    const midnight = Date.UTC(2026, 1, 21);
    count(folder, 'refusals', 1, midnight - 1);
    count(folder, 'refusals', 2, midnight);
    expect(readdirSync(counters(folder)).sort()).toEqual(['2026-02-20', '2026-02-21']);
    const hours = (since: number, now: number) =>
      readCounts(folder, since, now).map(({ tallies }) => tallies.refusals);
    expect(hours(midnight - HOUR_MS, midnight)).toEqual([1, 2]);
    expect(hours(midnight - 1, midnight - 1)).toEqual([1]);
    expect(hours(midnight, midnight + 30 * HOUR_MS)).toEqual([2]);
    expect(hours(midnight + HOUR_MS, midnight + 5 * HOUR_MS)).toEqual([]);
    expect(hours(0, midnight + 5 * HOUR_MS)).toEqual([1, 2]);
  });

  test.each([0, -1, Number.NaN, 0.5])('%d events are none', (n) => {
    const folder = home();
    count(folder, 'refusals', n, NOON);
    expect(existsSync(counters(folder))).toBe(false);
  });

  test('is bounded in one call', () => {
    const folder = home();
    count(folder, 'holder_checks', 1e12, NOON);
    count(folder, 'lock_wait_ms', 1e15, NOON);
    count(folder, 'lock_wait_ms', -5, NOON);
    expect(only(readCounts(folder, NOON, NOON))).toEqual({
      hourMs: NOON,
      tallies: { holder_checks: 100_000 },
      spans: { lock_wait_ms: [7 * 24 * HOUR_MS] },
    });
  });

  test('where the disk refuses, the count is lost and nothing else happens', () => {
    const folder = home();
    writeFileSync(join(folder, '.coordination/log'), 'a file');
    count(folder, 'refusals', 1, NOON);
    expect(readCounts(folder, NOON, NOON)).toEqual([]);
    rmSync(join(folder, '.coordination/log'));
    mkdirSync(counters(folder, '2026-02-20'), { recursive: true });
    chmodSync(counters(folder, '2026-02-20'), 0o500);
    count(folder, 'refusals', 1, NOON);
    mkdirSync(counters(folder, '2026-02-21', '00.refusals'), { recursive: true });
    count(folder, 'refusals', 1, Date.UTC(2026, 1, 21));
    chmodSync(counters(folder, '2026-02-20'), 0o700);
  });
});

describe('reading', () => {
  test('passes over what is torn, foreign or not there; what a torn piece is followed by counts', () => {
    const folder = home();
    count(folder, 'lock_wait_ms', 100, NOON);
    const file = counters(folder, '2026-02-20', '12.lock_wait_ms');
    appendFileSync(file, '\n12');
    count(folder, 'lock_wait_ms', 200, NOON);
    appendFileSync(file, '\nnonsense\n1e3.\n-5.\n99999999999.\n{"n":1}\n');
    count(folder, 'lock_wait_ms', 300, NOON);
    for (const name of ['x', '12', '99.refusals', '12.unknown', '12.refusals.old', 'ab.refusals'])
      writeFileSync(counters(folder, '2026-02-20', name), 'xxx');
    mkdirSync(counters(folder, '2026-02-20', '12.refusals'));
    writeFileSync(counters(folder, '2026-02-19'), 'no folder');
    expect(readCounts(folder, NOON - 48 * HOUR_MS, NOON)).toEqual([
      { hourMs: NOON, tallies: {}, spans: { lock_wait_ms: [100, 200, 300] } },
    ]);
  });

  test('of a million events costs next to nothing, and of a million lengths little', () => {
    const folder = home();
    count(folder, 'lock_tries', 1, NOON);
    count(folder, 'lock_wait_ms', 1, NOON);
    appendFileSync(counters(folder, '2026-02-20', '12.lock_tries'), '.'.repeat(999_999));
    const startedAt = performance.now();
    expect(only(readCounts(folder, NOON, NOON)).tallies.lock_tries).toBe(1_000_000);
    expect(performance.now() - startedAt).toBeLessThan(20);
    appendFileSync(counters(folder, '2026-02-20', '12.lock_wait_ms'), '\n1.'.repeat(999_999));
    const again = performance.now();
    expect(only(readCounts(folder, NOON, NOON)).spans.lock_wait_ms).toHaveLength(1_000_000);
    expect(performance.now() - again).toBeLessThan(2_000);
  });
});

test('a new day sweeps what is older than is ever asked for, and nothing else', () => {
  const folder = home();
  for (const name of ['2025-01-01', '2026-01-18', '2026-01-19', '2026-02-19', '2099-01-01', 'notes'])
    mkdirSync(counters(folder, name), { recursive: true });
  writeFileSync(counters(folder, '2025-01-01', '00.refusals'), '.');
  count(folder, 'refusals', 1, NOON);
  expect(KEPT_DAYS).toBe(32);
  expect(readdirSync(counters(folder)).sort()).toEqual([
    '2026-01-19',
    '2026-02-19',
    '2026-02-20',
    '2099-01-01',
    'notes',
  ]);
});

describe('eight processes', () => {
  let bundle = '';
  beforeAll(async () => {
    bundle = await bundleFixture(fileURLToPath(new URL('../../races/fixtures/counter.ts', import.meta.url)));
  });

  /** How many each has said that it counted. */
  function countAll(folder: string, events: number, killAfterMs?: number): Promise<number[]> {
    return Promise.all(
      Array.from({ length: 8 }, (_, at) => {
        const child = spawn(process.execPath, [bundle, folder, String(events), String(NOON)]);
        let said = '';
        child.stdout.on('data', (chunk) => {
          said += chunk;
          if (killAfterMs !== undefined) setTimeout(() => child.kill('SIGKILL'), killAfterMs * at);
        });
        return new Promise<number>((resolve) => {
          child.on('close', () => resolve(Number(said.trim().split('\n').at(-1) ?? 0)));
        });
      }),
    );
  }

  test('that count at once lose none, also of an hour that none of them has begun', async () => {
    const folder = home();
    expect(await countAll(folder, 300)).toEqual(Array(8).fill(300));
    const { tallies, spans } = only(readCounts(folder, NOON, NOON));
    expect([tallies.lock_tries, spans.lock_wait_ms?.length]).toEqual([2_400, 2_400]);
    expect(new Set(spans.lock_wait_ms)).toEqual(new Set([12_345]));
  });

  test('that are killed lose what they were just about to count, and misread nothing', async () => {
    const folder = home();
    const said = (await countAll(folder, 1_000_000, 3)).reduce((a, b) => a + b, 0);
    const { tallies, spans } = only(readCounts(folder, NOON, NOON));
    // Each had said what it had counted to the last hundred.
    for (const counted of [tallies.lock_tries ?? 0, spans.lock_wait_ms?.length ?? 0]) {
      expect(counted).toBeGreaterThanOrEqual(said);
      expect(counted).toBeLessThanOrEqual(said + 8 * 100);
    }
    expect(new Set(spans.lock_wait_ms)).toEqual(new Set([12_345]));
  });
});
