/** What lies in `.progress/`, and whether it is what STATUS.md says: worked out here anew, file by file. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { archiveNameOf, completedTasks, finishedTask } from '../../src/domain/completion.ts';
import { countMetrics, printMetrics } from '../../src/domain/progress-metrics.ts';
import { currentTask, printTask, type TaskProgress } from '../../src/domain/task-progress.ts';
import { taskProgressSchema } from '../../src/storage/task-progress-schema.ts';
import type { Project } from './project.ts';
import { statusOf } from './scene.ts';

export function progressPath(project: Project, id: string, ...parts: string[]): string {
  return join(project.worktree(id), '.progress', ...parts);
}

function textIfThere(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

export function currentOf(project: Project, id: string): TaskProgress {
  return JSON.parse(readFileSync(progressPath(project, id, 'current-task.json'), 'utf8')) as TaskProgress;
}

/** What an outside coordinator sees, at the root. */
export function shownAtHome(project: Project): TaskProgress {
  return JSON.parse(project.read('.progress/current-task.json')) as TaskProgress;
}

export function completedOf(project: Project, id: string): TaskProgress[] {
  const text = textIfThere(progressPath(project, id, 'completed-tasks.jsonl')) ?? '';
  return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as TaskProgress]));
}

export function archivedOf(project: Project, id: string): string[] {
  const folder = progressPath(project, id, 'archive');
  return existsSync(folder) ? readdirSync(folder).sort() : [];
}

/** Every file of the worker is what its STATUS.md says, at home too; each completion stands once. */
export function expectFollows(project: Project, id: string): void {
  const status = statusOf(project, id);
  const current = currentTask(status, []);
  if (!current) throw new Error('a phase without plans');
  const shown = currentOf(project, id);
  expect({ ...shown, questions_for_coordinator: [] }).toEqual(current);
  expect(textIfThere(project.path('.progress', 'workers', `worker-${id}.json`))).toBe(printTask(shown));
  const completed = completedOf(project, id);
  const keys = completed.map((task) => `${task.task_id} ${task.finished}`);
  expect(new Set(keys).size).toBe(keys.length);
  expect(completedTasks(status, completed)).toEqual(completed);
  const metrics = completed.length > 0 ? printMetrics(countMetrics(completed)) : undefined;
  expect(textIfThere(progressPath(project, id, 'metrics.json'))).toBe(metrics);
  const failed = status.plans
    .filter(({ state }) => state === 'failed')
    .map((plan) => finishedTask(status, plan));
  for (const task of [...completed.filter(({ phase }) => phase === status.phase), ...failed]) {
    expect(textIfThere(progressPath(project, id, 'archive', `${archiveNameOf(task)}.json`))).toBe(
      printTask(task),
    );
  }
  for (const task of [shown, ...completed]) expect(taskProgressSchema.safeParse(task).error).toBeUndefined();
}

/** At the root stands the task of the worker that changed something last. */
export function expectLatestShown(project: Project): void {
  const folder = project.path('.progress', 'workers');
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
  const texts = names.map((name) => readFileSync(join(folder, name), 'utf8'));
  const moments = texts.map((text) => (JSON.parse(text) as TaskProgress).updated ?? '');
  const shown = project.read('.progress/current-task.json');
  expect(texts).toContain(shown);
  expect((JSON.parse(shown) as TaskProgress).updated).toBe(moments.sort().at(-1));
}
