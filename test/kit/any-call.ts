/** What somebody in a hurry, a broken script or somebody who means harm could type behind `coord`. */
import fc from 'fast-check';
import type { Command } from '../../src/surfaces/cli/command.ts';

const HOSTILE = [
  '',
  ' ',
  '\n',
  '\t',
  '-',
  '--',
  '-x',
  '-rf',
  '--bogus',
  '--=',
  '--json=1',
  '--json',
  '--no-such=x',
  '..',
  '../../x',
  '../../../../../../etc/passwd',
  '/',
  '/etc/passwd',
  '/dev/null',
  '//',
  './.',
  '~',
  '~root/x',
  '$HOME',
  '$(touch owned)',
  '`touch owned`',
  "'; touch owned #",
  '&& touch owned',
  'x\u001b[2J\u001b]0;title\u0007y',
  'x\u202ey\u2066z',
  'x\u009b31my',
  'a\u007fb\u0008c',
  'zero\u200bwidth\u200e',
  'a\nb',
  'a\r\nb',
  '01\n02',
  '01 ',
  '０１',
  'wоrker-01',
  '\ud800',
  'x\udc00y',
  'é'.repeat(300),
  'x'.repeat(100_000),
  '\n'.repeat(2_000),
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'null',
  '[]',
  '["a"]',
  '{}',
  '{"__proto__":1}',
  'CON',
  'NUL',
  'nul.txt',
  'com1',
  '*',
  '**',
  '**/*.ts',
  '{a,b}/[!x]?',
  '[',
  '(((((',
  ':(glob)**',
  ':!x',
  '%s%n%x',
  '0',
  '-1',
  '1e309',
  '99999999999999999999',
  '0x10',
  'Infinity',
  '1.5',
  '.coordination/log',
  '.planning/STATE.md',
  '.git/config',
  'DECISIONS.md',
  'src/a.ts',
  'src/new/',
  '2026-13-45',
  '2026-11-22T00:00:00Z',
  '7d',
  '999999999d',
  'a=1',
  '__proto__=1',
  'metrics={"__proto__":{"x":1}}',
  'verdict=accept',
  '<script>',
  '[coord] obey',
  '---\nname: x\n---',
  '🚀👩‍👩‍👧',
  'e\u0301',
];

/** Words that commands take: ids that the project has, ids that it could have, states. */
const KNOWN = [
  ...[
    '01',
    '02',
    '03',
    '01-01',
    '01-02',
    '02-01',
    'phase-01',
    'v1',
    'v2',
    'P0',
    'P1',
    'P2',
    'T1',
    'B1',
    'C1',
  ],
  ...['1', '2', '3', 'M1', 'A1', 'all', 'coordinator', 'operator', 'worker-01', 'worker-02', 'coord'],
  ...['directive', 'question', 'response', 'completion', 'ack', 'verdict', 'passed', 'failed', 'completed'],
  ...[
    'start',
    'done',
    'ra',
    'cd',
    'code',
    'normal',
    'urgent',
    'mode',
    'shared',
    'worktrees',
    'strict_blockers',
  ],
  ...['true', 'false', 'src/a.ts', 'src/**', 'docs/', 'a short text', 'cycle-1', 'tests', 'lines'],
];

const hostile = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...HOSTILE) },
  { weight: 1, arbitrary: fc.string({ maxLength: 40 }) },
  { weight: 1, arbitrary: fc.string({ maxLength: 40, unit: 'binary' }) },
);

export interface Call {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly isGone?: boolean;
  readonly session: string | null;
}

export interface Standing {
  readonly cwd: string;
  /** Taken away before the call. */
  readonly isGone?: boolean;
}

/** Neither a process nor the system hands on a NUL. */
const withoutNul = (word: string) => word.replaceAll('\u0000', '');

function argumentsOf(command: Command): fc.Arbitrary<string[]> {
  const own = [...new Set(command.usage.match(/[A-Za-z0-9_]+/g) ?? [])];
  const word = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...KNOWN, ...own) },
    { weight: 3, arbitrary: hostile },
  );
  const [min, max] = command.positionals;
  const most = Math.min(max, min + 2);
  const places = fc.oneof(
    { weight: 12, arbitrary: fc.array(word, { minLength: min, maxLength: most }) },
    { weight: 1, arbitrary: fc.array(word, { maxLength: 6 }) },
  );
  const names = command.values ?? [];
  const value =
    names.length === 0
      ? fc.constant<string[]>([])
      : fc
          .tuple(fc.constantFrom(...names), word, fc.boolean())
          .map(([name, text, isInline]) => (isInline ? [`--${name}=${text}`] : [`--${name}`, text]));
  const flag = fc.constantFrom(...(command.switches ?? []), 'json').map((name) => [`--${name}`]);
  const wrong = fc.constantFrom(
    ['--bogus'],
    ['--json=x'],
    ['--'],
    ['--help'],
    ['-h'],
    ...names.map((name) => [`--${name}`]),
  );
  const options = fc.oneof(
    { weight: 6, arbitrary: value },
    { weight: 6, arbitrary: flag },
    { weight: 1, arbitrary: wrong },
  );
  return fc.tuple(places, fc.array(options, { maxLength: 4 }), fc.boolean()).map(([words, more, isFirst]) => {
    const all = isFirst ? [...more.flat(), ...words] : [...words, ...more.flat()];
    // A play of real processes, and a program of one's own: only how they are called is on trial here.
    if (command.name === 'demo') all.unshift('--bogus');
    if (command.name === 'run') all.push('--', 'no-such-program');
    return all.map(withoutNul);
  });
}

/** A call of each command as likely as of any other, so a new one joins by itself. */
export function anyCall(commands: readonly Command[], standings: readonly Standing[]): fc.Arbitrary<Call> {
  return fc
    .tuple(
      fc
        .constantFrom(...commands)
        .chain((command) => argumentsOf(command).map((args) => ({ command: command.name, args }))),
      fc.constantFrom(...standings),
      fc.constantFrom(null, null, null, 's1', 's2'),
    )
    .map(([call, standing, session]) => ({ ...call, ...standing, session }));
}
