/** `coord task …` as it is typed, and seed 002's recipes for a coordinator outside, as they stand there. */
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Plan } from '../../src/domain/plan.ts';
import { currentOf, shownAtHome } from '../kit/progress.ts';
import { Project, type Run } from '../kit/project.ts';

let project: Project;
let there: string;

beforeAll(() => {
  project = Project.started('01');
  there = project.worktree('01');
  project.mustIn(there, 'plan', 'start', '01-01');
});
afterAll(() => project.dispose());

const coord = (...args: string[]): Run => project.coord(args, { cwd: there });
const json = <T>(...args: string[]): T => project.mustIn<T>(there, ...args);

test('each verb says what it did, and answers the documented shape', () => {
  expect(coord('task', 'add', 'Write it').stdout).toBe('task 1 added to plan 01-01\n');
  expect(coord('task', 'start', '1').stdout).toBe('task 1 of plan 01-01 is in_progress\n');
  expect(json('task', 'artifact', 'src/a.ts')).toMatchObject({
    plan: '01-01',
    artifact: { path: 'src/a.ts', type: 'source_code', status: 'complete' },
  });
  expect(coord('task', 'artifact', 'notes', '--type', 'documentation', '--status', 'draft').stdout).toBe(
    'artifact notes (documentation, draft) of plan 01-01\n',
  );
  expect(
    json('task', 'check', 'vitest', 'passed', '--number', 'passed=15', '--number', 'coverage_percent=87.5'),
  ).toEqual({
    plan: '01-01',
    check: { name: 'vitest', status: 'passed' },
  });
  expect(coord('task', 'check', 'lint', 'not_run').stdout).toBe('check lint of plan 01-01 not_run\n');
  expect(json('task', 'metric', 'lines_of_code', '320')).toEqual({
    plan: '01-01',
    metric: { name: 'lines_of_code', value: 320 },
  });
  expect(coord('task', 'metric', '--', 'delta', '-3').stdout).toBe('delta of plan 01-01 is -3\n');
  expect(json('task', 'estimate', '2026-12-24')).toEqual({
    plan: '01-01',
    estimated_completion: '2026-12-24T00:00:00.000Z',
  });
  const { plan } = json<{ plan: Plan }>('task', 'list');
  expect(plan).toMatchObject({
    id: '01-01',
    tasks: [{ id: '1', state: 'in_progress' }],
    quality_gates: {
      vitest: { status: 'passed', passed: 15, coverage_percent: 87.5 },
      lint: { status: 'not_run' },
    },
    metrics: { lines_of_code: 320, delta: -3 },
  });
  expect(coord('task', 'list').stdout.split('\n')).toEqual([
    '01-01 in_progress First',
    '  1 in_progress Write it',
    '  artifact src/a.ts source_code complete',
    '  artifact notes documentation draft',
    '  check vitest passed',
    '  check lint not_run',
    '  metric lines_of_code 320',
    '  metric delta -3',
    '  expected 2026-12-24T00:00:00.000Z',
    '',
  ]);
  expect(coord('task', 'list', '--plan', '01-02').stdout).toBe('01-02 not_started Second\n');
  expect(currentOf(project, '01').quality_gates).toEqual(plan.quality_gates);
});

test('an artifact is named from where one stands', () => {
  const folder = join(there, 'deep', 'er');
  mkdirSync(folder, { recursive: true });
  expect(project.mustIn(folder, 'task', 'artifact', 'b.ts')).toMatchObject({
    artifact: { path: 'deep/er/b.ts' },
  });
});

test.each([
  { args: ['task', 'check', 'lint', 'ok'], says: 'passed, failed, not_run' },
  { args: ['task', 'check', 'lint'], says: 'Usage: coord task check' },
  { args: ['task', 'check', 'lint', 'passed', '--number', 'errors'], says: '<key>=<number>' },
  { args: ['task', 'check', 'lint', 'passed', '--number', 'errors=many'], says: 'must be a number' },
  { args: ['task', 'check', 'lint', 'passed', '--number', 'status=1'], says: '<key>=<number>' },
  { args: ['task', 'metric', 'loc', 'many'], says: 'must be a number' },
  { args: ['task', 'metric', 'loc', ''], says: 'must be a number' },
  { args: ['task', 'metric', 'loc', 'Infinity'], says: 'must be a number' },
  { args: ['task', 'artifact', 'a', '--type', 'code'], says: 'source_code, test' },
  { args: ['task', 'artifact', 'a', '--status', 'done'], says: 'draft, complete' },
  { args: ['task', 'estimate', 'soon'], says: '2026-03-01' },
])('coord $args is a wrong use', ({ args, says }) => {
  const run = coord(...args);
  expect(run.code).toBe(64);
  expect(run.stderr).toContain(says);
});

test.each([
  { args: ['task', 'metric', 'a b', '1'], code: 'identifier-bad' },
  { args: ['task', 'artifact', '/etc/passwd'], code: 'artifact-outside' },
  { args: ['task', 'list', '--plan', '09-01'], code: 'plan-unknown' },
  { args: ['task', 'estimate', '2026-12-24', '--plan', '09-01'], code: 'plan-unknown' },
])('coord $args is refused', ({ args, code }) => {
  const run = coord(...args, '--json');
  expect(run.code).toBe(1);
  expect((JSON.parse(run.stdout) as { error: { code: string } }).error.code).toBe(code);
});

test('only a worker has tasks', () => {
  for (const args of [
    ['task', 'list'],
    ['task', 'check', 'lint', 'passed'],
  ]) {
    const run = project.coord([...args, '--json']);
    expect([run.code, (JSON.parse(run.stdout) as { error: { code: string } }).error.code]).toEqual([
      1,
      'not-a-worker',
    ]);
  }
});

const hasJq = spawnSync('jq', ['--version']).status === 0;

test.skipIf(!hasJq)('the recipes of seed 002 work in the root of the project', () => {
  const sh = (line: string) => {
    const done = spawnSync('sh', ['-c', line], { cwd: project.home, encoding: 'utf8' });
    expect([line, done.status, done.stderr]).toEqual([line, 0, '']);
    return done.stdout;
  };
  expect(JSON.parse(sh('cat .progress/current-task.json | jq .'))).toEqual(shownAtHome(project));
  expect(sh("jq 'select(.blocked_on != null)' .progress/current-task.json")).toBe('');
  json('blocker', 'raise', 'which port');
  const blocked = JSON.parse(sh("jq 'select(.blocked_on != null)' .progress/current-task.json"));
  expect(blocked).toMatchObject({
    task_id: '01-01',
    status: 'blocked',
    blocked_on: { summary: 'which port' },
  });
});
