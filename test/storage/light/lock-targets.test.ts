/** However a path is spelled, it is one target with one key, or none. */
import { mkdirSync, realpathSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { LockTarget } from '../../../src/domain/lock.ts';
import { lockFolder } from '../../../src/storage/light/locks/files.ts';
import { lockSpaceOf, readLockTarget, targetAt } from '../../../src/storage/light/locks/targets.ts';
import type { HomedPlace } from '../../../src/storage/light/place.ts';
import { coordinated, placeAtHome, put, repository } from '../scratch.ts';

let place: HomedPlace;
let root = '';
beforeAll(() => {
  root = realpathSync(coordinated(repository()));
  put(root, 'src/f1.ts');
  put(root, 'src/sub/f2.ts');
  put(root, 'lib/a_b');
  put(root, 'lib/a/b');
  symlinkSync('src', join(root, 'alias'));
  symlinkSync(join(root, 'src', 'f1.ts'), join(root, 'one'));
  mkdirSync(join(root, 'empty'));
  place = placeAtHome(root);
});

function target(word: string, cwd = root): LockTarget {
  const found = readLockTarget(place, word, cwd);
  if ('code' in found) throw new Error(`${word}: ${found.why}`);
  return found;
}

function folderOf(found: LockTarget): string {
  return lockFolder(lockSpaceOf(place), found.kind, found.path);
}

describe('a file has one key', () => {
  test.each([
    'src/sub/../f1.ts',
    './src/f1.ts',
    'src//f1.ts',
    'alias/f1.ts',
    'alias/sub/../../src/f1.ts',
    'one',
    'lib/../src/./f1.ts',
  ])('by the name %s', (word) => {
    expect(target(word)).toEqual({ kind: 'file', place: null, path: 'src/f1.ts' });
    expect(folderOf(target(word))).toBe(folderOf(target('src/f1.ts')));
  });

  test('by its absolute path, and from any folder', () => {
    const key = folderOf(target('src/f1.ts'));
    expect(folderOf(target(join(root, 'src', 'f1.ts')))).toBe(key);
    expect(folderOf(target(`${root}/alias/../src/f1.ts`))).toBe(key);
    expect(folderOf(target('../f1.ts', join(root, 'src', 'sub')))).toBe(key);
    expect(folderOf(target('f1.ts', join(root, 'alias')))).toBe(key);
  });

  test('as a command line and as a tool name it', () => {
    const asTool = targetAt(place, join(root, 'src', 'f1.ts'), false);
    expect(asTool).toEqual(target('src/f1.ts'));
  });

  test('also before it is there', () => {
    expect(folderOf(target('src/later/../new.ts'))).toBe(folderOf(target(join(root, 'alias', 'new.ts'))));
  });
});

test('two files have two, however alike their names', () => {
  const keys = ['lib/a/b', 'lib/a_b', 'lib/a+b', 'lib/A_b', 'lib/a=b'].map((word) => folderOf(target(word)));
  expect(new Set(keys).size).toBe(keys.length);
});

test.each([
  ['src', 'tree', 'src'],
  ['alias/', 'tree', 'src'],
  ['later/', 'tree', 'later'],
  ['.', 'tree', ''],
  ['alias/*.ts', 'glob', 'src/*.ts'],
  ['src/sub/../*.ts', 'glob', 'src/*.ts'],
])('%s is the %s %s', (word, kind, path) => {
  expect(target(word)).toEqual({ kind, place: null, path });
});

test.each(['../outside', '/etc/hosts', '.git/config', ''])('%j is nothing that can be locked', (word) => {
  expect(readLockTarget(place, word, root)).toHaveProperty('code', 'lock-unusable');
});
