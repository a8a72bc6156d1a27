/** The server of bundles (kit/bundles.ts): a call by it is what it is in a process of its own, or other tests are worth less. */
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { askServer, type Call, mayShare, runProcess } from '../kit/bundles.ts';
import { bareEnvironment, Project, scripts } from '../kit/project.ts';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'coord-server-')));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Says all that a call can tell of the process that it is in, and leaves in it what it can. */
const PROBE = `
const fs = require('node:fs');
globalThis.left = (globalThis.left ?? 0) + 1;
process.on('SIGUSR2', () => {});
const told = {
  cwd: process.cwd(), words: process.argv.slice(2), env: { ...process.env }, input: fs.readFileSync(0, 'utf8'),
  left: globalThis.left, listeners: process.listenerCount('SIGUSR2'), parent: process.ppid, main: typeof process.exitCode,
};
process.env.LEFT = 'behind';
fs.writeSync(1, Buffer.from('a' + JSON.stringify(told)), 1);
process.stderr.write('told');
if (told.words[0] === 'throw') throw new Error('on purpose');
if (told.words[0] === 'exit') process.exit(3);
if (told.words[0] === 'later') setTimeout(() => process.reallyExit(5), 20);
else process.reallyExit(Number(told.words[0]));
`;

function probe(...args: string[]): Call {
  const file = join(folder, 'probe.cjs');
  writeFileSync(file, PROBE);
  const env = bareEnvironment({ SPOKEN: 'x' });
  return { file, args, input: '{"some": "input\u00e9"}', cwd: folder, env };
}

describe('a call by the server', () => {
  test.each(['0', '7', 'exit', 'later'])('that ends with %s is what a process is', (word) => {
    const call = probe(word, 'more', '');
    const alone = runProcess(call);
    expect(askServer(call)).toEqual(alone);
    expect(askServer(call)).toEqual(alone);
    expect(JSON.parse(alone.stdout)).toMatchObject({ cwd: folder, left: 1, parent: process.pid });
  });

  test('that throws ends with 1 and says why, and the next one is none the worse', () => {
    expect(askServer(probe('throw'))).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Error: on purpose'),
    });
    expect(askServer(probe('0'))).toEqual(runProcess(probe('0')));
  });

  test('has a process id of its own, which is alive as long as it is', () => {
    const file = join(folder, 'pid.cjs');
    writeFileSync(
      file,
      `process.kill(process.pid, 0); require('node:fs').writeSync(1, String(process.pid));`,
    );
    const pids = [1, 2].map(() => Number(askServer({ ...probe(), file })?.stdout));
    expect(new Set([...pids, process.pid]).size).toBe(3);
    for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });

  test('more than a pipe takes at once goes in and comes out whole', () => {
    const file = join(folder, 'echo.cjs');
    writeFileSync(file, `const fs = require('node:fs'); fs.writeSync(1, fs.readFileSync(0, 'utf8'));`);
    const input = 'many words '.repeat(100_000);
    expect(askServer({ ...probe(), file, input })?.stdout).toBe(input);
  });

  test('where no process could start there is none', () => {
    expect(askServer({ ...probe('0'), cwd: join(folder, 'nowhere') })).toBeUndefined();
  });

  test('of coord and of its hooks says the same', () => {
    const project = Project.started('01');
    const cwd = project.worktree('01');
    const env = bareEnvironment();
    const coord = (...args: string[]) => ({ file: join(scripts, 'coord.cjs'), args, input: '', cwd, env });
    const payload = { hook_event_name: 'PreToolUse', session_id: 's', cwd, tool_use_id: 'u' };
    const guard = (more: object) => ({
      ...coord(),
      file: join(scripts, 'guard.cjs'),
      input: JSON.stringify({ ...payload, ...more }),
    });
    for (const call of [
      coord('status'),
      coord('status', '--json'),
      coord('plan', 'list', '--json'),
      coord('plan', 'start', 'nothing'),
      coord('phase'),
      coord('no such thing'),
      guard({ tool_name: 'Write', tool_input: { file_path: join(project.home, 'x') } }),
      guard({ tool_name: 'Bash', tool_input: { command: 'echo x > ../../../x' } }),
      guard({ tool_name: 'Write', tool_input: { file_path: join(cwd, 'x') } }),
    ]) {
      const alone = runProcess(call);
      expect([call.args, askServer(call)]).toEqual([call.args, alone]);
    }
    project.dispose();
  });
});

describe('a process of its own', () => {
  test.each([
    ['guard', [], {}, false],
    ['coord', ['send', '01', 'directive', 'x'], {}, false],
    ['wake', [], {}, true],
    ['coord', ['run', '--', 'true'], {}, true],
    ['coord', ['merge', 'run'], {}, true],
    ['coord', ['wait', 'x'], {}, true],
    ['coord', ['demo'], {}, true],
    ['coord', ['phase', 'close', '01'], {}, true],
    ['guard', [], { NODE_OPTIONS: '--require x' }, true],
    ['guard', [], { LD_PRELOAD: 'x' }, true],
  ])('%s %j with %j: %j', (bundle, args, env, isOwn) => {
    expect(mayShare({ file: `/x/${bundle}.cjs`, args, env }, {})).toBe(!isOwn);
    expect(mayShare({ file: `/x/${bundle}.cjs`, args, env }, { COORD_LONG: '1' })).toBe(false);
  });
});
