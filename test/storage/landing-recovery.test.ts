/** A landing that was killed, found by the next run: what it makes of it, whatever happened in between. */
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { printJournal } from '../../src/domain/landing.ts';
import { hash128 } from '../../src/domain/names.ts';
import { closeLanding, landCommit, readLanding, recoverLanding } from '../../src/storage/landing.ts';
import { landedTip } from '../../src/storage/target-ref.ts';
import { whileGitDies } from '../kit/dying-git.ts';
import { gitIn } from '../kit/project.ts';
import {
  commitOn,
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

const ID = 'killed-1';

/** As a run leaves it that was killed when its journal stood: before the ref moved, or right after. */
function killed(root: string, moved: boolean, more: readonly string[] = [], to = workIn(root)): string {
  const order = orderOf(root, to);
  const at = '2026-01-01T00:00:00.000Z';
  const journal = {
    ...order,
    id: ID,
    at,
    ref: 'refs/heads/main',
    checkouts: [root, ...more],
    behind: [],
    isSettled: false,
  };
  mkdirSync(join(root, '.coordination/queue'), { recursive: true });
  put(root, '.coordination/queue/landing.json', printJournal(journal));
  put(root, '.git/index.lock', `coord landing ${ID}\n`);
  gitIn(root, 'update-ref', `refs/coord/landing/${ID}`, to);
  if (moved) {
    gitIn(root, 'update-ref', 'refs/heads/main', to);
    gitIn(root, 'update-ref', 'refs/coord/landed/01.1', to);
    gitIn(root, 'update-ref', '-d', `refs/coord/landing/${ID}`);
  }
  return to;
}

function recover(root: string) {
  const recovered = recoverLanding(turn(root), root, 200);
  if (!recovered) throw new Error('nothing to recover');
  return recovered;
}

/** The second time changes nothing, and closing it leaves nothing. */
function expectOver(root: string): void {
  const before = pictureOf(root);
  recover(root);
  expect(pictureOf(root)).toEqual(before);
  closeLanding(turn(root), root, ID);
  expect([leftovers(root), gitIn(root, 'for-each-ref', 'refs/coord/landing')]).toEqual([[], '']);
  expect(recoverLanding(turn(root), root)).toBeUndefined();
}

const SYNCED = {
  '.gitignore': expect.any(String),
  'a.txt': '- A\n',
  'b.txt': '- b\n',
  'dir/d.txt': '- d\n',
  'new/n.txt': '- n\n',
};

describe('killed before the ref moved', () => {
  test('nothing happened, and the operator’s work and git go on', () => {
    const root = world();
    const from = tipOf(root);
    killed(root, false);
    put(root, 'a.txt', 'mine\n');
    const files = filesOf(root);
    expect(recover(root)).toMatchObject({ outcome: 'not-landed', found: from, checkouts: [] });
    expect([filesOf(root), statusOf(root), tipOf(root)]).toEqual([files, [' M a.txt'], from]);
    expectOver(root);
    gitIn(root, 'commit', '-qam', 'Mine');
  });

  test('somebody else moved the target since: nothing of ours happened', () => {
    const root = world();
    killed(root, false);
    rmSync(join(root, '.git/index.lock'));
    gitIn(root, 'commit', '-q', '--allow-empty', '-m', 'Mine');
    expect(recover(root)).toMatchObject({ outcome: 'not-landed', found: tipOf(root) });
    expectOver(root);
  });

  test('the target is gone', () => {
    const root = world();
    killed(root, false);
    rmSync(join(root, '.git/index.lock'));
    gitIn(root, 'branch', '-m', 'main', 'other');
    expect(recover(root)).toMatchObject({ outcome: 'not-landed', found: null });
    closeLanding(turn(root), root, ID);
    expect(leftovers(root)).toEqual([]);
  });
});

describe('killed after the ref moved', () => {
  const mixtures: readonly (readonly [string, (root: string) => void])[] = [
    ['no file is written', () => undefined],
    ['one file is new', (root) => put(root, 'a.txt', 'A\n')],
    ['one file is gone and not yet written', (root) => rmSync(join(root, 'a.txt'))],
    ['the removed file is gone', (root) => rmSync(join(root, 'dir/c.txt'))],
    ['the added file is there', (root) => put(root, 'new/n.txt', 'n\n')],
    ['the folder of the added file is there', (root) => mkdirSync(join(root, 'new'))],
    [
      'all files are new',
      (root) =>
        void [put(root, 'a.txt', 'A\n'), rmSync(join(root, 'dir/c.txt')), put(root, 'new/n.txt', 'n\n')],
    ],
    ['the lock is gone', (root) => rmSync(join(root, '.git/index.lock'))],
    [
      'a copy of the index is left',
      (root) =>
        void [put(root, '.git/coord-landing-index', 'torn'), put(root, '.git/coord-landing-index.lock', '')],
    ],
    ['the proof was not written', (root) => gitIn(root, 'update-ref', '-d', 'refs/coord/landed/01.1')],
  ];
  test.each(mixtures)('is finished: %s', (_, happen) => {
    const root = world();
    const to = killed(root, true);
    happen(root);
    expect(recover(root)).toMatchObject({
      outcome: 'landed',
      found: to,
      checkouts: [{ root, state: 'synced', aside: [] }],
    });
    expect([filesOf(root), statusOf(root), landedTip(root, '01.1')]).toEqual([SYNCED, [], to]);
    expectOver(root);
  });

  test('a folder that becomes a file, the file written and the rest not', () => {
    const root = world();
    const to = commitOn(root, (at) => {
      rmSync(join(at, 'dir'), { recursive: true });
      put(at, 'dir', 'file\n');
      put(at, 'new/n.txt', 'n\n');
    });
    killed(root, true, [], to);
    rmSync(join(root, 'dir'), { recursive: true });
    put(root, 'dir', 'file\n');
    expect(recover(root).checkouts).toMatchObject([{ state: 'synced', aside: [] }]);
    expect([filesOf(root)['new/n.txt'], statusOf(root)]).toEqual(['- n\n', []]);
    expectOver(root);
  });

  test('what is uncommitted elsewhere stays', () => {
    const root = world();
    put(root, 'b.txt', 'staged\n');
    gitIn(root, 'add', 'b.txt');
    put(root, 'b.txt', 'mine\n');
    put(root, 'mine.txt', 'mine\n');
    killed(root, true);
    put(root, 'a.txt', 'A\n');
    recover(root);
    expect(filesOf(root)).toEqual({ ...SYNCED, 'b.txt': '- mine\n', 'mine.txt': '- mine\n' });
    expect(statusOf(root)).toEqual(['MM b.txt', '?? mine.txt']);
    expectOver(root);
  });

  test('what is neither old nor new is kept aside', () => {
    const root = world();
    killed(root, true);
    put(root, 'a.txt', 'mine\n');
    put(root, 'new/n.txt', 'torn');
    const recovered = recover(root);
    const folder = `.coordination/queue/aside/${ID}/${hash128(root).slice(0, 8)}`;
    const aside = [`${folder}/a.txt`, `${folder}/new+n.txt`];
    expect(recovered.checkouts).toMatchObject([{ state: 'synced', aside }]);
    expect(aside.map((path) => readFileSync(join(root, path), 'utf8'))).toEqual(['mine\n', 'torn']);
    expect([filesOf(root), statusOf(root)]).toEqual([SYNCED, []]);
    expectOver(root);
  });

  test('what was made since where a file is to be written is kept aside, ignored or not', () => {
    const root = world();
    killed(root, true);
    rmSync(join(root, 'a.txt'));
    put(root, 'a.txt/inner.log', 'mine\n');
    put(root, 'new', 'mine too\n');
    const [checkout] = recover(root).checkouts;
    expect(checkout).toMatchObject({
      state: 'synced',
      aside: [expect.stringMatching(/a\.txt\+inner\.log$/), expect.stringMatching(/new$/)],
    });
    expect(checkout?.aside.map((path) => readFileSync(join(root, path), 'utf8'))).toEqual([
      'mine\n',
      'mine too\n',
    ]);
    expect([filesOf(root), statusOf(root)]).toEqual([SYNCED, []]);
    expectOver(root);
  });

  test('the operator has put it right by hand: nothing is left to do', () => {
    const root = world();
    killed(root, true);
    rmSync(join(root, '.git/index.lock'));
    gitIn(root, 'reset', '-q', '--hard');
    put(root, 'a.txt', 'mine, on top\n');
    gitIn(root, 'add', 'a.txt');
    put(root, 'new/n.txt', 'mine, on top\n');
    expect(recover(root).checkouts).toMatchObject([{ state: 'synced', aside: [] }]);
    expect(filesOf(root)).toEqual({
      ...SYNCED,
      'a.txt': '- mine, on top\n',
      'new/n.txt': '- mine, on top\n',
    });
    expect(statusOf(root)).toEqual(['M  a.txt', ' M new/n.txt']);
    expectOver(root);
  });

  test('the operator has put the index right, and the files not', () => {
    const root = world();
    killed(root, true);
    rmSync(join(root, '.git/index.lock'));
    gitIn(root, 'reset', '-q');
    recover(root);
    expect([filesOf(root), statusOf(root)]).toEqual([SYNCED, []]);
    expectOver(root);
  });

  test('the operator has committed the old files: that commit stays', () => {
    const root = world();
    const to = killed(root, true);
    rmSync(join(root, '.git/index.lock'));
    const files = filesOf(root);
    gitIn(root, 'commit', '-qam', 'Old files');
    const head = tipOf(root);
    expect(recover(root)).toMatchObject({ outcome: 'landed', found: head, to });
    expect([filesOf(root), statusOf(root), tipOf(root)]).toEqual([files, [], head]);
    expectOver(root);
  });

  test('the target went on: what the later commits changed too is left alone', () => {
    const root = world();
    const to = killed(root, true);
    const later = commitOn(root, (at) => void [put(at, 'a.txt', 'later\n'), put(at, 'b.txt', 'later\n')], to);
    gitIn(root, 'update-ref', 'refs/heads/main', later);
    expect(recover(root)).toMatchObject({ outcome: 'landed', found: later });
    expect(filesOf(root)).toEqual({ ...SYNCED, 'a.txt': '- a\n' });
    expect(statusOf(root)).toEqual(['M  a.txt', 'M  b.txt']);
    expectOver(root);
  });

  test('the checkout has another branch now, or is gone', () => {
    const root = world();
    const second = join(scratch(), 'second');
    gitIn(root, 'worktree', 'add', '-q', '--force', second, 'main');
    killed(root, true, [second]);
    rmSync(second, { recursive: true });
    rmSync(join(root, '.git/index.lock'));
    gitIn(root, 'symbolic-ref', 'HEAD', 'refs/heads/other');
    gitIn(root, 'update-ref', 'refs/heads/other', 'main~');
    const before = pictureOf(root);
    expect(recover(root).checkouts).toMatchObject([
      { root, state: 'gone' },
      { root: second, state: 'gone' },
    ]);
    expect(pictureOf(root)).toEqual(before);
    expectOver(root);
  });

  test('a git of the operator’s is at work in the checkout: the rest is done by the next run', () => {
    const root = world();
    killed(root, true);
    put(root, '.git/index.lock', 'theirs');
    const before = filesOf(root);
    expect(recover(root)).toMatchObject({
      outcome: 'landed',
      checkouts: [{ state: 'pending', why: expect.stringContaining('index.lock') }],
    });
    expect([filesOf(root), readFileSync(join(root, '.git/index.lock'), 'utf8')]).toEqual([before, 'theirs']);
    closeLanding(turn(root), root, ID);
    expect(readLanding(root)).toMatchObject({ isSettled: true });
    rmSync(join(root, '.git/index.lock'));
    expect(recover(root)).toMatchObject({ isSettled: true, checkouts: [{ state: 'synced' }] });
    expect([filesOf(root), statusOf(root)]).toEqual([SYNCED, []]);
    expectOver(root);
  });

  test.skipIf(process.platform === 'win32').each(['merge-base --is-ancestor', 'rev-parse --verify'])(
    'a git that is killed at `%s` says nothing of it: nothing is judged, and the next run knows',
    (asked) => {
      const root = world();
      const to = killed(root, true);
      const later = commitOn(root, (at) => put(at, 'b.txt', 'later\n'), to);
      gitIn(root, 'update-ref', 'refs/heads/main', later);
      const before = pictureOf(root);
      expect(whileGitDies(asked, () => recover(root))).toMatchObject({ outcome: 'unclear', checkouts: [] });
      expect(pictureOf(root)).toEqual(before);
      expect(recover(root)).toMatchObject({ outcome: 'landed', found: later });
    },
  );

  test('somebody took it back: told, and nothing is touched', () => {
    const root = world();
    const from = tipOf(root);
    killed(root, true);
    gitIn(root, 'update-ref', 'refs/heads/main', from);
    const before = filesOf(root);
    expect(recover(root)).toMatchObject({ outcome: 'rewound', found: from, checkouts: [] });
    expect([filesOf(root), statusOf(root)]).toEqual([before, []]);
    expectOver(root);
  });
});

describe('a git that outlived its coord', () => {
  test.runIf(process.platform === 'linux')(
    'its locks are waited for; then it is known what it did',
    { timeout: 60_000 },
    async () => {
      const root = world();
      const to = killed(root, false);
      const go = join(root, '.coordination/go');
      mkdirSync(join(root, '.git/hooks'), { recursive: true });
      const hook = `#!/bin/sh\n[ "$1" = prepared ] && { : > "${go}.at"; until [ -e "${go}" ]; do sleep 0.05; done; }\nexit 0\n`;
      writeFileSync(join(root, '.git/hooks/reference-transaction'), hook, { mode: 0o755 });
      const from = tipOf(root);
      const input = `update refs/heads/main\0${to}\0${from}\0update refs/coord/landed/01.1\0${to}\0\0delete refs/coord/landing/${ID}\0${to}\0`;
      const slow = spawn('git', ['update-ref', '--stdin', '-z'], {
        cwd: root,
        env: { ...process.env, COORD_LANDING: ID },
      });
      slow.stdin.end(input);
      while (!existsSync(`${go}.at`)) await new Promise((later) => setTimeout(later, 10));
      expect(recover(root)).toMatchObject({
        outcome: 'unclear',
        found: from,
        why: expect.stringContaining('lock'),
      });
      // Nothing of the operator's was touched, and the lock keeps the target's checkout as it is.
      expect(readLanding(root)).toBeDefined();
      writeFileSync(go, '');
      await new Promise((ended) => slow.on('close', ended));
      expect(recover(root)).toMatchObject({ outcome: 'landed', found: to, checkouts: [{ state: 'synced' }] });
      expect(statusOf(root)).toEqual([]);
      expectOver(root);
    },
  );

  test('one that comes too late finds the fence gone, and lands nothing', () => {
    const root = world();
    const from = tipOf(root);
    const to = killed(root, false);
    expect(recover(root)).toMatchObject({ outcome: 'not-landed' });
    const input = `update refs/heads/main\0${to}\0${from}\0delete refs/coord/landing/${ID}\0${to}\0`;
    expect(spawnSync('git', ['update-ref', '--stdin', '-z'], { cwd: root, input }).status).not.toBe(0);
    expect(tipOf(root)).toBe(from);
    expectOver(root);
  });

  test.runIf(process.platform === 'linux')(
    'one that died with its locks: they are known by what is in them, and go',
    { timeout: 60_000 },
    () => {
      const root = world();
      const to = killed(root, false);
      put(root, '.git/refs/heads/main.lock', `${to}\n`);
      put(root, `.git/refs/coord/landing/${ID}.lock`, '');
      put(root, '.git/refs/coord/landed/01.1.lock', `${to}\n`);
      expect(recover(root)).toMatchObject({ outcome: 'not-landed' });
      expectOver(root);
      expect(landCommit(turn(root), root, orderOf(root, to))).toMatchObject({ done: true });
    },
  );

  test.runIf(process.platform === 'linux').each([
    ['empty', () => ''],
    ['with the commit that was to land', (to: string) => `${to}\n`],
  ])(
    'leaves a lock on the target before it has the fence, %s: it is taken away, and the next one lands',
    (_, text) => {
      const root = world();
      const to = killed(root, false);
      const lock = put(root, '.git/refs/heads/main.lock', text(to));
      expect(recover(root)).toMatchObject({ outcome: 'not-landed' });
      expect(existsSync(lock)).toBe(false);
      closeLanding(turn(root), root, ID);
      expect(landCommit(turn(root), root, orderOf(root, to), 200)).toMatchObject({ done: true });
    },
  );

  test('a lock of somebody else’s on the target stays', () => {
    const root = world();
    killed(root, false);
    const lock = put(root, '.git/refs/heads/main.lock', '');
    // A git that has just made it, and has yet to write its commit.
    const fd = openSync(lock, 'r+');
    expect(recover(root)).toMatchObject({ outcome: 'not-landed' });
    expect(existsSync(lock)).toBe(true);
    closeSync(fd);
    put(root, '.git/refs/heads/main.lock', `${'1'.repeat(40)}\n`);
    recover(root);
    expect(existsSync(lock)).toBe(true);
  });
});
