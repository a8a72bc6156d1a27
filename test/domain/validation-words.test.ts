import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mayValidate, validationOf, wordsOf } from '../../src/domain/validation-words.ts';

test.each<[string, string[] | undefined]>([
  ['npm test', ['npm', 'test']],
  ['  npm   test ', ['npm', 'test']],
  ['pytest -k "not slow"', ['pytest', '-k', 'not slow']],
  ["pytest -k 'a $b'", ['pytest', '-k', 'a $b']],
  ["a''b c", ['ab', 'c']],
  ["tool ''", ['tool', '']],
  ['make -j4 CI=1', ['make', '-j4', 'CI=1']],
  ['CI=1 npm test', undefined],
  ['npm test | tee log', undefined],
  ['cd web && npm test', undefined],
  ['pytest tests/*.py', undefined],
  ['echo $HOME', undefined],
  ['echo "$HOME"', undefined],
  ['ls ~', undefined],
  ['a \\b', undefined],
  ['a "b', undefined],
  ['a # b', undefined],
  ["'' test", undefined],
  ['', undefined],
])('%j has the words %j', (command, words) => expect(wordsOf(command)).toEqual(words));

test('any words, quoted, come back', () => {
  const word = fc.stringMatching(/^[^'\n]{0,12}$/);
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z]{1,6}$/), fc.array(word, { maxLength: 5 }), (program, args) => {
      const command = [program, ...args.map((arg) => `'${arg}'`)].join(' ');
      expect(wordsOf(command)).toEqual([program, ...args]);
    }),
  );
});

describe('the validation that arguments are', () => {
  const validations = ['npm test', 'pytest -k "not slow"', 'cd web && npm test'];
  test.each<[string[], string | undefined]>([
    [['npm', 'test'], 'npm test'],
    [['npm', 'test', '--', '--only-one'], undefined],
    [['npm'], undefined],
    [['npm', 'test '], undefined],
    [['pytest', '-k', 'not slow'], 'pytest -k "not slow"'],
    [['bash', '-c', 'cd web && npm test'], 'cd web && npm test'],
    [['/bin/sh', '-c', 'cd web && npm test'], 'cd web && npm test'],
    [['bash', '-c', 'cd web && npm test', 'x'], undefined],
    [['bash', '-c', 'npm test'], undefined],
    [['bash', '-xc', 'cd web && npm test'], undefined],
    [['cd', 'web', '&&', 'npm', 'test'], undefined],
    [[], undefined],
  ])('%j: %j', (argv, validation) => expect(validationOf(validations, argv)).toBe(validation));
});

test.each<[string, boolean]>([
  ['npm test', true],
  ['cd x && npm "test" | tail', true],
  ['test npm', true],
  ['npm install', false],
  ['cd web && npm t', false],
  ['ls -la', false],
  ['', false],
])('%j may run one: %j', (command, may) => expect(mayValidate(['npm test'], command)).toBe(may));
