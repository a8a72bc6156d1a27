/** A branch from before coord is checked out in the primary worktree: nothing is lost, nothing is in the way of going back. */
import { existsSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { changePlan } from '../../src/usecases/change-status.ts';
import { checkProject } from '../../src/usecases/check-project.ts';
import { initProject } from '../../src/usecases/init-project.ts';
import type { Project } from '../kit/project.ts';
import { refusal, report, started, stateOf, value, worker } from '../kit/scene.ts';

let project: Project;
afterEach(() => project.dispose());
beforeEach(() => {
  project = started('01');
  project.git('branch', 'before', 'main');
  project.git('add', '-A');
  project.git('commit', '-qm', 'Set up coord');
  project.git('checkout', '-q', 'before');
});

const elsewhere = { code: 'document-elsewhere', branch: 'before', holder: 'main' };

test('is said, and going back brings all of it, with what was reported meanwhile', () => {
  expect(existsSync(project.path('.planning/STATE.md'))).toBe(false);
  const { code, stderr } = project.coord(['status']);
  expect([code, stderr]).toEqual([1, expect.stringContaining('`git switch main`')]);
  expect(refusal(initProject(project.home))).toMatchObject(elsewhere);
  for (const repair of [false, true])
    expect(checkProject(project.home, repair)).toMatchObject([{ code: 'document', problem: elsewhere }]);
  value(changePlan(worker(project, '01'), '01-01', 'start'));
  report(project, '01');
  expect(project.git('status', '--porcelain')).toBe('');
  project.git('switch', '-q', 'main');
  expect(project.coord(['status']).stdout).toContain('1 in progress');
  expect(stateOf(project).phases[0]?.plans[0]?.state).toBe('in_progress');
});

test('nothing of this machine is in the reach of git there', () => {
  project.git('clean', '-q', '-fd');
  expect(project.git('stash', '-u')).toContain('No local changes');
  project.git('switch', '-q', 'main');
  expect(stateOf(project).phases.map(({ state }) => state)).toEqual(['active']);
  expect(checkProject(project.home, false)).toEqual([]);
});

test('a commit that takes STATE.md away is no other branch', () => {
  project.git('switch', '-q', 'main');
  project.git('rm', '-q', '.planning/STATE.md');
  project.git('commit', '-qm', 'Away');
  expect(checkProject(project.home, false)).toMatchObject([
    { code: 'document', problem: { code: 'document-missing' } },
  ]);
});
