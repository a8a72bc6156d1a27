/**
 * Finishes or rolls back what a killed run left of a landing, and says which (storage/landing judges it by the refs).
 *
 *   landed      what follows is done now: entries, STATE.md, verdicts, clean-up
 *   not-landed  the target is as it was; its entries wait as before, and are served by this run
 *   rewound     it had landed, and somebody took it back since: its entries are rejected, so that it does not land again
 *               by itself against that person's will
 *   unclear     a git of the killed run is still at work: nothing is touched, the run ends
 */
import type { RejectedBranch } from '../domain/merge-run.ts';
import { done, type Outcome, refuse } from '../domain/problem.ts';
import { closeLanding, type Recovered, readLanding, recoverLanding } from '../storage/landing.ts';
import { readEntry } from '../storage/light/queue-files.ts';
import { accountLanding } from './account-landing.ts';
import { type Rejecting, rejectBranch } from './reject-branch.ts';
import { carryLanding, type Settling } from './settle-landing.ts';

export interface Resuming extends Rejecting, Pick<Settling, 'session' | 'mayClose'> {
  readonly hasValidation: boolean;
}

export function resumeLanding(resuming: Resuming): Outcome<undefined> {
  const { home, held, board, session } = resuming;
  const open = readLanding(home);
  if (!open) return done(undefined);
  const recovered = accountLanding({ home, session, ...open }, () => recoverLanding(held, home));
  if (!recovered) return done(undefined);
  const { id, outcome, target, from, to, entries, isSettled, why, checkouts } = recovered;
  const names = entries.map(({ entry }) => entry);
  const resumed = { outcome, target, from, to, entries: names, isTold: isSettled, why };
  board.tell({ kind: 'resumed', resumed });
  for (const { root, state, why: behind, aside, submodules } of checkouts)
    if (state === 'pending' || aside.length > 0 || submodules.length > 0)
      board.behind({ root, why: behind, aside, submodules });
  if (outcome === 'unclear') return refuse({ code: 'landing-unclear', target, why: why ?? '' });
  const followed = isSettled ? done(undefined) : follow(resuming, recovered);
  if (followed.done) closeLanding(held, home, id);
  return followed;
}

function follow(resuming: Resuming, recovered: Recovered): Outcome<undefined> {
  const { home, held, board, session, mayClose, hasValidation } = resuming;
  const { outcome, target, from, entries } = recovered;
  if (outcome === 'rewound') return rejectRewound(resuming, recovered);
  if (outcome !== 'landed') return done(undefined);
  const ground = hasValidation ? 'validated' : 'unproven';
  const settled = carryLanding({ home, held, target, from, entries, ground, session, mayClose });
  if (!settled.done) return settled;
  for (const branch of settled.value) board.tell({ kind: 'landed', branch });
  return done(undefined);
}

/** The journal names them until it is closed, and until then nobody but this run changes them. */
function rejectRewound(resuming: Resuming, { target, to, found, entries }: Recovered): Outcome<undefined> {
  for (const { entry: id } of entries) {
    const entry = readEntry(resuming.home, id);
    if (entry?.state !== 'queued') continue;
    const why = `it had landed on ${target} as ${to.slice(0, 12)}, and somebody has taken it back since`;
    const outcome: RejectedBranch['outcome'] = 'failed';
    const grounds = { outcome, onto: found, why, files: [], excerpt: '', text: '' };
    const rejected = rejectBranch({ ...resuming, isLanding: true }, entry, grounds);
    if (!rejected.done) return rejected;
  }
  return done(undefined);
}
