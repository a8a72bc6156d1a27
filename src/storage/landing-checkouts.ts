/**
 * What a landing does with all checkouts of the target: looks at them, locks their indexes, brings them along, lets go.
 */
import type { TreeChange } from '../domain/checkout-sync.ts';
import type { CheckoutSync, LandingJournal, LandingOrder, LandingProblem } from '../domain/landing.ts';
import { unwritable } from './checkout-disk.ts';
import {
  dirtyPaths,
  type LandingCheckout,
  landingCheckouts,
  stagedAgainst,
  underWayIn,
} from './checkout-facts.ts';
import { clearSync, refusalOfSync, syncCheckout } from './checkout-sync.ts';
import { textOf } from './git.ts';
import { lockIndex, unlockIndex } from './index-lock.ts';
import { saveJournal } from './landing-journal.ts';
import { refusingGit } from './plumbing.ts';
import { commitAt } from './target-ref.ts';

const FILES_NAMED_MAX = 20;

/** What is wrong with the first checkout that has something wrong. */
export function firstFlaw(
  { target, from }: LandingOrder,
  changes: readonly TreeChange[],
  checkouts: readonly LandingCheckout[],
): LandingProblem | undefined {
  for (const checkout of checkouts) {
    const { root, gitDir } = checkout;
    const underWay = underWayIn(checkout);
    const busy = (why: string) =>
      ({ code: 'target-busy', target, root, why, file: null, ageMs: null }) as const;
    if (underWay !== undefined) return busy(underWay);
    const { dirty, inTheWay, hasConflict } = dirtyPaths(root, from, changes);
    if (hasConflict) return busy('merge');
    const total = dirty.length + inTheWay.length;
    const named = (paths: readonly string[]) => paths.slice(0, FILES_NAMED_MAX).map(textOf);
    if (total > 0)
      return { code: 'target-dirty', target, root, dirty: named(dirty), inTheWay: named(inTheWay), total };
    const path = unwritable(root, gitDir, changes);
    if (path !== undefined) return { code: 'target-unwritable', target, root, path };
  }
  return undefined;
}

/** Locks every index, and looks once more where nobody can stage, commit or switch any longer. */
export function lockAndLook(
  home: string,
  { id, target, ref, from, to, entries }: LandingJournal,
  changes: readonly TreeChange[],
  checkouts: readonly LandingCheckout[],
  waitMs: number,
): LandingProblem | undefined {
  for (const { root, gitDir } of checkouts) {
    const other = lockIndex(gitDir, id, waitMs);
    if (other) return { code: 'target-busy', target, root, why: 'index-lock', ...other };
  }
  const found = commitAt(home, ref);
  if (found !== from) return { code: 'target-moved', target, expected: from, found: found ?? null };
  const flaw = firstFlaw({ target, from, to, entries }, changes, checkouts);
  if (flaw) return flaw;
  for (const checkout of checkouts) {
    const refused = refusalOfSync(checkout, { from, to }, changes);
    if (refused !== undefined) return dryRunProblem(target, checkout.root, refused);
  }
  return undefined;
}

const NOT_CURRENT = /Entry '(.+)' not uptodate|local changes to '(.+)' would/g;
const UNTRACKED = /Untracked working tree file '(.+)' would|Updating '(.+)' would lose untracked/g;

/** Git's own last word, where it takes for changed what has the right content. */
function dryRunProblem(target: string, root: string, printed: string): LandingProblem {
  const named = (pattern: RegExp) =>
    [...printed.matchAll(pattern)].map((match) => textOf(match[1] ?? match[2] ?? ''));
  const dirty = named(NOT_CURRENT);
  const inTheWay = named(UNTRACKED);
  const total = dirty.length + inTheWay.length;
  if (total > 0) return { code: 'target-dirty', target, root, dirty, inTheWay, total };
  return { code: 'git-failed', step: `read-tree in ${root}`, detail: printed };
}

export function releaseAll({ id }: LandingJournal, checkouts: readonly LandingCheckout[]): void {
  for (const { gitDir } of checkouts) {
    clearSync(gitDir);
    unlockIndex(gitDir, id);
  }
}

/** Those that stay behind are noted in the journal. */
export function syncAll(
  home: string,
  journal: LandingJournal,
  checkouts: readonly LandingCheckout[],
  waitMs: number,
): CheckoutSync[] {
  const synced = checkouts.map((checkout) => syncOne(home, journal, checkout, waitMs));
  releaseAll(journal, checkouts);
  noteBehind(
    home,
    journal,
    synced.filter(({ state }) => state === 'pending').map(({ root }) => root),
  );
  return synced;
}

/**
 * A worktree in which the target was checked out in the very moment of the landing: brought along where it is clean. Of
 * one that is not nothing is known, so it is named and left.
 */
export function syncLate(
  home: string,
  journal: LandingJournal,
  changes: readonly TreeChange[],
  waitMs: number,
): CheckoutSync[] {
  const late = landingCheckouts(home, journal.ref).filter(({ root }) => !journal.checkouts.includes(root));
  return late.flatMap((checkout): CheckoutSync[] => {
    const { root, gitDir } = checkout;
    const staged = stagedAgainst(root, journal.to).paths;
    if (!changes.some(({ path }) => staged.has(path))) return [];
    const { dirty, inTheWay } = dirtyPaths(root, journal.from, changes);
    const why = 'the target was checked out there while it moved, over uncommitted work';
    if (dirty.length + inTheWay.length > 0)
      return [{ root, state: 'pending', why, aside: [], submodules: [] }];
    const synced = syncOne(home, journal, checkout, waitMs);
    unlockIndex(gitDir, journal.id);
    return [synced];
  });
}

/** Where that cannot be written the journal says that all are behind, and the next run looks again. */
export function noteBehind(home: string, journal: LandingJournal, behind: readonly string[]): void {
  if (behind.join('\0') !== journal.behind.join('\0'))
    refusingGit(() => saveJournal(home, { ...journal, behind }));
}

function syncOne(
  home: string,
  journal: LandingJournal,
  checkout: LandingCheckout,
  waitMs: number,
): CheckoutSync {
  const { root, gitDir, isOnBranch } = checkout;
  const pending = (why: string): CheckoutSync => ({ root, state: 'pending', why, aside: [], submodules: [] });
  if (!isOnBranch) return pending('a rebase of the target is under way there');
  const other = lockIndex(gitDir, journal.id, waitMs);
  if (other) return pending(`${other.file} is held by another git`);
  const synced = refusingGit(() => syncCheckout(home, journal, checkout));
  return 'code' in synced ? pending(`git ${synced.step}: ${synced.detail}`) : synced;
}
