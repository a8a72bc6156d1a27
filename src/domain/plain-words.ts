/**
 * A command's words with all that does not matter taken out, so that the spellings of one command are one: the folder
 * of its program, options in front of its verb, short names of verbs, what only runs another program (`npm exec`, `uv
 * run`, `python -m`). Package managers come out as `run <script>` or `install`.
 */

const DEPTH_MAX = 4;

const has = (list: string, word: string) => word !== '' && ` ${list} `.includes(` ${word} `);

/** Options in front of a verb that take a value. */
const VALUED: Readonly<Record<string, string>> = {
  npm: '-C --prefix -w --workspace --loglevel --registry --userconfig --cache',
  pnpm: '-C --dir -F --filter --filter-prod --workspace-concurrency --reporter --loglevel',
  yarn: '--cwd',
  bun: '--cwd -F --filter -c --config',
  npx: '-p --package -w --workspace',
  pnpx: '-p --package',
  bunx: '-p --package',
  uv: '--directory --project -p --python --config-file --with --with-requirements --extra --group --package --env-file --index',
  uvx: '--from --with -p --python',
  cargo: '-C --config -Z --color --manifest-path',
  go: '-C',
  ruff: '--config',
  python: '-W -X',
  poetry: '-C --directory -P --project',
  make: '-C --directory -f --file -I -o -W',
  turbo: '--cwd --filter -F --concurrency',
};

export function plainWords(words: readonly string[], depth = 0): string[] {
  const [told = '', ...args] = words;
  const program = programOf(told);
  if (depth >= DEPTH_MAX) return [program, ...args];
  const inner = (rest: readonly string[]) => plainWords(rest, depth + 1);
  switch (program) {
    case 'npm':
    case 'pnpm':
    case 'yarn':
    case 'bun':
      return managedWords(program, args, inner);
    case 'npx':
    case 'pnpx':
    case 'bunx':
    case 'uvx':
      return inner(withoutOptions(program, args));
    case 'uv':
      return uvWords(withoutOptions('uv', args), inner);
    case 'python':
      return pythonWords(args, inner);
    case 'poetry':
    case 'pipenv':
    case 'hatch':
    case 'pdm':
    case 'rye': {
      const [verb, ...rest] = withoutOptions('poetry', args);
      return verb === 'run' ? inner(withoutOptions('', rest)) : [program, ...(verb ? [verb] : []), ...rest];
    }
    case 'cargo':
      return cargoWords(
        withoutOptions(
          'cargo',
          args.filter((word, at) => at > 0 || !word.startsWith('+')),
        ),
      );
    case 'node':
      return args.some((word) => word === '--test' || word.startsWith('--test-'))
        ? ['node', '--test', ...args]
        : ['node', ...args];
    case 'go':
    case 'ruff':
    case 'ty':
    case 'biome':
    case 'pip':
      return [program, ...withoutOptions(program, args)];
    default:
      return [program, ...args];
  }
}

/** What a path into a folder of programs names; any other path is a program of its own. */
function programOf(told: string): string {
  // A package with a scope, as npx takes it.
  const path = told.startsWith('@') ? told.slice(told.indexOf('/') + 1) : told.replaceAll('\\', '/');
  const at = path.lastIndexOf('/');
  const isBin = at >= 0 && /(?:^|\/)(?:\.?s?bin|Scripts)$/.test(path.slice(0, at));
  if (at >= 0 && !isBin) return path;
  const name = path.slice(at + 1).replace(/\.(?:exe|cmd|ps1)$/i, '');
  if (/^(?:python|pypy)[\d.]*$|^py$/.test(name)) return 'python';
  if (name === 'pip3') return 'pip';
  if (name === 'yarnpkg') return 'yarn';
  // `vitest@3`
  return name.replace(/(?<=.)@[^/]*$/, '');
}

function withoutOptions(program: string, args: readonly string[]): string[] {
  const valued = VALUED[program] ?? '';
  let at = 0;
  for (; at < args.length; at += 1) {
    const word = args[at] ?? '';
    if (word === '--') return args.slice(at + 1);
    if (!word.startsWith('-')) break;
    if (has(valued, word)) at += 1;
  }
  return args.slice(at);
}

type Inner = (words: readonly string[]) => string[];

const TEST_VERBS = 'test t tst';
const RUN_VERBS = 'run run-script rum urn';
const EXEC_VERBS = 'exec x dlx';
const INSTALL_VERBS =
  'install i in ins inst insta instal isnt isnta isntal add a ci clean-install ic install-clean install-test it install-ci-test cit update up upgrade uninstall un unlink remove rm r rebuild rb dedupe ddp prune link ln import fetch';

function managedWords(program: string, args: readonly string[], inner: Inner): string[] {
  const [verb, ...rest] = withoutOptions(program, args);
  if (verb === undefined)
    return args.length === 0 && program === 'yarn' ? ['yarn', 'install'] : [program, ...args];
  if (has(RUN_VERBS, verb)) {
    const script = withoutOptions(program, rest);
    // `bun run vitest`: a script or a program.
    return script.length > 0 && program !== 'npm'
      ? scriptWords(program, script, inner)
      : [program, 'run', ...script];
  }
  if (has(EXEC_VERBS, verb)) return inner(withoutOptions('npx', rest));
  if (program === 'bun' && has('test pm upgrade build', verb)) return bunWords(verb, rest);
  if (has(TEST_VERBS, verb)) return [program, 'run', 'test', ...rest];
  if (has(INSTALL_VERBS, verb)) return [program, 'install', ...rest];
  if (program === 'npm') return ['npm', verb, ...rest];
  if (program === 'yarn' && verb === 'workspace') return inner(['yarn', ...rest.slice(1)]);
  if (program === 'yarn' && verb === 'workspaces') {
    const at = rest.indexOf('run');
    return ['yarn', ...(at >= 0 ? rest.slice(at) : ['workspaces', ...rest])];
  }
  return scriptWords(program, [verb, ...rest], inner);
}

function bunWords(verb: string, rest: readonly string[]): string[] {
  return verb === 'build' ? ['bun', 'run', 'build', ...rest] : ['bun', verb, ...rest];
}

/** `yarn jest`: a script, or a package's program. As a program it is the same as by itself. */
function scriptWords(program: string, words: readonly string[], inner: Inner): string[] {
  const [name = ''] = words;
  const isProgram = has(
    'vitest jest mocha ava karma tap nyc c8 tsc vue-tsc eslint oxlint stylelint biome playwright cypress next vite turbo nx',
    name,
  );
  return isProgram ? inner(words) : [program, 'run', ...words];
}

function uvWords(words: readonly string[], inner: Inner): string[] {
  const [verb, next, ...rest] = words;
  if (verb === 'tool' && next === 'run') return inner(withoutOptions('uvx', rest));
  if (verb !== 'run') return ['uv', ...words];
  const args = words.slice(1);
  const module = args.findIndex((word) => word === '-m' || word === '--module');
  const program = withoutOptions('uv', args);
  // `uv run -m pytest`, and not `uv run tool -m x`.
  if (module >= 0 && module < args.length - program.length)
    return inner(['python', '-m', ...args.slice(module + 1)]);
  return inner(program);
}

const MODULES = 'pytest unittest mypy ruff pyright pylint flake8 tox nox pip';

/** `python -Im pytest -q` → `pytest -q` */
function pythonWords(args: readonly string[], inner: Inner): string[] {
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at] ?? '';
    if (!word.startsWith('-') || word === '-' || word.startsWith('--')) break;
    const glued = /^-[a-zA-Z]*m(.*)$/.exec(word)?.[1];
    if (glued !== undefined) {
      const [module = '', ...rest] = glued === '' ? args.slice(at + 1) : [glued, ...args.slice(at + 1)];
      return has(MODULES, module) ? inner([module, ...rest]) : ['python', '-m', module, ...rest];
    }
    if (has(VALUED['python'] ?? '', word)) at += 1;
  }
  return ['python', ...args];
}

const CARGO_SHORT: Readonly<Record<string, string>> = {
  t: 'test',
  b: 'build',
  c: 'check',
  d: 'doc',
  r: 'run',
};

function cargoWords([verb = '', ...rest]: readonly string[]): string[] {
  return ['cargo', CARGO_SHORT[verb] ?? verb, ...rest];
}
