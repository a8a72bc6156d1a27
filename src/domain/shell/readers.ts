// Programs that write nothing, and what some of them print: a `$( )` or an `xargs` behind them then is not wholly unknown.

import { runCode } from './child-shells.ts';
import { BELOW, FOUND, isOpen, isStatic, NAME, OPEN_OUTPUT } from './markers.ts';
import { hasOption, optionValue, readOptions } from './options.ts';
import { baseName, below, directoryName, joinPath } from './paths.ts';
import { decodeEscapes, echoText } from './printing.ts';
import type { Call, Program, Programs, Reader } from './reader.ts';
import { isAmong } from './word-lists.ts';
import type { World } from './world.ts';
import { streamText, writtenText } from './written-files.ts';

const READ_ONLY = `
  ls ll la dir vdir exa eza lsd cat bat batcat head tail more most zless zmore nl tac rev wc cut tr paste join comm column fold fmt pr expand
  unexpand strings od hexdump hd grep egrep fgrep zgrep zegrep bzgrep xzgrep ag ack pt ugrep look tsort numfmt cmp diff diff3 colordiff zdiff delta icdiff
  stat file du df lsof lsblk findmnt mountpoint readlink realpath basename dirname pwd pathchk md5sum md5 sha1sum sha224sum sha256sum sha384sum
  sha512sum shasum b2sum cksum sum crc32 ps top htop pgrep pkill pidof pstree kill killall free uptime vmstat iostat nproc arch uname hostname whoami id
  groups users who w last tty logname getent getconf locale date cal ncal sleep usleep seq yes echo print printenv test expr bc factor
  which whereis whence where type man apropos whatis tldr help jq xq gron zcat bzcat xzcat zstdcat lz4cat gzcat lzcat
  ping traceroute dig host nslookup netstat ss ifconfig route arp whois true false clear tput stty reset banner cowsay figlet
  tokei ldd nm objdump size readelf otool addr2line c++filt csvlook csvstat csvcut csvgrep glow
  hexyl sw_vers system_profiler pbpaste pbcopy dmesg journalctl uuidgen dirs ts zipinfo pdfinfo
  logger envsubst base32 basenc zipgrep locate mdfind xclip xsel wl-paste
`;

/** One line of output that is a name or a number, unless the arguments shape it. */
const printsName: Program = (_, { args, world }) => [
  printed(world, args.some((arg) => /[/.]/.test(arg) || !isStatic(arg)) ? undefined : `${NAME}\n`),
];

/** Adds to what the world prints; undefined: not known. */
function printed(world: World, text: string | undefined): World {
  return { ...world, out: world.out === undefined || text === undefined ? undefined : world.out + text };
}

const lines = (items: readonly string[]): string => items.map((item) => `${item}\n`).join('');

/** Some shells' echo takes escapes without being asked: then it is not known what it prints. */
const echo: Program = (_, { args, world }) => {
  const text = echoText(args);
  const isPlain = !text.includes('\\') || decodeEscapes(text) === text;
  return [printed(world, isPlain ? text : undefined)];
};
const pwd: Program = (_, { world }) => [printed(world, `${world.cwd}\n`)];

const cat: Program = (reader, { args, world }) => {
  const { rest } = readOptions(args);
  if (rest.length > 0 && !(rest.length === 1 && rest[0] === '-'))
    return [printed(world, streamsText(reader, world, rest))];
  return [
    {
      ...printed(world, world.stdin === undefined ? undefined : lines(world.stdin)),
      stdin: world.stdin === undefined ? undefined : [],
    },
  ];
};

function streamsText(reader: Reader, world: World, files: readonly string[]): string | undefined {
  const texts = files.map((file) => streamText(reader, world, file) ?? writtenText(reader, world, file));
  return texts.every((text) => text !== undefined) ? texts.join('') : undefined;
}

const dirname: Program = (_, { args, world }) => [
  printed(
    world,
    lines(readOptions(args).rest.map((path) => (isOpen(path) ? openDirectory(path) : directoryName(path)))),
  ),
];
const openDirectory = (path: string): string =>
  path.lastIndexOf('/') > 0 ? directoryName(path) : OPEN_OUTPUT;
const basename: Program = (_, { args, world }) => {
  const options = readOptions(args, { short: 's', long: 'suffix' });
  const isMany = hasOption(options, 'a s multiple suffix');
  const suffix = isMany ? optionValue(options, 's suffix') : options.rest[1];
  const names = (isMany ? options.rest : options.rest.slice(0, 1)).map(baseName);
  return [
    printed(
      world,
      lines(
        names.map((name) =>
          suffix && isStatic(suffix) && name !== suffix && name.endsWith(suffix)
            ? name.slice(0, -suffix.length)
            : name,
        ),
      ),
    ),
  ];
};

/** Lexically absolute: a symlink in it leads the write to the same place as the path would. */
const realpath: Program = (reader, { name, args, world }) => {
  const options = readOptions(args, { long: 'relative-to relative-base' });
  if (
    name === 'readlink' &&
    !hasOption(options, 'f e m canonicalize canonicalize-existing canonicalize-missing')
  )
    return [printed(world, undefined)];
  if (hasOption(options, 'relative-to relative-base')) return [printed(world, undefined)];
  return [
    printed(
      world,
      lines(
        options.rest.map((path) => (isOpen(path) ? path : joinPath(world.cwd, path, reader.facts.windows))),
      ),
    ),
  ];
};

/** ls prints the names in a directory, or the argument itself where that is none; what a glob matched is taken for files. */
const ls: Program = (_, { args, world }) => {
  const options = readOptions(args, { short: 'IwT', long: 'ignore hide width' });
  if (hasOption(options, 'l R o g i s')) return [printed(world, undefined)];
  const told = options.rest.flatMap((path) =>
    isStatic(path) && !hasOption(options, 'd directory') ? [path, NAME] : [path],
  );
  return [printed(world, lines(options.rest.length === 0 ? [NAME] : told))];
};

/** Filters hand on lines they were given. */
const filter: Program = (_, { args, world }) => {
  const options = readOptions(args, { short: 'nc', long: 'lines bytes' });
  const isLines = options.rest.length === 0 && world.stdin !== undefined && !hasOption(options, 'c bytes');
  return [{ ...printed(world, isLines ? lines(world.stdin ?? []) : undefined), stdin: [] }];
};

/** grep: with `-l` the names of files below its arguments, without files a filter, otherwise text. */
const grep: Program = (reader, call) => {
  notePager(reader, call);
  const options = readOptions(call.args, {
    short: 'efmABCdDgtTj',
    long: 'regexp file max-count include exclude exclude-dir context color colour glob type type-not threads iglob max-depth sort after-context before-context',
  });
  const roots = hasOption(options, 'e regexp f file files') ? options.rest : options.rest.slice(1);
  if (hasOption(options, 'l files-with-matches L files-without-match files')) {
    // grep goes into hidden folders; those that search by themselves leave them out.
    const isThorough = /^z?[ef]?grep$/.test(call.name)
      ? hasOption(options, 'r R recursive dereference-recursive') &&
        !/claude|[=.]\.\*/.test(call.args.join(' '))
      : hasOption(options, 'u unrestricted hidden');
    const which = isThorough ? FOUND : BELOW;
    const places = roots.length === 0 ? ['.'] : roots;
    return [printed(call.world, lines(places.map((root) => below(root, which))))];
  }
  if (roots.length === 0 && !hasOption(options, 'o only-matching n line-number c count b r R recursive'))
    return filter(reader, { ...call, args: [] });
  return [printed(call.world, undefined)];
};

const date: Program = (reader, call) => {
  const format = call.args.find((arg) => arg.startsWith('+'));
  const isShaped = format !== undefined && (/[/.]|%[Dx]/.test(format) || !isStatic(format));
  return isShaped ? [printed(call.world, undefined)] : printsName(reader, { ...call, args: [] });
};

/** A pager or a filter of one's own choice is a program too. */
const looks: Program = (reader, call) => {
  notePager(reader, call);
  return [printed(call.world, undefined)];
};

function notePager(reader: Reader, { args, world }: Call): void {
  for (const [at, arg] of args.entries()) {
    const match = /^(--pager|--pre|--preprocessor|-P)(?:=(.*))?$/s.exec(arg);
    const code = match?.[1] === '-P' ? args[at + 1] : (match?.[2] ?? (match ? args[at + 1] : undefined));
    if (code !== undefined && /[\s/]/.test(code)) runCode(reader, world, code);
  }
}

const NAME_PRINTERS =
  'whoami hostname uname nproc arch uuidgen wc md5sum shasum sha256sum cksum id seq pgrep';
const FILTERS = 'head tail tac';

const PRINTERS: Programs = {
  echo,
  pwd,
  cat,
  dirname,
  basename,
  yes: echo,
  realpath,
  readlink: realpath,
  ls,
  grep,
  egrep: grep,
  fgrep: grep,
  ag: grep,
  ack: grep,
  rg: grep,
  date,
};

export function readerOf(name: string): Program | undefined {
  if (Object.hasOwn(PRINTERS, name)) return PRINTERS[name];
  if (isAmong(FILTERS, name)) return filter;
  if (isAmong(NAME_PRINTERS, name)) return printsName;
  return isAmong(READ_ONLY, name) ? looks : undefined;
}
