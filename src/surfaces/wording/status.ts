/** The dashboard for a terminal and for a model: dense, one line a thing, nothing where there is nothing. */
import { cleanLine } from '../../domain/message.ts';
import { printCounts } from '../../domain/transition.ts';
import type { PeerView, StatusView, WorkerView } from '../../usecases/show-status.ts';
import { printCyclesBriefly } from './cycle.ts';
import { printHealthLine } from './health.ts';
import { printQueueBriefly } from './queue-glance.ts';
import { printConflictsBriefly } from './radar.ts';

export function printAge(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return 'just now';
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} days`;
}

export function printStatus(view: StatusView): string {
  const lines = [
    `${cleanLine(view.project)}: you are ${cleanLine(view.you)}. STATE.md revision ${view.revision}.`,
  ];
  lines.push(coordinatorLine(view));
  lines.push(
    view.phases.length === 0 ? 'No phase yet: coord phase add 01 "<name>" --plan 01-01:"<title>"' : 'Phases',
  );
  for (const phase of view.phases) {
    const depends = phase.depends.length > 0 ? `, after ${phase.depends.join(', ')}` : '';
    lines.push(
      `  ${phase.id} ${phase.state.padEnd(6)} ${cleanLine(phase.name)} (${phase.worker}${depends}): ${printCounts(phase.plans)}`,
    );
  }
  if (view.workers.length > 0) lines.push('Workers', ...view.workers.map(workerLine));
  if (view.peers.length > 0) lines.push('Peers in shared worktrees', ...view.peers.map(peerLine));
  if (view.blockers.length > 0) lines.push('Blockers');
  for (const blocker of view.blockers) {
    lines.push(
      `  ${blocker.phase}/${blocker.id} ${blocker.state}, ${printAge(blocker.age_ms)}: ${cleanLine(blocker.summary)} [${cleanLine(blocker.pointer)}]`,
    );
  }
  lines.push(...printConflictsBriefly(view.conflicts), ...printQueueBriefly(view.merge_queue));
  lines.push(...printCyclesBriefly(view.cycles.open, view.cycles.broken));
  if (view.questions.length > 0) lines.push('Unanswered');
  for (const { id, type, from, to, age_ms, content } of view.questions) {
    lines.push(
      `  ${type} of ${cleanLine(from)} to ${cleanLine(to)}, ${printAge(age_ms)}: ${cleanLine(content)} [${id}]`,
    );
  }
  const { waiting, unacknowledged, operator, dead } = view.inbox;
  if (waiting + unacknowledged > 0) {
    lines.push(
      `Mail: ${waiting} waiting for you (coord inbox), ${unacknowledged} of yours not acknowledged yet`,
    );
  }
  if (operator > 0)
    lines.push(
      `${operator} message(s) wait for the operator: \`coord inbox\` in a terminal of the primary worktree`,
    );
  if (dead > 0) lines.push(`${dead} could not be delivered: \`coord dead list\``);
  const health = printHealthLine(view.health);
  if (health) lines.push(health);
  if (view.settings.strict_blockers) lines.push('Blockers are strict.');
  if (view.settings.guard === 'off')
    lines.push('THE GUARD IS OFF (guard: off in the settings): nothing is refused.');
  lines.push(...view.complaints.map((complaint) => `Setting: ${cleanLine(complaint, 400)}`));
  return lines.join('\n');
}

function coordinatorLine(view: StatusView): string {
  const { session, epoch, presence } = view.coordinator;
  if (session === null)
    return 'Coordinator: no session holds the seat; a session started in the primary worktree takes it.';
  return `Coordinator: session ${cleanLine(session)}, ${presence}, epoch ${epoch}`;
}

function peerLine({ name, presence, waiting, worktree }: PeerView): string {
  const mail = waiting > 0 ? `, ${waiting} message(s) waiting` : '';
  return `  ${name}: ${presence === 'none' ? 'no session' : `session ${presence}`}${mail} ${cleanLine(worktree)}`;
}

function workerLine(worker: WorkerView): string {
  const heard =
    worker.heard_ms_ago === null
      ? ''
      : `, last heard ${printAge(worker.heard_ms_ago)}${worker.heard_ms_ago < 60_000 ? '' : ' ago'}`;
  const mail = worker.waiting > 0 ? `, ${worker.waiting} message(s) waiting` : '';
  const guard = worker.unguarded_change
    ? '; ITS TREE CHANGED WHILE ITS GUARD WAS SILENT (is the plugin loaded there?)'
    : '';
  const stalled =
    worker.state === 'stalled'
      ? `; STALLED: a plan under way and no change for long (\`coord phase reassign ${worker.phase}\`)`
      : '';
  const session = worker.presence === 'none' ? 'no session' : `session ${worker.presence}`;
  return `  ${worker.name} (phase ${worker.phase}): ${session}${heard}${mail}${stalled}${guard} ${cleanLine(worker.worktree ?? '')}`;
}
