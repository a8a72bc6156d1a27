// Compilers, formatters, package managers and the like: much of what they do is not known, but not where they are told to put it.

import { runChild } from './child-shells.ts';
import { noteUnknown, noteWrite } from './ledger.ts';
import { hasOption, type Options, optionValue, optionValues, readOptions } from './options.ts';
import { type OutputTool, outputTool } from './output-tables.ts';
import { directoryName } from './paths.ts';
import type { Call, Program, Programs, Reader } from './reader.ts';

const tool =
  (spec: OutputTool): Program =>
  (reader, call) => {
    const { name, args, world } = call;
    const options = readOptions(args, spec);
    const [verb, ...after] = options.rest;
    for (const target of optionValues(options, spec.to ?? ''))
      if (target !== '-') noteWrite(reader, world, target, `${name} output`);
    for (const place of optionValues(options, spec.into ?? ''))
      noteWrite(reader, world, place, `${name} output`, { tree: true });
    const files = spec.inPlace === 'last' ? options.rest.slice(-1) : options.rest.slice(spec.skip ?? 0);
    if (changesArguments(spec, options, verb))
      for (const file of files)
        if (file !== '-')
          noteWrite(reader, world, file, name, spec.inPlace === 'last' ? {} : { tree: true, some: true });
    if (spec.known || isLooking(spec, verb, args)) return undefined;
    const place = optionValue(options, spec.place ?? '');
    const directory =
      place !== undefined && /\.(toml|xml|gradle|kts)$/.test(place) ? directoryName(place) : place;
    noteUnknown(reader, world, 'program', [name, ...args.slice(0, 2)].join(' '), directory);
    if (place !== undefined)
      noteWrite(reader, world, directory ?? place, `${name} there`, { tree: true, certain: false });
    if (verb !== undefined && spec.runs?.split(' ').includes(verb)) runRest(call, after, reader);
    // `yarn prettier …`: package managers run a package's program by its name.
    else if (verb !== undefined && spec.runs !== undefined && isOutputTool(verb))
      runRest(call, options.rest, reader);
    return undefined;
  };

function changesArguments(spec: OutputTool, options: Options, verb: string | undefined): boolean {
  if (spec.inPlace === undefined) return false;
  if (spec.dry !== undefined && hasOption(options, spec.dry)) return false;
  return (
    spec.inPlace === '*' ||
    spec.inPlace === 'last' ||
    hasOption(options, spec.inPlace) ||
    (verb !== undefined && spec.inPlace.split(' ').includes(verb) && spec.skip !== undefined)
  );
}

const isLooking = (spec: OutputTool, verb: string | undefined, args: readonly string[]): boolean =>
  (verb !== undefined && spec.looks?.split(' ').includes(verb) === true) ||
  (args.length === 1 && /^(--?version|--?help|-v|-V|version|help)$/.test(args[0] ?? ''));

export const isOutputTool = (name: string): boolean => outputTool(name) !== undefined;

/** `npm exec prog -- args`, `uv run prog`: what stands after the verb, with its own options. */
function runRest({ name, args, world }: Call, after: readonly string[], reader: Reader): void {
  const [first] = after;
  const code = args.find((_, at) => /^(-c|--call)$/.test(args[at - 1] ?? ''));
  if (code !== undefined && name === 'npm') runChild(reader, world, code, undefined, undefined);
  if (first === undefined) return;
  const rest = args.slice(args.indexOf(first));
  const dashes = rest.indexOf('--');
  reader.runArguments(dashes < 0 ? rest : rest.toSpliced(dashes, 1), { ...world, out: undefined }, true);
}

/** `cmake -E verb …` has file tools of its own; building fills the build directory. */
const cmake: Program = (reader, { name, args, world }) => {
  const [first, verb = '', ...files] = args;
  if (first === '-E') return cmakeTool(reader, { name: verb, args: files, world });
  const options = readOptions(args, { short: 'BSDGPCA', long: 'build install prefix preset target config' });
  for (const place of [...optionValues(options, 'B build'), ...optionValues(options, 'prefix')])
    noteWrite(reader, world, place, 'cmake', { tree: true });
  noteUnknown(reader, world, 'program', [name, ...args.slice(0, 2)].join(' '));
  return undefined;
};

const CMAKE_AS: Readonly<Record<string, readonly string[]>> = {
  copy: ['cp'],
  copy_if_different: ['cp'],
  copy_directory: ['cp', '-r', '-T'],
  copy_directory_if_different: ['cp', '-r', '-T'],
  rename: ['mv'],
  remove: ['rm', '-r'],
  rm: ['rm'],
  remove_directory: ['rm', '-r'],
  make_directory: ['mkdir'],
  touch: ['touch'],
  touch_nocreate: ['touch'],
  create_symlink: ['ln', '-s'],
  create_hardlink: ['ln'],
  tar: ['tar'],
  env: ['env'],
  time: ['time'],
};
const CMAKE_LOOKS =
  /^(echo|echo_append|cat|compare_files|md5sum|sha\d+sum|capabilities|environment|false|true|sleep|server)$/;

const cmakeTool: Program = (reader, { name, args, world }) => {
  const as = CMAKE_AS[name];
  if (as !== undefined)
    return reader.runArguments([...as, ...args.filter((arg) => arg !== '--')], world, true);
  if (name === 'chdir') {
    const [place = '', ...rest] = args;
    reader.runArguments(['env', '-C', place, ...rest], world, true);
  } else if (!CMAKE_LOOKS.test(name)) noteUnknown(reader, world, 'program', `cmake -E ${name}`);
  return undefined;
};

/** `less +!cmd f` runs a command. */
const less: Program = (reader, call) => {
  for (const arg of call.args) {
    const code = /^\+.*?!(.*)$/s.exec(arg)?.[1];
    if (code !== undefined) runChild(reader, { ...call.world, out: undefined }, code, undefined, undefined);
  }
  return tool(outputTool('less') ?? {})(reader, call);
};

const OTHERS: Programs = { less, cmake };
/** Other names of the same tool. */
const SAME: Readonly<Record<string, string>> = { pip3: 'pip', sg: 'ast-grep' };

export function outputToolOf(name: string): Program | undefined {
  if (Object.hasOwn(OTHERS, name)) return OTHERS[name];
  const spec = outputTool(Object.hasOwn(SAME, name) ? (SAME[name] ?? name) : name);
  return spec && tool(spec);
}
