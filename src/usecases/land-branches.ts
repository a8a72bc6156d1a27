/**
 * Lands the first branches of a stack, in one step: the target goes to the commit that was validated, and to no other.
 *
 * Order: in the queue's mutex, so that nobody cancels or changes what lands: 1 the entries are as they were when they
 * were stacked, 2 the landing (storage/landing), 3 the entries say so. Then 4 what follows (settle-landing), 5 the
 * journal goes. Killed anywhere after 2, the next run does 3 to 5.
 */
import type { LandingOrder, LandingProblem } from '../domain/landing.ts';
import type { LandedBranch } from '../domain/merge-run.ts';
import { done, type Outcome } from '../domain/problem.ts';
import type { QueueEntry } from '../domain/queue-entry.ts';
import { nowMs } from '../storage/clock.ts';
import { closeLanding, type Landed, landCommit, readLanding, recoverLanding } from '../storage/landing.ts';
import { type Held, renewLease } from '../storage/light/lease.ts';
import { readEntry, withQueue } from '../storage/light/queue-files.ts';
import { accountLanding } from './account-landing.ts';
import type { RunBoard } from './report-run.ts';
import { type Settling, saveLanded, settleLanding } from './settle-landing.ts';
import type { Member } from './stack-branches.ts';

export interface Landing {
  readonly home: string;
  readonly held: Held;
  readonly board: RunBoard;
  readonly session: string | null;
  readonly mayClose: Settling['mayClose'];
  readonly isProven: boolean;
  readonly target: string;
  /** Where the target stands now. */
  readonly from: string;
  readonly members: readonly Member[];
}

export type LandingResult =
  | { readonly kind: 'landed'; readonly branches: readonly LandedBranch[] }
  /** Entries that were cancelled, or that got another tip, while they were validated. */
  | { readonly kind: 'changed'; readonly entries: readonly string[] }
  | { readonly kind: 'refused'; readonly problem: LandingProblem };

type Moved = { kind: 'moved'; landed: Landed | undefined } | Exclude<LandingResult, { kind: 'landed' }>;

export function landBranches(landing: Landing): Outcome<LandingResult> {
  const { home, held, board, members, target, from, session, isProven, mayClose } = landing;
  renewLease(held, nowMs());
  const entries = members.map(({ entry: { id, phase, tip }, commit }) => ({ entry: id, phase, tip, commit }));
  const order = { target, from, to: members.at(-1)?.commit ?? from, entries };
  const ground = isProven ? 'validated' : 'unproven';
  const settling: Settling = { home, held, target, from, entries, ground, session, mayClose };
  const moved = withQueue(home, (queue): Outcome<Moved> => {
    const changed = members.filter(({ entry }) => isChanged(home, entry)).map(({ entry }) => entry.id);
    if (changed.length > 0) return done({ kind: 'changed', entries: changed });
    const landed = accountLanding({ home, session, ...order }, () => move(held, home, order));
    if (!landed.done) return done({ kind: 'refused', problem: landed.problem });
    const saved = saveLanded(queue, settling);
    return saved.done ? done({ kind: 'moved', landed: landed.value }) : saved;
  });
  if (!moved.done || moved.value.kind !== 'moved') return moved as Outcome<LandingResult>;
  const { landed } = moved.value;
  for (const { root, state, why, aside, submodules } of landed?.checkouts ?? [])
    if (state === 'pending' || aside.length > 0 || submodules.length > 0)
      board.behind({ root, why, aside, submodules });
  const settled = settleLanding(settling);
  if (!settled.done) return settled;
  if (landed) closeLanding(held, home, landed.id);
  for (const branch of settled.value) board.tell({ kind: 'landed', branch });
  return done({ kind: 'landed', branches: settled.value });
}

function isChanged(home: string, { id, tip, target, branch }: QueueEntry): boolean {
  const now = readEntry(home, id);
  return now?.state !== 'queued' || now.tip !== tip || now.target !== target || now.branch !== branch;
}

/** Undefined: all of it was on the target already, so nothing had to move. */
function move(held: Held, home: string, order: LandingOrder): Outcome<Landed | undefined, LandingProblem> {
  if (order.from === order.to) return done(undefined);
  // A checkout that could not follow an earlier landing keeps that one open: it may follow by now.
  const open = readLanding(home);
  const recovered = open?.isSettled ? recoverLanding(held, home) : undefined;
  if (recovered && recovered.outcome !== 'unclear') closeLanding(held, home, recovered.id);
  return landCommit(held, home, order);
}
