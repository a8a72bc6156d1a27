/**
 * Makes an integration worktree, or puts one right that a killed run left (the states stand in integration.ts).
 *
 * Order of writes: what lies in the way is renamed, then removed; git adds the worktree without files; the mark of
 * coord goes into its git folder. Killed anywhere, the next opening finds one of the states and goes on.
 */
import { chmodSync, existsSync, lstatSync, readdirSync, readlinkSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isErrno, listNames, makeFolder, removeIfThere, writeAtomic } from './light/files.ts';
import { placeAt } from './light/place.ts';
import { readReachable } from './light/reachable.ts';
import { GitFailed, mustGit, quietGit } from './plumbing.ts';
import { SLOT_MARK, type Slot, type SlotProblem, slotsFolder, triesSlotGit } from './slot.ts';
import { endProcess, pause, straysOf } from './strays.ts';

const MARK = 'coord-slot';
const ADD_TRIES = 5;
const ADD_PAUSE_MS = 150;

/** Undefined: there is none that could be used. */
export function existingSlot(home: string, name: string): Slot | SlotProblem | undefined {
  const root = join(slotsFolder(home), name);
  const place = lstatSync(root, { throwIfNoEntry: false })?.isDirectory() ? placeAt(root) : undefined;
  if (!place?.name || place.commonDir !== placeAt(home)?.commonDir) return undefined;
  const pointer = readReachable(join(place.gitDir, 'gitdir'))?.trim();
  if (pointer === undefined || resolve(place.gitDir, pointer) !== join(root, '.git')) return undefined;
  if (readReachable(join(place.gitDir, 'locked'))?.trim() === 'initializing') return undefined;
  const slot = { name, home, root, gitDir: place.gitDir };
  const branch = /^ref: refs\/heads\/(.+)\n/.exec(readReachable(join(place.gitDir, 'HEAD')) ?? '')?.[1];
  const isOurs = existsSync(join(place.gitDir, MARK));
  if (branch !== undefined && !isOurs) return { code: 'slot-foreign', path: root, branch };
  return triesSlotGit(slot, ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}']).ok ? slot : undefined;
}

/** Others may add worktrees at the same moment, and git's own housekeeping may be at it: tried a few times. */
export function makeSlot(home: string, name: string): Slot {
  const root = join(slotsFolder(home), name);
  makeFolder(slotsFolder(home));
  const commit = anyCommit(home);
  for (let tries = 1; ; tries += 1) {
    putAway(home, name);
    forgetRegistrations(home, root);
    // Forced twice: for one that is registered and locked, with its folder gone.
    const add = ['worktree', 'add', '--force', '--force', '--detach', '--no-checkout', root, commit];
    const added = triesSlotGit({ home, root }, add, home);
    if (added.ok) break;
    if (tries === ADD_TRIES) mustGit(home, add);
    pause(ADD_PAUSE_MS * tries);
  }
  const place = placeAt(root);
  if (!place?.name) throw new GitFailed('worktree add', `${root} is no worktree`);
  writeAtomic(join(place.gitDir, MARK), `${root}\n`, { durable: false });
  dropSparse(place.gitDir);
  return { name, home, root, gitDir: place.gitDir };
}

/** Those that bear coord's mark for this very slot: git itself no longer knows whose they are where they are damaged. */
function forgetRegistrations(home: string, root: string): void {
  const folder = join(placeAt(home)?.commonDir ?? join(home, '.git'), 'worktrees');
  for (const entry of listNames(folder))
    if (readReachable(join(folder, entry, MARK)) === `${root}\n`) removeTree(join(folder, entry));
}

/** The primary may stand on a branch without a commit. */
function anyCommit(home: string): string {
  const head = quietGit(home, ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}']);
  if (head.ok) return head.stdout.trim();
  const found = mustGit(home, ['for-each-ref', '--count=1', '--format=%(objectname)', 'refs/heads']).trim();
  if (found === '') throw new GitFailed('worktree add', 'there is no commit yet');
  return found;
}

/** Newer gits hand the primary's sparse checkout on to new worktrees. */
function dropSparse(gitDir: string): void {
  removeIfThere(join(gitDir, 'info', 'sparse-checkout'));
  const config = join(gitDir, 'config.worktree');
  if (!existsSync(config)) return;
  for (const key of ['core.sparseCheckout', 'core.sparseCheckoutCone', 'index.sparse'])
    quietGit(gitDir, ['config', '--file', config, '--unset-all', key]);
}

/** What lies where the slot belongs: renamed first, so that a kill in the middle leaves nothing that looks whole. */
function putAway(home: string, name: string): void {
  const folder = slotsFolder(home);
  const root = join(folder, name);
  if (lstatSync(root, { throwIfNoEntry: false }))
    renameSync(root, join(folder, `.gone-${process.pid}-${Math.random().toString(36).slice(2, 8)}`));
  for (const gone of listNames(folder)) if (gone.startsWith('.gone-')) removeTree(join(folder, gone));
}

const DEPTH_MAX = 256;

/** A validation may have left folders that nobody may write. What cannot be removed stays for the next time. */
function removeTree(path: string): void {
  try {
    makeWritable(path, DEPTH_MAX);
    rmSync(path, { recursive: true, force: true, maxRetries: 3 });
  } catch (error) {
    if (!isErrno(error, 'EACCES', 'EPERM', 'EBUSY', 'ENOTEMPTY')) throw error;
  }
}

function makeWritable(path: string, depth: number): void {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (!stat?.isDirectory() || depth === 0) return;
  if ((stat.mode & 0o700) !== 0o700) chmodSync(path, 0o700);
  for (const entry of readdirSync(path, { withFileTypes: true }))
    if (entry.isDirectory()) makeWritable(join(path, entry.name), depth - 1);
}

const LEFTOVERS = [
  'rebase-merge',
  'rebase-apply',
  'sequencer',
  'MERGE_HEAD',
  'MERGE_MSG',
  'MERGE_MODE',
  'CHERRY_PICK_HEAD',
  'REVERT_HEAD',
  'AUTO_MERGE',
  'BISECT_LOG',
  'BISECT_START',
  'index.lock',
  'HEAD.lock',
];

/** What a killed git, or a validation, left under way. Nobody else's git works here. */
export function clearLeftovers({ gitDir }: Slot): void {
  for (const name of LEFTOVERS) rmSync(join(gitDir, name), { recursive: true, force: true });
  dropSparse(gitDir);
}

const GIT_WAIT_MS = 10_000;
const OTHERS_WAIT_MS = 3_000;

/**
 * Waits for what a killed run left working here. A git that does not end is ended: it is coord's own. Of the others
 * (a validation in its last seconds, or a build server that it started) those count that stand in the slot; what stays
 * is ended before a candidate comes to stand here.
 */
export function awaitStrays(root: string): void {
  const startedAt = Date.now();
  for (;;) {
    const strays = straysOf(SLOT_MARK, root) ?? [];
    const gits = strays.filter((pid) => /^git/.test(readReachable(`/proc/${pid}/comm`) ?? ''));
    const others = strays.filter((pid) => !gits.includes(pid) && standsIn(pid, root));
    const waitedMs = Date.now() - startedAt;
    if (gits.length === 0 && (others.length === 0 || waitedMs >= OTHERS_WAIT_MS)) return;
    if (waitedMs >= GIT_WAIT_MS) {
      for (const pid of gits) endProcess(pid);
      return;
    }
    pause(50);
  }
}

const END_LOOKS_MAX = 40;

/**
 * Ends what a validation left running in the slot in a session of its own, where the end of its group does not reach it:
 * it would write into the files of the next candidate. Whatever has gone to stand elsewhere, as servers do, is left alone.
 */
export function endStrays(root: string): void {
  for (let looks = 0; looks < END_LOOKS_MAX; looks += 1) {
    const strays = (straysOf(SLOT_MARK, root) ?? []).filter((pid) => standsIn(pid, root));
    if (strays.length === 0) return;
    for (const pid of strays) endProcess(pid);
    pause(25);
  }
}

function standsIn(pid: number, root: string): boolean {
  try {
    const folder = readlinkSync(`/proc/${pid}/cwd`);
    return folder === root || folder.startsWith(`${root}/`);
  } catch (error) {
    // It ended meanwhile.
    if (isErrno(error, 'ENOENT', 'ESRCH', 'EACCES', 'EPERM')) return false;
    throw error;
  }
}
