// Which handler reads which program. What stands in no table may do anything.
import { archiveToolOf } from './archive-tools.ts';
import { builtinOf } from './builtins.ts';
import { runChild } from './child-shells.ts';
import { walkCompound } from './compounds.ts';
import { CONTAINERS } from './containers.ts';
import { isCoordProgram, readCoord } from './coord-calls.ts';
import { DATABASES } from './databases.ts';
import { editorOf } from './editors.ts';
import { fileToolOf } from './file-tools.ts';
import { git } from './git-line.ts';
import { findInterpreter } from './interpreters.ts';
import { hearRun, noteOpen, noteUnknown, takeStep } from './ledger.ts';
import { DEPTH_MAX, NESTING_MAX } from './limits.ts';
import { hasPattern, isStatic, printText, withoutMaybe } from './markers.ts';
import { outputToolOf } from './output-tools.ts';
import { quoteArgument } from './quoting.ts';
import type { Call, DefinedFunction, Lookup, Program, Programs, Reader } from './reader.ts';
import { readerOf } from './readers.ts';
import { SEARCH_TOOLS } from './search-tools.ts';
import { shellOf } from './shells.ts';
import { TEXT_TOOLS } from './text-tools.ts';
import { TRANSFER_TOOLS } from './transfer-tools.ts';
import { isAmong } from './word-lists.ts';
import { mergeWorlds, restoreVariables, unheard, type World } from './world.ts';
import { wrapperOf } from './wrappers.ts';
import { writtenText } from './written-files.ts';

/** bun is an interpreter and a package manager. */
const bun: Program = (reader, call) => {
  const program = call.args.some((arg) => /^(-e|-p|--eval|--print)$/.test(arg))
    ? findInterpreter('bun')
    : outputToolOf('bun');
  return program?.(reader, call);
};

const among =
  (programs: Programs): Lookup =>
  (name) =>
    Object.hasOwn(programs, name) ? programs[name] : undefined;

/** Where two know a name, the earlier one is meant. One merged table took 2 ms to make. */
const LOOKUPS: readonly Lookup[] = [
  among({ bun, git, hub: git }),
  builtinOf,
  shellOf,
  wrapperOf,
  among(TEXT_TOOLS),
  fileToolOf,
  among(SEARCH_TOOLS),
  among(TRANSFER_TOOLS),
  archiveToolOf,
  editorOf,
  among(DATABASES),
  among(CONTAINERS),
  outputToolOf,
  readerOf,
];

function programOf(name: string): Program | undefined {
  for (const lookup of LOOKUPS) {
    const program = lookup(name);
    if (program !== undefined) return program;
  }
  return undefined;
}

/** Programs that print nothing (where they do print, nobody builds a path from it). */
const SILENT =
  'rm rmdir unlink shred touch mkdir mkfifo truncate cp mv ln link install chmod chown chgrp dd mknod';

export function runProgram(reader: Reader, argv: readonly string[], world: World, isPlain = false): World[] {
  const { ledger } = reader;
  if (ledger.nesting >= NESTING_MAX) {
    noteUnknown(reader, world, 'depth', 'programs running programs');
    return [world];
  }
  ledger.nesting += 1;
  const after = runFirst(reader, argv, world, isPlain);
  ledger.nesting -= 1;
  return after;
}

function runFirst(reader: Reader, argv: readonly string[], world: World, isPlain: boolean): World[] {
  const [told = '', ...args] = argv;
  if (told === '' || !takeStep(reader)) return [world];
  const name = withoutMaybe(told);
  if (name !== told) noteUnknown(reader, world, 'variable', `program ${printText(told)}`);
  if (!isStatic(name)) return runOpenName(reader, name, args, world);
  if (isPlain) return runNamed(reader, { name, args, world });
  const defined = reader.functions.get(name);
  if (defined !== undefined) {
    const after = callFunction(reader, defined, args, world);
    // Where the definition may not have been reached, the program of that name runs.
    return isKnownName(name) ? mergeWorlds([...after, ...runNamed(reader, { name, args, world })]) : after;
  }
  const alias = reader.aliases.get(name);
  if (alias !== undefined) return runAlias(reader, name, alias, args, world);
  return runNamed(reader, { name, args, world });
}

/** A program whose name is not known; where it may be nothing (`$SUDO rm f`), the rest is a command of its own. */
function runOpenName(reader: Reader, name: string, args: readonly string[], world: World): World[] {
  if (hasPattern(name) && name.search(/[\uE000\uE001]/) < 0)
    noteUnknown(reader, world, 'script', `program ${printText(name)}`);
  else noteOpen(reader, world, name, 'program');
  const [next] = args;
  const isLoneOpen = /^[\uE000\uE001]+$/.test(name);
  if (isLoneOpen && next !== undefined && isStatic(next) && isKnownName(next))
    return mergeWorlds([world, ...runProgram(reader, args, world)]);
  return [{ ...world, out: undefined }];
}

const isKnownName = (name: string): boolean => programOf(name) !== undefined && !/^[[:]$/.test(name);

function callFunction(
  reader: Reader,
  defined: DefinedFunction,
  args: readonly string[],
  world: World,
): World[] {
  defined.calls += 1;
  if (world.depth >= DEPTH_MAX) {
    noteUnknown(reader, world, 'depth', 'functions calling functions');
    return [world];
  }
  const inner: World = { ...world, positional: args, locals: [], depth: world.depth + 1 };
  const after = defined.bodies.flatMap((body) => walkCompound(reader, body, inner));
  return mergeWorlds(
    after.map((end) => ({
      ...restoreVariables(end, world, end.locals),
      positional: world.positional,
      locals: world.locals,
      depth: world.depth,
    })),
  );
}

/** An alias is text in front of the arguments; inside itself it is not expanded again. */
function runAlias(
  reader: Reader,
  name: string,
  text: string,
  args: readonly string[],
  world: World,
): World[] {
  reader.aliases.delete(name);
  const line = [text, ...args.map(quoteArgument)].join(' ');
  const after = reader.runSource(line, { ...world, depth: world.depth + 1 });
  reader.aliases.set(name, text);
  return after.map((end) => ({ ...end, depth: world.depth }));
}

const SYSTEM_PLACE = /^(\/usr|\/usr\/local|\/opt\/homebrew|\/opt\/local)?\/s?bin\/(?=[^/]+$)/;

function runNamed(reader: Reader, call: Call): World[] {
  const { name, args, world } = call;
  if (isCoordProgram(name)) return readCoord(reader, call);
  hearRun(reader, [name, ...args], world);
  const bare = programName(name, reader.facts.windows === true);
  const program = findProgram(bare);
  const isPath = bare.includes('/');
  // What every program answers by a text.
  if (
    !isPath &&
    args.length === 1 &&
    /^--(version|help)$/.test(args[0] ?? '') &&
    builtinOf(bare) === undefined
  )
    return [{ ...world, out: undefined }];
  if (!isPath && program !== undefined) {
    const after = program(reader, { ...call, name: bare });
    return (
      after ?? [
        isAmong(SILENT, bare) && !args.some((arg) => /^-\w*v|^--verb/.test(arg)) ? world : unheard(world),
      ]
    );
  }
  if (!isPath && args.length === 1 && /^-(version|help)$/.test(args[0] ?? ''))
    return [{ ...world, out: undefined }];
  noteUnknown(reader, world, isPath ? 'script' : 'program', [name, ...args.slice(0, 2)].join(' '));
  if (isPath) runWritten(reader, call);
  // `./node_modules/.bin/prettier`: most likely what its name says, and maybe more.
  const likely = /(^|\/)\.?bin\/([^/]+)$/.exec(bare)?.[2];
  const guess = likely === undefined ? undefined : findProgram(likely);
  if (guess !== undefined && likely !== undefined) guess(reader, { name: likely, args, world });
  return [{ ...world, out: undefined }];
}

/** A script that the same command line wrote. */
function runWritten(reader: Reader, { name, args, world }: Call): void {
  const text = writtenText(reader, world, name);
  if (text === undefined) return;
  const told = /^#!.*?\b(python\d?|node|deno|bun|ruby|perl|php|lua)\b/.exec(text)?.[1];
  const interpreter = told === undefined ? undefined : findInterpreter(told);
  if (told === undefined || interpreter === undefined) runChild(reader, world, text, args, undefined);
  else
    interpreter(reader, { name: told, args: ['-', ...args], world: { ...world, stdin: text.split('\n') } });
}

function programName(name: string, windows: boolean): string {
  const told = windows ? name.replaceAll('\\', '/').replace(/\.exe$/i, '') : name;
  return told.replace(SYSTEM_PLACE, '').replace(/^=(?=\w)/, '');
}

/** GNU tools on a Mac carry a `g` before their names. */
function findProgram(name: string): Program | undefined {
  const program = programOf(name) ?? findInterpreter(name);
  if (program !== undefined || !name.startsWith('g')) return program;
  const plain = name.slice(1);
  return builtinOf(plain) === undefined && isAmong(GNU_NAMES, plain) ? programOf(plain) : undefined;
}

const GNU_NAMES =
  'sed cp mv rm ln mkdir rmdir touch tee dd install truncate chmod chown chgrp sort split csplit find xargs tar unlink shred mktemp cat ls head tail grep readlink realpath timeout stdbuf env nice date wc uniq';
