/** Landing where the repository itself is in an unusual state: something under way, locks, hooks, kinds of repositories. */
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkLanding, closeLanding, landCommit, recoverLanding } from '../../src/storage/landing.ts';
import { takeLease } from '../../src/storage/light/lease.ts';
import { landedTip } from '../../src/storage/target-ref.ts';
import { gitIn } from '../kit/project.ts';
import {
  commitOn,
  FILES,
  filesOf,
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

const WAIT_MS = 200;

function land(root: string, to: string, target = 'main') {
  return landCommit(turn(root), root, orderOf(root, to, target), WAIT_MS);
}

function mustLand(root: string, to: string, target = 'main') {
  const outcome = land(root, to, target);
  if (!outcome.done) throw new Error(JSON.stringify(outcome.problem));
  closeLanding(turn(root), root, outcome.value.id);
  return outcome.value;
}

function recover(root: string) {
  return recoverLanding(turn(root), root, WAIT_MS);
}

function expectRefused(root: string, to: string, problem: object): void {
  const before = pictureOf(root);
  expect(land(root, to)).toMatchObject({ done: false, problem });
  expect(pictureOf(root)).toEqual(before);
}

function hook(root: string, name: string, body: string): void {
  mkdirSync(join(root, '.git/hooks'), { recursive: true });
  writeFileSync(join(root, '.git/hooks', name), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
}

describe('something is under way in the checkout', () => {
  function divided(): string {
    const root = world();
    gitIn(root, 'checkout', '-q', '-b', 'side');
    put(root, 'b.txt', 'side\n');
    gitIn(root, 'commit', '-qam', 'Side');
    gitIn(root, 'checkout', '-q', 'main');
    return root;
  }
  const cases: readonly (readonly [string, (root: string) => void])[] = [
    ['merge', (root) => gitIn(root, 'merge', '-q', '--no-ff', '--no-commit', 'side')],
    [
      'cherry-pick',
      (root) =>
        void [
          put(root, 'b.txt', 'x\n'),
          gitIn(root, 'commit', '-qam', 'x'),
          tryGit(root, 'cherry-pick', 'side'),
        ],
    ],
    ['revert', (root) => gitIn(root, 'revert', '--no-commit', 'HEAD')],
  ];
  test.each(cases)('%s: refused', (why, begin) => {
    const root = divided();
    begin(root);
    const to = commitOn(root, (at) => put(at, 'a.txt', 'A\n'));
    expect(checkLanding(root, orderOf(root, to))).toMatchObject({ code: 'target-busy', why, root });
    expectRefused(root, to, { code: 'target-busy', why, root });
    expect(leftovers(root)).toEqual([]);
  });

  test('rebase: refused, though HEAD stands elsewhere meanwhile', () => {
    const root = divided();
    put(root, 'b.txt', 'main\n');
    gitIn(root, 'commit', '-qam', 'Main');
    tryGit(root, 'rebase', 'side');
    expect(existsSync(join(root, '.git/rebase-merge'))).toBe(true);
    expectRefused(
      root,
      commitOn(root, (at) => put(at, 'a.txt', 'A\n')),
      { code: 'target-busy', why: 'rebase' },
    );
  });

  test('bisect: the target moves, and the bisection goes on and ends there', () => {
    const root = world();
    const first = tipOf(root);
    gitIn(root, 'commit', '-q', '--allow-empty', '-m', 'two');
    gitIn(root, 'commit', '-q', '--allow-empty', '-m', 'three');
    gitIn(root, 'bisect', 'start', 'HEAD', first);
    const to = commitOn(root, (at) => put(at, 'a.txt', 'A\n'));
    expect(mustLand(root, to).checkouts).toEqual([]);
    gitIn(root, 'bisect', 'reset');
    expect([tipOf(root, 'HEAD'), statusOf(root)]).toEqual([to, []]);
  });
});

function tryGit(root: string, ...args: string[]): void {
  try {
    execFileSync('git', args, { cwd: root, stdio: 'ignore' });
  } catch (error) {
    // It stops in the middle: that is what is wanted.
    expect((error as { status: number }).status).not.toBe(0);
  }
}

describe('locks of another git', () => {
  test('on the index: waited for a little, then refused by name; the lock stays', () => {
    const root = world();
    const lock = put(root, '.git/index.lock', '');
    expectRefused(root, workIn(root), {
      code: 'target-busy',
      why: 'index-lock',
      file: lock,
      ageMs: expect.any(Number),
    });
    expect(leftovers(root)).toEqual(['index.lock']);
    rmSync(lock);
    mustLand(root, workIn(root));
  });

  test('on the target: refused by name; the lock stays', () => {
    const root = world();
    const lock = put(root, '.git/refs/heads/main.lock', '');
    expectRefused(root, workIn(root), { code: 'target-busy', why: 'ref-lock', file: lock });
    expect(leftovers(root)).toEqual([]);
    rmSync(lock);
    mustLand(root, workIn(root));
  });
});

describe('hooks of the repository', () => {
  test('one that refuses the move of the target is heard, and nothing has changed', () => {
    const root = world();
    hook(
      root,
      'reference-transaction',
      'if [ "$1" = prepared ] && grep -q refs/heads/main; then echo "frozen until Monday" >&2; exit 1; fi',
    );
    const before = pictureOf(root);
    expect(land(root, workIn(root))).toMatchObject({
      done: false,
      problem: { code: 'landing-refused', detail: expect.stringContaining('frozen until Monday') },
    });
    expect(pictureOf(root)).toEqual(before);
    expect(leftovers(root)).toEqual([]);
    expect(landedTip(root, '01.1')).toBeUndefined();
  });

  test('all others may fail as they like, and do not run', () => {
    const root = world();
    const names = [
      'post-checkout',
      'post-index-change',
      'post-merge',
      'pre-commit',
      'post-rewrite',
      'pre-rebase',
      'commit-msg',
    ];
    for (const name of names) hook(root, name, `echo ran >> "${join(root, '.coordination/ran')}"; exit 1`);
    mustLand(root, workIn(root));
    expect(existsSync(join(root, '.coordination/ran'))).toBe(false);
    expect(statusOf(root)).toEqual([]);
  });

  test('one that moves the target itself makes it a moved target', () => {
    const root = world();
    const to = workIn(root);
    const other = commitOn(root, (at) => put(at, 'b.txt', 'B\n'));
    const order = orderOf(root, to);
    gitIn(root, 'update-ref', 'refs/heads/main', other);
    expect(landCommit(turn(root), root, order)).toMatchObject({
      problem: { code: 'target-moved', expected: order.from, found: other },
    });
  });
});

describe('kinds of repositories', () => {
  test('packed refs', () => {
    const root = world();
    gitIn(root, 'pack-refs', '--all', '--prune');
    const to = workIn(root);
    mustLand(root, to);
    expect([tipOf(root), statusOf(root), landedTip(root, '01.1')]).toEqual([to, [], to]);
  });

  test('SHA-256', () => {
    const root = world(FILES, '--object-format=sha256');
    const to = workIn(root);
    expect(to).toHaveLength(64);
    put(root, 'b.txt', 'mine\n');
    mustLand(root, to);
    expect([tipOf(root), statusOf(root)]).toEqual([to, [' M b.txt']]);
  });

  test('a target that is a symbolic ref moves what it stands for', () => {
    const root = world();
    gitIn(root, 'branch', '-m', 'main', 'trunk');
    gitIn(root, 'symbolic-ref', 'refs/heads/main', 'refs/heads/trunk');
    const to = workIn(root);
    mustLand(root, to);
    expect([tipOf(root, 'trunk'), statusOf(root)]).toEqual([to, []]);
    expect(gitIn(root, 'symbolic-ref', 'refs/heads/main').trim()).toBe('refs/heads/trunk');
  });

  test('a target that is not there, or stands for no branch', () => {
    const root = world();
    const to = workIn(root);
    gitIn(root, 'symbolic-ref', 'refs/heads/odd', 'refs/tags/odd');
    const order = { ...orderOf(root, to), target: 'none' };
    expect(checkLanding(root, order)).toEqual({ code: 'target-missing', target: 'none' });
    expect(landCommit(turn(root), root, order)).toMatchObject({ problem: { code: 'target-missing' } });
    expect(checkLanding(root, { ...order, target: 'odd' })).toEqual({
      code: 'target-missing',
      target: 'odd',
    });
  });

  test('a sparse checkout stays sparse', () => {
    const root = world();
    gitIn(root, 'status');
    gitIn(root, 'sparse-checkout', 'set', '--no-cone', '/b.txt', '/dir/', '/.gitignore');
    expect(Object.keys(filesOf(root))).toEqual(['.gitignore', 'b.txt', 'dir/c.txt', 'dir/d.txt']);
    const to = workIn(root);
    put(root, 'b.txt', 'mine\n');
    mustLand(root, to);
    expect(filesOf(root)).toEqual({
      '.gitignore': `- ${FILES['.gitignore']}`,
      'b.txt': '- mine\n',
      'dir/d.txt': '- d\n',
    });
    expect(statusOf(root)).toEqual([' M b.txt']);
    gitIn(root, 'checkout', '-q', 'b.txt');
    gitIn(root, 'sparse-checkout', 'disable');
    expect([filesOf(root)['a.txt'], filesOf(root)['new/n.txt'], statusOf(root)]).toEqual([
      '- A\n',
      '- n\n',
      [],
    ]);
  });

  test('a file that is there in spite of a sparse checkout, and is not as it was, is in the way', () => {
    const root = world();
    gitIn(root, 'status');
    gitIn(root, 'sparse-checkout', 'set', '--no-cone', '/b.txt', '/.gitignore');
    put(root, 'a.txt', 'mine\n');
    expectRefused(root, workIn(root), { code: 'target-dirty', dirty: ['a.txt'] });
  });

  test('line ends of the checkout', () => {
    const root = world();
    gitIn(root, 'config', 'core.autocrlf', 'true');
    for (const path of Object.keys(FILES)) rmSync(join(root, path));
    gitIn(root, 'checkout', '-q', '--', '.');
    expect(filesOf(root)['a.txt']).toBe('- a\r\n');
    mustLand(root, workIn(root));
    expect([filesOf(root)['a.txt'], filesOf(root)['new/n.txt'], statusOf(root)]).toEqual([
      '- A\r\n',
      '- n\r\n',
      [],
    ]);
  });

  test('submodules: the commit moves, what is checked out in it does not, and it is named', () => {
    const sub = world({ 's.txt': '1\n' });
    const files = { ...FILES };
    const root = world(files);
    const allow = ['-c', 'protocol.file.allow=always'];
    gitIn(root, ...allow, 'submodule', '--quiet', 'add', sub, 'lib');
    gitIn(root, 'commit', '-qm', 'With a submodule');
    const first = tipOf(join(root, 'lib'), 'HEAD');
    const second = commitOn(sub, (at) => put(at, 's.txt', '2\n'));
    const to = commitOn(root, (at) => gitIn(at, 'update-index', '--cacheinfo', `160000,${second},lib`));
    // `add -A` of the kit looks at the folder, which is empty there: nothing to take back.
    expect(gitIn(root, 'rev-parse', `${to}:lib`).trim()).toBe(second);
    put(root, 'lib/mine.txt', 'mine\n');
    const landed = mustLand(root, to);
    expect(landed.checkouts[0]?.submodules).toEqual(['lib']);
    expect(tipOf(join(root, 'lib'), 'HEAD')).toBe(first);
    expect(readFileSync(join(root, 'lib/mine.txt'), 'utf8')).toBe('mine\n');
    expect(gitIn(root, 'ls-files', '-s', 'lib')).toContain(second);
  });

  test('submodules: one that the operator moved is in the way; one that goes leaves its files', () => {
    const sub = world({ 's.txt': '1\n' });
    const root = world();
    gitIn(root, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', sub, 'lib');
    gitIn(root, 'commit', '-qm', 'With a submodule');
    const to = commitOn(
      root,
      (at) => gitIn(at, 'rm', '-q', '-f', '--cached', 'lib') && rmSync(join(at, 'lib'), { recursive: true }),
    );
    const replaced = commitOn(
      root,
      (at) =>
        void [
          gitIn(at, 'rm', '-q', '--cached', 'lib'),
          rmSync(join(at, 'lib'), { recursive: true }),
          put(at, 'lib', 'file\n'),
        ],
    );
    expectRefused(root, replaced, { code: 'target-dirty', inTheWay: ['lib'] });
    gitIn(
      join(root, 'lib'),
      '-c',
      'user.name=T',
      '-c',
      'user.email=t@example.invalid',
      'commit',
      '-q',
      '--allow-empty',
      '-m',
      'mine',
    );
    expectRefused(root, to, { code: 'target-dirty', dirty: ['lib'] });
    gitIn(join(root, 'lib'), 'reset', '-q', '--hard', 'HEAD~');
    mustLand(root, to);
    expect(readFileSync(join(root, 'lib/s.txt'), 'utf8')).toBe('1\n');
  });

  test('a split index, an untracked cache, an index of version 4', () => {
    for (const settings of [['core.splitIndex', 'core.untrackedCache'], ['feature.manyFiles']]) {
      const root = world();
      for (const key of settings) gitIn(root, 'config', key, 'true');
      put(root, 'b.txt', 'mine\n');
      gitIn(root, 'add', 'b.txt');
      gitIn(root, 'status');
      mustLand(root, workIn(root));
      expect(statusOf(root)).toEqual(['M  b.txt']);
    }
  });

  test('no index at all: the landing’s own files alone are entered', () => {
    const root = world();
    rmSync(join(root, '.git/index'));
    const before = filesOf(root);
    const to = commitOn(root, (at) => put(at, 'new/n.txt', 'n\n'));
    const status = statusOf(root);
    mustLand(root, to);
    expect(filesOf(root)).toEqual({ ...before, 'new/n.txt': '- n\n' });
    expect(statusOf(root)).toEqual(status);
  });

  test('a primary whose git folder lies elsewhere', () => {
    const source = world();
    const root = join(scratch(), 'home');
    const gitDir = join(scratch(), 'elsewhere.git');
    mkdirSync(root);
    gitIn(root, 'init', '-q', '-b', 'main', '--separate-git-dir', gitDir);
    gitIn(root, 'fetch', '-q', source, `${workIn(source)}:refs/heads/work`, 'main:refs/heads/base');
    gitIn(root, 'reset', '-q', '--hard', 'base');
    const to = tipOf(root, 'work');
    const landed = mustLand(root, to);
    expect(landed.checkouts).toMatchObject([{ root, state: 'synced' }]);
    expect(statusOf(root)).toEqual([]);
  });

  test('a home reached by another name', () => {
    const root = world();
    const link = join(scratch(), 'link');
    symlinkSync(root, link);
    put(root, 'b.txt', 'mine\n');
    mustLand(root, workIn(root));
    expect(statusOf(link)).toEqual([' M b.txt']);
  });
});

describe('in the moment of the landing', () => {
  test('the target is checked out in one more worktree: that one follows too, where it is clean', () => {
    for (const edit of [undefined, 'a.txt']) {
      const root = world();
      const late = join(scratch(), 'late');
      const dirty = edit === undefined ? '' : `echo mine > '${late}/${edit}'`;
      const git = 'env -u GIT_DIR -u GIT_INDEX_FILE git -c core.hooksPath=/dev/null';
      const add = `${git} worktree add -q --detach '${late}' main; ${git} -C '${late}' symbolic-ref HEAD refs/heads/main`;
      hook(
        root,
        'reference-transaction',
        `if [ "$1" = prepared ] && [ ! -e '${late}' ]; then ${add}; ${dirty}\nfi\nexit 0`,
      );
      const landed = mustLand(root, workIn(root));
      expect(landed.checkouts).toMatchObject([
        { root, state: 'synced' },
        { root: late, state: edit === undefined ? 'synced' : 'pending' },
      ]);
      expect(statusOf(root)).toEqual([]);
      if (edit === undefined) expect([filesOf(late), statusOf(late)]).toEqual([filesOf(root), []]);
      else expect(filesOf(late)['a.txt']).toBe('- mine\n');
    }
  });

  test('the turn was lost to another run: nothing happens, and nothing is left', () => {
    const root = world();
    const held = turn(root);
    const other = { owner: 'other', session: 'o', agent: null, process: null };
    const taken = takeLease(held.dir, other, {
      now: Date.now,
      ttlMs: null,
      judge: () => 'dead',
      force: true,
    });
    expect(taken).toHaveProperty('epoch');
    const before = pictureOf(root);
    expect(() => landCommit(held, root, orderOf(root, workIn(root)), WAIT_MS)).toThrow('no longer held');
    expect([pictureOf(root), leftovers(root)]).toEqual([before, []]);
  });

  test('a journal that nobody can read is put aside, and the queue goes on', () => {
    const root = world();
    put(root, '.coordination/queue/landing.json', '{"id":');
    expect(recover(root)).toBeUndefined();
    expect(readdirSync(join(root, '.coordination/queue/aside'))).toEqual([
      expect.stringMatching(/^landing-.*\.json$/),
    ]);
    mustLand(root, workIn(root));
  });
});

describe('a sync that cannot be done', () => {
  /** A filter that fails on what the landing brings, until it is mended. */
  function broken(): { root: string; to: string; mend: () => void } {
    const files = { ...FILES, '.gitattributes': '*.txt filter=picky\n' };
    const root = world(files);
    const gate = put(root, '.coordination/gate', '');
    gitIn(
      root,
      'config',
      'filter.picky.smudge',
      `f() { c=$(cat); case "$c" in n) test ! -e '${gate}' || exit 1;; esac; echo "$c"; }; f`,
    );
    gitIn(root, 'config', 'filter.picky.clean', 'cat');
    gitIn(root, 'config', 'filter.picky.required', 'true');
    return { root, to: workIn(root), mend: () => rmSync(gate) };
  }

  test('stays pending: the landing stands, no commit by hand takes it back, and the next run finishes it', () => {
    const { root, to, mend } = broken();
    put(root, 'b.txt', 'mine\n');
    gitIn(root, 'add', 'b.txt');
    const next = gitIn(root, 'commit-tree', `${to}^{tree}`, '-p', to, '-m', 'x').trim();
    const outcome = land(root, to);
    if (!outcome.done) throw new Error(JSON.stringify(outcome.problem));
    expect(outcome.value.checkouts).toMatchObject([
      { root, state: 'pending', why: expect.stringContaining('filter') },
    ]);
    expect(tipOf(root)).toBe(to);
    // What is staged is the operator's own, and nothing of the landing turned round.
    expect(gitIn(root, 'diff', '--cached', '--name-only')).toBe('b.txt\n');
    closeLanding(turn(root), root, outcome.value.id);
    expect(recover(root)).toMatchObject({
      outcome: 'landed',
      isSettled: true,
      checkouts: [{ state: 'pending' }],
    });
    expect(land(root, next)).toMatchObject({ problem: { code: 'landing-open' } });
    mend();
    expect(recover(root)).toMatchObject({
      outcome: 'landed',
      isSettled: true,
      checkouts: [{ state: 'synced' }],
    });
    closeLanding(turn(root), root, outcome.value.id);
    expect(leftovers(root)).toEqual([]);
    expect(statusOf(root)).toEqual(['M  b.txt']);
    expect([filesOf(root)['a.txt'], filesOf(root)['new/n.txt'], filesOf(root)['b.txt']]).toEqual([
      '- A\n',
      '- n\n',
      '- mine\n',
    ]);
  });
});
