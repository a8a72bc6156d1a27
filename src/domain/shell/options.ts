// Taking a program's arguments apart: which are options, which belong to an option, which are left.
import { isOpen } from './markers.ts';

export interface OptionSpec {
  /** Letters that take a value: `t` reads `-t x` and `-tx`. */
  readonly short?: string;
  /** Letters whose value, where they have one, is glued to them: `-i.bak`, never `-i .bak`. */
  readonly glued?: string;
  /** Long names that take a value, with spaces between: `target-directory` reads `--target-directory=x`, `--target x`. */
  readonly long?: string;
  /** Long flags that may be shortened and matter; a value they have only behind `=`. */
  readonly flags?: string;
  /** Long names are written with one dash (find, openssl). */
  readonly oneDash?: true;
  /** Options end at the first other argument (env, sudo, timeout). */
  readonly stopEarly?: true;
}

export interface Options {
  readonly flags: ReadonlySet<string>;
  readonly values: ReadonlyMap<string, readonly string[]>;
  readonly rest: readonly string[];
}

interface Draft {
  readonly flags: Set<string>;
  readonly values: Map<string, string[]>;
}

const words = (list: string | undefined): string[] =>
  list === undefined || list === '' ? [] : list.split(' ');

export function readOptions(args: readonly string[], spec: OptionSpec = {}): Options {
  const draft: Draft = { flags: new Set(), values: new Map() };
  const rest: string[] = [];
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? '';
    if (arg === '--') {
      rest.push(...args.slice(at + 1));
      break;
    }
    if (!arg.startsWith('-') || arg === '-' || isOpen(arg[0] ?? '')) {
      if (spec.stopEarly) {
        rest.push(...args.slice(at));
        break;
      }
      rest.push(arg);
    } else if (arg.startsWith('--') || spec.oneDash) {
      if (takeLong(arg, args[at + 1], spec, draft)) at += 1;
    } else if (takeShort(arg, args[at + 1], spec, draft)) at += 1;
  }
  return { ...draft, rest };
}

/** True when the next argument was the option's value. */
function takeLong(arg: string, next: string | undefined, spec: OptionSpec, draft: Draft): boolean {
  const bare = arg.replace(/^--?/, '');
  const equals = bare.indexOf('=');
  const given = equals < 0 ? bare : bare.slice(0, equals);
  const valued = words(spec.long);
  const flags = words(spec.flags);
  const exact = [...valued, ...flags].find((name) => name === given);
  const name =
    exact ??
    (given === '' ? undefined : [...valued, ...flags].find((long) => long.startsWith(given))) ??
    given;
  draft.flags.add(name);
  if (equals >= 0) addValue(draft, name, bare.slice(equals + 1));
  else if (valued.includes(name) && next !== undefined) {
    addValue(draft, name, next);
    return true;
  }
  return false;
}

function takeShort(arg: string, next: string | undefined, spec: OptionSpec, draft: Draft): boolean {
  const valued = spec.short ?? '';
  for (let at = 1; at < arg.length; at += 1) {
    const letter = arg[at] ?? '';
    draft.flags.add(letter);
    const isGlued = spec.glued?.includes(letter) === true;
    if (!valued.includes(letter) && !isGlued) continue;
    const glued = arg.slice(at + 1);
    if (isGlued && glued === '') return false;
    if (glued !== '') addValue(draft, letter, glued);
    else if (next !== undefined) {
      addValue(draft, letter, next);
      return true;
    }
    return false;
  }
  return false;
}

function addValue(draft: Draft, name: string, value: string): void {
  const values = draft.values.get(name);
  if (values === undefined) draft.values.set(name, [value]);
  else values.push(value);
}

export const hasOption = (options: Options, names: string): boolean =>
  words(names).some((name) => options.flags.has(name));

export const optionValues = (options: Options, names: string): string[] =>
  words(names).flatMap((name) => options.values.get(name) ?? []);

export const optionValue = (options: Options, names: string): string | undefined =>
  optionValues(options, names).at(-1);
