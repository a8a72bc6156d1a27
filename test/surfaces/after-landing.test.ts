/** What is asked of the queue when its branch has landed, or its target has got another name: the answer leads on. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { gitIn, Project } from '../kit/project.ts';

let project: Project;
beforeEach(() => {
  project = Project.started('01');
  writeFileSync(join(project.worktree('01'), 'new.txt'), 'x');
  for (const plan of ['01-01', '01-02']) {
    project.mustIn(project.worktree('01'), 'plan', 'start', plan);
    project.mustIn(project.worktree('01'), 'plan', 'complete', plan);
  }
  gitIn(project.worktree('01'), 'add', '-A');
  gitIn(project.worktree('01'), 'commit', '-qm', '01-01 and 01-02');
});
afterEach(() => project.dispose());

const coord = (...args: string[]) => project.coord(args);

test('a branch that went with its landing is told as landed, and not as lost', () => {
  project.must('merge', 'add', '01');
  project.must('merge', 'run');
  const again = coord('merge', 'add', '01');
  expect(again.code).toBe(1);
  expect(again.stderr).toContain('phase 01 has landed, as ');
  expect(again.stderr).not.toContain('coord phase start 01');
});

test('of a closed phase, no lost branch is to be made by starting it', () => {
  project.must('phase', 'close', '01');
  project.git('worktree', 'remove', '--force', project.worktree('01'));
  project.git('branch', '-D', 'coord/01-phase-01');
  const run = coord('merge', 'add', '01');
  expect(run.code).toBe(1);
  expect(run.stdout + run.stderr).toContain('git branch coord/01-phase-01 <commit>');
  expect(run.stdout + run.stderr).not.toContain('coord phase start 01');
});

test('a target that was renamed while a branch waited: what the run says to type lets it land', () => {
  project.must('merge', 'add', '01');
  project.git('branch', '-m', 'main', 'trunk');
  const left = coord('merge', 'run');
  expect(left.code).toBe(1);
  expect(left.stdout + left.stderr).toContain(
    'or `coord config set merge_target <branch>`, then `coord merge add 01`',
  );
  expect(coord('config', 'set', 'merge_target', 'trunk').code).toBe(0);
  expect(coord('merge', 'add', '01').code).toBe(0);
  expect(coord('merge', 'run').code).toBe(0);
  expect(project.git('show', 'trunk:new.txt')).toBe('x');
});

test('a setting that names another branch than the one that is gone is not blamed', () => {
  project.must('merge', 'add', '01');
  project.git('branch', '-m', 'main', 'trunk');
  project.must('config', 'set', 'merge_target', 'trunk');
  const left = coord('merge', 'run', '--json').stdout;
  expect(left).toContain('deleted or renamed since this was queued');
});
