/**
 * What `.progress/` keeps of tasks that are over: the archive and `completed-tasks.jsonl`.
 *
 * Glossary. *Finished task*: a complete or failed plan as it stood when it finished. *Completion*: one completing of a
 * plan, known by plan and moment, so that a plan completed twice has two. Which completions there were is what the
 * milestones of STATUS.md say; the archive is asked only for how an earlier one looked.
 */
import type { Plan } from './plan.ts';
import type { Milestone, StatusDocument } from './status-document.ts';
import { describePlan, instantOf, type TaskProgress } from './task-progress.ts';

/** A complete or failed plan, for the archive: nothing in it changes with what happens to other plans. */
export function finishedTask(document: StatusDocument, plan: Plan): TaskProgress {
  const finished = instantOf(plan.finished);
  return {
    ...describePlan(document, plan),
    updated: finished,
    ...(finished === null ? {} : { finished }),
    ...(plan.reason === undefined ? {} : { reason: plan.reason }),
    ...(plan.commit === undefined ? {} : { commit: plan.commit }),
  };
}

/** Known by plan and moment: a plan that was completed again is another completion. */
function keyOf(task: string, finished: string | null | undefined): string {
  return `${task}@${finished ?? ''}`;
}

/** `01-02-20260221T130000000Z`: the name of a finished task in the archive. */
export function archiveNameOf(task: Pick<TaskProgress, 'task_id' | 'finished'>): string {
  return `${task.task_id}-${task.finished?.replace(/[-:.]/g, '') ?? 'undated'}`;
}

/** The milestones that are completions of plans, by their keys. */
function completionsIn(document: StatusDocument): Map<string, Milestone & { readonly plan: string }> {
  const found = new Map<string, Milestone & { readonly plan: string }>();
  for (const milestone of document.milestones) {
    const { event, plan, at } = milestone;
    if (event === 'plan_complete' && plan !== undefined)
      found.set(keyOf(plan, instantOf(at)), { ...milestone, plan });
  }
  return found;
}

/** Where in the archive those completions lie that STATUS.md no longer describes: the plan was taken up again. */
export function earlierCompletions(document: StatusDocument): string[] {
  const earlier = completionsIn(document);
  for (const plan of document.plans) {
    if (plan.state === 'complete') earlier.delete(keyOf(plan.id, instantOf(plan.finished)));
  }
  return [...earlier.values()].map(({ plan, at }) =>
    archiveNameOf({ task_id: plan, finished: instantOf(at) ?? undefined }),
  );
}

/**
 * Every completion that STATUS.md knows of, oldest first, and those of `known` that belong to other phases of this
 * worktree. A plan that is complete is taken from STATUS.md; one that was taken up again since, from `known`, where
 * the first that fits counts; and where nobody knows any more how it looked, what its milestone says stands alone.
 */
export function completedTasks(document: StatusDocument, known: readonly TaskProgress[]): TaskProgress[] {
  const found = new Map<string, TaskProgress>();
  const add = (task: TaskProgress) => {
    const key = `${task.phase}/${keyOf(task.task_id, task.finished)}`;
    if (!found.has(key)) found.set(key, task);
  };
  const complete = document.plans.filter((plan) => plan.state === 'complete');
  for (const plan of complete) add(finishedTask(document, plan));
  const earlier = completionsIn(document);
  for (const task of known) {
    const isOurs = task.phase === document.phase;
    if (task.status === 'completed' && (!isOurs || earlier.has(keyOf(task.task_id, task.finished))))
      add(task);
  }
  for (const { plan: id, at, commit } of earlier.values()) {
    const plan = document.plans.find((candidate) => candidate.id === id);
    const bare: Plan = { id, title: plan?.title ?? id, state: 'complete', tasks: [], finished: at, commit };
    add(finishedTask(document, bare));
  }
  const order = (task: TaskProgress) => `${task.finished ?? ''} ${task.phase} ${task.task_id}`;
  return [...found.values()].sort((a, b) => (order(a) < order(b) ? -1 : order(a) > order(b) ? 1 : 0));
}

/** `completed-tasks.jsonl`: one completion a line. */
export function printCompleted(tasks: readonly TaskProgress[]): string {
  return tasks.map((task) => `${JSON.stringify(task)}\n`).join('');
}
