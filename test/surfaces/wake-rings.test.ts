/** The hook beside an idle session rings again for what is overdue, and for what a session was shown that died since. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { waitingFor } from '../kit/mail.ts';
import { bareEnvironment, type Project, scripts } from '../kit/project.ts';
import { started } from '../kit/scene.ts';
import { Session } from '../kit/session.ts';

let project: Project;
const children: ChildProcess[] = [];

beforeEach(() => {
  project = started('01');
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  project.dispose();
});

/** A terminal's session, whose client is a process of its own. */
async function open(
  name: string,
): Promise<{ session: Session; client: ChildProcess; env: Record<string, string> }> {
  const client = spawn('sleep', ['120']);
  children.push(client);
  const session = new Session(project, { session: name, cwd: project.worktree('01') });
  const env = { CLAUDE_PID: String(client.pid), CLAUDE_CODE_ENTRYPOINT: 'cli' };
  await project.hookLater('session', session.payload('SessionStart', { source: 'startup' }), env);
  return { session, client, env };
}

/** The waiter that the client starts beside a session at its start and at each Stop; resolves with its exit code. */
function waiter({ session, env }: { session: Session; env: Record<string, string> }): Promise<number | null> {
  const child = spawn(process.execPath, [join(scripts, 'wake.cjs')], {
    cwd: session.cwd,
    env: bareEnvironment(env),
  });
  children.push(child);
  child.stdin.end(JSON.stringify(session.payload('Stop')));
  return new Promise((resolve) => child.on('close', resolve));
}

const orTimeout = (ended: Promise<number | null>, ms: number) =>
  Promise.race([ended, sleep(ms).then(() => 'it waits')]);

test('what nobody took after a ring is rung for again when it is overdue, and not before', async () => {
  const opened = await open('s1');
  project.must('send', '01', 'question', 'Which port?');
  expect(await waiter(opened)).toBe(2);
  // The turn that this began took nothing (its API was down).
  expect(await orTimeout(waiter(opened), 1_500)).toBe('it waits');
  project.must('config', 'set', 'ack_timeout', '1');
  expect(await orTimeout(waiter(opened), 15_000)).toBe(2);
  expect(waitingFor(project, 'worker-01')).toHaveLength(1);
});

test('what a session was shown that died rings for the one that lives there now', async () => {
  const first = await open('s1');
  project.must('send', '01', 'question', 'Which port?');
  await project.hookLater('session', first.session.payload('UserPromptSubmit', { prompt: 'x' }), first.env);
  const second = await open('s2');
  expect(await orTimeout(waiter(second), 1_500)).toBe('it waits');
  first.client.kill('SIGKILL');
  await sleep(300);
  expect(await orTimeout(waiter(second), 10_000)).toBe(2);
});
