/**
 * The test mutex: of the agents in one worktree, one runs at a time what works on the whole tree (test-command.ts). It is
 * a lock like those on paths, in the same store and the same wait graph, with two differences:
 *   - it is held by one command of an instance, not by the instance: of two commands in one message of a session the
 *     second one waits as well;
 *   - it is over when that command is, also where no hook tells (call-ends.ts), and not when the holder's turn is.
 *
 * States: free; held by a tool's call, as long as that runs, in the background too; held by a process (`coord run`), as
 * long as that lives; held by a call whose client is dead: free for the next one who looks.
 *
 * Whoever would wait for it, and holds what its holder wants, is refused at once: the holder's next step would wait for
 * the waiter. (In the origin system agents stood still so, unseen, since the mutex was in no graph.)
 */
import {
  type Errand,
  type LockHolding,
  type LockTarget,
  type MutexHeld,
  targetName,
  testMutexOf,
} from '../../domain/lock.ts';
import type { Holder } from './epochs.ts';
import { type FoundLock, readLock } from './locks/files.ts';
import { instanceOf, type LockSeams, REAL_SEAMS } from './locks/holders.ts';
import { interestsOf } from './locks/interests.ts';
import { releaseLocks } from './locks/locks.ts';
import { othersOn } from './locks/looks.ts';
import { reservedFolder, reservedSpace } from './locks/reserved.ts';
import type { LockTaker } from './locks/taker.ts';
import { waitForLocks } from './locks/waiting.ts';
import { readWaits } from './locks/waits.ts';
import type { MutexTimeout } from './mutex.ts';
import type { HomedPlace } from './place.ts';
import { markOf } from './process.ts';

export type TestTaker = LockTaker & { readonly errand: Errand };

export type TestMutexTaken =
  | { readonly taken: true; readonly waitedMs: number }
  | ({ readonly taken: false } & Omit<MutexHeld, 'command'>);

export interface TestMutexOptions {
  readonly waitMs: number;
  /** Told by a message when it is free. */
  readonly isInterested?: boolean;
  readonly seams?: LockSeams;
  /** Called once, when it is waited for. */
  readonly onWait?: (by: LockHolding) => void;
}

/** The holder for one call of an instance's tools. */
export function callHolder(base: Holder, call: string): Holder {
  return { ...base, owner: `${base.owner} ${call}` };
}

/** The holder for a command that this very process runs. */
export function runHolder(session: string | null, agent: string | null): Holder {
  const mark = markOf(process.pid);
  return { owner: `run ${mark.pid} ${mark.started ?? ''}`, session, agent, process: mark };
}

/** Takes the mutex within the wait, or says who has it. */
export function takeTestMutex(
  place: HomedPlace,
  me: TestTaker,
  { waitMs, isInterested = false, seams = REAL_SEAMS, onWait }: TestMutexOptions,
): TestMutexTaken | MutexTimeout {
  const target = testMutexOf(place.name);
  const wantedNow = () => {
    const lock = testMutexHolder(place);
    return lock ? lockedAndWanted(place.home, me.holder, lock.record.holder, seams) : [];
  };
  let wanted: LockTarget[] = [];
  let hasWaited = false;
  const outcome = waitForLocks(reservedSpace(place.home, target), me, [target], waitMs, {
    seams,
    isInterested,
    isVain: ({ verdicts: [verdict] }) => {
      wanted = wantedNow();
      if (wanted.length > 0) return true;
      if (!hasWaited && verdict?.verdict === 'held') onWait?.(verdict.by);
      hasWaited = true;
      return false;
    },
  });
  if ('code' in outcome) return outcome;
  const { waitedMs, deadlock } = outcome;
  const [verdict] = outcome.verdicts;
  if (outcome.taken || verdict?.verdict !== 'held') return { taken: true, waitedMs };
  const { by } = verdict;
  const isOwn = by.session !== null && by.session === me.holder.session && by.agent === me.holder.agent;
  if (wanted.length === 0) wanted = wantedNow();
  return { taken: false, waitedMs, by, isOwn, wanted, ...(deadlock ? { deadlock } : {}) };
}

/** Locks of mine that another one waits for, or was refused and asked to be told of. */
function lockedAndWanted(home: string, mine: Holder, other: Holder, seams: LockSeams): LockTarget[] {
  const [me, node] = [instanceOf(mine), instanceOf(other)];
  if (me === node) return [];
  const waits = readWaits(home, seams)
    .filter(({ waiter }) => instanceOf(waiter) === node)
    .flatMap(({ space, targets }) => targets.map((target) => ({ space, target })));
  const found = new Map<string, LockTarget>();
  for (const { space, target } of [...interestsOf(home, node), ...waits]) {
    for (const lock of othersOn(space, other, target, seams)) {
      const { target: own } = lock.note;
      if (instanceOf(lock.record.holder) === me) found.set(`${targetName(own)} ${own.kind}`, own);
    }
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, target]) => target);
}

/** Who has it, as it stands there. */
export function testMutexHolder(place: HomedPlace): FoundLock | undefined {
  return readLock(reservedFolder(place.home, testMutexOf(place.name)));
}

/** Ends the holds that are picked; true when there was one. */
export function releaseTestMutex(
  place: Pick<HomedPlace, 'home' | 'name'>,
  picks: (lock: FoundLock) => boolean,
  seams: LockSeams = REAL_SEAMS,
): boolean | MutexTimeout {
  const dirs = [reservedFolder(place.home, testMutexOf(place.name))];
  const freed = releaseLocks(place.home, () => true, picks, { dirs, seams });
  return 'code' in freed ? freed : freed.length > 0;
}
