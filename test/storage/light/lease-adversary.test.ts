import {
  mkdirSync,
  readFileSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { UNREADABLE_TTL_MS } from '../../../src/storage/light/epochs.ts';
import {
  findHeld,
  type Held,
  holdsLease,
  readLease,
  releaseLease,
} from '../../../src/storage/light/lease.ts';
import { alive, dead, holder, LeaseBench, START } from './lease-bench.ts';

let at: LeaseBench;
beforeEach(() => {
  at = new LeaseBench();
});
afterEach(() => at.remove());

describe('interleavings, at the worst moment: right before the link', () => {
  test('who loses the race sees the winner', () => {
    at.taken('a');
    let winner: Held | undefined;
    const result = at.take('b', {
      judge: (record) => (record.holder?.owner === 'a' ? 'dead' : 'alive'),
      beforeTakeover: () => {
        winner ??= at.taken('c', dead);
      },
    });
    expect(result).toMatchObject({ code: 'lease-held', record: { holder: { owner: 'c' } } });
    expect(winner && holdsLease(winner)).toBe(true);
  });

  test('a stale taker that links a number which was cleared long ago has lost', () => {
    at.taken('a');
    let last: Held | undefined;
    const result = at.take('b', {
      judge: (record) => (record.holder?.owner === 'a' ? 'dead' : 'alive'),
      beforeTakeover: () => {
        if (last) return;
        releaseLease(at.taken('c', dead));
        releaseLease(at.taken('d'));
        last = at.taken('e');
        expect(at.epochs()).not.toContain('0000000002.json');
      },
    });
    expect(result).toMatchObject({ code: 'lease-held', record: { epoch: 6, holder: { owner: 'e' } } });
    expect(last && holdsLease(last)).toBe(true);
    // Its late link lies in the gap, means nothing, and goes with the next release.
    expect(at.epochs()).toContain('0000000002.json');
    expect(last && releaseLease(last)).toBe(true);
    expect(at.epochs()).toEqual(['0000000006.json', '0000000007.json']);
  });

  test('a taker that saw an empty folder long ago does not start a second count', () => {
    mkdirSync(at.dir, { recursive: true });
    let last: Held | undefined;
    const result = at.take('b', {
      ...alive,
      beforeTakeover: () => {
        if (last) return;
        for (const owner of ['c', 'd', 'e']) releaseLease(at.taken(owner));
        last = at.taken('f');
      },
    });
    expect(result).toMatchObject({ code: 'lease-held', record: { epoch: 7 } });
    expect(last && holdsLease(last)).toBe(true);
  });

  test('a release that races a takeover: one of them makes the next epoch', () => {
    const held = at.taken('a');
    const releases: boolean[] = [];
    const result = at.take('b', { ...dead, beforeTakeover: () => releases.push(releaseLease(held)) });
    expect(releases).toEqual([true, false]);
    expect(result).toMatchObject({ epoch: 3 });
    expect(holdsLease(held)).toBe(false);
  });
});

describe('tops that cannot be read', () => {
  test.each([
    ['empty', () => truncateSync(at.fileOf(1), 0)],
    ['cut', () => truncateSync(at.fileOf(1), 20)],
    [
      'of another number',
      () => writeFileSync(at.fileOf(1), readFileSync(at.fileOf(1), 'utf8').replace('"epoch":1', '"epoch":2')),
    ],
    ['not an object', () => writeFileSync(at.fileOf(1), '[]')],
    [
      'without a holder’s name',
      () =>
        writeFileSync(at.fileOf(1), readFileSync(at.fileOf(1), 'utf8').replace('"owner":"a"', '"owner":1')),
    ],
    [
      'of a strange origin',
      () => writeFileSync(at.fileOf(1), readFileSync(at.fileOf(1), 'utf8').replace('"free"', '"banana"')),
    ],
  ])('%s: held by nobody known for a while, then followed; its holder is refused at once', (_, damage) => {
    const held = at.taken('a');
    damage();
    utimesSync(at.fileOf(1), START / 1000, START / 1000);
    expect(holdsLease(held)).toBe(false);
    expect(findHeld(at.dir, holder('a'))).toBeUndefined();
    const neverAsked = {
      judge: () => {
        throw new Error('there is nobody to judge');
      },
    };
    at.now = START + UNREADABLE_TTL_MS;
    expect(at.take('a', neverAsked)).toMatchObject({
      code: 'lease-held',
      record: { note: 'unreadable record' },
    });
    at.now += 1;
    expect(at.taken('b', neverAsked).epoch).toBe(2);
    expect(holdsLease(held)).toBe(false);
  });

  test('a folder, or a dangling link, with an epoch’s name', () => {
    mkdirSync(at.fileOf(3), { recursive: true });
    utimesSync(at.fileOf(3), START / 1000, START / 1000);
    expect(at.take('a')).toMatchObject({ code: 'lease-held' });
    at.now += UNREADABLE_TTL_MS + 1;
    expect(at.taken('a').epoch).toBe(4);
    symlinkSync(join(at.root, 'nowhere'), at.fileOf(5));
    expect(at.taken('b').epoch).toBe(6);
    releaseLease(at.taken('b'));
    expect(at.epochs()).toEqual(['0000000003.json', '0000000006.json', '0000000007.json']);
  });

  test('files that are no epochs do not count; numbers with other digits do', () => {
    mkdirSync(at.dir, { recursive: true });
    const junk = [
      'x.json',
      '5.json.bak',
      '.tmp-1-2-3',
      '0.json',
      '-1.json',
      `${'9'.repeat(30)}.json`,
      'doubt.json',
    ];
    for (const name of junk) writeFileSync(join(at.dir, name), 'junk');
    expect(readLease(at.dir)).toBeUndefined();
    writeFileSync(join(at.dir, '41.json'), readRecordText(41));
    expect(readLease(at.dir)?.epoch).toBe(41);
    expect(at.taken('a').epoch).toBe(42);
    writeFileSync(join(at.dir, '12345678901.json'), readRecordText(12_345_678_901));
    expect(at.taken('a').epoch).toBe(12_345_678_902);
    expect(at.epochs()).toContain('12345678902.json');
  });

  test('of two files of one number ours is read', () => {
    const held = at.taken('a');
    writeFileSync(join(at.dir, '1.json'), readRecordText(1));
    expect(holdsLease(held)).toBe(true);
  });

  test('a top by hand beyond all counting is an error that names it', () => {
    mkdirSync(at.dir, { recursive: true });
    writeFileSync(join(at.dir, '999999999999999.json'), readRecordText(999_999_999_999_999));
    expect(() => at.take('a')).toThrow('by hand');
  });

  test('an older epoch that somebody removed is not missed', () => {
    releaseLease(at.taken('a'));
    unlinkSync(at.fileOf(1));
    const held = at.taken('b');
    expect(held.epoch).toBe(3);
    unlinkSync(at.fileOf(2));
    expect(holdsLease(held)).toBe(true);
  });
});

function readRecordText(epoch: number): string {
  return JSON.stringify({ epoch, holder: null, takenAt: START, ttlMs: null, note: null, from: 'released' });
}
