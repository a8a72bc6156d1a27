/** A burial by the sweep, and raising a dead letter at SessionStart, killed at any call. */
import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { archived, logOf, repeated, unacknowledgedBy, waitingFor } from '../kit/mail.ts';
import type { Project } from '../kit/project.ts';
import { started } from '../kit/scene.ts';
import { Session } from '../kit/session.ts';
import { cli, eachKill, hook, Lab, twoLabs } from './fixtures/lab.ts';

let labs: Lab[] = [];
let sent = '';

beforeAll(async () => {
  const project = started('01', '02');
  project.must('config', 'set', 'ack_timeout', '5');
  project.must('config', 'set', 'ack_retries', '0');
  const cwd = project.worktree('01');
  sent = project.mustIn<{ id: string }>(cwd, 'send', '02', 'question', 'Which port?').id;
  await sleep(5_500);
  labs = twoLabs(project);
});
afterAll(() => {
  for (const lab of labs) lab.dispose();
});

interface Letters {
  letters: { agent: string; message: { id: string } }[];
}

const dead = (project: Project) =>
  project.must<Letters>('dead', 'list').letters.map(({ message }) => message.id);
const notices = (project: Project, agent: string) =>
  waitingFor(project, agent).filter(({ metadata }) => metadata['error_type'] === 'undelivered').length;

function expectLoggedOnce(project: Project, torn: boolean): void {
  const { envelopes, broken } = logOf(project);
  expect(broken.length).toBeLessThanOrEqual(torn ? 1 : 0);
  expect(repeated(envelopes.map(({ id }) => id))).toEqual([]);
}

test('a message is buried once, and told of once to its sender and to the operator', async () => {
  const kills = await eachKill(
    labs,
    (project) => cli(project, ['status', '--json']),
    async (project, _, { death }) => {
      const isThere = waitingFor(project, 'worker-02').length + dead(project).length;
      expect(isThere, 'in one box at least').toBeGreaterThanOrEqual(1);
      // The next sweep, when its time has come.
      rmSync(project.path('.coordination/roster/swept'), { force: true });
      expect((await project.coordLater(['status'])).code).toBe(0);
      expect(dead(project)).toEqual([sent]);
      expect([waitingFor(project, 'worker-02'), unacknowledgedBy(project, 'worker-01')]).toEqual([[], []]);
      expect([notices(project, 'worker-01'), notices(project, 'operator')]).toEqual([1, 1]);
      expectLoggedOnce(project, death === 'torn');
    },
  );
  expect(kills).toBeGreaterThan(8);
});

test('a dead letter that a session raises is shown to it once, and acknowledged', async () => {
  const buried = labs.map((lab) => {
    lab.restore();
    lab.project.must('status');
    expect(dead(lab.project)).toHaveLength(1);
    return new Lab(lab.project);
  });
  const sessionIn = (project: Project) =>
    new Session(project, { session: 's1', cwd: project.worktree('02') });
  await eachKill(
    buried,
    (project) => {
      const session = sessionIn(project);
      return hook(project, 'session', session.payload('SessionStart', { source: 'startup' }), session.env);
    },
    async (project, ended) => {
      const session = sessionIn(project);
      session.hear(ended.stdout);
      await session.prompt();
      await session.stop();
      await session.stop({ stop_hook_active: true });
      expect(session.shown).toEqual([sent]);
      expect(waitingFor(project, 'worker-02')).toEqual([]);
      expect(archived(project).map(({ id }) => id)).toEqual([sent]);
      expect(dead(project)).not.toContain(sent);
    },
  );
});
