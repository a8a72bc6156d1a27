/**
 * `metrics.json`: figures over all completed tasks of a worktree. They are counted anew from the completions each
 * time, never added up: a counter that is raised after a write is wrong for good when the process dies between the two.
 */
import { CHECK_STATES, type CheckState } from './plan.ts';
import type { TaskProgress } from './task-progress.ts';

export interface ProgressMetrics {
  /** Different tasks; one that was completed twice counts once. */
  readonly tasks_completed: number;
  readonly completions: number;
  /** What the tasks say they took; from start to end, where they say nothing. */
  readonly time_spent_minutes: number;
  /** Sums of what tasks reported, each task as it was completed last. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly quality_gates: Readonly<Record<CheckState, number>>;
  readonly artifacts: number;
  readonly last_finished: string | null;
}

const MINUTE_MS = 60_000;
const MINUTES = 'time_spent_minutes';

function minutesOf(task: TaskProgress): number {
  const fromMs = Date.parse(task.started ?? '');
  const toMs = Date.parse(task.finished ?? '');
  return toMs > fromMs ? Math.round((toMs - fromMs) / MINUTE_MS) : 0;
}

/** A sum stays a number that JSON can hold. */
function plus(a: number, b: number): number {
  return Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, a + b));
}

/** Of completions, oldest first. */
export function countMetrics(completions: readonly TaskProgress[]): ProgressMetrics {
  const last = new Map<string, TaskProgress>();
  const elapsed = new Map<string, number>();
  for (const task of completions) {
    const key = `${task.phase}/${task.task_id}`;
    last.set(key, task);
    elapsed.set(key, plus(elapsed.get(key) ?? 0, minutesOf(task)));
  }
  const sums = new Map<string, number>();
  const gates = Object.fromEntries(CHECK_STATES.map((state) => [state, 0])) as Record<CheckState, number>;
  const artifacts = new Set<string>();
  let minutes = 0;
  for (const [key, task] of last) {
    const said = Object.hasOwn(task.metrics, MINUTES) ? task.metrics[MINUTES] : undefined;
    minutes = plus(minutes, said ?? elapsed.get(key) ?? 0);
    for (const [name, value] of Object.entries(task.metrics)) {
      if (name !== MINUTES) sums.set(name, plus(sums.get(name) ?? 0, value));
    }
    for (const { status } of Object.values(task.quality_gates)) gates[status] += 1;
    for (const { path } of task.artifacts) artifacts.add(path);
  }
  return {
    tasks_completed: last.size,
    completions: completions.length,
    [MINUTES]: minutes,
    metrics: Object.fromEntries([...sums].sort(([a], [b]) => (a < b ? -1 : 1))),
    quality_gates: gates,
    artifacts: artifacts.size,
    last_finished: completions.at(-1)?.finished ?? null,
  };
}

export function printMetrics(metrics: ProgressMetrics): string {
  return `${JSON.stringify(metrics, null, 2)}\n`;
}
