/** `coord run -- CMD`: the command as its arguments say, its output, its end, its evidence; and nothing outlives coord. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Evidence } from '../../src/domain/evidence.ts';
import { readEvidence } from '../../src/storage/light/evidence-files.ts';
import { bareEnvironment, Project, scripts } from '../kit/project.ts';

let project: Project;
let cwd = '';
beforeAll(() => {
  project = Project.started('01');
  cwd = project.worktree('01');
  project.must('config', 'set', 'validation', '["node check.js", "cd sub && node ../check.js | cat"]');
  project.write(
    '.claude/worktrees/01-phase-01/check.js',
    "console.log('checked'); console.error('warned')\n",
  );
});
afterAll(() => project.dispose());

const run = (...argv: string[]) => project.coord(['run', '--', ...argv], { cwd });
const node = (code: string, ...args: string[]) => run(process.execPath, '-e', code, ...args);
const evidence = (): Evidence[] => readEvidence(project.home, '01-phase-01');

test('the output is handed on as it comes, and the arguments are what was typed', () => {
  const ran = node(
    'console.log(JSON.stringify(process.argv.slice(1))); console.error("e")',
    'a b',
    '$HOME',
    '*',
    ';',
    '--json',
  );
  expect(ran).toEqual({
    code: 0,
    stdout: `${JSON.stringify(['a b', '$HOME', '*', ';', '--json'])}\n`,
    stderr: 'e\n',
  });
});

test.each([
  [0, 0],
  [1, 1],
  [2, 1],
  [64, 64],
  [255, 255],
])('exit code %d becomes %d', (code, expected) => expect(node(`process.exit(${code})`).code).toBe(expected));

test('a signal becomes 128 and its number; a program that is not there is refused', () => {
  expect(node('process.kill(process.pid, "SIGKILL")').code).toBe(137);
  const none = run('no-such-program');
  expect(none.code).toBe(1);
  expect(none.stderr).toContain('could not be started (ENOENT)');
});

test('it takes a command, and stands in a coordinated project', () => {
  expect(project.coord(['run'], { cwd }).code).toBe(64);
  expect(project.coord(['run', '--', 'true'], { cwd: project.outside('elsewhere') }).code).toBe(1);
});

describe('evidence', () => {
  test('is kept of a validation: how it ended, on what, by whom, and what it said', () => {
    const ran = run('node', 'check.js');
    expect(ran).toMatchObject({ code: 0, stdout: 'checked\n' });
    expect(ran.stderr).toMatch(
      /^warned\ncoord: node check\.js passed in [\d.]+ s, kept as ev-\d{8}-\d{9}-\w+\n$/,
    );
    const last = evidence().at(-1);
    expect(last).toMatchObject({
      command: 'node check.js',
      exit: 0,
      by: 'worker-01',
      session: null,
      via: 'run',
    });
    expect(last?.tree).toBe(last?.tree_after);
    expect(last?.commit).toBe(project.git('rev-parse', 'coord/01-phase-01').trim());
    expect(readFileSync(project.path(last?.log ?? ''), 'utf8')).toMatch(/checked\n/);
    expect(readFileSync(project.path(last?.log ?? ''), 'utf8')).toMatch(/warned\n/);
  });

  test('is kept of one that needs a shell, where it is the whole text', () => {
    mkdirSync(join(cwd, 'sub'), { recursive: true });
    run('bash', '-c', 'cd sub && node ../check.js | cat');
    expect(evidence().at(-1)?.command).toBe('cd sub && node ../check.js | cat');
  });

  test.each<[string, string[]]>([
    ['another program', ['node', '-e', '0']],
    ['more arguments', ['node', 'check.js', '--', '--only-one']],
    ['a text that names it', ['echo', 'node check.js']],
    ['a shell around it', ['bash', '-c', 'node check.js || true']],
  ])('is not kept of %s', (_, argv) => {
    const before = evidence().length;
    run(...argv);
    expect(evidence()).toHaveLength(before);
  });

  test('is not kept of a validation in another folder, and that is said', () => {
    const before = evidence().length;
    mkdirSync(join(cwd, 'sub'), { recursive: true });
    const ran = project.coord(['run', '--', 'node', 'check.js'], { cwd: join(cwd, 'sub') });
    expect(ran.stderr).toContain('not kept as evidence');
    expect(evidence()).toHaveLength(before);
  });
});

describe('what ends coord ends the command', () => {
  /** A command that writes its pid, starts a child that does so too, and waits. */
  const WAITS = `
    const { writeFileSync } = require('fs');
    writeFileSync('pid-' + process.argv[1], String(process.pid));
    if (process.argv[1] === 'parent') require('child_process').spawn(process.execPath, ['-e', process.env.WAITS, 'child']);
    process.on('SIGTERM', () => { writeFileSync('term-' + process.argv[1], ''); process.exit(7); });
    setInterval(() => {}, 1000);
  `;
  const folder = () => project.outside('pids');
  const pidOf = (who: string) => Number(readFileSync(join(folder(), `pid-${who}`), 'utf8'));

  async function waiting(): Promise<ChildProcess> {
    for (const name of readdirSync(folder())) readFileSync(join(folder(), name));
    const child = spawn(
      process.execPath,
      [
        join(scripts, 'coord.cjs'),
        'run',
        '--',
        process.execPath,
        '-e',
        `process.chdir(process.env.PIDS); ${WAITS}`,
        'parent',
      ],
      { cwd, env: bareEnvironment({ WAITS, PIDS: folder() }), stdio: 'ignore' },
    );
    await until(() => existsSync(join(folder(), 'pid-child')) && isAlive(pidOf('child')));
    return child;
  }

  async function until(holds: () => boolean): Promise<void> {
    for (let tries = 0; tries < 400 && !holds(); tries += 1) await sleep(25);
    expect(holds()).toBe(true);
  }

  function isAlive(pid: number): boolean {
    try {
      process.kill(pid, 0);
      return !/^\d+ \(.*\) [ZX]/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
    } catch {
      // Nobody has this number.
      return false;
    }
  }

  test('killed outright, coord leaves neither the command nor what that started', async () => {
    const coord = await waiting();
    const pids = [pidOf('parent'), pidOf('child')];
    coord.kill('SIGKILL');
    await until(() => !pids.some(isAlive));
  });

  test('a signal is handed on, and coord ends as the command does', async () => {
    const coord = await waiting();
    const pids = [pidOf('parent'), pidOf('child')];
    const ended = new Promise((resolve) => coord.on('exit', (code, signal) => resolve([code, signal])));
    coord.kill('SIGTERM');
    expect(await ended).toEqual([7, null]);
    expect(existsSync(join(folder(), 'term-parent'))).toBe(true);
    await until(() => !pids.some(isAlive));
  });
});
