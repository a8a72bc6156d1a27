// Programs that run the program named in their arguments: sudo, env, timeout, nohup … What they wrap is read in their place.

import { runChild } from './child-shells.ts';
import { assignFor } from './commands.ts';
import { changeDirectory } from './directories.ts';
import { noteUnknown, noteWrite, readAside } from './ledger.ts';
import { hasOption, type OptionSpec, optionValue, optionValues, readOptions } from './options.ts';
import { quoteArgument } from './quoting.ts';
import type { Call, Program, Programs, Reader } from './reader.ts';
import { isAmong } from './word-lists.ts';
import { restoreVariables, setVariable, type World } from './world.ts';

interface Wrapper extends OptionSpec {
  /** Arguments of its own before the program. */
  readonly skip?: number;
  /** `NAME=value` before the program sets a variable for it. */
  readonly assigns?: true;
  /** Options that name the directory to run in. */
  readonly chdir?: string;
  /** Options that name a file it writes itself. */
  readonly writes?: string;
  /** Options whose value is code. */
  readonly code?: string;
  /** The rest is put together to a line of code. */
  readonly line?: true;
  /** Flags with which it starts a shell when no program is named. */
  readonly shell?: string;
  /** It runs more than what it is given (a package's program, another machine's). */
  readonly unknown?: true;
}

const WRAPPERS: Readonly<Record<string, Wrapper>> = {
  sudo: {
    short: 'ugCDprRtTU',
    long: 'user group close-from chdir prompt chroot role type command-timeout other-user',
    assigns: true,
    chdir: 'D chdir',
    shell: 's i shell login',
  },
  doas: { short: 'uC', assigns: true, shell: 's' },
  timeout: { short: 'ks', long: 'kill-after signal', skip: 1 },
  nice: { short: 'n', long: 'adjustment' },
  ionice: { short: 'cnp', long: 'class classdata pid' },
  nohup: {},
  stdbuf: { short: 'ioe', long: 'input output error' },
  time: { short: 'fo', long: 'format output', writes: 'o output' },
  setsid: {},
  chronic: {},
  unbuffer: {},
  caffeinate: { short: 'tw' },
  chrt: { skip: 1, short: 'TPD' },
  taskset: { skip: 1 },
  numactl: { short: 'NmlCpi' },
  prlimit: {},
  strace: { short: 'oePSsabpuEIX', long: 'output trace', writes: 'o output' },
  ltrace: { short: 'oeasunpE', writes: 'o' },
  dtruss: {},
  faketime: { skip: 1, short: 'f' },
  firejail: { unknown: true },
  'systemd-run': {
    short: 'puHM',
    long: 'unit property working-directory uid gid',
    chdir: 'working-directory',
    assigns: true,
  },
  'systemd-inhibit': { long: 'what who why mode' },
  'dbus-run-session': {},
  'xvfb-run': { short: 'nsefpw' },
  proxychains: { short: 'f' },
  proxychains4: { short: 'f' },
  torsocks: {},
  fakeroot: { short: 'lsibf' },
  setarch: { skip: 1 },
  arch: {},
  rlwrap: {},
  gosu: { skip: 1 },
  'su-exec': { skip: 1 },
  setpriv: { long: 'reuid regid groups caps bounding-set securebits selinux-label' },
  envdir: { skip: 1 },
  'cross-env': { assigns: true },
  'cross-env-shell': { assigns: true, line: true },
  dotenv: { short: 'efvpc' },
  entr: { unknown: true },
  watchexec: { short: 'wefiNs', unknown: true },
  chroot: { skip: 1, unknown: true },
  nsenter: { short: 'tSG', unknown: true },
  unshare: { unknown: true },
  bwrap: { unknown: true },
  watch: { short: 'nd', long: 'interval', line: true },
  hyperfine: {
    short: 'wmMrpcLuNsSni',
    long: 'warmup min-runs max-runs runs prepare cleanup parameter-list export-json export-markdown export-csv setup',
    writes: 'export-json export-markdown export-csv',
    code: 'p prepare c cleanup s setup',
    line: true,
  },
  // Runners: the program comes out of a package or an environment.
  npx: { short: 'pc', long: 'package call', code: 'c call', unknown: true },
  bunx: { unknown: true },
  pnpx: { unknown: true },
  uvx: { long: 'from with python', unknown: true },
  pipx: { skip: 1, long: 'spec', unknown: true },
  direnv: { skip: 2, unknown: true },
  mise: { skip: 1, unknown: true },
  asdf: { skip: 1, unknown: true },
  rbenv: { skip: 1, unknown: true },
  pyenv: { skip: 1, unknown: true },
  doppler: { skip: 1, short: 'pc', long: 'project config', unknown: true },
  dotenvx: { skip: 1, short: 'f', unknown: true },
  'aws-vault': { skip: 2, unknown: true },
  op: { skip: 1, long: 'env-file', unknown: true },
  'nix-shell': { short: 'pIA', long: 'run command packages', code: 'run command', unknown: true },
  concurrently: { short: 'nck', long: 'names prefix-colors', unknown: true, line: true },
  nodemon: { short: 'xwei', long: 'exec watch ext ignore', code: 'x exec', unknown: true },
  tmux: { unknown: true, line: true },
  screen: { unknown: true, line: true, short: 'Sdhps' },
};

function unwrap(wrapper: Wrapper): Program {
  return (reader, { name, args, world }) => {
    const options = readOptions(args, { ...wrapper, stopEarly: true });
    for (const target of optionValues(options, wrapper.writes ?? '')) noteWrite(reader, world, target, name);
    for (const code of optionValues(options, wrapper.code ?? ''))
      runChild(reader, world, code, undefined, undefined);
    if (wrapper.unknown) noteUnknown(reader, world, 'program', [name, ...args.slice(0, 2)].join(' '));
    let inside = world;
    for (const place of optionValues(options, wrapper.chdir ?? ''))
      inside = changeDirectory(reader, inside, place, true);
    let rest = options.rest.slice(wrapper.skip ?? 0).filter((arg, at) => at > 0 || arg !== '--');
    if (wrapper.assigns) [inside, rest] = takeAssignments(reader, inside, rest);
    // `sudo -s` is a shell.
    if (rest.length === 0 && wrapper.shell !== undefined && hasOption(options, wrapper.shell)) rest = ['sh'];
    if (rest.length === 0) return undefined;
    if (wrapper.line) return runLines(reader, inside, rest);
    return reader.runArguments(rest, inside, true).map((after) => restored(after, world));
  };
}

/** What runs inside cannot move the shell outside. */
const restored = (after: World, world: World): World => ({ ...world, out: after.out, stdin: after.stdin });

/** One argument is a line of code; several may be one line together, or a line each. */
function runLines(reader: Reader, world: World, rest: readonly string[]): undefined {
  runChild(reader, world, rest.join(' '), undefined, undefined);
  if (rest.length > 1)
    for (const line of rest) if (line.includes(' ')) runChild(reader, world, line, undefined, undefined);
  return undefined;
}

function takeAssignments(reader: Reader, world: World, args: readonly string[]): [World, string[]] {
  let now = world;
  let at = 0;
  for (; at < args.length; at += 1) {
    const [head, name] = /^(\w+)=/.exec(args[at] ?? '') ?? [];
    if (head === undefined || name === undefined) break;
    now = assignFor(reader, now, name, (args[at] ?? '').slice(head.length));
  }
  return [now, args.slice(at)];
}

/** env: `-C` a directory, `-S` a string to split, `-u` a variable to unset, and assignments. */
const env: Program = (reader, { args, world }) => {
  const options = readOptions(args, {
    short: 'uCSP',
    long: 'unset chdir split-string argv0',
    stopEarly: true,
  });
  let inside = optionValues(options, 'C chdir').reduce(
    (now, place) => changeDirectory(reader, now, place, true),
    world,
  );
  for (const name of optionValues(options, 'u unset')) inside = setVariable(inside, name, null);
  if (hasOption(options, 'i ignore-environment'))
    inside = restoreVariables(inside, { ...world, vars: new Map() }, world.vars.keys());
  const split = optionValue(options, 'S split-string');
  if (split !== undefined)
    return runChild(
      reader,
      inside,
      `env ${split} ${options.rest.map(quoteArgument).join(' ')}`,
      undefined,
      world.stdin,
    );
  const [assigned, rest] = takeAssignments(reader, inside, options.rest);
  if (rest.length === 0) return undefined;
  return reader.runArguments(rest, assigned, true).map((after) => restored(after, world));
};

/** `flock FILE cmd`, `flock FILE -c code`: the file is made. */
const flock: Program = (reader, { name, args, world }) => {
  const options = readOptions(args, {
    short: 'wE',
    long: 'wait timeout conflict-exit-code',
    stopEarly: true,
  });
  const [file, ...rest] = options.rest;
  if (file === undefined || /^\d+$/.test(file)) return undefined;
  noteWrite(reader, world, file, name);
  if (rest[0] === '-c' || rest[0] === '--command')
    return runChild(reader, world, rest[1] ?? '', undefined, world.stdin);
  return rest.length === 0
    ? undefined
    : reader.runArguments(rest, world, true).map((after) => restored(after, world));
};

/** `script -c code file` (Linux) and `script file cmd …` (BSD). */
const script: Program = (reader, { name, args, world }) => {
  const options = readOptions(args, {
    short: 'cITBOEom',
    glued: 't',
    long: 'logging-format command log-io log-out log-in log-timing echo output-limit',
    stopEarly: true,
  });
  const code = optionValue(options, 'c command');
  for (const target of optionValues(options, 'B I O T log-io log-out log-in log-timing'))
    noteWrite(reader, world, target, name);
  const [file, ...rest] = options.rest;
  if (code === undefined && rest.length > 0 && rest[0] === '-c')
    runChild(reader, world, rest[1] ?? '', undefined, undefined);
  else if (rest.length > 0) reader.runArguments(rest, world, true);
  noteWrite(reader, world, file ?? 'typescript', name);
  if (code !== undefined) runChild(reader, world, code, undefined, undefined);
  else if (rest.length === 0) noteUnknown(reader, world, 'script', name);
  return undefined;
};

/** busybox and toybox: the next argument is the program. */
const box: Program = (reader, { args, world }: Call) =>
  args.length === 0 ? undefined : reader.runArguments(args, world, true);

const OTHERS: Programs = {
  env,
  flock,
  script,
  busybox: box,
  toybox: box,
  coreutils: box,
};

export function wrapperOf(name: string): Program | undefined {
  if (Object.hasOwn(OTHERS, name)) return OTHERS[name];
  const wrapper = Object.hasOwn(WRAPPERS, name) ? WRAPPERS[name] : undefined;
  const program = wrapper && unwrap(wrapper);
  // What it runs goes on by itself, or again and again until somebody stops it.
  const detached = isAmong('tmux screen', name) ? 'detached' : undefined;
  const aside = isAmong('watch watchexec entr nodemon', name) ? 'unheard' : detached;
  if (!program || !aside) return program;
  return (reader, call) => readAside(reader, aside, () => program(reader, call));
}
