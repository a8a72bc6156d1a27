/**
 * What evidence is bound to, as git tells it: the working tree's content as one hash, and the commits of an attempt.
 *
 * The hash is that of a tree object of all files that git would commit (untracked ones that are not ignored too),
 * without coord's own documents: coord writes those between a validation and the gate. It is made with an index of its
 * own, begun as a copy of the user's (whose times spare the reading of what did not change), and with an object folder
 * of its own; both lie in a temporary folder and go with it. The user's index and objects are read only. Files that
 * the user's index is told to take for unchanged are looked at all the same.
 */

import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { GateCommit } from '../domain/gate.ts';
import {
  DECISIONS_FILE,
  documentAt,
  isInProgress,
  PHASES_FOLDER,
  PROGRESS_FOLDER,
  RUNTIME_FOLDERS,
  STATE_FILE,
  STATUS_NAME,
  WORKTREES_FOLDER,
} from '../domain/project-paths.ts';
import { changedFiles, git } from './git.ts';
import { copyIndex } from './index-copy.ts';
import { placeAt } from './light/place.ts';
import { withScratch } from './scratch-folder.ts';

/** No hook waits longer than 30 s; git is asked up to six times. */
const TIMEOUT_MS = 20_000;
const COMMITS_MAX = 1_000;
const FLAGGED_MAX = 500;

/** Neither hooks of the user's nor shared or watched indexes: this index is nobody else's. */
const QUIET = [
  ['core.hooksPath', '/dev/null'],
  ['core.fsmonitor', 'false'],
  ['core.splitIndex', 'false'],
  ['core.untrackedCache', 'false'],
  ['core.safecrlf', 'false'],
  ['advice.addEmbeddedRepo', 'false'],
].flatMap(([key, value]) => ['-c', `${key}=${value}`]);

/** Coord's own documents, as paths for git. */
export const OWN = [
  ...RUNTIME_FOLDERS,
  PROGRESS_FOLDER,
  STATE_FILE,
  DECISIONS_FILE,
  WORKTREES_FOLDER,
  `:(glob)${PHASES_FOLDER}/*/${STATUS_NAME}`,
];

/** The hash of a worktree's content; undefined where git cannot say it. */
export function treeOf(root: string): string | undefined {
  return hashOf(
    root,
    (run) => unflag(root, run) && run('add', '-A', '--', '.', `:(exclude)${WORKTREES_FOLDER}`).ok,
  );
}

/** The hash of what HEAD holds, to be held against the worktree's: what `git status` is told to leave out, this sees. */
export function committedTreeOf(root: string): string | undefined {
  return hashOf(root, (run) => run('read-tree', 'HEAD').ok);
}

type Run = (...args: string[]) => { ok: boolean; stdout: string };

/** Of what `fill` puts into an index of its own, without coord's documents. */
function hashOf(root: string, fill: (run: Run) => boolean): string | undefined {
  const place = placeAt(root);
  if (!place) return undefined;
  return withScratch((folder) => {
    const index = join(folder, 'index');
    copyIndex(join(place.gitDir, 'index'), index);
    const env = {
      GIT_INDEX_FILE: index,
      GIT_OBJECT_DIRECTORY: folder,
      GIT_ALTERNATE_OBJECT_DIRECTORIES: quoted(join(place.commonDir, 'objects')),
    };
    const deadline = Date.now() + TIMEOUT_MS;
    const run: Run = (...args) =>
      git(root, [...QUIET, ...args], { env, timeoutMs: Math.max(1, deadline - Date.now()) });
    if (!fill(run)) return undefined;
    if (!run('rm', '-r', '-f', '-q', '--cached', '--ignore-unmatch', '--', ...OWN).ok) return undefined;
    const written = run('write-tree');
    const hash = written.stdout.trim();
    return written.ok && /^[0-9a-f]{40,64}$/.test(hash) ? hash : undefined;
  });
}

/** One path of a list of paths, as git reads it. */
export function quoted(path: string): string {
  return path.includes(delimiter) || path.startsWith('"') ? JSON.stringify(path) : path;
}

/** Takes `assume-unchanged` and `skip-worktree` from files that are there: git would not look at them. */
function unflag(root: string, run: Run): boolean {
  const listed = run('ls-files', '-v', '-z');
  if (!listed.ok) return false;
  const flagged = listed.stdout
    .split('\0')
    .filter((line) => /^[a-zS] /.test(line))
    .map((line) => line.slice(2))
    .filter((path) => existsSync(join(root, path)));
  if (flagged.length === 0) return true;
  if (flagged.length > FLAGGED_MAX) return false;
  return ['--no-assume-unchanged', '--no-skip-worktree'].every(
    (option) => run('update-index', option, '--', ...flagged).ok,
  );
}

/** What `git status` lists beside coord's own documents; a submodule that a setting hides is listed too. */
export function uncommitted(root: string): string[] {
  return changedFiles(root, ['--ignore-submodules=none'])
    .map((file) => file.path)
    .filter((path) => {
      const document = documentAt(path, false);
      return (document === undefined || document.kind === 'agents') && !isInProgress(path);
    });
}

/** Commits that HEAD holds, made since a moment; newest first. */
export function commitsSince(root: string, sinceMs: number): GateCommit[] {
  const since = `--since=@${Math.max(0, Math.floor(sinceMs / 1_000) - 1)}`;
  const format = '--format=%H%x01%ct%x01%at%x01%B';
  const result = git(root, [
    'log',
    '-z',
    `-${COMMITS_MAX}`,
    since,
    format,
    '--no-show-signature',
    'HEAD',
    '--',
  ]);
  if (!result.ok) return [];
  return result.stdout
    .split('\0')
    .map((entry) => entry.split('\u0001'))
    .filter((parts) => parts.length >= 4)
    .map(([sha = '', committed = '0', authored = '0', ...message]) => ({
      sha,
      message: message.join('\u0001'),
      committedMs: Number(committed) * 1_000,
      authoredMs: Number(authored) * 1_000,
    }));
}
