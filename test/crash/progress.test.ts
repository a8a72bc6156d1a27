/**
 * A verb and a hook that bring `.progress/` up to date, killed at each of their calls there: every file is whole at
 * every moment, the next hook makes all of them what STATUS.md says, and each completion stands once.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { parseTaskProgress } from '../../src/storage/task-progress-schema.ts';
import type { Script } from '../kit/die-at.ts';
import { archivedOf, completedOf, expectFollows, expectLatestShown, progressPath } from '../kit/progress.ts';
import { Project } from '../kit/project.ts';
import { editStatus, statusOf } from '../kit/scene.ts';
import { Session } from '../kit/session.ts';
import { cli, eachKill, hook, type Lab, twoLabs } from './fixtures/lab.ts';

const made: Lab[] = [];
afterAll(() => {
  for (const lab of made) lab.dispose();
});

const session = (project: Project) =>
  new Session(project, { session: 'session-a', cwd: project.worktree('01') });

/** Two labs; in each, worker 02 has something to show at home, and worker 01 completed a plan before. */
async function labs(prepare: (project: Project) => void): Promise<Lab[]> {
  const project = Project.started('01', '02');
  await session(project).start();
  project.mustIn(project.worktree('02'), 'task', 'add', 'other', '--plan', '02-01');
  project.mustIn(project.worktree('01'), 'plan', 'complete', '01-01');
  prepare(project);
  return labsOf(project);
}

function labsOf(project: Project): Lab[] {
  const two = twoLabs(project);
  made.push(...two);
  return two;
}

/** Only its calls on `.progress/` count. */
function inProgress(script: Script): Script {
  return { ...script, under: '/.progress', wide: false };
}

/** No file there is half: each is one document, or lines of such. */
function expectWhole(project: Project): void {
  const folders = [progressPath(project, '01'), progressPath(project, '01', 'archive')];
  folders.push(project.path('.progress'), project.path('.progress/workers'));
  for (const folder of folders.filter((it) => existsSync(it))) {
    for (const name of readdirSync(folder).filter((it) => /^[^.].*\.jsonl?$/.test(it))) {
      const text = readFileSync(join(folder, name), 'utf8');
      if (name === 'metrics.json') expect(JSON.parse(text)).toHaveProperty('completions');
      else if (name.endsWith('.json')) expect(parseTaskProgress(text), name).toBeDefined();
      else for (const line of text.trimEnd().split('\n')) expect(parseTaskProgress(line), name).toBeDefined();
    }
  }
}

async function expectMended(project: Project, completions: readonly string[]): Promise<void> {
  expectWhole(project);
  await session(project).stop();
  expectFollows(project, '01');
  expectLatestShown(project);
  expect(completedOf(project, '01').map((task) => task.task_id)).toEqual(completions);
  const text = readFileSync(progressPath(project, '01', 'completed-tasks.jsonl'), 'utf8');
  await session(project).stop();
  expect(readFileSync(progressPath(project, '01', 'completed-tasks.jsonl'), 'utf8')).toBe(text);
}

test('a plan that is completed', async () => {
  const kills = await eachKill(
    await labs((project) => project.mustIn(project.worktree('01'), 'plan', 'start', '01-02')),
    (project) => inProgress(cli(project, ['plan', 'complete', '01-02'], project.worktree('01'))),
    async (project) => {
      expect(statusOf(project, '01').plans[1]?.state).toBe('complete');
      await expectMended(project, ['01-01', '01-02']);
    },
  );
  expect(kills).toBeGreaterThan(6);
});

test('a plan that is completed again: the first time is known from the archive alone', async () => {
  let first = '';
  await eachKill(
    await labs((project) => {
      project.mustIn(project.worktree('01'), 'plan', 'start', '01-01');
      project.mustIn(project.worktree('01'), 'task', 'metric', 'loc', '7');
      first = JSON.stringify(completedOf(project, '01')[0]?.metrics);
    }),
    (project) => inProgress(cli(project, ['plan', 'complete', '01-01'], project.worktree('01'))),
    async (project) => {
      await expectMended(project, ['01-01', '01-01']);
      const [before, after] = completedOf(project, '01');
      expect(JSON.stringify(before?.metrics)).toBe(first);
      expect(after?.metrics).toEqual({ loc: 7 });
    },
  );
});

test('a hook after a hand edit of STATUS.md', async () => {
  const kills = await eachKill(
    await labs((project) => {
      editStatus(project, '01', (text) => text.replace('state: not_started', 'state: complete'));
    }),
    (project) => {
      const { env } = session(project);
      const payload = session(project).payload('Stop', { stop_hook_active: false });
      return inProgress(hook(project, 'session', payload, env));
    },
    (project) => expectMended(project, ['01-01', '01-02']),
  );
  expect(kills).toBeGreaterThan(4);
});

test('a folder in which somebody wrote before coord came: nothing of it is lost', async () => {
  const theirs = '{"mine": true}\n';
  const project = Project.started('01');
  project.write('.claude/worktrees/01-phase-01/.progress/current-task.json', theirs);
  await eachKill(
    labsOf(project),
    (project) =>
      inProgress(cli(project, ['task', 'metric', 'loc', '1', '--plan', '01-02'], project.worktree('01'))),
    async (project) => {
      const other = session(project);
      await other.start();
      await other.stop();
      expectFollows(project, '01');
      const kept = archivedOf(project, '01').filter((name) => name.startsWith('set-aside-'));
      const texts = kept.map((name) => readFileSync(progressPath(project, '01', 'archive', name), 'utf8'));
      expect(texts).toContain(theirs);
    },
  );
});
