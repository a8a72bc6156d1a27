import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hash128, isPlainName, leaseName, NAME_LENGTH_MAX } from '../../src/domain/names.ts';

/** The inverse of the code; it lives here because only the proof needs it. */
function decoded(name: string): string {
  if (name === '=') return '';
  return name.replace(/=u([0-9a-f]{4})|=([0-9a-f]{2})|__|_([a-z])|\+/g, (all, unit, ascii, letter) => {
    if (unit ?? ascii) return String.fromCharCode(Number.parseInt(unit ?? ascii, 16));
    if (all === '__') return '_';
    return all === '+' ? '/' : letter.toUpperCase();
  });
}

describe('leaseName', () => {
  test.each([
    ['src/app.ts', 'src+app.ts'],
    ['a/b', 'a+b'],
    ['a_b', 'a__b'],
    ['README.md', '_r_e_a_d_m_e.md'],
    ['mutex:npm test', 'mutex=3anpm=20test'],
    ['', '='],
    ['.', '=2e'],
    ['..', '=2e=2e'],
    ['../x', '=2e=2e+x'],
    ['.hidden', '=2ehidden'],
    ['ends.', 'ends=2e'],
    ['a...b', 'a.=2e=2eb'],
    ['nul', '=6eul'],
    ['com1.txt', '=63om1.txt'],
    ['console', 'console'],
    ['é', '=u00e9'],
    ['\ud800', '=ud800'],
    ['a\0b\\c', 'a=00b=5cc'],
  ])('%j becomes %s', (key, name) => {
    expect(leaseName(key)).toBe(name);
  });

  test('keys that once collided do not', () => {
    const keys = [
      'a/b',
      'a_b',
      'a+b',
      'a=2fb',
      'A/b',
      'a/B',
      'a//b',
      'a__b',
      'a b',
      'a\u0301',
      'á',
      '\ufffd',
      '\ud800',
    ];
    expect(new Set(keys.map((key) => leaseName(key).toLowerCase())).size).toBe(keys.length);
  });

  const anyKey = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 30 }),
    fc.string({
      unit: fc.constantFrom('a', 'B', '_', '=', '+', '/', '.', '~', '-', 'u', '2', 'f', '\ud800'),
      maxLength: 24,
    }),
  );

  test('short names decode to their key, so no two keys share one', () => {
    fc.assert(
      fc.property(anyKey, (key) => {
        const name = leaseName(key);
        if (name.includes('~')) return;
        expect(decoded(name)).toBe(key);
      }),
      { numRuns: 2_000 },
    );
  });

  test('every name is plain, lower-case, short and not hidden', () => {
    fc.assert(
      fc.property(fc.oneof(anyKey, fc.string({ maxLength: 2_000 })), (key) => {
        const name = leaseName(key);
        expect(name).toMatch(/^[a-z0-9\-+=_~.]+$/);
        expect(name.length).toBeLessThanOrEqual(NAME_LENGTH_MAX);
        expect(name).not.toMatch(/^\.|\.$|^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/);
        expect(isPlainName(name)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  test('long keys keep a readable start and differ in the hash alone', () => {
    const start = 'packages/server/src/'.repeat(10);
    const names = new Set<string>();
    for (let at = 0; at < 20_000; at += 1) names.add(leaseName(`${start}${at}.ts`));
    expect(names.size).toBe(20_000);
    expect(leaseName(`${start}A`)).toMatch(/^packages\+server\+src\+.*~[0-9a-f]{32}$/);
    expect(leaseName(`${start}A`)).not.toBe(leaseName(`${start}a`));
  });

  test('a long key never meets a short one', () => {
    const long = leaseName('x'.repeat(500));
    expect(leaseName(long)).not.toBe(long);
  });
});

describe('hash128', () => {
  test('each 32-bit lane alone is close to random: near-equal keys collide no more often than chance', () => {
    const count = 60_000;
    const lanes: Array<Set<string>> = [new Set(), new Set(), new Set(), new Set()];
    for (let at = 0; at < count; at += 1) {
      const hash = hash128(`src/module-${at}/index.ts`);
      for (let lane = 0; lane < 4; lane += 1) lanes[lane]?.add(hash.slice(lane * 8, lane * 8 + 8));
    }
    // By the birthday rule 60,000 of 2^32 collide 0.42 times; ten would be a broken lane.
    for (const lane of lanes) expect(lane.size).toBeGreaterThan(count - 10);
  });

  test('one changed character changes about half of the bits', () => {
    const bits = (hash: string) => BigInt(`0x${hash}`);
    const base = 'packages/server/src/index.ts';
    for (let at = 0; at < base.length; at += 1) {
      const changed = `${base.slice(0, at)}#${base.slice(at + 1)}`;
      let difference = bits(hash128(base)) ^ bits(hash128(changed));
      let count = 0;
      for (; difference > 0n; difference >>= 1n) count += Number(difference & 1n);
      expect(count, changed).toBeGreaterThan(35);
      expect(count, changed).toBeLessThan(93);
    }
  });
});

test.each([
  ['name.json', true],
  ['a..b', false],
  ['..', false],
  ['.', false],
  ['', false],
  ['a/b', false],
  ['a\\b', false],
  ['a\0', false],
  ['x'.repeat(256), false],
])('isPlainName(%j) is %j', (name, expected) => {
  expect(isPlainName(name)).toBe(expected);
});
