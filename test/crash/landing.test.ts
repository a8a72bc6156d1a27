/**
 * A landing, its recovery and an integration worktree, killed at any call: the target is before or after, never between;
 * what the operator has not committed is there byte for byte; the next run goes on; after it git's own state is clean.
 */
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, realpathSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSlot, slotDrift, standSlot } from '../../src/storage/integration.ts';
import { closeLanding, landCommit, readLanding, recoverLanding } from '../../src/storage/landing.ts';
import { landedTip } from '../../src/storage/target-ref.ts';
import { bundleFixture, callsOf, dieAt, type Ended, type Script } from '../kit/die-at.ts';
import { bareEnvironment, gitIn } from '../kit/project.ts';
import {
  commitOn,
  FILES,
  filesOf,
  leftovers,
  orderOf,
  statusOf,
  tipOf,
  turn,
  workIn,
  world,
} from '../storage/landing-world.ts';
import { put, scratch } from '../storage/scratch.ts';
import { isLong } from './fixtures/lab.ts';

const KILLS_MAX = isLong ? Number(process.env['COORD_KILLS'] ?? 1_000) : 4;
const GROUP_KILLS = isLong ? 150 : 2;

let bundle: string;
beforeAll(async () => {
  bundle = await bundleFixture(join(import.meta.dirname, 'fixtures/landing-steps.ts'));
});
afterAll(() => rmSync(dirname(bundle), { recursive: true, force: true }));

const CHANGES =
  /^(?:openSync w|write|rename|link|unlink|rm|mkdir|utimes|futimes|print|spawn|cp|copyFile|append|chmod)/;

/** What the operator is at: none of it is touched by the landing. */
const MINE = {
  'b.txt': 'mine\n',
  'dir/d.txt': 'staged\n',
  'mine.txt': 'mine\n',
  'ignored/mine': 'mine\n',
  'new/mine.txt': 'mine\n',
};

interface Stage {
  readonly root: string;
  readonly second: string;
  readonly to: string;
  readonly from: string;
  /** Puts all of it back as it was. */
  reset(): void;
}

/** The target is checked out twice, and the operator is at work in both. */
function stage(): Stage {
  const base = scratch();
  const root = join(base, 'repo');
  renameSync(world(), root);
  const second = join(base, 'second');
  gitIn(root, 'worktree', 'add', '-q', '--force', second, 'main');
  for (const at of [root, second]) {
    put(at, 'dir/d.txt', 'staged\n');
    gitIn(at, 'add', 'dir/d.txt');
    for (const [path, text] of Object.entries(MINE)) put(at, path, text);
    gitIn(at, 'status');
  }
  const backup = join(scratch(), 'backup');
  const options = { recursive: true, preserveTimestamps: true, verbatimSymlinks: true };
  cpSync(base, backup, options);
  const reset = () => {
    for (const at of [root, second]) rmSync(at, { recursive: true, force: true, maxRetries: 3 });
    cpSync(backup, base, options);
  };
  return { root, second, to: workIn(root), from: tipOf(root), reset };
}

function script({ root, to }: Stage, what: string): Script {
  return {
    bundle,
    args: [what, root, to],
    under: dirname(root),
    wide: true,
    cwd: root,
    env: bareEnvironment(),
  };
}

const STATUS = ['M  dir/d.txt', ' M b.txt', '?? mine.txt', '?? new/mine.txt', '!! ignored/mine'].sort();
const SYNCED = { '.gitignore': FILES['.gitignore'], 'a.txt': 'A\n', 'new/n.txt': 'n\n', ...MINE };
const BEFORE = { '.gitignore': FILES['.gitignore'], 'a.txt': 'a\n', 'dir/c.txt': 'c\n', ...MINE };

function texts(at: string): Record<string, string> {
  return Object.fromEntries(Object.entries(filesOf(at)).map(([path, text]) => [path, text.slice(2)]));
}

function expectMine({ root, second }: Stage): void {
  for (const at of [root, second]) expect(texts(at)).toMatchObject(MINE);
}

/** Right after the kill, and when the next run has been there. */
function judge(it: Stage, ended: Pick<Ended, 'stdout'>): void {
  const { root, second, from, to } = it;
  expect([from, to]).toContain(tipOf(root));
  if (/^landed/m.test(ended.stdout)) expect(tipOf(root)).toBe(to);
  if (/^closed/m.test(ended.stdout)) expect(readLanding(root)).toBeUndefined();
  expectMine(it);
  const journal = readLanding(root);
  const recovered = recoverLanding(turn(root), root, 3_000);
  const isIn = tipOf(root) === to;
  if (journal) expect(recovered).toMatchObject({ outcome: isIn ? 'landed' : 'not-landed' });
  expect(recoverLanding(turn(root), root, 3_000)).toEqual(recovered);
  if (recovered) closeLanding(turn(root), root, recovered.id);
  for (const at of [root, second]) {
    expect(texts(at)).toEqual(isIn ? SYNCED : BEFORE);
    expect(statusOf(at).sort()).toEqual(STATUS);
    expect(leftovers(at).filter((name) => !name.startsWith('.tmp'))).toEqual([]);
  }
  expect(gitIn(root, 'for-each-ref', 'refs/coord/landing')).toBe('');
  expect(landedTip(root, '01.1')).toBe(isIn ? to : undefined);
  if (!isIn) {
    const landed = landCommit(turn(root), root, orderOf(root, to), 200);
    expect(landed.done ? 'landed' : JSON.stringify(landed.problem)).toBe('landed');
  }
}

/** At each change, or at so many of them, spread evenly. */
async function eachKill(
  it: Stage,
  what: string,
  prepare: () => void,
  visit: (ended: Ended) => void,
): Promise<number> {
  it.reset();
  prepare();
  const calls = await callsOf(script(it, what));
  const all = calls.flatMap((name, at) => (CHANGES.test(name) ? [{ k: at + 1, name }] : []));
  const step = Math.max(1, (all.length - 1) / (KILLS_MAX - 1));
  const kills = all.filter((_, at) => Math.floor(at / step) !== Math.floor((at - 1) / step));
  for (const { k, name } of kills) {
    for (const death of isLong && name.startsWith('write')
      ? (['kill', 'torn'] as const)
      : (['kill'] as const)) {
      it.reset();
      prepare();
      const ended = await dieAt(script(it, what), k, death);
      try {
        if (ended.signal !== 'SIGKILL' && ended.status !== 0)
          throw new Error(`it failed by itself: ${ended.stderr}`);
        visit(ended);
      } catch (error) {
        throw new Error(`${death} at call ${k} of ${calls.length}, ${name}`, { cause: error });
      }
    }
  }
  return kills.length;
}

describe('a landing', () => {
  test('killed at any call: before or after, and the next run goes on', async () => {
    const it = stage();
    const kills = await eachKill(
      it,
      'land',
      () => undefined,
      (ended) => judge(it, ended),
    );
    expect(kills).toBeGreaterThan(3);
  });

  test('whose recovery is killed at any call is recovered by the one after', async () => {
    const it = stage();
    const halfWay = () => {
      const journal = {
        ...orderOf(it.root, it.to),
        id: 'k-1',
        at: 'x',
        ref: 'refs/heads/main',
        checkouts: [it.root, it.second],
        behind: [],
        isSettled: false,
      };
      mkdirSync(join(it.root, '.coordination/queue'), { recursive: true });
      put(it.root, '.coordination/queue/landing.json', JSON.stringify(journal));
      put(it.root, '.git/index.lock', 'coord landing k-1\n');
      gitIn(it.root, 'update-ref', 'refs/heads/main', it.to);
      put(it.root, 'a.txt', 'A\n');
      rmSync(join(it.root, 'dir/c.txt'));
      put(it.second, 'new/n.txt', 'n');
    };
    const kills = await eachKill(it, 'recover', halfWay, (ended) => {
      if (/^closed/m.test(ended.stdout)) return expect(leftovers(it.root)).toEqual([]);
      judge(it, ended);
    });
    expect(kills).toBeGreaterThan(3);
  });

  test('killed with all its gits, at any moment', async () => {
    const it = stage();
    const lasts = await timeOf(it, 'land');
    for (let n = 0; n < GROUP_KILLS; n += 1) {
      it.reset();
      const stdout = await killedAfter(it, 'land', (lasts * (n + 0.5)) / GROUP_KILLS);
      try {
        judge(it, { stdout });
      } catch (error) {
        throw new Error(`killed in ${n} of ${GROUP_KILLS}`, { cause: error });
      }
    }
  });
});

describe('an integration worktree', () => {
  test('whose making is killed at any call, or with its gits at any moment, stands in the next run', async () => {
    const it = stage();
    const stands = () => {
      const opened = openSlot(it.root, 1);
      if (!opened.done) throw new Error(JSON.stringify(opened.problem));
      expect(standSlot(opened.value, it.to)).toMatchObject({ done: true });
      expect([tipOf(opened.value.root, 'HEAD'), slotDrift(opened.value, it.to)]).toEqual([it.to, []]);
      expectMine(it);
      for (const at of [it.root, it.second]) expect(statusOf(at).sort()).toEqual(STATUS);
    };
    expect(await eachKill(it, 'slot', () => undefined, stands)).toBeGreaterThan(3);
    const lasts = await timeOf(it, 'slot');
    for (let n = 0; n < GROUP_KILLS; n += 1) {
      it.reset();
      await killedAfter(it, 'slot', (lasts * (n + 0.5)) / GROUP_KILLS);
      stands();
    }
  });
});

describe('a disk that will not take it', () => {
  const isRoot = process.platform === 'linux' && process.getuid?.() === 0;

  test.runIf(process.platform !== 'win32')(
    'full in the middle of a file: the landing stands, and the next run writes the rest',
    () => {
      const root = world();
      put(root, 'b.txt', 'mine\n');
      const to = commitOn(
        root,
        (at) => void [put(at, 'a.txt', 'A\n'), put(at, 'large', 'x'.repeat(2_000_000)), put(at, 'z', 'z\n')],
      );
      // No file may grow beyond this: what stands for a full disk where nobody may fill one.
      const limited = ['-c', 'ulimit -f 1024; exec "$@"', 'sh', process.execPath, bundle, 'land', root, to];
      const ended = spawnSync('sh', limited, { cwd: root, env: bareEnvironment(), encoding: 'utf8' });
      expect(ended.stdout).toBe('landed pending\nclosed\n');
      expect(tipOf(root)).toBe(to);
      expect(readLanding(root)).toMatchObject({ isSettled: true });
      expect(gitIn(root, 'diff', '--cached', '--name-only')).toBe('');
      const recovered = recoverLanding(turn(root), root);
      expect(recovered).toMatchObject({
        outcome: 'landed',
        isSettled: true,
        checkouts: [{ state: 'synced' }],
      });
      closeLanding(turn(root), root, recovered?.id ?? '');
      expect(statusOf(root)).toEqual([' M b.txt']);
      expect(filesOf(root)['large']?.length).toBe(2_000_002);
      expect(leftovers(root)).toEqual([]);
    },
  );

  test.runIf(isRoot)('a folder that may not be written: refused before anything moves', () => {
    const root = world();
    const to = workIn(root);
    const from = tipOf(root);
    const nobody = { uid: 65_534, gid: 65_534 };
    for (const start of [dirname(bundle), dirname(root)])
      for (let at = start; at !== realpathSync(tmpdir()) && at !== '/tmp' && at !== '/'; at = dirname(at))
        chmodSync(at, 0o755);
    spawnSync('chown', ['-R', '65534:65534', dirname(root)]);
    chmodSync(join(root, 'dir'), 0o555);
    const env = { ...bareEnvironment(), HOME: dirname(root) };
    const ended = spawnSync(process.execPath, [bundle, 'land', root, to], {
      cwd: root,
      env,
      encoding: 'utf8',
      ...nobody,
    });
    expect(ended.stderr).toContain('target-unwritable');
    expect(
      spawnSync('git', ['rev-parse', 'main'], { cwd: root, env, encoding: 'utf8', ...nobody }).stdout.trim(),
    ).toBe(from);
    expect(leftovers(root)).toEqual([]);
    chmodSync(join(root, 'dir'), 0o755);
    const again = spawnSync(process.execPath, [bundle, 'land', root, to], {
      cwd: root,
      env,
      encoding: 'utf8',
      ...nobody,
    });
    expect([again.stdout, again.stderr]).toEqual(['landed synced\nclosed\n', '']);
  });
});

async function timeOf(it: Stage, what: string): Promise<number> {
  it.reset();
  const startedAt = Date.now();
  await killedAfter(it, what, 60_000);
  return Date.now() - startedAt;
}

/** Runs it as a process group, and kills the group after a while; what it had printed. */
function killedAfter(it: Stage, what: string, afterMs: number): Promise<string> {
  const child = spawn(process.execPath, [bundle, what, it.root, it.to], {
    cwd: it.root,
    env: bareEnvironment(),
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  const timer = setTimeout(() => {
    try {
      process.kill(-(child.pid ?? 0), 'SIGKILL');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }, afterMs);
  return new Promise((resolve) =>
    child.on('close', () => {
      clearTimeout(timer);
      resolve(stdout);
    }),
  );
}
