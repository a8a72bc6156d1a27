/** A worktree with locks, takers whose lives the test decides, and a clock that only the test moves. */

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { LockKind, LockTarget } from '../../../src/domain/lock.ts';
import type { Holder } from '../../../src/storage/light/epochs.ts';
import {
  allLockFolders,
  type LockSpace,
  leasesFolder,
  readLock,
} from '../../../src/storage/light/locks/files.ts';
import type { LockSeams } from '../../../src/storage/light/locks/holders.ts';
import { releaseLocks, type TakeLocksOptions, takeLocks } from '../../../src/storage/light/locks/locks.ts';
import type { LocksTaken, LockTaker } from '../../../src/storage/light/locks/taker.ts';
import { type Liveness, markOf, type ProcessMark } from '../../../src/storage/light/process.ts';
import { touchSession, writeSession } from '../../../src/storage/light/roster.ts';
import { home } from '../scratch.ts';

export const START = 1_750_000_000_000;

export class LockBench {
  readonly home = home();
  now = START;
  readonly lives = new Map<number, Liveness>();
  /** No system gives out pids so high: to the lease itself, which asks no seam, each is gone. */
  private pids = 0x7fff0000;

  space(place: string | null = null, caseBlind = false): LockSpace {
    return { home: this.home, place, caseBlind };
  }

  get seams(): LockSeams {
    return { now: () => this.now, livenessOf: ({ pid }) => this.lives.get(pid) ?? 'alive' };
  }

  /** A session with a process of its own, as SessionStart leaves it. */
  taker(name: string, more: { agent?: string; isUnseen?: boolean } = {}): LockTaker {
    const agent = more.agent ?? null;
    const process: ProcessMark | null = more.isUnseen
      ? null
      : { pid: this.pids++, started: markOf(1).started };
    const owner = agent === null ? name : `${name}.${agent}`;
    const holder: Holder = { owner, session: name, agent, process };
    writeSession(this.home, {
      session: name,
      agent,
      place: null,
      root: this.home,
      startedAt: new Date(this.now).toISOString(),
      process,
      attended: false,
      transcript: null,
    });
    touchSession(this.home, name, agent, this.now);
    return { holder, name: `agent-${name}` };
  }

  take(me: LockTaker, targets: LockTarget | LockTarget[], options: TakeLocksOptions = {}): LocksTaken {
    const outcome = takeLocks(this.space(), me, [targets].flat(), { seams: this.seams, ...options });
    if ('code' in outcome) throw new Error(outcome.code);
    return outcome;
  }

  /** One word a path: `locked`, `yours`, `free`, or who has it. */
  words(me: LockTaker, targets: LockTarget | LockTarget[], options: TakeLocksOptions = {}): string {
    return this.take(me, targets, options)
      .verdicts.map((verdict) =>
        verdict.verdict === 'held' ? `held by ${verdict.by.session}` : verdict.verdict,
      )
      .join(', ');
  }

  release(me: LockTaker, ...paths: string[]): string[] {
    const freed = releaseLocks(
      this.home,
      (holder) => holder.owner === me.holder.owner,
      ({ note }) => paths.length === 0 || paths.includes(note.target.path),
      { seams: this.seams },
    );
    if ('code' in freed) throw new Error(freed.code);
    return freed.map((target) => target.path);
  }

  die(me: LockTaker): void {
    if (me.holder.process) this.lives.set(me.holder.process.pid, 'dead');
  }

  /** All that lies in the folder of locks, without the mutex. */
  left(): string[] {
    const found = allLockFolders(this.home).filter((dir) => readLock(dir) !== undefined);
    const more = ['locks-taking.json'].filter((name) => existsSync(join(leasesFolder(this.home), name)));
    const waits = ['locks-waits', 'locks-wanted'].flatMap((name) =>
      listed(join(leasesFolder(this.home), name)),
    );
    return [...found, ...more, ...waits];
  }

  folders(): string[] {
    return allLockFolders(this.home);
  }
}

function listed(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}

export function on(kind: LockKind, path: string, inode?: string): LockTarget {
  return { kind, place: null, path, ...(inode === undefined ? {} : { inode }) };
}

export const file = (path: string, inode?: string) => on('file', path, inode);
