/**
 * Git as the merge queue uses it: plumbing that reads and writes bytes, without the repository's hooks, without its
 * file-system monitor, without its own ideas of what to do by the way. Where an answer is needed to go on, `mustGit`
 * throws `GitFailed`, which the doors of the queue turn into a refusal.
 */
import { type GitOptions, type GitResult, git } from './git.ts';
import { isErrno } from './light/files.ts';

export class GitFailed extends Error {
  readonly step: string;
  readonly detail: string;
  constructor(step: string, detail: string) {
    super(`git ${step}: ${detail}`);
    this.step = step;
    this.detail = detail;
  }
}

/** `core.hooksPath` is not among them: the move of the target lets the hooks of the repository speak. */
const PLAIN = [
  ['core.fsmonitor', 'false'],
  ['core.safecrlf', 'false'],
  ['core.splitIndex', 'false'],
  ['core.quotePath', 'false'],
  ['core.precomposeUnicode', 'false'],
  ['submodule.recurse', 'false'],
  ['diff.ignoreSubmodules', 'none'],
  ['gc.auto', '0'],
  ['maintenance.auto', 'false'],
  ['rerere.enabled', 'false'],
].flatMap(([key, value]) => ['-c', `${key}=${value}`]);

const NO_HOOKS = ['-c', 'core.hooksPath=/dev/null'];

/** Paths and texts as bytes, one character each. */
export function quietGit(cwd: string, args: readonly string[], options: GitOptions = {}): GitResult {
  return git(cwd, [...PLAIN, ...NO_HOOKS, ...args], { encoding: 'latin1', ...options });
}

/** The same, and the hooks of the repository may refuse. */
export function heardGit(cwd: string, args: readonly string[], options: GitOptions = {}): GitResult {
  return git(cwd, [...PLAIN, ...args], { encoding: 'latin1', ...options });
}

/** What git printed; throws when it fails. */
export function mustGit(cwd: string, args: readonly string[], options: GitOptions = {}): string {
  const result = quietGit(cwd, args, options);
  if (result.ok) return result.stdout;
  throw new GitFailed(
    args.find((arg) => !arg.startsWith('-')) ?? 'git',
    result.stderr || 'no answer in time',
  );
}

/** Whether a commit has another one in its history. A git that was killed or found no such commit is no "no". */
export function holdsCommit(cwd: string, newer: string, older: string): boolean {
  const asked = quietGit(cwd, ['merge-base', '--is-ancestor', older, newer]);
  if (asked.ok || (asked.code === 1 && asked.stderr === '')) return asked.ok;
  throw new GitFailed('merge-base', asked.stderr || 'no answer in time');
}

/** No room, or nobody may write there: the machine's state, and no fault of coord's. */
export function isDiskFailure(error: unknown): boolean {
  return isErrno(error, 'ENOSPC', 'EDQUOT', 'EFBIG', 'EACCES', 'EPERM', 'EROFS', 'EIO');
}

/** Runs a body of such calls; a git that failed, or a disk that is full, is a refusal like any other. */
export function refusingGit<T>(body: () => T): T | { code: 'git-failed'; step: string; detail: string } {
  try {
    return body();
  } catch (error) {
    if (error instanceof GitFailed) return { code: 'git-failed', step: error.step, detail: error.detail };
    if (isDiskFailure(error)) return { code: 'git-failed', step: 'write', detail: (error as Error).message };
    throw error;
  }
}

export function nulList(printed: string): string[] {
  return printed.split('\0').filter((entry) => entry !== '');
}

/** Options that name a committer where the user's settings name none. */
export function committerOptions(cwd: string): string[] {
  if (quietGit(cwd, ['-c', 'user.useConfigOnly=true', 'var', 'GIT_COMMITTER_IDENT']).ok) return [];
  const known = (key: string, other: string) =>
    quietGit(cwd, ['config', '--get', key]).stdout.trim() || other;
  const name = known('user.name', 'coord');
  const email = known('user.email', 'coord@localhost');
  return ['-c', `user.name=${name}`, '-c', `user.email=${email}`];
}
