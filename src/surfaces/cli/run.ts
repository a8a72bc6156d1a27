/** Runs one command: the only place where answers, refusals and bugs become output and exit codes. */
import type { Problem } from '../../domain/problem.ts';
import {
  type Command,
  EXIT,
  isUsageError,
  parseCommandLine,
  printHelp,
  type UsageError,
  writeOut,
} from './command.ts';

export interface Words {
  /** The sentence for a refusal; in a light run it is fetched only when there is one. */
  readonly printProblem: (problem: Problem) => string;
}

export function runCommand(command: Command, args: readonly string[], words: Words): number {
  if (args.includes('--help') || args.includes('-h')) {
    writeOut(1, printHelp(command));
    return EXIT.done;
  }
  let wantsJson = args.includes('--json');
  try {
    const { json, ...parsed } = parseCommandLine(command, args);
    wantsJson = json;
    const outcome = command.run({ ...parsed, cwd: process.cwd(), env: process.env });
    if (!outcome.done) return refuse(outcome.problem, wantsJson, words);
    const { value } = outcome;
    writeOut(1, wantsJson ? `${JSON.stringify(value.json)}\n` : withNewline(value.text));
    return value.code ?? EXIT.done;
  } catch (error) {
    if (isUsageError(error)) return misused(command, error);
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
    writeOut(
      2,
      `coord: a bug of coord's own, or a disk that refuses: ${detail}\nRun \`coord doctor\`; nothing else was done.\n`,
    );
    return EXIT.bug;
  }
}

function withNewline(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}

function refuse(problem: Problem, wantsJson: boolean, words: Words): number {
  const sentence = words.printProblem(problem);
  if (wantsJson) writeOut(1, `${JSON.stringify({ error: problem, message: sentence })}\n`);
  writeOut(2, `coord: ${sentence}\n`);
  return EXIT.refused;
}

function misused(command: Command, error: UsageError): number {
  writeOut(
    2,
    `coord: ${error.message}\nUsage: coord ${command.name} ${command.usage}\nMore: coord ${command.name} --help\n`,
  );
  return EXIT.usage;
}
