/** `plan complete` by the gate's leave, completions by hand, and what is left to the next worker. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Plan } from '../../src/domain/plan.ts';
import type { SettingKey } from '../../src/domain/settings.ts';
import { listWaiting, readWaiting } from '../../src/storage/light/mailbox.ts';
import { writeSetting } from '../../src/storage/settings.ts';
import { addTaskTo, changePlan } from '../../src/usecases/change-status.ts';
import { askGate } from '../../src/usecases/judge-gate.ts';
import { type RanSo, ranBy } from '../kit/evidence.ts';
import { gitIn, type Project } from '../kit/project.ts';
import { editStatus, operator, refusal, report, started, statusOf, value, worker } from '../kit/scene.ts';

let project: Project;
beforeEach(() => {
  project = started('01', '02');
  set('validation', ['npm test']);
  value(changePlan(me(), '01-01', 'start'));
});
afterEach(() => project.dispose());

const me = (id = '01') => worker(project, id);
const set = (key: SettingKey, to: unknown) => void writeSetting(project.home, key, to);
const root = () => project.worktree('01');
const planOf = (id = '01-01') => statusOf(project, '01').plans.find((plan) => plan.id === id) as Plan;

/** A validation that ran, and ended so. */
const ran = (exit: number | null = 0, { id, ...so }: { id?: string } & Omit<RanSo, 'exit'> = {}) =>
  ranBy(me(id), { exit, ...so });

function committed(message = '01-01: work'): string {
  gitIn(root(), 'add', '-A');
  gitIn(root(), 'commit', '-q', '--allow-empty', '-m', message);
  return gitIn(root(), 'rev-parse', 'HEAD').trim();
}

const complete = (id = '01-01') => changePlan(me(), id, 'complete');
const missing = (): readonly string[] => {
  const problem = refusal(complete());
  return problem.code === 'gate-failed' ? problem.missing : [problem.code];
};
const events = () =>
  listWaiting(project.home, 'coordinator')
    .map((id) => readWaiting(project.home, 'coordinator', id))
    .map((it) => (it && it !== 'unreadable' ? `${it.metadata['event']} ${it.metadata['plan']}` : ''));

describe('plan complete', () => {
  test('is refused without proof: the plan stays in progress, and says what it needs', () => {
    expect(refusal(complete())).toEqual({
      code: 'gate-failed',
      plan: '01-01',
      missing: [
        'npm test: it has not run here',
        'commit: no commit since the plan was started has "01-01" in its message',
      ],
      next: ['git add -A && git commit --allow-empty -m "01-01: <what was done>"', 'npm test'],
    });
    expect(planOf()).toMatchObject({
      state: 'in_progress',
      needs_followup: { evidence: [], missing: expect.any(Array) },
    });
    expect(statusOf(project, '01').milestones.map((one) => one.event)).toEqual(['phase_started']);
    expect(events()).toEqual(['plan_started 01-01']);
  });

  test('passes with proof: milestone with the commit, verdicts in its message, no flag left', () => {
    missing();
    writeFileSync(join(root(), 'work.ts'), 'x');
    const evidence = ran();
    const commit = committed();
    const moved = value(complete());
    expect(moved).toMatchObject({ state: 'complete', gate: { verdict: 'pass', commit } });
    expect(planOf()).toMatchObject({ state: 'complete', commit });
    expect(planOf().needs_followup).toBeUndefined();
    expect(statusOf(project, '01').milestones.at(-1)).toMatchObject({
      event: 'plan_complete',
      commit,
      gate: 'passed',
    });
    const message = readWaiting(project.home, 'coordinator', moved.messages[0] ?? '');
    expect(message).toMatchObject({
      type: 'completion',
      content: expect.stringContaining('gate passed'),
      metadata: {
        quality_gates: {
          'npm test': { status: 'passed', evidence: evidence.id },
          commit: { status: 'passed', commit },
        },
      },
    });
  });

  test.each<[string, () => void, RegExp]>([
    ['a tool that ran and failed', () => ran(1), /npm test: it failed \(exit 1\)/],
    ['a run that was killed', () => ran(null), /npm test: its last run was stopped/],
    ['a pass, and then a failure on the same files', () => [ran(0), ran(1)], /it failed/],
    [
      'a pass on other files',
      () => [ran(), writeFileSync(join(root(), 'a.ts'), 'x')],
      /it ran on other files/,
    ],
    [
      'a run that changed the files',
      () => ran(0, { meanwhile: () => writeFileSync(join(root(), 'a.ts'), 'x') }),
      /it changed files/,
    ],
    ['a pass in another worktree', () => ran(0, { id: '02' }), /it has not run here/],
    [
      'a pass of an earlier attempt',
      () => [ran(), value(changePlan(me(), '01-01', 'fail', 'x')), value(changePlan(me(), '01-01', 'start'))],
      /since the plan was started/,
    ],
    [
      'one of two validations',
      () => [set('validation', ['npm test', 'npm run lint']), ran()],
      /npm run lint: it has not run here/,
    ],
  ])('%s is no proof', (_, happens, why) => {
    happens();
    committed();
    const [first, ...more] = missing();
    expect(first).toMatch(why);
    expect(more).toEqual([]);
  });

  test.each<[string, string]>([
    ["a longer id's commit", '01-010: other work'],
    ['a commit that does not name it', 'work'],
  ])('%s does not count', (_, message) => {
    ran();
    committed(message);
    expect(missing()).toEqual([expect.stringContaining('no commit since')]);
  });

  test('a commit of before the start does not count, nor one that was written then', () => {
    const old = '2026-01-01T00:00:00Z';
    gitIn(root(), 'commit', '-q', '--allow-empty', '--date', old, '-m', '01-01: long ago');
    ran();
    expect(missing()).toEqual([expect.stringContaining('no commit since')]);
  });

  test('the pattern of the setting is what the message must have', () => {
    set('commit_id', 'bd-{id}');
    ran();
    committed('01-01: work');
    expect(missing()).toEqual([expect.stringContaining('has "bd-01-01" in its message')]);
    committed('bd-01-01: work');
    expect(value(complete()).state).toBe('complete');
  });

  test('a plan that was never started is judged from when its worker joined', () => {
    ran();
    committed('01-02: work');
    expect(value(complete('01-02')).state).toBe('complete');
  });

  test.each<[SettingKey, unknown]>([
    ['gate', 'off'],
    ['validation', []],
  ])('with %s %j nobody asks the gate', (key, to) => {
    set(key, to);
    expect(value(complete())).toEqual({ plan: '01-01', state: 'complete', messages: [expect.any(String)] });
    expect(planOf().gate).toBeUndefined();
  });

  test('strict wants a clean checkout, and the validations again after the last commit', () => {
    set('gate', 'strict');
    writeFileSync(join(root(), 'a.ts'), 'x');
    ran();
    committed();
    expect(missing()).toEqual(['npm test: it has not run again since the last commit']);
    writeFileSync(join(root(), 'b.ts'), 'x');
    ran();
    expect(missing()).toEqual([expect.stringContaining('clean git status: not committed: b.ts')]);
    committed();
    ran();
    expect(value(complete()).state).toBe('complete');
  });
});

describe('a completion by hand', () => {
  const byHand = () =>
    editStatus(project, '01', (text) => text.replace('state: in_progress', 'state: complete'));

  test('without proof is taken back before anything reports it, with its milestone', () => {
    byHand();
    editStatus(project, '01', (text) =>
      text
        .replace('state: complete\n', 'state: complete\n    finished: noon\n')
        .replace(
          'milestones:\n',
          'milestones:\n  - at: noon\n    event: plan_complete\n    plan: 01-01\n    commit: abc\n',
        ),
    );
    expect(report(project, '01')).toEqual([]);
    expect(planOf()).toMatchObject({ state: 'in_progress', needs_followup: { missing: expect.any(Array) } });
    expect(planOf().finished).toBeUndefined();
    expect(statusOf(project, '01').milestones.map((one) => one.event)).toEqual(['phase_started']);
  });

  test('with proof stands, and is reported like any other', () => {
    ran();
    const commit = committed();
    byHand();
    expect(report(project, '01')).toEqual(['plan_complete']);
    expect(planOf()).toMatchObject({ state: 'complete', commit, gate: { tree: expect.any(String) } });
    expect(statusOf(project, '01').milestones.at(-1)).toMatchObject({
      plan: '01-01',
      commit,
      gate: 'passed',
    });
  });

  test('is the answer to the next verb, which does nothing else', () => {
    byHand();
    expect(refusal(addTaskTo(me(), '01-01', 'more'))).toMatchObject({
      code: 'plan-taken-back',
      plan: '01-01',
    });
    expect(planOf().tasks).toEqual([]);
    expect(value(addTaskTo(me(), '01-01', 'more')).task).toBe('1');
  });

  test('what was reported before a gate was there stays', () => {
    set('validation', []);
    value(complete());
    set('validation', ['npm test']);
    editStatus(project, '01', (text) => `${text}\n## Mine\n`);
    expect(report(project, '01')).toEqual([]);
    expect(planOf().state).toBe('complete');
  });

  test('what the gate passed once stays when the files move on; its old text does not speak for a new attempt', () => {
    ran();
    committed();
    value(complete());
    const file = project.statusFile('01');
    const done = gitIn(root(), 'hash-object', '-w', file).trim();
    writeFileSync(join(root(), 'later.ts'), 'x');
    expect(report(project, '01')).toEqual([]);
    expect(planOf().state).toBe('complete');
    value(changePlan(me(), '01-01', 'start'));
    writeFileSync(file, gitIn(root(), 'cat-file', 'blob', done));
    report(project, '01');
    expect(planOf()).toMatchObject({ state: 'in_progress', needs_followup: expect.any(Object) });
  });
});

describe('coord gate', () => {
  test('judges without changing anything, for the worker and for who stands at home', () => {
    const before = statusOf(project, '01').revision;
    expect(value(askGate(me(), '01-01')).verdict).toBe('fail');
    expect(value(askGate(operator(project), '01-01')).verdict).toBe('fail');
    ran();
    committed();
    expect(value(askGate(operator(project), '01-01'))).toMatchObject({ verdict: 'pass', missing: [] });
    expect(statusOf(project, '01').revision).toBe(before);
    expect(refusal(askGate(me(), '02-01'))).toMatchObject({
      code: 'plan-unknown',
      known: ['01-01', '01-02'],
    });
    expect(refusal(askGate(operator(project), '09-01'))).toMatchObject({ code: 'plan-unknown' });
  });

  test('with nothing to run it fails: nothing was proven', () => {
    set('validation', []);
    committed();
    expect(value(askGate(me(), '01-01'))).toMatchObject({
      verdict: 'fail',
      checks: [{ code: 'no-validation' }, { ok: true }],
    });
  });
});

test('a plan that failed leaves its last failure to the next worker', () => {
  const evidence = ran(1);
  value(changePlan(me(), '01-01', 'fail', 'the parser loops'));
  expect(planOf()).toMatchObject({
    state: 'failed',
    reason: 'the parser loops',
    handoff: {
      reason: 'the parser loops',
      evidence: evidence.id,
      command: 'npm test',
      exit: 1,
      log: evidence.log,
    },
  });
  value(changePlan(me(), '01-01', 'start'));
  expect(planOf().handoff?.evidence).toBe(evidence.id);
  ran();
  committed();
  value(complete());
  expect(planOf().handoff).toBeUndefined();
});

test('a list set on the command line is a list in the file, and comes back', () => {
  const set = project.must('config', 'set', 'validation', '["npm test", "npm run lint"]');
  expect(set).toMatchObject({ key: 'validation', value: ['npm test', 'npm run lint'] });
  expect(project.read('.claude/coord.md')).toMatch(/validation:\n\s+- npm test\n\s+- npm run lint\n/);
  expect(project.must('config', 'get', 'validation')).toEqual({ validation: ['npm test', 'npm run lint'] });
  const bad = project.coord(['config', 'set', 'validation', 'npm test']);
  expect(bad.code).toBe(1);
  expect(bad.stderr).toContain(
    'expected a list of at most 20 different shell commands, one line each: ["npm test"]',
  );
});
