/** `coord wait`, killed at any call: the message is neither lost nor put before the session twice. */
import { appendFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { archived, idsIn, waitingFor } from '../kit/mail.ts';
import type { Project } from '../kit/project.ts';
import { started } from '../kit/scene.ts';
import { Session } from '../kit/session.ts';
import { cli, eachKill, type Lab, twoLabs } from './fixtures/lab.ts';

let labs: Lab[] = [];
let sent = '';

const sessionIn = (project: Project) => new Session(project, { session: 's1', cwd: project.worktree('01') });

beforeAll(async () => {
  const project = started('01');
  const session = sessionIn(project);
  await session.start();
  await session.prompt();
  sent = project.must<{ id: string }>('send', '01', 'response', '8080').id;
  labs = twoLabs(project);
});
afterAll(() => {
  for (const lab of labs) lab.dispose();
});

test('what was waited for is put before the session once, whatever the kill', async () => {
  const kills = await eachKill(
    labs,
    (project) => {
      const script = cli(project, ['wait', '--for', 'response', '--timeout', '2'], project.worktree('01'));
      return { ...script, env: { ...script.env, CLAUDE_CODE_SESSION_ID: 's1' } };
    },
    async (project, ended) => {
      const session = sessionIn(project);
      // What it printed before it died is what the client gives to the model.
      const seen = idsIn(ended.stdout);
      const tool = { tool_name: 'Bash', tool_input: { command: 'coord wait' }, tool_use_id: 't' };
      await session.run('PostToolUse', tool);
      appendFileSync(session.transcript, `${JSON.stringify({ toolUseResult: ended.stdout })}\n`);
      await session.stop();
      await session.prompt();
      await session.stop();
      await session.stop({ stop_hook_active: true });
      expect([...seen, ...session.shown]).toEqual([sent]);
      expect(waitingFor(project, 'worker-01')).toEqual([]);
      expect(archived(project).map(({ id }) => id)).toEqual([sent]);
    },
  );
  expect(kills).toBeGreaterThan(5);
});
