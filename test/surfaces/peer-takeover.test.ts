/** Shared mode: how a peer comes to the coordinator's seat, and what becomes of the one who had it. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ClientSession } from '../kit/client-process.ts';
import { Project } from '../kit/project.ts';

let project: Project;
let lead: ClientSession;
let peer: ClientSession;
const PEER = 'agent-b2b2b2b2';
const LEAD = 'agent-a1a1a1a1';

beforeEach(async () => {
  project = Project.started('01');
  project.must('config', 'set', 'mode', 'shared');
  lead = new ClientSession(project, { session: 'a1a1a1a1', cwd: project.home });
  peer = new ClientSession(project, { session: 'b2b2b2b2', cwd: project.home });
  await lead.start();
  await peer.start();
});
afterEach(() => {
  for (const session of [lead, peer]) session.client.kill('SIGKILL');
  project.dispose();
});

const as = (who: ClientSession, ...args: string[]) => project.coord(args, { env: who.env });
const writes = (who: ClientSession, path: string, agent?: string) => {
  const payload = who.payload('PreToolUse', {
    tool_name: 'Write',
    tool_input: { file_path: project.path(path), content: 'x' },
    tool_use_id: 't',
    ...(agent === undefined ? {} : { agent_id: agent }),
  });
  return project.hook('guard', payload, who.env).denied;
};
const nameOf = (who: ClientSession) =>
  (JSON.parse(as(who, 'status', '--json').stdout) as { you: string }).you;
const seat = () => project.must<{ coordinator: object | null }>('status').coordinator;

test('a seat that gets free makes no coordinator of a peer by itself; an order does', async () => {
  await lead.run('SessionEnd', { reason: 'other' });
  await peer.prompt();
  expect(writes(peer, '.planning/STATE.md')).toContain('you are agent-b2b2b2b2');
  expect(as(peer, 'phase', 'add', '09', 'Nine').code).toBe(1);
  const joined = as(peer, 'join');
  expect([joined.code, joined.stderr]).toEqual([0, '']);
  expect(seat()).toMatchObject({ session: 'b2b2b2b2' });
  expect(writes(peer, '.planning/STATE.md')).toBeUndefined();
  expect(as(peer, 'phase', 'add', '09', 'Nine').code).toBe(0);
});

describe('from a coordinator that lives', () => {
  test('a peer takes the seat by --takeover alone; the two change their roles at once', async () => {
    expect(as(peer, 'join').stderr).toContain('another session (a1a1a1a1');
    expect(writes(peer, 'src/held.ts')).toBeUndefined();
    expect(as(peer, 'join', '--takeover').code).toBe(0);
    expect(nameOf(peer)).toBe('coordinator');
    expect(nameOf(lead)).toBe(LEAD);
    expect(writes(peer, '.planning/STATE.md')).toBeUndefined();
    expect(writes(lead, '.planning/STATE.md')).toContain(`you are ${LEAD}`);
    expect(as(lead, 'phase', 'add', '09', 'Nine').code).toBe(1);
    // Each goes on to write, under locks; what the peer held is its own still.
    expect(writes(lead, 'src/other.ts')).toBeUndefined();
    expect(writes(lead, 'src/held.ts')).toContain('locked by');
    expect(writes(peer, 'src/held.ts')).toBeUndefined();
  });

  test('mail finds both; what waits for the peer must be read before', async () => {
    as(lead, 'send', PEER, 'directive', 'for the peer of before');
    const refused = as(peer, 'join', '--takeover');
    expect([refused.code, refused.stderr]).toEqual([
      1,
      expect.stringContaining(`a message waits for you as ${PEER}`),
    ]);
    expect(seat()).toMatchObject({ session: 'a1a1a1a1' });
    const { messages } = JSON.parse(as(peer, 'inbox', '--json').stdout) as { messages: { id: string }[] };
    as(peer, 'ack', ...messages.map(({ id }) => id));
    expect(as(peer, 'join', '--takeover').code).toBe(0);
    expect(as(lead, 'send', PEER, 'directive', 'to a name that is gone').code).toBe(1);
    as(peer, 'send', LEAD, 'directive', 'for the one of before');
    project.coord(['send', 'coordinator', 'question', 'for the new one'], { cwd: project.worktree('01') });
    const own = await peer.prompt();
    expect(own.context).toContain('for the new one');
    const other = await lead.prompt();
    expect(other.context).toContain('for the one of before');
    expect(other.context).not.toContain('for the new one');
  });
});

test('a subagent takes no seat: it would have it no longer than it lives', async () => {
  const helper = new ClientSession(
    project,
    { session: peer.session, cwd: project.home, agent: 'c0ffee00aa' },
    peer,
  );
  await helper.run('SubagentStart');
  const payload = peer.payload('PreToolUse', {
    tool_name: 'Bash',
    tool_input: { command: 'coord join --takeover' },
    tool_use_id: 'u1',
    agent_id: 'c0ffee00aa',
  });
  project.hook('guard', payload, peer.env);
  const joined = as(peer, 'join', '--takeover');
  expect(joined.code).toBe(1);
  expect(joined.stderr).toContain('agent-c0ffee00');
  expect(seat()).toMatchObject({ session: 'a1a1a1a1' });
});
