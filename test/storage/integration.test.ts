/** Integration worktrees on real repositories: opened, put right, and never anybody else's. */
import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { openSlot, type Slot, slotDrift, slotEnvironment, standSlot } from '../../src/storage/integration.ts';
import { gitIn } from '../kit/project.ts';
import {
  commitOn,
  FILES,
  filesOf,
  gitWith,
  pictureOf,
  statusOf,
  tipOf,
  workIn,
  world,
} from './landing-world.ts';
import { put, scratch } from './scratch.ts';

const environment = { ...process.env };
afterEach(() => {
  process.env = { ...environment };
});

function open(root: string, number = 1): Slot {
  const opened = openSlot(root, number);
  if (!opened.done) throw new Error(JSON.stringify(opened.problem));
  return opened.value;
}

function stand(slot: Slot, commit: string) {
  const stood = standSlot(slot, commit);
  if (!stood.done) throw new Error(JSON.stringify(stood.problem));
  return stood.value;
}

const WORK = {
  '.gitignore': `- ${FILES['.gitignore']}`,
  'a.txt': '- A\n',
  'b.txt': '- b\n',
  'dir/d.txt': '- d\n',
  'new/n.txt': '- n\n',
};

function expectStanding(slot: Slot, commit: string): void {
  expect([tipOf(slot.root, 'HEAD'), existsSync(join(slot.gitDir, 'HEAD'))]).toEqual([commit, true]);
  expect(readFileSync(join(slot.gitDir, 'HEAD'), 'utf8')).toBe(`${commit}\n`);
  expect(statusOf(slot.root).filter((line) => !line.startsWith('!!'))).toEqual([]);
  expect(slotDrift(slot, commit)).toEqual([]);
}

describe('a slot', () => {
  test('stands at the commit, detached, with its files', () => {
    const root = world();
    const before = pictureOf(root);
    const slot = open(root);
    expect(slot.root).toBe(join(root, '.coordination/integration/slot-1'));
    expect(stand(slot, workIn(root))).toEqual({ missing: [], pointers: [] });
    expectStanding(slot, workIn(root));
    expect(filesOf(slot.root)).toEqual(WORK);
    expect(pictureOf(root)).toEqual(before);
  });

  test('keeps ignored files from one candidate to the next, and nothing else', () => {
    const root = world();
    const slot = open(root);
    stand(slot, tipOf(root));
    put(slot.root, 'ignored/cache');
    put(slot.root, 'dir/x.log');
    put(slot.root, 'untracked/y');
    gitIn(slot.root, 'init', '-q', 'inner');
    put(slot.root, 'a.txt', 'changed\n');
    put(slot.root, 'b.txt', 'staged\n');
    gitIn(slot.root, 'add', 'b.txt');
    rmSync(join(slot.root, 'dir/d.txt'));
    expect(slotDrift(slot, tipOf(root)).sort()).toEqual(['a.txt', 'b.txt', 'dir/d.txt']);
    const again = open(root);
    expect(again).toEqual(slot);
    stand(again, workIn(root));
    expectStanding(again, workIn(root));
    expect(filesOf(slot.root)).toEqual({ ...WORK, 'ignored/cache': '- x\n', 'dir/x.log': '- x\n' });
    expect(existsSync(join(slot.root, 'inner'))).toBe(false);
  });

  test('looks also at what a validation told git to take for unchanged', () => {
    const root = world();
    const slot = open(root);
    stand(slot, tipOf(root));
    gitIn(slot.root, 'update-index', '--assume-unchanged', 'a.txt');
    gitIn(slot.root, 'update-index', '--skip-worktree', 'b.txt');
    put(slot.root, 'a.txt', 'hidden\n');
    put(slot.root, 'b.txt', 'hidden\n');
    stand(slot, tipOf(root));
    expect([filesOf(slot.root)['a.txt'], filesOf(slot.root)['b.txt']]).toEqual(['- a\n', '- b\n']);
    expectStanding(slot, tipOf(root));
  });

  test('runs no hook of the repository', () => {
    const root = world();
    mkdirSync(join(root, '.git/hooks'), { recursive: true });
    for (const name of ['post-checkout', 'post-index-change', 'reference-transaction'])
      writeFileSync(join(root, '.git/hooks', name), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    const slot = open(root);
    stand(slot, workIn(root));
    expect(filesOf(slot.root)).toEqual(WORK);
  });

  test('has all files where the primary is sparse', () => {
    const root = world();
    gitIn(root, 'status');
    gitIn(root, 'sparse-checkout', 'set', '--no-cone', '/b.txt', '/.gitignore');
    const slot = open(root);
    stand(slot, workIn(root));
    expect(filesOf(slot.root)).toEqual(WORK);
    expect(Object.keys(filesOf(root))).toEqual(['.gitignore', 'b.txt']);
    stand(open(root), tipOf(root));
    expect(Object.keys(filesOf(slot.root))).toEqual(Object.keys(FILES));
  });

  test('is made from any commit where the primary has none', () => {
    const root = world();
    gitIn(root, 'symbolic-ref', 'HEAD', 'refs/heads/unborn');
    const slot = open(root);
    stand(slot, workIn(root));
    expectStanding(slot, workIn(root));
  });

  test('says what is wrong with a commit that is not there, and stands at the next', () => {
    const root = world();
    const slot = open(root);
    expect(standSlot(slot, '0123456789'.repeat(4))).toMatchObject({
      done: false,
      problem: { code: 'git-failed' },
    });
    stand(slot, workIn(root));
    expectStanding(slot, workIn(root));
  });
});

describe('a slot that a killed run left', () => {
  const states: readonly (readonly [string, (slot: Slot, root: string) => void])[] = [
    ['its folder is gone', (slot) => rmSync(slot.root, { recursive: true })],
    [
      'its folder is gone, and it is locked',
      (slot, root) =>
        void [gitIn(root, 'worktree', 'lock', slot.root), rmSync(slot.root, { recursive: true })],
    ],
    ['it is locked', (slot, root) => gitIn(root, 'worktree', 'lock', '--reason', 'mine', slot.root)],
    ['its registration is pruned', (slot) => rmSync(slot.gitDir, { recursive: true })],
    ['its registration has lost its pointer', (slot) => rmSync(join(slot.gitDir, 'gitdir'))],
    [
      'its registration points elsewhere',
      (slot) => writeFileSync(join(slot.gitDir, 'gitdir'), '/nowhere/.git\n'),
    ],
    [
      'it is half made',
      (slot) =>
        void [writeFileSync(join(slot.gitDir, 'locked'), 'initializing'), rmSync(join(slot.gitDir, 'index'))],
    ],
    ['its .git is gone', (slot) => rmSync(join(slot.root, '.git'))],
    ['its .git is torn', (slot) => writeFileSync(join(slot.root, '.git'), '')],
    ['its HEAD is torn', (slot) => writeFileSync(join(slot.gitDir, 'HEAD'), '')],
    [
      'its HEAD names what is not there',
      (slot) => writeFileSync(join(slot.gitDir, 'HEAD'), `${'1'.repeat(40)}\n`),
    ],
    ['its index is torn', (slot) => writeFileSync(join(slot.gitDir, 'index'), 'DIRC')],
    ['its index is gone', (slot) => rmSync(join(slot.gitDir, 'index'))],
    ['its index is locked', (slot) => writeFileSync(join(slot.gitDir, 'index.lock'), '')],
    ['its HEAD is locked', (slot) => writeFileSync(join(slot.gitDir, 'HEAD.lock'), '')],
    ['its mark is missing', (slot) => rmSync(join(slot.gitDir, 'coord-slot'))],
    [
      'a validation stands on a branch there',
      (slot) => gitIn(slot.root, 'checkout', '-q', '-b', 'made-there'),
    ],
    [
      'a merge is under way',
      (slot) => {
        gitIn(slot.root, 'commit', '-q', '--allow-empty', '-m', 'x');
        const other = commitOn(slot.home, (at) => put(at, 'a.txt', 'other\n'));
        gitIn(slot.root, 'merge', '-q', '--no-ff', '--no-commit', other);
      },
    ],
    [
      'a file is in its place',
      (slot) => void [rmSync(slot.root, { recursive: true }), writeFileSync(slot.root, 'file')],
    ],
    [
      'a folder of files is in its place',
      (slot) => void [rmSync(slot.root, { recursive: true }), put(slot.root, 'x/y')],
    ],
    [
      'a folder in it may not be written',
      (slot) => void [put(slot.root, 'locked/x'), chmodSync(join(slot.root, 'locked'), 0o500)],
    ],
  ];
  test.each(states)('is put right: %s', (name, happen) => {
    const root = world();
    const slot = open(root);
    stand(slot, tipOf(root));
    happen(slot, root);
    const before = pictureOf(root);
    const again = open(root);
    stand(again, workIn(root));
    expectStanding(again, workIn(root));
    expect(filesOf(again.root)).toEqual(WORK);
    expect(pictureOf(root)).toEqual(before);
    // What its registration was is nobody's any more where it is unreadable; git clears that away in time.
    const listed = gitIn(root, 'worktree', 'list').trim().split('\n');
    expect(listed.length).toBeLessThanOrEqual(name === 'its registration points elsewhere' ? 3 : 2);
  });

  test('whose .git goes in the middle: the primary around it is never taken for it', () => {
    const root = world();
    const slot = open(root);
    stand(slot, tipOf(root));
    rmSync(join(slot.root, '.git'));
    put(root, 'a.txt', 'mine\n');
    put(root, 'untracked', 'mine\n');
    const before = pictureOf(root);
    stand(slot, workIn(root));
    expect(pictureOf(root)).toEqual(before);
    rmSync(join(slot.root, '.git'));
    const told = execFileSync('sh', ['-c', 'git status || echo none'], {
      cwd: slot.root,
      env: { ...process.env, ...slotEnvironment(slot) },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    expect(told.trim()).toBe('none');
  });

  test('that is a symlink: what it points to stays', () => {
    const root = world();
    const away = scratch();
    put(away, 'mine');
    mkdirSync(join(root, '.coordination/integration'));
    symlinkSync(away, join(root, '.coordination/integration/slot-1'));
    stand(open(root), workIn(root));
    expect(readFileSync(join(away, 'mine'), 'utf8')).toBe('x\n');
  });
});

describe('what belongs to others', () => {
  test('a worktree that somebody made in the slot’s place, on a branch, is refused and stays', () => {
    const root = world();
    const at = join(root, '.coordination/integration/slot-1');
    gitIn(root, 'worktree', 'add', '-q', '-b', 'mine', at);
    put(at, 'a.txt', 'mine\n');
    expect(openSlot(root, 1)).toEqual({
      done: false,
      problem: { code: 'slot-foreign', path: at, branch: 'mine' },
    });
    expect(statusOf(at)).toEqual([' M a.txt']);
    open(root, 2);
  });

  test('a copy of somebody’s worktree in the slot’s place is put away; the worktree it names stays', () => {
    const root = world();
    const theirs = join(scratch(), 'theirs');
    gitIn(root, 'worktree', 'add', '-q', '-b', 'theirs', theirs);
    put(theirs, 'a.txt', 'theirs\n');
    cpSync(theirs, join(root, '.coordination/integration/slot-1'), { recursive: true });
    stand(open(root), workIn(root));
    expect([gitIn(theirs, 'branch', '--show-current').trim(), statusOf(theirs)]).toEqual([
      'theirs',
      [' M a.txt'],
    ]);
  });

  test('registrations of worktrees whose disk is not there stay', () => {
    const root = world();
    const theirs = join(scratch(), 'theirs');
    gitIn(root, 'worktree', 'add', '-q', '-b', 'theirs', theirs);
    renameSync(theirs, `${theirs}-away`);
    const slot = open(root);
    rmSync(slot.root, { recursive: true });
    stand(open(root), workIn(root));
    renameSync(`${theirs}-away`, theirs);
    expect(statusOf(theirs)).toEqual([]);
  });

  test('one with the same name as a slot has another registration', () => {
    const root = world();
    const theirs = join(scratch(), 'slot-1');
    gitIn(root, 'worktree', 'add', '-q', '-b', 'theirs', theirs);
    const slot = open(root);
    stand(slot, workIn(root));
    expectStanding(slot, workIn(root));
    rmSync(slot.root, { recursive: true });
    stand(open(root), workIn(root));
    expect([gitIn(theirs, 'branch', '--show-current').trim(), statusOf(theirs)]).toEqual(['theirs', []]);
  });

  test('many that are added at the same moment', async () => {
    const root = world();
    const folder = scratch();
    const adding = Array.from({ length: 12 }, (_, n) => {
      const git = spawn('git', ['worktree', 'add', '-q', '-b', `b${n}`, join(folder, `${n}`, 'slot-1')], {
        cwd: root,
      });
      return new Promise<number | null>((ended) => git.on('close', ended));
    });
    const slots = [1, 2, 3].map((number) => open(root, number));
    for (const slot of slots) stand(slot, workIn(root));
    expect((await Promise.all(adding)).filter((code) => code !== 0)).toEqual([]);
    for (const slot of slots) expectStanding(slot, workIn(root));
    expect(gitIn(root, 'worktree', 'list').trim().split('\n')).toHaveLength(16);
  });
});

describe('what outlived a killed run', () => {
  test.runIf(process.platform === 'linux')('a git that works in the slot is waited for', async () => {
    const root = world();
    const slot = open(root);
    const env = { ...process.env, ...slotEnvironment(slot) };
    const still = spawn('git', ['-c', 'alias.wait=!sleep 0.7', 'wait'], { cwd: slot.root, env });
    const startedAt = Date.now();
    await new Promise((later) => setTimeout(later, 150));
    open(root);
    expect(Date.now() - startedAt).toBeGreaterThan(600);
    still.kill('SIGKILL');
  });

  test.runIf(process.platform === 'linux')(
    'a server that a validation started elsewhere is left alone',
    async () => {
      const root = world();
      const slot = open(root);
      const env = { ...process.env, ...slotEnvironment(slot) };
      const server = spawn('sleep', ['30'], { cwd: '/', env });
      await new Promise((later) => setTimeout(later, 100));
      const startedAt = Date.now();
      open(root);
      expect(Date.now() - startedAt).toBeLessThan(2_500);
      expect(server.exitCode ?? server.signalCode).toBeNull();
      server.kill('SIGKILL');
    },
  );
});

describe('filters', () => {
  test('a file that was committed against its own rules is no drift, and a changed one is', () => {
    const root = world({ ...FILES, '.gitattributes': '*.txt text eol=lf\n' });
    const blob = gitWith(root, 'one\r\ntwo\r\n', 'hash-object', '-w', '--no-filters', '--stdin').trim();
    gitIn(root, 'update-index', '--add', '--cacheinfo', `100644,${blob},odd.txt`);
    gitIn(root, 'commit', '-qm', 'Odd');
    const slot = open(root);
    stand(slot, tipOf(root));
    writeFileSync(join(slot.root, 'odd.txt'), readFileSync(join(slot.root, 'odd.txt')));
    expect(slotDrift(slot, tipOf(root))).toEqual([]);
    put(slot.root, 'odd.txt', 'three\r\n');
    expect(slotDrift(slot, tipOf(root))).toEqual(['odd.txt']);
    stand(slot, tipOf(root));
    expect(slotDrift(slot, tipOf(root))).toEqual([]);
  });

  /** Knows what `git lfs` knows, without a network: asked to fetch, it fails. */
  const LFS = `#!/bin/sh
case "$1" in
  smudge) if [ "$GIT_LFS_SKIP_SMUDGE" = 1 ]; then cat; else echo "no network" >&2; exit 2; fi ;;
  clean) t=$(mktemp); cat > "$t"; if head -c 7 "$t" | grep -q '^version'; then cat "$t"; else printf 'version https://git-lfs.github.com/spec/v1\\noid sha256:%s\\nsize %s\\n' "$(sha256sum < "$t" | cut -c1-64)" "$(wc -c < "$t")"; fi; rm "$t" ;;
  checkout) git ls-files ':(attr:filter=lfs)' | while read -r f; do o=$(sed -n 's/^oid sha256://p' "$f"); s="$(git rev-parse --git-common-dir)/lfs/$o"; [ -n "$o" ] && [ -e "$s" ] && cp "$s" "$f" && git update-index -- "$f"; done; exit 0 ;;
esac
`;

  test('large files come from this machine, never from the network; those that are not here are named', () => {
    const bin = scratch();
    writeFileSync(join(bin, 'git-lfs'), LFS, { mode: 0o755 });
    process.env['PATH'] = `${bin}:${process.env['PATH']}`;
    const root = world();
    for (const [key, value] of [
      ['smudge', 'git-lfs smudge -- %f'],
      ['clean', 'git-lfs clean -- %f'],
      ['required', 'true'],
    ])
      gitIn(root, 'config', `filter.lfs.${key}`, value ?? '');
    const to = commitOn(root, (at) => {
      put(at, '.gitattributes', '*.bin filter=lfs\n');
      put(at, 'here.bin', 'large, and here\n');
      put(at, 'away.bin', 'large, and away\n');
    });
    const oid = /sha256:(\w+)/.exec(gitIn(root, 'show', `${to}:here.bin`))?.[1] ?? '';
    put(root, `.git/lfs/${oid}`, 'large, and here\n');
    const slot = open(root);
    expect(stand(slot, to)).toEqual({ missing: [], pointers: ['away.bin'] });
    expect(filesOf(slot.root)['here.bin']).toBe('- large, and here\n');
    expect(slotDrift(slot, to)).toEqual([]);
    stand(slot, tipOf(root));
    expect(stand(slot, to).pointers).toEqual(['away.bin']);
  });
});

describe('submodules', () => {
  const ALLOW = ['-c', 'protocol.file.allow=always'];

  /** A repository with a submodule `lib`, which has a submodule `deep`. */
  function nested(): { root: string; lib: string; deep: string } {
    const deep = world({ 'deep.txt': 'deep\n' });
    const lib = world({ 'lib.txt': 'lib\n' });
    gitIn(lib, ...ALLOW, 'submodule', '--quiet', 'add', deep, 'inner/deep');
    gitIn(lib, 'commit', '-qm', 'Deep');
    const root = world();
    gitIn(root, ...ALLOW, 'submodule', '--quiet', 'add', lib, 'lib');
    gitIn(root, ...ALLOW, 'submodule', '--quiet', 'update', '--init', '--recursive');
    gitIn(root, 'commit', '-qm', 'Lib');
    return { root, lib, deep };
  }

  test('are filled from what is here, however deep, without the network', () => {
    const { root, lib, deep } = nested();
    renameSync(lib, `${lib}-away`);
    renameSync(deep, `${deep}-away`);
    const slot = open(root);
    expect(stand(slot, tipOf(root)).missing).toEqual([]);
    const files = filesOf(slot.root);
    expect([files['lib/lib.txt'], files['lib/inner/deep/deep.txt']]).toEqual(['- lib\n', '- deep\n']);
    expectStanding(slot, tipOf(root));
    put(slot.root, 'lib/lib.txt', 'changed\n');
    put(slot.root, 'lib/untracked', 'x\n');
    stand(open(root), tipOf(root));
    expect(filesOf(slot.root)['lib/lib.txt']).toBe('- lib\n');
    expect(existsSync(join(slot.root, 'lib/untracked'))).toBe(false);
  });

  test('come from the worktree of whoever moved them; without it they are named', () => {
    const { root } = nested();
    const worker = join(scratch(), 'worker');
    gitIn(root, 'worktree', 'add', '-q', '-b', 'work', worker);
    gitIn(worker, ...ALLOW, 'submodule', '--quiet', 'update', '--init');
    put(worker, 'lib/lib.txt', 'moved\n');
    gitIn(
      join(worker, 'lib'),
      '-c',
      'user.name=T',
      '-c',
      'user.email=t@example.invalid',
      'commit',
      '-qam',
      'Moved',
    );
    gitIn(worker, 'commit', '-qam', 'Moved');
    const to = tipOf(worker, 'HEAD');
    const slot = open(root);
    expect(stand(slot, to).missing).toEqual([]);
    expect(filesOf(slot.root)['lib/lib.txt']).toBe('- moved\n');
    gitIn(root, 'worktree', 'remove', '--force', worker);
    const moved = gitIn(root, 'rev-parse', `${to}:lib`).trim();
    // What it borrowed is gone; another commit stands all the same, and this one is named.
    expect(stand(slot, tipOf(root)).missing).toEqual([]);
    expect(filesOf(slot.root)['lib/lib.txt']).toBe('- lib\n');
    expect(stand(slot, to).missing).toEqual([{ path: 'lib', commit: moved }]);
  });

  test('that go leave nothing behind', () => {
    const { root } = nested();
    const slot = open(root);
    stand(slot, tipOf(root));
    const to = commitOn(
      root,
      (at) => void [gitIn(at, 'rm', '-q', 'lib'), rmSync(join(at, 'lib'), { recursive: true, force: true })],
    );
    stand(slot, to);
    expect(existsSync(join(slot.root, 'lib'))).toBe(false);
    expectStanding(slot, to);
  });

  test('with a name that climbs out are not followed', () => {
    const { root, lib } = nested();
    const to = commitOn(root, (at) => {
      const commit = tipOf(lib);
      put(at, '.gitmodules', `[submodule "../../evil"]\n\tpath = evil\n\turl = ${lib}\n`);
      gitIn(at, 'update-index', '--add', '--cacheinfo', `160000,${commit},evil`);
      mkdirSync(join(at, 'evil'));
    });
    const slot = open(root);
    stand(slot, to);
    expect(existsSync(join(slot.root, 'evil/.git'))).toBe(false);
  });
});
