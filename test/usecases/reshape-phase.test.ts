/** A phase that turns out to be more, or elsewhere, than was planned. */
import { afterEach, expect, test } from 'vitest';
import { foldTransitions } from '../../src/usecases/fold-transitions.ts';
import type { Project } from '../kit/project.ts';
import { addPhase, report, started, stateOf, statusOf, value } from '../kit/scene.ts';

let project: Project;
afterEach(() => project?.dispose());

test('a worker adds a plan to its own phase; the coordinator is told by the counts', () => {
  project = started('01');
  const cwd = project.worktree('01');
  expect(project.mustIn(cwd, 'plan', 'add', '01-03', 'Third')).toEqual({
    phase: '01',
    plan: '01-03',
    title: 'Third',
  });
  expect(statusOf(project, '01').plans.map((plan) => plan.id)).toEqual(['01-01', '01-02', '01-03']);
  expect(report(project, '01')).toEqual([]);
  value(foldTransitions(project.home));
  expect(stateOf(project).phases[0]?.plans.map((plan) => plan.id)).toEqual(['01-01', '01-02', '01-03']);
  expect(project.coord(['plan', 'add', '01-03', 'Again'], { cwd })).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('there already'),
  });
});

test('the coordinator adds to a phase that nobody has started, and asks the worker of one that is at work', () => {
  project = started('01');
  value(addPhase(project, '02'));
  project.must('plan', 'add', '02-03', 'Third', '--phase', '02');
  expect(stateOf(project).phases[1]?.plans).toHaveLength(3);
  expect(project.coord(['plan', 'add', '02-03', 'x', '--phase', '02'])).toMatchObject({ code: 1 });
  const refused = project.coord(['plan', 'add', '01-09', 'More', '--phase', '01']);
  expect(refused).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('coord send worker-01 directive'),
  });
  expect(project.coord(['plan', 'add', 'x', 'y']).code).toBe(64);
  const other = project.coord(['plan', 'add', '02-01', 'Mine'], { cwd: project.worktree('01') });
  expect(other).toMatchObject({ code: 1, stderr: expect.stringContaining('belongs to phase 02') });
});

test('another scope counts at the next write', () => {
  project = started('01');
  const cwd = project.worktree('01');
  expect(project.guardWrite(cwd, `${cwd}/docs/a.md`)).toBeUndefined();
  project.must('phase', 'scope', '01', 'src/**');
  expect(project.guardWrite(cwd, `${cwd}/docs/a.md`)).toContain('outside the scope');
  expect(project.guardWrite(cwd, `${cwd}/src/a.ts`)).toBeUndefined();
  project.must('phase', 'scope', '01');
  expect(project.guardWrite(cwd, `${cwd}/docs/a.md`)).toBeUndefined();
  expect(project.coord(['phase', 'scope', '01', '../x'])).toMatchObject({ code: 1 });
  expect(project.coord(['phase', 'scope', '09', 'src/**'])).toMatchObject({ code: 1 });
});
