/** Who takes locks, and what comes of it. */
import type { Errand, LockVerdict } from '../../../domain/lock.ts';
import type { Deadlock } from '../../../domain/wait-graph.ts';
import type { Holder } from '../lease.ts';

export interface LockTaker {
  readonly holder: Holder;
  /** What people call it; also its mailbox. */
  readonly name: string;
  /** For what it takes a test mutex. */
  readonly errand?: Errand;
}

export interface LocksTaken {
  /** False: nothing was taken. */
  readonly taken: boolean;
  readonly verdicts: readonly LockVerdict[];
  /** A closed circle of waiters, of which this one is the youngest. */
  readonly deadlock?: Deadlock;
}
