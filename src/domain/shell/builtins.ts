// Builtins that change the shell's state or run code in it.
import { readCommandVariable } from './commands.ts';
import { DIRECTORY_BUILTINS } from './directories.ts';
import { noteUnknown, readAside } from './ledger.ts';
import { isOpen, NAME, OPEN_VARIABLE } from './markers.ts';
import { hasOption, optionValue, readOptions } from './options.ts';
import { printfText } from './printing.ts';
import type { Program, Programs } from './reader.ts';
import { isAmong } from './word-lists.ts';
import { forgetVariables, setVariable, unheard, type World } from './world.ts';
import { streamText, writtenText } from './written-files.ts';

const ASSIGNED = /^(\w+)(\[[^\]]*\])?\+?=/;

/** export, declare, local …: arguments of the form `name=value` assign. */
const declare: Program = (reader, { name, args, world }) => {
  const { flags, rest } = readOptions(args.map((arg) => arg.replace(/^\+/, '-')));
  if (flags.has('f') || flags.has('p') || rest.length === 0) return [unheard(world)];
  let now = world;
  for (const arg of rest) {
    const assigned = ASSIGNED.exec(arg);
    const variable = assigned?.[1] ?? arg;
    if (!/^\w+$/.test(variable)) {
      if (isOpen(arg)) now = forgetVariables(now);
      continue;
    }
    const isLocal =
      name === 'local' || ((name === 'declare' || name === 'typeset') && world.depth > 0 && !flags.has('g'));
    if (isLocal) now = { ...now, locals: [...now.locals, variable] };
    if (flags.has('n')) now = setVariable(now, variable, OPEN_VARIABLE);
    else if (assigned) now = assignArgument(now, variable, arg, assigned[0]);
    else if (isLocal) now = setVariable(now, variable, null);
    if (name === 'export' || flags.has('x')) now = { ...now, exported: [...now.exported, variable] };
    const place = { reader, world: now };
    if (assigned) readCommandVariable(place, variable);
  }
  return [now];
};

function assignArgument(world: World, variable: string, arg: string, head: string): World {
  // An array was assigned when the arguments were put together.
  if (arg.startsWith('(', head.length) && Array.isArray(world.vars.get(variable))) return world;
  if (head.includes('+') || head.includes('[')) return setVariable(world, variable, OPEN_VARIABLE);
  return setVariable(world, variable, arg.slice(head.length));
}

const unset: Program = (_, { args, world }) => [
  args.reduce((now, name) => (/^\w+$/.test(name) ? setVariable(now, name, null) : now), world),
];

/** A line in words, by IFS. */
function splitLine(world: World, line: string): string[] {
  const ifs = world.vars.get('IFS');
  if (typeof ifs !== 'string' || /^\s*$/.test(ifs)) return ifs === '' ? [line] : line.trim().split(/[ \t]+/);
  const words = [''];
  for (const char of line) {
    if (ifs.includes(char)) words.push('');
    else words[words.length - 1] += char;
  }
  return words;
}

const read: Program = (_, { args, world }) => {
  const options = readOptions(args, { short: 'adinNptu' });
  const whole = optionValue(options, 'd') === '';
  // A part of a line, from elsewhere, or with its backslashes taken away.
  const isOther = hasOption(options, 'u n N') || (hasOption(options, 'd') && !whole);
  const isUnescaped = !hasOption(options, 'r') && world.stdin?.some((text) => text.includes('\\'));
  const lines = isOther || isUnescaped ? undefined : world.stdin;
  const line = lines === undefined ? OPEN_VARIABLE : whole ? lines.join('\n') : (lines[0] ?? '');
  const list = optionValue(options, 'a');
  let now: World = { ...world, stdin: whole ? [] : lines?.slice(1) };
  const words = splitLine(world, line);
  const ifs = world.vars.get('IFS');
  const glue = typeof ifs === 'string' && ifs.trim() !== '' ? ifs.trim().slice(0, 1) : ' ';
  if (list !== undefined) return [setVariable(now, list, words)];
  const names = options.rest.length > 0 ? options.rest : ['REPLY'];
  for (const [at, name] of names.entries()) {
    const isLast = at === names.length - 1;
    const value = isLast ? words.slice(at).join(glue) : (words[at] ?? '');
    now = setVariable(now, name, names.length === 1 ? line.trim() : isOpen(line) ? OPEN_VARIABLE : value);
  }
  return [now];
};

const mapfile: Program = (reader, { args, world }) => {
  const options = readOptions(args, { short: 'dnOsuCc' });
  const callback = optionValue(options, 'C');
  if (callback !== undefined) reader.runSource(callback, { ...world, depth: world.depth + 1 });
  const lines = hasOption(options, 'u s d O') ? undefined : world.stdin;
  return [
    {
      ...setVariable(world, options.rest[0] ?? 'MAPFILE', lines ?? [OPEN_VARIABLE]),
      stdin: lines === undefined ? undefined : [],
    },
  ];
};

const printf: Program = (_, { args, world }) => {
  const variable = args[0] === '-v' ? args[1] : undefined;
  const text = printfText(variable === undefined ? args : args.slice(2));
  if (variable !== undefined) return [setVariable(world, variable, text ?? OPEN_VARIABLE)];
  return [{ ...world, out: world.out === undefined || text === undefined ? undefined : world.out + text }];
};

const evaluate: Program = (reader, { args, world }) =>
  reader
    .runSource(args.filter((arg) => arg !== '--').join(' '), { ...world, depth: world.depth + 1 })
    .map((after) => ({ ...after, depth: world.depth }));

/** `source f`: the file is not read, but what stands on a stream is. */
const source: Program = (reader, { name, args, world }) => {
  const file = args.find((arg) => arg !== '--');
  const stream = file === undefined ? undefined : streamText(reader, world, file);
  if (stream !== undefined) return evaluate(reader, { name, args: [stream], world });
  noteUnknown(reader, world, 'script', `${name} ${file ?? ''}`);
  const written = file === undefined ? undefined : writtenText(reader, world, file);
  return written === undefined
    ? [{ ...world, out: undefined }]
    : evaluate(reader, { name, args: [written], world });
};

/** `set -- a b` gives the positional parameters; `set -P` changes `cd`. */
const set: Program = (_, { args, world }) => {
  if (args.length === 0) return [unheard(world)];
  const at = args.findIndex((arg) => arg === '--' || !/^[-+]/.test(arg));
  const isPhysical =
    args.slice(0, at < 0 ? undefined : at).some((arg) => /^-[a-zA-Z]*P/.test(arg)) ||
    (args[0] === '-o' && args[1] === 'physical');
  const exportsAll = args[0] === '-a' || (args[0] === '-o' && args[1] === 'allexport');
  const exported = exportsAll ? [...world.exported, '*'] : world.exported;
  const now = { ...world, exported, physical: world.physical || isPhysical };
  if (at < 0 || args[0] === '-o' || args[0] === '+o' || /^-[a-zA-Z]*o$/.test(args[0] ?? '')) return [now];
  return [{ ...now, positional: args.slice(args[at] === '--' ? at + 1 : at) }];
};

const shift: Program = (_, { args, world }) => {
  const count = Number(args[0] ?? 1);
  return [{ ...world, positional: Number.isInteger(count) ? world.positional?.slice(count) : undefined }];
};

const trap: Program = (reader, { args, world }) => {
  const [code, ...signals] = args.filter((arg) => arg !== '--');
  if (
    code === undefined ||
    signals.length === 0 ||
    code === '-' ||
    code.startsWith('-l') ||
    code.startsWith('-p')
  )
    return [unheard(world)];
  reader.runSource(code, { ...world, depth: world.depth + 1 });
  if (reader.late.length < 16) reader.late.push({ source: code, world });
  return [world];
};

const alias: Program = (reader, { args, world }) => {
  if (!args.some((arg) => arg.includes('='))) return [unheard(world)];
  for (const arg of args) {
    const [head, name] = /^([^=\s]+)=/.exec(arg) ?? [];
    if (head === undefined || name === undefined) continue;
    readAside(reader, 'unheard', () =>
      reader.runSource(arg.slice(head.length), { ...world, depth: world.depth + 1 }),
    );
    reader.aliases.set(name, arg.slice(head.length));
  }
  return [world];
};

const exec: Program = (reader, { args, world }) => {
  const { rest } = readOptions(args, { short: 'a', stopEarly: true });
  return rest.length === 0 ? [world] : reader.runArguments(rest, world, true);
};

const command: Program = (reader, { args, world }) => {
  const { flags, rest } = readOptions(args, { stopEarly: true });
  if (flags.has('v') || flags.has('V')) return [{ ...world, out: undefined }];
  return rest.length === 0 ? [world] : reader.runArguments(rest, world, true);
};

/** zsh's words before a command. */
const modifier: Program = (reader, { args, world }) => reader.runArguments(args, world);

/** zsh's `repeat n cmd`. */
const repeat: Program = (reader, { args, world }) =>
  args.length < 2 ? [world] : reader.runArguments(args.slice(1), world);

const let_: Program = (_, { args, world }) => [
  args.reduce((now, arg) => {
    const name = /^\s*(\w+)\s*(?:[-+*/%&|^]|<<|>>)?=(?!=)/.exec(arg)?.[1];
    return name === undefined ? now : setVariable(now, name, NAME);
  }, world),
];

const getopts: Program = (_, { args, world }) => [
  setVariable(setVariable(world, args[1] ?? 'opt', NAME), 'OPTARG', OPEN_VARIABLE),
];

/** `enable -f lib.so` loads code; `hash -p file name` puts a file in a known name's place. */
const remap: Program = (reader, { name, args, world }) => {
  if (args.some((arg) => /^-\w*[fp]/.test(arg)))
    noteUnknown(reader, world, 'program', [name, ...args].join(' '));
  return [world];
};

/** The shell's own settings and jobs: nothing of it touches a file; some of it prints. */
const QUIET =
  ': true false test [ exit return break continue setopt unsetopt autoload zmodload zstyle bindkey compdef compinit unalias wait disown';
const LOUD = 'shopt emulate complete jobs fg bg ulimit umask kill times caller suspend logout';
const quiet: Program = (_, { world }) => [world];
const loud: Program = (_, { world }) => [unheard(world)];

const OTHERS: Programs = {
  ...DIRECTORY_BUILTINS,
  export: declare,
  declare,
  typeset: declare,
  local: declare,
  readonly: declare,
  integer: declare,
  unset,
  read,
  mapfile,
  readarray: mapfile,
  printf,
  eval: evaluate,
  source,
  '.': source,
  set,
  shift,
  trap,
  alias,
  exec,
  command,
  builtin: command,
  noglob: modifier,
  nocorrect: modifier,
  '-': modifier,
  let: let_,
  repeat,
  getopts,
  enable: remap,
  hash: remap,
};

export function builtinOf(name: string): Program | undefined {
  if (Object.hasOwn(OTHERS, name)) return OTHERS[name];
  if (isAmong(QUIET, name)) return quiet;
  return isAmong(LOUD, name) ? loud : undefined;
}
