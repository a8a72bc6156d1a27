/**
 * A taker that stands still (SIGSTOP) before each of its system calls in turn, while others take, release and
 * clear; then it goes on. Real processes, each place once, in two worlds: one where the others know that it
 * lives, and one where they take it for dead.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  type Held,
  holdsLease,
  type LeaseHeld,
  releaseLease,
  takeLease,
} from '../../src/storage/light/lease.ts';
import { livenessOf, markOf } from '../../src/storage/light/process.ts';
import { bundleFixture, callsOf, inParallel, stopAt } from '../kit/die-at.ts';

const root = mkdtempSync(join(tmpdir(), 'coord-stopped-'));
let bundle = '';

beforeAll(async () => {
  bundle = await bundleFixture(fileURLToPath(new URL('../crash/fixtures/light-steps.ts', import.meta.url)));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

function takeAs(owner: string, folder: string, isBlind: boolean): Held | LeaseHeld {
  const holder = { owner, session: owner, agent: null, process: markOf(process.pid) };
  return takeLease(join(folder, 'lease'), holder, {
    now: Date.now,
    ttlMs: null,
    durable: false,
    judge: (record) => {
      if (isBlind && record.holder?.owner === 'child') return 'dead';
      return record.holder?.process ? livenessOf(record.holder.process) : 'unknown';
    },
  });
}

/** Three turns, so that every number the stopped one has in mind is cleared; and the fourth stays. */
function goRound(folder: string, isBlind: boolean): Held | LeaseHeld {
  for (const owner of ['b', 'c', 'd']) {
    const taken = takeAs(owner, folder, isBlind);
    if ('code' in taken) return taken;
    releaseLease(taken);
  }
  return takeAs('e', folder, isBlind);
}

test.runIf(process.platform === 'linux').each([false, true])(
  'stopped at any call while others go round (taken for dead: %s), there is one holder in the end',
  async (isBlind) => {
    let runs = 0;
    const scriptIn = (folder: string) => ({ bundle, args: ['release', folder], under: folder });
    const fresh = () => {
      runs += 1;
      const folder = join(root, `${isBlind}-${runs}`);
      mkdirSync(folder);
      const first = takeAs('a', folder, false);
      if (!('code' in first)) releaseLease(first);
      return folder;
    };
    const calls = await callsOf(scriptIn(fresh()));
    const places = calls.map((name, at) => async () => {
      const folder = fresh();
      let outcome: Held | LeaseHeld | undefined;
      const ended = await stopAt(scriptIn(folder), at + 1, () => {
        outcome = goRound(folder, isBlind);
      });
      const where = `stopped before call ${at + 1}, ${name}: ${ended.stdout} ${ended.stderr}`;
      if (outcome === undefined) throw new Error(where);
      if ('code' in outcome) {
        // It held already, it lives, and nobody robbed it: it ends as if nothing had been.
        expect(isBlind, where).toBe(false);
        expect(ended.stdout, where).toMatch(/^held 3\nreleased true\n$/);
        return 'kept';
      }
      expect(holdsLease(outcome), where).toBe(true);
      // It was refused; or it had been told that it holds before it was stopped, and then freed nobody.
      if (ended.status === 0) expect(ended.stdout, where).toMatch(/^held 3\nreleased (true|false)\n$/);
      else expect(ended.stderr, where).toContain('lease-held');
      expect(releaseLease(outcome), where).toBe(true);
      return ended.status === 0 ? 'told' : 'refused';
    });
    const outcomes = await inParallel(2, places);
    expect(outcomes).toContain('refused');
    expect(outcomes).toContain(isBlind ? 'told' : 'kept');
  },
);
