// Which validations a command line runs in full, so that its end tells of theirs. By the syntax tree, never by substring.
//
// A validation counts when it is a simple command of its own with exactly its words, alone or joined by `&&` to others: then the
// line ends well only if it did. It does not count in a pipe (the exit code is another's), before `||` or `;` (its failure is
// swallowed), in the background, negated, with arguments or variables of the caller's, with input of the caller's, after a command
// that changes what the shell does, or in another folder. One that is no simple command itself is known by its whole text.
import { isSameWords, wordsOf } from '../validation-words.ts';
import type { AndOr, Command, ParsedScript, PipelineNode, Word, WordPart } from './syntax.ts';
import { isAmong } from './word-lists.ts';

export interface ValidationFacts {
  readonly validations: readonly string[];
  /** Where the shell stands, and where validations must run: both resolved. */
  readonly cwd: string;
  readonly root: string;
  /** `parse` of unbash. */
  readonly parse: (source: string) => ParsedScript;
  /** Resolves a path as the kernel does. */
  readonly resolve: (path: string, cwd: string) => string | undefined;
}

export interface ValidationsRun {
  readonly commands: readonly string[];
  /** True when the line is one validation alone: then its exit code is the line's. */
  readonly isSole: boolean;
}

const NONE: ValidationsRun = { commands: [], isSole: false };
const LENGTH_MAX = 4_000;

/** Builtins after which a later command of the line is not what it seems. */
const CHANGES_SHELL =
  'export source . eval set unset alias unalias trap exec shopt declare typeset readonly local pushd popd umask ulimit hash enable builtin command let read mapfile readarray printf getopts wait fg bg exit return';

export function validationsIn(line: string, facts: ValidationFacts): ValidationsRun {
  const text = line.trim();
  if (text.length > LENGTH_MAX) return NONE;
  const whole = facts.validations.find((validation) => validation === text);
  if (whole !== undefined) return facts.cwd === facts.root ? { commands: [whole], isSole: true } : NONE;
  const script = facts.parse(text);
  const [statement, ...more] = script.commands;
  if (!statement || more.length > 0 || statement.background || (script.errors?.length ?? 0) > 0) return NONE;
  const parts = partsOf(statement.command);
  return parts ? walk(parts, facts) : NONE;
}

/** The commands of `a && b && c`; undefined when anything else joins them. */
function partsOf(node: PipelineNode | AndOr): readonly PipelineNode[] | undefined {
  if (node.type !== 'AndOr') return [node];
  return node.operators.every((operator) => operator === '&&') ? node.commands : undefined;
}

function walk(parts: readonly PipelineNode[], facts: ValidationFacts): ValidationsRun {
  const found = new Set<string>();
  let cwd: string | undefined = facts.cwd;
  let others = 0;
  for (const part of parts) {
    // What follows cannot be known; what came before it is, since the line ends well only if all of it did.
    if (part.type !== 'Command') return { commands: [...found], isSole: false };
    const words = staticWords(part);
    const [name] = words ?? [];
    const moves = name === 'cd';
    const validation = cwd === facts.root && words && isPlainCall(part) ? known(words, facts) : undefined;
    if (validation !== undefined) found.add(validation);
    else if (!moves) others += 1;
    if (moves) cwd = folderAfter(words ?? [], cwd, facts);
    if (name === undefined || isAmong(CHANGES_SHELL, name)) return { commands: [...found], isSole: false };
  }
  return { commands: [...found], isSole: found.size === 1 && others === 0 };
}

function known(words: readonly string[], { validations }: ValidationFacts): string | undefined {
  return validations.find((validation) => isSameWords(wordsOf(validation) ?? [], words));
}

/** Where a `cd` with one plain argument leads; undefined where that cannot be known. */
function folderAfter(
  words: readonly string[],
  cwd: string | undefined,
  facts: ValidationFacts,
): string | undefined {
  const [, path, ...more] = words;
  if (cwd === undefined || path === undefined || path === '' || path.startsWith('-') || more.length > 0)
    return undefined;
  return facts.resolve(path, cwd);
}

/** No variable set for it, no input given to it; where its output goes does not matter. */
function isPlainCall(command: Command): boolean {
  const hasAssignment = [...command.prefix, ...command.suffix].some((part) => part.type === 'Assignment');
  return (
    !hasAssignment &&
    command.redirects.every(
      (redirect) =>
        redirect.type === 'Redirect' && redirect.operator.includes('>') && redirect.operator !== '<>',
    )
  );
}

/** The words of a command, where each is the same whatever the shell's variables and files are. */
function staticWords(command: Command): string[] | undefined {
  if (!command.name) return undefined;
  const words: string[] = [];
  for (const word of [command.name, ...command.args]) {
    if (word.type !== 'Word' || !isStatic(word)) return undefined;
    words.push(word.value);
  }
  return words;
}

function isStatic(word: Word): boolean {
  if (word.parts) return word.parts.every(isStaticPart);
  // A word without parts is what stands there; a tilde or a brace may be left to the shell all the same.
  return word.text === word.value && !/[~{}*?[\]$`]/.test(word.text);
}

function isStaticPart(part: WordPart): boolean {
  switch (part.type) {
    case 'Literal':
      return !/[~{}*?[\]]/.test(part.text);
    case 'SingleQuoted':
      return true;
    case 'DoubleQuoted':
      return part.parts.every((inner) => inner.type === 'Literal');
    default:
      return false;
  }
}
