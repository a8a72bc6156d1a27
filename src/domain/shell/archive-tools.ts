// Archives and compression: what they pack into a file, and where they unpack.

import { runCode } from './child-shells.ts';
import { noteOpen, noteUnknown, noteWrite } from './ledger.ts';
import { isOpen } from './markers.ts';
import {
  hasOption,
  type OptionSpec,
  type Options,
  optionValue,
  optionValues,
  readOptions,
} from './options.ts';
import { joinPath } from './paths.ts';
import type { Call, Program, Programs, Reader } from './reader.ts';
import { isAmong } from './word-lists.ts';

const TAR: OptionSpec = {
  short: 'fCTXbHVgNKFIL',
  long: 'file directory files-from exclude exclude-from transform xform strip-components owner group mode mtime format use-compress-program to-command checkpoint-action rsh-command info-script new-volume-script index-file listed-incremental suffix starting-file newer blocking-factor rmt-command volno-file',
  flags:
    'extract get create append update concatenate catenate delete list diff compare test-label to-stdout absolute-names remove-files recursive-unlink one-top-level',
};

/** What an archive holds lands below its target, and is not known. */
const UNPACKED = { tree: true, some: true };

/** `tar xzf a.tgz`: the first argument is a bundle of letters whose values follow in order. */
function tarArguments(args: readonly string[]): string[] {
  const [bundle = '', ...others] = args;
  if (bundle.startsWith('-') || !/^[A-Za-z]{1,24}$/.test(bundle)) return [...args];
  const valued = [...bundle].filter((letter) => TAR.short?.includes(letter));
  const flags = [...bundle].filter((letter) => !TAR.short?.includes(letter)).map((letter) => `-${letter}`);
  return [
    ...flags,
    ...valued.flatMap((letter, at) => [`-${letter}`, others[at] ?? '']),
    ...others.slice(valued.length),
  ];
}

const tar: Program = (reader, { name, args, world }) => {
  const options = readOptions(tarArguments(args), TAR);
  const archive = optionValue(options, 'f file');
  const open = args.find((arg) => isOpen(arg.slice(0, 1)));
  if (open !== undefined && !hasOption(options, 't list')) noteOpen(reader, world, open, name);
  const places = optionValues(options, 'C directory');
  for (const code of optionValues(
    options,
    'to-command use-compress-program I rsh-command info-script F new-volume-script rmt-command',
  ))
    runCode(reader, world, code);
  for (const action of optionValues(options, 'checkpoint-action'))
    if (action.startsWith('exec=')) runCode(reader, world, action.slice(5));
  for (const file of optionValues(options, 'index-file g listed-incremental volno-file'))
    noteWrite(reader, world, file, name);
  const isPack = hasOption(options, 'c create r append u update A concatenate catenate delete');
  if (isPack && archive !== undefined && archive !== '-') noteWrite(reader, world, archive, `${name} -f`);
  if (isPack && hasOption(options, 'remove-files'))
    for (const file of options.rest) noteWrite(reader, world, file, `${name} --remove-files`, { tree: true });
  if (!hasOption(options, 'x extract get') || hasOption(options, 'O to-stdout')) return undefined;
  const root = places.length === 0 ? '.' : places.reduce((from, to) => joinPath(from, to));
  const top = optionValue(options, 'one-top-level');
  for (const place of [root, ...(top === undefined ? [] : [joinPath(root, top)])])
    noteWrite(
      reader,
      world,
      place,
      `${name} -x`,
      hasOption(options, 'recursive-unlink U unlink-first') ? { tree: true } : UNPACKED,
    );
  if (hasOption(options, 'P absolute-names')) noteUnknown(reader, world, 'program', `${name} -P`);
  return undefined;
};

const unzip: Program = (reader, { name, args, world }) => {
  const options = readOptions(args, { short: 'dxP' });
  if (hasOption(options, 'l t p c v Z z')) return undefined;
  noteWrite(reader, world, optionValue(options, 'd') ?? '.', name, UNPACKED);
  return undefined;
};

/** Options of two letters whose value is the next argument. */
const ZIP_TWO_LETTERS: Readonly<Record<string, string>> = {
  '-tt': '--before-date',
  '-TT': '--unzip-command',
  '-lf': '--log-file-path',
};

const zip: Program = (reader, { name, args, world }) => {
  const told = args.map((arg) => ZIP_TWO_LETTERS[arg] ?? arg);
  const options = readOptions(told, {
    short: 'btnxiOPsZ',
    long: 'out output-file temp-path exclude include suffixes password split-size compression-method log-file-path unzip-command before-date from-date',
  });
  for (const code of optionValues(options, 'unzip-command')) runCode(reader, world, code);
  for (const file of optionValues(options, 'log-file-path')) noteWrite(reader, world, file, name);
  const [archive, ...files] = options.rest;
  for (const target of [archive, optionValue(options, 'O out output-file')]) {
    if (target === undefined || target === '-') continue;
    noteWrite(reader, world, target, name);
    if (!/\.[^/]+$/.test(target)) noteWrite(reader, world, `${target}.zip`, name);
  }
  if (hasOption(options, 'm move'))
    for (const file of files) noteWrite(reader, world, file, `${name} -m`, { tree: true });
  return undefined;
};

/** 7z writes `-oDIR`; its first argument is a letter. */
const sevenZip: Program = (reader, { name, args, world }) => {
  const [verb, ...others] = args;
  const files = others.filter((arg) => !arg.startsWith('-'));
  const place = others.find((arg) => /^-o./.test(arg))?.slice(2) ?? '.';
  if (verb === 'x' || verb === 'e') noteWrite(reader, world, place, name, UNPACKED);
  else if (/^(a|d|u|rn)$/.test(verb ?? '') && files[0] !== undefined)
    noteWrite(reader, world, files[0], name);
  return undefined;
};

const SUFFIXES: Readonly<Record<string, string>> = {
  gzip: '.gz',
  pigz: '.gz',
  bzip2: '.bz2',
  pbzip2: '.bz2',
  xz: '.xz',
  lzma: '.lzma',
  zstd: '.zst',
  lz4: '.lz4',
  brotli: '.br',
  compress: '.Z',
  lzip: '.lz',
};

/** `gzip f` replaces f by f.gz; `gunzip f.gz` the other way round. */
const compress: Program = (reader, { name, args, world }) => {
  const options = readOptions(args, {
    short: 'SoTM',
    long: 'suffix output threads output-dir-flat output-dir-mirror',
    flags: 'rm',
  });
  if (hasOption(options, 'c stdout to-stdout l list t test')) return undefined;
  const suffix = SUFFIXES[name.replace(/^(un|g?un)/, '')] ?? SUFFIXES[name] ?? '';
  const manner = { tree: hasOption(options, 'r recursive') };
  for (const target of optionValues(options, 'o output')) noteWrite(reader, world, target, name);
  for (const place of optionValues(options, 'output-dir-flat output-dir-mirror'))
    noteWrite(reader, world, place, name, UNPACKED);
  if (hasOption(options, 'rm')) for (const file of options.rest) noteWrite(reader, world, file, name, manner);
  if (hasOption(options, 'o output output-dir-flat output-dir-mirror')) return undefined;
  for (const file of options.rest) {
    noteWrite(reader, world, file, name, manner);
    const other = /\.(gz|tgz|bz2|xz|lzma|zst|lz4|br|Z|lz)$/.test(file)
      ? file.replace(/\.[^.]+$/, '')
      : `${file}${suffix || '.gz'}`;
    noteWrite(reader, world, other, name, manner);
  }
  return undefined;
};

const cpio: Program = (reader, { name, args, world }) => {
  const options = readOptions(args, { short: 'FOIEHCDRM', long: 'file directory format owner' });
  const place = optionValue(options, 'D directory') ?? '.';
  if (hasOption(options, 'i extract') && !hasOption(options, 't list'))
    noteWrite(reader, world, place, name, UNPACKED);
  if (hasOption(options, 'p pass-through'))
    noteWrite(reader, world, options.rest[0] ?? place, name, { tree: true });
  if (hasOption(options, 'o create')) noteFirst(reader, { name, args, world }, options, 'O F file');
  return undefined;
};

function noteFirst(reader: Reader, call: Call, options: Options, names: string): void {
  const target = optionValue(options, names);
  if (target !== undefined) noteWrite(reader, call.world, target, call.name);
}

/** ar and jar: a letter, then the archive; `x` unpacks here, or where it is told. A script of ar's may name any archive. */
const letterArchive: Program = (reader, { name, args, world }) => {
  const options = readOptions(args, { long: 'output' });
  const [letters = '', archive] = args.filter(
    (arg, at) => !arg.startsWith('--') && args[at - 1] !== '--output',
  );
  if (letters === '-M') noteUnknown(reader, world, 'script', `${name} -M`);
  if (/x/.test(letters)) noteWrite(reader, world, optionValue(options, 'output') ?? '.', name, UNPACKED);
  else if (!/^-?[tp]/.test(letters) && archive !== undefined) noteWrite(reader, world, archive, name);
  return undefined;
};

const OTHERS: Programs = {
  tar,
  bsdtar: tar,
  unzip,
  zip,
  '7z': sevenZip,
  '7za': sevenZip,
  '7zz': sevenZip,
  cpio,
  ar: letterArchive,
  jar: letterArchive,
};
const UNPACKERS = 'gunzip unpigz bunzip2 unxz unlzma unzstd unlz4 unbrotli uncompress';

export function archiveToolOf(name: string): Program | undefined {
  if (Object.hasOwn(OTHERS, name)) return OTHERS[name];
  return Object.hasOwn(SUFFIXES, name) || isAmong(UNPACKERS, name) ? compress : undefined;
}
