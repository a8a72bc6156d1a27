/** A broadcast, and a reply that closes a question, killed at any call: for all or none, and everywhere once. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { logOf, repeated, unacknowledgedBy, waitingFor } from '../kit/mail.ts';
import type { Project } from '../kit/project.ts';
import { started } from '../kit/scene.ts';
import { cli, eachKill, type Lab, twoLabs } from './fixtures/lab.ts';

let labs: Lab[] = [];
let asked = '';

beforeAll(() => {
  const project = started('01', '02', '03');
  const cwd = project.worktree('02');
  asked = project.mustIn<{ id: string }>(cwd, 'send', '01', 'question', 'Which port?').id;
  labs = twoLabs(project);
});
afterAll(() => {
  for (const lab of labs) lab.dispose();
});

function expectLogged(project: Project, torn: boolean): void {
  const { envelopes, broken } = logOf(project);
  expect(broken.length).toBeLessThanOrEqual(torn ? 1 : 0);
  const ids = envelopes.map((envelope) => envelope.id);
  expect(repeated(ids)).toEqual([]);
  const waiting = ['coordinator', 'worker-01', 'worker-02', 'worker-03'].flatMap((agent) =>
    waitingFor(project, agent),
  );
  expect(waiting.map((envelope) => envelope.id).sort()).toEqual([...ids].sort());
}

/** What the sender does next: it carries on what a kill left. */
async function nextSend(project: Project): Promise<void> {
  const run = await project.coordLater(['send', 'coordinator', 'progress', 'on'], {
    cwd: project.worktree('01'),
  });
  expect(run.code, run.stderr).toBe(0);
}

test('a broadcast is for all or for none, and for all when it was reported', async () => {
  const copies = (project: Project) =>
    ['coordinator', 'worker-02', 'worker-03'].map(
      (agent) => waitingFor(project, agent).filter(({ content }) => content === 'Stop').length,
    );
  const kills = await eachKill(
    labs,
    (project) => cli(project, ['send', 'all', 'directive', 'Stop', '--json'], project.worktree('01')),
    async (project, ended, { death }) => {
      const isReported = ended.stdout.endsWith('}\n');
      if (isReported) expect(copies(project)).toEqual([1, 1, 1]);
      await nextSend(project);
      const arrived = copies(project);
      expect([
        [0, 0, 0],
        [1, 1, 1],
      ]).toContainEqual(arrived);
      if (isReported) expect(arrived).toEqual([1, 1, 1]);
      expectLogged(project, death === 'torn');
      const out = unacknowledgedBy(project, 'worker-01').map(({ content }) => content);
      expect(out.filter((content) => content === 'Stop')).toHaveLength(arrived[0] === 1 ? 3 : 0);
    },
  );
  expect(kills).toBeGreaterThan(10);
});

test('a reply to another worker arrives once, is in the chat once, and closes the question when it arrived', async () => {
  await eachKill(
    labs,
    (project) => {
      const args = ['send', '02', 'response', '8080', '--reply-to', asked, '--json'];
      return cli(project, args, project.worktree('01'));
    },
    async (project, ended, { death }) => {
      const isReported = ended.stdout.endsWith('}\n');
      await nextSend(project);
      const arrived = waitingFor(project, 'worker-02').filter(({ content }) => content === '8080');
      expect(arrived.length).toBeLessThanOrEqual(1);
      if (isReported) expect(arrived).toHaveLength(1);
      expectLogged(project, death === 'torn');
      const { questions } = project.must<{ questions: { id: string }[] }>('status');
      expect(questions.map(({ id }) => id)).toEqual(arrived.length === 1 ? [] : [asked]);
      const chat = readFileSync(project.path('.coordination/chats/worker-01+worker-02.jsonl'), 'utf8')
        .split('\n')
        .filter((line) => line.endsWith('}'))
        .map((line) => (JSON.parse(line) as { id: string }).id);
      expect(chat).toEqual([asked, ...arrived.map(({ id }) => id)]);
    },
  );
});
