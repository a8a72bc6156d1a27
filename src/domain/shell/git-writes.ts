// Git verbs that write files or settings where they are told: worktree, config, clone, apply, format-patch …

import { runCode } from './child-shells.ts';
import type { GitCall } from './git-call.ts';
import { absolutePaths, noteEffect, noteGitWrite, readGitOptions } from './git-effects.ts';
import { noteUnknown, noteWrite } from './ledger.ts';
import { NAME } from './markers.ts';
import { hasOption, optionValue, optionValues } from './options.ts';
import { readVariable } from './parameters.ts';
import { baseName, joinPath } from './paths.ts';

/** `--output=f` of diff, log and show; `-o f` of archive; `-O pager` of grep; textual filters. */
export function outputOf(git: GitCall): void {
  const options = readGitOptions(git.args, {
    short: git.verb === 'archive' ? 'o' : '',
    long: 'output export-marks import-marks open-files-in-pager remote exec upload-pack format prefix',
  });
  for (const file of optionValues(options, 'output export-marks')) noteGitWrite(git, file);
  if (git.verb === 'archive') for (const file of optionValues(options, 'o')) noteGitWrite(git, file);
  if (git.verb === 'grep' && git.args.some((arg) => /^(-O|--open-files-in-pager)/.test(arg))) {
    noteUnknown(git.reader, git.world, 'program', `${git.how} -O`);
    for (const arg of git.args)
      if (/^(-O.|--open-files-in-pager=)/.test(arg))
        runCode(git.reader, git.world, arg.replace(/^(-O|--open-files-in-pager=)/, ''));
  }
  if (git.verb === 'diff' && hasOption(options, 'ext-diff'))
    noteUnknown(git.reader, git.world, 'program', `${git.how} --ext-diff`);
  if (git.verb === 'interpret-trailers' && hasOption(options, 'in-place'))
    for (const file of options.rest) noteGitWrite(git, file);
  if (git.verb === 'fsck' && hasOption(options, 'lost-found')) noteEffect(git, 'shared');
  if (git.verb === 'ls-remote' || git.verb === 'archive')
    for (const code of optionValues(options, 'exec upload-pack')) runCode(git.reader, git.world, code);
}

export function worktree(git: GitCall): void {
  const [verb, ...args] = git.args;
  const options = readGitOptions(args, { short: 'bB', long: 'reason expire' });
  const paths = [...options.rest, ...options.paths];
  if (verb === undefined || verb === 'list') return;
  const named = verb === 'add' ? paths.slice(0, 1) : paths;
  // Every verb but `add` takes the end of a worktree's path for the worktree, wherever the shell stands.
  const ends =
    verb === 'add' ? [] : paths.slice(0, 1).filter((path) => !/^\/|(^|\/)\.{1,2}(\/|$)/.test(path));
  if (!hasOption(options, 'n dry-run'))
    noteEffect(git, 'other-worktree', {
      paths: absolutePaths(git, named),
      ...(ends.length > 0 ? { ends } : {}),
    });
  const forced = optionValues(options, 'B');
  if (forced.length > 0)
    noteEffect(git, 'ref', { refs: forced.map((name) => ({ name, op: 'force' as const })) });
}

const CONFIG_LOOKS = /^(get|get-all|get-regexp|get-urlmatch|get-color|get-colorbool|list|name-only|l)$/;
const CONFIG_SETS = 'add unset unset-all replace-all rename-section remove-section edit e';

/** Reading a setting is nothing; a setting of this repository is everybody's; any other file is a file. */
export function config(git: GitCall): void {
  const options = readGitOptions(git.args, { short: 'ft', long: 'file blob type default comment value' });
  const [first, ...others] = [...options.rest, ...options.paths];
  const isSetVerb =
    /^(set|unset|rename-section|remove-section|edit)$/.test(first ?? '') &&
    (others.length > 0 || first === 'edit');
  const isLook =
    [...options.flags].some((flag) => CONFIG_LOOKS.test(flag)) || /^(get|list)$/.test(first ?? '');
  if (!isSetVerb && (isLook || (others.length === 0 && !hasOption(options, CONFIG_SETS)))) return;
  const file = optionValue(options, 'f file');
  const told = readVariable(git.world, 'HOME');
  const home = typeof told === 'string' ? told : git.reader.facts.home;
  if (file !== undefined) noteGitWrite(git, file);
  else if (hasOption(options, 'global'))
    noteWrite(
      git.reader,
      git.world,
      home === undefined ? '/root/.gitconfig' : joinPath(home, '.gitconfig'),
      'git config --global',
    );
  else if (hasOption(options, 'system'))
    noteWrite(git.reader, git.world, '/etc/gitconfig', 'git config --system');
  else noteEffect(git, hasOption(options, 'worktree') ? 'worktree' : 'shared');
}

export function clone(git: GitCall): void {
  const options = readGitOptions(git.args, {
    short: 'boucj',
    long: 'branch origin upload-pack depth reference reference-if-able template config jobs separate-git-dir filter shallow-since shallow-exclude server-option bundle-uri revision',
  });
  const [repository, directory] = [...options.rest, ...options.paths];
  if (repository === undefined) return;
  for (const code of optionValues(options, 'u upload-pack')) runCode(git.reader, git.world, code);
  if (hasOption(options, 'template')) noteUnknown(git.reader, git.world, 'program', `${git.how} --template`);
  const bare = repository.replace(/\/+$/, '').replace(/\/?\.git$/, '');
  noteGitWrite(
    git,
    directory ?? baseName(bare.replace(/^.*:/, (head) => (bare.includes('/') ? head : ''))),
    true,
  );
  noteGitWrite(git, optionValue(options, 'separate-git-dir'), true);
}

export function init(git: GitCall): void {
  const options = readGitOptions(git.args, {
    short: 'b',
    long: 'initial-branch template separate-git-dir object-format ref-format',
  });
  const [directory = '.'] = [...options.rest, ...options.paths];
  noteGitWrite(git, hasOption(options, 'bare') ? directory : joinPath(directory, '.git'), true);
  noteGitWrite(git, optionValue(options, 'separate-git-dir'), true);
}

export function apply(git: GitCall): void {
  const options = readGitOptions(git.args, {
    short: 'pC',
    long: 'directory exclude include whitespace build-fake-ancestor',
  });
  const onlyLooks = hasOption(options, 'stat numstat summary check') && !hasOption(options, 'apply');
  if (onlyLooks) return;
  const directory = optionValue(options, 'directory');
  if (directory !== undefined)
    noteWrite(git.reader, { ...git.world, cwd: git.dir }, directory, `${git.how} --directory`, {
      tree: true,
    });
  if (hasOption(options, 'unsafe-paths'))
    noteUnknown(git.reader, git.world, 'script', `${git.how} --unsafe-paths`);
  noteGitWrite(git, optionValue(options, 'build-fake-ancestor'));
  noteEffect(git, 'worktree');
}

export function bundle(git: GitCall): void {
  const options = readGitOptions(git.args, { long: 'version' });
  if (options.rest[0] === 'create') noteGitWrite(git, options.rest[1]);
}

/** Without a directory the patches lie where git stands. */
export function formatPatch(git: GitCall): void {
  const options = readGitOptions(git.args, {
    short: 'ov',
    long: 'output-directory output start-number subject-prefix suffix base in-reply-to reroll-count to cc',
  });
  if (hasOption(options, 'stdout')) return;
  const file = optionValue(options, 'output');
  const directory = optionValue(options, 'o output-directory') ?? '.';
  noteGitWrite(git, file ?? joinPath(directory, `${NAME}.patch`));
}

export function mergeFile(git: GitCall): void {
  const options = readGitOptions(git.args, { short: 'L', long: 'marker-size diff-algorithm' });
  if (!hasOption(options, 'p stdout')) noteGitWrite(git, options.rest[0]);
}
