// What each git verb does. A verb that stands in no table is an alias or a program of its own, and may do anything.

import { runCode } from './child-shells.ts';
import type { GitCall } from './git-call.ts';
import { absolutePaths, isDryRun, noteEffect, noteGitWrite, readGitOptions } from './git-effects.ts';
import { printedBy } from './git-output.ts';
import { branch, fetch, notes, push, replace, symbolicRef, tag, updateRef } from './git-refs.ts';
import {
  apply,
  bundle,
  clone,
  config,
  formatPatch,
  init,
  mergeFile,
  outputOf,
  worktree,
} from './git-writes.ts';
import { noteUnknown } from './ledger.ts';
import { hasOption, optionValues } from './options.ts';
import { below } from './paths.ts';
import { isAmong } from './word-lists.ts';

type Verb = (git: GitCall) => void;

interface GitAfter {
  readonly changes: boolean;
  /** What it prints, where that is known. */
  readonly out?: string;
}

/** Verbs that look, unless told to write what they found to a file. */
const LOOKS = `
  status log diff show ls-files ls-tree ls-remote rev-parse blame annotate grep cat-file describe for-each-ref merge-base rev-list shortlog
  name-rev show-ref show-branch cherry range-diff count-objects fsck verify-commit verify-tag verify-pack diff-tree diff-index diff-files check-attr check-ignore
  check-mailmap check-ref-format merge-tree patch-id stripspace var version help whatchanged request-pull column get-tar-commit-id
  hash-object mktree mktag write-tree commit-tree unpack-objects credential upload-pack archive fast-export instaweb --version --help -h -v
  ls-remote interpret-trailers
`;

const worktreeOnly: Verb = (git) => {
  const options = readGitOptions(git.args);
  noteEffect(git, 'worktree', options.paths.length > 0 ? { paths: absolutePaths(git, options.paths) } : {});
};

/** `git rebase -x cmd`; a branch behind the upstream is the one that moves. */
const rebase: Verb = (git) => {
  const options = readGitOptions(git.args, { short: 'xsXC', long: 'exec onto strategy strategy-option' });
  for (const code of optionValues(options, 'x exec')) runCode(git.reader, git.world, code);
  noteEffect(git, 'worktree');
  const [, name] = options.rest;
  if (name !== undefined) noteEffect(git, 'ref', { refs: [{ name, op: 'move' }] });
};

/** Verbs whose arguments are paths. */
const withPaths: Verb = (git) => {
  const options = readGitOptions(git.args, { long: 'chmod pathspec-from-file source', short: 's' });
  if (isDryRun(options) && !/^(restore|checkout-index)$/.test(git.verb)) return;
  const paths = [...options.rest, ...options.paths];
  noteEffect(git, 'worktree', paths.length > 0 ? { paths: absolutePaths(git, paths) } : {});
};

const commit: Verb = (git) => {
  const options = readGitOptions(git.args, {
    short: 'mFCct',
    glued: 'uS',
    long: 'message file author date template reuse-message reedit-message fixup squash cleanup trailer pathspec-from-file',
  });
  if (hasOption(options, 'dry-run short porcelain long')) return;
  const paths = [...options.rest, ...options.paths];
  noteEffect(git, 'worktree', paths.length > 0 ? { paths: absolutePaths(git, paths) } : {});
};

/** checkout and switch: the first argument may be a branch; what follows are paths. */
const checkout: Verb = (git) => {
  const options = readGitOptions(git.args, {
    short: 'bBcC',
    long: 'orphan conflict pathspec-from-file create force-create',
    flags: 'ignore-other-worktrees',
  });
  const forced = optionValues(options, git.verb === 'switch' ? 'C force-create' : 'B');
  // A branch that is checked out elsewhere, which git refuses but for this option: what is committed moves it.
  const [first] = options.rest;
  if (hasOption(options, 'ignore-other-worktrees') && first !== undefined) forced.push(first);
  const isFirstPath = /^(\.{1,2}(\/|$)|:)/.test(options.rest[0] ?? '');
  const paths = [...options.rest.slice(isFirstPath ? 0 : 1), ...options.paths];
  const isBranch = git.verb === 'switch' || hasOption(options, 'b B orphan');
  noteEffect(git, 'worktree', paths.length > 0 && !isBranch ? { paths: absolutePaths(git, paths) } : {});
  if (forced.length > 0)
    noteEffect(git, 'ref', { refs: forced.map((name) => ({ name, op: 'force' as const })) });
};

const clean: Verb = (git) => {
  const options = readGitOptions(git.args, { short: 'e', long: 'exclude' });
  if (isDryRun(options)) return;
  const paths = [...options.rest, ...options.paths];
  noteEffect(git, 'worktree', paths.length > 0 ? { paths: absolutePaths(git, paths) } : {});
};

const stash: Verb = (git) => {
  const verb = git.args.find((arg) => !arg.startsWith('-')) ?? 'push';
  if (git.args[0] === verb && /^(list|show)$/.test(verb)) return;
  if (!/^(drop|clear|store|create)$/.test(verb)) noteEffect(git, 'worktree');
  if (verb !== 'create') noteEffect(git, 'shared');
};

const submodule: Verb = (git) => {
  const { rest } = readGitOptions(git.args);
  const [verb = 'status', ...others] = rest;
  if (/^(status|summary)$/.test(verb)) return;
  if (verb === 'foreach') runCode(git.reader, { ...git.world, cwd: below(git.dir) }, others.join(' '));
  noteEffect(git, 'worktree');
};

const bisect: Verb = (git) => {
  const [verb, ...others] = git.args;
  if (/^(log|view|visualize|help|terms)$/.test(verb ?? '')) return;
  if (verb === 'run') git.reader.runArguments(others, { ...git.world, out: undefined }, true);
  noteEffect(git, 'worktree');
};

/** A verb with other verbs under it, some of which only look. */
const unless =
  (looks: RegExp, effect: 'worktree' | 'shared', alone = false): Verb =>
  (git) => {
    const [verb] = readGitOptions(git.args).rest;
    if (verb === undefined ? !alone : !looks.test(verb)) noteEffect(git, effect);
  };

const shared: Verb = (git) => {
  if (isDryRun(readGitOptions(git.args))) return;
  noteEffect(git, 'shared');
};

const filterBranch: Verb = (git) => {
  const options = readGitOptions(git.args, {
    long: 'env-filter tree-filter index-filter parent-filter msg-filter commit-filter tag-name-filter subdirectory-filter setup',
  });
  for (const code of optionValues(
    options,
    'env-filter tree-filter index-filter parent-filter msg-filter commit-filter tag-name-filter setup',
  ))
    runCode(git.reader, git.world, code);
  noteEffect(git, 'worktree');
  noteEffect(git, 'shared');
};

const pull: Verb = (git) => {
  fetch(git);
  noteEffect(git, 'worktree');
};

const checkoutIndex: Verb = (git) => {
  const options = readGitOptions(git.args, { long: 'prefix stage' });
  for (const prefix of optionValues(options, 'prefix')) noteGitWrite(git, prefix, true);
  withPaths(git);
};

const reflog: Verb = (git) => {
  outputOf(git);
  unless(/^(?!(expire|delete|drop|write)$)/, 'shared', true)(git);
};

const readTree: Verb = (git) => {
  const { values } = readGitOptions(git.args, { long: 'index-output prefix exclude-per-directory' });
  for (const file of values.get('index-output') ?? []) noteGitWrite(git, file);
  worktreeOnly(git);
};

/** Tools of one's own choice, which a setting names. */
const toolOfChoice: Verb = (git) => {
  const { values } = readGitOptions(git.args, { short: 'xt', long: 'extcmd tool' });
  for (const code of [...(values.get('x') ?? []), ...(values.get('extcmd') ?? [])])
    runCode(git.reader, git.world, code);
  noteUnknown(git.reader, git.world, 'program', git.how);
  if (git.verb === 'mergetool') noteEffect(git, 'worktree');
};

const WHOLE_TREE = 'reset merge cherry-pick revert am update-index subtree merge-one-file merge-index';
const REPOSITORY =
  'gc prune repack pack-refs prune-packed maintenance fast-import commit-graph multi-pack-index filter-repo update-server-info index-pack';

const VERBS: Readonly<Record<string, Verb>> = {
  commit,
  rebase,
  checkout,
  switch: checkout,
  clean,
  stash,
  submodule,
  bisect,
  pull,
  fetch,
  push,
  branch,
  tag,
  'update-ref': updateRef,
  'symbolic-ref': symbolicRef,
  notes,
  replace,
  apply,
  'checkout-index': checkoutIndex,
  worktree,
  config,
  clone,
  init,
  'init-db': init,
  bundle,
  'format-patch': formatPatch,
  'merge-file': mergeFile,
  'filter-branch': filterBranch,
  'sparse-checkout': unless(/^(list|check-rules)$/, 'worktree'),
  reflog,
  refs: unless(/^(list|verify|exists)$/, 'shared'),
  'read-tree': readTree,
  remote: unless(/^(show|get-url|update|prune)$/, 'shared', true),
  rerere: unless(/^(status|diff|remaining)$/, 'shared'),
  difftool: toolOfChoice,
  mergetool: toolOfChoice,
  citool: toolOfChoice,
  gui: toolOfChoice,
  gitk: toolOfChoice,
};

function verbOf(name: string): Verb | undefined {
  if (Object.hasOwn(VERBS, name)) return VERBS[name];
  if (isAmong(WHOLE_TREE, name)) return worktreeOnly;
  if (isAmong('add stage rm mv restore', name)) return withPaths;
  return isAmong(REPOSITORY, name) ? shared : undefined;
}

export function readGitVerb(git: GitCall): GitAfter {
  const { verb, args, reader, world } = git;
  if (args.length === 1 && /^(--help|-h)$/.test(args[0] ?? '')) return { changes: false };
  // A remote may be a command.
  for (const arg of args) if (arg.startsWith('ext::')) runCode(reader, world, arg.slice(5));
  const known = verbOf(verb);
  if (known !== undefined) {
    known(git);
    return { changes: true };
  }
  outputOf(git);
  if (isAmong(LOOKS, verb)) {
    const out = printedBy(git);
    return { changes: false, ...(out === undefined ? {} : { out }) };
  }
  noteUnknown(reader, world, 'program', `git ${[verb, ...args.slice(0, 2)].join(' ')}`);
  return { changes: false };
}
