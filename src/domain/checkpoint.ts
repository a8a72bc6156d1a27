/**
 * A checkpoint: where a session was when its context was compacted, as far as files and git know it; and what they do
 * not know, so that it can be asked for (seed 001: what is not in a file does not exist). Pure.
 */

import type { StateDocument } from './state-document.ts';
import type { StatusDocument } from './status-document.ts';
import { openTodo } from './todo.ts';

/** The worktree, as git has it. */
export interface TreeState {
  /** Null when HEAD is detached. */
  readonly branch: string | null;
  /** Null before the first commit. */
  readonly commit: string | null;
  readonly ahead: number;
  readonly behind: number;
  /** Uncommitted files, the first few by name. */
  readonly changed: readonly string[];
  readonly changedCount: number;
  /** Of coord's own documents, which are in none of the two above. */
  readonly documentsCount?: number;
  readonly stashes: number;
}

export interface Checkpoint {
  readonly at: string;
  readonly session: string;
  readonly role: string;
  /** `auto` or `manual`. */
  readonly trigger: string;
  readonly tree: TreeState | null;
  /** Worker: the plan and the task under way. */
  readonly plan: string | null;
  readonly task: string | null;
  readonly transcript: string | null;
}

/** What a worker should write down, as commands; empty when its documents say it all. */
export function gapsOfWorker(status: StatusDocument, tree: TreeState | undefined): string[] {
  const current = status.plans.find((plan) => plan.state === 'in_progress');
  const hasTask = current?.tasks.some((task) => task.state === 'in_progress') === true;
  const isBetween = !current && status.plans.some((plan) => plan.state === 'not_started');
  return [
    ...(current && !hasTask
      ? [
          `which step of plan ${current.id} you are at: \`coord task add "<step>"\`, \`coord task start <task>\``,
        ]
      : []),
    ...(isBetween ? ['which plan you are at: `coord plan start <plan>`'] : []),
    ...uncommittedGap(tree),
  ];
}

/** What a coordinator should write down. */
export function gapsOfCoordinator(state: StateDocument, tree: TreeState | undefined): string[] {
  const open = openTodo(state);
  const isIdle = state.phases.every((phase) => phase.state !== 'active') && open.length === 0;
  const hasP0 = open.some((item) => item.priority === 'P0');
  return [
    ...(!hasP0 && (isIdle || state.phases.some((phase) => phase.state === 'active'))
      ? ['what comes next: `coord todo add "<next action>" --priority P0`']
      : []),
    ...uncommittedGap(tree),
  ];
}

function uncommittedGap(tree: TreeState | undefined): string[] {
  if (!tree || tree.changedCount === 0) return [];
  return [
    `${tree.changedCount} file(s) are not committed (${tree.changed.slice(0, 3).join(', ')}${tree.changedCount > 3 ? ', …' : ''}): commit what is done`,
  ];
}
