/**
 * What a session is told when it starts: who it is, what it may write, where things stand, what to do next. For an
 * agent with other things on its mind: few lines, most useful first, and never more than a budget of tokens, however
 * big the project.
 */
import { type BriefLine, fitBrief } from '../../domain/brief-lines.ts';
import { cleanLine } from '../../domain/message.ts';
import { blockedPlans, nextWork } from '../../domain/next-work.ts';
import type { Handoff, Plan } from '../../domain/plan.ts';
import type { StateDocument } from '../../domain/state-document.ts';
import type { StatusDocument } from '../../domain/status-document.ts';
import type { BriefFacts } from '../../usecases/gather-brief.ts';
import { coordinatorLines } from './brief-coordinator.ts';
import { printTree } from './handoff.ts';
import { printProblem } from './problems.ts';
import { printCycleGlance } from './turns.ts';

const LISTED_MAX = 12;
/** What design.md allows, less what the frame around it takes. */
const BRIEF_TOKENS_MAX = 1_900;

export function printBrief(facts: BriefFacts): string {
  const lines = [...roleLines(facts), ...commonLines(facts)];
  if (facts.takenBy) {
    lines.push({
      rank: 0,
      text: `Another live session (${cleanLine(facts.takenBy.session ?? 'unknown')}) works in this worktree, so this one may read here and not write. To replace it: \`coord join --takeover\`.`,
    });
  }
  const { lines: kept, left } = fitBrief(lines, BRIEF_TOKENS_MAX);
  const more = left > 0 ? [`(${left} lines left out: \`coord resume\` has all.)`] : [];
  return `[coord] ${[...kept, ...more].join('\n')}`;
}

function roleLines(facts: BriefFacts): BriefLine[] {
  const { role } = facts;
  switch (role.kind) {
    case 'coordinator':
      return role.state.done
        ? coordinatorLines(role, role.state.value)
        : must(['You are the coordinator.', printProblem(role.state.problem)]);
    case 'ended':
      return must([
        `You were ${facts.name}; its phase is closed. Commit what is left, write nothing new, and stop; or \`coord join <phase>\`.`,
      ]);
    case 'peer':
      return must([printPeerRole(facts.name)]);
    case 'guest':
      return must(guestLines(role.state.done ? role.state.value : undefined));
    case 'worker':
      return workerLines(facts, role);
  }
}

function must(texts: readonly string[]): BriefLine[] {
  return texts.map((text) => ({ text, rank: 0 }));
}

/** Where the session was, what waits, how git stands, what is not written down. */
function commonLines({ checkpoint, waiting, tree, gaps, cycle }: BriefFacts): BriefLine[] {
  const lines: BriefLine[] = [];
  if (cycle) lines.push({ rank: 1, text: printCycleGlance(cycle) });
  if (checkpoint) {
    const { at, plan, task, transcript } = checkpoint;
    const where = [plan ? `plan ${plan}` : '', task ? `task ${task}` : ''].filter((text) => text !== '');
    const doing = where.length > 0 ? ` You were at ${cleanLine(where.join(', '), 300)}.` : '';
    const before = transcript ? ` What was said before stands in ${cleanLine(transcript, 400)}.` : '';
    lines.push({ rank: 1, text: `Your context was compacted at ${cleanLine(at)}.${doing}${before}` });
  }
  if (gaps.length > 0) {
    // Right after a compaction it is known, and soon forgotten; at another start it is a hint.
    const what = gaps.map((gap) => cleanLine(gap, 400)).join('; ');
    lines.push(
      checkpoint
        ? { rank: 1, text: `Not written down yet, and only you know it: ${what}.` }
        : { rank: 4, text: `Not written down: ${what}.` },
    );
  }
  if (waiting > 0) lines.push({ rank: 2, text: `Mail: ${waiting} waiting (\`coord inbox\`).` });
  if (tree) lines.push({ rank: 3, text: `${printTree(tree)}.` });
  return lines;
}

/** For who works in a shared worktree beside the one that holds its seat. */
export function printPeerRole(name: string): string {
  return `You are ${cleanLine(name)}, one of several agents in this worktree. What you write is locked for you by the first write, until you have committed it; what another has locked is refused. Lock what belongs together beforehand: \`coord lock <path>…\`; who has what: \`coord locks\`. Stage and commit your own files by name. What works on the whole tree, tests and builds, runs one at a time: \`coord run -- <command>\` waits for it. Ask others: \`coord send <name> question "<text>"\`.`;
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

function workerLines(facts: BriefFacts, role: Extract<BriefFacts['role'], { kind: 'worker' }>): BriefLine[] {
  const { record, status, ticket } = role;
  const scope =
    record.scope.length > 0 ? `, inside ${record.scope.map((rule) => cleanLine(rule.glob)).join(', ')}` : '';
  const who = `You are ${facts.name}, the one worker of phase ${record.phase.id} "${cleanLine(record.phase.name)}". Write only below ${cleanLine(facts.root)}${scope}.`;
  if (!status.done) return must([who, printProblem(status.problem)]);
  const how =
    'Report with `coord plan start|done <plan>`, `coord plan fail <plan> --reason "<why>"`; steps with `coord task add|start|done`; stuck: `coord blocker raise "<summary>"`; others: `coord send <name> question "<text>"`.';
  const told = ticket === null ? '' : ` Your ticket: ${cleanLine(`${facts.home}/${ticket}`, 400)}.`;
  return [...must([who + told]), ...statusLines(status.value, facts.home), { rank: 1, text: how }];
}

function statusLines(status: StatusDocument, home: string): BriefLine[] {
  const blocked = blockedPlans(status);
  const next = nextWork(status, blocked);
  const plans = status.plans.slice(0, LISTED_MAX).map(({ id, state, title }) => ({
    // What is under way, or is next, tells more than what is over.
    rank: id === next?.plan || state === 'in_progress' ? 1 : 3,
    text: `- ${id} ${state}: ${cleanLine(title)}`,
  }));
  const left = status.plans.length - plans.length;
  const more = left > 0 ? [{ rank: 3, text: `- and ${left} more plans: \`coord plan list\`` }] : [];
  const open = status.blockers.filter((blocker) => blocker.state !== 'resolved').slice(0, LISTED_MAX);
  const blockers = open.map((blocker) => {
    const answer = blocker.answer ? ` ANSWER: ${cleanLine(blocker.answer, 400)}` : '';
    return {
      rank: 1,
      text: `- blocker ${blocker.id} ${blocker.state}: ${cleanLine(blocker.summary)}${answer}`,
    };
  });
  const task = next?.task ? `, task ${next.task.id} ${cleanLine(next.task.title)}` : '';
  const nextLine = next
    ? [{ rank: 1, text: `Next: plan ${next.plan} ${cleanLine(next.title)}${task}.` }]
    : [];
  const handoffs = status.plans
    .flatMap((plan) => leftLines(plan, home))
    .slice(0, LISTED_MAX)
    .map((text) => ({ rank: 2, text }));
  const decided = status.decisions
    .slice(-3)
    .map(({ text }) => ({ rank: 5, text: `- decided: ${cleanLine(text)}` }));
  return [...plans, ...more, ...handoffs, ...blockers, ...nextLine, ...decided];
}

/** How a plan that is not complete was left: the next worker starts from there, not anew. */
function leftLines({ id, state, handoff, needs_followup: followUp }: Plan, home: string): string[] {
  if (state === 'complete' || state === 'not_started') return [];
  // A refusal of the gate says both at once.
  const isOne = followUp !== undefined && handoff?.reason.startsWith('the gate refused it') === true;
  const misses = followUp ? cleanLine(followUp.missing.join('; '), 400) : '';
  const found = isOne && handoff ? printFound(handoff, home) : '';
  const lines = followUp
    ? [`- plan ${id} needs follow-up, the gate misses: ${misses}${found ? `.${found}` : ''}`]
    : [];
  return handoff && !isOne ? [...lines, `- plan ${id} was left: ${printHandoff(handoff, home)}`] : lines;
}

/** Why a plan was left, what failed last, and where to read of it. */
export function printHandoff(handoff: Handoff, home: string): string {
  return `${cleanLine(handoff.reason, 400)}.${printFound(handoff, home)}`;
}

function printFound({ command, exit, log, transcript }: Handoff, home: string): string {
  const failed = command
    ? ` Last failure: ${cleanLine(command)}${exit === undefined ? '' : ` (exit ${exit})`}.`
    : '';
  const where = [
    ...(log ? [`its output: ${cleanLine(`${home}/${log}`, 400)}`] : []),
    ...(transcript ? [`the transcript: ${cleanLine(transcript, 400)}`] : []),
  ];
  return `${failed}${where.length > 0 ? ` Read first: ${where.join('; ')}.` : ''}`;
}
