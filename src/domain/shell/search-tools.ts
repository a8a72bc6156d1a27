// Programs that find things and do something to each: find, fd, xargs, parallel.
import { noteWrite } from './ledger.ts';
import { EXPANSION_MAX } from './limits.ts';
import { BELOW, EVERY, FOUND, isOpen, NAME, OPEN_OUTPUT } from './markers.ts';
import { hasOption, optionValue, optionValues, readOptions } from './options.ts';
import { below, joinPath } from './paths.ts';
import { quoteArgument } from './quoting.ts';
import type { Call, Program, Programs, Reader } from './reader.ts';
import type { World } from './world.ts';
import { streamText, writtenText } from './written-files.ts';

/** Tests that leave every file in: all others choose. */
const NO_CHOICE =
  /^-(type|print|print0|depth|d|mindepth|exec|execdir|ok|okdir|delete|follow|xdev|mount|noleaf|ls|quit|fprint\w*|fls|true|H|L|P|O\d?)$/;
const WITH_VALUE = /^-(type|mindepth|maxdepth|fprint|fprint0|fls)$/;

/** What a program run by find does is lost to the shell, but for its findings. */
function runInside(reader: Reader, argv: readonly string[], world: World): void {
  reader.runArguments(argv, { ...world, depth: world.depth + 1, stdin: undefined, out: undefined }, true);
}

const find: Program = (reader, { args, world }) => {
  const from = args.findIndex((arg) => !/^-([HLPE]|O\d?|D)$/.test(arg));
  const rest = from < 0 ? [] : args.slice(from);
  const end = rest.findIndex((arg) => /^[-(!,]/.test(arg));
  const told = rest.slice(0, end < 0 ? undefined : end);
  const roots = told.length > 0 ? told : ['.'];
  const expression = end < 0 ? [] : rest.slice(end);
  const found = isEverything(expression) ? EVERY : isKeptOut(expression) ? BELOW : FOUND;
  for (let at = 0; at < expression.length; at += 1) {
    const primary = expression[at] ?? '';
    if (primary === '-delete')
      for (const root of roots) noteWrite(reader, world, below(root, found), 'find -delete');
    else if (/^-(fprint|fprint0|fls|fprintf)$/.test(primary))
      noteWrite(reader, world, expression[at + 1] ?? '', `find ${primary}`);
    else if (/^-(exec|execdir|ok|okdir)$/.test(primary))
      at = runFound(reader, { name: primary, args: expression, world }, at + 1, roots, found);
  }
  const isPlain =
    !expression.some((primary) =>
      /^-(exec|execdir|ok|okdir|printf|ls|fprint\w*|fls|delete)$/.test(primary),
    ) || expression.includes('-print');
  return [
    {
      ...world,
      out:
        world.out === undefined || !isPlain
          ? undefined
          : world.out + roots.map((root) => `${below(root, found)}\n`).join(''),
    },
  ];
};

function isEverything(expression: readonly string[]): boolean {
  for (let at = 0; at < expression.length; at += 1) {
    const primary = expression[at] ?? '';
    if (/^-(exec|execdir|ok|okdir)$/.test(primary)) at = commandEnd(expression, at + 1);
    else if (!NO_CHOICE.test(primary) && !/^[()]$/.test(primary)) return false;
    else if (WITH_VALUE.test(primary)) at += 1;
  }
  return true;
}

/** What keeps a search out of the worktrees below: a small depth, hidden folders left out, or theirs by name. */
const KEEPS_OUT = /claude|worktree|(^|\/)\.(\*|\?|\[)/;

const isKeptOut = (expression: readonly string[]): boolean =>
  expression.some((arg, at) =>
    expression[at - 1] === '-maxdepth' ? /^[0-2]$/.test(arg) : KEEPS_OUT.test(arg),
  );

function commandEnd(expression: readonly string[], from: number): number {
  const end = expression.findIndex(
    (arg, at) => at >= from && (arg === ';' || (arg === '+' && expression[at - 1] === '{}')),
  );
  return end < 0 ? expression.length : end;
}

/** Runs the command that begins at `from` for the things under each root; returns where it ends. */
function runFound(reader: Reader, call: Call, from: number, roots: readonly string[], which: string): number {
  const end = commandEnd(call.args, from);
  const command = call.args.slice(from, end);
  for (const root of roots) {
    const found = below(root, which);
    const isInside = call.name.endsWith('dir');
    const world = isInside
      ? {
          ...call.world,
          cwd: joinPath(call.world.cwd, isOpen(root) ? OPEN_OUTPUT : found, reader.facts.windows),
        }
      : call.world;
    runInside(
      reader,
      command.map((arg) => arg.replaceAll('{}', isInside ? `./${NAME}` : found)),
      world,
    );
  }
  return end;
}

/** fd: `-x`/`-X` run a command for what is found. */
const fd: Program = (reader, { args, world }) => {
  const at = args.findIndex((arg) => /^(-x|-X|--exec|--exec-batch)$/.test(arg));
  const search = readOptions(at < 0 ? args : args.slice(0, at), {
    short: 'etEdScj',
    long: 'extension type exclude max-depth min-depth size base-directory search-path color threads',
  });
  const places = [...search.rest.slice(1), ...optionValues(search, 'search-path base-directory')];
  const which = hasOption(search, 'H hidden u unrestricted') ? FOUND : BELOW;
  const found = (places.length > 0 ? places : ['.']).map((root) => below(root, which));
  if (at < 0)
    return [
      {
        ...world,
        out: world.out === undefined ? undefined : world.out + found.map((path) => `${path}\n`).join(''),
      },
    ];
  for (const path of found) {
    const command = args.slice(at + 1).filter((arg) => arg !== ';');
    const hasPlace = command.some((arg) => /\{(\.|\/|\/\/|\/\.)?\}/.test(arg));
    runInside(
      reader,
      [...command.map((arg) => arg.replace(/\{(\.|\/|\/\/|\/\.)?\}/g, path)), ...(hasPlace ? [] : [path])],
      world,
    );
  }
  return undefined;
};

const xargs: Program = (reader, { args, world }) => {
  const options = readOptions(args, {
    short: 'IJnPLsdEaR',
    long: 'arg-file delimiter max-args max-procs max-lines max-chars eof process-slot-var',
    flags: 'replace null',
    stopEarly: true,
  });
  const lower = args.find((arg) => /^-i./.test(arg))?.slice(2);
  const replaced =
    optionValue(options, 'I J replace') ?? lower ?? (hasOption(options, 'i replace') ? '{}' : undefined);
  const command = options.rest.length > 0 ? options.rest : ['echo'];
  const file = optionValue(options, 'a arg-file');
  const isWhole = hasOption(options, '0 null d delimiter') || replaced !== undefined;
  const lines =
    file === undefined
      ? world.stdin
      : (streamText(reader, world, file) ?? writtenText(reader, world, file))?.split(/[\n\0]/);
  const items = lines === undefined ? [OPEN_OUTPUT] : isWhole ? [...lines] : lines.flatMap(unquotedItems);
  const told = items.length > EXPANSION_MAX ? [...items.slice(0, EXPANSION_MAX), OPEN_OUTPUT] : items;
  if (replaced === undefined) runInside(reader, [...command, ...told], world);
  else
    for (const item of told)
      runInside(
        reader,
        command.map((arg) => arg.replaceAll(replaced, item)),
        world,
      );
  return undefined;
};

/** xargs splits at blanks and takes quotes and backslashes away. */
const unquotedItems = (line: string): string[] =>
  (line.match(/(?:"[^"]*"|'[^']*'|\\.|[^\s"'\\])+/g) ?? []).map((item) =>
    item.replace(/"([^"]*)"|'([^']*)'|\\(.)/g, (_, double, single, char) => double ?? single ?? char),
  );

/** GNU parallel: a command line with `{}` for each of the arguments after `:::`, or of the lines it is given. */
const parallel: Program = (reader, { args, world }) => {
  const options = readOptions(args, {
    short: 'jNnLIaPsSdC',
    long: 'jobs max-args arg-file joblog results colsep delimiter tmpdir workdir wd sshlogin timeout delay retries load',
    stopEarly: true,
  });
  for (const target of optionValues(options, 'joblog results'))
    noteWrite(reader, world, target, 'parallel', { tree: true });
  const separator = options.rest.findIndex((arg) => /^:{3,4}\+?$/.test(arg));
  const command = separator < 0 ? options.rest : options.rest.slice(0, separator);
  const listed =
    separator < 0
      ? undefined
      : options.rest.slice(separator + 1).filter((arg) => arg !== ':::' && arg !== ':::+');
  const isFile = options.rest.some((arg) => arg.startsWith('::::')) || hasOption(options, 'a arg-file');
  const items = isFile ? [OPEN_OUTPUT] : (listed ?? world.stdin ?? [OPEN_OUTPUT]);
  const place = optionValue(options, 'I') ?? '{}';
  const inner = { ...world, depth: world.depth + 1, stdin: undefined, out: undefined };
  const followed = items.length > EXPANSION_MAX ? [...items.slice(0, EXPANSION_MAX), OPEN_OUTPUT] : items;
  for (const item of followed) {
    const quoted = quoteArgument(item);
    const line = command.join(' ');
    const filled = line
      .replaceAll(place, quoted)
      .replace(/\{(?:\d+|#|%)?(?:\.|\/|\/\/|\/\.)?\}/g, () =>
        listed === undefined ? quoted : quoteArgument(item),
      );
    reader.runSource(command.length === 0 ? item : filled === line ? `${line} ${quoted}` : filled, inner);
  }
  return undefined;
};

export const SEARCH_TOOLS: Programs = { find, fd, fdfind: fd, xargs, parallel };
