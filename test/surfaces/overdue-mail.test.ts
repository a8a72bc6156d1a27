/** Mail that nobody acknowledges, through the real hooks and commands: rung for, given up, told of, and shown after all. */
import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { waitingFor } from '../kit/mail.ts';
import type { Project } from '../kit/project.ts';
import { started } from '../kit/scene.ts';
import { Session } from '../kit/session.ts';

let project: Project;
let id: string;

beforeAll(() => {
  project = started('01', '02', '03');
  project.must('config', 'set', 'ack_timeout', '1');
  project.must('config', 'set', 'ack_retries', '0');
});
afterAll(() => project.dispose());
beforeEach(() => {
  id = project.mustIn<{ id: string }>(project.worktree('01'), 'send', '02', 'question', 'Which port?').id;
});

interface Letters {
  letters: { agent: string; at: string; reason: string; message: { id: string } }[];
}
/** Whose dead letters of this test's message one finds from there. */
const holders = (cwd = project.home) =>
  project
    .mustIn<Letters>(cwd, 'dead', 'list')
    .letters.filter(({ message }) => message.id === id)
    .map(({ agent }) => agent);
const notices = () => waitingFor(project, 'operator').filter(({ references }) => references.includes(id));

async function die(): Promise<void> {
  await sleep(1_300);
  project.must('status');
  expect(holders()).toEqual(['worker-02']);
}

test('status gives it up; who sent it is told, everyone concerned finds it, and may let it wait again', async () => {
  const { questions } = project.must<{ questions: { id: string; age_ms: number }[] }>('status');
  expect(questions).toMatchObject([{ id }]);
  await die();
  for (const phase of ['01', '02']) expect(holders(project.worktree(phase))).toEqual(['worker-02']);
  const later = project.must<{ questions: { age_ms: number }[]; inbox: { dead: number } }>('status');
  expect(later.questions[0]?.age_ms).toBeGreaterThan(questions[0]?.age_ms ?? 0);
  expect(later.inbox.dead).toBeGreaterThanOrEqual(1);
  expect(notices()).toHaveLength(1);
  const stranger = project.worktree('03');
  expect(holders(stranger)).toEqual([]);
  for (const [one, cwd] of [
    ['msg-1', project.home],
    [id, stranger],
  ])
    expect(project.coord(['dead', 'retry', one ?? ''], { cwd: cwd ?? '' }).code).toBe(1);
  expect(project.must('dead', 'retry', id)).toEqual({ id, to: 'worker-02' });
  expect(project.coord(['dead', 'retry', id]).code).toBe(1);
  expect(waitingFor(project, 'worker-02').map((message) => message.id)).toEqual([id]);
});

test.each(['SessionStart', 'UserPromptSubmit', 'Stop'])(
  'a session of its receiver is shown it at %s, and once',
  async (event) => {
    const session = new Session(project, { session: `at-${event}`, cwd: project.worktree('02') });
    // What earlier tests left is this session's too.
    await session.start();
    await session.stop();
    id = project.mustIn<{ id: string }>(project.worktree('01'), 'send', '02', 'question', 'Now?').id;
    await die();
    const times = () => session.shown.filter((one) => one === id).length;
    await session.run(event, { source: 'resume', prompt: 'x', stop_hook_active: false });
    expect(times()).toBe(1);
    await session.stop();
    await session.stop();
    expect(times()).toBe(1);
    expect(waitingFor(project, 'worker-02')).toEqual([]);
    expect(holders()).toEqual([]);
  },
);

test('the hook of its receiver shows what is overdue, and does not give it up on its way', async () => {
  await sleep(1_300);
  const session = new Session(project, { session: 'late', cwd: project.worktree('02') });
  await session.prompt();
  expect(session.shown).toContain(id);
  expect(notices()).toEqual([]);
});

test('what lies in the inbox under strange names keeps no session from its mail', async () => {
  for (const name of ['note.txt', 'msg-1.json.tmp', 'README'])
    writeFileSync(project.path('.coordination/inbox', name), 'x');
  const session = new Session(project, { session: 'last', cwd: project.worktree('02') });
  await session.start();
  expect(session.shown).toContain(id);
  expect(project.coord(['status']).code).toBe(0);
});
