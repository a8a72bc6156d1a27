/** What a worker can go on with while something is blocked. Pure. */
import type { StatusDocument } from './status-document.ts';

export interface NextWork {
  readonly plan: string;
  readonly title: string;
  readonly task: { readonly id: string; readonly title: string } | undefined;
}

/**
 * What a worker can go on with while a plan is blocked: a plan under way that no open blocker names, else the first
 * one not started. Undefined: nothing is left that is not blocked.
 */
export function nextWork(document: StatusDocument, blockedPlans: ReadonlySet<string>): NextWork | undefined {
  const free = document.plans.filter((plan) => !blockedPlans.has(plan.id));
  const plan =
    free.find((candidate) => candidate.state === 'in_progress') ??
    free.find((candidate) => candidate.state === 'not_started');
  if (!plan) return undefined;
  const task = plan.tasks.find((candidate) => candidate.state !== 'complete');
  return { plan: plan.id, title: plan.title, task: task ? { id: task.id, title: task.title } : undefined };
}

/** Plans that an unresolved, unanswered blocker names. */
export function blockedPlans(document: StatusDocument): Set<string> {
  return new Set(
    document.blockers
      .filter((blocker) => blocker.state === 'open' && blocker.plan !== undefined)
      .map((blocker) => blocker.plan as string),
  );
}
