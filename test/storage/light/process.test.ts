import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { livenessOf, markOf, sweepTemporaries } from '../../../src/storage/light/process.ts';

const isLinux = process.platform === 'linux';
const mine = markOf(process.pid);
const deadPid = spawnSync(process.execPath, ['-e', '']).pid;

describe('livenessOf', () => {
  test('this process is alive where its start is known', () => {
    expect(livenessOf(mine)).toBe(isLinux ? 'alive' : 'unknown');
    expect(livenessOf(markOf(process.ppid))).toBe(isLinux ? 'alive' : 'unknown');
  });

  test('a pid that nobody has is dead, with or without its start', () => {
    expect(livenessOf({ pid: deadPid, started: null })).toBe('dead');
    if (isLinux) expect(livenessOf({ ...mine, pid: deadPid })).toBe('dead');
  });

  test('a live pid without a known start may be a later process', () => {
    expect(livenessOf({ pid: process.pid, started: null })).toBe('unknown');
  });

  test.runIf(isLinux)('a pid in use by a later process is dead; so is all of another boot', () => {
    const [boot, namespace, ticks] = (mine.started ?? '').split('.');
    expect(livenessOf({ pid: process.pid, started: `${boot}.${namespace}.${Number(ticks) - 1}` })).toBe(
      'dead',
    );
    expect(livenessOf({ pid: process.pid, started: `00000000.${namespace}.${ticks}` })).toBe('dead');
  });

  test.runIf(isLinux)('a pid of another container means nothing here, though nobody has it', () => {
    const [boot, , ticks] = (mine.started ?? '').split('.');
    expect(livenessOf({ pid: deadPid, started: `${boot}.1.${ticks}` })).toBe('unknown');
    expect(livenessOf({ pid: process.pid, started: 'made elsewhere' })).toBe('unknown');
  });

  test.each([0, -1, -process.pid, Number.NaN, 1.5, Number.POSITIVE_INFINITY, 2 ** 32 + 1])(
    'pid %d is never signalled',
    (pid) => {
      const kill = vi.spyOn(process, 'kill');
      expect(livenessOf({ pid, started: null })).toBe('unknown');
      expect(markOf(pid)).toEqual({ pid, started: null });
      expect(kill).not.toHaveBeenCalled();
      kill.mockRestore();
    },
  );

  test('only signal 0 is ever sent', () => {
    const kill = vi.spyOn(process, 'kill');
    livenessOf({ pid: process.ppid, started: null });
    expect(kill.mock.calls.every(([pid, signal]) => pid > 0 && signal === 0)).toBe(true);
    kill.mockRestore();
  });

  test.runIf(isLinux)('a zombie is dead', async () => {
    // The shell starts a child that ends, and becomes a program that never waits for it.
    const parent = spawn('sh', ['-c', 'sleep 0.05 & echo $!; exec sleep 30'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const pid = Number(
      await new Promise((resolve) => parent.stdout.once('data', (text) => resolve(String(text)))),
    );
    await vi.waitFor(() => expect(livenessOf({ pid, started: null })).toBe('dead'), { timeout: 5_000 });
    expect(() => process.kill(pid, 0)).not.toThrow();
    parent.kill('SIGKILL');
  });

  test.runIf(isLinux)('a command name with spaces and brackets does not mislead', async () => {
    const child = spawn(
      process.execPath,
      ['-e', `process.title = 'a) Z 1 2 ('; console.log(1); setInterval(() => {}, 1e3)`],
      {
        stdio: ['ignore', 'pipe', 'ignore'],
      },
    );
    await new Promise((resolve) => child.stdout.once('data', resolve));
    const mark = markOf(child.pid ?? 0);
    expect(mark.started).toMatch(/^[0-9a-f]{8}\.\d+\.\d+$/);
    expect(livenessOf(mark)).toBe('alive');
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('exit', resolve));
    expect(livenessOf(mark)).toBe('dead');
  });
});

test('sweepTemporaries removes only old temporaries of dead processes', () => {
  const root = mkdtempSync(join(tmpdir(), 'coord-sweep-'));
  const now = Date.now();
  const files: Array<[string, number]> = [
    [`.tmp-${deadPid}-mwqydjlq-1`, now - 120_000],
    [`.tmp-${deadPid}-mwqydjlq-2`, now + 120_000],
    [`.tmp-${deadPid}-mwqydjlq-3`, now],
    [`.tmp-${process.pid}-mwqydjlq-4`, now - 120_000],
    ['.tmp-nonsense', now - 120_000],
    ['0000000001.json', now - 120_000],
  ];
  for (const [name, at] of files) {
    writeFileSync(join(root, name), '');
    utimesSync(join(root, name), at / 1000, at / 1000);
  }
  sweepTemporaries(root, [...readdirSync(root), `.tmp-${deadPid}-gone-already`], now);
  expect(readdirSync(root).sort()).toEqual(
    files
      .slice(2)
      .map(([name]) => name)
      .sort(),
  );
  rmSync(root, { recursive: true });
});
