import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import {
  foldersCovering,
  leasesFolder,
  lockFolder,
  readLock,
} from '../../../src/storage/light/locks/files.ts';
import { SILENT_MS, SUSPECTED_MS } from '../../../src/storage/light/locks/holders.ts';
import { listLocks, takeLocks } from '../../../src/storage/light/locks/locks.ts';
import { coordinationPath, removeSession, touchSession } from '../../../src/storage/light/roster.ts';
import { callsDuring, failing, replace, restore } from './faults.ts';
import { file, LockBench, on } from './lock-bench.ts';

let at: LockBench;
beforeEach(() => {
  at = new LockBench();
});

describe('taking and releasing', () => {
  test('a free path is locked, again it is yours, and another is told who has it since when', () => {
    const [a, b] = [at.taker('a'), at.taker('b')];
    expect(at.words(a, file('src/a.ts'))).toBe('locked');
    expect(at.words(a, file('src/a.ts'))).toBe('yours');
    at.now += 5_000;
    expect(at.take(b, file('src/a.ts'))).toEqual({
      taken: false,
      verdicts: [
        {
          target: file('src/a.ts'),
          verdict: 'held',
          by: {
            target: file('src/a.ts'),
            holder: 'agent-a',
            session: 'a',
            agent: null,
            sinceMs: at.now - 5_000,
          },
        },
      ],
    });
  });

  test.each([
    [on('tree', 'src'), file('src/deep/a.ts')],
    [file('src/a.ts'), on('tree', 'src')],
    [on('tree', ''), file('a')],
    [file('a'), on('tree', '')],
    [on('glob', 'lib/*.ts'), file('lib/a.ts')],
    [file('lib/a.ts'), on('glob', 'lib/*.ts')],
    [on('glob', 'lib/*.ts'), on('glob', 'lib/a*')],
    [on('glob', '**/*.ts'), on('tree', 'src/deep')],
    [on('tree', 'src/deep'), on('glob', 'src/**')],
    [on('tree', 'a/b'), on('tree', 'a')],
    [on('tree', 'a'), on('tree', 'a/b')],
    [on('glob', 'app/\\[id\\]/*'), file('app/[id]/page.tsx')],
    [file(`${'long/'.repeat(60)}a.ts`), on('tree', 'long/long')],
    [on('tree', 'long'), file(`${'long/'.repeat(60)}a.ts`)],
  ])('who has %j keeps another from %j', (first, second) => {
    const [a, b] = [at.taker('a'), at.taker('b')];
    expect(at.words(a, first)).toBe('locked');
    expect(at.words(b, second)).toBe('held by a');
    at.release(a);
    expect(at.words(b, second)).toBe('locked');
  });

  test.each([
    [file('a/b'), file('a_b')],
    [file('src'), file('src.ts')],
    [on('tree', 'src'), file('srcs/a')],
    [on('glob', 'lib/*.ts'), file('lib/a/b.ts')],
    [on('tree', 'a_b'), on('tree', 'a/b')],
    [file('A.ts'), file('a.ts')],
  ])('%j and %j are two', (first, second) => {
    expect(at.words(at.taker('a'), first)).toBe('locked');
    expect(at.words(at.taker('b'), second)).toBe('locked');
  });

  test('on a file system that is blind to case two spellings are one', () => {
    const blind = at.space(null, true);
    const take = (name: string, path: string) =>
      takeLocks(blind, at.taker(name), [file(path)], { seams: at.seams });
    expect(take('a', 'Src/App.tsx')).toMatchObject({ taken: true });
    expect(take('b', 'src/app.TSX')).toMatchObject({ taken: false });
  });

  test('one worktree’s lock is none in another', () => {
    at.take(at.taker('a'), file('src/a.ts'));
    const other = { kind: 'file', place: '02-ui', path: 'src/a.ts' } as const;
    const outcome = takeLocks(at.space('02-ui'), at.taker('b'), [other], { seams: at.seams });
    expect(outcome).toMatchObject({ taken: true });
  });

  test('what lies in one’s own tree is one’s own, and a tree around one’s own file can be had', () => {
    const a = at.taker('a');
    at.take(a, on('tree', 'src'));
    expect(at.words(a, [file('src/a.ts'), on('glob', 'src/*.ts'), on('tree', 'src/deep')])).toBe(
      'yours, yours, yours',
    );
    at.take(a, file('lib/a.ts'));
    expect(at.words(a, on('tree', 'lib'))).toBe('locked');
  });

  test('several are taken all or none, and each has its verdict', () => {
    const [a, b] = [at.taker('a'), at.taker('b')];
    at.take(a, file('2'));
    at.take(b, file('3'));
    expect(at.words(b, [file('1'), file('2'), file('3')])).toBe('free, held by a, yours');
    expect(at.words(a, file('1'))).toBe('locked');
  });

  test('a release frees its owner’s alone, and twice is as once', () => {
    const [a, b] = [at.taker('a'), at.taker('b')];
    at.take(a, [file('1'), file('2')]);
    expect(at.release(b)).toEqual([]);
    expect(at.release(a, '1')).toEqual(['1']);
    at.take(b, file('1'));
    expect(at.release(a, '1')).toEqual([]);
    expect(at.words(a, file('1'))).toBe('held by b');
  });

  test('a subagent is a holder of its own beside its session', () => {
    const [main, agent] = [at.taker('a'), at.taker('a', { agent: 'x1' })];
    at.take(agent, file('1'));
    expect(at.take(main, file('1')).verdicts[0]).toMatchObject({ by: { session: 'a', agent: 'x1' } });
  });

  test('nothing is left when all is released', () => {
    const a = at.taker('a');
    at.take(a, [file('src/a.ts'), on('tree', 'lib'), on('glob', 'x/*.ts'), file('h', '7-1')]);
    expect(at.folders()).toHaveLength(5);
    expect(at.release(a).sort()).toEqual(['h', 'lib', 'src/a.ts', 'x/*.ts']);
    expect(at.folders()).toEqual([]);
    expect(at.left()).toEqual([]);
  });
});

describe('names of one file', () => {
  test('two hard links are one lock', () => {
    const [a, b] = [at.taker('a'), at.taker('b')];
    expect(at.words(a, file('one', '8-15'))).toBe('locked');
    expect(at.take(b, file('other', '8-15')).verdicts[0]).toMatchObject({
      verdict: 'held',
      by: { target: { path: 'one' } },
    });
    expect(at.words(a, file('other', '8-15'))).toBe('yours');
    at.release(a, 'one');
    expect(at.words(b, file('one', '8-15'))).toBe('locked');
  });
});

describe('holders that are gone', () => {
  test('a dead one is followed at once, whatever of it is in the way', () => {
    const [a, b] = [at.taker('a'), at.taker('b')];
    at.take(a, [on('tree', 'src'), file('lib/a.ts'), file('h', '1-1')]);
    expect(at.words(b, [file('src/x'), on('tree', 'lib')])).toBe('held by a, held by a');
    at.die(a);
    expect(at.words(b, [file('src/x'), on('tree', 'lib'), file('i', '1-1')])).toBe('locked, locked, locked');
    // What was in nobody's way is met later.
    expect(listLocks(at.home, at.seams).recovered.map(({ path }) => path)).toEqual(['h']);
  });

  test('a live one is never followed, however long it is silent', () => {
    const [a, b] = [at.taker('a'), at.taker('b')];
    at.take(a, file('1'));
    for (let day = 0; day < 3; day += 1) {
      at.now += 24 * 3_600_000;
      expect(at.words(b, file('1'))).toBe('held by a');
    }
  });

  test('one that nobody can see is followed after its silence, and not at the first look', () => {
    const a = at.taker('a', { isUnseen: true });
    const b = at.taker('b');
    at.take(a, file('1'));
    at.now += SILENT_MS - 1_000;
    expect(at.words(b, file('1'))).toBe('held by a');
    at.now += 2_000 + 3_600_000;
    expect(at.words(b, file('1'))).toBe('held by a');
    at.now += SUSPECTED_MS - 1;
    expect(at.words(b, file('1'))).toBe('held by a');
    at.now += 1;
    expect(at.words(b, file('1'))).toBe('locked');
  });

  test('a suspended laptop robs nobody: who is heard between the two looks keeps its lock', () => {
    const a = at.taker('a', { isUnseen: true });
    const b = at.taker('b');
    at.take(a, file('1'));
    at.now += 8 * 3_600_000;
    expect(at.words(b, file('1'))).toBe('held by a');
    at.now += 10_000;
    touchSession(at.home, 'a', null, at.now);
    at.now += SUSPECTED_MS;
    expect(at.words(b, file('1'))).toBe('held by a');
    at.now += 8 * 3_600_000;
    expect(at.words(b, file('1'))).toBe('held by a');
    at.now += 3_600_000;
    expect(at.words(b, file('1'))).toBe('held by a');
  });

  test('the sign of life of its session counts, not only that of the lock', () => {
    const a = at.taker('a', { isUnseen: true });
    at.take(a, file('1'));
    at.now += 10 * SILENT_MS;
    touchSession(at.home, 'a', null, at.now);
    expect(at.words(at.taker('b'), file('1'))).toBe('held by a');
  });

  test('a session whose process serves another one by now is over', () => {
    const a = at.taker('a');
    at.take(a, file('1'));
    at.now += 1_000;
    const later = at.taker('later');
    expect(at.words(later, file('1'))).toBe('held by a');
    const { process } = a.holder;
    const record = {
      session: 'next',
      agent: null,
      place: null,
      root: at.home,
      attended: false,
      transcript: null,
    };
    const folder = coordinationPath(at.home, 'roster', 'sessions');
    writeFileSync(
      join(folder, 'next.json'),
      JSON.stringify({ ...record, process, startedAt: new Date(at.now).toISOString() }),
    );
    expect(at.words(later, file('1'))).toBe('locked');
  });

  test('a resumed session keeps what it has, under its new process', () => {
    const a = at.taker('a');
    at.take(a, [file('1'), on('tree', 'src'), file('h', '3-3')]);
    at.die(a);
    const resumed = at.taker('a');
    expect(at.words(resumed, [file('1'), file('src/x'), file('h', '3-3')])).toBe('locked, locked, locked');
    const b = at.taker('b');
    expect(at.words(b, [file('1'), file('src/y'), file('i', '3-3')])).toBe('held by a, held by a, held by a');
  });

  test('the list releases what the dead have and names the living', () => {
    const [a, b] = [at.taker('a'), at.taker('b')];
    at.take(a, [file('1'), file('h', '1-1')]);
    at.take(b, on('tree', 'src'));
    at.die(a);
    const { locks, recovered } = listLocks(at.home, at.seams);
    expect(locks).toMatchObject([{ target: on('tree', 'src'), holder: 'agent-b', liveness: 'alive' }]);
    expect(recovered.map((target) => target.path).sort()).toEqual(['1', 'h']);
    expect(at.folders()).toHaveLength(1);
  });

  test('a record that nobody can read is held for ten seconds, by nobody known', () => {
    const b = at.taker('b');
    const dir = lockFolder(at.space(), 'file', '1');
    mkdirSync(dir, { recursive: true });
    writeFileSync(join(dir, '0000000001.json'), '');
    utimesSync(join(dir, '0000000001.json'), at.now / 1000, at.now / 1000);
    expect(at.take(b, file('1')).taken).toBe(false);
    at.now += 10_001;
    expect(at.words(b, file('1'))).toBe('locked');
    expect(readLock(dir)?.record.holder.session).toBe('b');
  });

  test('a removed record of a session makes nobody dead', () => {
    const a = at.taker('a');
    at.take(a, file('1'));
    removeSession(at.home, 'a', null);
    expect(at.words(at.taker('b'), file('1'))).toBe('held by a');
  });
});

describe('when a call fails', () => {
  test('on a full disk nothing of the taking stays', () => {
    const a = at.taker('a');
    let links = 0;
    const { linkSync } = { ...process.getBuiltinModule('node:fs') };
    replace({
      linkSync: (from, to) => {
        if (String(to).includes('locks-file') && ++links === 3) failing('ENOSPC')();
        linkSync(from, to);
      },
    });
    expect(() => at.take(a, [file('1'), file('2'), file('3')])).toThrow('ENOSPC');
    restore();
    expect(at.left()).toEqual([]);
    expect(at.words(at.taker('b'), [file('1'), file('2'), file('3')])).toBe('locked, locked, locked');
  });

  test('a note that a kill left is undone, and only what that taking linked', () => {
    const [a, b] = [at.taker('a'), at.taker('b')];
    at.take(a, file('before'));
    at.take(a, [file('1'), file('2')]);
    const taking = readLock(lockFolder(at.space(), 'file', '1'))?.note.taking;
    const dirs = ['before', '1', '2', '3'].map((path) => lockFolder(at.space(), 'file', path));
    writeFileSync(join(leasesFolder(at.home), 'locks-taking.json'), JSON.stringify({ taking, dirs }));
    expect(at.words(b, [file('1'), file('2'), file('3')])).toBe('locked, locked, locked');
    expect(at.words(b, file('before'))).toBe('held by a');
    expect(at.left()).toHaveLength(4);
  });
});

describe('what a look costs', () => {
  test('a file is looked up by the depth of its path, not by the number of locks', () => {
    const a = at.taker('a');
    const path = 'one/two/three/four.ts';
    const calls = () =>
      callsDuring(
        () => void foldersCovering(at.space(), file(path)).map(readLock),
        ['readdirSync', 'readFileSync', 'statSync'],
      );
    const before = calls().length;
    at.take(
      a,
      Array.from({ length: 300 }, (_, n) => file(`other/${n}.ts`)),
    );
    at.take(a, on('glob', 'other/**'));
    expect(calls().length).toBe(before);
    expect(before).toBeLessThanOrEqual(5 * 2 + 1 + 5);
  });

  test('one’s own file takes one look and no mutex', () => {
    const a = at.taker('a');
    at.take(a, file('deep/er/a.ts'));
    const calls = callsDuring(
      () => void at.take(a, file('deep/er/a.ts')),
      ['readdirSync', 'linkSync', 'openSync', 'mkdirSync'],
    );
    expect(calls).toEqual(['readdirSync']);
  });
});
