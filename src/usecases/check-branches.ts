/**
 * The pre-flight of a batch, right before it is stacked: what may be stacked goes on; what its worker has to mend is
 * rejected; what is the operator's to mend is left in the line; what is on the target already has landed.
 */

import { summaryOf } from '../domain/preflight/preflight.ts';
import type { PreflightRefusal } from '../domain/preflight/refusal.ts';
import { done, type Outcome, type Problem } from '../domain/problem.ts';
import type { QueueEntry } from '../domain/queue-entry.ts';
import { nowMs } from '../storage/clock.ts';
import { renewLease } from '../storage/light/lease.ts';
import { holdsCommit, refusingGit } from '../storage/plumbing.ts';
import { preflightEntry } from './preflight.ts';
import { type Rejecting, rejectBranch } from './reject-branch.ts';
import { carryLanding, type Settling } from './settle-landing.ts';

export interface Checking extends Rejecting {
  readonly session: string | null;
  readonly mayClose: Settling['mayClose'];
}

/** The branches that may be stacked, in their order. */
export function checkBranches(checking: Checking, entries: readonly QueueEntry[]): Outcome<QueueEntry[]> {
  const fit: QueueEntry[] = [];
  for (const entry of entries) {
    const checked = checkBranch(checking, entry);
    if (!checked.done) return checked;
    if (checked.value) fit.push(entry);
  }
  return done(fit);
}

function checkBranch(checking: Checking, entry: QueueEntry): Outcome<boolean> {
  const { home, held, board } = checking;
  const { id, phase } = entry;
  renewLease(held, nowMs());
  const judged = preflightEntry(home, entry, 'run');
  if (!judged.done) {
    // Without STATE.md nothing can go on; all else is this branch's alone.
    if (isOfAll(judged.problem)) return judged;
    board.tell({
      kind: 'left',
      branch: { entry: id, phase, reason: { code: 'refused', problem: judged.problem } },
    });
    return done(false);
  }
  const { refusals, target } = judged.value;
  if (refusals.length === 0) return done(true);
  const isThere = refusals.some(({ rule }) => rule === 'nothing-to-land');
  const holds = isThere && target !== null && refusingGit(() => holdsCommit(home, target, entry.tip));
  if (typeof holds !== 'boolean') {
    board.tell({ kind: 'left', branch: { entry: id, phase, reason: holds } });
    return done(false);
  }
  if (holds && target !== null) return isLanded(checking, entry, target);
  const own = refusals.filter(({ side }) => side === 'worker');
  if (own.length === 0) {
    board.tell({ kind: 'left', branch: { entry: id, phase, reason: { code: 'preflight', refusals } } });
    return done(false);
  }
  const rejected = rejectBranch(checking, entry, {
    outcome: 'preflight',
    onto: target,
    why: summaryOf(own),
    files: [...new Set(own.flatMap(({ files }) => files))],
    excerpt: own.map(printSteps).join('\n'),
    text: '',
  });
  return rejected.done ? done(false) : rejected;
}

function isOfAll({ code }: Problem): boolean {
  return code.startsWith('document-') || code === 'mutex-timeout';
}

function printSteps({ rule, where, why, next }: PreflightRefusal): string {
  const steps = next.map((step) => `\`${step}\``).join(', then ');
  return `${rule} (in ${where}): ${why}${steps === '' ? '' : `. Next: ${steps}`}`;
}

/** Somebody merged it by hand, or pushed it there. */
function isLanded(checking: Checking, entry: QueueEntry, target: string): Outcome<boolean> {
  const { home, held, board, session, mayClose } = checking;
  const { id, phase, tip } = entry;
  const entries = [{ entry: id, phase, tip, commit: tip }];
  const settled = carryLanding({
    home,
    held,
    target: entry.target,
    from: target,
    entries,
    ground: 'there',
    session,
    mayClose,
  });
  if (!settled.done) return settled;
  for (const branch of settled.value) board.tell({ kind: 'landed', branch });
  return done(false);
}
