// A reading in one line, so that a case is one line: `path` with `*` glob, `/` tree, `%` some of it, `>` into, `~` not certain;
// `a=b` a hard link; `git verb effect dir [refs] (paths) …ends of worktrees`; `coord cwd: args`; `?why`.
import { parse } from 'unbash';
import { describe, expect, it } from 'vitest';
import type { ShellFacts, ShellGit, ShellReading, ShellWrite } from '../../../src/domain/shell/facts.ts';
import { readShell } from '../../../src/domain/shell/reading.ts';

export const FACTS: ShellFacts = {
  cwd: '/w/w1',
  home: '/home/u',
  env: { PWD: '/w/w1', OLDPWD: '/w/old', HOME: '/home/u' },
  parse,
};

const printWrite = (write: ShellWrite): string =>
  write.path +
  (write.glob ? '*' : '') +
  (write.tree ? '/' : '') +
  (write.some ? '%' : '') +
  (write.target ? '>' : '') +
  (write.certain ? '' : '~');

const printGit = ({ verb, effect, dir, refs, paths, ends }: ShellGit): string =>
  [
    `git ${verb} ${effect} ${dir}`,
    ...(refs ? [`[${refs.map((ref) => `${ref.op} ${ref.name}`).join(', ')}]`] : []),
    ...(paths ? [`(${paths.join(' ')})`] : []),
    ...(ends ? [`…${ends.join(' …')}`] : []),
  ].join(' ');

export function printReading(reading: ShellReading): string[] {
  const lines = [
    ...reading.writes.map(printWrite),
    ...reading.links.map((link) => `${link.path}=${link.source}`),
    ...reading.git.map(printGit),
    ...reading.coord.map((call) => `coord ${call.cwd}: ${call.args.join(' ')}`),
    ...reading.unknown.map((unknown) => `?${unknown.why}`),
  ];
  return [...new Set(lines)].sort();
}

export const told = (command: string, facts: Partial<ShellFacts> = {}): string[] =>
  printReading(readShell(command, { ...FACTS, ...facts }));

/** One case a line: the command, and all that is told of it, sorted, with ` | ` between. */
export function tableOf(
  title: string,
  cases: readonly (readonly [command: string, expected: string])[],
): void {
  describe(title, () => {
    for (const [command, expected] of cases)
      it(command, () => expect(told(command).join(' | ')).toBe(expected));
  });
}
