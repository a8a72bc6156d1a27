/**
 * A worktree that coord noted, looked for where the note says it is. The note, git's own record of the worktree and the
 * folder must all agree, or it is not the one that was meant: a note that was tampered with, a link in its place, a
 * name that git has given to another worktree since.
 */
import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { Keep } from '../domain/clean-up.ts';
import { isPlainName } from '../domain/names.ts';
import { WORKTREES_FOLDER } from '../domain/project-paths.ts';
import { nowMs } from './clock.ts';
import { textOf } from './git.ts';
import { isMissing, placeAt } from './light/place.ts';
import { livenessOf, markOf } from './light/process.ts';
import { readReachable, statReachable } from './light/reachable.ts';
import { modifiedAt } from './light/roster.ts';
import { quietGit } from './plumbing.ts';

export interface Note {
  /** Git's name of the worktree. */
  readonly place: string;
  readonly worktree: string;
}

export interface NotedWorktree {
  readonly root: string;
  readonly gitDir: string;
  /** False: git knows it, and its folder is gone. */
  readonly isThere: boolean;
  /** A branch's name; undefined where HEAD is detached. */
  readonly branch: string | undefined;
  /** Why it is locked; '' for no reason given. */
  readonly locked: string | undefined;
}

export function findNoted(home: string, { place, worktree }: Note): NotedWorktree | Keep | 'absent' {
  const own = placeAt(home);
  const differs = (what: string): Keep => ({ code: 'not-as-noted', path: worktree, what });
  if (!own || !isPlainName(place)) return differs('no name of a worktree');
  if (`${home}/`.startsWith(worktree.endsWith('/') ? worktree : `${worktree}/`)) return { code: 'primary' };
  const gitDir = join(own.commonDir, 'worktrees', place);
  const isThere = statReachable(worktree) !== undefined;
  if (!existsSync(gitDir)) {
    // The folder may be anybody's by now; one that git made and knows no more is not looked at.
    return isThere && existsSync(join(worktree, '.git')) ? differs('git does not know it') : 'absent';
  }
  if (pointedFrom(gitDir) !== join(worktree, '.git')) return differs('git knows another of that name');
  const flaw = isThere ? flawOf(worktree, gitDir) : undefined;
  if (flaw !== undefined) return differs(flaw);
  if (!isBelow(worktree, join(home, WORKTREES_FOLDER))) return { code: 'foreign', path: worktree };
  const inside = isThere ? worktreeInside(home, worktree) : undefined;
  if (inside !== undefined) return { code: 'holds-worktree', path: worktree, inside };
  const locked = readReachable(join(gitDir, 'locked'))?.trim();
  return { root: worktree, gitDir, isThere, branch: branchIn(gitDir), locked };
}

/** Coord and the client make theirs directly in one folder. */
function isBelow(worktree: string, folder: string): boolean {
  try {
    return dirname(worktree) === realpathSync.native(folder) && isPlainName(basename(worktree));
  } catch (error) {
    if (isMissing(error)) return dirname(worktree) === folder;
    throw error;
  }
}

/** Undefined: it is the folder of that worktree. */
function flawOf(root: string, gitDir: string): string | undefined {
  if (statReachable(root)?.isDirectory() !== true) return 'no folder of its own';
  if (realpathSync.native(root) !== root) return 'it lies behind a link';
  const place = placeAt(root);
  return place?.gitDir === gitDir ? undefined : 'it belongs to something else';
}

/** What git's record of a worktree points to: its `.git` file. */
export function pointedFrom(gitDir: string): string | undefined {
  const text = readReachable(join(gitDir, 'gitdir'))?.trim();
  return text === undefined || text === '' ? undefined : resolve(gitDir, text);
}

/** How the client locks the worktree of a subagent: by its own process, with the start that /proc tells. */
const CLIENT_LOCK = /^claude .*\(pid (\d+)(?: start (\d+))?\)$/;

/** How git locks a worktree until its files are there. */
const IN_MAKING = 'initializing';
/** Nobody makes a worktree for so long, or takes so long to enter it. */
const UNTOUCHED_MS = 3_600_000;

/** True for a lock whose owner is gone: a client that has died, or a git that was killed while it made the worktree. */
export function isLockLeft({ locked, gitDir }: NotedWorktree): boolean {
  if (locked === undefined) return false;
  return locked === IN_MAKING ? isLongUntouched(gitDir) : isLeftByClient(locked);
}

/** True where git has written nothing of a worktree for long. `gitDir`: git's own folder of it. */
export function isLongUntouched(gitDir: string): boolean {
  return areOld(['HEAD', 'index', 'locked', join('logs', 'HEAD')].map((name) => join(gitDir, name)));
}

/** The same of a branch, whose file is gone where git has packed it. */
export function isBranchLongUntouched(home: string, branch: string): boolean {
  const ref = join('refs', 'heads', ...branch.split('/'));
  const commonDir = placeAt(home)?.commonDir ?? home;
  return areOld([join(commonDir, ref), join(commonDir, 'logs', ref)]);
}

function areOld(files: readonly string[]): boolean {
  return nowMs() - Math.max(...files.map((file) => modifiedAt(file) ?? 0)) > UNTOUCHED_MS;
}

/** It takes its lock away itself as long as it lives. */
function isLeftByClient(reason: string): boolean {
  const [, pid, ticks] = CLIENT_LOCK.exec(reason) ?? [];
  if (pid === undefined) return false;
  const mark = markOf(Number(pid));
  if (livenessOf({ ...mark, started: null }) === 'dead') return true;
  // Another process has its number by now.
  return ticks !== undefined && mark.started !== null && !mark.started.endsWith(`.${ticks}`);
}

/** The branch that a worktree's HEAD stands on. */
export function branchIn(gitDir: string): string | undefined {
  return /^ref: refs\/heads\/(.+)$/m.exec(readReachable(join(gitDir, 'HEAD')) ?? '')?.[1];
}

function worktreeInside(home: string, root: string): string | undefined {
  // Where git cannot say it nothing is known, and nothing may go.
  const listed = listWorktrees(home) ?? [{ path: `${root}/(git cannot say)`, branch: undefined }];
  return listed.map(({ path }) => path).find((path) => path.startsWith(`${root}/`));
}

/** All worktrees of the repository, by git's list; undefined where git cannot say it. */
export function listWorktrees(home: string): { path: string; branch: string | undefined }[] | undefined {
  const listed = quietGit(home, ['worktree', 'list', '--porcelain', '-z']);
  if (!listed.ok) return undefined;
  return listed.stdout.split('\0\0').flatMap((entry) => {
    const fields = entry.split('\0').map(textOf);
    const of = (key: string) => fields.find((field) => field.startsWith(key))?.slice(key.length);
    const path = of('worktree ');
    return path === undefined ? [] : [{ path, branch: of('branch refs/heads/') }];
  });
}
