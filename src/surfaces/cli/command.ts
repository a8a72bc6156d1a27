/**
 * The frame of a command: what it takes, what it answers, how it exits.
 * Exit codes: 0 done, 1 refused, 64 usage, 70 our bug. Never 2: to a hook that would mean "block".
 */
import { writeSync } from 'node:fs';
import { type ParseArgsConfig, parseArgs } from 'node:util';
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
  readonly run: (context: Context) => Outcome<Answer>;
}

/** A command line that is off. Known by its code: each bundle has a class of its own, so `instanceof` would miss it. */
export class UsageError extends Error {
  readonly code = 'coord-usage';
}

export function isUsageError(error: unknown): error is UsageError {
  return error instanceof Error && (error as { code?: unknown }).code === 'coord-usage';
}

/** Takes a command line apart. A negative number or a text that begins with `-` goes behind `--`. */
export function parseCommandLine(
  command: Command,
  args: readonly string[],
): Omit<Context, 'cwd' | 'env'> & { json: boolean } {
  const options: NonNullable<ParseArgsConfig['options']> = {
    json: { type: 'boolean' },
    help: { type: 'boolean' },
  };
  for (const name of command.values ?? []) options[name] = { type: 'string', multiple: true };
  for (const name of command.switches ?? []) options[name] = { type: 'boolean' };
  let parsed: ReturnType<typeof parseArgs>;
  try {
    parsed = parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (!code.startsWith('ERR_PARSE_ARGS')) throw error;
    throw new UsageError((error as Error).message);
  }
  const [min, max] = command.positionals;
  const { positionals } = parsed;
  if (positionals.length < min) throw new UsageError('something is missing');
  if (positionals.length > max)
    throw new UsageError(`too many words, from "${positionals[max]}" on (quote texts)`);
  const read = (name: string) => {
    const value = parsed.values[name];
    return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
  };
  const flags = new Set(Object.keys(parsed.values).filter((name) => parsed.values[name] === true));
  return {
    positionals,
    flags,
    option: (name) => read(name).at(-1),
    options: read,
    json: parsed.values['json'] === true,
  };
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

/** Writes all of it, also into a pipe that takes it in pieces. */
export function writeOut(descriptor: 1 | 2, text: string): void {
  const bytes = Buffer.from(text, 'utf8');
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
