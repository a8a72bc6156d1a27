// Code that runs in a shell of its own: `bash -c`, a git editor, awk's system( ). It knows of the outer shell only what was handed on.
import { MAYBE } from './markers.ts';
import type { Reader } from './reader.ts';
import { leaveSubshell, type Value, type World } from './world.ts';

/** A variable that nobody exported reaches the child only if it came from the environment, which is not known. */
function handedDown(reader: Reader, world: World): ReadonlyMap<string, Value> {
  if (world.exported.includes('*')) return world.vars;
  const vars = new Map<string, Value>();
  for (const [name, value] of world.vars) {
    if (name === '0' || world.exported.includes(name) || Object.hasOwn(reader.facts.env, name))
      vars.set(name, value);
    else if (typeof value === 'string') vars.set(name, MAYBE + value);
  }
  return vars;
}

/** Code in a shell of its own, with what it reads from standard input; what it prints is still heard. */
export function runChild(
  reader: Reader,
  world: World,
  code: string,
  positional: readonly string[] | undefined,
  stdin: readonly string[] | undefined,
): World[] {
  const vars = handedDown(reader, world);
  const inner: World = { ...world, vars, depth: world.depth + 1, positional, stdin, locals: [], stack: [] };
  return leaveSubshell(reader.runSource(code, inner), world);
}

/** Code that another program hands to a shell, and that nobody listens to. */
export function runCode(reader: Reader, world: World, code: string): void {
  runChild(reader, { ...world, out: undefined }, code, undefined, undefined);
}
