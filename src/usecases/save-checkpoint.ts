/** Saves where a session is before its context is compacted: the session that goes on is told, and asked for the rest. */
import type { Checkpoint } from '../domain/checkpoint.ts';
import { isoOf, nowMs } from '../storage/clock.ts';
import { readStatus } from '../storage/document-kinds.ts';
import { writeCheckpoint } from '../storage/light/checkpoints.ts';
import type { Presence } from '../storage/light/presence.ts';
import { treeStateOf } from '../storage/tree-state.ts';

export interface Compaction {
  readonly session: string;
  readonly trigger: string;
  readonly transcript: string | null;
}

export function saveCheckpoint({ caller, place }: Presence, compaction: Compaction): Checkpoint {
  const { home, root } = place;
  const { record } = caller;
  const status = record ? readStatus({ home, root, folder: record.phase.folder }) : undefined;
  const plan = status?.done
    ? status.value.document.plans.find((one) => one.state === 'in_progress')
    : undefined;
  const task = plan?.tasks.find((one) => one.state === 'in_progress');
  const atMs = nowMs();
  const checkpoint: Checkpoint = {
    at: isoOf(atMs),
    session: compaction.session,
    role: caller.name,
    trigger: compaction.trigger,
    tree: treeStateOf(root) ?? null,
    plan: plan ? `${plan.id} ${plan.title}` : null,
    task: task ? `${task.id} ${task.title}` : null,
    transcript: compaction.transcript,
  };
  writeCheckpoint(home, checkpoint, atMs);
  return checkpoint;
}
