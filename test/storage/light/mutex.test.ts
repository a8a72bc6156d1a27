import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { leaseName } from '../../../src/domain/names.ts';
import { assertHeld, type Held, holdsLease, takeLease } from '../../../src/storage/light/lease.ts';
import { withMutex } from '../../../src/storage/light/mutex.ts';
import { markOf } from '../../../src/storage/light/process.ts';
import { bundleFixture } from '../../kit/die-at.ts';

let dir = '';

beforeEach(() => {
  dir = fs.mkdtempSync(join(tmpdir(), 'coord-mutex-'));
});
afterEach(() => fs.rmSync(dir, { recursive: true, force: true }));

function holdBy(
  owner: string,
  process_: { pid: number; started: string | null } | null,
  takenAt = Date.now(),
): void {
  const holder = { owner, session: `${owner}-1`, agent: null, process: process_ };
  const options = { now: () => takenAt, ttlMs: 60_000, judge: () => 'unknown' as const, durable: false };
  takeLease(join(dir, leaseName('m')), holder, options);
}

test('gives the body’s value and a proof that is worth something only inside', () => {
  let proof: Held | undefined;
  const outcome = withMutex(dir, 'm', (held) => {
    proof = held;
    assertHeld(held);
    return 42;
  });
  expect(outcome).toEqual({ done: true, value: 42 });
  expect(proof && holdsLease(proof)).toBe(false);
});

test('an error of the body comes out as it is, after one run, and frees the mutex', () => {
  let runs = 0;
  const error = Object.assign(new Error('EEXIST: from the body'), { code: 'EEXIST' });
  const body = () => {
    runs += 1;
    throw error;
  };
  expect(() => withMutex(dir, 'm', body)).toThrow(error);
  expect(runs).toBe(1);
  expect(withMutex(dir, 'm', () => 'next', { waitMs: 0 })).toEqual({ done: true, value: 'next' });
});

test('a live holder makes the wait end in a timeout that names him', () => {
  holdBy('other', markOf(process.ppid));
  const startedAt = performance.now();
  const outcome = withMutex(dir, 'm', () => 'never', { waitMs: 120 });
  expect(performance.now() - startedAt).toBeLessThan(2_000);
  expect(outcome).toMatchObject({
    done: false,
    problem: { code: 'mutex-timeout', name: 'm', heldBy: { owner: 'other' } },
  });
});

test('a process of unknown start is followed after a minute, not before', () => {
  holdBy('other', { pid: process.ppid, started: null }, Date.now() - 50_000);
  expect(withMutex(dir, 'm', () => 'in', { waitMs: 0 }).done).toBe(false);
  fs.rmSync(dir, { recursive: true });
  holdBy('other', { pid: process.ppid, started: null }, Date.now() - 61_000);
  expect(withMutex(dir, 'm', () => 'in', { waitMs: 0 })).toEqual({ done: true, value: 'in' });
});

test('entering it inside its own body throws, by any spelling of the path; another one may be entered', () => {
  const outer = withMutex(dir, 'm', () => {
    expect(() => withMutex(dir, 'm', () => 'never')).toThrow('inside its own body');
    fs.symlinkSync(dir, `${dir}-link`);
    expect(() => withMutex(`${dir}-link`, 'm', () => 'never')).toThrow('inside its own body');
    fs.unlinkSync(`${dir}-link`);
    return withMutex(dir, 'n', () => 'inner');
  });
  expect(outer).toEqual({ done: true, value: { done: true, value: 'inner' } });
  expect(withMutex(dir, 'm', () => 'free', { waitMs: 0 }).done).toBe(true);
});

test('a promise for a body is a bug: it would run on outside', () => {
  expect(() => withMutex(dir, 'm', () => Promise.resolve(1))).toThrow('synchronous');
  expect(withMutex(dir, 'm', () => 'free', { waitMs: 0 }).done).toBe(true);
});

test('names that look alike are different mutexes', () => {
  const outcome = withMutex(dir, 'a/b', () =>
    withMutex(dir, 'a_b', () => withMutex(dir, 'A_b', () => 'all')),
  );
  expect(outcome).toMatchObject({ value: { value: { value: 'all' } } });
  expect(fs.readdirSync(dir).sort()).toEqual(['_a__b', 'a+b', 'a__b']);
});

test('the folder does not grow', () => {
  for (let round = 0; round < 50; round += 1) withMutex(dir, 'm', () => round);
  expect(fs.readdirSync(join(dir, 'm'))).toHaveLength(2);
});

test('a release that fails on a full disk is no error of the body, and this process can enter again', () => {
  const { linkSync } = fs;
  const outcome = withMutex(dir, 'm', () => {
    fs.linkSync = () => {
      throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' });
    };
    syncBuiltinESMExports();
    return 'done';
  });
  fs.linkSync = linkSync;
  syncBuiltinESMExports();
  expect(outcome).toEqual({ done: true, value: 'done' });
  expect(withMutex(dir, 'm', () => 'again', { waitMs: 0 })).toEqual({ done: true, value: 'again' });
});

test('a thread of the same process is another holder and waits its turn', async () => {
  const bundle = await bundleFixture(
    fileURLToPath(new URL('../../../src/storage/light/mutex.ts', import.meta.url)),
  );
  const body = `const fs = require('node:fs'); const { withMutex } = require(${JSON.stringify(bundle)});
    const file = ${JSON.stringify(join(dir, 'count'))};
    for (let n = 0; n < 60; n += 1) withMutex(${JSON.stringify(dir)}, 'm', () => {
      const before = fs.existsSync(file) ? Number(fs.readFileSync(file, 'utf8')) : 0;
      fs.writeFileSync(file, String(before + 1));
    });`;
  const workers = [1, 2, 3].map(() => new Worker(body, { eval: true }));
  const codes = await Promise.all(
    workers.map((worker) => new Promise((resolve) => worker.on('exit', resolve))),
  );
  expect(codes).toEqual([0, 0, 0]);
  expect(fs.readFileSync(join(dir, 'count'), 'utf8')).toBe('180');
});
