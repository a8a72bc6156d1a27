/**
 * What a session is told when it starts: who it is, what it may write, where things stand, what to do next. For an
 * agent with other things on its mind: few lines, most useful first, and the same few lines however big the project.
 */
import { cleanLine } from '../../domain/message.ts';
import { countsOf, type StateDocument, type StatePhase } from '../../domain/state-document.ts';
import { blockedPlans, nextWork, type StatusDocument } from '../../domain/status-document.ts';
import { printCounts } from '../../domain/transition.ts';
import { readState, readStatus } from '../../storage/documents.ts';
import type { Presence } from '../../storage/light/presence.ts';
import { seatTakenBy } from '../../storage/light/seat.ts';
import { foldAll, waitingTransitions } from '../../usecases/fold-transitions.ts';
import { printProblem } from './problems.ts';

const LISTED_MAX = 12;

export function printBrief(presence: Presence, session: string): string {
  const { caller, place } = presence;
  const taken = seatTakenBy(place.home, place.name, session);
  const lines = caller.kind === 'worker' ? workerLines(presence) : placeLines(presence);
  if (taken) {
    lines.push(
      `Another live session (${cleanLine(taken.session ?? 'unknown')}) works in this worktree, so this one may read here and not write. To replace it: \`coord join --takeover\`.`,
    );
  }
  return `[coord] ${lines.join('\n')}`;
}

function placeLines(presence: Presence): string[] {
  return presence.caller.kind === 'guest' ? guestLines(presence) : coordinatorLines(presence);
}

function loadState(home: string): StateDocument | string {
  const loaded = readState(home);
  if (!loaded.done) return printProblem(loaded.problem);
  return foldAll(loaded.value.document, waitingTransitions(home));
}

function coordinatorLines({ place }: Presence): string[] {
  const state = loadState(place.home);
  if (typeof state === 'string') return ['You are the coordinator.', state];
  const active = state.phases.filter((phase) => phase.state === 'active');
  const future = state.phases.filter((phase) => phase.state === 'future');
  const done = state.phases.length - active.length - future.length;
  const lines = [
    `You are the coordinator of ${cleanLine(state.project)}: you plan phases, answer workers and keep .planning/STATE.md; you do not write in workers' worktrees.`,
    `Phases: ${done} done, ${active.length} active, ${future.length} future.`,
    ...active.slice(0, LISTED_MAX).map((phase) => `- ${phaseLine(phase)}`),
  ];
  const blockers = state.phases.flatMap((phase) => phase.blockers.map((blocker) => ({ phase, blocker })));
  for (const { phase, blocker } of blockers.slice(0, LISTED_MAX)) {
    lines.push(
      `- OPEN BLOCKER ${phase.id}/${blocker.id} of ${phase.worker}: ${cleanLine(blocker.summary)}. Answer: \`coord send ${phase.worker} response "<text>" --ref ${blocker.message ?? blocker.id}\``,
    );
  }
  const next = future.find((phase) => phase.depends.every((id) => state.phases.find((p) => p.id === id)?.state === 'done'));
  if (next) lines.push(`Next phase that can start: ${next.id} ${cleanLine(next.name)} (\`coord phase start ${next.id}\`).`);
  if (state.phases.length === 0) lines.push('No phase yet: `coord phase add <id> "<name>" --plan <id>:"<title>"`.');
  return lines;
}

function phaseLine(phase: StatePhase): string {
  return `${phase.id} ${cleanLine(phase.name)} (${phase.worker}): ${printCounts(countsOf(phase))}`;
}

function guestLines({ place }: Presence): string[] {
  const state = loadState(place.home);
  const lines = [
    'This worktree belongs to a coordinated project and has joined no phase. You may write in it, and nowhere else in the project.',
  ];
  if (typeof state === 'string') return lines;
  const open = state.phases.filter((phase) => phase.state === 'future').slice(0, LISTED_MAX);
  if (open.length > 0) {
    const list = open.map((phase) => `${phase.id} (${cleanLine(phase.name)})`).join(', ');
    lines.push(`To work on a phase, run \`coord join <phase>\` first. Open: ${list}.`);
  }
  return lines;
}

function workerLines({ caller, place }: Presence): string[] {
  const { record } = caller;
  if (!record) return [];
  const loaded = readStatus(place.root, record.phase.folder);
  const scope = record.scope.length > 0 ? `, inside ${record.scope.map((rule) => cleanLine(rule.glob)).join(', ')}` : '';
  const lines = [
    `You are ${caller.name}, the one worker of phase ${record.phase.id} "${cleanLine(record.phase.name)}". Write only below ${cleanLine(place.root)}${scope}.`,
  ];
  if (!loaded.done) return [...lines, printProblem(loaded.problem)];
  lines.push(...statusLines(loaded.value.document));
  lines.push(
    'Report with `coord plan start|complete <plan>`, `coord plan fail <plan> --reason "<why>"`; steps with `coord task add|start|done`; stuck: `coord blocker raise "<summary>"`; others: `coord send <name> question "<text>"`.',
  );
  return lines;
}

function statusLines(status: StatusDocument): string[] {
  const plans = status.plans.slice(0, LISTED_MAX).map((plan) => `- ${plan.id} ${plan.state}: ${cleanLine(plan.title)}`);
  const open = status.blockers.filter((blocker) => blocker.state !== 'resolved').slice(0, LISTED_MAX);
  const blockers = open.map((blocker) => {
    const answer = blocker.answer ? ` ANSWER: ${cleanLine(blocker.answer, 400)}` : '';
    return `- blocker ${blocker.id} ${blocker.state}: ${cleanLine(blocker.summary)}${answer}`;
  });
  const next = nextWork(status, blockedPlans(status));
  const nextLine = next ? [`Next: plan ${next.plan} ${cleanLine(next.title)}${next.task ? `, task ${next.task.id}` : ''}.`] : [];
  return [...plans, ...blockers, ...nextLine];
}
