import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  assertHeld,
  findHeld,
  holdsLease,
  readLease,
  releaseLease,
  renewLease,
  sameInstance,
} from '../../../src/storage/light/lease.ts';
import { markOf } from '../../../src/storage/light/process.ts';
import { alive, dead, holder, LeaseBench, START, TTL_MS } from './lease-bench.ts';

let at: LeaseBench;
beforeEach(() => {
  at = new LeaseBench();
});
afterEach(() => at.remove());

describe('taking', () => {
  test('a lease that was never taken is epoch 1, and its missing folder is made', () => {
    expect(readLease(at.dir)).toBeUndefined();
    const held = at.taken('a', { note: 'why', durable: true });
    expect(held).toMatchObject({ dir: at.dir, epoch: 1, holder: holder('a') });
    expect(readLease(at.dir)).toEqual({
      epoch: 1,
      holder: holder('a'),
      takenAt: START,
      ttlMs: TTL_MS,
      note: 'why',
      from: 'free',
    });
    expect(holdsLease(held)).toBe(true);
    expect(readdirSync(at.dir)).toEqual(['0000000001.json']);
  });

  test('a second taker is told who has it and since when he was heard', () => {
    at.taken('a');
    at.now += 1_000;
    expect(at.take('b')).toEqual({ code: 'lease-held', record: readLease(at.dir), heardAt: START });
  });

  test('the same live instance gets its epoch again, and is heard thereby', () => {
    const first = at.taken('a');
    at.now += TTL_MS * 2;
    const second = at.taken('a');
    expect(second.epoch).toBe(first.epoch);
    expect(at.take('b')).toMatchObject({ code: 'lease-held', heardAt: at.now });
    expect(holdsLease(first) && holdsLease(second)).toBe(true);
  });

  test('an earlier session of the same name is somebody else', () => {
    at.taken(holder('a', { session: 'yesterday' }));
    expect(at.take(holder('a', { session: 'today' }))).toMatchObject({ code: 'lease-held' });
    expect(at.take(holder('a', { session: 'yesterday', agent: 'sub' }))).toMatchObject({
      code: 'lease-held',
    });
  });

  test.runIf(process.platform === 'linux')(
    'a resumed session moves its lease to its new process, by a new epoch',
    () => {
      const here = markOf(process.pid);
      const gone = { pid: here.pid, started: here.started?.replace(/\d+$/, '1') ?? null };
      const old = at.taken(holder('a', { process: gone }));
      const next = at.taken(holder('a', { process: here }), alive);
      expect(next.epoch).toBe(2);
      expect(readLease(at.dir)?.holder?.process).toEqual(here);
      expect(holdsLease(old)).toBe(false);
      expect(at.taken(holder('a', { process: gone })).epoch).toBe(2);
    },
  );

  test('a folder that cannot be made is an error, and nothing spins', () => {
    writeFileSync(join(at.root, 'file'), '');
    at.dir = join(at.root, 'file', 'seat');
    expect(() => at.take('a')).toThrow(/ENOTDIR|EEXIST/);
  });

  test('a folder that keeps vanishing ends in an error after bounded looks', () => {
    let looks = 0;
    const vanish = () => {
      looks += 1;
      rmSync(at.dir, { recursive: true, force: true });
    };
    expect(() => at.take('a', { beforeTakeover: vanish })).toThrow('looks');
    expect(looks).toBeLessThan(100);
  });

  test('two releases in a row of takings never let the folder grow', () => {
    for (let round = 0; round < 20; round += 1) releaseLease(at.taken(round % 2 ? 'a' : 'b'));
    expect(at.epochs()).toEqual(['0000000039.json', '0000000040.json']);
    expect(readdirSync(at.dir)).toHaveLength(2);
  });
});

describe('following a holder', () => {
  test('a dead one at once', () => {
    at.taken('a');
    const held = at.taken('b', dead);
    expect(held.epoch).toBe(2);
    expect(readLease(at.dir)?.from).toBe('dead');
  });

  test('a live one never, however old its heartbeat', () => {
    at.taken('a');
    at.now += TTL_MS * 1_000_000;
    expect(at.take('b', alive)).toMatchObject({ code: 'lease-held' });
  });

  test('an unknown one after its own ttl of silence, not the taker’s', () => {
    at.taken('a');
    at.now += TTL_MS;
    expect(at.take('b', { ttlMs: 1 })).toMatchObject({ code: 'lease-held' });
    at.now += 1;
    expect(at.taken('b', { ttlMs: 1 }).epoch).toBe(2);
    expect(readLease(at.dir)?.from).toBe('expired');
  });

  test('an unknown one without a ttl never by time', () => {
    at.taken('a', { ttlMs: null });
    at.now += TTL_MS * 1_000_000;
    expect(at.take('b')).toMatchObject({ code: 'lease-held' });
    expect(at.taken('b', dead).epoch).toBe(2);
  });

  test('any one on a person’s order, and it learns it at its next check', () => {
    const held = at.taken('a');
    const next = at.taken('b', { ...alive, force: true });
    expect(readLease(at.dir)?.from).toBe('handover');
    expect(holdsLease(held)).toBe(false);
    expect(() => assertHeld(held)).toThrow('epoch 1');
    expect(() => assertHeld(next)).not.toThrow();
  });

  test('one that is heard while it is being judged is not followed', () => {
    const held = at.taken('a');
    at.now += TTL_MS + 1;
    const judge = () => {
      renewLease(held, at.now);
      return 'unknown' as const;
    };
    expect(at.take('b', { judge })).toMatchObject({ code: 'lease-held', heardAt: at.now });
    expect(holdsLease(held)).toBe(true);
  });
});

describe('releasing', () => {
  test('ends the epoch, keeps the number, and lets the next one in', () => {
    const held = at.taken('a');
    expect(releaseLease(held)).toBe(true);
    expect(readLease(at.dir)).toMatchObject({ epoch: 2, holder: null, from: 'released' });
    expect(holdsLease(held)).toBe(false);
    expect(at.taken('b', alive).epoch).toBe(3);
  });

  test('a second release frees nobody else’s fresh lease', () => {
    const held = at.taken('a');
    expect(releaseLease(held)).toBe(true);
    expect(releaseLease(held)).toBe(false);
    const next = at.taken('b');
    expect(releaseLease(held)).toBe(false);
    expect(holdsLease(next)).toBe(true);
  });

  test('of two proofs of one instance the first release counts, and the second frees nothing', () => {
    const one = at.taken('a');
    const two = at.taken('a');
    expect([releaseLease(one), releaseLease(two)]).toEqual([true, false]);
    const next = at.taken('b');
    expect(releaseLease(two)).toBe(false);
    expect(holdsLease(next)).toBe(true);
  });

  test('one who was followed frees nobody', () => {
    const held = at.taken('a');
    const next = at.taken('b', dead);
    expect(releaseLease(held)).toBe(false);
    expect(holdsLease(next)).toBe(true);
  });

  test('another process of the same instance finds its proof and releases; a stranger finds none', () => {
    at.taken('a');
    expect(findHeld(at.dir, holder('b'))).toBeUndefined();
    const found = findHeld(at.dir, holder('a'));
    expect(found && releaseLease(found)).toBe(true);
    expect(findHeld(at.dir, holder('a'))).toBeUndefined();
  });

  test('after the folder was removed nothing is held, and nothing is made', () => {
    const held = at.taken('a');
    rmSync(at.dir, { recursive: true });
    expect([holdsLease(held), renewLease(held, at.now), releaseLease(held)]).toEqual([false, false, false]);
    at.now += 1;
    const again = at.taken('a');
    expect(again.epoch).toBe(1);
    expect(holdsLease(held)).toBe(false);
    expect(releaseLease(held)).toBe(false);
    expect(holdsLease(again)).toBe(true);
  });
});

describe('a proof', () => {
  test('that takeLease did not make is a bug', () => {
    const held = at.taken('a');
    expect(() => holdsLease({ ...held })).toThrow('not made');
  });

  test('cannot be changed', () => {
    const held = at.taken('a') as { epoch: number };
    expect(() => {
      held.epoch = 9;
    }).toThrow();
  });
});

test('sameInstance goes by owner, session and agent', () => {
  const a = holder('a');
  expect(sameInstance(a, { ...a, process: { pid: 1, started: null } })).toBe(true);
  expect(sameInstance(a, { ...a, owner: 'b' })).toBe(false);
  expect(sameInstance(a, { ...a, session: null })).toBe(false);
  expect(sameInstance(a, { ...a, agent: 'x' })).toBe(false);
});
