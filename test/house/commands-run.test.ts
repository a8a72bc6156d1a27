/** That a command exists is proven by running it: each is run by a test, with arguments. */
import { expect, test } from 'vitest';
import { FULL_COMMANDS } from '../../src/surfaces/cli/full.ts';
import { MAIL_COMMANDS } from '../../src/surfaces/cli/mail-commands.ts';
import { filesBelow, textOf } from './sources.ts';

const commands = [...FULL_COMMANDS, ...MAIL_COMMANDS].map(({ name }) => name);
const texts = filesBelow('test', '.ts')
  .filter((file) => !file.startsWith('test/house/') && !file.startsWith('test/bench/'))
  .map(textOf)
  .join('\n');

/** As the first of a list of arguments, of `must(…)`, or behind the folder of `mustIn(…)`, or a line for a shell. */
function isRun(command: string): boolean {
  const words = command
    .split(' ')
    .map((word) => `'${word}'`)
    .join(',\\s*');
  return new RegExp(
    `(?:\\[|\\bmust(?:<[^;]*?>)?\\(|\\bmustIn(?:<[^;]*?>)?\\(\\s*[^;]*?,|\\w\\()\\s*${words}|['"\`;&\\n] ?coord ${command}\\b`,
  ).test(texts);
}

test.each(commands)('coord %s is run by a test', (command) => {
  expect(isRun(command)).toBe(true);
});

test('a command that no test runs is found out', () => {
  expect(commands.length).toBeGreaterThan(60);
  expect(['merge vanish', 'vanish', 'plan vanish'].filter(isRun)).toEqual([]);
});
