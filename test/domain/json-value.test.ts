import { expect, test } from 'vitest';
import { parseJson } from '../../src/domain/json-value.ts';

test.each<[string, unknown]>([
  ['{"a":[1]}', { a: [1] }],
  ['null', null],
  ['false', false],
  ['0', 0],
  ['""', ''],
  ['', undefined],
  ['{"a":', undefined],
  ['undefined', undefined],
  ['{"a":1}{', undefined],
])('%j is %j', (text, value) => {
  expect(parseJson(text)).toEqual(value);
});
