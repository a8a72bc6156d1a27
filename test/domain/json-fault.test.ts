import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { jsonFaultOf } from '../../src/domain/json-fault.ts';

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

test.each([
  ['', 'unfinished'],
  [' \n', 'unfinished'],
  ['{', 'unfinished'],
  ['{"', 'unfinished'],
  ['{"a', 'unfinished'],
  ['{"a\\', 'unfinished'],
  ['{"a\\u00', 'unfinished'],
  ['{"a"', 'unfinished'],
  ['{"a":', 'unfinished'],
  ['{"a":-', 'unfinished'],
  ['{"a":1.', 'unfinished'],
  ['{"a":1e+', 'unfinished'],
  ['{"a":tr', 'unfinished'],
  ['{"a":1,', 'unfinished'],
  ['[', 'unfinished'],
  ['[1,[2', 'unfinished'],
  ['{"a":1}', undefined],
  ['{"a":1} \n', undefined],
  ['[]', undefined],
  ['{"a":[{},[],"",-0.5e-3,null]}', undefined],
  ['{"a":1}}', 1],
  ['{"a":1}{"a":1}', 1],
  ['{"a":1}\n{"a":1}\n', 2],
  ['{"a":1,}', 1],
  ['[1,]', 1],
  ['{,', 1],
  ["{'a':1}", 1],
  ['{a:1}', 1],
  ['{"a":01', 1],
  ['{"a":1.2.3', 1],
  ['{"a":+1', 1],
  ['{"a":e', 1],
  ['{"a":trux', 1],
  ['{"a":NaN}', 1],
  ['{"a":"x\ny"}', 1],
  ['{"a":"\\x41"}', 1],
  ['{"a":"\\u00g', 1],
  ['{"a" "b"}', 1],
  ['{"a":1 // why\n}', 1],
  ['{\n"a": 1\n"b": 2\n}', 3],
  ['{"a":1]', 1],
  ['[1}', 1],
  ['{"a"}', 1],
  ['{"a":}', 1],
  ['\u00a0{}', 1],
])('%j is %j', (text, expected) => {
  const fault = jsonFaultOf(text);
  expect(fault?.kind === 'wrong' ? fault.line : fault?.kind).toBe(expected);
  expect(isJson(text)).toBe(expected === undefined);
});

describe('whatever the text', () => {
  const spaced = fc
    .tuple(fc.jsonValue(), fc.constantFrom(undefined, 2, '\t'))
    .map(([value, gap]) => JSON.stringify(value, null, gap));
  const piece = fc.constantFrom(...'{}[],:"\\ \n0123456789.eE+-truefalsn', '"a"', 'true', '\\u', 'é', '\0');
  const soup = fc.array(piece, { maxLength: 16 }).map((pieces) => pieces.join(''));

  test('it has no fault exactly where JSON.parse takes it', () => {
    fc.assert(
      fc.property(fc.oneof(spaced, soup, fc.string()), (text) => {
        expect(jsonFaultOf(text) === undefined).toBe(isJson(text));
      }),
      { numRuns: 5_000 },
    );
  });

  test('a beginning of JSON is unfinished, or JSON itself', () => {
    fc.assert(
      fc.property(spaced, fc.nat(), (text, at) => {
        const beginning = text.slice(0, at % (text.length + 1));
        expect(jsonFaultOf(beginning)?.kind).not.toBe('wrong');
      }),
      { numRuns: 3_000 },
    );
  });

  test('nothing that follows makes a wrong one right', () => {
    fc.assert(
      fc.property(soup, soup, (text, more) => {
        fc.pre(jsonFaultOf(text)?.kind === 'wrong');
        expect(isJson(text + more)).toBe(false);
      }),
      { numRuns: 3_000 },
    );
  });

  test('an unfinished one can be finished', () => {
    const ends = [
      '',
      '"',
      '0',
      '0"',
      'ue',
      'rue',
      'e',
      'll',
      'ull',
      'l',
      'alse',
      'lse',
      'se',
      '00"',
      '000"',
      '0000"',
      'n"',
    ];
    const finish = (text: string): boolean => {
      const open = [...text.replace(/"(?:[^"\\]|\\.)*(?:"|\\?$)/gs, '')].filter((it) => '{[}]'.includes(it));
      const stack: string[] = [];
      for (const it of open) it === '{' || it === '[' ? stack.push(it) : stack.pop();
      const close = stack
        .map((it) => (it === '{' ? '}' : ']'))
        .reverse()
        .join('');
      const middles = ['', ':0', '0', '"a":0', '0:0', '"":0'];
      return ends.some((end) => middles.some((middle) => isJson(text + end + middle + close)));
    };
    fc.assert(
      fc.property(soup, (text) => {
        fc.pre(jsonFaultOf(text)?.kind === 'unfinished');
        expect(finish(text)).toBe(true);
      }),
      { numRuns: 3_000 },
    );
  });
});

test('a long string, cut or broken, is read in one go', () => {
  const long = 'x'.repeat(2_000_000);
  expect(jsonFaultOf(`{"a":"${long}`)).toEqual({ kind: 'unfinished' });
  expect(jsonFaultOf(`{"a":"${long}\n"}`)).toEqual({ kind: 'wrong', line: 1 });
  expect(jsonFaultOf('['.repeat(1_000_000))).toEqual({ kind: 'unfinished' });
});
