import { readdirSync, readFileSync, statSync, utimesSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { holdsLease, releaseLease, renewLease } from '../../../src/storage/light/lease.ts';
import { dead, LeaseBench, START, TTL_MS } from './lease-bench.ts';

let at: LeaseBench;
beforeEach(() => {
  at = new LeaseBench();
});
afterEach(() => at.remove());

describe('heartbeats and clocks', () => {
  test('a heartbeat moves the time of the file and nothing else', () => {
    const held = at.taken('a');
    const before = readFileSync(at.fileOf(1), 'utf8');
    expect(renewLease(held, START + 5_000)).toBe(true);
    expect(statSync(at.fileOf(1)).mtimeMs).toBe(START + 5_000);
    expect(readFileSync(at.fileOf(1), 'utf8')).toBe(before);
  });

  test('who lost the lease cannot be heard', () => {
    const held = at.taken('a');
    const next = at.taken('b', dead);
    expect(renewLease(held, at.now)).toBe(false);
    releaseLease(next);
    releaseLease(at.taken('c'));
    expect(renewLease(held, at.now)).toBe(false);
  });

  test('a heartbeat from the future holds for one ttl after it was first met, not for ever', () => {
    at.taken('a');
    utimesSync(at.fileOf(1), (START + 1e12) / 1000, (START + 1e12) / 1000);
    expect(at.take('b')).toMatchObject({ code: 'lease-held', heardAt: at.now });
    at.now += TTL_MS;
    expect(at.take('c')).toMatchObject({ code: 'lease-held', heardAt: START });
    at.now += 1;
    expect(at.taken('b').epoch).toBe(2);
    expect(readdirSync(at.dir).sort()).toEqual(['0000000001.json', '0000000002.json']);
  });

  test('a holder whose clock runs ahead is not robbed while it is heard', () => {
    const held = at.taken('a');
    for (let beat = 1; beat < 10; beat += 1) {
      renewLease(held, at.now + 3_600_000);
      expect(at.take('b')).toMatchObject({ code: 'lease-held' });
      at.now += TTL_MS - 1;
    }
    expect(holdsLease(held)).toBe(true);
  });

  test('a taker whose clock jumped back for a while does not harm the heartbeat of a live holder', () => {
    const held = at.taken('a');
    renewLease(held, at.now);
    at.now = START - 365 * 24 * 3_600_000;
    expect(at.take('b')).toMatchObject({ code: 'lease-held' });
    at.now = START + 1_000;
    expect(at.take('b')).toMatchObject({ code: 'lease-held', heardAt: START });
  });

  test('a clock that goes back twice wedges nothing', () => {
    at.taken('a');
    utimesSync(at.fileOf(1), (START + 1e12) / 1000, (START + 1e12) / 1000);
    at.take('b');
    at.now -= 1e9;
    expect(at.take('b')).toMatchObject({ code: 'lease-held', heardAt: at.now });
    at.now += TTL_MS + 1;
    expect(at.taken('b').epoch).toBe(2);
  });

  test('a judge that goes by the heartbeat hears the corrected one', () => {
    at.taken('a');
    utimesSync(at.fileOf(1), (START + 1e12) / 1000, (START + 1e12) / 1000);
    const judge = (_: unknown, heardAt: number) =>
      (at.now - heardAt > 5_000 ? 'dead' : 'alive') as 'dead' | 'alive';
    expect(at.take('b', { judge })).toMatchObject({ code: 'lease-held' });
    at.now += 5_001;
    expect(at.taken('b', { judge }).epoch).toBe(2);
  });
});
