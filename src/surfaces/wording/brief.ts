/**
 * What a session is told when it starts: who it is, what it may write, where things stand, what to do next. For an
 * agent with other things on its mind: few lines, most useful first, and the same few lines however big the project.
 */
import { cleanLine } from '../../domain/message.ts';
import { blockedPlans, nextWork } from '../../domain/next-work.ts';
import type { Plan } from '../../domain/plan.ts';
import { countsOf, type StateDocument, type StatePhase } from '../../domain/state-document.ts';
import type { StatusDocument } from '../../domain/status-document.ts';
import { printCounts } from '../../domain/transition.ts';
import type { BriefFacts } from '../../usecases/gather-brief.ts';
import { printProblem } from './problems.ts';

const LISTED_MAX = 12;

export function printBrief(facts: BriefFacts): string {
  const lines = roleLines(facts);
  if (facts.takenBy) {
    lines.push(
      `Another live session (${cleanLine(facts.takenBy.session ?? 'unknown')}) works in this worktree, so this one may read here and not write. To replace it: \`coord join --takeover\`.`,
    );
  }
  return `[coord] ${lines.join('\n')}`;
}

function roleLines(facts: BriefFacts): string[] {
  const { role } = facts;
  switch (role.kind) {
    case 'coordinator':
      return role.state.done
        ? coordinatorLines(role.state.value)
        : ['You are the coordinator.', printProblem(role.state.problem)];
    case 'ended':
      return [
        `You were ${facts.name}; its phase is closed. Commit what is left, write nothing new, and stop; or \`coord join <phase>\`.`,
      ];
    case 'peer':
      return [printPeerRole(facts.name)];
    case 'guest':
      return guestLines(role.state.done ? role.state.value : undefined);
    case 'worker':
      return workerLines(facts, role);
  }
}

/** For who works in a shared worktree beside the one that holds its seat. */
export function printPeerRole(name: string): string {
  return `You are ${cleanLine(name)}, one of several agents in this worktree. What you write is locked for you by the first write, until you have committed it; what another has locked is refused. Lock what belongs together beforehand: \`coord lock <path>…\`; who has what: \`coord locks\`. Stage and commit your own files by name. Ask others: \`coord send <name> question "<text>"\`.`;
}

function coordinatorLines(state: StateDocument): string[] {
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
  const next = future.find((phase) =>
    phase.depends.every((id) => state.phases.find((p) => p.id === id)?.state === 'done'),
  );
  if (next)
    lines.push(
      `Next phase that can start: ${next.id} ${cleanLine(next.name)} (\`coord phase start ${next.id}\`).`,
    );
  if (state.phases.length === 0)
    lines.push('No phase yet: `coord phase add <id> "<name>" --plan <id>:"<title>"`.');
  return lines;
}

function phaseLine(phase: StatePhase): string {
  return `${phase.id} ${cleanLine(phase.name)} (${phase.worker}): ${printCounts(countsOf(phase))}`;
}

function guestLines(state: StateDocument | undefined): string[] {
  const lines = [
    'This worktree belongs to a coordinated project and has joined no phase. You may write in it, and nowhere else in the project.',
  ];
  if (!state) return lines;
  const open = state.phases.filter((phase) => phase.state === 'future').slice(0, LISTED_MAX);
  if (open.length > 0) {
    const list = open.map((phase) => `${phase.id} (${cleanLine(phase.name)})`).join(', ');
    lines.push(`To work on a phase, run \`coord join <phase>\` first. Open: ${list}.`);
  }
  return lines;
}

function workerLines(facts: BriefFacts, role: Extract<BriefFacts['role'], { kind: 'worker' }>): string[] {
  const { record, status } = role;
  const scope =
    record.scope.length > 0 ? `, inside ${record.scope.map((rule) => cleanLine(rule.glob)).join(', ')}` : '';
  const lines = [
    `You are ${facts.name}, the one worker of phase ${record.phase.id} "${cleanLine(record.phase.name)}". Write only below ${cleanLine(facts.root)}${scope}.`,
  ];
  if (!status.done) return [...lines, printProblem(status.problem)];
  return [
    ...lines,
    ...statusLines(status.value, facts.home),
    'Report with `coord plan start|done <plan>`, `coord plan fail <plan> --reason "<why>"`; steps with `coord task add|start|done`; stuck: `coord blocker raise "<summary>"`; others: `coord send <name> question "<text>"`.',
  ];
}

function statusLines(status: StatusDocument, home: string): string[] {
  const plans = status.plans
    .slice(0, LISTED_MAX)
    .map((plan) => `- ${plan.id} ${plan.state}: ${cleanLine(plan.title)}`);
  const open = status.blockers.filter((blocker) => blocker.state !== 'resolved').slice(0, LISTED_MAX);
  const blockers = open.map((blocker) => {
    const answer = blocker.answer ? ` ANSWER: ${cleanLine(blocker.answer, 400)}` : '';
    return `- blocker ${blocker.id} ${blocker.state}: ${cleanLine(blocker.summary)}${answer}`;
  });
  const next = nextWork(status, blockedPlans(status));
  const nextLine = next
    ? [`Next: plan ${next.plan} ${cleanLine(next.title)}${next.task ? `, task ${next.task.id}` : ''}.`]
    : [];
  const left = status.plans.slice(0, LISTED_MAX).flatMap((plan) => leftLines(plan, home));
  return [...plans, ...left, ...blockers, ...nextLine];
}

/** How a plan that is not complete was left: the next worker starts from there, not anew. */
function leftLines({ id, state, handoff, needs_followup: followUp }: Plan, home: string): string[] {
  if (state === 'complete' || state === 'not_started') return [];
  const lines = followUp
    ? [`- plan ${id} needs follow-up, the gate misses: ${cleanLine(followUp.missing.join('; '), 400)}`]
    : [];
  if (!handoff) return lines;
  const { reason, command, exit, log, transcript } = handoff;
  const failed = command
    ? ` Last failure: ${cleanLine(command)}${exit === undefined ? '' : ` (exit ${exit})`}`
    : '';
  const where = [
    ...(log ? [`its output: ${cleanLine(`${home}/${log}`, 400)}`] : []),
    ...(transcript ? [`the transcript: ${cleanLine(transcript, 400)}`] : []),
  ];
  const paths = where.length > 0 ? ` Read first: ${where.join('; ')}.` : '';
  return [...lines, `- plan ${id} was left: ${cleanLine(reason, 400)}.${failed ? `${failed}.` : ''}${paths}`];
}
