/** Candidates from real histories: what is rewritten, what is kept, and how a conflict is told. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { buildCandidate, type Candidate, type ConflictReport } from '../../src/storage/candidate.ts';
import { gitIn } from '../kit/project.ts';
import { commitOn, FILES, gitWith, pictureOf, tipOf, world } from './landing-world.ts';
import { put, scratch } from './scratch.ts';

const environment = { ...process.env };
afterEach(() => {
  process.env = { ...environment };
});

function build(root: string, base: string, tip: string): Candidate {
  return buildCandidate(root, { base, tip, branch: 'coord/01', target: 'main' });
}

function mustBuild(root: string, base: string, tip: string) {
  const built = build(root, base, tip);
  if (!built.ok) throw new Error(JSON.stringify(built));
  return built;
}

function conflictOf(root: string, base: string, tip: string): ConflictReport {
  const built = build(root, base, tip);
  if (built.ok || !('conflict' in built)) throw new Error(JSON.stringify(built));
  return built.conflict;
}

function fileAt(root: string, commit: string, path: string): string {
  return gitIn(root, 'cat-file', 'blob', `${commit}:${path}`);
}

function raw(root: string, commit: string): Buffer {
  return execFileSync('git', ['cat-file', 'commit', commit], { cwd: root });
}

const LINES = Array.from({ length: 20 }, (_, n) => `line ${n + 1}\n`);
const numbered = (at: number, text: string) =>
  LINES.map((line, n) => (n + 1 === at ? `${text}\n` : line)).join('');

describe('a candidate', () => {
  test('is the tip where the base is in it, and the base where the tip is in that', () => {
    const root = world();
    const base = tipOf(root);
    const tip = commitOn(root, (at) => put(at, 'a.txt', 'A\n'));
    expect(build(root, base, tip)).toMatchObject({ ok: true, commit: tip, how: 'tip' });
    expect(build(root, tip, base)).toMatchObject({ ok: true, commit: tip, how: 'nothing' });
    expect(build(root, base, base)).toMatchObject({ ok: true, commit: base, how: 'nothing' });
  });

  test('is a rebase that keeps each commit, its author and its words, and touches no worktree', () => {
    const root = world({ ...FILES, 'n.txt': LINES.join('') });
    const start = tipOf(root);
    process.env['GIT_AUTHOR_NAME'] = 'Ärger <x';
    process.env['GIT_AUTHOR_DATE'] = '1200000000 +0530';
    const one = commitOn(root, (at) => put(at, 'n.txt', numbered(2, 'two')), start);
    const two = commitOn(
      root,
      (at) =>
        void [renameSync(join(at, 'b.txt'), join(at, 'moved.txt')), chmodSync(join(at, 'a.txt'), 0o755)],
      one,
    );
    process.env = { ...environment };
    const base = commitOn(
      root,
      (at) => void [put(at, 'n.txt', numbered(18, 'eighteen')), put(at, 'b.txt', 'B\n')],
      start,
    );
    put(root, 'a.txt', 'mine\n');
    const before = pictureOf(root);
    const built = mustBuild(root, base, two);
    expect(pictureOf(root)).toEqual(before);
    expect(built.how).toBe('rebase');
    expect(gitIn(root, 'rev-list', '--count', `${base}..${built.commit}`).trim()).toBe('2');
    expect(fileAt(root, built.commit, 'n.txt')).toBe(numbered(2, 'two').replace('line 18', 'eighteen'));
    // The edit on the one side follows the rename on the other.
    expect(fileAt(root, built.commit, 'moved.txt')).toBe('B\n');
    expect(gitIn(root, 'ls-tree', built.commit, 'a.txt')).toMatch(/^100755/);
    const kept = (commit: string) =>
      gitIn(root, 'log', '-1', '--format=%an|%ae|%ad|%B', '--date=raw', commit);
    expect(kept(built.commit)).toBe(kept(two));
    expect(kept(`${built.commit}~`)).toBe(kept(one));
    expect(built.tree).toBe(gitIn(root, 'rev-parse', `${built.commit}^{tree}`).trim());
  });

  test('is the same commit again, and no commit is older than its parent', () => {
    const root = world();
    const tip = commitOn(root, (at) => put(at, 'a.txt', 'A\n'));
    process.env['GIT_COMMITTER_DATE'] = '2100000000 +0000';
    const base = commitOn(root, (at) => put(at, 'b.txt', 'B\n'));
    process.env = { ...environment };
    const built = mustBuild(root, base, tip);
    process.env['GIT_COMMITTER_DATE'] = '1500000000 +0000';
    expect(build(root, base, tip)).toEqual(built);
    expect(gitIn(root, 'log', '-1', '--format=%ct %at', built.commit).trim()).toMatch(/^2100000000 1/);
    expect(
      build(
        root,
        commitOn(root, (at) => put(at, 'dir/d.txt', 'D\n')),
        tip,
      ),
    ).not.toEqual(built);
  });

  test('leaves out what the base has by another commit, and what becomes empty; an empty commit stays', () => {
    const root = world();
    const start = tipOf(root);
    const same = commitOn(root, (at) => put(at, 'a.txt', 'A\n'), start);
    const empty = commitOn(root, () => undefined, same);
    const tip = commitOn(root, (at) => void [put(at, 'b.txt', 'B\n'), put(at, 'dir/d.txt', 'D\n')], empty);
    const base = commitOn(
      root,
      (at) => put(at, 'b.txt', 'B\n'),
      commitOn(
        root,
        (at) => put(at, 'a.txt', 'A\n'),
        commitOn(root, (at) => put(at, 'new'), start),
      ),
    );
    const built = mustBuild(root, base, tip);
    expect(gitIn(root, 'diff-tree', '-r', '--name-only', base, built.commit)).toBe('dir/d.txt\n');
    expect(gitIn(root, 'rev-list', '--count', `${base}..${built.commit}`).trim()).toBe('2');
    const all = commitOn(root, (at) => put(at, 'dir/d.txt', 'D\n'), base);
    expect(
      mustBuild(
        root,
        all,
        commitOn(root, (at) => put(at, 'b.txt', 'B\n'), same),
      ),
    ).toMatchObject({ how: 'nothing', commit: all });
  });

  test('is one merge commit where the branch has merges of its own', () => {
    const root = world();
    const start = tipOf(root);
    const early = commitOn(root, (at) => put(at, 'b.txt', 'B\n'), start);
    const tip = commitOn(
      root,
      (at) => void [gitIn(at, 'merge', '-q', '--no-ff', '-m', 'Sync', early), put(at, 'more', 'x\n')],
      commitOn(root, (at) => put(at, 'a.txt', 'A\n'), start),
    );
    const base = commitOn(root, (at) => put(at, 'dir/d.txt', 'D\n'), early);
    const built = mustBuild(root, base, tip);
    expect(built.how).toBe('merge');
    expect(gitIn(root, 'log', '-1', '--format=%P|%s', built.commit).trim()).toBe(
      `${base} ${tip}|Merge branch 'coord/01' into main`,
    );
    expect(['a.txt', 'b.txt', 'dir/d.txt'].map((path) => fileAt(root, built.commit, path))).toEqual([
      'A\n',
      'B\n',
      'D\n',
    ]);
    expect(build(root, base, tip)).toEqual(built);
  });

  test('is one merge commit where the branch has very many commits', () => {
    const root = world();
    const start = tipOf(root);
    const commits = Array.from(
      { length: 501 },
      (_, n) =>
        `commit refs/heads/long\ncommitter T <t@example.invalid> ${1_000_000_000 + n} +0000\ndata 1\nx\n${n === 0 ? `from ${start}\n` : ''}M 100644 inline f${n}\ndata 1\nx\n`,
    );
    gitWith(root, commits.join(''), 'fast-import', '--quiet');
    const base = commitOn(root, (at) => put(at, 'b.txt', 'B\n'));
    expect(mustBuild(root, base, tipOf(root, 'long')).how).toBe('merge');
  });

  test('keeps another encoding byte for byte, and drops a signature', () => {
    const root = world();
    const tree = gitIn(root, 'rev-parse', `${commitOn(root, (at) => put(at, 'a.txt', 'A\n'))}^{tree}`).trim();
    const text = Buffer.concat([
      Buffer.from(
        `tree ${tree}\nparent ${tipOf(root)}\nauthor M\xfcller <m@example.invalid> 1200000000 -0330\ncommitter M\xfcller <m@example.invalid> 1200000000 -0330\nencoding ISO-8859-1\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----\n\n`,
        'latin1',
      ),
      Buffer.from('Gr\xfc\xdfe\n\nohne Ende', 'latin1'),
    ]);
    const tip = execFileSync('git', ['hash-object', '-t', 'commit', '-w', '--stdin'], {
      cwd: root,
      input: text,
      encoding: 'utf8',
    }).trim();
    const base = commitOn(root, (at) => put(at, 'b.txt', 'B\n'));
    const made = raw(root, mustBuild(root, base, tip).commit).toString('latin1');
    expect(made).toContain('\nauthor M\xfcller <m@example.invalid> 1200000000 -0330\n');
    expect(made).toMatch(/\nencoding ISO-8859-1\n\nGr\xfc\xdfe\n\nohne Ende$/);
    expect(made).not.toContain('gpgsig');
  });

  test('has a committer where nobody is named', () => {
    const root = world();
    const tip = commitOn(root, (at) => put(at, 'a.txt', 'A\n'));
    const base = commitOn(root, (at) => put(at, 'b.txt', 'B\n'));
    gitIn(root, 'config', '--remove-section', 'user');
    process.env = { PATH: environment['PATH'], HOME: scratch() };
    expect(gitIn(root, 'log', '-1', '--format=%cn <%ce>', mustBuild(root, base, tip).commit).trim()).toBe(
      'coord <coord@localhost>',
    );
    gitIn(root, 'config', 'user.name', 'Only a Name');
    expect(gitIn(root, 'log', '-1', '--format=%cn <%ce>', mustBuild(root, base, tip).commit).trim()).toBe(
      'Only a Name <coord@localhost>',
    );
  });

  test('of a repository with SHA-256', () => {
    const root = world(FILES, '--object-format=sha256');
    const tip = commitOn(root, (at) => put(at, 'a.txt', 'A\n'));
    const base = commitOn(root, (at) => put(at, 'b.txt', 'B\n'));
    expect(mustBuild(root, base, tip).commit).toHaveLength(64);
  });

  test('merges as the repository’s attributes say', () => {
    const root = world({ ...FILES, '.gitattributes': 'list merge=union\n', list: 'one\n' });
    const tip = commitOn(root, (at) => put(at, 'list', 'one\ntwo\n'));
    const base = commitOn(root, (at) => put(at, 'list', 'one\nthree\n'));
    expect(
      fileAt(root, mustBuild(root, base, tip).commit, 'list')
        .split('\n')
        .sort(),
    ).toEqual(['', 'one', 'three', 'two']);
  });
});

describe('what cannot be built', () => {
  test('without a commit in common', () => {
    const root = world();
    const other = gitIn(root, 'commit-tree', 'main^{tree}', '-m', 'other').trim();
    expect(build(root, tipOf(root), other)).toMatchObject({
      ok: false,
      failed: { step: 'merge-base', detail: expect.stringContaining('coord/01') },
    });
  });

  test('from a commit that is not there', () => {
    const root = world();
    expect(build(root, tipOf(root), '0123456789'.repeat(4))).toMatchObject({
      ok: false,
      failed: { step: 'cat-file' },
    });
    expect(
      buildCandidate(scratch(), { base: 'a'.repeat(40), tip: 'b'.repeat(40), branch: 'x', target: 'y' }),
    ).toMatchObject({ ok: false });
  });

  test('with a git that is too old, but for a branch that is not behind', () => {
    const root = world();
    const tip = commitOn(root, (at) => put(at, 'a.txt', 'A\n'));
    const base = commitOn(root, (at) => put(at, 'b.txt', 'B\n'));
    const start = tipOf(root);
    const bin = scratch();
    const real = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();
    writeFileSync(
      join(bin, 'git'),
      `#!/bin/sh\ncase " $* " in *" merge-tree "*) echo "usage: git merge-tree" >&2; exit 129;; *" version "*) echo git version 2.25.1;; *) exec ${real} "$@";; esac\n`,
      { mode: 0o755 },
    );
    process.env['PATH'] = `${bin}:${process.env['PATH']}`;
    expect(build(root, base, tip)).toMatchObject({
      failed: { step: 'merge-tree', detail: expect.stringMatching(/2\.38.*rebase/) },
    });
    expect(build(root, start, tip)).toMatchObject({ ok: true, how: 'tip' });
  });
});

describe('a conflict', () => {
  type Change = (at: string) => void;
  const cases: readonly (readonly [string, Change, Change, { path: string; kind: string }])[] = [
    [
      'of content',
      (at) => put(at, 'a.txt', 'ours\n'),
      (at) => put(at, 'a.txt', 'theirs\n'),
      { path: 'a.txt', kind: 'content' },
    ],
    [
      'of two new files',
      (at) => put(at, 'new', 'ours\n'),
      (at) => put(at, 'new', 'theirs\n'),
      { path: 'new', kind: 'add/add' },
    ],
    [
      'of an edit with a removal',
      (at) => rmSync(join(at, 'a.txt')),
      (at) => put(at, 'a.txt', 'theirs\n'),
      { path: 'a.txt', kind: 'modify/delete' },
    ],
    [
      'of a removal with an edit',
      (at) => put(at, 'a.txt', 'ours\n'),
      (at) => rmSync(join(at, 'a.txt')),
      { path: 'a.txt', kind: 'modify/delete' },
    ],
    [
      'of a rename with a removal',
      (at) => rmSync(join(at, 'long.txt')),
      (at) => renameSync(join(at, 'long.txt'), join(at, 'moved.txt')),
      { path: 'moved.txt', kind: 'rename/delete' },
    ],
    [
      'of two renames',
      (at) => renameSync(join(at, 'long.txt'), join(at, 'here.txt')),
      (at) => renameSync(join(at, 'long.txt'), join(at, 'there.txt')),
      { path: 'here.txt', kind: 'rename/rename' },
    ],
    [
      'of binary files',
      (at) => put(at, 'bin', 'o\0urs\n'),
      (at) => put(at, 'bin', 't\0heirs\n'),
      { path: 'bin', kind: 'binary' },
    ],
    [
      'of a file with a folder',
      (at) => put(at, 'place', 'ours\n'),
      (at) => put(at, 'place/x', 'theirs\n'),
      { path: 'place', kind: 'file/directory' },
    ],
    [
      'of symlinks',
      (at) => symlinkSync('ours', join(at, 'link')),
      (at) => symlinkSync('theirs', join(at, 'link')),
      { path: 'link', kind: 'add/add' },
    ],
    [
      'of a name with odd characters',
      (at) => put(at, 'ü "x"\t-y', 'ours\n'),
      (at) => put(at, 'ü "x"\t-y', 'theirs\n'),
      { path: 'ü "x"\t-y', kind: 'add/add' },
    ],
  ];
  const files = { ...FILES, 'long.txt': LINES.join(''), bin: 'b\0ase\n' };
  test.each(cases)('%s is named', (_, ours, theirs, wanted) => {
    const root = world(files);
    const base = commitOn(root, ours);
    const tip = commitOn(root, theirs);
    const before = pictureOf(root);
    const conflict = conflictOf(root, base, tip);
    expect(pictureOf(root)).toEqual(before);
    expect(conflict.files).toContainEqual(expect.objectContaining(wanted));
    expect(conflict.commit).toEqual({ sha: tip, subject: 'Work' });
    expect(conflict.excerpt).toContain(`"Work" of coord/01 conflicts with main`);
    expect(conflict.text).not.toMatch(/[0-9a-f]{40}/);
  });

  test('of a folder that was moved onto another is named, though git enters no file as conflicting', () => {
    const root = world({ ...FILES, 'from/x': 'x\n', 'from/y': 'y\n', 'to/taken': 't\n' });
    const moved = commitOn(root, (at) => {
      for (const name of ['x', 'y']) renameSync(join(at, 'from', name), join(at, 'to', name));
    });
    const tip = commitOn(root, (at) => put(at, 'from/taken', 'mine\n'));
    const conflict = conflictOf(root, moved, tip);
    expect([conflict.total, conflict.files]).toEqual([
      1,
      [{ path: 'to/taken', kind: 'rename', detail: expect.stringContaining('in the way') }],
    ]);
    expect(conflict.excerpt).toContain('to/taken');
  });

  test('shows the hunks with both sides by name, and the lines around', () => {
    const root = world({ ...FILES, 'n.txt': LINES.join('') });
    const conflict = conflictOf(
      root,
      commitOn(root, (at) => put(at, 'n.txt', numbered(10, 'OURS'))),
      commitOn(root, (at) => put(at, 'n.txt', numbered(10, 'THEIRS'))),
    );
    const hunk =
      '@@ line 10 @@\nline 7\nline 8\nline 9\n<<<<<<< main\nOURS\n=======\nTHEIRS\n>>>>>>> coord/01\nline 11\nline 12\nline 13';
    expect(conflict.excerpt).toContain(hunk);
    expect(conflict.total).toBe(1);
  });

  test('in the second commit of a branch names that one', () => {
    const root = world();
    const first = commitOn(root, (at) => put(at, 'new', 'x\n'));
    const second = commitOn(root, (at) => put(at, 'a.txt', 'theirs\n'), first);
    const base = commitOn(root, (at) => put(at, 'a.txt', 'ours\n'));
    expect(conflictOf(root, base, second).commit?.sha).toBe(second);
  });

  test('of a branch with merges is one of the branch as a whole', () => {
    const root = world();
    const start = tipOf(root);
    const side = commitOn(root, (at) => put(at, 'side', 'x\n'));
    const tip = commitOn(
      root,
      (at) => void [gitIn(at, 'merge', '-q', '--no-ff', '-m', 'Sync', side), put(at, 'a.txt', 'theirs\n')],
      commitOn(root, (at) => put(at, 'b.txt', 'B\n'), start),
    );
    const conflict = conflictOf(
      root,
      commitOn(root, (at) => put(at, 'a.txt', 'ours\n')),
      tip,
    );
    expect(conflict).toMatchObject({ commit: null, files: [{ path: 'a.txt', kind: 'content' }] });
    expect(conflict.excerpt).toContain('<<<<<<< main\nours\n=======\ntheirs\n>>>>>>> coord/01');
  });

  test('of submodules is named', () => {
    const root = world();
    const link = (commit: string) => (at: string) => {
      gitIn(at, 'update-index', '--add', '--cacheinfo', `160000,${commit},lib`);
      mkdirSync(join(at, 'lib'), { recursive: true });
    };
    const start = commitOn(root, link('1'.repeat(40)));
    const base = commitOn(root, link('2'.repeat(40)), start);
    const tip = commitOn(root, link('3'.repeat(40)), start);
    expect(conflictOf(root, base, tip).files).toMatchObject([{ path: 'lib', kind: 'submodule' }]);
  });

  test('is bounded, however large', () => {
    const root = world();
    const big = (text: string) =>
      Array.from({ length: 20_000 }, (_, n) => `${text} ${n} ${'x'.repeat(40)}\n`).join('');
    const many = (text: string) => (at: string) => {
      put(at, 'big', big(text));
      for (let n = 0; n < 80; n += 1) put(at, `many/${n}`, `${text} ${n}\n`);
      put(at, 'line', 'x'.repeat(2_000_000) + text);
    };
    const conflict = conflictOf(root, commitOn(root, many('ours')), commitOn(root, many('theirs')));
    expect([conflict.total, conflict.files.length]).toEqual([82, 50]);
    expect(conflict.excerpt.length).toBeLessThanOrEqual(4_000);
    expect(conflict.text.length).toBeLessThanOrEqual(256 * 1024);
    expect(conflict.excerpt).toMatch(/… cut here, \d+ more parts\n$/);
  });
});
