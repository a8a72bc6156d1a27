/** The seat between sessions that live at the same time: each has a process of its own that coord can see. */
import { type ChildProcess, spawn } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Project } from '../kit/project.ts';

let project: Project;
let clients: ChildProcess[];

beforeEach(() => {
  project = Project.started('01');
  clients = [];
});

afterEach(() => {
  for (const client of clients) client.kill('SIGKILL');
  project.dispose();
});

/** A session in the primary worktree whose client is a process that lives until the test ends. */
function startSession(name: string) {
  const client = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  clients.push(client);
  const env = { CLAUDE_PID: String(client.pid) };
  const payload = (event: string, more: object = {}) => ({
    hook_event_name: event,
    session_id: name,
    cwd: project.home,
    ...more,
  });
  project.hook('session', payload('SessionStart', { source: 'startup' }), env);
  const write = () =>
    project.hook(
      'guard',
      payload('PreToolUse', {
        tool_name: 'Write',
        tool_input: { file_path: project.path('a.txt') },
        tool_use_id: `t-${name}`,
      }),
      env,
    ).denied;
  const end = () => project.hook('session-end', payload('SessionEnd', { reason: 'other' }), env);
  return { write, end, client };
}

describe('three live sessions in the primary worktree', () => {
  it('let the first write, and refuse the others with the way to take over', () => {
    const [first, second, third] = ['a', 'b', 'c'].map(startSession);
    expect(first?.write()).toBeUndefined();
    expect(second?.write()).toContain('coord join --takeover');
    expect(third?.write()).toContain('another session (a');
  });

  it('let one of the others write when the first has ended, and not both', () => {
    const [first, second, third] = ['a', 'b', 'c'].map(startSession);
    first?.end();
    expect(second?.write()).toBeUndefined();
    expect(third?.write()).toContain('another session (b');
    expect(second?.write()).toBeUndefined();
  });

  it('let one of the others write when the first was killed', () => {
    const [first, second, third] = ['a', 'b', 'c'].map(startSession);
    first?.client.kill('SIGKILL');
    const refused = [second, third]
      .map((session) => session?.write())
      .filter((reason) => reason !== undefined);
    expect(refused).toHaveLength(1);
  });
});
