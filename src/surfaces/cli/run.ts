/** Runs one command: the only place where answers, refusals and bugs become output and exit codes. */
import { cleanLine } from '../../domain/message.ts';
import type { Outcome, Problem } from '../../domain/problem.ts';
import {
  type Answer,
  type Command,
  EXIT,
  isUsageError,
  parseCommandLine,
  printHelp,
  standingFolder,
  type UsageError,
  writeJson,
  writeText,
} from './command.ts';

export interface Words {
  /** The sentence for a refusal; in a light run it is fetched only when there is one. */
  readonly printProblem: (problem: Problem) => string;
}

export function runCommand(
  command: Command,
  args: readonly string[],
  words: Words,
): number | Promise<number> {
  if (args.includes('--help') || args.includes('-h')) {
    writeText(1, printHelp(command));
    return EXIT.done;
  }
  let wantsJson = args.includes('--json');
  try {
    const { json, ...parsed } = parseCommandLine(command, args);
    wantsJson = json;
    const outcome = command.run({ ...parsed, cwd: standingFolder(), env: process.env });
    if (!(outcome instanceof Promise)) return answer(outcome, wantsJson, words);
    return outcome.then(
      (ended) => answer(ended, wantsJson, words),
      (error: unknown) => fail(command, error, wantsJson),
    );
  } catch (error) {
    return fail(command, error, wantsJson);
  }
}

function answer(outcome: Outcome<Answer>, wantsJson: boolean, words: Words): number {
  if (!outcome.done) return refuse(outcome.problem, wantsJson, words);
  const { value } = outcome;
  if (value.json !== undefined) {
    if (wantsJson) writeJson(value.json);
    else writeText(1, withNewline(value.text));
  }
  return value.code ?? EXIT.done;
}

function fail(command: Command, error: unknown, wantsJson: boolean): number {
  if (isUsageError(error)) return misused(command, error);
  return failWith(error, wantsJson);
}

/** What the disk refused is a refusal; anything else that was thrown is a bug. */
export function failWith(error: unknown, wantsJson: boolean): number {
  const refused = printDiskRefusal(error);
  if (refused !== undefined) {
    if (wantsJson) writeJson({ error: { code: 'disk-refused' }, message: refused });
    writeText(2, `coord: ${refused}\n`);
    return EXIT.refused;
  }
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  writeText(2, `coord: a bug of coord's own: ${detail}\nRun \`coord doctor\`; nothing else was done.\n`);
  return EXIT.bug;
}

const DISK_REFUSALS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full: free some space',
  EDQUOT: 'the disk quota is used up: free some space',
  EFBIG: 'files may not grow so far here: raise the limit (ulimit -f)',
  EROFS: 'the file system is read-only: mount it writable, or work elsewhere',
  EACCES: 'it may not be read or written: mend its permissions',
  EPERM: 'it may not be changed: mend its permissions',
  EISDIR: 'a folder lies where a file belongs: move it away',
  ENOTDIR: 'a file lies where a folder belongs: move it away',
  ENAMETOOLONG: 'a name in it is longer than the file system takes',
  ELOOP: 'its links lead in a circle: mend them',
  EMFILE: 'too many files are open: close some, or raise the limit',
  ENFILE: 'too many files are open on this machine: close some',
  EIO: 'the disk reports an error: look after it',
};

/** What the disk refused, why, and what helps; undefined for any other error. */
export function printDiskRefusal(error: unknown): string | undefined {
  const {
    code = '',
    path,
    dest,
    syscall = 'access',
  } = error instanceof Error ? (error as NodeJS.ErrnoException & { dest?: string }) : {};
  // A folder is made where none is: what is there is a file then.
  const help = DISK_REFUSALS[code === 'EEXIST' && syscall === 'mkdir' ? 'ENOTDIR' : code];
  if (help === undefined) return undefined;
  const where = path === undefined ? '' : ` of ${cleanLine(dest ?? path)}`;
  return `the ${syscall}${where} failed (${code}); ${help}. What was saved before stands; then run it again, and \`coord doctor\` after that.`;
}

/** What stops coord before any command: a bundle that is not there, or half of one. */
export function failToLoad(error: unknown): number {
  const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
  if (!isMissing && !(error instanceof SyntaxError)) return failWith(error, false);
  const detail = cleanLine(error instanceof Error ? error.message : String(error), 300);
  writeText(
    2,
    `coord: its own files cannot be run (${detail}). Install the plugin again (\`claude plugin install coord@coord\`), or restore scripts/ in a clone (\`git checkout -- scripts\`).\n`,
  );
  return EXIT.bug;
}

function withNewline(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}

function refuse(problem: Problem, wantsJson: boolean, words: Words): number {
  const sentence = words.printProblem(problem);
  if (wantsJson) writeJson({ error: problem, message: sentence });
  writeText(2, `coord: ${sentence}\n`);
  return EXIT.refused;
}

/** Its sentence may quote what was typed, which may be a whole file. */
const MISUSE_MAX = 1_000;

function misused(command: Command, error: UsageError): number {
  writeText(
    2,
    `coord: ${cleanLine(error.message, MISUSE_MAX)}\nUsage: ${`coord ${command.name} ${command.usage}`.trimEnd()}\nMore: coord ${command.name} --help\n`,
  );
  return EXIT.usage;
}
