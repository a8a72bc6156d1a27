/**
 * How a worktree stands, as git tells it: branch, commit, distance to its upstream, stashes, and what
 * is not committed beside coord's own documents.
 */
import type { TreeState } from '../domain/checkpoint.ts';
import { documentAt } from '../domain/project-paths.ts';
import { git } from './git.ts';

/** A session that starts does not wait longer for it. */
const TIMEOUT_MS = 4_000;
const NAMED_MAX = 20;

/** Undefined where git cannot say it in time. */
export function treeStateOf(root: string): TreeState | undefined {
  const result = git(
    root,
    [
      'status',
      '--porcelain=v2',
      '--branch',
      '--show-stash',
      '-z',
      '--untracked-files=normal',
      '--no-renames',
    ],
    {
      timeoutMs: TIMEOUT_MS,
    },
  );
  return result.ok ? parseTreeState(result.stdout) : undefined;
}

/** Reads `git status --porcelain=v2 --branch --show-stash -z`. */
export function parseTreeState(text: string): TreeState {
  const lines = text.split('\0').filter((line) => line !== '');
  const header = (name: string) =>
    lines.find((line) => line.startsWith(`# ${name} `))?.slice(name.length + 3);
  const [, ahead = '0', behind = '0'] = /^\+(\d+) -(\d+)$/.exec(header('branch.ab') ?? '') ?? [];
  const branch = header('branch.head');
  const commit = header('branch.oid');
  const paths = lines.map(pathOf).filter((path) => path !== undefined);
  const changed = paths.filter((path) => !isOwn(path));
  return {
    branch: branch === undefined || branch === '(detached)' ? null : branch,
    commit: commit === undefined || commit === '(initial)' ? null : commit,
    ahead: Number(ahead),
    behind: Number(behind),
    changed: changed.slice(0, NAMED_MAX),
    changedCount: changed.length,
    documentsCount: paths.length - changed.length,
    stashes: Number(header('stash') ?? 0),
  };
}

/** A folder that git does not know yet is told as one, the outermost that is new. */
const OWN_FOLDER = /^(?:\.planning\/(?:phases\/(?:[^/]+\/)?)?|\.progress\/|docs\/(?:decisions|history)\/)$/;
const HISTORY = /^docs\/history\/[^/]+\.md$/;

/** coord's own documents come and go by its verbs. */
function isOwn(path: string): boolean {
  return OWN_FOLDER.test(path) || HISTORY.test(path) || documentAt(path, false) !== undefined;
}

/** `1 XY sub mH mI mW hH hI path`, `u XY sub m1 m2 m3 mW h1 h2 h3 path`, `? path`. */
function pathOf(line: string): string | undefined {
  const fields = { '1': 8, u: 10, '?': 1 }[line.slice(0, 1)];
  if (fields === undefined || line[1] !== ' ') return undefined;
  return line.split(' ').slice(fields).join(' ');
}
