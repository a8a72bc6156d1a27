/** Routing what an outside coordinator dropped, killed at any call: it arrives once, or is set aside and told of once. */
import { existsSync, readdirSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { archived, logOf, repeated, waitingFor } from '../kit/mail.ts';
import type { Project } from '../kit/project.ts';
import { started } from '../kit/scene.ts';
import { cli, eachKill, Lab } from './fixtures/lab.ts';

let projects: Project[] = [];
let asked = '';

beforeAll(() => {
  const project = started('01', '02');
  const cwd = project.worktree('01');
  asked = project.mustIn<{ id: string }>(cwd, 'send', 'coordinator', 'question', 'Which port?').id;
  projects = [project, project.copy()];
});
afterAll(() => {
  for (const project of projects) project.dispose();
});

/** Labs in which a file lies in the inbox. */
function withDropped(text: string): Lab[] {
  return projects.map((project) => {
    project.write('.coordination/inbox/msg-20251116-163000.json', text);
    return new Lab(project);
  });
}

const left = (project: Project) => {
  const folder = project.path('.coordination/inbox');
  const claimed = existsSync(`${folder}/.routing`) ? readdirSync(`${folder}/.routing`) : [];
  return [...readdirSync(folder).filter((name) => name.endsWith('.json')), ...claimed];
};

function expectLoggedOnce(project: Project, torn: boolean): void {
  const { envelopes, broken } = logOf(project);
  expect(broken.length).toBeLessThanOrEqual(torn ? 1 : 0);
  expect(repeated(envelopes.map(({ id }) => id))).toEqual([]);
}

const route = (project: Project) => cli(project, ['inbox', '--json']);

test('an answer arrives once, closes the question and acknowledges it', async () => {
  const labs = withDropped(
    JSON.stringify({
      id: 'msg-20251116-163000',
      from: 'coordinator',
      to: 'project-instance',
      timestamp: '2025-11-16T16:30:00Z',
      type: 'response',
      content: '8080',
      references: [asked],
      read: false,
    }),
  );
  const kills = await eachKill(labs, route, async (project, _, { death }) => {
    expect((await project.coordLater(['inbox'])).code).toBe(0);
    // A note of a send that was killed is carried on by the next that has something to send.
    await project.coordLater(['send', '02', 'directive', 'Go on']);
    expect(waitingFor(project, 'worker-01').map(({ id, content }) => [id, content])).toEqual([
      ['msg-20251116-163000', '8080'],
    ]);
    expect(left(project)).toEqual([]);
    expect(archived(project).map(({ id }) => id)).toEqual([asked]);
    expect(project.must<{ questions: unknown[] }>('status').questions).toEqual([]);
    expectLoggedOnce(project, death === 'torn');
  });
  expect(kills).toBeGreaterThan(8);
});

test('what is no message is set aside with its reason, and the operator is told once', async () => {
  const labs = withDropped('{"type": "shout"}');
  await eachKill(labs, route, async (project, _, { death }) => {
    expect((await project.coordLater(['inbox'])).code).toBe(0);
    await project.coordLater(['doctor', '--repair']);
    expect(left(project)).toEqual([]);
    const dead = readdirSync(project.path('.coordination/dead')).filter((name) => !name.startsWith('.tmp-'));
    expect(dead.filter((name) => name.startsWith('msg-')).sort()).toEqual([
      'msg-20251116-163000.json',
      'msg-20251116-163000.json.reason.txt',
    ]);
    expect(waitingFor(project, 'operator').map(({ metadata }) => metadata['file'])).toEqual([
      'msg-20251116-163000.json',
    ]);
    expectLoggedOnce(project, death === 'torn');
  });
});
