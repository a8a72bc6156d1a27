/**
 * Asks git several things, and remembers the first that it could not say: facts that are half known must never look
 * like clean ones. Whoever asks looks at `failure` once, at the end. Paths are read as bytes (git.ts, `latin1`).
 */
import type { GitOptions } from './git.ts';
import { holdsCommit, quietGit, refusingGit } from './plumbing.ts';

export interface GitFailure {
  readonly step: string;
  readonly detail: string;
}

export interface GitReader {
  readonly root: string;
  failure: GitFailure | undefined;
  /** What git printed; empty where it failed. `mayBeNone`: to fail without a word means "none". */
  readonly read: (args: readonly string[], options?: GitOptions & { mayBeNone?: boolean }) => string;
  /** The same, cut at each NUL. */
  readonly list: (args: readonly string[], options?: GitOptions & { mayBeNone?: boolean }) => string[];
  /** Whether a commit has another one in its history; false where git could not say it. */
  readonly holds: (newer: string, older: string) => boolean;
}

/** No program of the user's may run, and no index be written, while coord only looks. */
export function gitReader(root: string): GitReader {
  const reader: GitReader = {
    root,
    failure: undefined,
    read: (args, { mayBeNone = false, ...options } = {}) => {
      const result = quietGit(root, args, options);
      const isNone = mayBeNone && result.code !== null && result.stderr === '' && result.stdout === '';
      if (!result.ok && !isNone)
        reader.failure ??= {
          step: args[0] ?? 'git',
          detail: result.stderr || 'no answer in time, or too long a one',
        };
      return result.ok ? result.stdout : '';
    },
    list: (args, options) =>
      reader
        .read(args, options)
        .split('\0')
        .filter((entry) => entry !== ''),
    holds: (newer, older) => {
      const asked = refusingGit(() => holdsCommit(root, newer, older));
      if (typeof asked === 'boolean') return asked;
      reader.failure ??= { step: asked.step, detail: asked.detail };
      return false;
    },
  };
  return reader;
}
