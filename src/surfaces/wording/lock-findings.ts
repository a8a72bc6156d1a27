/** Sentences for what doctor found of locks and of those who died. */
import { cleanLine } from '../../domain/message.ts';
import type { LockFinding } from '../../usecases/check-locks.ts';

export function printLockFinding(finding: LockFinding): string {
  switch (finding.code) {
    case 'locks-dead':
      return printDeadLocks(finding);
    case 'lock-unreadable':
      return `the lock in ${cleanLine(finding.path, 400)} cannot be read, so nobody knows on what it is. It ends by itself within a minute; if it stays, remove that folder.`;
    case 'taking-unfinished':
      return finding.repaired
        ? `a taking of ${finding.count} lock(s) that a kill interrupted was undone.`
        : `a taking of ${finding.count} lock(s) was interrupted by a kill, and could not be undone: the locks are being changed by another process for too long.`;
    case 'mutex-held':
      return `the mutex ${cleanLine(finding.name)} is held by process ${finding.pid} for ${finding.seconds} s, and others wait for it. If that process hangs or is stopped (Ctrl-Z), end it.`;
    case 'worker-died':
      return finding.repaired
        ? `session ${cleanLine(finding.session)} of ${finding.worker} died over plan ${finding.plans.join(', ')}; its log and transcript stand in STATUS.md now.`
        : `session ${cleanLine(finding.session)} of ${finding.worker} died over plan ${finding.plans.join(', ')}. The next session in its worktree is told what it left; \`coord doctor --repair\` writes it into STATUS.md now.`;
  }
}

const LOCKS_TOLD_MAX = 10;

function printDeadLocks({ locks, repaired }: Extract<LockFinding, { code: 'locks-dead' }>): string {
  const told = locks
    .slice(0, LOCKS_TOLD_MAX)
    .map(({ path, holder }) => `${cleanLine(path)} (${cleanLine(holder)})`)
    .join(', ');
  const more = locks.length > LOCKS_TOLD_MAX ? ` and ${locks.length - LOCKS_TOLD_MAX} more` : '';
  const list = `${locks.length} lock(s) of holders that are gone: ${told}${more}`;
  return repaired
    ? `released ${list}.`
    : `${list}. They could not be released: the locks are being changed by another process for too long. Run \`coord doctor\` again.`;
}
