/**
 * 8, 16 and 32 agents, each a process, contend for files, folders and patterns as agents at work do: they think, lock,
 * edit, run tests, commit; wait, give up, ask to be told. Some are killed, with their session or without it, some are
 * stopped for a while. For seconds here; for an hour of their time with COORD_LONG=1, on a clock that runs faster. It is
 * judged by the log that they write (contention-judge.ts); and the judge is judged, on logs and on agents with a fault.
 */

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import type { LockTarget } from '../../src/domain/lock.ts';
import { listNames } from '../../src/storage/light/files.ts';
import { allLockFolders, leasesFolder } from '../../src/storage/light/locks/files.ts';
import { listLocks, releaseLocks, takeLocks, tendWaiters } from '../../src/storage/light/locks/locks.ts';
import { readWaits } from '../../src/storage/light/locks/waits.ts';
import { livenessOf } from '../../src/storage/light/process.ts';
import { bundleFixture } from '../kit/die-at.ts';
import { isLong } from '../kit/long.ts';
import { type CrowdOrders, runCrowd } from './fixtures/contention.ts';
import { judgeContention } from './fixtures/contention-judge.ts';
import type { Entry, Event } from './fixtures/contention-log.ts';
import { bundleMutant, type Fault } from './fixtures/mutant.ts';

const CONTENDER = fileURLToPath(new URL('fixtures/contender.ts', import.meta.url));
const HOUR_MS = 3_600_000;
const root = mkdtempSync(join(tmpdir(), 'coord-contention-'));
afterAll(() => rmSync(root, { recursive: true, force: true, maxRetries: 5 }));

let homes = 0;
function freshHome(): string {
  homes += 1;
  const home = join(root, `h${homes}`);
  mkdirSync(join(home, '.coordination', 'roster'), { recursive: true });
  return home;
}

/** When all are gone: looked at twice, since one that nobody can see is suspected first. */
function leftAfter(home: string, nowMs: number): string[] {
  let lookAt = nowMs;
  const seams = { now: () => lookAt, livenessOf };
  for (const laterMs of [HOUR_MS, 2 * 60_000]) {
    lookAt += laterMs;
    listLocks(home, seams);
    tendWaiters(home, seams);
  }
  const me = { holder: { owner: 'judge', session: 'judge', agent: null, process: null }, name: 'judge' };
  const all = { kind: 'tree', place: null, path: '' } as const;
  const outcome = takeLocks({ home, place: null, caseBlind: false }, me, [all], { seams });
  if ('code' in outcome || !outcome.taken) return [`still held: ${JSON.stringify(outcome)}`];
  releaseLocks(
    home,
    ({ owner }) => owner === 'judge',
    () => true,
    { seams },
  );
  const waits = readWaits(home, seams).map(({ id }) => id);
  const beside = ['locks-waits', 'locks-wanted', 'locks-announced'].flatMap((name) =>
    listNames(join(leasesFolder(home), name)),
  );
  const notes = listNames(leasesFolder(home)).filter((name) => name.endsWith('.json'));
  return [...allLockFolders(home), ...waits, ...beside, ...notes];
}

async function crowd(
  width: number,
  more: Partial<CrowdOrders> & Pick<CrowdOrders, 'realMs' | 'speed'>,
  fault?: Fault,
) {
  const bundle = fault ? await bundleMutant(CONTENDER, fault) : await bundleFixture(CONTENDER);
  const home = freshHome();
  const ended = await runCrowd({
    bundle,
    home,
    width,
    seed: 20_260 + width,
    troubleMs: isLong ? 1_000 : 150,
    hasUnseen: isLong,
    ...more,
  });
  return { home, ...ended, ...judgeContention(ended.entries) };
}

const WIDTHS = isLong
  ? [
      { width: 8, speed: 30 },
      { width: 16, speed: 15 },
      { width: 32, speed: 8 },
    ]
  : [8, 16, 32].map((width) => ({ width, speed: 100 }));

test.each(WIDTHS)(
  '$width processes never hold what collides, wake whoever waits, and leave nothing',
  async ({ width, speed }) => {
    const realMs = isLong ? HOUR_MS / speed : 1_200;
    const { home, failures, violations, counts, entries } = await crowd(width, { speed, realMs });
    if (isLong) process.stderr.write(`${width} agents: ${JSON.stringify(counts)}\n`);
    expect({ failures, violations }).toEqual({ failures: [], violations: [] });
    expect(counts.enter).toBeGreaterThan(isLong ? width * 20 : width / 2);
    expect(counts.killing).toBeGreaterThan(0);
    if (isLong) {
      for (const what of ['told', 'stopping', 'reset'] as const)
        expect(counts[what], what).toBeGreaterThan(0);
      // A wait for the mutex that ran out: on a machine that does nothing else there is none.
      expect(counts.busy ?? 0).toBeLessThan((counts.enter ?? 0) / 10);
    }
    const simulatedMs = (entries.at(-1)?.at ?? 0) - (entries[0]?.at ?? 0);
    expect(leftAfter(home, 1_750_000_000_000 + (simulatedMs + 60_000) * speed)).toEqual([]);
  },
);

describe('the judge finds out', () => {
  /** What chance gives in less than a second may take several. */
  async function findOut(fault: Fault, pattern: RegExp): Promise<void> {
    const found: string[] = [];
    for (let tries = 0; tries < 5 && !found.some((text) => pattern.test(text)); tries += 1) {
      const quick = { realMs: 700, speed: 100, troubleMs: 0, patienceMs: 400, seed: tries };
      found.push(...(await crowd(8, quick, fault)).violations);
    }
    expect(found.join('\n')).toMatch(pattern);
  }

  test('agents whose locks lock nothing', async () => {
    const taken =
      "{ taken: true, verdicts: targets.map((target) => ({ target, verdict: 'locked' as const })) }";
    const from = '  const seams = options.seams ?? REAL_SEAMS;\n  if (targets.every(';
    const to = from.replace('  if', `  if (targets.length > 0) return ${taken};\n  if`);
    await findOut({ file: 'storage/light/locks/locks.ts', from, to }, /came to have .* while/);
  });

  test('a release that tells nobody', async () => {
    const from = '      tell(home, interest, freedAtMs);\n';
    await findOut({ file: 'locks/interests.ts', from, to: '' }, /was never told of/);
  });

  const file = (path: string): LockTarget => ({ kind: 'file', place: null, path });
  const tree: LockTarget = { kind: 'tree', place: null, path: 'f' };
  const at = (who: string, event: Event, ms = 0): Entry => ({ at: ms, who, ...event });
  const enters = (who: string, target: LockTarget, ms = 0) =>
    at(who, { what: 'enter', targets: [target] }, ms);
  const leaves = (who: string, target: LockTarget) => at(who, { what: 'leave', targets: [target] });
  const frees = (who: string, target: LockTarget, ms = 0) =>
    at(who, { what: 'freed', targets: [target] }, ms);

  test.each<[what: string, faults: number, log: Entry[]]>([
    ['two in one file', 1, [enters('a', file('f/1')), enters('b', file('f/1'))]],
    ['a file in another’s folder', 1, [enters('a', tree), enters('b', file('f/1'))]],
    ['a folder around another’s file', 1, [enters('a', file('f/1')), enters('b', tree)]],
    ['no fault in two files', 0, [enters('a', file('f/1')), enters('b', file('f/2'))]],
    ['no fault after a leave', 0, [enters('a', tree), leaves('a', tree), enters('b', tree)]],
    [
      'no fault after the word that kills it',
      0,
      [enters('a', tree), at('a', { what: 'killing', ends: 'session' }), enters('b', tree)],
    ],
    [
      'a fault before that word',
      1,
      [enters('a', tree), enters('b', tree), at('a', { what: 'killing', ends: 'session' })],
    ],
    [
      'a fault where the session lives on',
      1,
      [enters('a', tree), at('a', { what: 'killing', ends: 'process' }), enters('b', tree)],
    ],
    [
      'none when that one has released',
      0,
      [
        enters('a', tree),
        at('a', { what: 'killing', ends: 'process' }),
        at('a', { what: 'resets' }),
        enters('b', tree),
      ],
    ],
    [
      'a holder that is stopped and robbed',
      1,
      [enters('a', tree), at('a', { what: 'stopping' }), enters('b', tree)],
    ],
    [
      'a lost update',
      1,
      [at('a', { what: 'edit', path: 'f', value: 1 }), at('b', { what: 'edit', path: 'f', value: 1 })],
    ],
    [
      'one who ends and was never told',
      1,
      [enters('a', tree), at('b', { what: 'wants', target: file('f/1') }), at('b', { what: 'ended' })],
    ],
    [
      'one who is told too late',
      1,
      [
        enters('a', tree),
        at('b', { what: 'wants', target: file('f/1') }),
        frees('a', tree, 1_000),
        at('c', { what: 'ready' }, 20_000),
        at('b', { what: 'told', path: 'f/1' }, 20_001),
      ],
    ],
    [
      'no fault where another was in the way meanwhile',
      0,
      [
        enters('a', tree),
        at('b', { what: 'wants', target: file('f/1') }),
        frees('a', tree, 1_000),
        enters('c', tree, 10_000),
        frees('c', tree, 12_000),
        at('c', { what: 'ready' }, 20_000),
        at('b', { what: 'told', path: 'f/1' }, 20_001),
      ],
    ],
    ['what an agent itself finds wrong', 1, [at('a', { what: 'fault', text: 'lost' })]],
  ])('%s: %i', (_, faults, log) => {
    expect(judgeContention(log).violations).toHaveLength(faults);
  });
});
