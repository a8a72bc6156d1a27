/** The hook that waits beside an idle session: mail ends it with exit code 2, which wakes the session; nothing else does. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { bareEnvironment, type Project, scripts } from '../kit/project.ts';
import { started } from '../kit/scene.ts';
import { Session } from '../kit/session.ts';

let project: Project;
let client: ChildProcess;
let session: Session;
const waiters: ChildProcess[] = [];

beforeEach(async () => {
  project = started('01');
  client = spawn('sleep', ['120']);
  session = new Session(project, { session: 's1', cwd: project.worktree('01') });
  await start();
});
afterEach(() => {
  client.kill('SIGKILL');
  for (const waiter of waiters.splice(0)) waiter.kill('SIGKILL');
  project.dispose();
});

const attended = () => ({ CLAUDE_PID: String(client.pid), CLAUDE_CODE_ENTRYPOINT: 'cli' });

async function start(): Promise<void> {
  await project.hookLater('session', session.payload('SessionStart', { source: 'startup' }), attended());
}

interface Waiting {
  readonly ended: Promise<{ code: number | null; stderr: string }>;
  isOver: () => boolean;
}

function wait(env: Record<string, string> = attended(), payload: object = session.payload('Stop')): Waiting {
  const child = spawn(process.execPath, [join(scripts, 'wake.cjs')], {
    cwd: session.cwd,
    env: bareEnvironment(env),
  });
  waiters.push(child);
  child.stdin.end(JSON.stringify(payload));
  let stderr = '';
  child.stderr.on('data', (text) => {
    stderr += text;
  });
  const ended = new Promise<{ code: number | null; stderr: string }>((resolve) =>
    child.on('close', (code) => resolve({ code, stderr })),
  );
  return { ended, isOver: () => child.exitCode !== null };
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

function send(type = 'question'): void {
  project.must('send', 'worker-01', type, 'Which port?');
}

describe('beside an idle session in a terminal', () => {
  test('it waits, and rings for a message as it arrives', async () => {
    const waiting = wait();
    await pause(700);
    expect(waiting.isOver()).toBe(false);
    const sentAt = performance.now();
    send();
    const { code, stderr } = await waiting.ended;
    expect(code).toBe(2);
    expect(stderr).toContain('[coord] a message waits for worker-01');
    expect(performance.now() - sentAt).toBeLessThan(5_000);
  });

  test('it rings for one that was there already, and only once for each', async () => {
    send();
    expect((await wait().ended).code).toBe(2);
    const again = wait();
    await pause(1_500);
    expect(again.isOver()).toBe(false);
    send();
    expect((await again.ended).code).toBe(2);
  });

  test('a newer waiter takes the place of the older one, which ends without ringing', async () => {
    const older = wait();
    await pause(400);
    const newer = wait();
    expect((await older.ended).code).toBe(0);
    send();
    expect((await newer.ended).code).toBe(2);
  });

  test('it ends with its client', async () => {
    const waiting = wait();
    await pause(400);
    client.kill('SIGKILL');
    expect((await waiting.ended).code).toBe(0);
  });

  test('it leaves mail to the hooks of a turn under way', async () => {
    const waiting = wait();
    await pause(400);
    await project.hookLater('session', session.payload('UserPromptSubmit', { prompt: 'x' }), attended());
    send();
    await pause(1_500);
    expect(waiting.isOver()).toBe(false);
    const tool = { tool_name: 'Write', tool_input: { file_path: 'x' }, tool_use_id: 't' };
    const after = await project.hookLater('after', session.payload('PostToolUse', tool), attended());
    expect(after.context).toContain('Which port?');
    await project.hookLater('session', session.payload('Stop'), attended());
    await pause(1_200);
    expect(waiting.isOver()).toBe(false);
  });
});

test.each([
  {
    title: 'in a headless session',
    env: () => ({ CLAUDE_PID: String(client.pid), CLAUDE_CODE_ENTRYPOINT: 'sdk-cli' }),
  },
  { title: 'without a client that is known', env: () => ({ CLAUDE_CODE_ENTRYPOINT: 'cli' }) },
  { title: 'for a subagent', env: attended, payload: { agent_id: 'a1' } },
  { title: 'outside of coord', env: attended, payload: { cwd: '/' } },
])('$title it ends at once, and holds nobody up', async ({ env, payload }) => {
  send();
  const startedAt = performance.now();
  const { code, stderr } = await wait(env(), { ...session.payload('Stop'), ...payload }).ended;
  expect(code).toBe(0);
  expect(stderr).toBe('');
  expect(performance.now() - startedAt).toBeLessThan(3_000);
});
