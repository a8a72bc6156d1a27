import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  collide,
  covers,
  includes,
  isGlob,
  type LockKind,
  type LockTarget,
  lockKey,
  PEN,
  parseLockNote,
  pathsAround,
  printLockNote,
  reservedAs,
  stemOf,
  targetName,
  testMutexOf,
} from '../../src/domain/lock.ts';

const on = (kind: LockKind, path: string, place: string | null = null): LockTarget => ({ kind, place, path });

/** Narrow enough that paths meet, with the characters that keys once confused. */
const part = fc.constantFrom('a', 'b', 'a_b', 'A', '[id]', 'x.ts', 'a.ts', '(g)', '{k}', '*', 'ä');
const path = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
const glob = fc
  .array(fc.constantFrom('a', 'b', '**', '*', '*.ts', 'a*', '?', '{a,b}', '[ab]'), {
    minLength: 1,
    maxLength: 4,
  })
  .map((parts) => parts.join('/'));
const target = fc
  .tuple(fc.constantFrom<LockKind>('file', 'tree', 'glob'), path, glob)
  .map(([kind, name, pattern]) => on(kind, kind === 'glob' ? pattern : name));

describe('what a lock covers', () => {
  test.each<[LockTarget, string, boolean]>([
    [on('file', 'src/a.ts'), 'src/a.ts', true],
    [on('file', 'src/a.ts'), 'src/a.tsx', false],
    [on('file', 'a/b'), 'a_b', false],
    [on('file', 'src'), 'src/a.ts', false],
    [on('tree', 'src'), 'src', true],
    [on('tree', 'src'), 'src/deep/a.ts', true],
    [on('tree', 'src'), 'src2/a.ts', false],
    [on('tree', ''), 'anything', true],
    [on('glob', 'lib/*.ts'), 'lib/a.ts', true],
    [on('glob', 'lib/*.ts'), 'lib/deep/a.ts', false],
    [on('glob', 'lib/**'), 'lib/deep/a.ts', true],
    [on('glob', 'app/*'), 'app/[id].tsx', true],
  ])('%j covers %s: %j', (lock, file, expected) => {
    expect(covers(lock, file, false)).toBe(expected);
  });

  test('case counts where the file system tells it apart, and only there', () => {
    expect(covers(on('file', 'Src/A.ts'), 'src/a.ts', true)).toBe(true);
    expect(covers(on('file', 'Src/A.ts'), 'src/a.ts', false)).toBe(false);
    expect(covers(on('tree', 'SRC'), 'src/a.ts', true)).toBe(true);
    expect(covers(on('glob', 'SRC/*'), 'src/a.ts', true)).toBe(true);
    expect(lockKey(null, 'Cafe\u0301', true)).toBe(lockKey(null, 'caf\u00e9', true));
  });
});

describe('which locks collide', () => {
  test.each<[LockTarget, LockTarget, boolean]>([
    [on('glob', 'lib/*.ts'), on('glob', 'lib/a*'), true],
    [on('glob', 'lib/a/**'), on('glob', 'lib/b/**'), false],
    [on('tree', 'src/a'), on('glob', 'src/*/x.ts'), true],
    [on('tree', 'src/b'), on('glob', 'src/a/*'), false],
    [on('tree', 'app/[id]'), on('glob', 'app/i/*'), false],
    [on('tree', 'src'), on('tree', 'src/a'), true],
    [on('tree', 'src'), on('tree', 'srcs'), false],
    [on('file', 'src/a.ts'), on('tree', 'src'), true],
    [on('file', 'src/a.ts'), on('file', 'src/a.ts', 'wt'), false],
  ])('%j and %j: %j', (one, other, expected) => {
    expect(collide(one, other, false)).toBe(expected);
    expect(collide(other, one, false)).toBe(expected);
  });

  test('two names of one file collide by its inode', () => {
    const one = { ...on('file', 'a'), inode: '1-2' };
    expect(collide(one, { ...on('file', 'b'), inode: '1-2' }, false)).toBe(true);
    expect(collide(one, { ...on('file', 'b'), inode: '1-3' }, false)).toBe(false);
    expect(collide(on('file', 'a'), on('file', 'b'), false)).toBe(false);
  });

  test('it works both ways, and every lock collides with itself', () => {
    fc.assert(
      fc.property(target, target, (a, b) => {
        expect(collide(a, b, false)).toBe(collide(b, a, false));
        expect(collide(a, a, false)).toBe(true);
      }),
    );
  });

  test('whoever covers a file collides with everybody else who covers it', () => {
    fc.assert(
      fc.property(target, target, path, fc.boolean(), (a, b, file, blind) => {
        if (covers(a, file, blind) && covers(b, file, blind)) expect(collide(a, b, blind)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test('a lock that includes another collides with it, and covers what that one covers', () => {
    fc.assert(
      fc.property(target, target, path, (a, b, file) => {
        if (!includes(a, b, false)) return;
        expect(collide(a, b, false)).toBe(true);
        if (covers(b, file, false)) expect(covers(a, file, false)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

describe('keys', () => {
  test('two paths have one key only when they are one path', () => {
    fc.assert(
      fc.property(path, path, (a, b) => {
        expect(lockKey(null, a, false) === lockKey(null, b, false)).toBe(a === b);
        expect(lockKey(null, a, false)).not.toBe(lockKey('wt', a, false));
      }),
    );
  });

  test('the folders around a path are those a lock on it may lie at', () => {
    expect(pathsAround('src/a/b.ts')).toEqual(['', 'src', 'src/a', 'src/a/b.ts']);
    expect(pathsAround('')).toEqual(['']);
  });

  test.each([
    ['src/api/*.ts', 'src/api'],
    ['**', ''],
    ['src/a*/b', 'src'],
    ['src/{a,b}/c', 'src'],
  ])('the stem of %s is %j', (pattern, stem) => {
    expect(stemOf(pattern)).toBe(stem);
  });

  test('whatever a pattern covers lies below its stem', () => {
    fc.assert(
      fc.property(glob.filter(isGlob), path, (pattern, file) => {
        if (covers(on('glob', pattern), file, false)) expect(pathsAround(file)).toContain(stemOf(pattern));
      }),
      { numRuns: 500 },
    );
  });
});

describe('the test mutex and the pen', () => {
  test('are in nobody’s way but their own: not a path’s, not another worktree’s', () => {
    const reserved = [testMutexOf(null), testMutexOf('01-x'), PEN];
    for (const one of reserved)
      for (const other of [
        ...reserved,
        on('tree', ''),
        on('glob', '**'),
        on('tree', '', '01-x'),
        on('file', '01-x'),
      ]) {
        expect(collide(one, other, false)).toBe(one === other);
        expect(includes(one, other, false)).toBe(one === other);
      }
  });

  test('are called by a name that is no path', () => {
    expect([testMutexOf('01-x'), PEN, on('tree', ''), on('file', 'a', '01-x')].map(targetName)).toEqual([
      '~tests',
      '~pen',
      '.',
      'a',
    ]);
    expect([testMutexOf(null), PEN, on('file', '~tests')].map(reservedAs)).toEqual([
      'tests',
      'pen',
      undefined,
    ]);
  });
});

describe('the note in a lease', () => {
  test('tells for what a test mutex is held', () => {
    const transcript = { path: '/t.jsonl', size: 12 };
    const errand = { command: 'npm test', text: 'npm t', call: 't1', transcript, isBackground: true };
    const note = { target: testMutexOf(null), name: 'n', taking: 't', isAlias: false, errand };
    expect(parseLockNote(printLockNote(note))).toEqual(note);
    const odd = JSON.stringify({ ...JSON.parse(printLockNote(note)), errand: 'npm test' });
    expect(parseLockNote(odd)).toEqual({ target: note.target, name: 'n', taking: 't', isAlias: false });
  });

  test('says again what it was told', () => {
    fc.assert(
      fc.property(target, fc.string(), fc.boolean(), (lock, name, isAlias) => {
        const note = { target: lock, name, taking: 't', isAlias };
        expect(parseLockNote(printLockNote(note))).toEqual(note);
      }),
    );
  });

  test.each([
    null,
    '',
    '{',
    'null',
    '[]',
    '{"kind":"door","place":null,"path":"a","name":"n","taking":"t"}',
    '{"kind":"file"}',
  ])('%j is none', (text) => {
    expect(parseLockNote(text)).toBeUndefined();
  });
});
