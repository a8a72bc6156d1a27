/**
 * The target's ref: which one it is, where it stands, and the one transaction that moves it.
 *
 * The transaction holds three things, and git does all of them or none: the target goes from the old commit to the
 * new one, each entry's proof `refs/coord/landed/<entry>` gets its tip, and the fence `refs/coord/landing/<id>` goes.
 * Order inside: the target first, so that a git killed in the middle of it leaves no proof without a landing.
 *
 * The fence is what makes a reading final. A git that outlived the coord that started it (a hook of the repository may
 * take long) cannot commit once the fence is gone; and while it is between "prepared" and "committed" it has the fence
 * locked, so that nobody can take it away.
 */
import { unlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { LandingEntry, LandingJournal } from '../domain/landing.ts';
import { reflogMessage } from '../domain/landing.ts';
import { nowMs } from './clock.ts';
import type { GitResult } from './git.ts';
import { isErrno } from './light/files.ts';
import { readReachable } from './light/reachable.ts';
import { committerOptions, GitFailed, heardGit, quietGit } from './plumbing.ts';
import { isOpenSomewhere, pause, straysOf } from './strays.ts';

const LINKS_MAX = 5;
/** Hooks of the repository may ask a server. */
const HOOKS_MS = 600_000;
const SHA = /^[0-9a-f]{40,64}$/;

/** `refs/heads/main` for `main`; what a symbolic ref points to in the end; undefined where that is no branch. */
export function targetRef(home: string, target: string): string | undefined {
  let ref = `refs/heads/${target}`;
  for (let links = 0; links < LINKS_MAX; links += 1) {
    const asked = quietGit(home, ['symbolic-ref', '--quiet', ref]);
    const next = asked.ok ? asked.stdout.trim() : '';
    if (next === '') return ref;
    if (!next.startsWith('refs/heads/')) return undefined;
    ref = next;
  }
  return undefined;
}

/** Undefined: there is no such ref. A git that fails otherwise is no answer. */
export function commitAt(home: string, ref: string): string | undefined {
  const asked = quietGit(home, ['rev-parse', '--verify', '--quiet', `${ref}^{commit}`]);
  const commit = asked.stdout.trim();
  if (asked.ok && SHA.test(commit)) return commit;
  if (asked.stderr !== '' || asked.code === null)
    throw new GitFailed('rev-parse', asked.stderr || 'no answer in time');
  return undefined;
}

function fenceOf(id: string): string {
  return `refs/coord/landing/${id}`;
}

export function proofOf(entry: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(entry) || entry.includes('..') || /\.(lock)?$/.test(entry))
    throw new Error(`not an entry's id: ${JSON.stringify(entry)}`);
  return `refs/coord/landed/${entry}`;
}

export function landedTip(home: string, entry: string): string | undefined {
  return commitAt(home, proofOf(entry));
}

export function hasProofs(home: string, entries: readonly LandingEntry[]): boolean {
  return entries.length > 0 && entries.every(({ entry, tip }) => landedTip(home, entry) === tip);
}

/** For a landing that is sure, whose git was killed before it wrote them. */
export function writeProofs(home: string, entries: readonly LandingEntry[]): void {
  for (const { entry, tip } of entries) quietGit(home, ['update-ref', proofOf(entry), tip]);
}

export function raiseFence({ id, to }: LandingJournal, home: string): undefined {
  const raised = quietGit(home, ['update-ref', fenceOf(id), to, '0'.repeat(to.length)]);
  if (!raised.ok) throw new GitFailed('update-ref', raised.stderr);
}

/** Moves the target. What came of it is asked of the refs afterwards, never of this result. */
export function moveTarget(home: string, journal: LandingJournal): GitResult {
  const { id, ref, from, to, entries } = journal;
  const commands = [
    `update ${ref}\0${to}\0${from}\0`,
    ...entries.map(({ entry, tip }) => `update ${proofOf(entry)}\0${tip}\0\0`),
    `delete ${fenceOf(id)}\0${to}\0`,
  ];
  const options = [...committerOptions(home), 'update-ref', '-m', reflogMessage(entries), '--stdin', '-z'];
  return heardGit(home, options, { input: commands.join(''), env: strayMark(id), timeoutMs: HOOKS_MS });
}

/** What the processes of one landing carry, so that a later run finds those that outlived theirs. */
export function strayMark(id: string): Record<string, string> {
  return { COORD_LANDING: id };
}

const FENCE_POLL_MS = 50;

/** Takes the fence away; what holds it (a lock file of git's), when it cannot. */
export function lowerFence(
  home: string,
  commonDir: string,
  journal: LandingJournal,
  waitMs: number,
): string | undefined {
  const fence = fenceOf(journal.id);
  const deadline = nowMs() + waitMs;
  for (let hasSwept = false; ; pause(FENCE_POLL_MS)) {
    // Once gone it is gone for good: its name is never used again.
    if (commitAt(home, fence) === undefined) return undefined;
    const lowered = quietGit(home, ['update-ref', '-d', fence]);
    if (lowered.ok) return undefined;
    if (nowMs() < deadline) continue;
    if (hasSwept || !sweepLocks(commonDir, journal)) return lowered.stderr || `${fence} is in use`;
    hasSwept = true;
  }
}

/**
 * Removes the lock files that a killed git of this landing left on its own fence and proofs. Only where it is known that
 * no process of it lives.
 */
function sweepLocks(commonDir: string, { id, entries }: LandingJournal): boolean {
  if (straysOf('COORD_LANDING', id)?.length !== 0) return false;
  const own = [fenceOf(id), ...entries.map(({ entry }) => proofOf(entry))];
  for (const name of own) removeLock(join(commonDir, `${name}.lock`));
  return true;
}

/**
 * The lock on the target that a killed git of this landing left: with the commit that was to land in it, or with nothing
 * yet. Left alone it would keep everybody from the target for good. Empty, it could also be of another git, which
 * writes its commit right after it made the file, and has it open until then.
 */
export function sweepTargetLock(commonDir: string, { id, ref, to }: LandingJournal): void {
  const lock = join(commonDir, `${ref}.lock`);
  const text = readReachable(lock)?.trim();
  if (text === undefined || straysOf('COORD_LANDING', id)?.length !== 0) return;
  if (text === to || (text === '' && isOpenSomewhere(lock) === false)) removeLock(lock);
}

function removeLock(file: string): void {
  try {
    unlinkSync(file);
  } catch (error) {
    if (!isErrno(error, 'ENOENT', 'ENOTDIR')) throw error;
  }
}
