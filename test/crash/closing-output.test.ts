/** The Stop that keeps a worker's closing output, killed at any call: each run is whole, and the last words are kept. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Project } from '../kit/project.ts';
import { Session } from '../kit/session.ts';
import { eachKill, hook, type Lab, twoLabs } from './fixtures/lab.ts';

let labs: Lab[] = [];

function stopOf(project: Project): Session {
  return new Session(project, { session: 'session-a', cwd: project.worktree('01') });
}

beforeAll(async () => {
  const project = Project.started('01');
  project.must('ticket', 'new', 'api', 'The API', '--scope', 'src/**');
  project.must('ticket', 'issue', 'api', '--phase', '01');
  await stopOf(project).start();
  labs = twoLabs(project);
});
afterAll(() => {
  for (const lab of labs) lab.dispose();
});

function outputs(project: Project): string[] {
  const folder = project.path('.taskers', 'runs');
  return readdirSync(folder)
    .sort()
    .flatMap((run) => readdirSync(join(folder, run)).map((name) => join(folder, run, name)))
    .filter((file) => file.endsWith('.txt'))
    .map((file) => readFileSync(file, 'utf8'));
}

function scriptOf(words: string) {
  return (project: Project) => {
    const session = stopOf(project);
    const more = { stop_hook_active: false, last_assistant_message: words };
    return hook(project, 'session', session.payload('Stop', more), session.env);
  };
}

test('killed at the first output: the next one is kept, and what is there is whole', async () => {
  await eachKill(labs, scriptOf('One.'), async (project) => {
    await stopOf(project).stop({ last_assistant_message: 'Two.' });
    const kept = outputs(project);
    expect(kept.filter((text) => text === 'Two.\n')).toHaveLength(1);
    expect(kept.filter((text) => text !== 'Two.\n' && text !== 'One.\n')).toEqual([]);
  });
});

test('killed at a later one: the old words or the new ones, in one run', async () => {
  for (const lab of labs) {
    lab.restore();
    await stopOf(lab.project).stop({ last_assistant_message: 'One.' });
  }
  const later = labs.map((lab) => lab.project.copy());
  const again = later.flatMap((project) => twoLabs(project));
  await eachKill(again, scriptOf('Two.'), async (project) => {
    expect(['One.\n', 'Two.\n']).toContain(outputs(project).join());
    await stopOf(project).stop({ last_assistant_message: 'Three.' });
    expect(outputs(project)).toEqual(['Three.\n']);
  });
  for (const lab of again) lab.dispose();
});
