/** A worktree that lies elsewhere than noted: moved by git, with the whole project, or come along in a copy of it. */
import { cpSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readPlaceRecord, readWorkerRecord } from '../../src/storage/light/roster.ts';
import { checkProject } from '../../src/usecases/check-project.ts';
import { startPhase } from '../../src/usecases/start-phase.ts';
import { gitIn, Project } from '../kit/project.ts';
import { refusal, value } from '../kit/scene.ts';

let project: Project;
beforeEach(() => {
  project = Project.started('01');
  writeFileSync(join(project.worktree('01'), 'own.txt'), 'mine');
});
afterEach(() => project.dispose());

const beside = (name: string) => join(dirname(project.outside('x')), name);
const worktreeIn = (home: string) => join(home, '.claude', 'worktrees', basename(project.worktree('01')));
const noted = (home: string) => [
  readWorkerRecord(home, 'worker-01')?.worktree,
  readPlaceRecord(home, '01-phase-01')?.worktree,
];

/** What doctor finds, mends and then finds no more. */
function expectFollowed(home: string, to: string): void {
  const finding = { code: 'worktree-moved', worker: 'worker-01', worktree: project.worktree('01'), to };
  expect(checkProject(home, false)).toEqual([{ ...finding, repaired: false }]);
  expect(checkProject(home, true)).toEqual([{ ...finding, repaired: true }]);
  expect(checkProject(home, false)).toEqual([]);
  expectThere(home, to);
}

function expectThere(home: string, to: string): void {
  expect(noted(home)).toEqual([to, to]);
  expect(gitIn(home, 'worktree', 'list', '--porcelain')).toContain(`worktree ${to}\n`);
  expect(gitIn(to, 'status', '--porcelain')).toContain('?? own.txt');
}

describe('doctor follows', () => {
  test('a worktree that git has moved', () => {
    const to = beside('elsewhere ü');
    project.git('worktree', 'move', project.worktree('01'), to);
    expectFollowed(project.home, to);
  });

  test('one that came along when the whole project was moved', () => {
    const home = beside('moved');
    renameSync(project.home, home);
    expectFollowed(home, worktreeIn(home));
  });

  test('one outside of the project, when that alone was moved', () => {
    const outside = beside('elsewhere');
    project.git('worktree', 'move', project.worktree('01'), outside);
    checkProject(project.home, true);
    const home = beside('moved');
    renameSync(project.home, home);
    expect(checkProject(home, true)).toMatchObject([{ code: 'worktree-moved', to: outside }]);
    expect(checkProject(home, false)).toEqual([]);
    expectThere(home, outside);
  });

  test('one that came along in a copy, and leaves alone what was copied', () => {
    const home = beside('copy');
    cpSync(project.home, home, { recursive: true, preserveTimestamps: true });
    const before = gitIn(project.home, 'worktree', 'list', '--porcelain');
    expectFollowed(home, worktreeIn(home));
    gitIn(worktreeIn(home), 'commit', '-q', '--allow-empty', '-m', 'of the copy');
    expect(gitIn(project.home, 'worktree', 'list', '--porcelain')).toBe(before);
    expect(gitIn(project.worktree('01'), 'log', '-1', '--format=%s')).not.toContain('of the copy');
    expect(checkProject(project.home, false)).toEqual([]);
  });

  test('one whose following was killed between its writes', () => {
    const home = beside('moved');
    renameSync(project.home, home);
    const file = join(worktreeIn(home), '.git');
    writeFileSync(file, readFileSync(file, 'utf8').replace(project.home, home));
    expectFollowed(home, worktreeIn(home));
  });
});

describe('a copy without the worktree', () => {
  let home: string;
  beforeEach(() => {
    home = beside('copy');
    cpSync(project.home, home, { recursive: true, preserveTimestamps: true });
    rmSync(worktreeIn(home), { recursive: true });
  });

  test('is told that it is another’s, and not to touch it', () => {
    const worktree = project.worktree('01');
    const told = [{ code: 'worktree-foreign', worker: 'worker-01', phase: '01', worktree }];
    expect(checkProject(home, true)).toEqual(told);
    const { stdout, stderr } = project.coord(['doctor'], { cwd: home });
    expect(stdout + stderr).toContain('belongs to another repository');
    expect(stdout + stderr).not.toContain('mv ');
  });

  test('gets one of its own, as doctor says, and the other stays as it is', () => {
    const before = gitIn(project.home, 'worktree', 'list', '--porcelain');
    expect(value(startPhase(home, '01'))).toMatchObject({ worktree: worktreeIn(home) });
    expect(checkProject(home, false)).toEqual([]);
    expect(checkProject(project.home, false)).toEqual([]);
    expect(gitIn(project.home, 'worktree', 'list', '--porcelain')).toBe(before);
    expect(existsSync(join(project.worktree('01'), 'own.txt'))).toBe(true);
  });
});

describe('where the project was moved', () => {
  test('phase start follows too, and names where the worker is', () => {
    const home = beside('moved');
    renameSync(project.home, home);
    const worktree = worktreeIn(home);
    expect(refusal(startPhase(home, '01'))).toMatchObject({ code: 'phase-already-started', worktree });
    expectThere(home, worktree);
  });

  test('a command in the worktree says so, and what mends it does', () => {
    const home = beside('moved');
    renameSync(project.home, home);
    const cwd = worktreeIn(home);
    for (const words of [['init'], ['status'], ['plan', 'list']]) {
      const run = project.coord(words, { cwd });
      expect(run.code, words.join(' ')).toBe(1);
      expect(run.stderr).toContain('is not where its `.git` file says');
      expect(run.stderr).toContain('coord doctor --repair');
    }
    expect(project.coord(['doctor', '--repair'], { cwd: home }).code).toBe(0);
    expect(project.coord(['plan', 'list'], { cwd }).stdout).toContain('01-01');
  });
});
