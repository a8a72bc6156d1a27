import { describe, expect, test } from 'vitest';
import {
  type Disk,
  type FileState,
  type IndexState,
  obstacles,
  parseRawDiff,
  planSync,
  type TreeChange,
} from '../../src/domain/checkout-sync.ts';

const A = 'a'.repeat(40);
const B = 'b'.repeat(40);
const NONE = '0'.repeat(40);

describe('a raw diff', () => {
  test('has both entries of each path, whatever is in its name', () => {
    const printed = `:100644 100755 ${A} ${B} M\0a b\n"c\0:000000 120000 ${NONE} ${B} A\0new\0:160000 000000 ${A} ${NONE} D\0lib\0`;
    expect(parseRawDiff(printed)).toEqual([
      { path: 'a b\n"c', old: { mode: '100644', oid: A }, new: { mode: '100755', oid: B }, status: 'M' },
      { path: 'new', old: null, new: { mode: '120000', oid: B }, status: 'A' },
      { path: 'lib', old: { mode: '160000', oid: A }, new: null, status: 'D' },
    ]);
  });
  test('of nothing is empty', () => expect(parseRawDiff('')).toEqual([]));
  test.each(['nonsense\0x\0', `:100644 100644 ${A} ${B}\0x\0`])('%j is none', (printed) => {
    expect(() => parseRawDiff(printed)).toThrow('not a raw diff');
  });
});

describe('the plan of a sync', () => {
  const step = (file: FileState, index: IndexState, isHeadNew = true) => {
    const { rewind, advance, aside, leave, still } = planSync([{ path: 'p', isHeadNew, index, file }]);
    const names = { rewind, advance, aside, leave, still };
    return Object.entries(names)
      .filter(([, paths]) => paths.length > 0)
      .map(([name]) => name)
      .join(' ');
  };
  const cases: readonly (readonly [FileState, IndexState, string])[] = [
    ['old', 'old', ''],
    ['missing', 'old', ''],
    ['new', 'old', 'advance still'],
    ['other', 'old', 'aside'],
    ['old', 'new', 'rewind'],
    ['missing', 'new', 'rewind'],
    ['new', 'new', 'still'],
    ['other', 'new', 'leave still'],
    ['old', 'other', 'leave still'],
    ['new', 'other', 'leave still'],
    ['other', 'other', 'leave still'],
  ];
  test.each(cases)('a file that is %s with an index that says %s: %j', (file, index, wanted) => {
    expect(step(file, index)).toBe(wanted);
  });
  test.each(cases)(
    'a file that is %s with an index that says %s is left alone where HEAD went on',
    (file, index) => {
      expect(step(file, index, false)).toBe('leave still');
    },
  );
});

describe('what is in the way', () => {
  /** A name that ends in `/` is an empty folder. */
  function disk(files: readonly string[], isCaseBlind = false): Disk {
    const fold = (path: string) => (isCaseBlind ? path.toLowerCase() : path);
    const isFolder = (path: string) => files.some((one) => fold(one).startsWith(`${fold(path)}/`));
    const isFile = (path: string) => files.some((one) => fold(one) === fold(path));
    return {
      look: (path) => (isFile(path) ? 'file' : isFolder(path) ? 'folder' : 'missing'),
      below: (path) => files.filter((one) => one.startsWith(`${path}/`) && !one.endsWith('/')),
      isCaseBlind,
    };
  }
  const entry = { mode: '100644', oid: A };
  const link = { mode: '160000', oid: A };
  const add = (path: string): TreeChange => ({ path, old: null, new: entry });
  const edit = (path: string): TreeChange => ({ path, old: entry, new: { ...entry, oid: B } });
  const drop = (path: string): TreeChange => ({ path, old: entry, new: null });

  const cases: readonly (readonly [string, readonly TreeChange[], readonly string[], readonly string[]])[] = [
    ['nothing', [add('a'), edit('b'), drop('c')], ['b', 'c'], []],
    ['a file', [add('a')], ['a'], ['a']],
    ['an empty folder', [add('a')], ['a/'], []],
    ['a folder with files', [add('a')], ['a/x', 'a/b/y'], ['a/x', 'a/b/y']],
    ['files that go with their folder', [add('a'), drop('a/x')], ['a/x'], []],
    ['a file beside those that go', [add('a'), drop('a/x')], ['a/x', 'a/mine'], ['a/mine']],
    ['a file where a folder is needed', [add('a/b/c')], ['a'], ['a']],
    ['a file further down', [add('a/b/c')], ['a/b', 'a/x'], ['a/b']],
    ['a file that goes for a folder', [drop('a'), add('a/b')], ['a'], []],
    ['a file once, for many', [add('a/b'), add('a/c')], ['a'], ['a']],
    ['neighbours', [add('a/b')], ['a/c', 'ab', 'a.b'], []],
    ['an edited file', [edit('a/b')], ['a/b'], []],
    ['another case', [drop('Name'), add('name')], ['Name', 'name'], ['name']],
    ['a submodule that goes', [{ path: 'lib', old: link, new: null }], ['lib/x'], []],
    ['a submodule that becomes a file', [{ path: 'lib', old: link, new: entry }], ['lib/x'], ['lib']],
    ['an empty submodule that becomes a file', [{ path: 'lib', old: link, new: entry }], ['lib/'], []],
    [
      'a submodule that becomes a folder',
      [{ path: 'lib', old: link, new: null }, add('lib/y')],
      ['lib/x'],
      ['lib'],
    ],
    ['a submodule that moves', [{ path: 'lib', old: link, new: { ...link, oid: B } }], ['lib/x'], []],
    ['a new submodule over a folder', [{ path: 'lib', old: null, new: link }], ['lib/x'], []],
  ];
  test.each(cases)('%s', (_, changes, files, wanted) => {
    expect(obstacles(changes, disk(files))).toEqual(wanted);
  });

  test('not the same file under another case, where the disk is blind to it', () => {
    expect(obstacles([drop('Name'), add('name')], disk(['Name'], true))).toEqual([]);
    expect(obstacles([drop('Dir/a'), add('dir/a')], disk(['Dir/a'], true))).toEqual([]);
    expect(obstacles([add('name')], disk(['NAME'], true))).toEqual(['name']);
  });

  test('of very many no more than enough are named', () => {
    const files = Array.from({ length: 1_000 }, (_, n) => `a/${n}`);
    expect(obstacles([add('a')], disk(files))).toHaveLength(50);
  });
});
