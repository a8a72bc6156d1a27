/** The command line's own reading of its words, held against the strictness of `parseArgs` in node:util. */
import { parseArgs } from 'node:util';
import { describe, expect, test } from 'vitest';
import { type Command, isUsageError, parseCommandLine } from '../../src/surfaces/cli/command.ts';

const command: Command = {
  name: 'try',
  usage: '',
  summary: '',
  values: ['ref', 'priority'],
  switches: ['deep'],
  positionals: [0, 99],
  shape: '',
  run: () => ({ done: true, value: { json: null, text: '' } }),
};

const WORDS = [
  ...['a', '', '-', '--', '-1', '-x', '-xy', '-ref', '-=', 'x=y', '---', '---a', '--=x', '--=a=b', '--re'],
  ...['--json', '--json=', '--json=1', '--no-json', '--help', '--deep', '--deep=x', '--nope', '--nope=1'],
  ...['--ref', '--ref=', '--ref=v', '--ref=-v', '--ref=a=b', '--ref ', '--priority', '--priority=high'],
  ...['--constructor', '--__proto__', '--toString=1'],
];

function ofNode(args: readonly string[]): unknown {
  const flag = { type: 'boolean' } as const;
  const text = { type: 'string', multiple: true } as const;
  const options = { json: flag, help: flag, deep: flag, ref: text, priority: text };
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    const flags = (['json', 'help', 'deep'] as const).filter((name) => values[name]);
    return { positionals, flags, ref: values.ref ?? [], priority: values.priority ?? [] };
  } catch (error) {
    if (!(error as NodeJS.ErrnoException).code?.startsWith('ERR_PARSE_ARGS')) throw error;
    return 'refused';
  }
}

function ofCoord(args: readonly string[]): unknown {
  try {
    const { positionals, flags, options } = parseCommandLine(command, args);
    const told = ['json', 'help', 'deep'].filter((name) => flags.has(name));
    return { positionals, flags: told, ref: options('ref'), priority: options('priority') };
  } catch (error) {
    if (!isUsageError(error)) throw error;
    return 'refused';
  }
}

describe('a command line', () => {
  test.each(WORDS)('that begins with %j is read, or refused, as Node would', (first) => {
    const lines = [
      [first],
      ...WORDS.flatMap((second) => [[first, second], ...WORDS.map((third) => [first, second, third])]),
    ];
    expect(lines.map((line) => [line, ofCoord(line)])).toEqual(lines.map((line) => [line, ofNode(line)]));
  });
});
