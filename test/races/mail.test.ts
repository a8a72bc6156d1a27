/** Many senders and readers at once: nothing is lost, nothing is shown twice, every id and every log line is one. */
import { mkdirSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import { sendMessage } from '../../src/usecases/send-message.ts';
import { isLong } from '../kit/long.ts';
import { archived, logOf, repeated, unacknowledgedBy, waitingFor } from '../kit/mail.ts';
import { Project } from '../kit/project.ts';
import { operator, started, value } from '../kit/scene.ts';
import { Session } from '../kit/session.ts';
import { allAtOnce, failuresOf } from './fixtures/crowd.ts';

const EACH = isLong ? 100 : 5;

let project: Project;
afterEach(() => project.dispose());

test('eight processes send at once, on a fresh store and later: none is lost', async () => {
  project = started('01', '02', '03');
  const senders = [project.home, project.worktree('01'), project.worktree('02'), project.worktree('03')];
  const calls = Array.from({ length: 8 * EACH }, (_, at) => ({
    args: ['send', at % 2 === 0 ? 'coordinator' : 'worker-02', 'question', `Number ${at}`, '--json'],
    cwd: senders[at % senders.length] as string,
  }));
  const runs = await allAtOnce(project, calls, 8);
  expect(failuresOf(runs)).toEqual([]);
  const told = runs.map((run) => (JSON.parse(run.stdout) as { id: string }).id);
  expect(new Set(told).size).toBe(calls.length);
  const waiting = [...waitingFor(project, 'coordinator'), ...waitingFor(project, 'worker-02')];
  expect(waiting.map((envelope) => envelope.id).sort()).toEqual([...told].sort());
  expect(waiting.map((envelope) => envelope.content).sort()).toEqual(calls.map(({ args }) => args[3]).sort());
  const { envelopes, broken } = logOf(project);
  expect(broken).toEqual([]);
  expect(envelopes.map((envelope) => envelope.id).sort()).toEqual([...told].sort());
  const names = ['operator', 'worker-01', 'worker-02', 'worker-03'];
  expect(names.flatMap((name) => unacknowledgedBy(project, name))).toHaveLength(calls.length);
});

describe('several readers of one inbox', () => {
  const COUNT = isLong ? 30 : 12;

  function crowded(): void {
    project = started('01');
    const draft = { to: 'worker-01', type: 'question' };
    for (let at = 0; at < COUNT; at += 1) {
      value(sendMessage(operator(project), { ...draft, content: `Number ${at}` }, Date.now()));
    }
  }

  function expectAllOnce(sessions: readonly Session[]): void {
    const shown = sessions.flatMap((session) => session.shown);
    expect(repeated(shown)).toEqual([]);
    expect(shown).toHaveLength(COUNT);
  }

  test('the hooks of four sessions show each message to one of them', async () => {
    crowded();
    const sessions = ['a', 'b', 'c', 'd'].map(
      (name) => new Session(project, { session: `session-${name}`, cwd: project.worktree('01') }),
    );
    await Promise.all(sessions.map((session) => session.start()));
    for (let round = 0; round < 3; round += 1) await Promise.all(sessions.map((session) => session.prompt()));
    expectAllOnce(sessions);
    for (const session of sessions) await session.stop();
    expect(archived(project)).toHaveLength(COUNT);
  });

  test('hooks that one session runs side by side show each message once', async () => {
    crowded();
    const session = new Session(project, { session: 'session-a', cwd: project.worktree('01') });
    await session.start();
    const tool = { tool_name: 'Write', tool_input: { file_path: 'x' } };
    for (let round = 0; round < 3; round += 1) {
      await Promise.all(
        [1, 2, 3, 4].map((at) => session.run('PostToolUse', { ...tool, tool_use_id: `use-${round}-${at}` })),
      );
    }
    await session.prompt();
    await session.prompt();
    expectAllOnce([session]);
  });

  test('a session and its helpers: the helpers take none of it', async () => {
    crowded();
    const session = new Session(project, { session: 'session-a', cwd: project.worktree('01') });
    await session.start();
    const helpers = ['h1', 'h2', 'h3'].map(
      (agent) => new Session(project, { session: 'session-a', cwd: project.worktree('01'), agent }),
    );
    await Promise.all(helpers.map((helper) => helper.run('SubagentStart')));
    for (let round = 0; round < 4; round += 1) {
      await Promise.all([session.prompt(), ...helpers.map((helper) => helper.stop())]);
    }
    expect(helpers.flatMap((helper) => helper.shown)).toEqual([]);
    expectAllOnce([session]);
  });

  test('acknowledging by hand while hooks show: what was acknowledged is not shown afterwards', async () => {
    crowded();
    const session = new Session(project, { session: 'session-a', cwd: project.worktree('01') });
    const ids = waitingFor(project, 'worker-01').map((envelope) => envelope.id);
    const cwd = project.worktree('01');
    const acks = allAtOnce(
      project,
      ids.map((id) => ({ args: ['ack', id], cwd })),
      3,
    );
    await session.start();
    for (let round = 0; round < 4; round += 1) await session.prompt();
    expect(failuresOf(await acks)).toEqual([]);
    expect(repeated(session.shown)).toEqual([]);
    expect(waitingFor(project, 'worker-01')).toEqual([]);
    expect(archived(project).map((envelope) => envelope.id)).toEqual(ids);
    const acked = logOf(project).envelopes.filter((line) => line.type === 'ack');
    expect(repeated(acked.map((line) => line.id))).toEqual([]);
    expect(acked).toHaveLength(COUNT);
  });
});

test('what arrives between the reading and the acknowledging is not acknowledged with it', async () => {
  project = started('01');
  const session = new Session(project, { session: 'session-a', cwd: project.worktree('01') });
  await session.start();
  let isOver = false;
  const sent: string[] = [];
  const sending = (async () => {
    for (let at = 0; at < (isLong ? 24 : 8); at += 1) {
      const run = await project.coordLater(['send', 'worker-01', 'question', `Number ${at}`, '--json']);
      sent.push((JSON.parse(run.stdout) as { id: string }).id);
    }
    isOver = true;
  })();
  while (!isOver) await session.prompt();
  await sending;
  await session.prompt();
  await session.prompt();
  expect(session.shown).toEqual(sent);
});

test('reports of several workers arrive all, and fold into one true picture', async () => {
  const phases = ['01', '02', '03', '04', '05', '06', '07', '08'].slice(0, isLong ? 8 : 4);
  project = started(...phases);
  const moves = [
    ['plan', 'start'],
    ['plan', 'complete'],
  ];
  for (const move of moves) {
    const calls = phases.map((id) => ({ args: [...move, `${id}-01`], cwd: project.worktree(id) }));
    expect(failuresOf(await allAtOnce(project, calls))).toEqual([]);
  }
  const folds = await allAtOnce(
    project,
    Array.from({ length: 4 }, () => ({ args: ['status', '--json'] })),
  );
  expect(failuresOf(folds)).toEqual([]);
  const { phases: seen } = project.must<{ phases: { plans: object }[] }>('status');
  for (const phase of seen) {
    expect(phase.plans).toEqual({ not_started: 1, in_progress: 0, complete: 1, failed: 0 });
  }
  expect(repeated(logOf(project).envelopes.map((envelope) => envelope.id))).toEqual([]);
});

test('verbs and hooks of one worker that report at once tell each change once', async () => {
  project = started('01');
  const session = new Session(project, { session: 'session-a', cwd: project.worktree('01') });
  await session.start();
  const calls = ['01-01', '01-02'].map((plan) => ({ args: ['plan', 'start', plan], cwd: session.cwd }));
  const raise = ['a', 'b', 'c'].map((text) => ({ args: ['blocker', 'raise', text], cwd: session.cwd }));
  const stops = [1, 2, 3].map(() => session.stop());
  expect(failuresOf(await allAtOnce(project, [...calls, ...raise]))).toEqual([]);
  await Promise.all(stops);
  await session.stop();
  const told = waitingFor(project, 'coordinator');
  expect(told.map((envelope) => envelope.metadata['event']).sort()).toEqual([
    ...raise.map(() => 'blocker_raised'),
    ...calls.map(() => 'plan_started'),
  ]);
  const numbers = told.map((envelope) => envelope.metadata['report']);
  expect(Math.max(...numbers.map(Number))).toBeLessThanOrEqual(5);
  expect(repeated(told.map((envelope) => envelope.id))).toEqual([]);
});

test('readers of the settings see one file or the other, never half of one', async () => {
  project = new Project();
  project.must('init');
  mkdirSync(project.path('src'));
  const words = ['true', 'false'];
  const setting = allAtOnce(
    project,
    Array.from({ length: 12 }, (_, at) => ({
      args: ['config', 'set', 'strict_blockers', words[at % 2] as string],
    })),
    2,
  );
  const guards = await Promise.all(
    Array.from({ length: 12 }, () =>
      project.hookLater('guard', {
        hook_event_name: 'PreToolUse',
        session_id: 's',
        cwd: project.home,
        tool_name: 'Write',
        tool_input: { file_path: project.path('src', 'a.ts'), content: '' },
        tool_use_id: 'u',
      }),
    ),
  );
  for (const guard of guards) expect(guard.stdout).toBe('');
  expect(failuresOf(await setting)).toEqual([]);
});
