/** `coord run` under the test mutex: real processes that hold it, wait for it, are stopped and killed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { reservedAs } from '../../src/domain/lock.ts';
import { listLocks } from '../../src/storage/light/locks/locks.ts';
import { ClientSession } from '../kit/client-process.ts';
import { bareEnvironment, Project, scripts } from '../kit/project.ts';

let project: Project;
let session: ClientSession;
const children: ChildProcess[] = [];

/** Says that it has begun, and ends when it may. */
const CHECK = `
const { existsSync, writeFileSync } = require('node:fs');
const [, , name = 'check'] = process.argv;
writeFileSync('began-' + name, '');
const look = () => (existsSync('stay') ? setTimeout(look, 20) : undefined);
look();
`;
const NEST = `
const { spawnSync } = require('node:child_process');
const ran = spawnSync(process.execPath, [process.argv[2], 'run', '--wait', '0', '--', 'node', 'check.js', 'inner'], { stdio: 'inherit' });
process.exit(ran.status);
`;

beforeAll(async () => {
  project = Project.started('01');
  project.must('config', 'set', 'mode', 'shared');
  project.must('config', 'set', 'mutex', '["default", "node check.js", "node nest.js"]');
  project.write('check.js', CHECK);
  project.write('nest.js', NEST);
  session = new ClientSession(project, { session: 's1s1s1s1', cwd: project.home });
  await session.start();
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const name of ['stay', 'began-one', 'began-two', 'began-inner', 'began-check'])
    rmSync(project.path(name), { force: true });
});
afterAll(() => {
  session.client.kill('SIGKILL');
  project.dispose();
});

function start(
  args: readonly string[],
  env: Record<string, string> = {},
): { child: ChildProcess; ended: Promise<[number | null, string]>; said: () => string } {
  const child = spawn(process.execPath, [join(scripts, 'coord.cjs'), 'run', ...args], {
    cwd: project.home,
    env: bareEnvironment(env),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  children.push(child);
  let said = '';
  child.stderr?.on('data', (text: Buffer) => {
    said += text.toString();
  });
  return {
    child,
    said: () => said,
    ended: new Promise((resolve) => child.on('close', (code) => resolve([code, said]))),
  };
}

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 600 && !holds(); tries += 1) await sleep(20);
  expect(holds()).toBe(true);
}

const began = (name: string) => existsSync(project.path(`began-${name}`));
const holders = () =>
  listLocks(project.home)
    .locks.filter(({ target }) => reservedAs(target) === 'tests')
    .map(({ holder, command }) => `${holder}: ${command}`);

test('one holds it while it runs, another waits and says for whom; what is stopped is not robbed', async () => {
  project.write('stay', '');
  const one = start(['--', 'node', 'check.js', 'one']);
  await until(() => began('one'));
  expect(holders()).toEqual(['operator: node check.js one']);
  one.child.kill('SIGSTOP');
  const refused = project.coord(['run', '--wait', '0', '--', 'bash', '-c', 'FOO=1 node check.js two']);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toMatch(
    /operator \(at a terminal, for \d+ s\) has the test mutex with `node check.js one`/,
  );
  expect(refused.stderr).toContain('coord run --wait 3600 -- node check.js two');
  const two = start(['--wait', '60', '--', 'node', 'check.js', 'two']);
  await until(() => two.said().includes('waiting'));
  expect(began('two')).toBe(false);
  one.child.kill('SIGCONT');
  rmSync(project.path('stay'));
  expect(await one.ended).toEqual([0, '']);
  const [code, said] = await two.ended;
  expect([code, began('two')]).toEqual([0, true]);
  expect(said).toMatch(
    /^coord: waiting for the test mutex, which operator \(at a terminal, for \d+ s\) has\n$/,
  );
  expect(holders()).toEqual([]);
});

test('one that is killed has it no longer, and one that is killed while it waits leaves nothing', async () => {
  project.write('stay', '');
  const one = start(['--', 'node', 'check.js', 'one']);
  await until(() => began('one'));
  const waits = project.path('.coordination/leases/locks-waits');
  const two = start(['--', 'node', 'check.js', 'two']);
  await until(() => existsSync(waits) && holders().length === 1);
  two.child.kill('SIGKILL');
  await two.ended;
  one.child.kill('SIGKILL');
  await one.ended;
  rmSync(project.path('stay'));
  expect(project.coord(['run', '--wait', '0', '--', 'node', 'check.js']).code).toBe(0);
  expect(began('two')).toBe(false);
  expect(holders()).toEqual([]);
});

test('a command within one that holds it runs under that', () => {
  const nested = project.coord(['run', '--', 'node', 'nest.js', join(scripts, 'coord.cjs')]);
  expect([nested.code, nested.stderr, began('inner')]).toEqual([0, '', true]);
});

test('a session’s own command in a tool’s call is let through where that call holds it, and else waits', () => {
  const guard = (id: string, command: string) =>
    project.hook(
      'guard',
      session.payload('PreToolUse', { tool_name: 'Bash', tool_input: { command }, tool_use_id: id }),
      session.env,
    ).denied;
  const run = (...argv: string[]) =>
    project.coord(['run', '--wait', '0', '--', ...argv], { env: session.env });
  // A script of the call runs it: nobody named it.
  expect(guard('t1', 'node nest.js')).toBeUndefined();
  expect(holders()).toEqual(['coordinator: node nest.js']);
  expect(run('node', 'check.js', 'inner').code).toBe(0);
  // Another call of the same session names it.
  expect(guard('t2', 'coord run --wait 0 -- node check.js one')).toBeUndefined();
  const other = run('node', 'check.js', 'one');
  expect([other.code, began('one')]).toEqual([1, false]);
  expect(other.stderr).toContain('your own `node nest.js` is still running');
  // The call that holds it names it too.
  expect(guard('t1', 'node nest.js; coord run --wait 0 -- node check.js two')).toBeUndefined();
  expect(run('node', 'check.js', 'two').code).toBe(0);
  expect(
    JSON.parse(project.coord(['unlock', '--tests', '--json'], { env: session.env }).stdout),
  ).toMatchObject({
    unlocked: ['~tests'],
  });
  expect(holders()).toEqual([]);
});

test('the switches: --no-mutex passes by, --mutex takes it for any command, also in worktree mode', async () => {
  project.write('stay', '');
  const one = start(['--mutex', '--', 'node', 'check.js', 'one'], session.env);
  await until(() => began('one'));
  expect(holders()).toEqual(['coordinator: node check.js one']);
  rmSync(project.path('stay'));
  const log = () => readFileSync(project.path('.coordination/log/coord.jsonl'), 'utf8');
  expect(project.coord(['run', '--no-mutex', '--', 'node', 'check.js', 'two']).code).toBe(0);
  await one.ended;
  project.must('config', 'set', 'mode', 'worktrees');
  const held = project.coord([
    'run',
    '--mutex',
    '--',
    process.execPath,
    join(scripts, 'coord.cjs'),
    'locks',
    '--json',
  ]);
  expect(JSON.parse(held.stdout)).toMatchObject({
    locks: [{ kind: 'mutex', path: '~tests', holder: 'operator' }],
  });
  expect(project.coord(['run', '--', 'node', 'check.js']).code).toBe(0);
  expect(project.coord(['run', '--mutex', '--no-mutex', '--', 'true']).code).toBe(64);
  expect(project.coord(['run', '--wait', 'x', '--mutex', '--', 'true']).code).toBe(64);
  project.must('config', 'set', 'mode', 'shared');
  expect(log()).toContain('"act":"mutex-wait"');
});
