/**
 * One lease in a folder of its own, with a clock that only the test moves; shared by the tests of the lease.
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Held,
  type Holder,
  type LeaseHeld,
  type TakeOptions,
  takeLease,
} from '../../../src/storage/light/lease.ts';

export const START = 1_750_000_000_000;
export const TTL_MS = 60_000;

export class LeaseBench {
  root = mkdtempSync(join(tmpdir(), 'coord-lease-'));
  dir = join(this.root, 'leases', 'seat');
  now = START;

  take(owner: string | Holder, more: Partial<TakeOptions> = {}): Held | LeaseHeld {
    const who = typeof owner === 'string' ? holder(owner) : owner;
    const options = { now: () => this.now, ttlMs: TTL_MS, judge: () => 'unknown' as const, durable: false };
    return takeLease(this.dir, who, { ...options, ...more });
  }

  /** Takes it where it must be free to take. */
  taken(owner: string | Holder, more: Partial<TakeOptions> = {}): Held {
    const result = this.take(owner, more);
    if ('code' in result) throw new Error(`refused: ${JSON.stringify(result)}`);
    return result;
  }

  epochs(): string[] {
    return readdirSync(this.dir)
      .filter((name) => /^\d+\.json$/.test(name))
      .sort();
  }

  fileOf(epoch: number): string {
    return join(this.dir, `${String(epoch).padStart(10, '0')}.json`);
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

export function holder(owner: string, more: Partial<Holder> = {}): Holder {
  return { owner, session: `${owner}-session`, agent: null, process: null, ...more };
}

export const dead: Pick<TakeOptions, 'judge'> = { judge: () => 'dead' };
export const alive: Pick<TakeOptions, 'judge'> = { judge: () => 'alive' };
