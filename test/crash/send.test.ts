/** `coord send` and `coord ack`, killed at any call: what was reported as sent arrives once, the log has each id once. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { archived, logOf, repeated, unacknowledgedBy, waitingFor } from '../kit/mail.ts';
import type { Project } from '../kit/project.ts';
import { started } from '../kit/scene.ts';
import { cli, eachKill, Lab, twoLabs } from './fixtures/lab.ts';

let labs: Lab[] = [];

beforeAll(() => {
  labs = twoLabs(started('01'));
});
afterAll(() => {
  for (const lab of labs) lab.dispose();
});

const SEND = ['send', 'worker-01', 'question', 'Which port?', '--json'];

function texts(project: Project): string[] {
  return waitingFor(project, 'worker-01').map((envelope) => envelope.content);
}

function expectLogged(project: Project, torn: boolean): void {
  const { envelopes, broken } = logOf(project);
  expect(broken.length).toBeLessThanOrEqual(torn ? 1 : 0);
  const ids = envelopes.map((envelope) => envelope.id);
  expect(repeated(ids)).toEqual([]);
  for (const envelope of waitingFor(project, 'worker-01')) expect(ids).toContain(envelope.id);
}

test('a send that was reported arrives once, whatever follows a kill', async () => {
  const kills = await eachKill(
    labs,
    (project) => cli(project, SEND),
    async (project, ended, { death }) => {
      const isReported = ended.stdout.endsWith('}\n');
      if (isReported) expect(texts(project)).toEqual(['Which port?']);
      expect((await project.coordLater(['send', 'worker-01', 'question', 'And which host?'])).code).toBe(0);
      const arrived = texts(project);
      expect(arrived.filter((text) => text === 'And which host?')).toHaveLength(1);
      const copies = arrived.filter((text) => text === 'Which port?').length;
      expect(copies).toBeGreaterThanOrEqual(isReported ? 1 : 0);
      expect(copies).toBeLessThanOrEqual(1);
      expectLogged(project, death === 'torn');
      const out = unacknowledgedBy(project, 'operator').map((envelope) => envelope.id);
      expect(out.sort()).toEqual(waitingFor(project, 'worker-01').map((envelope) => envelope.id));
    },
    10,
  );
  expect(kills).toBeGreaterThan(15);
});

test('doctor carries a killed send on, and finds nothing afterwards', async () => {
  await eachKill(
    labs,
    (project) => cli(project, SEND),
    async (project, _, { death }) => {
      await project.coordLater(['doctor', '--repair']);
      const doctor = await project.coordLater(['doctor', '--json']);
      expect(JSON.parse(doctor.stdout)).toEqual({ findings: [] });
      const out = unacknowledgedBy(project, 'operator').map((envelope) => envelope.id);
      expect(out).toEqual(waitingFor(project, 'worker-01').map((envelope) => envelope.id));
      expectLogged(project, death === 'torn');
    },
  );
});

test('an acknowledgement that was killed is finished by the next one, and logged once', async () => {
  const sent = labs.map((lab) => {
    lab.restore();
    const { id } = lab.project.must<{ id: string }>('send', 'worker-01', 'question', 'Which port?');
    return { lab: new Lab(lab.project), id };
  });
  const idIn = (project: Project) => sent.find(({ lab }) => lab.project === project)?.id ?? '';
  await eachKill(
    sent.map(({ lab }) => lab),
    (project) => cli(project, ['ack', idIn(project), '--json'], project.worktree('01')),
    async (project, ended, { death, k }) => {
      const id = idIn(project);
      const isReported = ended.stdout.endsWith('}\n');
      const wasArchived = archived(project).length > 0;
      expect(wasArchived || !isReported).toBe(true);
      if (k % 2 === 0) {
        // Whoever meets what was left half-way carries it on.
        const inbox = await project.coordLater(['inbox', '--json'], { cwd: project.worktree('01') });
        const shown = (JSON.parse(inbox.stdout) as { messages: { id: string }[] }).messages;
        expect(shown.map((message) => message.id)).toEqual(wasArchived ? [] : [id]);
        if (wasArchived)
          expect(logOf(project).envelopes.filter((line) => line.type === 'ack')).toHaveLength(1);
      }
      const again = await project.coordLater(['ack', id, '--json'], { cwd: project.worktree('01') });
      expect(again.code, again.stderr).toBe(0);
      expect(waitingFor(project, 'worker-01')).toEqual([]);
      expect(unacknowledgedBy(project, 'operator')).toEqual([]);
      expect(archived(project).map((envelope) => [envelope.id, envelope.read])).toEqual([[id, true]]);
      const { envelopes } = logOf(project);
      expect(envelopes.map((line) => line.type).sort()).toEqual(['ack', 'question']);
      expectLogged(project, death === 'torn');
    },
    8,
  );
});
