// cd, pushd, popd: where the shell stands.
import { resolveTarget } from './ledger.ts';
import { MAYBE, OPEN_VARIABLE } from './markers.ts';
import { readOptions } from './options.ts';
import { readVariable } from './parameters.ts';
import { isAbsolute, normalPath } from './paths.ts';
import type { Call, Program, Programs, Reader } from './reader.ts';
import { mergeWorlds, unheard, type World } from './world.ts';

/** `cd` without `-P` takes `..` away by name, symlink or not; so does this. */
export function changeDirectory(
  reader: Reader,
  world: World,
  target: string,
  physical = world.physical,
): World {
  if (target === '') return world;
  const told = resolveTarget(reader, world, target);
  const joined = target.includes(MAYBE) ? told + MAYBE : told;
  return { ...world, cwd: physical ? joined : normalPath(joined), oldCwd: world.cwd };
}

function home(reader: Reader, world: World): string {
  const assigned = readVariable(world, 'HOME');
  return typeof assigned === 'string' ? assigned : (reader.facts.home ?? OPEN_VARIABLE);
}

/** The worlds a `cd` may lead to: CDPATH makes several. */
function cdTargets(reader: Reader, world: World, args: readonly string[]): World[] {
  const { flags, rest } = readOptions(args);
  const physical = flags.has('P') || (world.physical && !flags.has('L'));
  const [target, extra] = rest;
  if (extra !== undefined) return [{ ...world, cwd: OPEN_VARIABLE, oldCwd: world.cwd }];
  if (target === undefined) return [changeDirectory(reader, world, home(reader, world), physical)];
  if (target === '-') {
    const out = world.out === undefined ? undefined : `${world.out}${world.oldCwd}\n`;
    return [{ ...world, cwd: world.oldCwd, oldCwd: world.cwd, out }];
  }
  const plain = changeDirectory(reader, world, target, physical);
  const search = world.vars.get('CDPATH');
  if (typeof search !== 'string' || search === '' || isAbsolute(target, false) || /^\.\.?(\/|$)/.test(target))
    return [plain];
  const places = search.split(':').map((place) => (place === '' ? target : `${place}/${target}`));
  const found = places.map((place) => changeDirectory(reader, world, place, physical));
  return mergeWorlds([plain, ...found].map(unheard));
}

const STACK_MAX = 64;

const cd: Program = (reader, { args, world }) => cdTargets(reader, world, args);

const pushd: Program = (reader, { args, world }) => {
  const [target] = args.filter((arg) => arg !== '-n' && arg !== '--');
  if (args.includes('-n') && target !== undefined)
    return cdTargets(reader, world, [target]).map(({ cwd }) => ({
      ...world,
      stack: [cwd, ...world.stack].slice(0, STACK_MAX),
    }));
  if (target === undefined) {
    const [top, ...others] = world.stack;
    return top === undefined
      ? [world]
      : [{ ...world, cwd: top, oldCwd: world.cwd, stack: [world.cwd, ...others] }];
  }
  if (/^[+-]\d+$/.test(target)) return [{ ...world, cwd: OPEN_VARIABLE, oldCwd: world.cwd, stack: [] }];
  return cdTargets(reader, world, [target]).map((after) => ({
    ...after,
    stack: [world.cwd, ...world.stack].slice(0, STACK_MAX),
  }));
};

const popd = (_: Reader, { args, world }: Call): World[] => {
  const [top, ...others] = world.stack;
  if (args.some((arg) => /^[+-]/.test(arg)))
    return [{ ...world, cwd: OPEN_VARIABLE, oldCwd: world.cwd, stack: [] }];
  return top === undefined ? [world] : [{ ...world, cwd: top, oldCwd: world.cwd, stack: others }];
};

/** These print the stack. */
const told =
  (program: Program): Program =>
  (reader, call) =>
    program(reader, call)?.map(unheard);

export const DIRECTORY_BUILTINS: Programs = { cd, chdir: cd, pushd: told(pushd), popd: told(popd) };
