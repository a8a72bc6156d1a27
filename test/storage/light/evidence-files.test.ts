/** Evidence on disk: whole or not there, one record a run, bounded in size and number. */
import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { type Evidence, printEvidenceId } from '../../../src/domain/evidence.ts';
import {
  type BegunRun,
  boundedLog,
  forgetBegun,
  forgetProven,
  hasBegun,
  isProven,
  keepEvidence,
  logOf,
  noteBegun,
  noteProven,
  readBegun,
  readEvidence,
  sweepEvidence,
} from '../../../src/storage/light/evidence-files.ts';
import { anEvidence } from '../../domain/gate-facts.ts';
import { home, put } from '../scratch.ts';

let at = '';
beforeEach(() => {
  at = home();
});

function record(second: number, over: Partial<Evidence> = {}): Evidence {
  const one = anEvidence(over, second);
  return { ...one, log: logOf(one.place, one.id) };
}

const folderOf = (place = 'w1') => join(at, '.coordination', 'evidence', place);

describe('a record', () => {
  test('is read back, with its output beside it', () => {
    const one = record(1);
    keepEvidence(at, [one], 'all good\n');
    expect(readEvidence(at, 'w1')).toEqual([one]);
    expect(readFileSync(join(at, one.log ?? ''), 'utf8')).toBe('all good\n');
  });

  test('is kept once: whoever comes by the same run again makes no other', () => {
    keepEvidence(at, [record(1)], 'first');
    keepEvidence(at, [record(1, { exit: 1 })], 'replayed');
    expect(readEvidence(at, 'w1').map((one) => one.exit)).toEqual([0]);
  });

  test('speaks of its own place alone; that of the primary worktree has a name of its own', () => {
    keepEvidence(at, [record(1, { place: null })], '');
    expect(readEvidence(at, 'w1')).toEqual([]);
    expect(readEvidence(at, null)).toHaveLength(1);
  });

  test.each<[string, string, string]>([
    ['a copy under another name', `${printEvidenceId(9_000, 'copy')}.json`, JSON.stringify(record(1))],
    ['a record that claims to be one', 'passed.json', JSON.stringify({ command: 'npm test', exit: 0 })],
    ['half a record', `${record(2).id}.json`, JSON.stringify(record(2)).slice(0, 40)],
    ['a text', `${record(2).id}.json`, 'npm test passed'],
  ])('%s counts for nothing', (_, name, text) => {
    keepEvidence(at, [record(1)], '');
    put(folderOf(), name, text);
    expect(readEvidence(at, 'w1')).toEqual([record(1)]);
  });

  test('of several that one line ran, all name one log', () => {
    const log = record(1).log;
    keepEvidence(at, [record(1), { ...record(2), log }], 'out');
    expect(readdirSync(folderOf()).filter((name) => name.endsWith('.log'))).toHaveLength(1);
    expect(readEvidence(at, 'w1')).toHaveLength(2);
  });
});

test('an output that is too long keeps its beginning and its end', () => {
  const long = `begin${'x'.repeat(400_000)}end`;
  const kept = boundedLog(long);
  expect(kept.length).toBeLessThan(270_000);
  expect(kept).toMatch(/^begin/);
  expect(kept).toMatch(/end$/);
  expect(kept).toContain('characters left out');
  expect(boundedLog('short')).toBe('short');
});

test('the newest 200 of a place stay, with their logs; older ones and logs of nobody go', () => {
  for (let second = 1; second <= 203; second += 1) keepEvidence(at, [record(second)], 'out');
  put(folderOf(), `${printEvidenceId(0, 'orphan')}.log`, 'killed before its record');
  sweepEvidence(at, 'w1', Date.now());
  const names = readdirSync(folderOf());
  expect(readEvidence(at, 'w1')).toHaveLength(200);
  expect(names.filter((name) => name.endsWith('.log'))).toHaveLength(200);
  expect(readEvidence(at, 'w1')[0]?.id).toBe(record(4).id);
});

describe('the note of a validation under way', () => {
  const begun: BegunRun = {
    ids: ['ev-1'],
    commands: ['npm test'],
    isSole: true,
    place: 'w1',
    root: '/w',
    by: 'worker-01',
    session: 's',
    via: 'tool',
    tree: 't',
    commit: null,
    startedAtMs: Date.now(),
  };

  test('is there until it is forgotten', () => {
    expect(hasBegun(at, 'use-1')).toBe(false);
    expect(hasBegun(at, '')).toBe(false);
    noteBegun(at, 'use-1', begun);
    expect(hasBegun(at, 'use-1')).toBe(true);
    expect(readBegun(at, 'use-1')).toEqual(begun);
    forgetBegun(at, 'use-1');
    expect(hasBegun(at, 'use-1')).toBe(false);
  });

  test('goes by itself when nobody came back for it in a day', () => {
    noteBegun(at, 'old', begun);
    const file = join(at, '.coordination/roster/validations/old.json');
    const yesterday = Date.now() / 1_000 - 2 * 86_400;
    utimesSync(file, yesterday, yesterday);
    noteBegun(at, 'new', begun);
    expect(existsSync(file)).toBe(false);
    expect(hasBegun(at, 'new')).toBe(true);
  });
});

describe('a proof', () => {
  test('speaks of one completion, and of no other', () => {
    noteProven(at, '01-a', '01-01', 'noon');
    expect(isProven(at, '01-a', '01-01', 'noon')).toBe(true);
    for (const [folder, plan, finished] of [
      ['01-a', '01-01', 'one'],
      ['01-a', '01-01', undefined],
      ['01-a', '01-02', 'noon'],
      ['02-b', '01-01', 'noon'],
    ] as const)
      expect(isProven(at, folder, plan, finished)).toBe(false);
  });

  test('goes with the plan that is complete no longer', () => {
    noteProven(at, '01-a', '01-01', 'noon');
    noteProven(at, '01-a', '01-02', 'noon');
    forgetProven(at, '01-a', (plan) => plan === '01-02');
    expect(isProven(at, '01-a', '01-01', 'noon')).toBe(false);
    expect(isProven(at, '01-a', '01-02', 'noon')).toBe(true);
  });

  test('that is torn is none', () => {
    noteProven(at, '01-a', '01-01', 'noon');
    writeFileSync(join(at, '.coordination/roster/proven/01-a/01-01.json'), '{"plan": "01');
    expect(isProven(at, '01-a', '01-01', 'noon')).toBe(false);
  });
});
