// Verbs that change refs: branch, tag, update-ref, fetch, push …

import { runCode } from './child-shells.ts';
import type { RefOperation, ShellRef } from './facts.ts';
import type { GitCall } from './git-call.ts';
import { absolutePaths, isDryRun, noteEffect, readGitOptions } from './git-effects.ts';
import { noteUnknown } from './ledger.ts';
import { isOpen } from './markers.ts';
import { hasOption, optionValue, optionValues } from './options.ts';

const refs = (names: readonly string[], op: RefOperation): ShellRef[] => names.map((name) => ({ name, op }));

export function branch(git: GitCall): void {
  const options = readGitOptions(git.args, {
    short: 'u',
    long: 'set-upstream-to contains no-contains merged no-merged points-at sort format',
    flags: 'delete force move copy track',
  });
  const names = [...options.rest, ...options.paths];
  if (hasOption(options, 'edit-description')) {
    noteEffect(git, 'shared');
    return;
  }
  const isSetUp = hasOption(options, 'u set-upstream-to unset-upstream');
  // Without a name, and where only the new one is told, it is the branch that is checked out there.
  if (names.length === 0 ? isSetUp : names.length === 1 && hasOption(options, 'm M move'))
    noteEffect(git, 'worktree');
  if (isSetUp) {
    if (names.length > 0) noteEffect(git, 'ref', { refs: refs(names, 'move') });
    return;
  }
  if (hasOption(options, 'd D delete')) {
    noteEffect(git, 'ref', { refs: refs(names, 'delete') });
    return;
  }
  if (hasOption(options, 'm M move')) {
    noteEffect(git, 'ref', { refs: refs(names, 'move') });
    return;
  }
  if (hasOption(options, 'C') || (hasOption(options, 'c copy') && hasOption(options, 'f force'))) {
    noteEffect(git, 'ref', { refs: refs(names.slice(-1), 'force') });
    return;
  }
  if (hasOption(options, 'c copy')) {
    noteEffect(git, 'ref', { refs: refs(names.slice(-1), 'create') });
    return;
  }
  if (hasOption(options, 'f force')) noteEffect(git, 'ref', { refs: refs(names.slice(0, 1), 'force') });
}

export function tag(git: GitCall): void {
  const options = readGitOptions(git.args, {
    short: 'mFu',
    long: 'message file local-user contains points-at sort format cleanup trailer',
    flags: 'delete force',
  });
  const names = [...options.rest, ...options.paths];
  if (hasOption(options, 'd delete')) noteEffect(git, 'ref', { refs: refs(names, 'delete') });
  else if (hasOption(options, 'f force')) noteEffect(git, 'ref', { refs: refs(names.slice(0, 1), 'force') });
}

/** HEAD and its kin are the worktree's own: who moves them moves what is checked out there. */
function noteOwnRef(git: GitCall, name: string | undefined): void {
  if (name !== undefined && !name.includes('/')) noteEffect(git, 'worktree');
}

export function updateRef(git: GitCall): void {
  const options = readGitOptions(git.args, { short: 'm' });
  const [name] = options.rest;
  noteOwnRef(git, name);
  if (hasOption(options, 'stdin')) {
    noteUnknown(git.reader, git.world, 'script', `${git.how} --stdin`);
    noteEffect(git, 'ref', { refs: [] });
    return;
  }
  if (name !== undefined)
    noteEffect(git, 'ref', { refs: [{ name, op: hasOption(options, 'd') ? 'delete' : 'move' }] });
}

export function symbolicRef(git: GitCall): void {
  const options = readGitOptions(git.args, { short: 'm' });
  const [name, target] = options.rest;
  if (name === undefined) return;
  if (target !== undefined || hasOption(options, 'd delete')) noteOwnRef(git, name);
  if (hasOption(options, 'd delete')) noteEffect(git, 'ref', { refs: [{ name, op: 'delete' }] });
  else if (target !== undefined) {
    // What HEAD stands for is moved by the next commit.
    const also = name === 'HEAD' ? [{ name: target, op: 'move' as const }] : [];
    noteEffect(git, 'ref', { refs: [{ name, op: 'move' }, ...also] });
  }
}

export function notes(git: GitCall): void {
  const options = readGitOptions(git.args, { short: 'mFCc', long: 'ref message file' });
  const [verb] = options.rest;
  if (verb === undefined || /^(list|show|get-ref)$/.test(verb)) return;
  noteEffect(git, 'ref', {
    refs: [{ name: optionValue(options, 'ref') ?? 'refs/notes/commits', op: 'move' }],
  });
}

export function replace(git: GitCall): void {
  const options = readGitOptions(git.args, { long: 'format convert-graft-file' });
  if (hasOption(options, 'l list') || (options.rest.length === 0 && options.flags.size === 0)) return;
  const op = hasOption(options, 'd delete') ? 'delete' : hasOption(options, 'f force') ? 'force' : 'create';
  noteEffect(git, 'ref', {
    refs: options.rest
      .slice(0, op === 'delete' ? undefined : 1)
      .map((name) => ({ name: `refs/replace/${name}`, op })),
  });
}

/** What `src:dst` gives a new value here; refs of remotes do not count. */
function fetched(specs: readonly string[], isForced: boolean): ShellRef[] {
  return specs.flatMap((spec) => {
    const told = spec.replace(/^\+/, '');
    const name = told.slice(told.lastIndexOf(':') + 1);
    if (!told.includes(':') || name === '' || name.startsWith('refs/remotes/'))
      return isOpen(spec) ? [{ name: spec, op: 'move' as const }] : [];
    return [{ name, op: isForced || spec.startsWith('+') ? ('force' as const) : ('move' as const) }];
  });
}

const FETCH = {
  short: 'joX',
  long: 'depth deepen shallow-since shallow-exclude refmap jobs negotiation-tip server-option upload-pack filter strategy strategy-option',
};

/** fetch, and the fetching half of pull. */
export function fetch(git: GitCall): void {
  const options = readGitOptions(git.args, git.verb === 'pull' ? { ...FETCH, short: 'josXS' } : FETCH);
  if (isDryRun(options) && git.verb === 'fetch' && !hasOption(options, 'n')) return;
  for (const code of optionValues(options, 'upload-pack')) runCode(git.reader, git.world, code);
  const changed = fetched(
    [...options.rest.slice(1), ...options.paths.slice(1), ...optionValues(options, 'refmap')],
    hasOption(options, 'f force'),
  );
  if (changed.length > 0) noteEffect(git, 'ref', { refs: changed });
  if (hasOption(options, 'stdin')) noteUnknown(git.reader, git.world, 'script', `${git.how} --stdin`);
}

/** A repository named by a path is no remote: a push to it moves refs here. */
const isLocalRepository = (repository: string): boolean => /^(\.{1,2}(\/|$)|\/|~|file:\/\/)/.test(repository);

export function push(git: GitCall): void {
  const options = readGitOptions(git.args, {
    short: 'o',
    long: 'repo push-option receive-pack exec recurse-submodules',
    flags: 'force delete mirror all branches tags prune dry-run',
  });
  if (isDryRun(options)) return;
  for (const code of optionValues(options, 'receive-pack exec')) runCode(git.reader, git.world, code);
  const [repository, ...specs] = [
    ...(hasOption(options, 'repo') ? optionValues(options, 'repo') : []),
    ...options.rest,
    ...options.paths,
  ];
  const isForced = hasOption(options, 'f force force-with-lease');
  const changed = pushed(specs, isForced, hasOption(options, 'd delete'));
  if (hasOption(options, 'mirror')) changed.push({ name: 'refs/*', op: 'force' });
  if (hasOption(options, 'all branches'))
    changed.push({ name: 'refs/heads/*', op: isForced ? 'force' : 'push' });
  if (hasOption(options, 'tags')) changed.push({ name: 'refs/tags/*', op: isForced ? 'force' : 'push' });
  if (repository === undefined || !isLocalRepository(repository)) {
    noteEffect(git, 'remote', { refs: changed });
    return;
  }
  const [dir = repository] = absolutePaths(git, [repository.replace(/^file:\/\//, '')]);
  noteEffect(git, 'ref', { refs: changed, dir });
}

function pushed(specs: readonly string[], isForced: boolean, isDelete: boolean): ShellRef[] {
  const changed: ShellRef[] = [];
  for (let at = 0; at < specs.length; at += 1) {
    const spec = specs[at] ?? '';
    if (spec === 'tag' && specs[at + 1] !== undefined) {
      at += 1;
      changed.push({ name: `refs/tags/${specs[at]}`, op: isForced ? 'force' : 'push' });
      continue;
    }
    const told = spec.replace(/^\+/, '');
    const colon = told.indexOf(':');
    const name = told.slice(colon + 1);
    const op = isDelete || colon === 0 ? 'delete' : isForced || spec.startsWith('+') ? 'force' : 'push';
    changed.push({ name, op });
  }
  return changed;
}
