/** Single writer is not single process: parallel updates by the real command line all survive, and each says so truly. */
import { readFileSync, writeFileSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { isLong } from '../kit/long.ts';
import type { Project } from '../kit/project.ts';
import { started, stateOf, statusOf } from '../kit/scene.ts';
import { allAtOnce, failuresOf } from './fixtures/crowd.ts';

let project: Project;
afterEach(() => project.dispose());

const EACH = isLong ? 20 : 6;
const numbers = Array.from({ length: EACH }, (_, at) => at + 10);

test(`${2 * EACH} updates at once, of STATE.md and of a STATUS.md, all survive`, async () => {
  project = started('01');
  const cwd = project.worktree('01');
  project.mustIn(cwd, 'plan', 'start', '01-01');
  const { revision } = project.must<{ revision: number }>('status');
  const runs = await allAtOnce(project, [
    ...numbers.map((n) => ({ args: ['phase', 'add', `${n}`, `Phase ${n}`, '--plan', `${n}-01:Work`] })),
    ...numbers.map((n) => ({ args: ['task', 'add', `Task ${n}`], cwd })),
  ]);
  expect(failuresOf(runs)).toEqual([]);
  const status = project.must<{ revision: number; phases: { id: string }[] }>('status');
  expect(status.phases.map((phase) => phase.id).sort()).toEqual(['01', ...numbers.map(String)]);
  // One more: the fold of the plan that was started.
  expect(status.revision).toBe(revision + numbers.length);
  const { plans } = project.mustIn<{ plans: { tasks: { id: string; title: string }[] }[] }>(
    cwd,
    'plan',
    'list',
  );
  const tasks = plans[0]?.tasks ?? [];
  expect(tasks.map((task) => task.title).sort()).toEqual(numbers.map((n) => `Task ${n}`));
  expect(tasks.map((task) => Number(task.id)).sort((a, b) => a - b)).toEqual(numbers.map((_, at) => at + 1));
});

test('whoever reads STATE.md and STATUS.md meanwhile reads them whole', async () => {
  project = started('01');
  const cwd = project.worktree('01');
  project.mustIn(cwd, 'plan', 'start', '01-01');
  const few = numbers.slice(0, 6);
  const updating = allAtOnce(project, [
    ...few.map((n) => ({ args: ['phase', 'add', `${n}`, `Phase ${n}`] })),
    ...few.map((n) => ({ args: ['task', 'add', `Task ${n}`], cwd })),
  ]);
  let isDone = false;
  void updating.then(() => {
    isDone = true;
  });
  let reads = 0;
  const revisions = new Set<number>();
  while (!isDone) {
    revisions.add(stateOf(project).revision);
    statusOf(project, '01');
    reads += 1;
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(failuresOf(await updating)).toEqual([]);
  // It did look while they wrote.
  expect([reads > 10, revisions.size > 1]).toEqual([true, true]);
});

test('decisions, settings and blockers at once: none is lost', async () => {
  project = started('01');
  const cwd = project.worktree('01');
  const few = numbers.slice(0, 8);
  const runs = await allAtOnce(project, [
    ...few.map((n) => ({ args: ['decide', `Decision ${n}`, '--decision', `Do ${n}`] })),
    ...few.map((n) => ({ args: ['blocker', 'raise', `Blocker ${n}`], cwd })),
    ...['strict_wait', 'mail_batch'].map((key) => ({ args: ['config', 'set', key, '9'] })),
  ]);
  expect(failuresOf(runs)).toEqual([]);
  const log = project.read('DECISIONS.md');
  for (const n of few) expect(log.split(`: Decision ${n}\n`)).toHaveLength(2);
  const { blockers } = project.must<{ blockers: { id: string; summary: string }[] }>('status');
  expect(blockers.map((blocker) => blocker.summary).sort()).toEqual(few.map((n) => `Blocker ${n}`).sort());
  expect(new Set(blockers.map((blocker) => blocker.id)).size).toBe(few.length);
  expect(project.must('config', 'get', 'strict_wait')).toEqual({ strict_wait: 9 });
  expect(project.must('config', 'get', 'mail_batch')).toEqual({ mail_batch: 9 });
});

test('a person who saves STATUS.md in the middle of it is not overwritten with what was read before', async () => {
  project = started('01');
  const cwd = project.worktree('01');
  project.mustIn(cwd, 'plan', 'start', '01-01');
  const file = project.statusFile('01');
  const adding = allAtOnce(
    project,
    numbers.slice(0, 8).map((n) => ({ args: ['task', 'add', `Task ${n}`], cwd })),
  );
  let isDone = false;
  void adding.then(() => {
    isDone = true;
  });
  let notes = 0;
  while (!isDone) {
    notes += 1;
    writeFileSync(file, `${readFileSync(file, 'utf8')}\n## Note ${notes}\n\nkept\n`);
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
  // Whoever was refused was told so. The person's own save may take coord's away: the file is theirs to save.
  const runs = await adding;
  for (const run of runs) expect([0, 1]).toContain(run.code);
  const refusal = /changed meanwhile|not understood/;
  for (const run of runs) if (run.code === 1) expect(run.stderr).toMatch(refusal);
  expect(project.mustIn(cwd, 'task', 'add', 'Last')).toMatchObject({ plan: '01-01' });
  const doctor = project.coord(['doctor', '--json']);
  expect(JSON.parse(doctor.stdout)).toEqual({ findings: [] });
});
