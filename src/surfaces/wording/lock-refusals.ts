/** What the guard says in shared mode when another has the lock: who, since when, and what to do next. */
import type { LockHolding, LockTarget } from '../../domain/lock.ts';
import type { Deadlock } from '../../domain/wait-graph.ts';
import { printAge, printCircle, printHolder, printLockCommand, shownTarget } from './locks.ts';

export type LockRefusal =
  | {
      code: 'lock-held';
      target: LockTarget;
      by: LockHolding;
      others: readonly LockTarget[];
      waitedMs: number;
      deadlock?: Deadlock;
    }
  | { code: 'locks-busy' }
  | { code: 'stages-others'; files: readonly { path: string; by: LockHolding }[]; verb: 'add' | 'commit' };

const LISTED_MAX = 8;

export function printLockRefusal(refusal: LockRefusal, nowMs: number): string {
  switch (refusal.code) {
    case 'lock-held': {
      const { target, by, others, waitedMs, deadlock } = refusal;
      const over = by.target.path === target.path ? '' : ` by its lock on ${shownTarget(by.target)}`;
      const more =
        others.length > 0 ? `, and ${others.slice(0, LISTED_MAX).map(shownTarget).join(', ')} too` : '';
      const waited = waitedMs >= 1_000 ? ` Waited ${printAge(waitedMs)}.` : '';
      const next = deadlock
        ? `Each of you waits for the other (${printCircle(deadlock)}), and you began last: release what you hold (\`coord unlock --all\`), then go on with other work.`
        : `Go on with other work: a message comes when it is free. To wait for it: \`${printLockCommand([target.path || '.'], 60)}\`.`;
      return `${shownTarget(target)} is locked by ${printHolder(by, nowMs)}${over}${more}, and this worktree is shared.${waited} ${next}`;
    }
    case 'locks-busy':
      return 'the locks are being changed by another process for too long, so who holds this file is not known. Try again; `coord doctor` says more if it stays so.';
    case 'stages-others': {
      const files = refusal.files.slice(0, LISTED_MAX).map(({ path, by }) => {
        return `${shownTarget({ kind: 'file', place: null, path })} of ${printHolder(by, nowMs)}`;
      });
      const rest = refusal.files.length > LISTED_MAX ? ` and ${refusal.files.length - LISTED_MAX} more` : '';
      const how =
        refusal.verb === 'add'
          ? 'Name your own files: `git add <path>…`.'
          : 'Commit your own files alone: `git commit -m "<text>" -- <path>…`.';
      return `it would take along unfinished changes of others in this shared worktree: ${files.join('; ')}${rest}. ${how}`;
    }
  }
}
