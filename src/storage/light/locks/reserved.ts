/** Where the test mutex of a worktree and the pen of the project lie among the locks (domain/lock: reserved). */
import { existsSync } from 'node:fs';
import type { LockTarget } from '../../../domain/lock.ts';
import { type LockSpace, lockFolder } from './files.ts';

/** Their names are worktrees' names, of which no two differ by case alone. */
export function reservedSpace(home: string, target: LockTarget): LockSpace {
  return { home, place: target.place, caseBlind: false };
}

export function reservedFolder(home: string, target: LockTarget): string {
  return lockFolder(reservedSpace(home, target), target.kind, target.path);
}

/** One look at one name: false is certain. */
export function mayBeHeld(home: string, target: LockTarget): boolean {
  return existsSync(reservedFolder(home, target));
}
