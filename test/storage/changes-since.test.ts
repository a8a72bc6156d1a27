/** What changed since a moment, as git shows it: committed or not, in any repository, and nothing that was so before. */
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { baselineOf, changesSince } from '../../src/storage/changes-since.ts';
import { gitIn } from '../kit/project.ts';
import { put, repository, scratch } from './scratch.ts';

function changed(root: string, work: () => void): string[] {
  const baseline = baselineOf(root);
  if (!baseline) throw new Error('no baseline');
  work();
  return (changesSince(root, baseline) ?? ['git could not say']).map((one) =>
    typeof one === 'string' ? one : `${one.action} ${one.file}`,
  );
}

function repositoryWith(files: Record<string, string>): string {
  const root = repository();
  for (const [file, text] of Object.entries(files)) put(root, file, text);
  gitIn(root, 'add', '-A');
  gitIn(root, 'commit', '-qm', 'All');
  return root;
}

describe('changed is', () => {
  test('what was made, written and removed, whether it was committed or not', () => {
    const root = repositoryWith({ 'a.ts': 'a\n', 'b.ts': 'b\n', 'c.ts': 'c\n' });
    const found = changed(root, () => {
      put(root, 'a.ts', 'A\n');
      rmSync(join(root, 'b.ts'));
      put(root, 'src/new.ts');
      gitIn(root, 'add', '-A');
      gitIn(root, 'commit', '-qm', 'Work');
      put(root, 'late.ts');
      put(root, 'c.ts', 'C\n');
    });
    expect(found).toEqual([
      'modify a.ts',
      'delete b.ts',
      'modify c.ts',
      'create late.ts',
      'create src/new.ts',
    ]);
  });

  test('of what was not committed before, only what is other now', () => {
    const root = repositoryWith({ 'a.ts': 'a\n', 'b.ts': 'b\n', 'c.ts': 'c\n', 'd.ts': 'd\n' });
    put(root, 'a.ts', 'before\n');
    put(root, 'b.ts', 'before\n');
    rmSync(join(root, 'c.ts'));
    put(root, 'untracked.ts', 'before\n');
    put(root, 'gone.ts', 'before\n');
    const found = changed(root, () => {
      put(root, 'a.ts', 'after\n');
      put(root, 'c.ts', 'c\n');
      rmSync(join(root, 'gone.ts'));
      gitIn(root, 'checkout', '-q', 'b.ts');
    });
    expect(found).toEqual(['modify a.ts', 'modify b.ts', 'create c.ts', 'delete gone.ts']);
  });

  test('nothing, where nothing happened, and where all was committed as it was', () => {
    const root = repositoryWith({ 'a.ts': 'a\n' });
    put(root, 'a.ts', 'before\n');
    put(root, 'new.ts', 'before\n');
    expect(changed(root, () => undefined)).toEqual([]);
    const found = changed(root, () => {
      gitIn(root, 'add', '-A');
      gitIn(root, 'commit', '-qm', 'As it was');
    });
    expect(found).toEqual([]);
  });

  test('a link that leads elsewhere, and names that no list of lines can hold', () => {
    const root = repositoryWith({ 'a.ts': 'a\n' });
    symlinkSync('a.ts', join(root, 'link'));
    symlinkSync('nowhere', join(root, 'dangling'));
    put(root, 'two\nlines.ts', 'x\n');
    put(root, 'ünï "quoted".ts', 'x\n');
    const found = changed(root, () => {
      rmSync(join(root, 'link'));
      symlinkSync('b.ts', join(root, 'link'));
      put(root, 'two\nlines.ts', 'longer\n');
      put(root, 'ünï "quoted".ts', 'y\n');
    });
    expect(found).toEqual(['modify link', 'modify two\nlines.ts', 'modify ünï "quoted".ts']);
  });

  test('nothing of coord’s own, and nothing that is ignored', () => {
    const root = repositoryWith({ '.gitignore': 'dist/\n' });
    const found = changed(root, () => {
      put(root, '.planning/STATE.md');
      put(root, '.planning/phases/01-x/STATUS.md');
      put(root, '.progress/ra/requirements.md');
      put(root, '.coordination/x');
      put(root, '.claude/worktrees/w/x');
      put(root, 'dist/x');
      put(root, '.planning/PROJECT.md');
    });
    expect(found).toEqual(['create .planning/PROJECT.md']);
  });
});

test.each(['sha1', 'sha256'])('in a repository without a commit all is new (%s)', (format) => {
  const root = scratch();
  gitIn(root, 'init', '-q', `--object-format=${format}`);
  expect(changed(root, () => put(root, 'a.ts'))).toEqual(['create a.ts']);
  put(root, 'b.ts');
  expect(changed(root, () => put(root, 'b.ts', 'other\n'))).toEqual(['modify b.ts']);
});

test('where git cannot say, nobody guesses', () => {
  const root = scratch();
  mkdirSync(join(root, 'sub'));
  writeFileSync(join(root, 'x'), '');
  expect(baselineOf(root)).toBeUndefined();
  expect(changesSince(root, { commit: 'a'.repeat(40), dirty: {} })).toBeUndefined();
});
