import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { expandGlob } from '../../../src/storage/light/expansion.ts';
import { put, scratch } from '../scratch.ts';

function ground(): string {
  const root = scratch();
  for (const name of [
    'a.ts',
    'b.ts',
    'c.md',
    '.env',
    'src/x.ts',
    'src/y.js',
    'src/deep/z.ts',
    'lib/x.ts',
    'a b.txt',
    '[x].ts',
    'q?.ts',
    '1.log',
    'é.txt',
  ])
    put(root, name);
  mkdirSync(join(root, 'empty'));
  symlinkSync('nowhere', join(root, 'dangling.ts'));
  return root;
}

let kept: string | undefined;
/** One for the tests that only look. */
function shared(): string {
  kept ??= ground();
  return kept;
}

/** What bash itself makes of the pattern. */
function asBash(root: string, pattern: string): string[] {
  const run = spawnSync('bash', ['-c', `printf '%s\\0' ${pattern}`], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], LC_ALL: 'C.UTF-8' },
  });
  return run.stdout
    .split('\0')
    .slice(0, -1)
    .map((path) => path.replace(root, ''))
    .sort();
}

const same = [
  '*',
  '*.ts',
  '*.md',
  '?.ts',
  '.*',
  '.e*',
  '[ab].ts',
  '[!a]*.ts',
  '[^a]*.ts',
  '[a-c].*',
  'src/*',
  '*/x.ts',
  '*/*.ts',
  '*/*/*.ts',
  '[]x]*',
  '[!]x]*.ts',
  '[[:alpha:]].ts',
  '*/*/*/*/*',
  'a.ts/*',
  'none*',
  'empty/*',
  'a*',
  '\\[x\\].ts',
  '[[]x*',
  'src/x.[tj]s',
  '[0-9].log',
  'd*',
  '*.txt',
  'lib//x*',
];
test.each(same)('%s expands as bash expands it', (pattern) => {
  const root = shared();
  const found = expandGlob(`${root}/${pattern}`);
  if (found === 'too-many') throw new Error('too many');
  const bare = (path: string) =>
    path
      .replace(root, '')
      .replace(/\/+/g, '/')
      .replace(/(.)\/$/, '$1');
  // Bash also lists `.` and `..` for `.*`, in some versions; coord takes what lies in the folder.
  const expected = asBash(root, `${root}/${pattern}`)
    .map(bare)
    .filter((path) => !/^\/\.\.?$/.test(path));
  const isNothing = expected.length === 1 && pattern.includes('*') && expected[0] === `/${pattern}`;
  expect(found.map(bare).sort()).toEqual(isNothing ? [`/${pattern}`] : expected);
});

const wider: [string, string[]][] = [
  ['@(a|b).ts', ['/a.ts', '/b.ts']],
  ['+(a).ts', ['/a.ts']],
  ['[![:digit:]a].ts', ['/b.ts']],
  ['*/', ['/empty', '/lib', '/src']],
  ['**/*.ts', ['/a.ts', '/src/x.ts']],
  ['[b-a].ts', []],
];
test.each(wider)('%s finds at least what a shell with every option would', (pattern, least) => {
  const root = shared();
  const found = expandGlob(`${root}/${pattern}`);
  const bare = found === 'too-many' ? [] : found.map((path) => join(path).replace(root, ''));
  expect(bare).toEqual(expect.arrayContaining(least));
});

test('a loop of links and a folder that may not be read are passed over', () => {
  const root = ground();
  symlinkSync('loop', join(root, 'loop'));
  mkdirSync(join(root, 'closed'), { mode: 0 });
  expect(expandGlob(`${root}/*/x.ts`)).toEqual(
    expect.arrayContaining([`${root}/lib/x.ts`, `${root}/src/x.ts`]),
  );
  expect(() => expandGlob(`${root}/*/*`)).not.toThrow();
});

test('what matches nothing is passed on as it is', () => {
  const pattern = join(scratch(), 'none-*.txt');
  expect(expandGlob(pattern)).toEqual([pattern]);
});

test('more than a thousand matches are too many, a thousand are not', () => {
  const root = scratch();
  for (let at = 0; at < 1_000; at++) put(root, `f${at}`, '');
  expect(expandGlob(`${root}/f*`)).toHaveLength(1_000);
  put(root, 'f1000', '');
  expect(expandGlob(`${root}/f*`)).toBe('too-many');
});
