/**
 * The hook that shows mail, killed at any call: a message is neither lost nor shown twice to one session. What was
 * printed whole before the kill counts as shown, and stands in the transcript, as the client does it.
 */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { archived, repeated, waitingFor } from '../kit/mail.ts';
import type { Project } from '../kit/project.ts';
import { started } from '../kit/scene.ts';
import { Session } from '../kit/session.ts';
import { eachKill, hook, Lab, twoLabs } from './fixtures/lab.ts';

let labs: Lab[] = [];
let sent: string[] = [];

beforeAll(() => {
  const project = started('01');
  sent = ['first', 'second', 'third'].map(
    (text) => project.must<{ id: string }>('send', 'worker-01', 'question', text).id,
  );
  labs = twoLabs(project);
});
afterAll(() => {
  for (const lab of labs) lab.dispose();
});

function sessionIn(project: Project, name: string, isNew = false): Session {
  return new Session(project, { session: name, cwd: project.worktree('01'), isNew });
}

/** A lab in which the session has gone so far. */
async function after(
  name: string,
  steps: (session: Session) => Promise<unknown>,
  isNew = false,
): Promise<Lab[]> {
  return Promise.all(
    labs.map(async (lab) => {
      lab.restore();
      const session = sessionIn(lab.project, name, isNew);
      if (isNew) rmSync(session.transcript, { force: true });
      await steps(session);
      if (existsSync(session.transcript))
        transcripts.set(session.transcript, readFileSync(session.transcript, 'utf8'));
      return new Lab(lab.project);
    }),
  );
}

/** The transcripts lie outside of the project and are put back by hand. */
const transcripts = new Map<string, string>();

function resumed(project: Project, name: string, shown: readonly string[]): Session {
  const session = sessionIn(project, name, true);
  const text = transcripts.get(session.transcript);
  if (text === undefined) rmSync(session.transcript, { force: true });
  else writeFileSync(session.transcript, text);
  session.shown.push(...shown);
  return session;
}

/** Lets the session live on until nothing moves any more, and says what it was shown. */
async function liveOn(session: Session): Promise<string[]> {
  await session.prompt();
  await session.run('PostToolUse', { tool_name: 'Write', tool_input: { file_path: 'x' }, tool_use_id: 't1' });
  await session.stop();
  await session.stop({ stop_hook_active: true });
  return session.shown;
}

function expectDelivered(project: Project, shown: readonly string[]): void {
  expect(repeated(shown)).toEqual([]);
  expect([...shown].sort()).toEqual(sent);
  expect(waitingFor(project, 'worker-01')).toEqual([]);
  expect(
    archived(project)
      .map((envelope) => envelope.id)
      .sort(),
  ).toEqual(sent);
}

test.each([
  { title: 'with its transcript', isNew: false },
  { title: 'whose transcript is not made before its first entry', isNew: true },
])('a prompt that shows mail, of a session $title', async ({ isNew }) => {
  const name = isNew ? 'new' : 'known';
  const lanes = await after(
    name,
    async (session) =>
      void (await session.project.hookLater(
        'session',
        {
          ...session.payload('SessionStart', { source: 'startup' }),
          cwd: session.project.home,
          session_id: 'somebody-else',
        },
        session.env,
      )),
    isNew,
  );
  await eachKill(
    lanes,
    (project) => {
      const session = resumed(project, name, []);
      return hook(project, 'session', session.payload('UserPromptSubmit', { prompt: 'go on' }), session.env);
    },
    async (project, ended) => {
      const session = resumed(project, name, []);
      session.hear(ended.stdout);
      expectDelivered(project, await liveOn(session));
    },
  );
});

test('the hook that acknowledges what an earlier one showed', async () => {
  const lanes = await after('acking', (session) => session.prompt());
  await eachKill(
    lanes,
    (project) => {
      const session = resumed(project, 'acking', []);
      return hook(project, 'session', session.payload('Stop', { stop_hook_active: false }), session.env);
    },
    async (project, ended) => {
      const session = resumed(project, 'acking', sent);
      session.hear(ended.stdout);
      expectDelivered(project, await liveOn(session));
    },
  );
});

test('a session that dies with what it was shown leaves it to the next one', async () => {
  const lanes = await after('dying', async () => undefined);
  await eachKill(
    lanes,
    (project) => {
      const session = resumed(project, 'dying', []);
      const env = { ...session.env, CLAUDE_PID: '999999999' };
      return hook(project, 'session', session.payload('UserPromptSubmit', { prompt: 'go on' }), env);
    },
    async (project, ended) => {
      resumed(project, 'dying', []).hear(ended.stdout);
      const next = resumed(project, 'next', []);
      await next.start();
      expectDelivered(project, await liveOn(next));
    },
  );
});

test('an answer frees a strict worker whatever the kill, as soon as its session lives on', async () => {
  const lanes = await after('strict', async (session) => {
    const { project, cwd } = session;
    project.must('config', 'set', 'strict_blockers', 'true');
    project.must('config', 'set', 'strict_wait', '0');
    await session.prompt();
    await session.stop();
    const raised = project.mustIn<{ message: string }>(cwd, 'blocker', 'raise', 'which port');
    const answer = project.must<{ id: string }>(
      'send',
      'worker-01',
      'response',
      '8080',
      '--ref',
      raised.message,
    );
    answers.set(project, answer.id);
  });
  await eachKill(
    lanes,
    (project) => {
      const session = resumed(project, 'strict', []);
      return hook(project, 'session', session.payload('Stop', { stop_hook_active: false }), session.env);
    },
    async (project, ended) => {
      const session = resumed(project, 'strict', []);
      session.hear(ended.stdout);
      await session.stop();
      await session.stop({ stop_hook_active: true });
      expect(session.shown).toEqual([answers.get(project)]);
      expect(project.guardWrite(session.cwd, `${session.cwd}/free.txt`, 'strict')).toBeUndefined();
      const { blockers } = project.must<{ blockers: { state: string }[] }>('status');
      expect(blockers.map((blocker) => blocker.state)).toEqual(['answered']);
    },
  );
});

const answers = new Map<Project, string>();
