/** Landing on real repositories: what may lie about in a checkout, and what becomes of it. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  checkLanding,
  closeLanding,
  landCommit,
  readLanding,
  recoverLanding,
} from '../../src/storage/landing.ts';
import { landedTip } from '../../src/storage/target-ref.ts';
import { whileGitDies } from '../kit/dying-git.ts';
import { gitIn } from '../kit/project.ts';
import {
  commitOn,
  FILES,
  filesOf,
  gitWith,
  leftovers,
  orderOf,
  pictureOf,
  statusOf,
  tipOf,
  turn,
  workIn,
  world,
} from './landing-world.ts';
import { put, scratch } from './scratch.ts';

function land(root: string, to: string, target = 'main') {
  return landCommit(turn(root), root, orderOf(root, to, target));
}

function mustLand(root: string, to: string) {
  const outcome = land(root, to);
  if (!outcome.done) throw new Error(JSON.stringify(outcome.problem));
  closeLanding(turn(root), root, outcome.value.id);
  expect(leftovers(root)).toEqual([]);
  return outcome.value;
}

/** It is refused so, and afterwards all is as it was; the early look says the same. */
function expectRefused(root: string, to: string, problem: object, others: readonly string[] = []): void {
  const before = [root, ...others].map(pictureOf);
  expect(checkLanding(root, orderOf(root, to))).toMatchObject(problem);
  expect(land(root, to)).toMatchObject({ done: false, problem });
  expect([root, ...others].map(pictureOf)).toEqual(before);
  expect([root, ...others].flatMap(leftovers)).toEqual([]);
}

describe('a landing', () => {
  test('moves the target and its checkout, with a line in the reflog and a proof for the entry', () => {
    const root = world();
    const to = workIn(root);
    const landed = mustLand(root, to);
    expect(landed).toMatchObject({ commit: to, checkouts: [{ root, state: 'synced', aside: [] }] });
    expect([tipOf(root), landedTip(root, '01.1')]).toEqual([to, to]);
    expect(statusOf(root)).toEqual([]);
    expect(Object.keys(filesOf(root))).toEqual(['.gitignore', 'a.txt', 'b.txt', 'dir/d.txt', 'new/n.txt']);
    expect(gitIn(root, 'reflog', '-1', '--format=%gs', 'main').trim()).toBe('coord: land 01');
    expect(gitIn(root, 'reflog', '-1', '--format=%gs', 'HEAD').trim()).toBe('coord: land 01');
    expect(gitIn(root, 'for-each-ref', 'refs/coord/landing').trim()).toBe('');
    expect(recoverLanding(turn(root), root)).toBeUndefined();
  });

  test('keeps its journal until it is closed, and says the same again', () => {
    const root = world();
    const to = workIn(root);
    const first = land(root, to);
    expect(first).toMatchObject({ done: true });
    const again = recoverLanding(turn(root), root);
    expect(again).toMatchObject({
      outcome: 'landed',
      isSettled: false,
      found: to,
      checkouts: [{ state: 'synced' }],
    });
    expect(recoverLanding(turn(root), root)).toEqual(again);
    expect(
      land(
        root,
        commitOn(root, (at) => put(at, 'b.txt', 'B\n')),
      ),
    ).toMatchObject({
      problem: { code: 'landing-open' },
    });
    closeLanding(turn(root), root, again?.id ?? '');
    expect(readLanding(root)).toBeUndefined();
  });

  test('of several entries is one step, with a proof for each', () => {
    const root = world();
    const first = workIn(root);
    const second = commitOn(root, (at) => put(at, 'b.txt', 'B\n'), first);
    const entries = [
      { entry: '01.1', phase: '01', tip: first, commit: first },
      { entry: '02.1', phase: '02', tip: tipOf(root), commit: second },
    ];
    const order = { target: 'main', from: tipOf(root), to: second, entries };
    expect(landCommit(turn(root), root, order)).toMatchObject({ done: true });
    expect(entries.map(({ entry }) => landedTip(root, entry))).toEqual(entries.map(({ tip }) => tip));
    expect(gitIn(root, 'reflog', '-1', '--format=%gs', 'main').trim()).toBe('coord: land 01, 02');
    expect(gitIn(root, 'reflog', '--format=%gs', 'main').trim().split('\n')).toHaveLength(2);
  });

  test('follows into every checkout of the target, and into no other worktree', () => {
    const root = world();
    const [second, detached, other] = ['second', 'detached', 'other'].map((name) =>
      join(scratch(), name),
    ) as [string, string, string];
    gitIn(root, 'worktree', 'add', '-q', '--force', second, 'main');
    gitIn(root, 'worktree', 'add', '-q', '--detach', detached, 'main');
    gitIn(root, 'worktree', 'add', '-q', '-b', 'other', other, 'main');
    const before = [detached, other].map((at) => filesOf(at));
    const landed = mustLand(root, workIn(root));
    expect(landed.checkouts.map((one) => [one.root, one.state])).toEqual([
      [root, 'synced'],
      [second, 'synced'],
    ]);
    expect(filesOf(second)).toEqual(filesOf(root));
    expect([root, second, detached, other].flatMap(statusOf)).toEqual([]);
    expect([detached, other].map((at) => filesOf(at))).toEqual(before);
  });

  test('moves a target that is checked out nowhere', () => {
    const root = world();
    gitIn(root, 'checkout', '-q', '-b', 'elsewhere');
    put(root, 'a.txt', 'mine\n');
    const before = filesOf(root);
    const to = workIn(root);
    expect(mustLand(root, to).checkouts).toEqual([]);
    expect([tipOf(root), filesOf(root)]).toEqual([to, before]);
  });

  test('of a target on a commit where the primary stands detached leaves the primary alone', () => {
    const root = world();
    gitIn(root, 'checkout', '-q', '--detach');
    const before = filesOf(root);
    expect(mustLand(root, workIn(root)).checkouts).toEqual([]);
    expect([filesOf(root), statusOf(root)]).toEqual([before, []]);
  });

  test('of a commit that git cleared away meanwhile is refused, and nothing has changed', () => {
    const root = world();
    const order = orderOf(root, workIn(root));
    gitIn(root, 'prune', '--expire=now');
    const before = pictureOf(root);
    const refused = { code: 'git-failed', step: 'merge-base' };
    expect(checkLanding(root, order)).toMatchObject(refused);
    expect(landCommit(turn(root), root, order)).toMatchObject({ done: false, problem: refused });
    expect([pictureOf(root), leftovers(root)]).toEqual([before, []]);
  });

  test.skipIf(process.platform === 'win32')(
    'that is refused while git is killed leaves to the next run what it could not undo',
    () => {
      const root = world();
      const order = orderOf(root, workIn(root));
      put(root, 'a.txt', 'mine\n');
      const before = pictureOf(root);
      const asked = 'rev-parse --verify --quiet refs/coord/landing/"*"';
      const refused = whileGitDies(asked, () => landCommit(turn(root), root, order, 200));
      expect(refused).toMatchObject({ done: false, problem: { code: 'target-dirty' } });
      expect(readLanding(root)).toBeDefined();
      const recovered = recoverLanding(turn(root), root, 200);
      expect(recovered).toMatchObject({ outcome: 'not-landed' });
      closeLanding(turn(root), root, recovered?.id ?? '');
      expect([pictureOf(root), leftovers(root)]).toEqual([before, []]);
    },
  );

  test.runIf(process.platform === 'linux')(
    'whose git is killed with the target’s lock just made is refused, and the next one lands',
    () => {
      const root = world();
      const order = orderOf(root, workIn(root));
      const lock = join(root, '.git/refs/heads/main.lock');
      const refused = whileGitDies(
        'update-ref -m "*"',
        () => landCommit(turn(root), root, order, 200),
        `: > ${lock}`,
      );
      expect(refused).toMatchObject({ done: false, problem: { code: 'landing-refused' } });
      expect([existsSync(lock), leftovers(root)]).toEqual([false, []]);
      expect(landCommit(turn(root), root, order, 200)).toMatchObject({ done: true });
    },
  );

  test('passes by a worktree whose folder is not there', () => {
    const root = world();
    const gone = join(scratch(), 'gone');
    gitIn(root, 'worktree', 'add', '-q', '--force', gone, 'main');
    rmSync(gone, { recursive: true });
    expect(mustLand(root, workIn(root)).checkouts).toHaveLength(1);
  });
});

describe('what is uncommitted and elsewhere', () => {
  type Edit = (root: string, file: string) => void;
  const stage: Edit = (root, file) => gitIn(root, 'add', '--', file);
  /** Each to a tracked file of its own, that the landing leaves alone. */
  const edits: Readonly<Record<string, Edit>> = {
    edit: (root, file) => put(root, file, 'mine\n'),
    'staged edit': (root, file) => void [put(root, file, 'mine\n'), stage(root, file)],
    'edit upon a staged edit': (root, file) =>
      void [put(root, file, '1\n'), stage(root, file), put(root, file, '2\n')],
    'removed file': (root, file) => rmSync(join(root, file)),
    'staged removal': (root, file) => gitIn(root, 'rm', '-q', file),
    'removal staged alone': (root, file) => gitIn(root, 'rm', '-q', '--cached', file),
    'staged rename': (root, file) => gitIn(root, 'mv', file, `${file} renamed`),
    'executable bit': (root, file) => chmodSync(join(root, file), 0o755),
    'symlink in place of a file': (root, file) =>
      void [rmSync(join(root, file)), symlinkSync('a.txt', join(root, file))],
    'folder in place of a file': (root, file) => void [rmSync(join(root, file)), put(root, `${file}/x`)],
    'file told to be unchanged': (root, file) =>
      void [gitIn(root, 'update-index', '--assume-unchanged', file), put(root, file, 'mine\n')],
    'file told to be skipped': (root, file) =>
      void [gitIn(root, 'update-index', '--skip-worktree', file), put(root, file, 'mine\n')],
  };
  /** Files that git does not have, and what is done to those that change. */
  const others: Readonly<Record<string, (root: string) => void>> = {
    'an untracked file': (root) => put(root, 'dir/mine.txt'),
    'an ignored file': (root) => put(root, 'dir/x.log'),
    'an untracked file beside a new one': (root) => put(root, 'new/mine.txt'),
    'a new staged file': (root) => void [put(root, 'dir/staged.txt'), stage(root, 'dir/staged.txt')],
    'an intent to add': (root) => void [put(root, 'intent.txt'), gitIn(root, 'add', '-N', 'intent.txt')],
    'an intent to add, and the file is gone': (root) =>
      void [put(root, 'gone.txt'), gitIn(root, 'add', '-N', 'gone.txt'), rmSync(join(root, 'gone.txt'))],
    'a touched file that changes': (root) => utimesSync(join(root, 'a.txt'), 1, 1),
    'a read-only file that goes': (root) => chmodSync(join(root, 'dir/c.txt'), 0o444),
    'a repository inside': (root) => void gitIn(root, 'init', '-q', 'inner'),
  };

  test('stays as it is, with the index as it is, all of it at once', () => {
    const tracked = Object.fromEntries(Object.keys(edits).map((name, n) => [`t${n} ${name}`, `${name}\n`]));
    const root = world({ ...FILES, ...tracked });
    const to = workIn(root);
    for (const [n, edit] of Object.values(edits).entries()) edit(root, Object.keys(tracked)[n] ?? '');
    for (const edit of Object.values(others)) edit(root);
    const before = {
      files: filesOf(root),
      status: statusOf(root),
      index: gitIn(root, 'ls-files', '-s', '-v', 't*'),
    };
    expect(before.status.length).toBeGreaterThan(14);
    mustLand(root, to);
    const { 'dir/c.txt': _gone, ...kept } = before.files;
    expect(filesOf(root)).toEqual({ ...kept, 'a.txt': '- A\n', 'new/n.txt': '- n\n' });
    expect([statusOf(root), gitIn(root, 'ls-files', '-s', '-v', 't*')]).toEqual([
      before.status,
      before.index,
    ]);
    expect(
      gitIn(root, 'diff', '--cached', '--name-only', 'HEAD', '--', 'a.txt', 'dir/c.txt', 'new/n.txt'),
    ).toBe('');
  });

  test('marks on paths stay', () => {
    const root = world();
    const to = workIn(root);
    gitIn(root, 'update-index', '--assume-unchanged', 'b.txt');
    gitIn(root, 'update-index', '--skip-worktree', 'dir/d.txt');
    mustLand(root, to);
    expect(gitIn(root, 'ls-files', '-v', 'b.txt', 'dir/d.txt')).toBe('h b.txt\nS dir/d.txt\n');
  });
});

describe('what is uncommitted and in the way', () => {
  type Edit = (root: string, file: string) => void;
  /** Each to a file of its own, that the landing changes, removes (`gone`) or adds (`new`). */
  const edits: Readonly<Record<string, Edit>> = {
    edit: (root, file) => put(root, file, 'mine\n'),
    'gone, edited': (root, file) => put(root, file, 'mine\n'),
    'staged edit': (root, file) => void [put(root, file, 'mine\n'), gitIn(root, 'add', '--', file)],
    'staged edit that was undone in the file': (root, file) =>
      void [put(root, file, 'mine\n'), gitIn(root, 'add', '--', file), put(root, file, 'old\n')],
    'removed file': (root, file) => rmSync(join(root, file)),
    'gone, removed already': (root, file) => rmSync(join(root, file)),
    'staged removal': (root, file) => gitIn(root, 'rm', '-q', '--cached', file),
    'executable bit': (root, file) => chmodSync(join(root, file), 0o755),
    symlink: (root, file) => void [rmSync(join(root, file)), symlinkSync('b.txt', join(root, file))],
    folder: (root, file) => void [rmSync(join(root, file)), put(root, `${file}/x`)],
    'file told to be unchanged': (root, file) =>
      void [gitIn(root, 'update-index', '--assume-unchanged', file), put(root, file, 'mine\n')],
    'file told to be skipped': (root, file) =>
      void [gitIn(root, 'update-index', '--skip-worktree', file), put(root, file, 'mine\n')],
    'edit of the same length with the same time': (root, file) => {
      utimesSync(join(root, file), 1_000, 1_000);
      gitIn(root, 'config', 'core.trustctime', 'false');
      gitIn(root, 'update-index', '-q', '--refresh');
      writeFileSync(join(root, file), 'OLD\n');
      utimesSync(join(root, file), 1_000, 1_000);
    },
    'new, intended': (root, file) => void [put(root, file), gitIn(root, 'add', '-N', '--', file)],
    'new, staged with the same content': (root, file) =>
      void [put(root, file, 'next\n'), gitIn(root, 'add', '--', file)],
  };
  const names = Object.keys(edits).map((name, n) => `t${n} ${name}`);
  const tracked = Object.fromEntries(
    names.filter((name) => !/ new/.test(name)).map((name) => [name, 'old\n']),
  );
  const nextOf = (root: string) =>
    commitOn(root, (at) => {
      for (const name of names) put(at, name, 'next\n');
      for (const name of names) if (/ gone/.test(name)) rmSync(join(at, name));
    });

  test('is refused, each by its name, and nothing has changed', () => {
    const root = world({ ...FILES, ...tracked });
    const to = nextOf(root);
    for (const [n, edit] of Object.values(edits).entries()) edit(root, names[n] ?? '');
    expectRefused(root, to, { code: 'target-dirty', root, total: expect.any(Number) });
    const problem = checkLanding(root, orderOf(root, to));
    if (problem?.code !== 'target-dirty') throw new Error('not refused');
    const named = [...problem.dirty, ...problem.inTheWay];
    expect([...new Set(named)].sort()).toEqual([...names].sort());
  });

  test('a folder that became a symlink to one is refused', () => {
    const root = world();
    const away = scratch();
    renameSync(join(root, 'dir'), join(away, 'dir'));
    symlinkSync(join(away, 'dir'), join(root, 'dir'));
    expectRefused(root, workIn(root), { code: 'target-dirty', dirty: ['dir/c.txt'] });
  });

  const blocking: readonly (readonly [string, (root: string) => void, string[]])[] = [
    ['a file', (root) => put(root, 'new/n.txt', 'mine\n'), ['new/n.txt']],
    ['a file of the same content', (root) => put(root, 'new/n.txt', 'n\n'), ['new/n.txt']],
    ['a file where a folder is needed', (root) => put(root, 'new', 'mine\n'), ['new']],
    ['a folder with a file in it', (root) => put(root, 'new/n.txt/mine'), ['new/n.txt/mine']],
    ['a symlink where a folder is needed', (root) => symlinkSync(scratch(), join(root, 'new')), ['new']],
    [
      'a dead symlink',
      (root) => void [mkdirSync(join(root, 'new')), symlinkSync('x', join(root, 'new/n.txt'))],
      ['new/n.txt'],
    ],
  ];
  test.each(blocking)(
    'is refused also where git ignores it, and would overwrite it: %s',
    (_, edit, inTheWay) => {
      const root = world({ ...FILES, '.gitignore': `${FILES['.gitignore']}new\n` });
      edit(root);
      expectRefused(root, workIn(root), { code: 'target-dirty', root, dirty: [], inTheWay });
    },
  );

  test('an untracked file that git does not ignore is refused too', () => {
    const root = world();
    put(root, 'new/n.txt', 'mine\n');
    expectRefused(root, workIn(root), { code: 'target-dirty', inTheWay: ['new/n.txt'] });
  });

  test('an empty folder is in nobody’s way', () => {
    const root = world();
    const to = workIn(root);
    mkdirSync(join(root, 'new/n.txt'), { recursive: true });
    mustLand(root, to);
    expect(statusOf(root)).toEqual([]);
  });

  test('a folder with an ignored file is not taken away for a file', () => {
    const root = world();
    const to = commitOn(
      root,
      (at) => void [rmSync(join(at, 'dir'), { recursive: true }), put(at, 'dir', 'file\n')],
    );
    put(root, 'dir/x.log', 'mine\n');
    expectRefused(root, to, { code: 'target-dirty', inTheWay: ['dir/x.log'] });
    rmSync(join(root, 'dir/x.log'));
    mustLand(root, to);
    expect(filesOf(root)['dir']).toBe('- file\n');
  });

  test('in any of the checkouts keeps all of them as they are', () => {
    const root = world();
    const second = join(scratch(), 'second');
    gitIn(root, 'worktree', 'add', '-q', '--force', second, 'main');
    put(second, 'a.txt', 'mine\n');
    expectRefused(root, workIn(root), { code: 'target-dirty', root: second, dirty: ['a.txt'] }, [second]);
  });
});

describe('kinds of change', () => {
  function expectAs(root: string, to: string): void {
    put(root, 'mine.txt', 'mine\n');
    mustLand(root, to);
    expect(statusOf(root)).toEqual(['?? mine.txt']);
    const fresh = join(scratch(), 'fresh');
    gitIn(root, 'worktree', 'add', '-q', '--detach', fresh, to);
    expect(filesOf(root)).toEqual({ ...filesOf(fresh), 'mine.txt': '- mine\n' });
  }

  test('all at once', () => {
    const folders = { 'to-file/x': '1\n', 'to-file/y/z': '2\n', 'to-link/x': '3\n', 'Case/x': '4\n' };
    const root = world({
      ...FILES,
      'to-folder': '1\n',
      'to-symlink': '2\n',
      'to-program': '3\n',
      case: '4\n',
      ...folders,
    });
    const odd = ['a b', 'q"q', 'l\nl', 'ü-😀', '-dash', ':(glob)*', 'tab\tx', 'b\\s', ' lead', 'trail '];
    const to = commitOn(root, (at) => {
      for (const name of ['to-folder', 'to-symlink', 'to-file', 'to-link'])
        rmSync(join(at, name), { recursive: true });
      put(at, 'to-folder/x/y', 'y\n');
      symlinkSync('a.txt', join(at, 'to-symlink'));
      put(at, 'to-file', 'file\n');
      symlinkSync('dir', join(at, 'to-link'));
      chmodSync(join(at, 'to-program'), 0o755);
      renameSync(join(at, 'case'), join(at, 'CASE'));
      renameSync(join(at, 'Case'), join(at, 'cASE'));
      for (const name of odd) put(at, `odd/${name}`, name);
    });
    expectAs(root, to);
  });

  test('everything goes', () => {
    const root = world();
    expectAs(
      root,
      commitOn(root, (at) => Object.keys(FILES).map((name) => rmSync(join(at, name)))),
    );
  });

  test('a large number of files', () => {
    const root = world();
    const files = Array.from({ length: 2_000 }, (_, n) => `many/${n % 50}/${n}`);
    expectAs(
      root,
      commitOn(root, (at) => files.map((file) => put(at, file, file))),
    );
  });

  test('paths that are no text', () => {
    const root = world();
    const blob = gitWith(root, 'x\n', 'hash-object', '-w', '--stdin').trim();
    const index = { cwd: root, env: { ...process.env, GIT_INDEX_FILE: join(scratch(), 'index') } };
    const entry = Buffer.concat([
      Buffer.from(`100644 ${blob} 0\t`),
      Buffer.from([0x62, 0xff, 0xfe]),
      Buffer.from([0]),
    ]);
    const { execFileSync } = require('node:child_process') as typeof import('node:child_process');
    execFileSync('git', ['read-tree', 'main'], index);
    execFileSync('git', ['update-index', '-z', '--index-info'], { ...index, input: entry });
    const tree = execFileSync('git', ['write-tree'], { ...index, encoding: 'utf8' }).trim();
    const to = gitIn(root, 'commit-tree', tree, '-p', 'main', '-m', 'x').trim();
    writeFileSync(Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0x62, 0xff, 0xfe])]), 'mine\n');
    expect(checkLanding(root, orderOf(root, to))).toMatchObject({ code: 'target-dirty', total: 1 });
    rmSync(Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0x62, 0xff, 0xfe])]));
    mustLand(root, to);
    expect(statusOf(root)).toEqual([]);
  });
});
