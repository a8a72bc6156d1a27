/**
 * Commands that work on a whole tree at once: they test, lint, type-check or build it, or install into it. Of agents
 * that share a tree one runs such a command at a time (the test mutex). Asked of the words that a program is given, once
 * a shell has had its say in them.
 *
 * Glossary. *plain*: a command's words with all that does not matter taken out, so that `npm t`, `npm --silent run test`
 * and `npm test` are one. *watcher*: a command that never ends by itself; it takes no mutex, or nobody else ever would.
 */
import { plainWords } from './plain-words.ts';
import type { TestRules } from './test-rules.ts';
import { wordsOf } from './validation-words.ts';

const WORDS_SHOWN_MAX = 12;

/**
 * How such a command is called to people; undefined for any other one. A word that is not known is a `*`, and counts as
 * the one that would matter.
 */
export function testCommandOf(rules: TestRules, words: readonly string[]): string | undefined {
  const plain = plainWords(words);
  const isMeant =
    rules.commands.some((entry) => isOf(entry, plain)) || (rules.isBuiltIn && isBuiltInCommand(plain));
  if (!isMeant || isWatcher(plain) || isAsked(plain)) return undefined;
  if (rules.parallel.some((entry) => isOf(entry, plain))) return undefined;
  return words.slice(0, WORDS_SHOWN_MAX).map(asTyped).join(' ');
}

function asTyped(word: string): string {
  return /^[\w%+:,./@=^*-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** A command with further words behind it is the same command. */
function isOf(entry: string, plain: readonly string[]): boolean {
  const words = wordsOf(entry.trim());
  if (words === undefined) return false;
  const asked = plainWords(words);
  return asked.length <= plain.length && asked.every((word, at) => word === plain[at]);
}

// --- what is known without being told ---

const has = (list: string, word: string) => word !== '' && ` ${list} `.includes(` ${word} `);
const isUnknown = (word: string) => word.includes('*');

/** Whatever they are told. */
const ALWAYS =
  'vitest jest mocha ava karma tap nyc c8 tsc vue-tsc eslint oxlint stylelint pytest py.test unittest mypy pyright pylint flake8 tox nox make gmake golangci-lint staticcheck gotestsum';

/** By the first word that is no option. */
const VERBS: Readonly<Record<string, string>> = {
  ruff: 'check format',
  ty: 'check',
  biome: 'check ci lint format',
  playwright: 'test',
  cypress: 'run',
  next: 'build lint',
  vite: 'build',
  uv: 'sync add remove lock build',
  pip: 'install uninstall',
  cargo: 'test build check clippy bench doc fix fmt nextest llvm-cov miri',
  go: 'test build vet install generate get',
};

const MANAGERS = 'npm pnpm yarn bun';
/** A package's script, by a part of its name: `test:unit`, `type-check`, `ci`. */
const TEST_SCRIPT =
  /(?:^|[:._/-])(?:tests?|specs?|e2e|unit|integration|lint|eslint|types?|typecheck|tsc|checks?|build|compile|ci|verify|validate|cov|coverage)(?:$|[:._/-])/;

function isBuiltInCommand([program = '', verb = '', word = '', ...more]: readonly string[]): boolean {
  if (has(MANAGERS, program)) return isManaged(program, verb, word, more);
  if (has(ALWAYS, program)) return true;
  if (Object.hasOwn(VERBS, program) && (has(VERBS[program] ?? '', verb) || isUnknown(verb))) return true;
  switch (program) {
    case 'uv':
      return verb === 'pip' && has('install uninstall sync', word);
    case 'go':
      return verb === 'mod' && has('tidy download vendor', word);
    case 'node':
      return verb === '--test';
    case 'turbo':
    case 'nx':
      return [verb, word, ...more].some(isTestScript);
    default:
      return false;
  }
}

function isManaged(program: string, verb: string, word: string, more: readonly string[]): boolean {
  if (verb === 'run') return isTestScript(word);
  // A package for the machine is none of the tree's.
  if (verb === 'install') return ![word, ...more].some((it) => it === '-g' || it === '--global');
  return isUnknown(verb) || (program === 'bun' && verb === 'test') || (verb === 'audit' && word === 'fix');
}

function isTestScript(name: string): boolean {
  return isUnknown(name) || TEST_SCRIPT.test(name);
}

const ENDLESS_SCRIPT = /(?:^|[:._/-])(?:watch|serve)(?:$|[:._/-])/;
const ENDLESS_GOAL = 'watch dev serve start run up logs';

function isWatcher([program = '', ...args]: readonly string[]): boolean {
  if (args.some((word) => /^--watch(?:-?all)?(?:=(?!false).*)?$/i.test(word))) return true;
  if (has('tsc vue-tsc vitest', program) && args.includes('-w')) return true;
  if (program === 'make' || program === 'gmake') {
    const goals = args.filter((word) => !word.startsWith('-') && !word.includes('='));
    return goals.length > 0 && goals.every((goal) => has(ENDLESS_GOAL, goal));
  }
  if (has(MANAGERS, program)) return args[0] === 'run' && ENDLESS_SCRIPT.test(args[1] ?? '');
  return program === 'vitest' && has('watch dev', args[0] ?? '');
}

/** It only tells something. */
function isAsked([program = '', ...args]: readonly string[]): boolean {
  if (args.some((word) => word === '--help' || word === '--version')) return true;
  const only = args.length === 1 ? args[0] : undefined;
  if (only === '-h' || only === '-V' || only === '-v') return program !== 'pytest' || only === '-h';
  return (
    has('make gmake', program) && args.some((word) => /^(?:-n|-q|-p|--dry-run|--just-print)$/.test(word))
  );
}
