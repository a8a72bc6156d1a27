/** What reading a command costs: every tool call with a shell pays it, so it must be next to nothing. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readShell } from '../../../src/domain/shell/reading.ts';
import { root } from '../../build/build.ts';
import { FACTS } from './notation.ts';

const folder = join(root, 'test', 'surfaces', 'guard-commands');
const commands = readdirSync(folder)
  .flatMap((file) => readFileSync(join(folder, file), 'utf8').split('\n'))
  .filter((line) => /^[-+?] /.test(line))
  .map((line) => line.slice(2).replaceAll('⏎', '\n'));

test('the commands that the guard is tried on are read in a fifth of a millisecond each, by the median', () => {
  const read = () =>
    commands.map((command) => {
      const startedAt = performance.now();
      readShell(command, FACTS);
      return performance.now() - startedAt;
    });
  // The first round is the parser's first use.
  read();
  const times = read().sort((a, b) => a - b);
  expect(commands.length).toBeGreaterThan(1_000);
  // Ten times that on a machine that does other things besides.
  expect(times[times.length >> 1]).toBeLessThan(2);
});
