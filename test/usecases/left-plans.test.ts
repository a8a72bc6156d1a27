/** What a plan's record carries when it was left, the issue tracker that is told of it, and the strict gate. */

import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Plan } from '../../src/domain/plan.ts';
import type { SettingKey } from '../../src/domain/settings.ts';
import { readCounts } from '../../src/storage/light/counters.ts';
import { readActs } from '../../src/storage/light/journal.ts';
import { readSettings, writeSetting } from '../../src/storage/settings.ts';
import { announceLeft } from '../../src/usecases/announce-failure.ts';
import { changePlan } from '../../src/usecases/change-status.ts';
import { askGate } from '../../src/usecases/judge-gate.ts';
import { ranBy } from '../kit/evidence.ts';
import { gitIn, type Project } from '../kit/project.ts';
import { editStatus, refusal, report, started, statusOf, value, worker } from '../kit/scene.ts';

let project: Project;
let told: string;
beforeAll(() => {
  project = started('01');
  told = join(project.outside('tracker'), 'told.jsonl');
  set('validation', ['npm test']);
});
afterAll(() => project.dispose());
beforeEach(() => {
  set('gate', 'on');
  set('on_plan_failed', []);
  rmSync(told, { force: true });
  const { state } = planOf();
  if (state !== 'not_started')
    value(changePlan(me(), '01-01', state === 'in_progress' ? 'fail' : 'start', 'x'));
  if (planOf().state !== 'in_progress') value(changePlan(me(), '01-01', 'start'));
});

const me = () => worker(project, '01');
const root = () => project.worktree('01');
const set = (key: SettingKey, to: unknown) => void writeSetting(project.home, key, to);
const planOf = () => statusOf(project, '01').plans.find((plan) => plan.id === '01-01') as Plan;
const acts = (...kinds: string[]) => readActs(project.home, kinds, 0);

const ran = (exit: number | null, output?: string, meanwhile?: () => void) =>
  ranBy(me(), { exit, ...(output === undefined ? {} : { output }), ...(meanwhile ? { meanwhile } : {}) });

function commit(message = '01-01: work'): void {
  gitIn(root(), 'add', '-A');
  gitIn(root(), 'commit', '-q', '--allow-empty', '-m', message);
}

/** A program of a person's own that writes down its arguments, one call a line. */
function tracker(...words: string[]): string[] {
  const script = join(project.outside('tracker'), 'tell.cjs');
  const body = `require('node:fs').appendFileSync(${JSON.stringify(told)}, JSON.stringify(process.argv.slice(2)) + '\\n')`;
  writeFileSync(script, `${body};process.stdout.write('noted\\n')`);
  return [process.execPath, script, ...words];
}

const calls = (): string[][] =>
  existsSync(told)
    ? readFileSync(told, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as string[])
    : [];

describe('a refusal of the gate', () => {
  test('leaves what failed last with its log, once for the same reasons; passing takes it away', () => {
    const evidence = ran(3);
    refusal(changePlan(me(), '01-01', 'complete'));
    const first = planOf();
    expect(first.needs_followup?.missing).toHaveLength(2);
    expect(first.handoff).toMatchObject({
      reason: `the gate refused it: ${first.needs_followup?.missing.join('; ')}`,
      evidence: evidence.id,
      command: 'npm test',
      exit: 3,
      log: evidence.log,
    });
    const again = ran(3);
    refusal(changePlan(me(), '01-01', 'complete'));
    expect(planOf().handoff).toMatchObject({ at: first.handoff?.at, log: again.log });
    ran(0);
    commit();
    expect(value(changePlan(me(), '01-01', 'complete')).gate?.verdict).toBe('pass');
    expect(planOf().handoff).toBeUndefined();
    expect(
      acts('gate')
        .slice(-3)
        .map(({ verdict, via }) => `${verdict} ${via}`),
    ).toEqual(['fail verb', 'fail verb', 'pass verb']);
  });

  test('of a completion by hand leaves the same', () => {
    const evidence = ran(4);
    editStatus(project, '01', (text) => text.replace('state: in_progress', 'state: complete'));
    report(project, '01');
    expect(planOf()).toMatchObject({ state: 'in_progress', handoff: { exit: 4, log: evidence.log } });
    expect(acts('gate').at(-1)).toMatchObject({ plan: '01-01', verdict: 'fail', via: 'by-hand' });
  });
});

describe('a plan that failed', () => {
  test('keeps what an earlier attempt knew, until that command ran again', () => {
    const evidence = ran(5);
    value(changePlan(me(), '01-01', 'fail', 'the parser loops'));
    value(changePlan(me(), '01-01', 'start'));
    value(changePlan(me(), '01-01', 'fail', 'gave up'));
    expect(planOf().handoff).toMatchObject({
      reason: 'gave up',
      evidence: evidence.id,
      exit: 5,
      log: evidence.log,
    });
    value(changePlan(me(), '01-01', 'start'));
    ran(0);
    value(changePlan(me(), '01-01', 'fail', 'no time'));
    expect(planOf().handoff).toMatchObject({ reason: 'no time' });
    expect(planOf().handoff?.log).toBeUndefined();
  });

  test('is counted and noted, with shared state where its reason cites it', () => {
    const now = Date.now();
    const before = readCounts(project.home, now - 3_600_000, now + 3_600_000);
    value(changePlan(me(), '01-01', 'fail', 'the tests saw uncommitted files of another agent'));
    value(changePlan(me(), '01-01', 'start'));
    value(changePlan(me(), '01-01', 'fail', 'the parser loops'));
    const sum = (hours: ReturnType<typeof readCounts>, name: 'plans_failed' | 'failures_shared') =>
      hours.reduce((all, hour) => all + (hour.tallies[name] ?? 0), 0);
    const after = readCounts(project.home, now - 3_600_000, now + 3_600_000);
    expect(sum(after, 'plans_failed') - sum(before, 'plans_failed')).toBe(2);
    expect(sum(after, 'failures_shared') - sum(before, 'failures_shared')).toBe(1);
    expect(acts('plan-failed').slice(-2)).toMatchObject([
      { actor: 'worker-01', plan: '01-01', phase: '01', shared: ['words'] },
      { reason: 'the parser loops' },
    ]);
    expect(acts('plan-failed').at(-1)).not.toHaveProperty('shared');
  });
});

describe('on_plan_failed', () => {
  const template = ['{plan}', '{phase}', '{reason}', '{log}', '{transcript}', '{file}'];

  test('runs a program without a shell, with what is known, and notes how it went', () => {
    set('on_plan_failed', tracker(...template));
    const evidence = ran(6);
    const reason = `$(touch ${told}.x) "; rm -rf / #`;
    value(changePlan(me(), '01-01', 'fail', reason));
    const file = project.statusFile('01');
    expect(calls()).toEqual([['01-01', '01', reason, join(project.home, evidence.log ?? ''), '', file]]);
    expect(existsSync(`${told}.x`)).toBe(false);
    expect(acts('failure-told').at(-1)).toMatchObject({
      plan: '01-01',
      ok: true,
      detail: 'exit 0',
      output: 'noted\n',
    });
  });

  test('once for each failure: also of a gate that refuses the same again, and of many that come by', () => {
    set('on_plan_failed', tracker('{reason}'));
    ran(7);
    refusal(changePlan(me(), '01-01', 'complete'));
    refusal(changePlan(me(), '01-01', 'complete'));
    expect(calls()).toHaveLength(1);
    value(changePlan(me(), '01-01', 'fail', 'same'));
    value(changePlan(me(), '01-01', 'start'));
    value(changePlan(me(), '01-01', 'fail', 'same'));
    const { home, root: at, record } = me();
    if (record) for (let n = 0; n < 3; n += 1) announceLeft({ home, root: at, record }, ['01-01']);
    expect(calls().map(([word]) => word?.slice(0, 16))).toEqual(['the gate refused', 'same', 'same']);
  });

  test.each<[string, string[], Record<string, unknown>]>([
    ['is not there', ['/nowhere/at/all', '{plan}'], { ok: false, detail: 'ENOENT' }],
    [
      'fails',
      [process.execPath, '-e', 'console.error("no such issue"); process.exit(3)'],
      { ok: false, detail: 'exit 3', output: 'no such issue\n' },
    ],
    [
      'records a failure itself',
      [process.execPath, '-e', 'process.exit(process.env.COORD_ON_PLAN_FAILED ? 0 : 9)'],
      { ok: true },
    ],
  ])('a program that %s fails nothing', (_, words, expected) => {
    set('on_plan_failed', words);
    expect(value(changePlan(me(), '01-01', 'fail', 'it broke')).state).toBe('failed');
    expect(acts('failure-told').at(-1)).toMatchObject(expected);
  });

  test('counts in a person’s own file alone: what comes by a merge starts nothing', () => {
    const line = `on_plan_failed: ${JSON.stringify(tracker('{plan}'))}`;
    project.write('.claude/coord.local.md', '---\n---\n');
    project.write('.claude/coord.md', `---\nvalidation: ["npm test"]\n${line}\n---\n`);
    const { settings, complaints } = readSettings(project.home);
    expect(settings.on_plan_failed).toEqual([]);
    expect(complaints).toEqual([expect.stringContaining('on_plan_failed names a program that coord runs')]);
    value(changePlan(me(), '01-01', 'fail', 'it broke'));
    expect(calls()).toEqual([]);
    project.write('.claude/coord.md', '---\nvalidation: ["npm test"]\n---\n');
    project.must('config', 'set', 'on_plan_failed', '["bd", "update", "{plan}"]');
    expect(project.read('.claude/coord.local.md')).toContain('bd');
    expect(project.coord(['config', 'set', 'on_plan_failed', '[]', '--team']).code).toBe(64);
  });
});

describe('a strict gate', () => {
  const verdict = () => value(askGate(me(), '01-01'));

  test('wants what was tested to be what is committed, whatever git status is told to leave out', () => {
    set('gate', 'strict');
    writeFileSync(join(root(), 'a.ts'), 'one\n');
    commit();
    ran(0);
    expect(verdict().verdict).toBe('pass');
    gitIn(root(), 'update-index', '--assume-unchanged', 'a.ts');
    writeFileSync(join(root(), 'a.ts'), 'two\n');
    ran(0);
    expect(verdict()).toMatchObject({
      verdict: 'fail',
      missing: [
        expect.stringContaining('clean git status: not committed: files that `git status` leaves out'),
      ],
    });
    gitIn(root(), 'update-index', '--no-assume-unchanged', 'a.ts');
    expect(verdict().missing).toEqual(['clean git status: not committed: a.ts']);
  });

  test('sees into a submodule that a setting hides', () => {
    set('gate', 'strict');
    const inner = project.outside('inner');
    gitIn(inner, 'init', '-q');
    writeFileSync(join(inner, 'x'), '1');
    const who = ['-c', 'user.name=T', '-c', 'user.email=t@example.invalid'];
    gitIn(inner, 'add', '-A');
    gitIn(inner, ...who, 'commit', '-qm', 'x');
    gitIn(root(), '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', inner, 'inner');
    gitIn(root(), 'config', 'diff.ignoreSubmodules', 'all');
    commit();
    ran(0);
    expect(verdict().verdict).toBe('pass');
    mkdirSync(join(root(), 'inner', 'new'));
    writeFileSync(join(root(), 'inner', 'x'), '2');
    expect(verdict().missing).toEqual(['clean git status: not committed: inner']);
  });
});
