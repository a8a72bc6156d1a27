/**
 * The door to git: every git process that coord starts. Arguments go as a list, never through a shell; the caller's
 * GIT_* variables are left out, since they would point git at another repository or index.
 */
import { spawnSync } from 'node:child_process';

export interface GitResult {
  readonly ok: boolean;
  /** Null: it was killed, took too long, or could not be started. Many questions of git's answer "no" by a 1. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const HEADS = 'refs/heads/';
const TIMEOUT_MS = 120_000;
const OUTPUT_BYTES_MAX = 64 * 1024 * 1024;

function cleanEnvironment(): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = {};
  for (const [key, value] of Object.entries(process.env)) {
    if (!/^GIT_/.test(key) || /^GIT_(AUTHOR|COMMITTER|CONFIG|SSH|ASKPASS|TERMINAL)/.test(key))
      env[key] = value;
  }
  return { ...env, GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C' };
}

export interface GitOptions {
  /** Beside the cleaned environment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
  /** What git reads, in the same encoding as it is read in. */
  readonly input?: string;
  /** `latin1`: one character a byte, for paths that need not be UTF-8 (textOf makes them readable). */
  readonly encoding?: 'utf8' | 'latin1';
}

/** Runs git in a folder. A failure is data; only a git that cannot be started at all is told apart by `code`. */
export function git(cwd: string, args: readonly string[], options: GitOptions = {}): GitResult {
  const { input, encoding = 'utf8' } = options;
  const result = spawnSync('git', args, {
    cwd,
    encoding,
    env: { ...cleanEnvironment(), ...options.env },
    // What is left of a time limit is rarely a whole number, and Node takes no other.
    timeout: Math.max(1, Math.floor(options.timeoutMs ?? TIMEOUT_MS)),
    maxBuffer: OUTPUT_BYTES_MAX,
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    ...(input === undefined ? {} : { input: Buffer.from(input, encoding) }),
    windowsHide: true,
  });
  if (result.error && (result.error as NodeJS.ErrnoException).code === 'ENOENT') {
    return { ok: false, code: null, stdout: '', stderr: 'git is not installed, or not on the PATH' };
  }
  const { status: code, stdout, stderr } = result;
  return { ok: code === 0, code, stdout: stdout ?? '', stderr: (stderr ?? '').trim() };
}

/** Bytes that were read one character each, as people read them. */
export function textOf(bytes: string): string {
  return /[\u0080-\u00ff]/.test(bytes) ? Buffer.from(bytes, 'latin1').toString('utf8') : bytes;
}

/** The commit that a worktree stands on; undefined before the first commit. */
export function headOf(root: string): string | undefined {
  const result = git(root, ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}']);
  return result.ok ? result.stdout.trim() : undefined;
}

/** The branch that is checked out; undefined when HEAD is detached. A tag of the same name changes nothing of it. */
export function branchNameOf(root: string): string | undefined {
  const result = git(root, ['symbolic-ref', '--quiet', 'HEAD']);
  return result.ok ? branchOfRef(result.stdout.trim()) : undefined;
}

/** The branch that a whole ref names, if it names one. */
export function branchOfRef(ref: string): string | undefined {
  return ref.startsWith(HEADS) ? ref.slice(HEADS.length) : undefined;
}

/** False also where git could not say it: whoever acts upon a "no" asks `holdsCommit` (plumbing). */
export function isAncestor(root: string, older: string, newer: string): boolean {
  return git(root, ['merge-base', '--is-ancestor', older, newer]).ok;
}

/** The commit where two lines parted; undefined where they have none in common. */
export function mergeBase(root: string, one: string, other: string): string | undefined {
  const result = git(root, ['merge-base', one, other]);
  return result.ok ? result.stdout.trim() : undefined;
}

export function hasBranch(root: string, branch: string): boolean {
  return git(root, ['show-ref', '--verify', '--quiet', `refs/heads/${branch}`]).ok;
}

export interface ChangedFile {
  /** Two letters, as `git status --porcelain` prints them. */
  readonly status: string;
  readonly path: string;
}

/** Files that differ from HEAD, untracked ones too; paths relative to the root. */
export function changedFiles(root: string, options: readonly string[] = []): ChangedFile[] {
  const status = ['status', '--porcelain', '-z', '--untracked-files=all', '--no-renames', ...options];
  const result = git(root, status);
  if (!result.ok) return [];
  return result.stdout
    .split('\0')
    .filter((entry) => entry.length > 3)
    .map((entry) => ({ status: entry.slice(0, 2), path: entry.slice(3) }));
}
