// Programs that work on text and may write files: sed, awk, sort, split, patch, ed and their kin.

import { readAwkScript } from './awk-script.ts';
import { runCode } from './child-shells.ts';
import { noteOpen, noteUnknown, noteWrite } from './ledger.ts';
import { isOpen, NAME, OPEN_VARIABLE, STAR } from './markers.ts';
import { hasOption, type OptionSpec, optionValue, optionValues, readOptions } from './options.ts';
import { baseName, directoryName, joinPath } from './paths.ts';
import type { Program, Programs, Reader } from './reader.ts';
import { readSedScript } from './sed-script.ts';
import type { World } from './world.ts';
import { rememberText, streamText, writtenText } from './written-files.ts';

/** A file changed in place, and the copy that the suffix asks for (`.bak`, or `*` for the name, maybe in another directory). */
export function noteInPlace(reader: Reader, world: World, file: string, suffix: string, how: string): void {
  noteWrite(reader, world, file, how);
  if (suffix === '') return;
  const told = suffix.replaceAll(STAR, '*');
  const backup = told.includes('*') ? told.replaceAll('*', baseName(file)) : baseName(file) + told;
  noteWrite(
    reader,
    world,
    backup.includes('/') ? backup : joinPath(directoryName(file), backup),
    `${how} backup`,
  );
}

const sed: Program = (reader, { args, world }) => {
  // `-i` takes only what is glued to it; BSD's takes the next argument, which then is empty or looks like a suffix.
  const options = readOptions(
    args.map((arg) => arg.replace(/^-([nErsuz]*)i(.+)$/, '-$1\uF8FF$2')),
    { short: 'efl\uF8FF', long: 'expression file line-length', flags: 'in-place null-data' },
  );
  const bare =
    hasOption(options, 'i') ||
    (hasOption(options, 'in-place') && optionValue(options, 'in-place') === undefined);
  const inPlace = bare || hasOption(options, '\uF8FF in-place');
  const suffix = optionValue(options, '\uF8FF in-place') ?? '';
  const rest = bare && options.rest[0] === '' ? options.rest.slice(1) : options.rest;
  const hasScript = hasOption(options, 'e f expression file');
  const scripts = hasScript ? optionValues(options, 'e expression') : rest.slice(0, 1);
  const file = optionValue(options, 'f file');
  if (file !== undefined) readSedFile(reader, world, file, scripts);
  const files = hasScript ? rest : rest.slice(1);
  if (inPlace) for (const target of files) noteInPlace(reader, world, target, suffix, 'sed -i');
  for (const script of scripts) noteSedEffects(reader, world, script);
  return undefined;
};

function readSedFile(reader: Reader, world: World, file: string, scripts: string[]): void {
  const text = streamText(reader, world, file);
  if (text === undefined) noteUnknown(reader, world, 'script', `sed -f ${file}`);
  scripts.push(text ?? writtenText(reader, world, file) ?? '');
}

function noteSedEffects(reader: Reader, world: World, script: string): void {
  const effects = readSedScript(script);
  for (const target of effects.files) noteWrite(reader, world, target, 'sed w');
  for (const code of effects.commands) runCode(reader, world, code);
  if (effects.runsInput) noteUnknown(reader, world, 'script', 'sed e');
}

const awk: Program = (reader, { args, world }) => {
  const options = readOptions(args, {
    short: 'Ffvileo',
    long: 'field-separator file assign include load source exec',
    stopEarly: true,
  });
  const extensions = optionValues(options, 'i include');
  const inPlace = extensions.some((name) => /^inplace/.test(name));
  const variables = new Map<string, string>();
  for (const assigned of optionValues(options, 'v assign')) {
    const [head, name] = /^([\w:]+)=/.exec(assigned) ?? [];
    if (head !== undefined && name !== undefined) variables.set(name, assigned.slice(head.length));
  }
  const hasFile = hasOption(options, 'f file exec E');
  const scripts = hasFile
    ? optionValues(options, 'e source')
    : [
        ...optionValues(options, 'e source'),
        ...(hasOption(options, 'e source') ? [] : options.rest.slice(0, 1)),
      ];
  if (hasFile) noteUnknown(reader, world, 'script', `awk -f ${optionValue(options, 'f file exec E') ?? ''}`);
  const files = hasFile || hasOption(options, 'e source') ? options.rest : options.rest.slice(1);
  // `awk prog x=y f`: the assignment reaches the program too, for what comes after it.
  const later = new Map<string, string>();
  for (const [at, file] of files.entries()) {
    const [head, name] = /^(\w+)=/.exec(file) ?? [];
    if (head !== undefined && name !== undefined)
      (at > 0 || variables.has(name) ? later : variables).set(name, file.slice(head.length));
    else if (inPlace)
      noteInPlace(reader, world, file, variables.get('inplace::suffix') ?? '', 'awk -i inplace');
  }
  const given = later.size === 0 ? [variables] : [variables, new Map([...variables, ...later])];
  for (const script of scripts) for (const known of given) noteAwkEffects(reader, world, script, known);
  return undefined;
};

function noteAwkEffects(
  reader: Reader,
  world: World,
  script: string,
  variables: ReadonlyMap<string, string>,
): void {
  if (isOpen(script)) noteOpen(reader, world, script, 'awk');
  const effects = readAwkScript(script, variables);
  if (effects.isCut) noteUnknown(reader, world, 'depth', 'awk');
  for (const target of effects.files)
    noteWrite(reader, world, target === '' ? OPEN_VARIABLE : target, 'awk print');
  for (const code of effects.commands) runCode(reader, world, code);
}

/** sort -o; what it prints is what it was given. */
const sort: Program = (reader, { name, args, world }) => {
  const options = readOptions(args, {
    short: 'okStT',
    long: 'output key field-separator buffer-size temporary-directory compress-program files0-from parallel batch-size',
  });
  for (const target of optionValues(options, 'o output')) noteWrite(reader, world, target, `${name} -o`);
  const program = optionValue(options, 'compress-program');
  if (program !== undefined) runCode(reader, world, program);
  return options.rest.length === 0 && !hasOption(options, 'o output') ? [handedOn(world)] : undefined;
};

function handedOn(world: World): World {
  const text = world.stdin?.map((line) => `${line}\n`).join('');
  return {
    ...world,
    stdin: world.stdin === undefined ? undefined : [],
    out: world.out === undefined || text === undefined ? undefined : world.out + text,
  };
}

/** Programs whose second argument is a file to write. */
const intoSecond =
  (spec: OptionSpec): Program =>
  (reader, { name, args, world }) => {
    const { rest } = readOptions(args, spec);
    if (rest[1] !== undefined && rest[1] !== '-') noteWrite(reader, world, rest[1], name);
    return rest.length === 0 && name === 'uniq' ? [handedOn(world)] : undefined;
  };

/** xxd takes the first letter of a long name for the name, behind one dash or two. */
const XXD: OptionSpec = {
  oneDash: true,
  long: 'c cols l len g groupsize s seek o offset n name R',
};

const split: Program = (reader, { name, args, world }) => {
  const options = readOptions(args, {
    short: 'abClnt',
    long: 'suffix-length bytes line-bytes lines number filter separator additional-suffix',
  });
  const filter = optionValue(options, 'filter');
  if (filter !== undefined) runCode(reader, world, filter);
  else noteWrite(reader, world, `${options.rest[1] ?? 'x'}${NAME}`, name);
  return undefined;
};

const csplit: Program = (reader, { name, args, world }) => {
  const options = readOptions(args, { short: 'fbn', long: 'prefix suffix-format digits' });
  noteWrite(reader, world, `${optionValue(options, 'f prefix') ?? 'xx'}${NAME}`, name);
  return undefined;
};

const tee: Program = (reader, { name, args, world }) => {
  const options = readOptions(args);
  for (const target of options.rest) {
    if (target === '-') continue;
    noteWrite(reader, world, target, name);
    if (!hasOption(options, 'a append')) rememberText(reader, world, target, world.stdin?.join('\n'));
  }
  return [handedOn(world)];
};

/** patch names its files itself, unless told one; a patch on standard input can be read. */
const patch: Program = (reader, { name, args, world }) => {
  const options = readOptions(args, {
    short: 'opdirBYzDFVgx',
    long: 'output strip directory input reject-file prefix basename-prefix suffix ifdef fuzz version-control get',
  });
  if (hasOption(options, 'dry-run')) return undefined;
  const place = joinPath(world.cwd, optionValue(options, 'd directory') ?? '.', reader.facts.windows);
  const inside: World = {
    ...world,
    cwd: isOpen(optionValue(options, 'd directory') ?? '') ? OPEN_VARIABLE : place,
  };
  for (const target of optionValues(options, 'o output r reject-file'))
    if (target !== '-') noteWrite(reader, inside, target, name);
  if (hasOption(options, 'o output')) return undefined;
  const [file] = options.rest;
  if (file !== undefined) noteWrite(reader, inside, file, name);
  else
    notePatched(
      reader,
      inside,
      Number(optionValue(options, 'p strip') ?? Number.NaN),
      hasOption(options, 'i input') ? undefined : world.stdin,
    );
  return undefined;
};

function notePatched(
  reader: Reader,
  world: World,
  strip: number,
  lines: readonly string[] | undefined,
): void {
  if (lines === undefined) {
    noteUnknown(reader, world, 'script', 'patch');
    noteWrite(reader, world, '.', 'patch', { tree: true, certain: false });
    return;
  }
  for (const line of lines) {
    const path = /^(?:\+\+\+|---|\*\*\*|Index:) ([^\t]+)/.exec(line)?.[1]?.trim();
    if (path === undefined || path === '/dev/null') continue;
    noteWrite(
      reader,
      world,
      Number.isNaN(strip) ? baseName(path) : path.split('/').slice(strip).join('/'),
      'patch',
    );
  }
}

export const TEXT_TOOLS: Programs = {
  sed,
  awk,
  gawk: awk,
  mawk: awk,
  nawk: awk,
  sort,
  shuf: sort,
  uniq: intoSecond({ short: 'fsw', long: 'skip-fields skip-chars check-chars' }),
  xxd: intoSecond(XXD),
  split,
  csplit,
  tee,
  patch,
};
