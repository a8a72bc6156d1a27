// A git command line: where git works (`-C`, `--work-tree`, GIT_DIR …), what its settings run, and then the verb.

import { runCode } from './child-shells.ts';
import { readGitVerb } from './git-verbs.ts';
import { noteUnknown, noteWrite, resolveTarget } from './ledger.ts';
import { isOpen, isStatic } from './markers.ts';
import { baseName, directoryName } from './paths.ts';
import { quoteArgument } from './quoting.ts';
import type { Call, Program, Reader } from './reader.ts';
import type { World } from './world.ts';

interface GitLine {
  world: World;
  workTree: string | undefined;
  gitDir: string | undefined;
  readonly settings: string[];
  rest: readonly string[];
}

const VALUED =
  /^(-C|-c|--git-dir|--work-tree|--namespace|--super-prefix|--config-env|--attr-source|--list-cmds)$/;

function readGitLine(reader: Reader, { args, world }: Call): GitLine {
  const line: GitLine = { world, workTree: undefined, gitDir: undefined, settings: [], rest: [] };
  let at = 0;
  for (; at < args.length; at += 1) {
    const arg = args[at] ?? '';
    if (!arg.startsWith('-')) break;
    const equals = arg.indexOf('=');
    const name = equals > 0 && arg.startsWith('--') ? arg.slice(0, equals) : arg;
    const value = name !== arg ? arg.slice(equals + 1) : VALUED.test(arg) ? (args[at + 1] ?? '') : '';
    if (name === arg && VALUED.test(arg)) at += 1;
    if (name === '-C' && value !== '')
      line.world = { ...line.world, cwd: resolveTarget(reader, line.world, value) };
    else if (name === '-c') line.settings.push(value);
    else if (name === '--git-dir') line.gitDir = value;
    else if (name === '--work-tree') line.workTree = value;
    else if (name === '--exec-path' && value !== '') noteUnknown(reader, world, 'program', `git ${arg}`);
    else if (name === '--config-env') noteUnknown(reader, world, 'variable', `git ${name} ${value}`);
  }
  line.rest = args.slice(at);
  return line;
}

const textOf = (world: World, name: string): string | undefined => {
  const value = world.vars.get(name);
  return typeof value === 'string' && value !== '' ? value : undefined;
};

/** Settings whose value is a command, and those that move the work tree. */
const COMMAND_SETTING =
  /^(core\.(editor|pager|sshcommand|fsmonitor|askpass|gitproxy|alternaterefscommand)|sequence\.editor|diff\.external|gpg\.(\w+\.)?(program|defaultkeycommand)|credential\.(.*\.)?helper|pager\.[\w-]+|(diff|merge|filter|difftool|mergetool|browser|man|trailer|tar|hook)\..*\.?(command|driver|clean|smudge|process|cmd|textconv|path)|uploadpack\.packobjectshook|remote\..*\.(uploadpack|receivepack)|sendemail\.\w*cmd|web\.browser|interactive\.difffilter)$/i;

function readSettings(reader: Reader, line: GitLine): Map<string, string> {
  const aliases = new Map<string, string>();
  for (const setting of line.settings) {
    const equals = setting.indexOf('=');
    const name = (equals < 0 ? setting : setting.slice(0, equals)).toLowerCase();
    const value = equals < 0 ? '' : setting.slice(equals + 1);
    if (name === 'core.worktree') line.workTree ??= value;
    else if (name.startsWith('alias.')) aliases.set(setting.slice(6, equals), value);
    else if (
      /^(core\.hookspath|include\.path|includeif\..*|core\.attributesfile|init\.templatedir)$/.test(name)
    )
      noteUnknown(reader, line.world, 'program', `git -c ${setting}`);
    else if (COMMAND_SETTING.test(name) && value !== '' && !/^(true|false)$/.test(value))
      runCode(reader, line.world, value.replace(/^!/, ''));
  }
  return aliases;
}

/** The directory that a git directory belongs to: `x` for `x/.git`, otherwise itself. */
const storePlace = (path: string): string => (baseName(path) === '.git' ? directoryName(path) : path);

export const git: Program = (reader, call) => {
  const line = readGitLine(reader, call);
  const aliases = readSettings(reader, line);
  const { world } = line;
  const index = textOf(world, 'GIT_INDEX_FILE');
  const workTree = line.workTree ?? textOf(world, 'GIT_WORK_TREE');
  const gitDirs = [line.gitDir ?? textOf(world, 'GIT_DIR'), textOf(world, 'GIT_COMMON_DIR')].filter(
    (path) => path !== undefined,
  );
  const [verb, ...args] = line.rest;
  if (verb === undefined) return undefined;
  if (isOpen(verb) || !isStatic(verb)) {
    noteUnknown(reader, world, 'variable', `git ${verb}`);
    return undefined;
  }
  const alias = aliases.get(verb);
  if (alias !== undefined) return runAlias(reader, world, alias, args);
  const after = readGitVerb({
    reader,
    world,
    verb,
    args,
    dir: workTree === undefined ? world.cwd : resolveTarget(reader, world, workTree),
    stores: gitDirs.map((path) => storePlace(resolveTarget(reader, world, path))),
    how: `git ${verb}`,
  });
  if (index !== undefined && after.changes) noteWrite(reader, world, index, 'GIT_INDEX_FILE');
  return after.out === undefined || call.world.out === undefined
    ? undefined
    : [{ ...call.world, out: call.world.out + after.out }];
};

function runAlias(reader: Reader, world: World, alias: string, args: readonly string[]): undefined {
  const code = alias.startsWith('!') ? alias.slice(1) : `git ${alias}`;
  runCode(reader, world, [code, ...args.map(quoteArgument)].join(' '));
  return undefined;
}
