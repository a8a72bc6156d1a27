import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { branchNameOf, changedFiles, git, hasBranch, headOf, isAncestor } from '../../src/storage/git.ts';
import { gitIn } from '../kit/project.ts';
import { put, repository, scratch, unborn } from './scratch.ts';

const before = { ...process.env };
afterEach(() => {
  process.env = { ...before };
});

describe("the caller's environment", () => {
  const variables = [
    'GIT_DIR',
    'GIT_WORK_TREE',
    'GIT_INDEX_FILE',
    'GIT_COMMON_DIR',
    'GIT_OBJECT_DIRECTORY',
    'GIT_NAMESPACE',
    'GIT_CEILING_DIRECTORIES',
  ];
  test.each(variables)('%s points git nowhere else', (name) => {
    const mine = repository();
    const other = repository();
    put(mine, 'new.txt');
    process.env[name] =
      name === 'GIT_WORK_TREE' || name === 'GIT_CEILING_DIRECTORIES' ? other : join(other, '.git');
    expect(changedFiles(mine)).toEqual([{ status: '??', path: 'new.txt' }]);
    expect(git(mine, ['rev-parse', '--show-toplevel']).stdout.trim()).toBe(mine);
    expect(headOf(mine)).toMatch(/^[0-9a-f]{40}$/);
  });

  test('the name of the committer is left to the caller', () => {
    const root = repository();
    process.env['GIT_AUTHOR_NAME'] = 'Somebody';
    git(root, ['commit', '--allow-empty', '-qm', 'x']);
    expect(gitIn(root, 'log', '-1', '--format=%an').trim()).toBe('Somebody');
  });
});

describe('changedFiles', () => {
  const names = [
    'plain.txt',
    'a b.txt',
    'line\nbreak.txt',
    'quo"te.txt',
    "apo'strophe",
    'back\\slash',
    'ünï-😀.txt',
    ' leads',
    'trails ',
    '-dash',
    'a -> b',
    '\u0001control',
    '.hidden/x',
    '$(touch no)',
  ];
  test.each(names)('names the untracked, the changed and the removed file %j as it is', (name) => {
    const root = repository();
    put(root, name);
    expect(changedFiles(root)).toEqual([{ status: '??', path: name }]);
    gitIn(root, 'add', '-A');
    gitIn(root, 'commit', '-qm', 'x');
    put(root, name, 'changed\n');
    expect(changedFiles(root)).toEqual([{ status: ' M', path: name }]);
    rmSync(join(root, name));
    expect(changedFiles(root)).toEqual([{ status: ' D', path: name }]);
  });

  test('a rename is a removal and an addition, each under its own name', () => {
    const root = repository();
    gitIn(root, 'mv', 'README.md', 'READ.md');
    const found = changedFiles(root).sort((a, b) => a.path.localeCompare(b.path));
    expect(found).toEqual([
      { status: 'A ', path: 'READ.md' },
      { status: 'D ', path: 'README.md' },
    ]);
  });

  test('every file of an untracked folder is named', () => {
    const root = repository();
    put(root, 'new/a');
    put(root, 'new/deep/b');
    expect(changedFiles(root).map(({ path }) => path)).toEqual(['new/a', 'new/deep/b']);
  });

  test('nothing is named outside a repository', () => {
    expect(changedFiles(scratch())).toEqual([]);
  });
});

describe('questions', () => {
  test('a repository without a commit has a branch and no head', () => {
    const root = unborn(join(scratch(), 'r'));
    expect([headOf(root), branchNameOf(root), hasBranch(root, 'main')]).toEqual([undefined, 'main', false]);
  });

  test('a detached head has no branch', () => {
    const root = repository();
    gitIn(root, 'checkout', '-q', '--detach');
    expect([branchNameOf(root), hasBranch(root, 'main')]).toEqual([undefined, true]);
  });

  test('a branch is found by its whole name alone', () => {
    const root = repository();
    gitIn(root, 'branch', 'coord/01-api');
    const found = ['coord/01-api', '01-api', 'coord/01', 'coord/*'].map((name) => hasBranch(root, name));
    expect(found).toEqual([true, false, false, false]);
  });

  test('an ancestor is told from a descendant', () => {
    const root = repository();
    const older = headOf(root) ?? '';
    gitIn(root, 'commit', '--allow-empty', '-qm', 'x');
    const newer = headOf(root) ?? '';
    expect([
      isAncestor(root, older, newer),
      isAncestor(root, newer, older),
      isAncestor(root, older, older),
    ]).toEqual([true, false, true]);
  });

  test('a folder that is not there and a git that is not there are answers, not exceptions', () => {
    expect(git(join(scratch(), 'none'), ['status']).ok).toBe(false);
    const empty = scratch();
    mkdirSync(join(empty, 'bin'));
    process.env['PATH'] = join(empty, 'bin');
    expect(git(empty, ['status'])).toMatchObject({ ok: false, stderr: expect.stringContaining('git') });
  });

  test('an argument is no shell text', () => {
    const root = repository();
    expect(git(root, ['rev-parse', '--verify', '--quiet', '$(touch ran); HEAD']).ok).toBe(false);
    expect(changedFiles(root)).toEqual([]);
  });
});

test('what is left of a time limit need not be a whole number', () => {
  const root = repository();
  for (const timeoutMs of [5_000.25, 0.5, -3])
    expect(() => git(root, ['--version'], { timeoutMs })).not.toThrow();
  expect(git(root, ['--version'], { timeoutMs: 5_000.25 }).ok).toBe(true);
});
