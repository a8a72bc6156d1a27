/**
 * Who wants to be told when a lock is free: `leases/locks-wanted/`, one small file for each instance and target,
 * written under the mutex under which the lock was seen held.
 *
 * States: waiting; freed; gone. Order of writes of whoever releases, or meets a dead holder, under the mutex: 1 the
 * moment of the release into the file, 2 the message, whose id follows from the file, 3 the file goes. Killed in
 * between, the next one (tendLocks) carries it on, and it is sent once. A waiter that took the lock itself, ended, or
 * died has none.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { SYSTEM } from '../../../domain/identifiers.ts';
import { collide, type LockTarget, lockKey, reservedAs, targetName } from '../../../domain/lock.ts';
import { cleanLine, cleanWord } from '../../../domain/message.ts';
import { hash128, leaseName } from '../../../domain/names.ts';
import { isTemporary } from '../../../domain/temporary-name.ts';
import { envelopeAt } from '../../../domain/urgency.ts';
import type { Holder } from '../epochs.ts';
import { listNames, removeIfThere } from '../files.ts';
import { hasInbox } from '../mail-files.ts';
import { readRecord, writeRecord } from '../roster.ts';
import { sendEnvelope } from '../sending.ts';
import { type LockSpace, leasesFolder } from './files.ts';
import { instanceOf, type LockSeams } from './holders.ts';
import type { LockTaker } from './taker.ts';
import { noteFreed } from './tries.ts';
import type { OthersOn } from './waits.ts';

interface Interest {
  readonly waiter: Holder;
  readonly name: string;
  readonly space: LockSpace;
  readonly target: LockTarget;
  readonly sinceMs: number;
  readonly freedAtMs?: number;
}

const INTERESTS_MAX = 2_000;

function interestsFolder(home: string): string {
  return join(leasesFolder(home), 'locks-wanted');
}

function interestFile(space: LockSpace, waiter: Holder, { kind, path }: LockTarget): string {
  const key = `${instanceOf(waiter)} ${kind} ${lockKey(space.place, path, space.caseBlind)}`;
  return join(interestsFolder(space.home), `${leaseName(key)}.json`);
}

/** Under the mutex. Whoever is refused the same twice is told once. */
export function noteInterest(space: LockSpace, me: LockTaker, target: LockTarget, nowMs: number): void {
  const file = interestFile(space, me.holder, target);
  if (readRecord(file)) return;
  const interest: Interest = { waiter: me.holder, name: me.name, space, target, sinceMs: nowMs };
  writeRecord(file, interest, false);
}

/** Needs no mutex: only its own waiter adds one. */
export function hasInterest(space: LockSpace, waiter: Holder, target: LockTarget): boolean {
  return existsSync(interestsFolder(space.home)) && existsSync(interestFile(space, waiter, target));
}

/** When the first refusal was of which word is left. */
export function interestSince(
  space: LockSpace,
  waiter: Holder,
  targets: readonly LockTarget[],
): number | undefined {
  if (!existsSync(interestsFolder(space.home))) return undefined;
  const known = targets
    .map((target) => readRecord<Interest>(interestFile(space, waiter, target))?.sinceMs)
    .filter((sinceMs) => sinceMs !== undefined);
  return known.length > 0 ? Math.min(...known) : undefined;
}

export function dropInterest(space: LockSpace, waiter: Holder, target: LockTarget): void {
  if (existsSync(interestsFolder(space.home))) removeIfThere(interestFile(space, waiter, target));
}

/** At the end of a session or subagent: nobody is there to be told. */
export function dropInterests(home: string, isOwn: (waiter: Holder) => boolean): void {
  for (const { file, interest } of readInterests(home)) {
    if (isOwn(interest.waiter)) removeIfThere(file);
  }
}

/** Whether there is anybody to tell; a look without the mutex. */
export function isAnyDue(home: string, othersOn: OthersOn, seams: LockSeams): boolean {
  return readInterests(home).some(
    ({ interest: { waiter, space, target, freedAtMs } }) =>
      freedAtMs !== undefined || othersOn(space, waiter, target, seams).length === 0,
  );
}

/**
 * Tells who waits for one of these targets, where nobody else keeps them from it now; all who wait when none is named.
 * Under the mutex.
 */
export function announceFree(
  home: string,
  freed: readonly LockTarget[] | undefined,
  othersOn: OthersOn,
  seams: LockSeams,
): void {
  if (freed?.length === 0) return;
  for (const { file, interest } of readInterests(home)) {
    const { waiter, space, target } = interest;
    const concerns = freed?.some((one) => collide(one, target, space.caseBlind)) ?? true;
    if (!concerns) continue;
    const isGone = waiter.process !== null && seams.livenessOf(waiter.process) === 'dead';
    if (!isGone && interest.freedAtMs === undefined) {
      if (othersOn(space, waiter, target, seams).length > 0) continue;
      const freedAtMs = seams.now();
      writeRecord(file, { ...interest, freedAtMs }, false);
      noteFreed(home, interest, freedAtMs);
      tell(home, interest, freedAtMs);
    } else if (!isGone) tell(home, interest, interest.freedAtMs ?? seams.now());
    removeIfThere(file);
  }
}

function tell(home: string, { waiter, name, target, sinceMs }: Interest, freedAtMs: number): void {
  if (!hasInbox(home, name)) return;
  const seconds = Math.max(0, Math.round((freedAtMs - sinceMs) / 1_000));
  const draft = {
    to: name,
    type: 'progress',
    content: contentOf(target, seconds),
    priority: 'high',
    metadata: { lock_free: targetName(target), for_session: waiter.session, for_agent: waiter.agent },
  };
  const key = `${instanceOf(waiter)} ${target.kind} ${target.place ?? ''}:${target.path} ${sinceMs}`;
  sendEnvelope(home, envelopeAt(draft, { tail: `lock.${hash128(key)}`, from: SYSTEM, atMs: freedAtMs }));
}

function contentOf(target: LockTarget, seconds: number): string {
  const before = `for which you were refused ${seconds} s before`;
  switch (reservedAs(target)) {
    case 'tests':
      return `The test mutex is free, ${before}. Run your command now: the first who runs one has it.`;
    case 'pen':
      return `The pen is free, ${before}: nobody else writes in this project now. Your next write takes it.`;
    case undefined: {
      const path = targetName(target);
      return `The lock on ${cleanLine(path)} is free, ${before}. Your next write takes it; to have it at once: coord lock ${cleanWord(path)}`;
    }
  }
}

/** What an instance was refused and still wants. */
export function interestsOf(home: string, instance: string): { space: LockSpace; target: LockTarget }[] {
  return readInterests(home)
    .map(({ interest }) => interest)
    .filter(({ waiter, freedAtMs }) => freedAtMs === undefined && instanceOf(waiter) === instance);
}

function readInterests(home: string): { file: string; interest: Interest }[] {
  const folder = interestsFolder(home);
  return listNames(folder, INTERESTS_MAX)
    .filter((name) => !isTemporary(name))
    .map((name) => ({ file: join(folder, name), interest: readRecord<Interest>(join(folder, name)) }))
    .filter((it): it is { file: string; interest: Interest } => it.interest !== undefined);
}
