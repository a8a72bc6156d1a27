// A world is the shell's state at one point of the command: where it stands, what its variables hold, what lies on its standard input. Worlds are never
// changed, only replaced. Where the command may go two ways, the reader follows a list of worlds, so that within each one every
// variable has one value and stays paired with the others.

import { VARIABLES_MAX, WORLDS_MAX } from './limits.ts';
import { isOpen, OPEN_VARIABLE } from './markers.ts';

/** A text, an array's items (an item may be `[key]=value`), or null: known to be unset. */
export type Value = string | readonly string[] | null;

export interface World {
  /** May hold markers; starts with one when it is not known at all. */
  readonly cwd: string;
  readonly oldCwd: string;
  readonly vars: ReadonlyMap<string, Value>;
  /** `$1`, `$2` …; undefined: not known. */
  readonly positional: readonly string[] | undefined;
  readonly stack: readonly string[];
  /** Lines that are waiting on standard input; undefined: not known. */
  readonly stdin: readonly string[] | undefined;
  /** What was printed since somebody began to listen; undefined: not known, or nobody listens. */
  readonly out: string | undefined;
  /** `$_` */
  readonly lastArgument: string;
  /** `set -P`: `cd` keeps `..` for the file system to resolve. */
  readonly physical: boolean;
  /** Variables that the function being read declared for itself. */
  readonly locals: readonly string[];
  /** Variables that reach the programs it runs; `*`: all. */
  readonly exported: readonly string[];
  readonly depth: number;
}

export function setVariable(world: World, name: string, value: Value): World {
  if (isOpen(name)) return forgetVariables(world);
  // One more than can be followed stays unknown.
  if (world.vars.size >= VARIABLES_MAX && !world.vars.has(name)) return world;
  const vars = new Map(world.vars);
  vars.set(name, value);
  return { ...world, vars };
}

/** The variables named take the values (or the absence) they have in `before`. */
export function restoreVariables(world: World, before: World, names: Iterable<string>): World {
  const vars = new Map(world.vars);
  for (const name of names) {
    const old = before.vars.get(name);
    if (old === undefined) vars.delete(name);
    else vars.set(name, old);
  }
  return { ...world, vars };
}

/** Some name changed that is not known: no variable can be trusted any more. */
export function forgetVariables(world: World): World {
  return { ...world, vars: new Map([...world.vars.keys()].map((name) => [name, OPEN_VARIABLE])) };
}

/** The same, but what was printed is not known any more. */
export const unheard = (world: World): World => ({ ...world, out: undefined });

/** A copy for a subshell, a pipe or a child: what it does to the world is lost, but not what it prints. */
export function leaveSubshell(inner: readonly World[], outer: World): World[] {
  return mergeWorlds(inner.map((world) => ({ ...outer, out: world.out, stdin: world.stdin })));
}

const sameValue = (a: Value | undefined, b: Value | undefined): boolean =>
  a === b ||
  (Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((item, at) => item === b[at]));

const sameLines = (a: readonly string[] | undefined, b: readonly string[] | undefined): boolean =>
  sameValue(a ?? null, b ?? null);

function sameVariables(a: World, b: World): boolean {
  if (a.vars === b.vars) return true;
  if (a.vars.size !== b.vars.size) return false;
  for (const [name, value] of a.vars) if (!sameValue(value, b.vars.get(name))) return false;
  return true;
}

export function sameWorld(a: World, b: World): boolean {
  return (
    a === b ||
    (a.cwd === b.cwd &&
      a.out === b.out &&
      a.oldCwd === b.oldCwd &&
      a.lastArgument === b.lastArgument &&
      a.physical === b.physical &&
      sameLines(a.stdin, b.stdin) &&
      sameLines(a.positional, b.positional) &&
      sameLines(a.stack, b.stack) &&
      sameVariables(a, b))
  );
}

/** One world that is true of both: what differs is not known. */
export function widenWorlds(a: World, b: World): World {
  const vars = new Map<string, Value>();
  for (const name of new Set([...a.vars.keys(), ...b.vars.keys()])) {
    const value = a.vars.get(name);
    vars.set(name, sameValue(value, b.vars.get(name)) && value !== undefined ? value : OPEN_VARIABLE);
  }
  return {
    ...a,
    vars,
    cwd: a.cwd === b.cwd ? a.cwd : OPEN_VARIABLE,
    oldCwd: a.oldCwd === b.oldCwd ? a.oldCwd : OPEN_VARIABLE,
    out: a.out === b.out ? a.out : undefined,
    stdin: sameLines(a.stdin, b.stdin) ? a.stdin : undefined,
    positional: sameLines(a.positional, b.positional) ? a.positional : undefined,
    stack: sameLines(a.stack, b.stack) ? a.stack : [],
    lastArgument: a.lastArgument === b.lastArgument ? a.lastArgument : OPEN_VARIABLE,
    physical: a.physical || b.physical,
  };
}

/** Each world once; too many become one that knows less. */
export function mergeWorlds(worlds: readonly World[]): World[] {
  const kept: World[] = [];
  for (const world of worlds) if (!kept.some((other) => sameWorld(other, world))) kept.push(world);
  if (kept.length <= WORLDS_MAX) return kept;
  const byCwd = new Map<string, World>();
  for (const world of kept) {
    const other = byCwd.get(world.cwd);
    byCwd.set(world.cwd, other ? widenWorlds(other, world) : world);
  }
  const places = [...byCwd.values()];
  return places.length <= WORLDS_MAX ? places : [places.reduce(widenWorlds)];
}
