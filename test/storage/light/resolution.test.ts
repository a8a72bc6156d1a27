import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { relativeTo, resolvePath } from '../../../src/storage/light/resolution.ts';
import { put, scratch } from '../scratch.ts';

/** a/b/file.txt, c/, and links: to-b -> a/b, dangling -> c/new.txt, loop1 <-> loop2, up -> .. (in a). */
function ground(): string {
  const root = scratch();
  put(root, 'a/b/file.txt');
  mkdirSync(join(root, 'c'));
  const links = {
    'to-b': 'a/b',
    dangling: 'c/new.txt',
    loop1: 'loop2',
    loop2: 'loop1',
    self: 'self',
    'a/up': '..',
    absolute: join(root, 'a'),
    chain: 'to-b',
    'to-none': 'none/deep',
    'to-file': 'a/b/file.txt',
    'c/over': '../dangling',
  };
  for (const [name, target] of Object.entries(links)) symlinkSync(target, join(root, name));
  return root;
}

let kept: string | undefined;
/** One for all: nothing here is written. */
function shared(): string {
  kept ??= ground();
  return kept;
}

describe('resolvePath', () => {
  const rows: [string, string, string | undefined][] = [
    ['an existing file', 'a/b/file.txt', 'a/b/file.txt'],
    ['the folder itself', '.', ''],
    ['an empty name', '', ''],
    ['dots', './a/./b/../b/file.txt', 'a/b/file.txt'],
    ['repeated slashes', 'a//b///file.txt', 'a/b/file.txt'],
    ['a trailing slash', 'a/b/', 'a/b'],
    ['a trailing slash on what is not there', 'a/new/', 'a/new'],
    ['a new file', 'a/b/new.txt', 'a/b/new.txt'],
    ['missing parents', 'x/y/z.txt', 'x/y/z.txt'],
    ['`..` among missing parents', 'x/y/../../a/new', 'a/new'],
    ['`..` through what is not there', 'none/../a/b/file.txt', 'a/b/file.txt'],
    ['a linked folder', 'to-b/file.txt', 'a/b/file.txt'],
    ['a new file in a linked folder', 'to-b/new.txt', 'a/b/new.txt'],
    ['`..` after a link', 'to-b/../x', 'a/x'],
    ['`..` after a link, existing', 'to-b/../b/file.txt', 'a/b/file.txt'],
    ['a link to an absolute path', 'absolute/b/new', 'a/b/new'],
    ['a link to a link', 'chain/new', 'a/b/new'],
    ['a link upward', 'a/up/a/up/c/new', 'c/new'],
    ['a dangling link', 'dangling', 'c/new.txt'],
    ['a dangling link through another', 'c/over', 'c/new.txt'],
    ['below a dangling link', 'to-none/x', 'none/deep/x'],
    ['`..` after a dangling link', 'to-none/../x', 'none/x'],
    ['a file in the place of a folder', 'a/b/file.txt/x', 'a/b/file.txt/x'],
    ['a loop of links', 'loop1', undefined],
    ['below a loop of links', 'loop1/x/y', undefined],
    ['a link to itself', 'self', undefined],
    ['a NUL', 'a/b\0/file.txt', undefined],
    ['a NUL at the end', 'a/b/file.txt\0', undefined],
    ['a backslash, which is a letter here', 'a\\b', 'a\\b'],
    ['a line break and a space', 'a/ x\ny ', 'a/ x\ny '],
  ];
  test.each(rows)('takes %s as the kernel would', (_name, path, expected) => {
    const root = shared();
    const whole = expected === undefined ? undefined : join(root, expected).replace(/\/$/, '');
    expect(resolvePath(path, root)).toBe(whole);
    expect(resolvePath(`${root}/${path}`, '/nowhere')).toBe(whole);
  });

  test('a folder to start from that is a link is resolved too', () => {
    const root = shared();
    expect(resolvePath('new', join(root, 'to-b'))).toBe(join(root, 'a/b/new'));
    expect(resolvePath('../new', join(root, 'to-b'))).toBe(join(root, 'a/new'));
  });

  test('more `..` than there are folders end at the root', () => {
    expect(resolvePath(`${'../'.repeat(50)}etc/none-such`, scratch())).toBe('/etc/none-such');
    expect(resolvePath('/', '/tmp')).toBe('/');
  });

  test('a chain of forty links is followed, an endless one is not', () => {
    const root = scratch();
    for (let at = 0; at < 39; at++) symlinkSync(`l${at + 1}`, join(root, `l${at}`));
    expect(resolvePath('l0', root)).toBe(join(root, 'l39'));
    for (let at = 39; at < 60; at++) symlinkSync(`l${at + 1}`, join(root, `l${at}`));
    expect(resolvePath('l0', root)).toBeUndefined();
  });

  test('a name longer than any system takes is no exception', () => {
    expect(() => resolvePath('x'.repeat(5_000), scratch())).not.toThrow();
    expect(() => resolvePath('x/'.repeat(5_000), scratch())).not.toThrow();
  });
});

describe('relativeTo', () => {
  const rows: [string, string, string | undefined][] = [
    ['/a', '/a', ''],
    ['/a', '/a/b/c', 'b/c'],
    ['/a', '/ab', undefined],
    ['/a/b', '/a', undefined],
    ['/', '/x', 'x'],
    ['/', '/', ''],
    ['/a', '/A/b', undefined],
  ];
  test.each(rows)('below %s, %s is %s', (root, path, expected) => {
    expect(relativeTo(root, path)).toBe(expected);
  });
});
