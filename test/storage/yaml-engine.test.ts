import { afterEach, expect, test, vi } from 'vitest';
import { parseFrontMatter, printFrontMatter } from '../../src/storage/front-matter.ts';
import { safeDump, safeLoad, yamlEngine } from '../../src/storage/yaml-engine.ts';

const words: [string, unknown][] = [
  ['on', 'on'],
  ['off', 'off'],
  ['yes', 'yes'],
  ['no', 'no'],
  ['true', true],
  ['1', 1],
  ['01', 1],
  ['0o10', 8],
  ['1.10', 1.1],
  ['2026-02-20', '2026-02-20'],
  ['~', null],
  ['"1"', '1'],
  ['12:30', '12:30'],
  ['<<', '<<'],
];
afterEach(() => vi.restoreAllMocks());

test.each(words)('the word %s is read as YAML 1.2 says', (text, value) => {
  expect(yamlEngine.parse(`a: ${text}\n`)).toEqual({ a: value });
});

test.each(['', 'word', '1', 'null', '# nothing'])('%j holds no keys', (text) => {
  expect(yamlEngine.parse(text)).toEqual({});
});

test('a tag runs nothing and makes no object of a class', () => {
  for (const tag of [
    '!!js/function "function () { return 1 }"',
    '!!js/regexp /a/',
    '!!python/object:os.system x',
  ]) {
    const value = (safeLoad(`a: ${tag}\n`) as { a: unknown }).a;
    expect(typeof value).toBe('string');
  }
});

test('a key __proto__ pollutes nothing', () => {
  safeLoad('__proto__: {polluted: 1}\na: {__proto__: {polluted: 1}}\n');
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});

test('two keys of one name are refused', () => {
  expect(() => safeLoad('a: 1\na: 2\n')).toThrow(/unique/);
});

test('what was printed is read as it was, on one line each', () => {
  const value = {
    long: 'word '.repeat(80).trim(),
    words: ['on', 'null', '1', '~', ' x', 'a: b', '#', ''],
    n: null,
  };
  const text = safeDump(value);
  expect(yamlEngine.parse(text)).toEqual(value);
  expect(text.split('\n')[0]).toBe(`long: ${value.long}`);
  expect(yamlEngine.stringify(value)).toBe(text);
});

test.each(['a: !unknown x\n', '? [1, 2]\n: a\n', '? {b: 1}\n: a\n'])(
  '%j is read without a word on stderr',
  (text) => {
    const warned = vi.spyOn(process, 'emitWarning').mockReturnValue(undefined);
    const printed = vi.spyOn(console, 'warn').mockReturnValue(undefined);
    safeLoad(text);
    const read = parseFrontMatter(`---\n${text}---\n`);
    if ('code' in read) throw new Error(read.code);
    printFrontMatter(read, { coord: 'status/1' }, '');
    expect([...warned.mock.calls, ...printed.mock.calls]).toEqual([]);
  },
);
