/** Names in the commands that coord tells people to type: pasted into a real sh, each is that very name again. */
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cleanWord } from '../../src/domain/message.ts';
import { HOSTILE_NAMES } from '../kit/hostile-names.ts';

/** What these words are to a shell, after all that it does to them. */
function readBack(words: readonly string[]): string[] {
  const script = words.map((word) => `printf '%s\\0' ${word}\n`).join('');
  const { status, stdout, stderr } = spawnSync('sh', ['-eu'], { input: script, encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout.split('\0').slice(0, -1);
}

/** A first dash would be an option: the same file has another name. */
const meant = (name: string) => (name.startsWith('-') ? `./${name}` : name);
const ACTS = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/;

test('hostile names', () => {
  const names = Object.values(HOSTILE_NAMES);
  const words = names.map(cleanWord);
  expect(words.filter((word) => ACTS.test(word))).toEqual([]);
  expect(readBack(words)).toEqual(names.map(meant));
});

test('any name', () => {
  const name = fc
    .oneof(
      fc.string({ minLength: 1, maxLength: 60 }),
      fc.string({ minLength: 1, maxLength: 60, unit: 'binary' }),
    )
    .map((text) => text.replaceAll('\u0000', '').replace(/\n+$/, ''))
    .filter((text) => text !== '');
  const names = fc.sample(name, { numRuns: 300, seed: 20261121 });
  const words = names.map(cleanWord);
  expect(words.filter((word) => ACTS.test(word))).toEqual([]);
  expect(readBack(words)).toEqual(names.map(meant));
});

test('a name that no file system takes is not written out, nor one that ends with a line', () => {
  expect(cleanWord('x'.repeat(5_000))).toBe('<name>');
  expect(cleanWord('a\n')).toBe('<name>');
});
