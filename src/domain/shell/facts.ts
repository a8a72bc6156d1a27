// What goes into a reading of a shell command line, and what comes out of it. Plain data: nothing here was looked up on disk.
import type { GitReach } from './git-reach.ts';
import type { ParsedScript } from './syntax.ts';

/** A program that the command line calls, as it is called once the shell has read its words. */
export interface ShellRun {
  /** Words of which a part is not known have a `*` there. */
  readonly words: readonly string[];
  /** Where it runs; undefined where that is not known. */
  readonly cwd: string | undefined;
  /** It goes on when the shell has gone on: behind `&`, in another terminal, at another time. */
  readonly isDetached: boolean;
}

export interface ShellFacts {
  /** Absolute, posix style. */
  readonly cwd: string;
  readonly home: string | undefined;
  /** Variables whose value is known (PWD, HOME, OLDPWD …); any other one is unknown. */
  readonly env: Readonly<Record<string, string>>;
  /** `parse` of unbash. */
  readonly parse: (source: string) => ParsedScript;
  readonly windows?: boolean;
  /** Whether a folder is not there before the command line runs; nobody to ask means that all are. */
  readonly isMissing?: (folder: string) => boolean;
  /** Told of each call of a program, but for those that `coord run` makes: that minds them itself. */
  readonly hear?: (run: ShellRun) => void;
  /** The repository around the cwd, where it is known: what `git rev-parse` prints there. */
  readonly repository?: { readonly root: string; readonly gitDir: string; readonly commonDir: string };
}

export interface ShellWrite {
  /** Absolute. `..` parts are kept: there may be symlinks under them. */
  path: string;
  /** `path` holds glob characters (`*`, `?`, `[…]`). Without a match the shell takes such a path literally: try that too. */
  glob?: true;
  /** Everything below may be changed or removed too. */
  tree?: true;
  /** With `tree`: only some of what lies below, and it is not known which. When not certain, a search through all of it says so. */
  some?: true;
  /** `path` may be (or, when not certain, is) a directory into which the write goes. */
  target?: 'into';
  how: string;
  /**
   * False when the path stood in an interpreter's code, or when only a part of it is known: an unknown tail below `path` (with
   * `target`), or an unknown choice of files below `path` (with `tree`).
   */
  certain: boolean;
}

/** An alias of `source` will exist at `path` (a hard link). `source` may hold glob characters. */
export interface ShellLink {
  source: string;
  path: string;
  how: string;
}

export type RefOperation = 'delete' | 'force' | 'move' | 'create' | 'push';

export interface ShellRef {
  name: string;
  op: RefOperation;
}

export interface ShellGit {
  verb: string;
  dir: string;
  effect: 'worktree' | 'ref' | 'shared' | 'other-worktree' | 'remote';
  refs?: ShellRef[];
  paths?: string[];
  /** What it does to files that it does not name (git-reach.ts). */
  reach?: GitReach;
  /** Ends of paths by which git finds a worktree from anywhere (`git worktree remove 02-ui`). */
  ends?: string[];
  how: string;
}

/** A call of coord: from where, with what, and which variables the command line sets for it (undefined: set to something unknown). */
export interface ShellCoord {
  cwd: string;
  args: string[];
  env: Record<string, string | undefined>;
  how: string;
}

export interface ShellUnknown {
  why: 'variable' | 'program' | 'script' | 'syntax' | 'substitution' | 'depth';
  detail: string;
  /** The directory in which the unknown thing runs, where that is known. */
  dir?: string;
}

export interface ShellReading {
  writes: ShellWrite[];
  links: ShellLink[];
  git: ShellGit[];
  coord: ShellCoord[];
  unknown: ShellUnknown[];
  /** Every program is known to write nothing, and nothing is unknown. */
  readOnly: boolean;
}
