/** Changed files of a branch as git tells them: hostile names, many files, and nothing that the target did. */

import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { basesOf, changeFacts, changesBetween, tipOf } from '../../src/storage/branch-facts.ts';
import { gitReader } from '../../src/storage/git-reader.ts';
import { worktreeStatus } from '../../src/storage/worktree-status.ts';
import { whileGitDies } from '../kit/dying-git.ts';
import { isLong } from '../kit/long.ts';
import { gitIn } from '../kit/project.ts';
import { put, repository } from './scratch.ts';

let root = '';
beforeEach(() => {
  root = repository();
  git('branch', 'base');
});

const git = (...args: string[]) => gitIn(root, ...args);
const commit = () => [git('add', '-A'), git('commit', '-qm', 'Work')];

function changes(target = 'base') {
  const reader = gitReader(root);
  const range = { target: tipOf(gitReader(root), target) ?? '', tip: tipOf(gitReader(root), 'main') ?? '' };
  const found = changeFacts(reader, basesOf(reader, range), range).changes;
  expect(reader.failure).toBeUndefined();
  return found;
}

const bytes = (name: string) => Buffer.concat([Buffer.from(`${root}/`), Buffer.from(name, 'latin1')]);
const HOSTILE = [
  'new\nline.txt',
  'tab\t.txt',
  'quote".txt',
  "it's.txt",
  '-leading',
  ' blank ',
  ':(top)x',
  'a*b?[c]',
  '\u001b[2Jescape',
  'd/\u0001/e',
  'bytes\xff\xfe.txt',
  'bytes\xff\xfd.txt',
  'Ã©.txt',
];

describe('names that no one should choose', () => {
  beforeEach(() => {
    mkdirSync(join(root, 'd/\u0001'), { recursive: true });
    for (const name of HOSTILE) writeFileSync(bytes(name), name);
  });

  test('are kept byte for byte, each by itself, in status and in the difference', () => {
    const status = worktreeStatus(gitReader(root), 'all');
    expect(status.files.map(({ key }) => key).sort()).toEqual([...HOSTILE].sort());
    expect(status.files.every(({ kind }) => kind === 'untracked')).toBe(true);
    commit();
    const found = changes();
    expect(found.map(({ key }) => key).sort()).toEqual([...HOSTILE].sort());
    expect(found.find(({ key }) => key === 'Ã©.txt')?.path).toBe('é.txt');
  });

  test('that are moved, staged or in conflict are told apart from what stands beside them', () => {
    commit();
    git('branch', '-f', 'base');
    renameSync(bytes('new\nline.txt'), bytes('R  other\nline.txt'));
    writeFileSync(bytes('-leading'), 'staged');
    git('add', '-A');
    const status = worktreeStatus(gitReader(root), 'all');
    expect(status.files.map(({ key, kind }) => `${kind} ${key}`).sort()).toEqual([
      'staged -leading',
      'staged R  other\nline.txt',
      'staged new\nline.txt',
    ]);
    git('commit', '-qm', 'Moved');
    expect(changes().map(({ key, kind, from }) => [kind, key, from?.key])).toEqual([
      ['modified', '-leading', undefined],
      ['renamed', 'R  other\nline.txt', 'new\nline.txt'],
    ]);
  });
});

describe('what the target did', () => {
  test('is no change of the branch: a rename of which one end is the target’s own', () => {
    put(root, 'a.txt', 'same\n'.repeat(30));
    commit();
    git('branch', '-f', 'base');
    git('mv', 'a.txt', 'b.txt');
    git('commit', '-qm', 'Moved');
    expect(changes()).toMatchObject([{ kind: 'renamed', key: 'b.txt', from: { key: 'a.txt' } }]);
    git('branch', 'target', 'base');
    git('checkout', '-q', 'target');
    git('rm', '-q', 'a.txt');
    git('commit', '-qm', 'Removed there too');
    git('checkout', '-q', 'main');
    expect(changes('target')).toMatchObject([{ kind: 'added', key: 'b.txt' }]);
    git('checkout', '-q', 'target');
    git('checkout', '-q', 'main', '--', 'b.txt');
    git('commit', '-qm', 'And added');
    git('checkout', '-q', 'main');
    expect(changes('target')).toEqual([]);
  });

  test('a branch without any common ancestor has no base', () => {
    git('checkout', '-q', '--orphan', 'other');
    commit();
    const range = {
      target: tipOf(gitReader(root), 'main') ?? '',
      tip: tipOf(gitReader(root), 'other') ?? '',
    };
    const reader = gitReader(root);
    expect(basesOf(reader, range)).toEqual([]);
    expect(reader.failure).toBeUndefined();
  });

  test('what git cannot say is a failure, and never "nothing"', () => {
    const reader = gitReader(root);
    expect(changesBetween(reader, 'base', '1'.repeat(40))).toEqual([]);
    expect(reader.failure).toMatchObject({ step: 'diff-tree' });
    const other = gitReader(root);
    expect(basesOf(other, { target: 'base', tip: '1'.repeat(40) })).toEqual([]);
    expect(other.failure).toMatchObject({ step: 'merge-base' });
    if (process.platform !== 'win32') {
      const dying = gitReader(root);
      expect(whileGitDies('rev-parse --verify', () => tipOf(dying, 'main'))).toBeUndefined();
      expect(dying.failure).toMatchObject({ step: 'rev-parse' });
      const again = gitReader(root);
      expect(whileGitDies('merge-base --is-ancestor', () => again.holds('main', 'base'))).toBe(false);
      expect(again.failure).toMatchObject({ step: 'merge-base' });
    }
    writeFileSync(join(root, '.git/index'), 'no index');
    const third = gitReader(root);
    expect(worktreeStatus(third, 'all')).toEqual({ files: [], submodules: [] });
    expect(third.failure).toMatchObject({ step: 'status' });
  });
});

describe.runIf(isLong)('50,000 and 100,000 changed files', () => {
  /** A commit with so many files, made by fast-import: no file is written. */
  function grow(branch: string, count: number, text: string): void {
    const lines = ['blob', 'mark :1', `data ${text.length}`, text, `commit refs/heads/${branch}`];
    lines.push(
      'committer T <t@e.invalid> 1700000000 +0000',
      'data 4',
      'Many',
      `from ${git('rev-parse', 'base').trim()}`,
    );
    for (let at = 0; at < count; at += 1) lines.push(`M 100644 :1 d${at % 100}/e${at % 7}/file-${at}.txt`);
    gitReader(root).read(['fast-import', '--quiet', '--force'], { input: `${lines.join('\n')}\n\n` });
  }

  test.each([50_000, 100_000])('%d are read in bounded time, and deleting them all is told', (count) => {
    grow('many', count, 'x\n');
    git('update-ref', 'refs/heads/target', 'many');
    const startedAt = Date.now();
    const reader = gitReader(root);
    const added = changesBetween(reader, 'base', 'many');
    expect(added).toHaveLength(count);
    expect(changesBetween(reader, 'many', 'base')).toHaveLength(count);
    expect(reader.failure).toBeUndefined();
    expect(Date.now() - startedAt).toBeLessThan(20_000);
  });
});
