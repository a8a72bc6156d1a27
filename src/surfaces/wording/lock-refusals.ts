/** What the guard says when another has the lock, the test mutex or the pen: who, since when, and what to do next. */
import type { LockHolding, LockTarget, MutexHeld } from '../../domain/lock.ts';
import type { Deadlock } from '../../domain/wait-graph.ts';
import {
  printAge,
  printCircle,
  printHolder,
  printLockCommand,
  printMutexHeld,
  printRunCommand,
  shownTarget,
} from './locks.ts';

export type LockRefusal =
  | {
      code: 'lock-held';
      target: LockTarget;
      by: LockHolding;
      others: readonly LockTarget[];
      waitedMs: number;
      /** The holder is the main thread of the same session, or a subagent of it. */
      isKin?: boolean;
      deadlock?: Deadlock;
    }
  | { code: 'locks-busy' }
  | { code: 'stages-others'; files: readonly { path: string; by: LockHolding }[]; verb: 'add' | 'commit' }
  | ({ code: 'mutex-held' } & MutexHeld)
  | { code: 'mutex-detached'; command: string }
  | { code: 'pen-held'; by: LockHolding; waitedMs: number; isKin: boolean; deadlock?: Deadlock };

const LISTED_MAX = 8;

export function printLockRefusal(refusal: LockRefusal, nowMs: number): string {
  switch (refusal.code) {
    case 'lock-held':
      return printLockHeld(refusal, nowMs);
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
    case 'mutex-held':
      return printMutexHeld(refusal, nowMs);
    case 'mutex-detached':
      return `it would go on when its shell has ended, where nobody can tell when it is over, and of what works on the whole tree one command runs at a time here. Run it with run_in_background, or put \`${printRunCommand(refusal.command)}\` in its place, which minds its end.`;
    case 'pen-held':
      return printPenHeld(refusal, nowMs);
  }
}

function printLockHeld(
  { target, by, others, waitedMs, isKin, deadlock }: Extract<LockRefusal, { code: 'lock-held' }>,
  nowMs: number,
): string {
  const over = by.target.path === target.path ? '' : ` by its lock on ${shownTarget(by.target)}`;
  const more =
    others.length > 0 ? `, and ${others.slice(0, LISTED_MAX).map(shownTarget).join(', ')} too` : '';
  const held = `${shownTarget(target)} is locked by ${printHolder(by, nowMs)}${over}${more}`;
  if (isKin) return `${held}. ${printKin(by, `coord unlock ${shownTarget(by.target)}`)}`;
  const waited = waitedMs >= 1_000 ? ` Waited ${printAge(waitedMs)}.` : '';
  const next = deadlock
    ? printGivingUp(deadlock)
    : `Go on with other work: a message comes when it is free. To wait for it: \`${printLockCommand([target.path || '.'], 60)}\`.`;
  return `${held}, and this worktree is shared.${waited} ${next}`;
}

function printPenHeld(
  { by, isKin, deadlock }: Extract<LockRefusal, { code: 'pen-held' }>,
  nowMs: number,
): string {
  const held = `in this project one agent writes at a time (the setting \`sequential\`), and now that is ${printHolder(by, nowMs)}.`;
  if (isKin) return `${held} ${printKin(by, 'coord unlock --pen')}`;
  const next = deadlock
    ? printGivingUp(deadlock)
    : `Go on with what needs no writing: a message comes when the pen is free. To ask for it: \`coord send ${recipientIn(by.holder)} question "<text>"\`.`;
  return `${held} ${next}`;
}

/** The name to send to: an owner may be described rather than named. */
export function recipientIn(owner: string): string {
  return /^[A-Za-z0-9._-]+$/.test(owner) ? owner : 'coordinator';
}

function printGivingUp(deadlock: Deadlock): string {
  return `Each of you waits for the other (${printCircle(deadlock)}), and you began last: release what you hold (\`coord unlock --all\`), then go on with other work.`;
}

/** A wait within one session is vain: the one goes on when the other has ended. */
function printKin({ agent }: LockHolding, unlock: string): string {
  return agent === null
    ? `That is the main thread of your own session, which waits for you, so waiting is vain. End with a report that says so; the main thread releases it by \`${unlock}\`.`
    : 'That is a subagent of your own session: it is free when that has ended, and a message comes then. Go on with other work.';
}
