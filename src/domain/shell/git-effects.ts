// Writing down what a git verb does, once for each place it does it to.
import type { ShellGit, ShellRef } from './facts.ts';
import type { GitCall } from './git-call.ts';
import { reachOf } from './git-reach.ts';
import { noteGit, noteOpen, noteUnknown, noteWrite, resolveTarget } from './ledger.ts';
import { isOpen, isStatic, MAYBE, printText, withoutMaybe } from './markers.ts';
import { hasOption, type OptionSpec, type Options, readOptions } from './options.ts';

type Effect = ShellGit['effect'];

interface EffectDetails {
  readonly refs?: readonly ShellRef[];
  readonly paths?: readonly string[];
  readonly ends?: readonly string[];
  readonly dir?: string;
}

export function noteEffect(git: GitCall, effect: Effect, details: EffectDetails = {}): void {
  const places = details.dir === undefined ? [git.dir, ...git.stores] : [details.dir];
  for (const place of places) noteEffectAt(git, withoutMaybe(place), place.includes(MAYBE), effect, details);
}

function noteEffectAt(
  git: GitCall,
  dir: string,
  isDoubtful: boolean,
  effect: Effect,
  details: EffectDetails,
): void {
  const { reader, world, verb, how } = git;
  if (isDoubtful) noteUnknown(reader, world, 'variable', `${how} in ${dir}`);
  // A place with an unknown part, or several places: nothing to say but where the writes go.
  if (!isStatic(dir)) {
    noteWrite(reader, world, dir, how, { tree: true });
    return;
  }
  const refs = details.refs?.map((ref) => ({ ...ref, name: printText(ref.name) }));
  const unknown = details.refs?.find((ref) => isOpen(ref.name));
  if (unknown !== undefined) noteOpen(reader, world, unknown.name, how);
  const reach = effect === 'worktree' ? reachOf(verb, git.args, details.paths !== undefined) : undefined;
  noteGit(reader, {
    verb,
    dir,
    effect,
    ...(reach === undefined ? {} : { reach }),
    ...(refs === undefined ? {} : { refs }),
    ...(details.paths === undefined ? {} : { paths: details.paths.map(printText) }),
    ...(details.ends === undefined ? {} : { ends: details.ends.map(printText) }),
    how,
  });
}

/** A file or directory that git is told to write, from where it stands. */
export function noteGitWrite(git: GitCall, path: string | undefined, tree = false): void {
  if (path !== undefined && path !== '-' && path !== '')
    noteWrite(git.reader, git.world, path, git.how, { tree });
}

export const absolutePaths = (git: GitCall, paths: readonly string[]): string[] =>
  paths.map((path) => resolveTarget(git.reader, git.world, path));

/** Options, and what stands behind `--` apart from the rest. */
export function readGitOptions(
  args: readonly string[],
  spec: OptionSpec = {},
): Options & { readonly paths: readonly string[] } {
  const at = args.indexOf('--');
  const options = readOptions(at < 0 ? args : args.slice(0, at), spec);
  return { ...options, paths: at < 0 ? [] : args.slice(at + 1) };
}

export const isDryRun = (options: Options): boolean => hasOption(options, 'n dry-run');
