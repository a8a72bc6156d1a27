/**
 * The tasks of a cycle's plan: what depends on what, what is free to begin, and the longest way through. A plan whose
 * tasks wait for each other in a circle is refused, by name, before anybody begins.
 */

import { fieldsOf } from '../json-value.ts';
import { type CycleTask, EFFORTS } from './parts.ts';

/** How long a task takes beside another: for the critical path, and for nothing that is told as a figure. */
const WEIGHTS: Readonly<Record<CycleTask['effort'], number>> = { small: 1, medium: 3, large: 8 };
export const TASKS_MAX = 500;
const ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const DESCRIPTION_MAX = 2_000;
const FILES_MAX = 200;

export type TaskStatus = CycleTask['status'];

/** The tasks that a planner wrote, with the states of those that are known; or what is wrong with them. */
export function tasksFrom(value: unknown, known: readonly CycleTask[]): CycleTask[] | string {
  const list = Array.isArray(value) ? value : (value as { tasks?: unknown } | null | undefined)?.tasks;
  if (!Array.isArray(list)) return 'it holds no list of tasks (`{"tasks": [{"id": "TASK-001", …}]}`)';
  if (list.length === 0) return 'it holds no task';
  if (list.length > TASKS_MAX) return `it holds more than ${TASKS_MAX} tasks`;
  const states = new Map(known.map(({ id, status }) => [id, status]));
  const tasks: CycleTask[] = [];
  for (const [at, item] of list.entries()) {
    const task = taskFrom(item, at, states);
    if (typeof task === 'string') return task;
    tasks.push(task);
  }
  return flawOf(tasks) ?? tasks;
}

function taskFrom(item: unknown, at: number, states: ReadonlyMap<string, TaskStatus>): CycleTask | string {
  const it = fieldsOf(item);
  const { id, description, effort = 'medium', assigned_to } = it;
  if (typeof id !== 'string' || !ID.test(id))
    return `task ${at + 1} has no id (letters, digits, "-", "_", ".")`;
  if (typeof description !== 'string' || description.trim() === '') return `${id} has no description`;
  if (description.length > DESCRIPTION_MAX) return `the description of ${id} is too long`;
  if (!isOneOf(EFFORTS, effort)) return `the effort of ${id} is none of ${EFFORTS.join(', ')}`;
  const depends_on = textsOf(it['depends_on']);
  const files = textsOf(it['files']);
  if (!depends_on || !files || files.length > FILES_MAX)
    return `depends_on and files of ${id} are lists of texts`;
  const base = { id, description, effort, depends_on, status: states.get(id) ?? ('pending' as const), files };
  return typeof assigned_to === 'string' ? { ...base, assigned_to } : base;
}

function isOneOf<T extends string>(values: readonly T[], value: unknown): value is T {
  return (values as readonly unknown[]).includes(value);
}

function textsOf(value: unknown): string[] | undefined {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || !value.every((one) => typeof one === 'string')) return undefined;
  return [...new Set(value as string[])];
}

/** Two of one name, a dependency that nobody has, or a circle. */
export function flawOf(tasks: readonly CycleTask[]): string | undefined {
  const ids = new Set<string>();
  for (const { id } of tasks) {
    if (ids.has(id)) return `two tasks are called ${id}`;
    ids.add(id);
  }
  for (const { id, depends_on } of tasks) {
    const missing = depends_on.find((other) => !ids.has(other));
    if (missing !== undefined) return `${id} depends on ${missing}, which is no task of the plan`;
  }
  const circle = circleOf(tasks);
  return circle && `tasks wait for each other in a circle: ${circle.join(' → ')}`;
}

/** A circle of dependencies, its first task again at the end. */
export function circleOf(tasks: readonly CycleTask[]): string[] | undefined {
  const ordered = new Set(orderOf(tasks).map(({ id }) => id));
  const left = new Map(tasks.filter(({ id }) => !ordered.has(id)).map((task) => [task.id, task]));
  let current = [...left.values()].find(({ depends_on }) => depends_on.some((id) => left.has(id)));
  if (!current) return undefined;
  // Each of them waits for another of them: whoever follows that comes round.
  const way: string[] = [];
  while (!way.includes(current.id)) {
    way.push(current.id);
    const next: string | undefined = current.depends_on.find((id) => left.has(id));
    current = left.get(next ?? '') ?? current;
  }
  return [...way.slice(way.indexOf(current.id)), current.id];
}

/** Each after all that it depends on, and else as the plan has them; without those in a circle, or behind one. */
export function orderOf(tasks: readonly CycleTask[]): CycleTask[] {
  const placed = new Set<string>();
  const ordered: CycleTask[] = [];
  for (let before = -1; before < ordered.length; ) {
    before = ordered.length;
    for (const task of tasks) {
      if (placed.has(task.id) || !task.depends_on.every((id) => placed.has(id))) continue;
      placed.add(task.id);
      ordered.push(task);
    }
  }
  return ordered;
}

/** The chain of tasks that takes longest, by effort; of two as long the one that the plan has first. */
export function criticalPath(tasks: readonly CycleTask[]): string[] {
  const best = new Map<string, { length: number; from: string | undefined }>();
  for (const task of orderOf(tasks)) {
    const longest = task.depends_on.reduce<{ length: number; from: string | undefined }>(
      (most, id) => {
        const length = best.get(id)?.length ?? 0;
        return length > most.length ? { length, from: id } : most;
      },
      { length: 0, from: undefined },
    );
    best.set(task.id, { length: longest.length + WEIGHTS[task.effort], from: longest.from });
  }
  let last: string | undefined;
  for (const { id } of tasks)
    if ((best.get(id)?.length ?? 0) > (best.get(last ?? '')?.length ?? 0)) last = id;
  const path: string[] = [];
  for (let at = last; at !== undefined; at = best.get(at)?.from) path.unshift(at);
  return path;
}

/** Pending, with all that they depend on complete. */
export function readyTasks(tasks: readonly CycleTask[]): CycleTask[] {
  return tasks.filter((task) => task.status === 'pending' && waitsOn(tasks, task).length === 0);
}

export function waitsOn(tasks: readonly CycleTask[], task: CycleTask): string[] {
  const complete = new Set(tasks.filter(({ status }) => status === 'completed').map(({ id }) => id));
  return task.depends_on.filter((id) => !complete.has(id));
}

/** `3 small, 1 large`. */
export function effortOf(tasks: readonly CycleTask[]): string {
  const counts = EFFORTS.map((effort) => [effort, tasks.filter((task) => task.effort === effort).length]);
  return counts
    .filter(([, count]) => count !== 0)
    .map(([effort, count]) => `${count} ${effort}`)
    .join(', ');
}

/** Whether two plans are the same, but for how far their tasks are. */
export function isSamePlan(one: readonly CycleTask[], other: readonly CycleTask[]): boolean {
  const bare = (tasks: readonly CycleTask[]) =>
    JSON.stringify(tasks.map((task) => ({ ...task, status: '' })));
  return bare(one) === bare(other);
}
