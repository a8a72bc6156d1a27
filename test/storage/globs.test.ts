import { describe, expect, test } from 'vitest';
import { scopeRuleOf } from '../../src/storage/globs.ts';

const covers = (glob: string, path: string) => {
  const rule = scopeRuleOf(glob);
  return rule === undefined ? undefined : new RegExp(rule.pattern).test(path);
};

const rows: [string, string[], string[]][] = [
  [
    'src/**',
    ['src/a.ts', 'src/a/b/c.ts', 'src/.env', 'src/.hidden/x', 'src'],
    ['srcs/a', 'lib/src/a', 'a.ts', 'source'],
  ],
  ['src/*', ['src/a.ts', 'src/.env'], ['src/a/b.ts', 'src']],
  ['*.md', ['a.md', '.md', '.a.md'], ['docs/a.md', 'a.mdx', 'a.md/x']],
  ['**/*.md', ['a.md', 'docs/a.md', 'a/b/c.md', '.x/a.md'], ['a.mdx', 'md']],
  ['docs/', ['docs/a', 'docs/a/b', 'docs/.x', 'docs'], ['docs2/a', 'x/docs/a']],
  ['docs///', ['docs/a/b'], ['docs2/a']],
  ['./src/**', ['src/a'], ['a']],
  ['src/{api,web}/**', ['src/api/a', 'src/web/b/c'], ['src/other/a', 'src/{api,web}/a']],
  ['src/[ab].ts', ['src/a.ts', 'src/b.ts', 'src/[ab].ts'], ['src/c.ts', 'src/ab.ts']],
  ['a?.ts', ['ab.ts'], ['a.ts', 'a/.ts', 'abc.ts']],
  ['README.md', ['README.md'], ['README.md.bak', 'xREADME.md', 'readme.md', 'READMExmd']],
  ['app/(group)/**', ['app/(group)/page.tsx'], ['app/group/page.tsx']],
  ['app/\\(group\\)/**', ['app/(group)/page.tsx'], ['app/group/page.tsx']],
  ['**', ['a', 'a/b', '.env', '.a/.b'], []],
  ['.github/**', ['.github/workflows/ci.yml'], ['github/x']],
  ['ünï/*', ['ünï/a'], ['uni/a']],
];
for (const [glob, inside, outside] of rows) {
  describe(`the scope ${glob}`, () => {
    if (inside.length > 0) test.each(inside)('covers %s', (path) => expect(covers(glob, path)).toBe(true));
    if (outside.length > 0)
      test.each(outside)('does not cover %s', (path) => expect(covers(glob, path)).toBe(false));
  });
}

const refused = [
  '../x',
  'src/../../x',
  'a/..',
  '..',
  '/etc/**',
  '/',
  'C:/x',
  'c:x',
  '',
  './',
  'x'.repeat(301),
  './/etc/**',
  'src/{..,a}/x',
  '{../x,y}',
  'a/{b,../../c}',
];
test.each(refused)('the scope %j is refused', (glob) => {
  expect(scopeRuleOf(glob)).toBeUndefined();
});

test('a rule keeps the glob as it was written', () => {
  expect(scopeRuleOf('./docs/')?.glob).toBe('./docs/');
});
