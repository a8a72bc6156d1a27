/** What a kill leaves half-written: no work of anybody's, in nobody's way, and swept without being asked for. */
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { IGNORED_BY_GIT } from '../../src/domain/project-paths.ts';
import { TEMPORARY_PATTERN } from '../../src/domain/temporary-name.ts';
import { treeOf } from '../../src/storage/evidence-tree.ts';
import { initProject } from '../../src/usecases/init-project.ts';
import { reapOrphans } from '../../src/usecases/reap-orphans.ts';
import { gitIn, type Project } from '../kit/project.ts';
import { started, value } from '../kit/scene.ts';
import { Session } from '../kit/session.ts';

const LEFT = '.tmp-999999999-mwqydjlqbdrcrb-11';
const DAY_S = 86_400;

let project: Project;
beforeEach(() => {
  project = started('01');
});
afterEach(() => project.dispose());

function leave(file: string, ageS = 120): string {
  const path = project.path(file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, 'half');
  const at = Date.now() / 1_000 - ageS;
  utimesSync(path, at, at);
  return path;
}

const there = (paths: readonly string[]) => paths.filter((path) => existsSync(path));

describe('of git it is hidden', () => {
  const file = '.claude/worktrees/01-phase-01/.planning/phases/01-phase-01';

  test('so it is no uncommitted work, no other tree for evidence, and not committed with all else', () => {
    const root = project.worktree('01');
    gitIn(root, 'add', '-A');
    gitIn(root, 'commit', '-qm', 'All');
    const before = treeOf(root);
    expect(before).toBeDefined();
    leave(`${file}/${LEFT}`);
    expect(gitIn(root, 'status', '--porcelain')).toBe('');
    expect(treeOf(root)).toBe(before);
    gitIn(root, 'add', '-A');
    expect(gitIn(root, 'diff', '--cached', '--name-only')).toBe('');
  });

  test('and nothing else is', () => {
    const root = project.worktree('01');
    for (const name of ['.tmp-notes', '.tmp-1', '.tmp-', 'tmp-1-a-1', '.tmp-x-a-1'])
      writeFileSync(join(root, name), '');
    const told = gitIn(root, 'status', '--porcelain', '--', '.tmp*', 'tmp*');
    expect(told.trim().split('\n')).toHaveLength(5);
  });

  test('what a person wrote into .git/info/exclude stays, and once is enough', () => {
    const own = project.path('.git', 'info', 'exclude');
    writeFileSync(own, 'mine');
    value(initProject(project.home));
    value(initProject(project.home));
    expect(readFileSync(own, 'utf8')).toBe(
      ['mine', '# coord: of this machine alone', TEMPORARY_PATTERN, ...IGNORED_BY_GIT, ''].join('\n'),
    );
    rmSync(dirname(own), { recursive: true });
    value(initProject(project.home));
    expect(gitIn(project.home, 'check-ignore', LEFT).trim()).toBe(LEFT);
  });

  test('where it cannot be written, all else works', () => {
    rmSync(project.path('.git', 'info'), { recursive: true });
    mkdirSync(project.path('.git', 'info', 'exclude'), { recursive: true });
    expect(value(initProject(project.home)).made).toEqual([]);
  });
});

describe('it is swept', () => {
  const PLACES = [
    '.planning',
    '.claude',
    'docs/history',
    '.workflow/.cycle',
    '.coordination',
    '.coordination/roster/reported',
    '.coordination/roster/new-kind/below',
    '.coordination/queue/kept/01.1/.progress/vas/history',
    '.coordination/inbox/worker-01',
    '.claude/worktrees/01-phase-01/.progress',
    '.claude/worktrees/01-phase-01/.planning/phases/01-phase-01',
  ];

  test('when a coordinator comes', async () => {
    const left = PLACES.map((folder) => leave(join(folder, LEFT)));
    await new Session(project, { session: 's1', cwd: project.home }).start();
    expect(there(left)).toEqual([]);
  });

  test('by a clean-up, of leases and archives too', () => {
    const folders = [...PLACES, '.coordination/leases/seat-x', '.coordination/archive/worker-01'];
    const left = folders.map((folder) => leave(join(folder, LEFT)));
    value(reapOrphans(project.home, true));
    expect(there(left)).toEqual(left);
    value(reapOrphans(project.home, false));
    expect(there(left)).toEqual([]);
  });

  test('not while somebody may be about to write it, nor what is not coord’s', async () => {
    const young = leave(`.coordination/roster/${LEFT}`, 10);
    const alive = leave(`.coordination/roster/.tmp-${process.pid}-mwqydjlq-1`);
    const named = leave('.coordination/roster/.tmp-notes');
    const theirs = ['.tmp-2024', '.tmp-2024-01-01', '.tmp-2024-plan-2.md'].map((name) => leave(name));
    const deep = leave(`src/${LEFT}`);
    const slot = leave(`.coordination/integration/one/${LEFT}`);
    const outside = join(project.outside('elsewhere'), LEFT);
    writeFileSync(outside, 'x');
    utimesSync(outside, 0, 0);
    symlinkSync(dirname(outside), project.path('.coordination', 'roster', 'link'));
    await new Session(project, { session: 's1', cwd: project.home }).start();
    value(reapOrphans(project.home, false));
    const all = [young, alive, named, ...theirs, deep, slot, outside];
    expect(there(all)).toEqual(all);
  });

  test('after a day even where another process has got its number', () => {
    const old = leave(`.coordination/roster/.tmp-${process.pid}-mwqydjlq-1`, 2 * DAY_S);
    value(reapOrphans(project.home, false));
    expect(there([old])).toEqual([]);
  });
});
