/** What a commit only points at: LFS objects without git-lfs, submodules with real repositories. */

import { createHash } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { basesOf, changeFacts, tipOf } from '../../src/storage/branch-facts.ts';
import { withCommitIndex } from '../../src/storage/commit-index.ts';
import { gitReader } from '../../src/storage/git-reader.ts';
import { lfsFlaws, submoduleFlaws } from '../../src/storage/pointer-facts.ts';
import { gitIn } from '../kit/project.ts';
import { put, repository, scratch } from './scratch.ts';

let root = '';
beforeEach(() => {
  root = repository();
  git('branch', 'base');
});

const git = (...args: string[]) => gitIn(root, '-c', 'protocol.file.allow=always', ...args);
const commit = () => [git('add', '-A'), git('commit', '-qm', 'Work')];

function facts() {
  const reader = gitReader(root);
  const range = { target: tipOf(gitReader(root), 'base') ?? '', tip: tipOf(gitReader(root), 'main') ?? '' };
  const { changes } = changeFacts(reader, basesOf(reader, range), range);
  const commonDir = join(root, '.git');
  const submodules = submoduleFlaws(reader, {
    tip: range.tip,
    changes,
    commonDir,
    roots: [{ root, gitDir: commonDir }],
  });
  const lfs = withCommitIndex(reader, commonDir, range.tip, (index) =>
    lfsFlaws(reader, commonDir, index, changes),
  );
  expect(reader.failure).toBeUndefined();
  const flat = (one: { path: string; flaw: string }) => `${one.path}: ${one.flaw}`;
  return { lfs: lfs.map(flat).sort(), submodules: submodules.map(flat).sort() };
}

describe('Git LFS, where git-lfs is not installed', () => {
  function pointer(content: string, isKept: boolean): string {
    const oid = createHash('sha256').update(content).digest('hex');
    const folder = join(root, '.git/lfs/objects', oid.slice(0, 2), oid.slice(2, 4));
    if (isKept) {
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, oid), content);
    }
    return `version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize ${content.length}\n`;
  }
  const track = (text = '*.bin filter=lfs diff=lfs merge=lfs -text\n') => put(root, '.gitattributes', text);

  test('a pointer whose content is here passes; one without it, and a file that is none, do not', () => {
    track();
    put(root, 'kept.bin', pointer('kept', true));
    put(root, 'lost.bin', pointer('lost', false));
    put(root, 'raw.bin', 'the file itself');
    put(root, 'large.bin', 'x'.repeat(5_000));
    put(root, 'nearly.bin', pointer('nearly', true).replace('size', 'sise'));
    put(root, 'empty.bin', '');
    put(root, 'plain.txt', 'no matter of LFS');
    commit();
    expect(facts().lfs).toEqual([
      'large.bin: no-pointer',
      'lost.bin: no-object',
      'nearly.bin: no-pointer',
      'raw.bin: no-pointer',
    ]);
  });

  test('content that is cut short is not there', () => {
    track();
    const text = pointer('content', true);
    put(root, 'a.bin', text);
    const oid = /sha256:(\w+)/.exec(text)?.[1] ?? '';
    writeFileSync(join(root, '.git/lfs/objects', oid.slice(0, 2), oid.slice(2, 4), oid), 'con');
    commit();
    expect(facts().lfs).toEqual(['a.bin: no-object']);
  });

  test('attributes are those of the commit, in folders too, and undone where they are undone', () => {
    put(root, 'assets/.gitattributes', '* filter=lfs\nsmall/* -filter\n');
    put(root, 'assets/deep/raw', 'raw');
    put(root, 'assets/small/raw', 'raw');
    commit();
    rmSync(join(root, 'assets'), { recursive: true });
    // `*` is the attributes' own file too: that is how git-lfs would see it.
    expect(facts().lfs).toEqual(['assets/.gitattributes: no-pointer', 'assets/deep/raw: no-pointer']);
  });

  test('not: what the branch did not change, moved, made executable, or deleted', () => {
    for (const name of ['old.bin', 'moved.bin', 'mode.bin', 'gone.bin']) put(root, name, `raw ${name}`);
    track();
    commit();
    git('branch', '-f', 'base');
    git('mv', 'moved.bin', 'elsewhere.bin');
    git('update-index', '--chmod=+x', 'mode.bin');
    git('rm', '-q', 'gone.bin');
    git('commit', '-qm', 'Moves');
    expect(facts().lfs).toEqual([]);
  });

  test('a storage folder that was configured is looked in', () => {
    track();
    put(root, 'a.bin', pointer('elsewhere', true));
    commit();
    const moved = join(scratch(), 'lfs');
    git('config', 'lfs.storage', moved);
    expect(facts().lfs).toEqual(['a.bin: no-object']);
    gitIn(root, 'config', 'lfs.storage', 'lfs');
    expect(facts().lfs).toEqual([]);
  });
});

describe('submodules', () => {
  let library = '';
  beforeEach(() => {
    library = repository();
    git('submodule', '--quiet', 'add', library, 'lib');
    commit();
  });
  const inLib = (...args: string[]) =>
    gitIn(join(root, 'lib'), '-c', 'user.name=T', '-c', 'user.email=t@e.invalid', ...args);

  test('a commit that its remote has passes', () => {
    expect(facts().submodules).toEqual([]);
  });

  test('a commit that was never pushed is refused; pushed, it passes', () => {
    inLib('commit', '-q', '--allow-empty', '-m', 'Mine');
    commit();
    expect(facts().submodules).toEqual(['lib: unpushed']);
    inLib('push', '-q', 'origin', 'HEAD:side');
    expect(facts().submodules).toEqual([]);
  });

  test('a commit that is nowhere is refused, and not one that the branch left as it was', () => {
    git('update-index', '--cacheinfo', `160000,${'1'.repeat(40)},lib`);
    git('commit', '-qm', 'Nowhere');
    expect(facts().submodules).toEqual(['lib: absent']);
    git('branch', '-f', 'base');
    put(root, 'other.txt');
    git('add', 'other.txt');
    git('commit', '-qm', 'Other');
    expect(facts().submodules).toEqual([]);
  });

  test('a submodule that .gitmodules does not name, or no longer', () => {
    repository(join(root, 'inner'));
    git('-c', 'advice.addEmbeddedRepo=false', 'add', 'inner');
    git('commit', '-qm', 'Embedded');
    expect(facts().submodules).toEqual(['inner: no-entry']);
    git('branch', '-f', 'base');
    writeFileSync(join(root, '.gitmodules'), '');
    git('commit', '-qam', 'Names');
    expect(facts().submodules).toEqual(['inner: no-entry', 'lib: no-entry']);
  });

  test('removed, with its entry, it is no matter', () => {
    git('branch', '-f', 'base');
    git('rm', '-q', '-f', 'lib');
    git('commit', '-qm', 'Gone');
    expect(facts().submodules).toEqual([]);
  });

  test('one that is checked out nowhere is found where git keeps it', () => {
    git('submodule', '--quiet', 'deinit', '-f', 'lib');
    expect(facts().submodules).toEqual([]);
  });

  test('a name that leads out of git’s folder is not followed', () => {
    put(root, '.gitmodules', `[submodule "../../x"]\n\tpath = lib\n\turl = ${library}\n`);
    rmSync(join(root, 'lib'), { recursive: true });
    git('update-index', '--cacheinfo', `160000,${'1'.repeat(40)},lib`);
    git('add', '.gitmodules');
    git('commit', '-qm', 'Out');
    expect(facts().submodules).toEqual(['lib: absent']);
  });
});
