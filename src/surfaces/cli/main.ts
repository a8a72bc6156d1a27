/**
 * `coord`: finds the command and runs it. Mail is run from here; everything else lies in the full bundle, which is
 * loaded only for it.
 */
import type { Problem } from '../../domain/problem.ts';
import { DATA_FOLDER, type Loaded, loadCached } from '../hooks/code-cache.ts';
import type { Command } from './command.ts';
import { MAIL_COMMANDS } from './mail-commands.ts';
import { runCommand } from './run.ts';

interface FullBundle {
  readonly FULL_COMMANDS: readonly Command[];
  readonly printProblem: (problem: Problem) => string;
  readonly explain: (commands: readonly Command[], typed: readonly string[]) => number;
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

function isFamily(commands: readonly Command[], { name }: Command): boolean {
  return commands.some((command) => command.name.startsWith(`${name} `));
}

export function main(typed: readonly string[]): number | Promise<number> {
  // `coord help phase add` is `coord phase add --help`.
  const isHelp = typed[0] === 'help' && typed.length > 1;
  const args = isHelp ? [...typed.slice(1), '--help'] : typed;
  const mail = findCommand(MAIL_COMMANDS, args);
  const words = { printProblem: (problem: Problem) => loadFull().exports.printProblem(problem) };
  if (mail) return runCommand(mail, args.slice(mail.name.split(' ').length), words);
  const { exports: full, keep } = loadFull();
  const commands = [...full.FULL_COMMANDS, ...MAIL_COMMANDS];
  const found = findCommand(commands, args);
  // `coord help decisions`: one word asks for all commands that begin with it.
  const command = isHelp && typed.length === 2 && found && isFamily(commands, found) ? undefined : found;
  const ended = command
    ? runCommand(command, args.slice(command.name.split(' ').length), full)
    : full.explain(commands, typed);
  const andKeep = (code: number) => {
    keep();
    return code;
  };
  return typeof ended === 'number' ? andKeep(ended) : ended.then(andKeep);
}
