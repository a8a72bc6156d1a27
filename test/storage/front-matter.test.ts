import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type FrontMatter, parseFrontMatter, printFrontMatter } from '../../src/storage/front-matter.ts';
import { scratch } from './scratch.ts';

function good(text: string): FrontMatter {
  const found = parseFrontMatter(text);
  if ('code' in found) throw new Error(JSON.stringify(found));
  return found;
}

function flaw(text: string) {
  const found = parseFrontMatter(text);
  if (!('code' in found)) throw new Error(`taken: ${JSON.stringify(found.data)}`);
  return found;
}

describe('languages', () => {
  const refused = [
    'js',
    'json',
    'coffee',
    'toml',
    'javascript',
    'JS',
    ' js',
    'js ',
    'yml',
    'yaml js',
    'cson',
  ];
  test.each(refused)('`---%s` is refused by its name', (language) => {
    const text = `---${language}\n{ "a": 1 }\n---\nbody\n`;
    expect(flaw(text)).toEqual({ code: 'front-matter-language', line: 1, language: language.trim() });
  });

  test.each(['js', 'javascript', 'coffee', 'JS '])('`---%s` is not run', (language) => {
    const mark = join(scratch(), 'ran');
    const code = `{ a: require('fs').writeFileSync(${JSON.stringify(mark)}, 'ran') }`;
    expect(flaw(`---${language}\n${code}\n---\n`).code).toBe('front-matter-language');
    expect(existsSync(mark)).toBe(false);
  });

  test.each(['', 'yaml', ' yaml', 'YAML', ' '])('`---%s` is YAML', (language) => {
    expect(good(`---${language}\na: 1\n---\nbody\n`)).toMatchObject({ data: { a: 1 }, body: 'body\n' });
  });
});

describe('flaws', () => {
  const rows: [string, string, object][] = [
    ['an empty text', '', { code: 'front-matter-missing', line: 1 }],
    ['a text without it', '# Hello\n', { code: 'front-matter-missing', line: 1 }],
    ['a blank line before it', '\n---\na: 1\n---\n', { code: 'front-matter-missing', line: 1 }],
    ['a thematic break of five dashes', '-----\n\n# Hello\n', { code: 'front-matter-missing', line: 1 }],
    ['a missing close', '---\na: 1\nb: 2\n', { code: 'front-matter-broken', line: 4 }],
    ['a close that is longer', '---\na: 1\n----\n', { code: 'front-matter-broken', line: 4 }],
    ['an indented close', '---\na: 1\n ---\n', { code: 'front-matter-broken', line: 4 }],
    [
      'a longer line of dashes before the close',
      '---\na: 1\n---- y\n---\n',
      { code: 'front-matter-broken', line: 3 },
    ],
    ['three dashes alone', '---', { code: 'front-matter-broken', line: 1 }],
    ['a bad line', '---\na: 1\nb: [1, 2\nc: 3\n---\n', { code: 'front-matter-broken', line: 4 }],
    ['a bad first line', '---\na: b: c\nd: 1\n---\n', { code: 'front-matter-broken', line: 2 }],
    ['a tab as indentation', '---\na:\n\t- 1\n---\n', { code: 'front-matter-broken', line: 3 }],
    ['a key twice', '---\na: 1\nb: 2\na: 3\n---\n', { code: 'front-matter-broken', line: 4 }],
    ['a key twice, CRLF', '---\r\na: 1\r\nb: 2\r\na: 3\r\n---\r\n', { code: 'front-matter-broken', line: 4 }],
    ['a list', '---\n- a\n- b\n---\n', { code: 'front-matter-broken', line: 2 }],
    ['a word', '---\nhello\n---\n', { code: 'front-matter-broken', line: 2 }],
    ['an unknown alias', '---\na: *nobody\n---\n', { code: 'front-matter-broken', line: 2 }],
  ];
  test.each(rows)('%s is told with its line', (_name, text, expected) => {
    expect(flaw(text)).toMatchObject(expected);
  });

  test('an alias bomb is refused at once', () => {
    const levels = Array.from({ length: 12 }, (_, at) => {
      const items = Array.from({ length: 10 }, () => `*a${at - 1}`).join(', ');
      return `a${at}: &a${at} [${at === 0 ? 'lol' : items}]`;
    });
    const before = performance.now();
    expect(flaw(`---\n${levels.join('\n')}\n---\n`).code).toBe('front-matter-broken');
    expect(performance.now() - before).toBeLessThan(2_000);
  });
});

describe('what is read', () => {
  const rows: [string, string, object, string][] = [
    ['a BOM', '\ufeff---\na: 1\n---\nbody\n', { a: 1 }, 'body\n'],
    ['CRLF', '---\r\na: 1\r\nb: x\r\n---\r\none\r\ntwo\r\n', { a: 1, b: 'x' }, 'one\r\ntwo\r\n'],
    ['no key', '---\n---\nbody', {}, 'body'],
    ['comments alone', '---\n# nothing yet\n---\nbody', {}, 'body'],
    ['no body', '---\na: 1\n---', { a: 1 }, ''],
    ['a body with dashes', '---\na: 1\n---\none\n---\ntwo\n---\n', { a: 1 }, 'one\n---\ntwo\n---\n'],
    ['on and off as words', '---\na: on\nb: off\nc: yes\n---\n', { a: 'on', b: 'off', c: 'yes' }, ''],
  ];
  test.each(rows)('%s', (_name, text, data, body) => {
    const found = good(text);
    expect(found.data).toEqual(data);
    expect(found.body).toBe(body);
  });

  test('a line that only begins with three dashes does not close it', () => {
    expect(good('---\na: |\n  x\n  ---- y\nb: 2\n---\nbody\n').data).toEqual({ a: 'x\n---- y\n', b: 2 });
  });

  test('the line of a value is its line in the file, the nearest one where it has none', () => {
    const { lineOf } = good('---\n# note\nplans:\n  - id: a\n    state: banana\n---\n');
    const lines = [['plans', 0, 'state'], ['plans', 0, 'title'], ['plans'], ['nothing'], []].map(lineOf);
    expect(lines).toEqual([5, 4, 4, 2, 2]);
  });
});

describe('printFrontMatter', () => {
  const text = '---\n# the team asked for this\na: 1 # why one\nours: {x: 1}   # kept\nb: two\n---\nbody\n';

  test('the values it had give the text back', () => {
    expect(printFrontMatter(good(text), { a: 1, b: 'two' }, 'body\n')).toBe(
      text.replace('   # kept', ' # kept').replace('{x: 1}', '{ x: 1 }'),
    );
  });

  test('comments and unknown keys stay, the changed key alone changes', () => {
    const printed = printFrontMatter(good(text), { b: 'three', c: [1] }, 'body\n');
    for (const kept of ['# the team asked for this', 'a: 1 # why one', '# kept', 'b: three\n'])
      expect(printed).toContain(kept);
    expect(good(printed)).toMatchObject({
      data: { a: 1, ours: { x: 1 }, b: 'three', c: [1] },
      body: 'body\n',
    });
  });

  test('a long line is not folded, undefined is not printed', () => {
    const long = 'word '.repeat(60).trim();
    expect(printFrontMatter(undefined, { long, none: undefined }, '')).toBe(`---\nlong: ${long}\n---\n`);
  });

  const hard = [
    '---',
    'a\n---\nb',
    '---\nb: 1',
    '- x',
    '# no',
    'yes: no',
    ' x ',
    '\ttab',
    'it\'s "so"',
    '\u2028',
    'null',
    '',
    '😀',
    '\n\n',
  ];
  test.each(hard)('the value %j comes back as it was', (value) => {
    for (const before of [undefined, good('---\nother: 1\n---\n')]) {
      const found = good(printFrontMatter(before, { value, list: [value] }, '# Body\n'));
      expect(found.data).toMatchObject({ value, list: [value] });
      expect(found.body).toBe('# Body\n');
    }
  });
});
