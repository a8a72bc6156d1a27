/**
 * Waits for locks that are under way, as edges of the one wait graph (domain/wait-graph): `leases/locks-waits/`, one
 * small file a wait, written and judged under the mutex `locks`.
 *
 * An edge lives as long as its wait: its process removes it at the end, and one whose process is gone, or whose time is
 * up, is no edge and is swept by the next who looks. (A wait that timed out once left its edge, and a healthy agent
 * was later picked as the victim of a deadlock.) Whom a wait waits for is read from the locks each time: holders change
 * while one waits. The test mutex and the pen are locks like any other here. An instance that waits for itself (two
 * commands at once, of which the first has the test mutex) is no circle: what runs will end.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { LockTarget } from '../../../domain/lock.ts';
import { isTemporary } from '../../../domain/temporary-name.ts';
import { type Deadlock, findDeadlock, type Wait } from '../../../domain/wait-graph.ts';
import type { Holder } from '../epochs.ts';
import { listNames, removeIfThere } from '../files.ts';
import type { ProcessMark } from '../process.ts';
import { readRecord, writeRecord } from '../roster.ts';
import { type FoundLock, type LockSpace, leasesFolder } from './files.ts';
import { instanceOf, type LockSeams } from './holders.ts';
import type { LockTaker } from './taker.ts';

/** One bounded wait of one process. */
export interface Waiting {
  readonly id: string;
  /** The process that waits: a hook, or the command line; not the client's. */
  readonly process: ProcessMark;
  readonly sinceMs: number;
  readonly untilMs: number;
}

interface WaitRecord extends Waiting {
  readonly waiter: Holder;
  readonly name: string;
  readonly space: LockSpace;
  readonly targets: readonly LockTarget[];
}

export type OthersOn = (space: LockSpace, me: Holder, target: LockTarget, seams: LockSeams) => FoundLock[];

const WAITS_MAX = 1_000;
/** A clock may have been set, and a process may be slow to end. */
const GRACE_MS = 60_000;

let begun = 0;

export function newWaiting(mark: ProcessMark, sinceMs: number, untilMs: number): Waiting {
  begun += 1;
  return { id: `${mark.pid}-${sinceMs.toString(36)}-${begun}`, process: mark, sinceMs, untilMs };
}

function waitFile(home: string, id: string): string {
  return join(leasesFolder(home), 'locks-waits', `${id}.json`);
}

/** Under the mutex. */
export function noteWait(
  space: LockSpace,
  { holder, name }: LockTaker,
  targets: readonly LockTarget[],
  waiting: Waiting,
): void {
  const record: WaitRecord = { ...waiting, waiter: holder, name, space, targets };
  writeRecord(waitFile(space.home, waiting.id), record, false);
}

/** Whether the edge stands there. Only its own process adds or removes it while it lives. */
export function isNoted(home: string, { id }: Waiting): boolean {
  return existsSync(waitFile(home, id));
}

/** Needs no mutex: an edge that is gone closes no circle. */
export function dropWait(home: string, waiting: Waiting): void {
  removeIfThere(waitFile(home, waiting.id));
}

/**
 * The circle that this instance's waits close. Under the mutex; without it, what is worth a look under it. Whom a wait
 * waits for is looked up only where the walk comes by.
 */
export function deadlockOf(
  home: string,
  me: Holder,
  othersOn: OthersOn,
  seams: LockSeams,
): Deadlock | undefined {
  const waits = readWaits(home, seams);
  if (waits.length < 2) return undefined;
  const edges = waits.map(({ waiter, name, space, targets, sinceMs }): Wait => {
    const node = instanceOf(waiter);
    let holders: string[] | undefined;
    const look = () =>
      targets
        .flatMap((target) => othersOn(space, waiter, target, seams))
        .map((lock) => instanceOf(lock.record.holder))
        .filter((other) => other !== node);
    return {
      waiter: node,
      name,
      sinceMs,
      get holders() {
        holders ??= look();
        return holders;
      },
    };
  });
  return findDeadlock(edges, instanceOf(me));
}

/** The waits that are under way; sweeps the others. */
export function readWaits(home: string, seams: LockSeams): WaitRecord[] {
  const folder = join(leasesFolder(home), 'locks-waits');
  const found: WaitRecord[] = [];
  for (const name of listNames(folder).slice(0, WAITS_MAX)) {
    if (isTemporary(name)) continue;
    const record = readRecord<WaitRecord>(join(folder, name));
    const isOver =
      !record || seams.livenessOf(record.process) === 'dead' || seams.now() > record.untilMs + GRACE_MS;
    if (isOver) removeIfThere(join(folder, name));
    else found.push(record);
  }
  return found;
}
