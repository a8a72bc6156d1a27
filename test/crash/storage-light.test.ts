/**
 * A kill between any two calls of the file system, and inside each write, in every durable step of the
 * balcony; in the short form at ten of them.
 */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { appendLine } from '../../src/storage/light/appending.ts';
import { readTextIfThere } from '../../src/storage/light/files.ts';
import { holdsLease, readLease, releaseLease, takeLease } from '../../src/storage/light/lease.ts';
import { withMutex } from '../../src/storage/light/mutex.ts';
import { livenessOf, markOf } from '../../src/storage/light/process.ts';
import { bundleFixture, callsOf, dieAt, type Ended, inParallel } from '../kit/die-at.ts';
import { isLong } from '../kit/long.ts';
import { drawn } from './fixtures/lab.ts';

const NEW = 'new '.repeat(3000);
const root = mkdtempSync(join(tmpdir(), 'coord-crash-'));
let bundle = '';
let folders = 0;

beforeAll(async () => {
  bundle = await bundleFixture(fileURLToPath(new URL('fixtures/light-steps.ts', import.meta.url)));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

interface Case {
  title: string;
  scenario: string;
  /** What lies in the folder beforehand. */
  before?: (folder: string) => void;
  /** What must be true after the death, given what had been reported. */
  after: (folder: string, told: string[], k: number) => void;
  env?: Record<string, string>;
}

function takeAsAnother(folder: string, now: () => number = Date.now) {
  const holder = { owner: 'parent', session: 'p', agent: null, process: markOf(process.pid) };
  return takeLease(join(folder, 'lease'), holder, {
    now,
    ttlMs: 60_000,
    judge: (record) => (record.holder?.process ? livenessOf(record.holder.process) : 'unknown'),
  });
}

/** The dead holder is followed at once, the folder is tidy, and nobody else thinks that it holds. */
function expectFree(folder: string, now: () => number = Date.now): void {
  const taken = takeAsAnother(folder, now);
  if ('code' in taken) throw new Error(`not free: ${JSON.stringify(taken)}`);
  expect(holdsLease(taken)).toBe(true);
  expect(readLease(join(folder, 'lease'))?.holder?.owner).toBe('parent');
  const epochs = readdirSync(join(folder, 'lease')).filter((name) => /^\d+\.json$/.test(name));
  expect(epochs.length).toBeLessThanOrEqual(2);
  expect(releaseLease(taken)).toBe(true);
}

function expectWhole(file: string, told: string[], before: string | undefined): void {
  const text = readTextIfThere(file);
  if (told.length > 0) expect(text).toBe(NEW);
  else expect([before, NEW]).toContain(text);
}

function deadHolder(folder: string): void {
  const started = markOf(process.pid).started?.replace(/\d+$/, '1') ?? null;
  const process_ = { pid: process.pid, started };
  const holder = { owner: 'gone', session: 'g', agent: null, process: process_ };
  takeLease(join(folder, 'lease'), holder, { now: Date.now, ttlMs: null, judge: () => 'unknown' });
}

function expectLines(folder: string, told: string[]): void {
  const file = join(folder, 'log.jsonl');
  appendLine(file, '{"id":"after"}', { durable: false });
  const ids = readFileSync(file, 'utf8').split('\n').flatMap(idOf);
  for (const line of told) expect(ids.filter((id) => `appended ${id}` === line)).toHaveLength(1);
  expect(ids.at(-1)).toBe('after');
  expect(new Set(ids).size).toBe(ids.length);
}

function idOf(line: string): unknown[] {
  try {
    return [(JSON.parse(line) as { id: unknown }).id];
  } catch {
    return [];
  }
}

/**
 * What was reported is counted; what was not reported is counted once or not at all; and the mutex is free.
 */
function expectCounted(folder: string, told: string[]): void {
  const counter = () =>
    (JSON.parse(readTextIfThere(join(folder, 'counter.json')) ?? '{"count":0}') as { count: number }).count;
  expect([told.length, told.length + 1]).toContain(counter());
  const startedAt = performance.now();
  expect(withMutex(folder, 'counter', () => 'in', { waitMs: 2_000 })).toEqual({ done: true, value: 'in' });
  expect(performance.now() - startedAt).toBeLessThan(1_500);
}

const later = () => Date.now() + 11_000;
const noLink = { COORD_NO_LINK: '1' };
const cases: Case[] = [
  {
    title: 'writeAtomic, new file',
    scenario: 'write',
    after: (f, told) => expectWhole(join(f, 'target'), told, undefined),
  },
  {
    title: 'writeAtomic, replacing',
    scenario: 'write',
    before: (f) => writeFileSync(join(f, 'target'), 'old'),
    after: (f, told) => expectWhole(join(f, 'target'), told, 'old'),
  },
  {
    title: 'createExclusive',
    scenario: 'create',
    after: (f, told) => expectWhole(join(f, 'target'), told, undefined),
  },
  { title: 'appendLine', scenario: 'append', after: expectLines },
  {
    title: 'appendLine after a torn tail',
    scenario: 'append',
    before: (f) => writeFileSync(join(f, 'log.jsonl'), '{"id":0'),
    after: expectLines,
  },
  { title: 'taking a lease that was never taken', scenario: 'take', after: (f) => expectFree(f) },
  {
    title: 'taking a dead holder’s lease',
    scenario: 'take',
    before: deadHolder,
    after: (f) => expectFree(f),
  },
  { title: 'taking and releasing', scenario: 'release', before: deadHolder, after: (f) => expectFree(f) },
  { title: 'a counter under the mutex', scenario: 'mutex', after: expectCounted },
  {
    title: 'taking and releasing without hard links',
    scenario: 'release',
    env: noLink,
    after: (f) => expectFree(f, later),
  },
];

function folderFor(item: Case): string {
  folders += 1;
  const folder = join(root, String(folders));
  mkdirSync(folder);
  item.before?.(folder);
  return folder;
}

function scriptFor(item: Case, folder: string) {
  return { bundle, args: [item.scenario, folder], under: folder, ...(item.env ? { env: item.env } : {}) };
}

test.each(cases)(
  '$title: killed at any call, nothing reported is lost and the next one goes on',
  async (item) => {
    const calls = await callsOf(scriptFor(item, folderFor(item)));
    expect(calls.length).toBeGreaterThan(3);
    const deaths = calls.flatMap((name, at) => {
      const kills: Array<{ k: number; death: 'kill' | 'torn' }> = [{ k: at + 1, death: 'kill' }];
      return name === 'writeSync' ? [...kills, { k: at + 1, death: 'torn' as const }] : kills;
    });
    await inParallel(
      2,
      (isLong ? deaths : drawn(deaths, 10)).map(({ k, death }) => async () => {
        const folder = folderFor(item);
        const ended: Ended = await dieAt(scriptFor(item, folder), k, death);
        const where = `${death} at call ${k}, ${calls[k - 1]}`;
        expect(ended.signal, `${where}: ${ended.stderr}`).toBe('SIGKILL');
        const copy = `${folder}-as-left`;
        cpSync(folder, copy, { recursive: true });
        try {
          item.after(folder, ended.stdout.split('\n').filter(Boolean), k);
        } catch (error) {
          throw new Error(`${where} (files as left: ${readdirSync(copy, { recursive: true }).join(' ')})`, {
            cause: error,
          });
        }
      }),
    );
  },
);
