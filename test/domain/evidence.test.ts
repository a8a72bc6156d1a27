import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Evidence,
  evidenceFrom,
  isEvidenceId,
  lastFailure,
  type Proving,
  printEvidenceId,
  proofOf,
} from '../../src/domain/evidence.ts';
import { anEvidence, at } from './gate-facts.ts';

const wanted: Proving = { command: 'npm test', place: 'w1', tree: 't1', sinceMs: at(0) };

describe('proofOf', () => {
  test('a run that passed on this very tree proves it', () => {
    const one = anEvidence();
    expect(proofOf([one], wanted)).toEqual({ flaw: undefined, evidence: one });
  });

  test.each<[string, Partial<Evidence>, string]>([
    ['another command', { command: 'npm run lint' }, 'never-run'],
    ['another place', { place: 'w2' }, 'never-run'],
    ['the primary worktree', { place: null }, 'never-run'],
    ['an earlier attempt', { started: '2025-01-01T00:00:00.000Z' }, 'earlier-attempt'],
    ['another tree', { tree: 't0', tree_after: 't0' }, 'other-tree'],
    ['a command that changed files', { tree: 't0' }, 'changed-files'],
    ['a command that changed files, and left others', { tree_after: 't2' }, 'changed-files'],
    ['no tree before', { tree: null }, 'tree-unknown'],
    ['no tree after', { tree_after: null }, 'tree-unknown'],
    ['a failure', { exit: 1 }, 'failed'],
    ['a kill', { exit: null }, 'stopped'],
    ['a kill, as a shell tells it', { exit: 137 }, 'stopped'],
    ['a crash of its own', { exit: 139 }, 'failed'],
  ])('%s proves nothing', (_, over, flaw) => {
    expect(proofOf([anEvidence(over)], wanted).flaw).toBe(flaw);
  });

  test('nothing is proven of a tree that git cannot name', () => {
    expect(proofOf([anEvidence()], { ...wanted, tree: undefined }).flaw).toBe('tree-unknown');
    expect(proofOf([], wanted)).toEqual({ flaw: 'never-run', evidence: undefined });
  });

  test('of all runs on this tree the last decides, whatever ran on others since', () => {
    const passed = anEvidence({}, 1);
    const failed = anEvidence({ exit: 1 }, 2);
    const elsewhere = anEvidence({ tree: 't9', tree_after: 't9' }, 3);
    expect(proofOf([passed, failed, elsewhere], wanted)).toEqual({ flaw: 'failed', evidence: failed });
    const again = anEvidence({}, 4);
    expect(proofOf([again, failed, passed, elsewhere], wanted).evidence).toBe(again);
  });

  test('where it must have run after the last commit, one that ran before does not count', () => {
    const strict = { ...wanted, commit: 'c2' };
    expect(proofOf([anEvidence({ commit: 'c1' })], strict).flaw).toBe('before-commit');
    expect(proofOf([anEvidence({ commit: null })], strict).flaw).toBe('before-commit');
    expect(proofOf([anEvidence({ commit: 'c2' })], strict).flaw).toBeUndefined();
  });

  test('whatever is on record, what proves passed in full on this tree, here, in this attempt', () => {
    const anyEvidence = fc
      .record({
        command: fc.constantFrom('npm test', 'npm test -- --only', 'npm'),
        exit: fc.constantFrom(0, 0, 1, null),
        tree: fc.constantFrom('t1', 't1', 't2', null),
        tree_after: fc.constantFrom('t1', 't1', 't2', null),
        place: fc.constantFrom('w1', 'w1', 'w2', null),
        started: fc.constantFrom('2025-12-31T23:59:59.999Z', '2026-01-01T00:00:05.000Z'),
      })
      .chain((over) => fc.integer({ min: 1, max: 50 }).map((second) => anEvidence({ ...over }, second)));
    fc.assert(
      fc.property(fc.array(anyEvidence, { maxLength: 8 }), (all) => {
        const before = JSON.stringify(all);
        const { flaw, evidence } = proofOf(all, wanted);
        expect(JSON.stringify(all)).toBe(before);
        if (flaw !== undefined) return;
        expect(all).toContain(evidence);
        expect(evidence).toMatchObject({
          command: 'npm test',
          exit: 0,
          tree: 't1',
          tree_after: 't1',
          place: 'w1',
        });
        expect(Date.parse(evidence.started)).toBeGreaterThanOrEqual(wanted.sinceMs);
      }),
    );
  });
});

describe('a record as it was read', () => {
  const one = anEvidence();
  test('is itself', () => expect(evidenceFrom({ ...one }, one.id)).toEqual(one));

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['a text', 'npm test passed'],
    ['another id than its name', { ...one, id: printEvidenceId(0, 'b') }],
    ['no exit', { ...one, exit: undefined }],
    ['an exit in words', { ...one, exit: 'passed' }],
    ['no tree', { ...one, tree: undefined }],
    ['a moment that is none', { ...one, ended: 'yesterday' }],
    ['another way', { ...one, via: 'hand' }],
  ])('%s is none', (_, value) => expect(evidenceFrom(value, one.id)).toBeUndefined());

  test.each(['', 'ev-1', '../ev', 'ev-20260101-000000000-', 'ev-20260101-000000000-a/b'])(
    '%j is no id',
    (id) => {
      expect(isEvidenceId(id)).toBe(false);
    },
  );

  test('ids sort by time', () => {
    const ids = [5, 1_000, 70_000].map((ms) => printEvidenceId(ms, 'x'));
    expect([...ids].sort()).toEqual(ids);
    expect(ids.every(isEvidenceId)).toBe(true);
  });
});

describe('lastFailure', () => {
  test.each<[string, Evidence[], number | undefined]>([
    ['nothing ran', [], undefined],
    ['all passed', [anEvidence()], undefined],
    ['the later of two', [anEvidence({ exit: 1 }, 1), anEvidence({ command: 'b', exit: 1 }, 2)], 1],
    ['one that passed since is none', [anEvidence({ exit: 1 }, 1), anEvidence({}, 2)], undefined],
    [
      'one of an earlier attempt is none',
      [anEvidence({ exit: 1, started: '2020-01-01T00:00:00Z' })],
      undefined,
    ],
    ['a kill is one', [anEvidence({ exit: null }, 1)], 0],
  ])('%s', (_, all, index) => {
    expect(lastFailure(all, at(0))).toBe(index === undefined ? undefined : all[index]);
  });
});
