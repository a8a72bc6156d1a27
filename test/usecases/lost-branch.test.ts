/** A worktree that is gone together with its branch: it begins anew where the branch stood, and is told so before. */
import { afterEach, expect, test } from 'vitest';
import { changePlan } from '../../src/usecases/change-status.ts';
import { checkProject } from '../../src/usecases/check-project.ts';
import { foldTransitions } from '../../src/usecases/fold-transitions.ts';
import { startPhase } from '../../src/usecases/start-phase.ts';
import { commitIn } from '../kit/landed.ts';
import { gitIn, type Project } from '../kit/project.ts';
import { queue, waiting } from '../kit/queue.ts';
import { report, value, worker } from '../kit/scene.ts';

let project: Project;
afterEach(() => project.dispose());

const BRANCH = 'coord/01-phase-01';
const gone = () =>
  checkProject(project.home, false).flatMap((finding) =>
    finding.code === 'worktree-gone' ? [finding.lost] : [],
  );
const head = () => gitIn(project.worktree('01'), 'rev-parse', 'HEAD').trim();
const remove = () => project.git('worktree', 'remove', '--force', project.worktree('01'));

test('a branch that was deleted: from the last commit that was reported or queued', () => {
  project = waiting(['01']);
  value(changePlan(worker(project, '01'), '01-01', 'start'));
  commitIn(project.worktree('01'), '01.txt', 'one\n');
  const first = head();
  value(changePlan(worker(project, '01'), '01-01', 'complete'));
  report(project, '01');
  value(foldTransitions(project.home));
  remove();
  expect(gone()).toEqual([null]);
  project.git('branch', '-D', BRANCH);
  expect(gone()).toEqual([first]);
  expect(project.coord(['doctor']).stdout).toContain(`begins anew at ${first.slice(0, 12)}`);
  value(startPhase(project.home, '01'));
  expect(head()).toBe(first);
  queue(project, '01', { 'more.txt': 'x\n' });
  const queued = head();
  remove();
  project.git('branch', '-D', BRANCH);
  value(startPhase(project.home, '01'));
  expect(head()).toBe(queued);
});

test('nothing was committed, or all of it is on the target: from there', () => {
  project = waiting(['01']);
  remove();
  project.git('branch', '-D', BRANCH);
  expect(gone()).toEqual(['']);
  value(startPhase(project.home, '01'));
  expect(head()).toBe(project.git('rev-parse', 'main').trim());
  queue(project, '01');
  project.git('merge', '-q', BRANCH);
  remove();
  project.git('branch', '-D', BRANCH);
  expect(gone()).toEqual(['']);
});
