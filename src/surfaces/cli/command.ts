/**
 * The frame of a command: what it takes, what it answers, how it exits.
 * Exit codes: 0 done, 1 refused, 64 usage, 70 our bug. Never 2: to a hook that would mean "block".
 */
import { writeSync } from 'node:fs';
import { closestTo } from '../../domain/closest.ts';
import { cleanLine, cleanText } from '../../domain/message.ts';
import type { Outcome } from '../../domain/problem.ts';

export const EXIT = { done: 0, refused: 1, usage: 64, bug: 70 } as const;

export interface Context {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly positionals: readonly string[];
  readonly flags: ReadonlySet<string>;
  /** The last value of an option. */
  readonly option: (name: string) => string | undefined;
  readonly options: (name: string) => readonly string[];
}

export interface Answer {
  /** The documented shape behind --json. */
  readonly json: unknown;
  readonly text: string;
  /** Exit code when it is not 0: a doctor that found something. */
  readonly code?: number;
}

export interface Command {
  /** `phase add`. */
  readonly name: string;
  /** What follows the name: `<id> <name> [--plan <id>:<title>]…`. */
  readonly usage: string;
  readonly summary: string;
  /** Options that take a value, and may be given more than once. */
  readonly values?: readonly string[];
  readonly switches?: readonly string[];
  readonly positionals: readonly [min: number, max: number];
  /** The shape of --json, for --help. */
  readonly shape: string;
  /** A promise only where a program is waited for. */
  readonly run: (context: Context) => Outcome<Answer> | Promise<Outcome<Answer>>;
}

/** A command line that is off. Known by its code: each bundle has a class of its own, so `instanceof` would miss it. */
export class UsageError extends Error {
  readonly code = 'coord-usage';
}

export function isUsageError(error: unknown): error is UsageError {
  return error instanceof Error && (error as { code?: unknown }).code === 'coord-usage';
}

interface Words {
  readonly positionals: readonly string[];
  readonly flags: ReadonlySet<string>;
  readonly values: ReadonlyMap<string, readonly string[]>;
}

/** Takes a command line apart. A negative number or a text that begins with `-` goes behind `--`. */
export function parseCommandLine(
  command: Command,
  args: readonly string[],
): Omit<Context, 'cwd' | 'env'> & { json: boolean } {
  const { positionals, flags, values } = sortWords(command, args);
  const [min, max] = command.positionals;
  if (positionals.length < min) throw new UsageError(printMissing(command, positionals.length));
  if (positionals.length > max)
    throw new UsageError(`too many words, from "${cleanLine(positionals[max] ?? '')}" on (quote texts)`);
  const read = (name: string) => values.get(name) ?? [];
  return { positionals, flags, option: (name) => read(name).at(-1), options: read, json: flags.has('json') };
}

/** Which words of the usage are not there: `<type> and <content> are missing`. */
function printMissing(command: Command, given: number): string {
  const [min] = command.positionals;
  const names = (command.usage.replace(/\[[^\]]*\]…?/g, '').match(/<[^<>]+>/g) ?? []).slice(given, min);
  if (names.length === 0) return 'something is missing';
  return `${names.join(' and ')} ${names.length === 1 ? 'is' : 'are'} missing`;
}

/** As strict as `parseArgs` of node:util, which costs a millisecond to load: what is not understood is refused. */
function sortWords(command: Command, args: readonly string[]): Words {
  const positionals: string[] = [];
  const flags = new Set<string>();
  const values = new Map<string, string[]>();
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at] ?? '';
    if (word === '--') return { positionals: [...positionals, ...args.slice(at + 1)], flags, values };
    if (!looksLikeOption(word)) {
      positionals.push(word);
      continue;
    }
    const [name, inline] = splitOption(word);
    if (command.values?.includes(name)) {
      const value = inline ?? optionArgument(name, args[at + 1]);
      if (inline === undefined) at += 1;
      values.set(name, [...(values.get(name) ?? []), value]);
    } else if (name === 'json' || name === 'help' || command.switches?.includes(name)) {
      if (inline !== undefined) throw new UsageError(`--${name} takes no value`);
      flags.add(name);
    } else {
      const told = inline === undefined ? word : word.slice(0, word.indexOf('='));
      const options = [...(command.values ?? []), ...(command.switches ?? []), 'json', 'help'];
      const guess = name === '' ? undefined : meantOption(name, options);
      const help = guess ? `did you mean --${guess}?` : 'a text that begins with "-" goes behind "--"';
      throw new UsageError(`Unknown option '${cleanLine(told)}'; ${help}`);
    }
  }
  return { positionals, flags, values };
}

/** The one that begins so, or else the closest. */
function meantOption(name: string, options: readonly string[]): string | undefined {
  const longer = options.filter((option) => option.startsWith(name));
  return longer.length === 1 ? longer[0] : closestTo(name, options);
}

/** A lone `-` is a word like any other. */
function looksLikeOption(word: string): boolean {
  return word.length > 1 && word.startsWith('-');
}

/** The name, empty for one that has a single dash, and what stands behind the first `=`. */
function splitOption(word: string): [name: string, inline: string | undefined] {
  if (!word.startsWith('--')) return ['', undefined];
  const equals = word.indexOf('=');
  return equals < 0 ? [word.slice(2), undefined] : [word.slice(2, equals), word.slice(equals + 1)];
}

function optionArgument(name: string, next: string | undefined): string {
  if (next === undefined) throw new UsageError(`--${name} needs a value`);
  if (looksLikeOption(next))
    throw new UsageError(`--${name} needs a value (one that begins with "-": --${name}=${cleanLine(next)})`);
  return next;
}

export function printHelp(command: Command): string {
  return [
    `coord ${command.name} ${command.usage}`.trimEnd(),
    '',
    command.summary,
    '',
    `--json prints ${command.shape}`,
    'Exit codes: 0 done, 1 refused, 64 usage, 70 a bug of coord.',
    '',
  ].join('\n');
}

/** Where one stands, by its name where the folder itself was taken away meanwhile. */
export function standingFolder(): string {
  try {
    return process.cwd();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return process.env['PWD'] ?? '/';
  }
}

/**
 * Text for people, whatever names and words stand in it: nothing that acts in a terminal or hides what follows. Lists
 * and sentences put each on one line themselves (`cleanLine`); this is the last door.
 */
export function writeText(descriptor: 1 | 2, text: string): void {
  writeOut(descriptor, cleanText(text));
}

/** One line of JSON; what would act in a terminal stands as `\u…`, which reads back as the same. */
export function writeJson(value: unknown): void {
  const line = JSON.stringify(value).replace(
    /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  writeOut(1, `${line}\n`);
}

/** Writes all of it, also into a pipe that takes it in pieces; a reader that has gone ends nothing. */
export function writeOut(descriptor: 1 | 2, text: string | Buffer): void {
  const bytes = typeof text === 'string' ? Buffer.from(text, 'utf8') : text;
  let at = 0;
  while (at < bytes.length) {
    try {
      at += writeSync(descriptor, bytes, at);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EAGAIN') continue;
      if (code === 'EPIPE') return;
      throw error;
    }
  }
}
