import fc from 'fast-check';
import picomatch from 'picomatch';
import { describe, expect, test } from 'vitest';
import { globsOverlap } from '../../src/domain/glob-overlap.ts';

describe('globsOverlap', () => {
  test.each([
    ['lib/*.ts', 'lib/a*'],
    ['lib/a*', 'lib/abc.ts'],
    ['src/**', 'src/api/server.ts'],
    ['**', 'x'],
    ['**/*.ts', 'src/api/**'],
    ['src/**/test/*.ts', 'src/test/a.ts'],
    ['a/{b,c}/*', '*/c/d'],
    ['a[0-9]*', 'a7.txt'],
    ['[^a]b', 'xb'],
    ['[^a]b', '[^c]b'],
    ['[!a]b', 'ab'],
    ['src/', 'src/deep/down/file'],
    ['./src/a.ts', 'src/a.ts'],
    ['*.test.*', 'x.test.ts'],
    ['a*b*c', '*ab*bc'],
    ['+(x|y).ts', 'anything.ts'],
    ['src/**/*', 'src/a'],
    ['a/**/b', 'a/b'],
    ['a/**', 'a'],
    ['\\*.ts', '[*].ts'],
  ])('%s and %s overlap', (a, b) => {
    expect([globsOverlap(a, b), globsOverlap(b, a)]).toEqual([true, true]);
  });

  test.each([
    ['lib/*.ts', 'lib/a.js'],
    ['src/a/**', 'src/b/**'],
    ['src/*', 'src/a/b'],
    ['a?c', 'ac'],
    ['a/{b,c}/*', 'a/d/e'],
    ['[a-c]x', '[d-f]x'],
    ['[^a]b', 'ab'],
    ['**/*.ts', 'src/api/readme.md'],
    ['Src/**', 'src/**'],
    ['src', 'src2'],
    ['a/*/c', 'a/b'],
    ['x.2', 'x.25'],
    ['\\*.ts', 'a.ts'],
  ])('%s and %s do not', (a, b) => {
    expect([globsOverlap(a, b), globsOverlap(b, a)]).toEqual([false, false]);
  });

  test('case counts only where the file system sees it', () => {
    expect(globsOverlap('Src/**', 'src/a.ts', true)).toBe(true);
  });

  const part = fc.constantFrom('a', 'b', '*', '?', '[ab]', '[^a]', 'ab', '{a,b}');
  const segment = fc.oneof(
    { weight: 5, arbitrary: fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('')) },
    { weight: 1, arbitrary: fc.constant('**') },
  );
  const glob = fc
    .array(segment, { minLength: 1, maxLength: 3 })
    .map((parts) => parts.join('/'))
    // `**` glued to something else is a star of another kind.
    .filter((text) => text.split('/').every((one) => one === '**' || !one.includes('**')));
  const path = fc
    .array(fc.stringMatching(/^[abc]{1,4}$/), { minLength: 1, maxLength: 4 })
    .map((parts) => parts.join('/'));

  test('what one path matches overlaps', () => {
    fc.assert(
      fc.property(glob, glob, path, (a, b, file) => {
        const isMatch = (pattern: string) => picomatch(pattern, { dot: true })(file);
        if (isMatch(a) && isMatch(b)) expect(globsOverlap(a, b)).toBe(true);
      }),
      { numRuns: 3_000 },
    );
  });

  test('what overlaps has a path that both match', () => {
    const letters = ['a', 'b', 'c'];
    const words = letters.flatMap((x) => [
      x,
      ...letters.flatMap((y) => [x + y, ...letters.map((z) => x + y + z)]),
    ]);
    fc.assert(
      fc.property(segment, segment, (a, b) => {
        fc.pre(a !== '**' && b !== '**' && !`${a}${b}`.includes('**'));
        const both = [picomatch(a, { dot: true }), picomatch(b, { dot: true })] as const;
        const hasWord = words.some((word) => both[0](word) && both[1](word));
        if (hasWord) expect(globsOverlap(a, b)).toBe(true);
        // Words are at most three letters long, so only short patterns can be told apart for sure.
        const isShort = a.length <= 2 && b.length <= 2;
        if (isShort && !hasWord) expect(globsOverlap(a, b)).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });

  test('long patterns cost no more than the product of their lengths', () => {
    const a = `${'*a'.repeat(200)}*`;
    const startedAt = performance.now();
    expect(globsOverlap(a, `${'*b'.repeat(200)}*`)).toBe(true);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });
});
