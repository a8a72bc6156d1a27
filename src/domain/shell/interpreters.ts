// Interpreters given code on the command line or on standard input; with a file, what they do is not known.

import { readCode } from './code-reading.ts';
import type { Language } from './code-tokens.ts';
import { isCoordScript, readCoord } from './coord-calls.ts';
import { changeDirectory } from './directories.ts';
import { noteOpen, noteUnknown, noteWrite } from './ledger.ts';
import { isOpen, OPEN_OUTPUT } from './markers.ts';
import { readOptions } from './options.ts';
import { isOutputTool } from './output-tools.ts';
import { runModule } from './python-modules.ts';
import type { Call, Program, Reader } from './reader.ts';
import { noteInPlace } from './text-tools.ts';
import { isAmong } from './word-lists.ts';
import type { World } from './world.ts';
import { streamText, writtenText } from './written-files.ts';

interface Interpreter {
  readonly name: RegExp;
  readonly language: Language;
  /** Letters and long names whose value is code. */
  readonly code: string;
  /** Letters and long names with another value. */
  readonly short: string;
  readonly long?: string;
  /** Letters whose value, where they have one, is glued to them. */
  readonly glued?: string;
  /** Long names whose value is a place that it writes to. */
  readonly writes?: string;
  /** A letter for the directory to work in. */
  readonly place?: string;
  /** A verb before code (`deno eval`). */
  readonly verb?: string;
}

const INTERPRETERS: readonly Interpreter[] = [
  { name: /^(python|pypy)[\d.]*$|^i?python3?$/, language: 'python', code: 'c', short: 'mWX' },
  {
    name: /^(node|nodejs|bun|tsx|ts-node)$/,
    language: 'javascript',
    code: 'e p eval print',
    short: 'rC',
    long: 'require import loader conditions env-file trace-event-categories test-reporter title input-type',
    writes:
      'cpu-prof-dir cpu-prof-name heap-prof-dir heap-prof-name diagnostic-dir redirect-warnings report-directory report-dir report-filename trace-event-file-pattern logfile test-reporter-destination',
  },
  { name: /^deno$/, language: 'javascript', code: 'e', short: '', long: 'ext config', verb: 'eval' },
  {
    name: /^(ruby|jruby|truffleruby)[\d.]*$/,
    language: 'ruby',
    code: 'e',
    short: 'rICE',
    glued: 'FKTxW',
    place: 'C',
  },
  { name: /^perl[\d.]*$/, language: 'perl', code: 'e E', short: 'I', glued: 'MmFxCVD' },
  { name: /^php[\d.]*$/, language: 'php', code: 'r B R E', short: 'cdfzt' },
  { name: /^(lua|luajit|lua5\.\d)$/, language: 'lua', code: 'e', short: 'l' },
  {
    name: /^(osascript|Rscript|R|julia|swift|groovy|scala|elixir|erl|tclsh|expect|guile|racket|sbcl|clojure|bb|octave|gdb|dc|m4)$/,
    language: 'other',
    code: 'e c E eval',
    short: '',
  },
];

export function findInterpreter(name: string): Program | undefined {
  const interpreter = INTERPRETERS.find((candidate) => candidate.name.test(name));
  return interpreter === undefined ? undefined : (reader, call) => interpret(reader, call, interpreter);
}

interface Told {
  readonly codes: string[];
  /** Modules that are loaded besides the code (`node -r`, `perl -M`). */
  readonly loaded: string[];
  readonly written: string[];
  readonly places: string[];
  rest: readonly string[];
  /** `-i` of perl and ruby, with the backup's suffix. */
  inPlace: string | undefined;
  /** `python -m`. */
  module: string | undefined;
}

/** Options up to the program; then everything is the program's own. */
function readTold(args: readonly string[], interpreter: Interpreter): Told {
  const told: Told = {
    codes: [],
    loaded: [],
    written: [],
    places: [],
    rest: [],
    inPlace: undefined,
    module: undefined,
  };
  let at = 0;
  for (; at < args.length; at += 1) {
    const arg = args[at] ?? '';
    if (!arg.startsWith('-') || arg === '-') break;
    if (arg === '--') {
      at += 1;
      break;
    }
    const takesNext = arg.startsWith('--')
      ? readLong(arg, args[at + 1], interpreter, told)
      : readCluster(arg, args[at + 1], interpreter, told);
    if (takesNext) at += 1;
    // A module or code of python's ends its options.
    if (interpreter.language === 'python' && (told.module !== undefined || told.codes.length > 0)) {
      at += 1;
      break;
    }
  }
  told.rest = args.slice(at);
  return told;
}

/** True when the next argument was the option's value. */
function readLong(arg: string, next: string | undefined, interpreter: Interpreter, told: Told): boolean {
  const codeNames = interpreter.code.split(' ').filter((name) => name.length > 1);
  const { flags, values } = readOptions(next === undefined ? [arg] : [arg, next], {
    long: [...codeNames, interpreter.long ?? '', interpreter.writes ?? ''].join(' '),
    // None of them takes a shortened name.
    flags: arg.replace(/^--|=.*$/gs, ''),
  });
  const name = [...flags][0] ?? '';
  const value = values.get(name)?.[0];
  if (value === undefined) return false;
  if (codeNames.includes(name)) told.codes.push(value);
  else if (/^(require|import|loader)$/.test(name)) told.loaded.push(value);
  else if (isAmong(interpreter.writes ?? '', name)) told.written.push(value);
  return !arg.includes('=');
}

/** True when the next argument was the last letter's value. */
function readCluster(arg: string, next: string | undefined, interpreter: Interpreter, told: Told): boolean {
  const codeLetters = interpreter.code.split(' ').filter((name) => name.length === 1);
  // `node -pe code`: of letters for code, all but the last are flags.
  const isNode = interpreter.language === 'javascript';
  for (let at = 1; at < arg.length; at += 1) {
    const letter = arg[at] ?? '';
    const glued = arg.slice(at + 1);
    if (letter === 'i' && (interpreter.language === 'perl' || interpreter.language === 'ruby')) {
      told.inPlace = glued;
      return false;
    }
    if (interpreter.glued?.includes(letter)) {
      if (/[Mm]/.test(letter)) told.loaded.push(glued);
      return false;
    }
    const isCode = codeLetters.includes(letter) && !(isNode && glued !== '');
    if (!isCode && !interpreter.short.includes(letter)) continue;
    const value = glued === '' ? (next ?? '') : glued;
    if (isCode) told.codes.push(value);
    else if (letter === 'm' && interpreter.language === 'python') told.module = value;
    else if (letter === interpreter.place) told.places.push(value);
    else if (/[rI]/.test(letter)) told.loaded.push(letter === 'I' ? `${value}/` : value);
    return glued === '';
  }
  return false;
}

function interpret(reader: Reader, call: Call, interpreter: Interpreter): World[] | undefined {
  const { name, args } = call;
  if (args.length === 1 && /^(--?version|-v|-V|--help|-h)$/.test(args[0] ?? '')) return undefined;
  const told = readTold(
    interpreter.verb !== undefined && args[0] === interpreter.verb ? ['-e', ...args.slice(1)] : args,
    interpreter,
  );
  const world = told.places.reduce((now, place) => changeDirectory(reader, now, place, true), call.world);
  const [file, ...others] = told.rest;
  for (const target of told.written)
    if (!/^std(out|err)$/.test(target))
      noteWrite(reader, world, target, `${name} option`, { certain: false });
  if (told.inPlace !== undefined)
    for (const target of told.codes.length > 0 ? told.rest : others)
      noteInPlace(reader, world, target, told.inPlace, `${name} -i`);
  // perl opens its arguments as its `open` does: `>f` writes, `cmd|` runs.
  const magic =
    interpreter.language === 'perl' ? told.rest.find((arg) => /^\s*[>|+]|\|\s*$/.test(arg)) : undefined;
  if (magic !== undefined) noteUnknown(reader, world, 'program', `${name} opens ${magic}`);
  const local = told.loaded.find((module) => /[./]/.test(module) || isOpen(module));
  if (local !== undefined) noteUnknown(reader, world, 'program', `${name} loads ${local}`);
  if (told.module !== undefined) {
    if (runModule(reader, told.module, { name, args: told.rest, world })) return undefined;
    noteUnknown(reader, world, 'program', `${name} -m ${told.module}`);
    if (isOutputTool(told.module))
      reader.runArguments([told.module, ...told.rest], { ...world, out: undefined }, true);
    return undefined;
  }
  if (told.codes.length > 0) {
    for (const code of told.codes)
      noteCode(reader, { ...call, world }, interpreter.language, code, told.rest);
    return undefined;
  }
  if (file !== undefined && isCoordScript(file))
    return readCoord(reader, { ...call, name: `${name} ${file}`, args: others });
  const stream = file === undefined ? world.stdin?.join('\n') : streamText(reader, world, file);
  if (stream !== undefined && stream !== OPEN_OUTPUT)
    noteCode(reader, { ...call, world }, interpreter.language, stream, others);
  else if (file === undefined || file === '-')
    noteUnknown(reader, world, 'script', `${name} reads its standard input`);
  else {
    noteUnknown(reader, world, 'program', `${name} ${file}`);
    const written = writtenText(reader, world, file);
    if (written !== undefined) noteCode(reader, { ...call, world }, interpreter.language, written, others);
  }
  return undefined;
}

/** Code, and the arguments and variables it was given. */
function noteCode(
  reader: Reader,
  { name, world }: Call,
  language: Language,
  code: string,
  args: readonly string[],
): void {
  if (isOpen(code)) noteOpen(reader, world, code, name);
  const reading = readCode(code, language);
  if (reading.isHarmless && !isOpen(code)) return;
  noteUnknown(reader, world, 'program', `${name} ${code.slice(0, 40).replaceAll('\n', ' ')}`);
  const how = `${name} code`;
  for (const path of reading.paths) noteWrite(reader, world, path, how, { certain: false });
  if (reading.writes) noteGiven(reader, world, how, args);
  const inner: World = { ...world, depth: world.depth + 1, stdin: undefined, out: undefined };
  for (const command of reading.commands) reader.runSource(command, inner);
  for (const argv of reading.calls) if (argv.length > 1) reader.runArguments(argv, inner, true);
}

/** Paths that reach the code by its arguments or its environment. */
function noteGiven(reader: Reader, world: World, how: string, args: readonly string[]): void {
  const given = [...world.vars].flatMap(([variable, value]) =>
    reader.facts.env[variable] === value || typeof value !== 'string' ? [] : [value],
  );
  for (const text of [...args, ...given]) {
    if (text.includes('/') && !/[\s:]/.test(text)) noteWrite(reader, world, text, how, { certain: false });
  }
}
