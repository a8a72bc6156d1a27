/** The merge queue in a line of the dashboard; nothing where nothing waits. */
import { cleanLine } from '../../domain/message.ts';
import type { QueueGlance } from '../../usecases/glance-at-queue.ts';

const PHASES_TOLD = 6;

export function printQueueBriefly(queue: QueueGlance): string[] {
  const { waiting, rejected, needs_followup, running, interrupted } = queue;
  const parts: string[] = [];
  if (interrupted) parts.push('a landing was interrupted (coord merge run carries it on)');
  if (running) parts.push('a run is under way (coord merge status)');
  if (waiting.length > 0) parts.push(`to land: ${named(waiting)}${running ? '' : ' (coord merge run)'}`);
  if (rejected.length > 0) parts.push(`rejected, with their workers: ${named(rejected)}`);
  if (needs_followup.length > 0)
    parts.push(`needs the coordinator: ${named(needs_followup)} (coord merge status)`);
  return parts.length > 0 ? [`Merge queue: ${parts.join('; ')}`] : [];
}

function named(phases: readonly string[]): string {
  const shown = phases.slice(0, PHASES_TOLD).map((phase) => cleanLine(phase));
  const more = phases.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
}
