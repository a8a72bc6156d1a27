/** Git brings an older STATUS.md or STATE.md back: what coord had saved goes on, and is brought forward again. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { changePlan, raiseBlockerOf } from '../../src/usecases/change-status.ts';
import { checkProject } from '../../src/usecases/check-project.ts';
import { gitIn, type Project } from '../kit/project.ts';
import {
  addPhase,
  editStatus,
  refusal,
  report,
  started,
  stateOf,
  statusOf,
  value,
  worker,
} from '../kit/scene.ts';

let project: Project;
afterEach(() => project.dispose());

const root = () => project.worktree('01');
const file = () => project.statusFile('01');
const text = () => readFileSync(file(), 'utf8');
const commitAll = (folder: string, title: string) => {
  gitIn(folder, 'add', '-A');
  gitIn(folder, 'commit', '-q', '--allow-empty', '-m', title);
};
const openBlockers = () => statusOf(project, '01').blockers.map(({ id }) => id);
const raise = (summary: string) => value(raiseBlockerOf(worker(project, '01'), { summary })).blocker;

/** Its first revision is committed; a plan was begun and a blocker raised since. */
function withNews(): void {
  project = started('01');
  commitAll(root(), 'Status');
  value(changePlan(worker(project, '01'), '01-01', 'start'));
  expect(raise('why')).toBe('B1');
}

/** Two lines of history: an older STATE.md with a TODO that no other has, and a newer one with a phase more. */
function diverged(): void {
  project = started('01');
  commitAll(project.home, 'Plan');
  project.git('checkout', '-q', '-b', 'other');
  const other = project
    .read('.planning/STATE.md')
    .replace('project: ', 'note: theirs\nproject: ')
    .replace(/^updated: .*$/m, 'updated: 2026-01-01T00:00:00.000Z');
  project.write('.planning/STATE.md', other);
  commitAll(project.home, 'Theirs');
  project.git('checkout', '-q', 'main');
  value(addPhase(project, '02'));
  value(addPhase(project, '03'));
  commitAll(project.home, 'Ours');
  expect(() => project.git('merge', '-q', 'other')).toThrow();
}

describe('a STATUS.md that git set back', () => {
  test('by a hard reset loses nothing, and nothing is told anew', () => {
    withNews();
    gitIn(root(), 'reset', '-q', '--hard');
    expect(text()).not.toContain('why');
    expect(openBlockers()).toEqual(['B1']);
    expect(report(project, '01')).toEqual([]);
    expect(text()).toContain('why');
    expect(raise('more')).toBe('B2');
    expect(text()).toContain('why');
    expect(statusOf(project, '01').plans[0]?.state).toBe('in_progress');
  });

  test('by a rebase is known, whatever is committed right behind it', async () => {
    withNews();
    commitAll(project.home, 'Main goes on');
    // What is within one second cannot be told apart.
    await sleep(1_100);
    gitIn(root(), 'reset', '-q', '--hard');
    gitIn(root(), 'rebase', '-q', 'main');
    gitIn(root(), 'commit', '-q', '--amend', '--allow-empty', '-m', 'Amended');
    expect(report(project, '01')).toEqual([]);
    expect(openBlockers()).toEqual(['B1']);
    expect(text()).toContain('why');
  });

  test('is brought forward by the next verb', () => {
    withNews();
    gitIn(root(), 'reset', '-q', '--hard');
    expect(raise('more')).toBe('B2');
    expect(text()).toContain('why');
  });

  test('and asked for by its name is the truth, and told', () => {
    withNews();
    gitIn(root(), 'checkout', '-q', '--', '.planning');
    expect(report(project, '01')).toContain('state_changed');
    expect(statusOf(project, '01').plans[0]?.state).toBe('not_started');
    // From then on the older one is the newest.
    commitAll(root(), 'More');
    gitIn(root(), 'reset', '-q', '--hard');
    expect(report(project, '01')).toEqual([]);
    expect(openBlockers()).toEqual([]);
  });

  test('is not taken while git is still at it, which notes where HEAD went when it is through', () => {
    withNews();
    const path = relative(root(), file());
    const lock = join(gitIn(root(), 'rev-parse', '--absolute-git-dir').trim(), 'index.lock');
    writeFileSync(lock, '');
    const before = gitIn(root(), 'show', `HEAD:${path}`);
    writeFileSync(file(), before);
    expect(report(project, '01')).toEqual([]);
    expect([openBlockers(), text()]).toEqual([['B1'], before]);
    rmSync(lock);
    writeFileSync(file(), `${before}\n`);
    gitIn(root(), 'reset', '-q', '--hard');
    expect(report(project, '01')).toEqual([]);
    expect(openBlockers()).toEqual(['B1']);
    expect(text()).toContain('why');
  });

  test('and written by hand is the truth, whatever revision it names', () => {
    withNews();
    editStatus(project, '01', (before) =>
      before.replace(/^revision: \d+$/m, 'revision: 0').replace('state: in_progress', 'state: failed'),
    );
    expect(report(project, '01')).toEqual(['plan_failed']);
    expect(statusOf(project, '01').plans[0]?.state).toBe('failed');
    expect(raise('more')).toBe('B2');
  });
});

describe('in the midst of a rebase', () => {
  function conflicting(): void {
    project = started('01');
    project.write('a.txt', 'main\n');
    project.git('add', 'a.txt');
    project.git('commit', '-qm', 'Main goes on');
    writeFileSync(join(root(), 'a.txt'), 'worker\n');
    gitIn(root(), 'add', 'a.txt');
    gitIn(root(), 'commit', '-qm', 'Work');
    value(changePlan(worker(project, '01'), '01-01', 'start'));
    commitAll(root(), 'Status');
    raise('why');
    commitAll(root(), 'Status again');
    expect(() => gitIn(root(), 'rebase', '-q', 'main')).toThrow();
  }

  test('a STATUS.md that is not there yet is known, nothing is told, and nobody writes it', () => {
    conflicting();
    expect(openBlockers()).toEqual(['B1']);
    expect(report(project, '01')).toEqual([]);
    for (const repair of [false, true])
      expect(checkProject(project.home, repair).map(({ code }) => code)).toContain('document');
    expect(refusal(changePlan(worker(project, '01'), '01-02', 'start'))).toMatchObject({
      code: 'document-behind',
      underWay: 'rebase',
    });
    writeFileSync(join(root(), 'a.txt'), 'both\n');
    gitIn(root(), 'add', 'a.txt');
    gitIn(root(), '-c', 'core.editor=true', 'rebase', '--continue');
    expect(report(project, '01')).toEqual([]);
    value(changePlan(worker(project, '01'), '01-02', 'start'));
    expect(openBlockers()).toEqual(['B1']);
  });

  test('a STATE.md in conflict keeps nobody from looking', () => {
    diverged();
    value(raiseBlockerOf(worker(project, '01'), { summary: 'why' }));
    const { code, stdout } = project.coord(['status']);
    expect([code, stdout]).toEqual([0, expect.stringContaining('01/B1 open')]);
    expect(project.coord(['doctor']).stdout).toContain('git merge --abort');
    project.git('merge', '--abort');
    expect(project.coord(['status']).stdout).toContain('01/B1 open');
    expect(project.read('.planning/STATE.md')).toContain('why');
  });

  test('one with a conflict in it is known as well', () => {
    withNews();
    commitAll(root(), 'News');
    gitIn(root(), 'checkout', '-q', '-b', 'other', 'HEAD~1');
    writeFileSync(file(), text().replace('not_started', 'failed'));
    gitIn(root(), 'commit', '-qam', 'Other');
    gitIn(root(), 'checkout', '-q', '-');
    expect(() => gitIn(root(), 'merge', '-q', 'other')).toThrow();
    expect(text()).toContain('<<<<<<<');
    expect(openBlockers()).toEqual(['B1']);
    expect(report(project, '01')).toEqual([]);
    gitIn(root(), 'merge', '--abort');
    expect(report(project, '01')).toEqual([]);
    expect(raise('more')).toBe('B2');
  });

  test('a commit that somebody only looks at is left alone', () => {
    withNews();
    commitAll(root(), 'News');
    const branch = gitIn(root(), 'symbolic-ref', '--short', 'HEAD').trim();
    gitIn(root(), 'checkout', '-q', '--detach', 'HEAD~1');
    expect(report(project, '01')).toEqual([]);
    expect(gitIn(root(), 'status', '--porcelain')).toBe('');
    gitIn(root(), 'checkout', '-q', branch);
    expect(openBlockers()).toEqual(['B1']);
  });
});

describe('a STATE.md that git set back', () => {
  test.each([
    ['a hard reset', ['reset', '-q', '--hard']],
    ['a checkout of all', ['checkout', '-q', '--', '.']],
  ])('by %s: the phases are there, and doctor brings the file forward', (_, args) => {
    project = started('01');
    commitAll(project.home, 'Plan');
    value(addPhase(project, '02'));
    project.git(...args);
    expect(project.read('.planning/STATE.md')).not.toContain('Phase 02');
    expect(stateOf(project).phases.map(({ id }) => id)).toEqual(['01', '02']);
    const codes = (repair: boolean) =>
      checkProject(project.home, repair).filter(({ code }) => code === 'document-set-back');
    expect(codes(false)).toMatchObject([{ repaired: false }]);
    expect(codes(true)).toMatchObject([{ repaired: true }]);
    expect(codes(false)).toEqual([]);
    expect(project.read('.planning/STATE.md')).toContain('Phase 02');
  });

  test('and gone is named, not made up', () => {
    project = started('01');
    commitAll(project.home, 'Plan');
    rmSync(project.path('.planning/STATE.md'));
    expect(checkProject(project.home, false)).toMatchObject([
      { code: 'document', problem: { code: 'document-missing' } },
    ]);
  });

  test('is not one that was saved later on another machine, and pulled', () => {
    project = started('01');
    commitAll(project.home, 'Plan');
    project.git('checkout', '-q', '-b', 'theirs');
    const name = project.path('.planning/STATE.md');
    const { revision } = stateOf(project);
    const theirs = readFileSync(name, 'utf8')
      .replace(/^revision: .*$/m, `revision: ${revision + 1}`)
      .replace(/^updated: .*$/m, `updated: ${new Date(Date.now() + 60_000).toISOString()}`)
      .replace('name: Phase 01', 'name: Theirs');
    writeFileSync(name, theirs);
    commitAll(project.home, 'Theirs');
    project.git('checkout', '-q', 'main');
    for (const id of ['02', '03', '04']) value(addPhase(project, id));
    project.git('checkout', '-q', '--', '.planning');
    expect(stateOf(project).phases).toHaveLength(4);
    project.git('merge', '-q', '--ff-only', 'theirs');
    expect(stateOf(project).phases.map((phase) => phase.name)).toEqual(['Theirs']);
    value(addPhase(project, '02'));
    expect(stateOf(project).phases).toHaveLength(2);
    expect(stateOf(project).revision).toBeGreaterThan(revision + 3);
  });
});

describe('a conflict that a person ended', () => {
  const isSetBack = () => checkProject(project.home, false).some(({ code }) => code === 'document-set-back');

  test.each([
    ['a merge', ['commit', '-qam', 'Merged'], undefined],
    ['a rebase', ['-c', 'core.editor=true', 'rebase', '--continue'], ['rebase', '-q', 'other']],
  ])('by %s, in words of one own and an old revision, is the truth', (_, end, begin) => {
    diverged();
    const ours = gitIn(project.home, 'show', 'main:.planning/STATE.md');
    if (begin) {
      project.git('merge', '--abort');
      expect(() => project.git(...begin)).toThrow();
    }
    project.write(
      '.planning/STATE.md',
      ours.replace(/^revision: \d+$/m, 'revision: 2').replace('Phase 03', 'Phase three'),
    );
    project.git('add', '-A');
    project.git(...end);
    expect(stateOf(project).phases.map(({ name }) => name)).toContain('Phase three');
    expect(isSetBack()).toBe(false);
    value(addPhase(project, '04'));
    expect(project.read('.planning/STATE.md')).toContain('Phase three');
  });

  test('with what coord once wrote is set back', () => {
    diverged();
    const old = gitIn(project.home, 'show', 'main~1:.planning/STATE.md');
    project.write('.planning/STATE.md', old);
    project.git('commit', '-qam', 'Merged');
    expect(stateOf(project).phases.map(({ id }) => id)).toEqual(['01', '02', '03']);
    expect(isSetBack()).toBe(true);
  });

  test('is set back by what comes later', () => {
    diverged();
    project.git('checkout', '-q', '--theirs', '.planning/STATE.md');
    project.git('commit', '-qam', 'Merged');
    project.git('reset', '-q', '--hard', 'HEAD~1');
    expect(stateOf(project).phases.map(({ id }) => id)).toEqual(['01', '02', '03']);
    project.git('reset', '-q', '--hard', 'other');
    expect(stateOf(project).phases.map(({ id }) => id)).toEqual(['01', '02', '03']);
    expect(isSetBack()).toBe(true);
  });
});
