// Programs that make, change, move or remove files, and which of their arguments are targets.
import { noteDetour, noteLink, noteOpen, noteUnknown, noteWrite, resolveTarget } from './ledger.ts';
import { hasPattern, isOpen, NAME } from './markers.ts';
import { hasOption, type OptionSpec, type Options, optionValue, readOptions } from './options.ts';
import { baseName, directoryName, isAbsolute, joinPath, normalPath, saysDirectory } from './paths.ts';
import type { Program, Programs, Reader } from './reader.ts';

/** A program all of whose arguments are targets. */
interface Plain extends OptionSpec {
  /** Leading arguments that are no targets (a mode, an owner). */
  readonly skip?: number;
  /** Flags that make it work on whole trees; `true`: always. */
  readonly tree?: string | true;
}

const PLAIN: Readonly<Record<string, Plain>> = {
  rm: { tree: 'r R d recursive dir', flags: 'recursive dir' },
  srm: { tree: 'r R recursive' },
  trash: { tree: true },
  'trash-put': { tree: true },
  rmtrash: { tree: true },
  rmdir: {},
  unlink: {},
  shred: { short: 'ns', long: 'iterations size random-source' },
  touch: { short: 'drtA', long: 'date reference time' },
  mkdir: { short: 'm', long: 'mode' },
  mkfifo: { short: 'm', long: 'mode' },
  truncate: { short: 'sr', long: 'size reference' },
  fallocate: { short: 'lo', long: 'length offset' },
  tee: {},
  sponge: {},
  setfacl: { short: 'mxMX', long: 'modify remove', tree: 'R recursive' },
  dos2unix: { long: 'convmode', short: 'c' },
  unix2dos: { long: 'convmode', short: 'c' },
  setfattr: { short: 'nvx', long: 'name value remove' },
  xattr: { tree: 'r' },
  chattr: { skip: 1, tree: 'R', short: 'vp' },
  SetFile: { short: 'atcdm' },
  fsync: {},
};

const plain =
  (spec: Plain): Program =>
  (reader, { name, args, world }) => {
    const options = readOptions(args, spec);
    const tree = spec.tree === true || (spec.tree !== undefined && hasOption(options, spec.tree));
    for (const target of options.rest.slice(spec.skip ?? 0)) noteWrite(reader, world, target, name, { tree });
    return undefined;
  };

/** chmod's mode may look like an option: `chmod -x f`. */
const changeMode: Program = (reader, { name, args, world }) => {
  const options = readOptions(args, { long: 'reference from', flags: 'recursive' });
  const hasMode =
    hasOption(options, 'reference') ||
    (name === 'chmod' && args.some((arg) => /^-[rwxXstugoa]+([-+=,].*)?$/.test(arg)));
  const tree = hasOption(options, 'R recursive');
  for (const target of options.rest.slice(hasMode ? 0 : 1)) noteWrite(reader, world, target, name, { tree });
  return undefined;
};

interface Placing {
  readonly sources: readonly string[];
  /** Where each source may come to lie; the first may be the destination itself. */
  readonly targets: readonly { source: string; path: string; into: boolean }[];
}

/** cp, mv, ln, install: sources and a destination that may be a directory. */
function placeSources(options: Options, parents = false): Placing {
  const told = optionValue(options, 't target-directory');
  const sources = told === undefined ? options.rest.slice(0, -1) : options.rest;
  const destination = told ?? options.rest.at(-1) ?? '';
  const [first] = sources;
  if (first === undefined) return { sources, targets: [] };
  const exact = hasOption(options, 'T no-target-directory');
  const isDirectory = told !== undefined || sources.length > 1 || saysDirectory(destination);
  const inside = sources.map((source) => ({
    source,
    path: parents ? `${destination}/${source}` : joinPath(destination, baseName(source)),
    into: false,
  }));
  // A glob may be several: the last of them is the destination, and the others go into it.
  if (told === undefined && hasPattern(destination)) {
    inside.push({ source: first, path: joinPath(destination, NAME), into: false });
  }
  if (exact) return { sources, targets: [{ source: first, path: destination, into: false }] };
  return {
    sources,
    targets: isDirectory ? inside : [{ source: first, path: destination, into: true }, ...inside],
  };
}

const PLACING: OptionSpec = {
  short: 'tSgmoZ',
  long: 'target-directory suffix mode owner group strip-program',
  flags: 'recursive archive link symbolic-link no-target-directory parents directory',
};

const copy: Program = (reader, { name, args, world }) => {
  const options = readOptions(args, { ...PLACING, short: name === 'cp' ? 'tS' : 't' });
  const tree = name === 'ditto' || hasOption(options, 'r R a recursive archive');
  const isHard = hasOption(options, 'l link');
  const isSoft = hasOption(options, 's symbolic-link');
  const { targets } = placeSources(options, hasOption(options, 'parents'));
  for (const { path, into } of targets)
    noteWrite(reader, world, path, isSoft ? 'cp -s' : name, { tree, into });
  for (const { source, path } of targets) {
    if (isHard) noteLink(reader, world, source, path, 'cp -l');
    const from = resolveTarget(reader, world, source);
    // A link that was made before and is copied as a link leads there too.
    if (
      isSoft ||
      (hasOption(options, 'a d P r R archive recursive no-dereference') && isDetour(reader, from))
    )
      noteDetour(reader, resolveTarget(reader, world, path), from);
  }
  return undefined;
};

const isDetour = ({ ledger }: Reader, path: string): boolean =>
  ledger.detours.some((detour) => normalPath(detour.path) === normalPath(path));

const move: Program = (reader, { args, world }) => {
  const placing = placeSources(readOptions(args, { ...PLACING, short: 'tS' }));
  for (const source of placing.targets.length > 0 ? placing.sources : [])
    noteWrite(reader, world, source, 'mv', { tree: true });
  for (const { path, into } of placing.targets) noteWrite(reader, world, path, 'mv', { tree: true, into });
  for (const { source, path } of placing.targets) {
    noteDetour(reader, resolveTarget(reader, world, path), resolveTarget(reader, world, source));
  }
  return undefined;
};

const link: Program = (reader, { name, args, world }) => {
  const options = readOptions(args, {
    ...PLACING,
    short: 'tS',
    flags: `${PLACING.flags} symbolic physical logical relative`,
  });
  const isSoft = hasOption(options, 's symbolic');
  const how = isSoft ? 'ln -s' : name;
  const [only] = options.rest;
  const isAlone =
    options.rest.length === 1 && !hasOption(options, 't target-directory') && only !== undefined;
  const targets = isAlone
    ? [{ source: only, path: baseName(only), into: false }]
    : placeSources(options).targets;
  for (const { path, into } of targets) noteWrite(reader, world, path, how, { into });
  for (const { source, path } of targets) {
    if (!isSoft) {
      noteLink(reader, world, source, path, name);
      continue;
    }
    // A symlink's text is read from where the link lies.
    const place = resolveTarget(reader, world, path);
    const from =
      isAbsolute(source, reader.facts.windows === true) || hasOption(options, 'r relative')
        ? resolveTarget(reader, world, source)
        : joinPath(directoryName(place), source);
    noteDetour(reader, place, from);
  }
  return undefined;
};

const install: Program = (reader, { name, args, world }) => {
  const options = readOptions(args, { ...PLACING, short: 'tSgmo' });
  if (hasOption(options, 'd directory')) {
    for (const target of options.rest) noteWrite(reader, world, target, name);
    return undefined;
  }
  for (const { path, into } of placeSources(options).targets) noteWrite(reader, world, path, name, { into });
  return undefined;
};

const dd: Program = (reader, { args, world }) => {
  for (const arg of args) {
    if (arg.startsWith('of=')) noteWrite(reader, world, arg.slice(3), 'dd of=');
    else if (isOpen(arg.slice(0, 1))) noteOpen(reader, world, arg, 'dd');
  }
  return undefined;
};

const mknod: Program = (reader, { name, args, world }) => {
  const [target] = readOptions(args, { short: 'm', long: 'mode' }).rest;
  if (target !== undefined) noteWrite(reader, world, target, name);
  return undefined;
};

/**
 * Its result lies in the temporary directory, unless a template or a directory says otherwise. What stands there now
 * never has the new name, so the template itself stands for it.
 */
const mktemp: Program = (reader, { name, args, world }) => {
  const options = readOptions(args, { short: 'p', long: 'suffix', flags: 'tmpdir' });
  const variable = world.vars.get('TMPDIR');
  const temporary = typeof variable === 'string' && variable !== '' ? variable : '/tmp';
  const told = optionValue(options, 'p tmpdir') ?? (hasOption(options, 'tmpdir t') ? temporary : undefined);
  const [template] = options.rest;
  const base = template ?? 'tmp.XXXXXXXXXX';
  const path =
    told !== undefined ? joinPath(told, base) : template === undefined ? joinPath(temporary, base) : base;
  noteWrite(reader, world, path, name);
  return [{ ...world, out: world.out === undefined ? undefined : `${world.out}${path}\n` }];
};

/** `rename 's/a/b/' files`: the new names are made by a program. */
const rename: Program = (reader, { name, args, world }) => {
  const { rest } = readOptions(args, { short: 'e' });
  for (const target of rest.slice(1)) {
    noteWrite(reader, world, target, name);
    noteWrite(reader, world, joinPath(directoryName(target), NAME), name, { certain: false });
  }
  if (/[/]\.\.|^s?\W?[^/]*\//.test(rest[0] ?? ''))
    noteUnknown(reader, world, 'program', `${name} ${rest[0] ?? ''}`);
  return undefined;
};

const hardLink: Program = (reader, { name, args, world }) => {
  const [source, path] = args;
  if (source === undefined || path === undefined) return undefined;
  noteWrite(reader, world, path, name);
  noteLink(reader, world, source, path, name);
  return undefined;
};

const OTHERS: Programs = {
  chmod: changeMode,
  chown: changeMode,
  chgrp: changeMode,
  cp: copy,
  ditto: copy,
  mv: move,
  ln: link,
  install,
  dd,
  mknod,
  mktemp,
  rename,
  prename: rename,
  link: hardLink,
};

export function fileToolOf(name: string): Program | undefined {
  if (Object.hasOwn(OTHERS, name)) return OTHERS[name];
  const spec = Object.hasOwn(PLAIN, name) ? PLAIN[name] : undefined;
  return spec && plain(spec);
}
