/**
 * `coord`: finds the command and runs it. Mail is run from here; everything else lies in the full bundle, which is
 * loaded only for it.
 */

import { cleanLine } from '../../domain/message.ts';
import type { Problem } from '../../domain/problem.ts';
import { DATA_FOLDER, type Loaded, loadCached } from '../hooks/code-cache.ts';
import { closestTo } from './closest.ts';
import { type Command, EXIT, writeText } from './command.ts';
import { MAIL_COMMANDS } from './mail-commands.ts';
import { runCommand } from './run.ts';

interface FullBundle {
  readonly FULL_COMMANDS: readonly Command[];
  readonly printProblem: (problem: Problem) => string;
}

function loadFull(): Loaded<FullBundle> {
  return loadCached<FullBundle>('full', process.env[DATA_FOLDER]);
}

/** The command whose name the first words are; longest names first. */
function findCommand(commands: readonly Command[], args: readonly string[]): Command | undefined {
  const [first, second] = args;
  return (
    commands.find((command) => command.name === `${first} ${second}`) ??
    commands.find((command) => command.name === first)
  );
}

export function main(typed: readonly string[]): number | Promise<number> {
  // `coord help phase add` is `coord phase add --help`.
  const args = typed[0] === 'help' && typed.length > 1 ? [...typed.slice(1), '--help'] : typed;
  const mail = findCommand(MAIL_COMMANDS, args);
  const words = { printProblem: (problem: Problem) => loadFull().exports.printProblem(problem) };
  if (mail) return runCommand(mail, args.slice(mail.name.split(' ').length), words);
  const { exports: full, keep } = loadFull();
  const commands = [...full.FULL_COMMANDS, ...MAIL_COMMANDS];
  const command = findCommand(commands, args);
  const ended = command
    ? runCommand(command, args.slice(command.name.split(' ').length), full)
    : explain(commands, args);
  const andKeep = (code: number) => {
    keep();
    return code;
  };
  return typeof ended === 'number' ? andKeep(ended) : ended.then(andKeep);
}

function explain(commands: readonly Command[], args: readonly string[]): number {
  const words = args.filter((word) => !word.startsWith('-'));
  const family = commands.filter((command) => command.name.split(' ')[0] === words[0]);
  const isHelp = args.includes('--help') || args.includes('-h');
  if (words.length === 0 || words[0] === 'help' || (isHelp && words.length === 1 && family.length > 0)) {
    writeText(1, printOverview(family.length > 0 ? family : commands));
    return EXIT.done;
  }
  const asked = words.slice(0, 2).join(' ');
  const guess = closestTo(
    asked,
    commands.map((command) => command.name),
  );
  writeText(
    2,
    `coord: there is no command "${cleanLine(asked)}".${guess ? ` Did you mean: coord ${guess}` : ''}\n`,
  );
  for (const command of family) writeText(2, `  coord ${command.name} ${command.usage}\n`);
  writeText(2, 'All commands: coord help\n');
  return EXIT.usage;
}

function printOverview(commands: readonly Command[]): string {
  const lines = commands.map((command) => `  coord ${command.name} ${command.usage}`.trimEnd());
  return [
    'coord: several Claude Code sessions on one repository, without harming each other.',
    '',
    ...lines,
    '',
    'Each takes --json and --help. See it work: coord demo',
    '',
  ].join('\n');
}
