/**
 * Commands so plain that no parser is needed to know what they write: words of harmless characters, no quoting, no
 * expansion, no operator. Anything else is left to the parser (domain/shell); to say "not plain" is always right.
 */

export type PlainCommand =
  | { readonly kind: 'reads' }
  | { readonly kind: 'unknown'; readonly program: string };

/** No quote, operator, glob, expansion, comment, tilde, backslash, assignment or line break. */
const PLAIN = /^[A-Za-z0-9_%+:,./@ -]+$/;
const LENGTH_MAX = 400;

const READS = new Set(
  'ls cat head tail wc grep egrep fgrep pwd stat file du df cmp diff basename dirname realpath readlink true echo sleep'.split(
    ' ',
  ),
);
const GIT_READS = new Set('status log diff show rev-parse ls-files blame'.split(' '));
/** Programs that run what the project says, and so may write anything. */
const RUNNERS = new Set('npm pnpm yarn make cargo go pytest mypy tsc vitest jest'.split(' '));

/** What each of them answers by a text. */
const ASKED = /^--(?:version|help)$/;

export function readPlainCommand(command: string): PlainCommand | undefined {
  if (command.length > LENGTH_MAX || !PLAIN.test(command)) return undefined;
  const [program = '', ...args] = command.split(' ').filter((word) => word !== '');
  if (READS.has(program)) return { kind: 'reads' };
  if (program === 'git') return readPlainGit(args);
  if (RUNNERS.has(program) && ASKED.test(args.join(' '))) return { kind: 'reads' };
  const isRunner = RUNNERS.has(program) && args.every(isPlainArgument);
  return isRunner ? { kind: 'unknown', program } : undefined;
}

/** A word without a path in it, and no option that sends the program to another folder. */
function isPlainArgument(word: string): boolean {
  return (
    /^(?:--?)?[A-Za-z][A-Za-z0-9:_-]*$/.test(word) && !/^-C|^--(?:prefix|dir|directory|cwd|chdir)/.test(word)
  );
}

/** A reading verb with no option in front of it and none that names a file to write or a program to run. */
function readPlainGit(args: readonly string[]): PlainCommand | undefined {
  const [verb = '', ...rest] = args;
  const isOdd = rest.some(
    (word) => /^-(?:o|-o(?!neline$))/.test(word) || /^--(?:ext|no-index|textconv)/.test(word),
  );
  return GIT_READS.has(verb) && !isOdd ? { kind: 'reads' } : undefined;
}
