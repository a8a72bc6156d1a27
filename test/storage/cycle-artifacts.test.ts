/** A cycle's artifacts: read together they give the state again, field by field, whatever its history and its texts. */
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { artifactOf, filesOf, PART_NAMES } from '../../src/domain/cycle/artifacts.ts';
import type { Cycle } from '../../src/domain/cycle/cycle.ts';
import {
  bodyOf,
  bringBack,
  cycleIn,
  findStray,
  putAway,
  readArtifacts,
  readDraft,
  writeArtifacts,
} from '../../src/storage/cycle-artifacts.ts';
import { cycleFrom } from '../../src/storage/cycle-schema.ts';
import { anyOps, anyText, historyOf } from '../kit/any-cycle.ts';
import { isLong } from '../kit/long.ts';
import { scratch } from './scratch.ts';

const plain = (cycle: Cycle) => JSON.parse(JSON.stringify(cycle)) as Cycle;

function readAgain(folder: string, { cycle_id }: Cycle): unknown {
  const { rest, parts, lost } = readArtifacts(folder, cycle_id);
  expect(lost).toEqual([]);
  return plain(cycleFrom({ ...rest, ...parts }) as Cycle);
}

test('after any history, at every step, the artifacts give the state again', () => {
  fc.assert(
    fc.property(anyText, anyOps, (task, ops) => {
      const folder = scratch();
      for (const cycle of historyOf(task, ops)) {
        writeArtifacts(folder, cycle);
        expect(readAgain(folder, cycle)).toEqual(plain(cycle));
        expect(writeArtifacts(folder, cycle)).toEqual([]);
      }
      rmSync(folder, { recursive: true });
    }),
    { numRuns: isLong ? 1_000 : 40 },
  );
});

test('and so they do while the role with the turn rewrites its own files, or deletes them', () => {
  fc.assert(
    fc.property(anyText, anyOps, anyText, (task, ops, draft) => {
      const folder = scratch();
      for (const cycle of historyOf(task, ops)) {
        writeArtifacts(folder, cycle);
        const mine = PART_NAMES.map(artifactOf).filter((file) => file.startsWith(`${cycle.current_phase}/`));
        for (const file of mine) {
          mkdirSync(join(folder, file, '..'), { recursive: true });
          if (draft.length % 2 === 0) writeFileSync(join(folder, file), draft);
          else rmSync(join(folder, file), { force: true });
        }
        expect(readAgain(folder, cycle)).toEqual(plain(cycle));
      }
      rmSync(folder, { recursive: true });
    }),
    { numRuns: isLong ? 300 : 20 },
  );
});

const history = historyOf('Build it', [
  { kind: 'report', outcome: 'completed', text: '# R\n\n## Edge cases\n- none\n', holds: true },
  { kind: 'report', outcome: 'completed', text: 'plan', holds: true },
  { kind: 'task', at: 0, status: 'completed' },
  { kind: 'report', outcome: 'completed', text: 'code', holds: true },
  { kind: 'report', outcome: 'completed', text: 'red', holds: false },
]);
const last = history.at(-1) as Cycle;

describe('on disk', () => {
  test('every version that was accepted stays, beside the newer one', () => {
    const folder = scratch();
    const more = historyOf('Build it', [
      { kind: 'report', outcome: 'completed', text: 'first', holds: true },
      { kind: 'report', outcome: 'failed', text: 'no', holds: true },
      { kind: 'extend', text: 'more' },
      { kind: 'report', outcome: 'failed', text: 'no', holds: true },
      { kind: 'report', outcome: 'completed', text: 'second', holds: true },
    ]);
    for (const cycle of more) writeArtifacts(folder, cycle);
    expect(readdirSync(join(folder, 'ra', 'history')).sort()).toEqual([
      'requirements-v1.0.0.md',
      'requirements-v1.1.0.md',
    ]);
    expect(readFileSync(join(folder, 'ra/history/requirements-v1.0.0.md'), 'utf8')).toContain('first');
    expect(readFileSync(join(folder, 'ra/requirements.md'), 'utf8')).toContain('second');
  });

  test('what is lost is named, and nothing else with it', () => {
    const folder = scratch();
    writeArtifacts(folder, last);
    rmSync(join(folder, 'ep'), { recursive: true });
    const read = readArtifacts(folder, last.cycle_id);
    expect(read.lost).toEqual([
      'exploration 1.0.0 (ep/history/exploration-v1.0.0.md, ep/exploration.md)',
      'plan 1.0.0 (ep/history/plan-v1.0.0.json, ep/plan.json)',
    ]);
    const made = cycleFrom({ ...read.rest, ...read.parts }) as Cycle;
    const { exploration: _, plan: __, ...others } = plain(last);
    expect(plain(made)).toEqual(others);
    rmSync(join(folder, 'coordination'), { recursive: true });
    const parts = readArtifacts(folder, last.cycle_id);
    expect([parts.rest, Object.keys(parts.parts), parts.lost]).toEqual([
      undefined,
      ['requirements', 'changes', 'test_results'],
      ['coordination/timeline.md'],
    ]);
  });

  test('an accepted copy that somebody broke is no loss while the file itself is whole', () => {
    const folder = scratch();
    writeArtifacts(folder, last);
    writeFileSync(join(folder, 'ra/history/requirements-v1.0.0.md'), '---\n{{{\n');
    expect(readAgain(folder, last)).toEqual(plain(last));
  });

  test('those of another cycle are not taken for its own', () => {
    const folder = scratch();
    writeArtifacts(folder, { ...last, cycle_id: 'cycle-v1-other' });
    expect(cycleIn(folder)).toBe('cycle-v1-other');
    expect(readArtifacts(folder, last.cycle_id)).toMatchObject({ rest: undefined, parts: {} });
    expect(cycleIn(scratch())).toBeUndefined();
  });

  test('they are put away for the next cycle, and come back whole', () => {
    const [folder, aside] = [scratch(), join(scratch(), 'cycles', last.cycle_id)];
    writeArtifacts(folder, last);
    putAway(folder, aside);
    expect(readdirSync(folder)).toEqual([]);
    expect(readAgain(aside, last)).toEqual(plain(last));
    writeArtifacts(folder, { ...last, cycle_id: 'cycle-v1-other' });
    // Half of it moved before, and somebody put something there since: nothing is overwritten.
    putAway(folder, aside);
    expect(readdirSync(aside).sort()).toContain('ra~2');
    bringBack(aside, folder);
    expect(readAgain(folder, last)).toEqual(plain(last));
  });

  test('a link for a folder is found: it would lead out of the worktree', () => {
    const [folder, outside] = [scratch(), scratch()];
    mkdirSync(join(folder, 'ra'));
    expect(findStray(folder)).toBeUndefined();
    symlinkSync(outside, join(folder, 'ra', 'history'));
    expect(findStray(folder)).toBe(join(folder, 'ra', 'history'));
    symlinkSync(join(outside, 'secret'), join(folder, 'ra', 'requirements.md'));
    writeFileSync(join(outside, 'secret'), 'secret');
    expect(readDraft(folder, 'requirements')).toBeUndefined();
  });

  test('an agent may leave the front matter, drop it, or break it', () => {
    expect(bodyOf('---\nversion: "1.0.0"\n---\ntext\n')).toBe('text\n');
    expect(bodyOf('text\n')).toBe('text\n');
    expect(bodyOf('---\n{{{\n---\ntext\n')).toContain('text');
    expect(bodyOf('---js\nprocess.exit(1)\n---\ntext\n')).toContain('process.exit');
  });

  test('nothing of it can act in a terminal', () => {
    const evil = 'x\u001b[2J\nowned\u202e';
    const cycle = { ...last, title: evil, failure_reason: evil };
    const story = filesOf(cycle).find(({ file }) => file.endsWith('timeline.md'))?.text ?? '';
    expect(story).not.toMatch(/[\u001b\u202e]/);
  });
});
