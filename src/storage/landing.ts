/**
 * Landing: the target goes from one commit to another in one step, and its checkouts follow.
 *
 * Order of writes, under the merge turn: 1 the journal | 2 the index lock of each checkout | (3 the last look: nothing
 * uncommitted may be in the way) | 4 the fence | (the turn is still held) | 5 the ref transaction: it lands | 6 each
 * checkout is brought to the new commit | 7 the index locks go | 8, when the caller has saved what follows from it,
 * the journal goes. Killed before 5, nothing happened, and the next run takes away 4, 2 and 1. Killed after 5, it has
 * landed, and the next run does 6 to 8. A refusal undoes what it did. The journal outlives this call on purpose: only
 * whoever saved the entries may say that it is over.
 */
import { join } from 'node:path';
import type { TreeChange } from '../domain/checkout-sync.ts';
import {
  type CheckoutSync,
  judgeJournal,
  type LandingEntry,
  type LandingJournal,
  type LandingOrder,
  type LandingOutcome,
  type LandingProblem,
} from '../domain/landing.ts';
import { done, type Outcome, refuse } from '../domain/problem.ts';
import { changesBetween, type LandingCheckout, landingCheckouts } from './checkout-facts.ts';
import { firstFlaw, lockAndLook, noteBehind, releaseAll, syncAll, syncLate } from './landing-checkouts.ts';
import { beginJournal, dropJournal, putJournalAside, readJournal, saveJournal } from './landing-journal.ts';
import { assertHeld, type Held } from './light/lease.ts';
import { placeAt } from './light/place.ts';
import { holdsCommit, refusingGit } from './plumbing.ts';
import {
  commitAt,
  hasProofs,
  lowerFence,
  moveTarget,
  raiseFence,
  sweepTargetLock,
  targetRef,
  writeProofs,
} from './target-ref.ts';

export interface Landed {
  readonly id: string;
  readonly commit: string;
  readonly checkouts: readonly CheckoutSync[];
}

export interface Recovered {
  readonly id: string;
  readonly target: string;
  readonly from: string;
  readonly to: string;
  readonly entries: readonly LandingEntry[];
  readonly outcome: LandingOutcome;
  /** Where the target stands now. */
  readonly found: string | null;
  /** True when the caller has done its part already, and only a checkout was behind. */
  readonly isSettled: boolean;
  readonly checkouts: readonly CheckoutSync[];
  readonly why: string | null;
}

/** The landing under way, or left by a killed run. */
export function readLanding(home: string): LandingJournal | undefined {
  const journal = readJournal(home);
  return journal === 'broken' ? undefined : journal;
}

interface Ready {
  readonly ref: string;
  readonly commonDir: string;
  readonly changes: readonly TreeChange[];
  readonly checkouts: readonly LandingCheckout[];
}

function prepare(home: string, { target, from, to }: LandingOrder): Ready | LandingProblem {
  const place = placeAt(home);
  const ref = place && targetRef(home, target);
  const found = ref === undefined ? undefined : commitAt(home, ref);
  if (!place || ref === undefined || found === undefined) return { code: 'target-missing', target };
  if (found !== from) return { code: 'target-moved', target, expected: from, found };
  if (from === to || !holdsCommit(home, to, from)) throw new Error(`${to} does not follow ${from}`);
  const checkouts = landingCheckouts(home, ref);
  return { ref, commonDir: place.commonDir, changes: changesBetween(home, from, to), checkouts };
}

/** What would keep this landing from happening now; changes nothing. */
export function checkLanding(home: string, order: LandingOrder): LandingProblem | undefined {
  return refusalOf(() => {
    const ready = prepare(home, order);
    return 'code' in ready ? ready : firstFlaw(order, ready.changes, ready.checkouts);
  });
}

function refusalOf(body: () => LandingProblem | undefined): LandingProblem | undefined {
  return refusingGit(body);
}

/** How long another git may hold the index of a checkout, or one of an earlier run the target. */
const LOCK_WAIT_MS = 3_000;

export function landCommit(
  held: Held,
  home: string,
  order: LandingOrder,
  lockWaitMs = LOCK_WAIT_MS,
): Outcome<Landed, LandingProblem> {
  const open = readLanding(home);
  if (open)
    return refuse({ code: 'landing-open', id: open.id, target: open.target, roots: [...open.checkouts] });
  const ready = refusingGit(() => prepare(home, order));
  if ('code' in ready) return refuse(ready);
  const roots = ready.checkouts.map(({ root }) => root);
  const journal = refusingGit(() => beginJournal(home, order, ready.ref, roots));
  if ('code' in journal) return refuse(journal);
  return move(held, home, journal, ready, lockWaitMs);
}

/** Steps 2 to 7. Until the transaction is sent, whatever happens is undone here; after it, by what the refs say. */
function move(
  held: Held,
  home: string,
  journal: LandingJournal,
  ready: Ready,
  lockWaitMs: number,
): Outcome<Landed, LandingProblem> {
  const { commonDir, changes, checkouts } = ready;
  const { id, to } = journal;
  const giveBack = () => {
    // Where git cannot say that the fence is down the journal stays, and the next run lowers it.
    const isFree = refusingGit(() => lowerFence(home, commonDir, journal, lockWaitMs) === undefined);
    releaseAll(journal, checkouts);
    if (isFree === true) dropJournal(home, id);
  };
  try {
    const look = () =>
      lockAndLook(home, journal, changes, checkouts, lockWaitMs) ?? raiseFence(journal, home);
    const flaw = refusalOf(look);
    if (flaw) giveBack();
    if (flaw) return refuse(flaw);
    // With the fence up: who takes the turn from here on finds it, and lowers it before anything else.
    assertHeld(held);
  } catch (error) {
    giveBack();
    throw error;
  }
  const { code, stderr } = moveTarget(home, journal);
  const settled = refusingGit(() => settleRef(home, commonDir, journal, lockWaitMs));
  if ('code' in settled) return refuse(settled);
  if (settled.outcome === 'landed') {
    const synced = syncAll(home, journal, checkouts, lockWaitMs);
    const late = refusingGit(() => syncLate(home, journal, changes, lockWaitMs));
    return done({ id, commit: to, checkouts: 'code' in late ? synced : [...synced, ...late] });
  }
  if (settled.outcome === 'unclear') return refuse(refLocked(home, journal.target, settled.why));
  // Only a git that was killed leaves its own: any other lock there is somebody else's.
  if (code === null) sweepTargetLock(commonDir, journal);
  giveBack();
  return refuse(refusalOfMove(home, journal, settled.found, stderr));
}

function refLocked(home: string, target: string, file: string | null): LandingProblem {
  return { code: 'target-busy', target, root: home, why: 'ref-lock', file, ageMs: null };
}

function refusalOfMove(
  home: string,
  { target, from }: LandingOrder,
  found: string | undefined,
  stderr: string,
): LandingProblem {
  if (found !== from) return { code: 'target-moved', target, expected: from, found: found ?? null };
  const lock = /Unable to create '([^']+\.lock)': File exists/.exec(stderr)?.[1];
  if (lock !== undefined) return refLocked(home, target, lock);
  return { code: 'landing-refused', target, detail: Buffer.from(stderr, 'latin1').toString('utf8') };
}

/** What became of the transaction, for good: with the fence down it can happen no more. */
function settleRef(home: string, commonDir: string, journal: LandingJournal, lockWaitMs: number) {
  const { ref, to, entries } = journal;
  const why = lowerFence(home, commonDir, journal, lockWaitMs) ?? null;
  const found = commitAt(home, ref);
  const holdsNew = found !== undefined && (found === to || holdsCommit(home, found, to));
  const facts = {
    found,
    holdsNew,
    hasProofs: !holdsNew && hasProofs(home, entries),
    isFenceHeld: why !== null,
  };
  return { outcome: judgeJournal(facts), found, why };
}

/** Finishes or rolls back what a killed or failed run left. Says the same again until it is closed. */
export function recoverLanding(held: Held, home: string, lockWaitMs = LOCK_WAIT_MS): Recovered | undefined {
  const journal = readJournal(home);
  if (!journal) return undefined;
  assertHeld(held);
  if (journal === 'broken') {
    putJournalAside(home);
    return undefined;
  }
  const { id, target, from, to, entries, isSettled } = journal;
  const recovered = refusingGit(() => recover(home, journal, lockWaitMs));
  const base = { id, target, from, to, entries, isSettled };
  if (!('code' in recovered)) return { ...base, ...recovered };
  const why = `git ${recovered.step}: ${recovered.detail}`;
  return { ...base, outcome: 'unclear', found: null, checkouts: [], why };
}

function recover(
  home: string,
  journal: LandingJournal,
  lockWaitMs: number,
): Pick<Recovered, 'outcome' | 'found' | 'checkouts' | 'why'> {
  const commonDir = placeAt(home)?.commonDir ?? join(home, '.git');
  const { outcome, found, why } = settleRef(home, commonDir, journal, lockWaitMs);
  const told = { outcome, found: found ?? null, why, checkouts: [] };
  if (outcome === 'unclear') return told;
  sweepTargetLock(commonDir, journal);
  const noted = journal.checkouts.flatMap((root) => {
    const place = placeAt(root);
    return place?.commonDir === commonDir ? [{ root, gitDir: place.gitDir, isOnBranch: true }] : [];
  });
  if (outcome !== 'landed') {
    releaseAll(journal, noted);
    noteBehind(home, journal, []);
    return told;
  }
  if (!hasProofs(home, journal.entries)) writeProofs(home, journal.entries);
  const onTarget = new Map(landingCheckouts(home, journal.ref).map((one) => [one.root, one]));
  const here = noted.flatMap(({ root }) => onTarget.get(root) ?? []);
  const synced = new Map(syncAll(home, journal, here, lockWaitMs).map((one) => [one.root, one]));
  releaseAll(journal, noted);
  const gone = (root: string): CheckoutSync => ({
    root,
    state: 'gone',
    why: null,
    aside: [],
    submodules: [],
  });
  return { ...told, checkouts: journal.checkouts.map((root) => synced.get(root) ?? gone(root)) };
}

/** For a caller that has saved all that follows. A checkout that is still behind keeps the journal, settled. */
export function closeLanding(held: Held, home: string, id: string): void {
  assertHeld(held);
  const journal = readLanding(home);
  if (journal?.id !== id) return;
  if (journal.behind.length === 0) dropJournal(home, id);
  else saveJournal(home, { ...journal, checkouts: journal.behind, isSettled: true });
}
