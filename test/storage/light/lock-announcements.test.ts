/** The taking of a free file without the mutex: what it costs, and what becomes of it at each of its turns. */
import fs, { existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { takeLease } from '../../../src/storage/light/lease.ts';
import { leasesFolder, lockFolder, readLock } from '../../../src/storage/light/locks/files.ts';
import { SILENT_MS } from '../../../src/storage/light/locks/holders.ts';
import { listLocks, takeLocks } from '../../../src/storage/light/locks/locks.ts';
import type { LockTaker } from '../../../src/storage/light/locks/taker.ts';
import { OTHER_ALIVE } from '../scratch.ts';
import { callsDuring, failing, real, replace, restore } from './faults.ts';
import { file, LockBench, on } from './lock-bench.ts';

let at: LockBench;
let a: LockTaker;
let b: LockTaker;
beforeEach(() => {
  at = new LockBench();
  [a, b] = [at.taker('a'), at.taker('b')];
});
afterEach(restore);

const announced = () => join(leasesFolder(at.home), 'locks-announced');
const isAnnounced = (path: unknown) => String(path).includes('locks-announced');
const entriesOfMutex = () => {
  const folder = join(leasesFolder(at.home), 'locks');
  return existsSync(folder) ? Math.max(...readdirSync(folder).map(Number.parseFloat)) : 0;
};

/** Something that happens right before the link. */
function beforeLink(body: () => void): void {
  let isFirst = true;
  replace({
    linkSync: (from, to) => {
      if (isFirst && isAnnounced(from)) {
        isFirst = false;
        body();
      }
      real.linkSync(from, to);
    },
  });
}

describe('what it costs', () => {
  test('one link and no mutex; beside it four calls that change anything', () => {
    at.take(a, file('warm/up.ts'));
    const calls = callsDuring(
      () => void at.take(a, file('src/a.ts')),
      ['openSync', 'linkSync', 'unlinkSync', 'mkdirSync', 'renameSync', 'fsyncSync'],
    );
    expect(calls).toEqual(['openSync', 'mkdirSync', 'linkSync', 'unlinkSync']);
    expect(entriesOfMutex()).toBe(0);
    expect(readdirSync(announced())).toEqual([]);
  });

  test.each([
    ['in one’s own folder', on('tree', 'src'), file('src/deep/a.ts')],
    ['under one’s own pattern', on('glob', 'src/*.ts'), file('src/a.ts')],
    ['with several names', file('one', '8-15'), file('one', '8-15')],
    ['by its other name', file('one', '8-15'), file('two', '8-15')],
  ])('a file %s is one’s own without the mutex', (_, held, asked) => {
    at.take(a, held);
    const before = entriesOfMutex();
    expect(at.words(a, asked)).toBe('yours');
    expect(entriesOfMutex()).toBe(before);
  });

  test('a release syncs nothing: no loss of power leaves its holder alive', () => {
    at.take(a, file('1'));
    expect(callsDuring(() => void at.release(a), ['fsyncSync'])).toEqual([]);
  });
});

describe('who comes in between', () => {
  test('a mutex owner forbids it, and sees it made again under the mutex', () => {
    beforeLink(() => {
      expect(at.words(b, on('tree', 'lib'))).toBe('locked');
      expect(readdirSync(announced())).toEqual([]);
    });
    expect(at.words(a, file('src/a.ts'))).toBe('locked');
    expect(at.words(b, file('src/a.ts'))).toBe('held by a');
    at.release(a);
    at.release(b);
    expect(at.left()).toEqual([]);
  });

  test('a mutex owner who takes the folder around it has it, and the file is refused', () => {
    beforeLink(() => void at.take(b, on('tree', 'src')));
    expect(at.words(a, file('src/a.ts'))).toBe('held by b');
    expect(at.folders()).toHaveLength(1);
  });

  test('another taker of the file is first', () => {
    beforeLink(() => void at.take(b, file('src/a.ts')));
    expect(at.words(a, file('src/a.ts'))).toBe('held by b');
    expect(readdirSync(announced())).toEqual([]);
  });

  test('one who took and released the file meanwhile is no obstacle', () => {
    beforeLink(() => {
      at.take(b, file('src/a.ts'));
      at.release(b);
    });
    expect(at.words(a, file('src/a.ts'))).toBe('locked');
    expect(readLock(lockFolder(at.space(), 'file', 'src/a.ts'))?.record.holder.session).toBe('a');
  });

  test('while somebody is in the mutex nothing is linked without it', () => {
    const inside = { owner: 'other', session: 'other', agent: null, process: OTHER_ALIVE };
    const judge = () => 'alive' as const;
    takeLease(join(leasesFolder(at.home), 'locks'), inside, {
      now: Date.now,
      ttlMs: null,
      judge,
      durable: false,
    });
    const outcome = takeLocks(at.space(), a, [file('1')], { seams: { ...at.seams, mutexMs: 1 } });
    expect(outcome).toMatchObject({ code: 'mutex-timeout' });
    expect([...at.folders(), ...readdirSync(announced())]).toEqual([]);
  });

  test('where a file system links what was removed, the doubtful lease is undone', () => {
    replace({
      linkSync: (from, to) => {
        if (!isAnnounced(from)) return real.linkSync(from, to);
        const text = real.readFileSync(from);
        real.unlinkSync(from);
        restore();
        at.take(b, on('tree', 'src'));
        real.mkdirSync(join(String(to), '..'), { recursive: true });
        real.writeFileSync(to, text);
      },
    });
    expect(at.words(a, file('src/a.ts'))).toBe('held by b');
    expect(at.folders()).toHaveLength(1);
    expect(at.words(b, file('src/a.ts'))).toBe('yours');
  });

  test('a doubtful lease that nobody minded is taken again', () => {
    let links = 0;
    replace({
      linkSync: (from, to) => {
        real.linkSync(from, to);
        links += 1;
        if (links === 1) real.unlinkSync(from);
      },
    });
    expect(at.words(a, file('src/a.ts'))).toBe('locked');
    expect(at.words(b, file('src/a.ts'))).toBe('held by a');
  });
});

describe('what a kill or a fault leaves', () => {
  test('an announcement of one who is gone is removed by the next owner of the mutex', () => {
    at.take(a, file('1'));
    writeFileSync(join(announced(), '.tmp-1-x-1'), '{}');
    at.release(a);
    expect(readdirSync(announced())).toEqual([]);
  });

  test('an empty folder, or a released epoch, is nobody’s; and the list removes it', () => {
    const [empty, released] = ['1', '2'].map((path) => lockFolder(at.space(), 'file', path)) as [
      string,
      string,
    ];
    for (const dir of [empty, released]) mkdirSync(dir, { recursive: true });
    const record = { epoch: 7, holder: null, takenAt: at.now, ttlMs: null, note: null, from: 'released' };
    writeFileSync(join(released, '0000000007.json'), JSON.stringify(record));
    expect(at.words(a, file('2'))).toBe('locked');
    // Above what is there, and never beneath it.
    expect(readLock(released)?.record.epoch).toBe(8);
    expect(at.words(b, file('2'))).toBe('held by a');
    expect(listLocks(at.home, at.seams).locks).toHaveLength(1);
    expect(at.folders()).toEqual([released]);
  });

  test('without hard links it goes the way of all others', () => {
    replace({ linkSync: failing('EPERM') });
    expect(at.words(a, file('1'))).toBe('locked');
    restore();
    expect(at.words(b, file('1'))).toBe('held by a');
    at.release(a);
    expect(at.left()).toEqual([]);
  });

  test('on a full disk it is an error, and nothing stays', () => {
    replace({
      mkdirSync: ((path: string, options: object) =>
        String(path).endsWith('3a1')
          ? failing('ENOSPC')()
          : real.mkdirSync(path, options)) as typeof fs.mkdirSync,
    });
    expect(() => at.take(a, file('1'))).toThrow('ENOSPC');
    restore();
    expect(readdirSync(announced())).toEqual([]);
    expect(at.words(b, file('1'))).toBe('locked');
  });

  test('where nothing can be written it is an error at once, and nothing spins', () => {
    let calls = 0;
    const refuse = () => {
      calls += 1;
      return failing('EACCES')();
    };
    replace({ mkdirSync: refuse as typeof fs.mkdirSync, openSync: refuse as typeof fs.openSync });
    expect(() => at.take(a, file('1'))).toThrow('EACCES');
    expect(calls).toBeLessThan(5);
  });
});

test('a silent holder who releases while he is being suspected is no error', () => {
  const unseen = at.taker('c', { isUnseen: true });
  at.take(unseen, file('1'));
  at.now += SILENT_MS + 1;
  let isFirst = true;
  replace({
    openSync: ((path: string, ...more: [string, number]) => {
      if (isFirst && path.includes('locks-file')) {
        isFirst = false;
        at.release(unseen);
      }
      return real.openSync(path, ...more);
    }) as typeof fs.openSync,
  });
  expect(listLocks(at.home, at.seams).recovered).toEqual([]);
  expect(isFirst).toBe(false);
});

describe('a list that judged a holder dead', () => {
  test('does not release what the same session, resumed, has taken since', () => {
    at.take(a, file('1'));
    at.die(a);
    const resumed = at.taker('a');
    let isFirst = true;
    const seams = {
      ...at.seams,
      livenessOf: (mark: { pid: number; started: string | null }) => {
        const liveness = at.seams.livenessOf(mark);
        if (liveness === 'dead' && isFirst) {
          isFirst = false;
          // Between the look and the mutex: the folder goes, and comes again with epoch 1.
          at.release(resumed);
          at.take(resumed, file('1'));
        }
        return liveness;
      },
    };
    expect(listLocks(at.home, seams).recovered).toEqual([]);
    expect(at.words(b, file('1'))).toBe('held by a');
  });
});

test('the heartbeat of an announced lease begins when it was taken', () => {
  at.take(a, file('1'));
  const [name = ''] = readdirSync(lockFolder(at.space(), 'file', '1'));
  const path = join(lockFolder(at.space(), 'file', '1'), name);
  expect(fs.statSync(path).mtimeMs).toBe(at.now);
  utimesSync(path, 0, 0);
});
