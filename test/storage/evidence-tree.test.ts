/** The hash of a worktree's content: the same for the same files, another for any change, and nothing touched. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { commitsSince, treeOf, uncommitted } from '../../src/storage/evidence-tree.ts';
import { inOwnTmpdir } from '../kit/own-tmpdir.ts';
import { gitIn } from '../kit/project.ts';
import { put, repository, scratch } from './scratch.ts';

let root = '';
beforeEach(() => {
  root = repository();
  put(root, '.gitignore', 'ignored/\n');
  put(root, 'src/a.ts', 'a\n');
  gitIn(root, 'add', '-A');
  gitIn(root, 'commit', '-qm', 'All');
});

const hash = () => {
  const found = treeOf(root);
  if (found === undefined) throw new Error('no hash');
  return found;
};

test('of committed files it is the commit’s own tree', () => {
  expect(hash()).toBe(gitIn(root, 'rev-parse', 'HEAD^{tree}').trim());
});

describe('it is another after', () => {
  test.each<[string, () => void]>([
    ['a change', () => put(root, 'src/a.ts', 'b\n')],
    ['a change of the same length', () => put(root, 'src/a.ts', 'A\n')],
    ['an untracked file', () => put(root, 'new.ts')],
    ['an untracked file in a new folder', () => put(root, 'x/y/new.ts')],
    ['a file that is gone', () => rmSync(join(root, 'src/a.ts'))],
    ['a file that became executable', () => chmodSync(join(root, 'src/a.ts'), 0o755)],
    ['a symlink', () => symlinkSync('a.ts', join(root, 'src/b.ts'))],
    [
      'a change of the same length in the second of the last commit, whenever it is asked',
      () => {
        const [file, index] = [join(root, 'src/a.ts'), join(root, '.git/index')];
        const at = Math.floor(Date.now() / 1_000) - 60;
        gitIn(root, 'config', 'core.trustctime', 'false');
        utimesSync(file, at, at);
        gitIn(root, 'update-index', '--refresh');
        utimesSync(index, at, at);
        put(root, 'src/a.ts', 'A\n');
        utimesSync(file, at, at);
      },
    ],
    [
      'a change that git was told not to look for',
      () => {
        gitIn(root, 'update-index', '--assume-unchanged', 'src/a.ts');
        put(root, 'src/a.ts', 'hidden\n');
      },
    ],
    [
      'a change of a file that git was told to skip',
      () => {
        gitIn(root, 'update-index', '--skip-worktree', 'src/a.ts');
        put(root, 'src/a.ts', 'hidden\n');
      },
    ],
  ])('%s', (_, change) => {
    const before = hash();
    change();
    expect(hash()).not.toBe(before);
  });
});

describe('it is the same after', () => {
  test.each<[string, () => void]>([
    ['nothing', () => undefined],
    ['an ignored file', () => put(root, 'ignored/log.txt')],
    [
      'a change and its undoing',
      () => {
        put(root, 'src/a.ts', 'b\n');
        put(root, 'src/a.ts', 'a\n');
      },
    ],
    [
      "coord's own documents",
      () => {
        put(root, '.planning/STATE.md');
        put(root, '.planning/phases/01-a/STATUS.md');
        put(root, 'DECISIONS.md');
        put(root, '.coordination/x.json');
        put(root, '.progress/current-task.json');
        put(root, '.claude/worktrees/01-a/file.ts');
      },
    ],
    [
      "coord's own documents, committed and changed",
      () => {
        put(root, '.planning/phases/01-a/STATUS.md', 'one\n');
        gitIn(root, 'add', '-A');
        gitIn(root, 'commit', '-qm', 'Status');
        put(root, '.planning/phases/01-a/STATUS.md', 'two\n');
      },
    ],
    ['an empty folder', () => mkdirSync(join(root, 'empty'))],
    ['an empty commit', () => gitIn(root, 'commit', '-q', '--allow-empty', '-m', 'x')],
  ])('%s', (_, change) => {
    const before = hash();
    change();
    expect(hash()).toBe(before);
  });

  test.each(['add', 'commit'])('what is new is put into git: %s', (step) => {
    put(root, 'new.ts');
    put(root, 'src/a.ts', 'b\n');
    const before = hash();
    gitIn(root, 'add', '-A');
    if (step === 'commit') gitIn(root, 'commit', '-qm', 'x');
    expect(hash()).toBe(before);
  });
});

test("the user's index, objects and hooks are left alone, and nothing stays behind", () => {
  put(root, 'new.ts', 'never added\n');
  put(root, 'src/a.ts', 'changed\n');
  put(root, '.git/hooks/post-index-change', '#!/bin/sh\ntouch ran\n');
  chmodSync(join(root, '.git/hooks/post-index-change'), 0o755);
  const index = readFileSync(join(root, '.git/index'));
  const objects = gitIn(root, 'count-objects', '-v');
  const left = inOwnTmpdir((folder) => {
    hash();
    return readdirSync(folder);
  });
  expect(readFileSync(join(root, '.git/index')).equals(index)).toBe(true);
  expect(gitIn(root, 'count-objects', '-v')).toBe(objects);
  expect(existsSync(join(root, 'ran'))).toBe(false);
  expect(left).toEqual([]);
});

test('of a linked worktree it is that of its own files; of a repository without a commit there is one too', () => {
  const linked = join(scratch(), 'linked');
  gitIn(root, 'worktree', 'add', '-q', linked);
  expect(treeOf(linked)).toBe(hash());
  put(linked, 'more.ts');
  expect(treeOf(linked)).not.toBe(hash());
  const bare = scratch();
  gitIn(bare, 'init', '-q');
  put(bare, 'a.ts');
  expect(treeOf(bare)).toMatch(/^[0-9a-f]{40}$/);
});

test('where there is no repository, or git fails, there is none', () => {
  expect(treeOf(scratch())).toBeUndefined();
  put(root, '.git/index', 'not an index');
  expect(treeOf(root)).toBeUndefined();
});

test('commits since a moment come with their whole message, newest first', () => {
  const before = Date.now();
  gitIn(root, 'commit', '-q', '--allow-empty', '-m', 'Title\n\nRefs: 01-01');
  const old = '2020-01-01T00:00:00Z';
  const run = (...args: string[]) => gitIn(root, '-c', 'user.useConfigOnly=false', ...args);
  run('commit', '-q', '--allow-empty', '--date', old, '-m', 'An old one, committed today');
  const found = commitsSince(root, before);
  expect(found.slice(0, 2).map((commit) => commit.message.trim())).toEqual([
    'An old one, committed today',
    'Title\n\nRefs: 01-01',
  ]);
  expect(found[0]?.authoredMs).toBe(Date.parse(old));
  expect(found[0]?.sha).toMatch(/^[0-9a-f]{40}$/);
  expect(commitsSince(root, Date.now() + 60_000)).toEqual([]);
  expect(commitsSince(scratch(), 0)).toEqual([]);
});

test("what is uncommitted leaves coord's own documents out", () => {
  expect(uncommitted(root)).toEqual([]);
  put(root, 'src/a.ts', 'b\n');
  put(root, 'new.ts');
  put(root, 'AGENTS.md');
  put(root, '.planning/STATE.md');
  put(root, '.planning/phases/01-a/STATUS.md');
  put(root, '.progress/current-task.json');
  expect(uncommitted(root).sort()).toEqual(['AGENTS.md', 'new.ts', 'src/a.ts']);
});
