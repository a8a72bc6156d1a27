/** What a coordinator is told when its session starts, in ranked lines (domain/brief-lines). */
import type { BriefLine } from '../../domain/brief-lines.ts';
import { deliverablesOf, figuresOf, nextPhase } from '../../domain/figures.ts';
import { cleanLine } from '../../domain/message.ts';
import { countsOf, type StateDocument, type StatePhase } from '../../domain/state-document.ts';
import { openTodo } from '../../domain/todo.ts';
import { printCounts } from '../../domain/transition.ts';
import type { StaleWorker } from '../../usecases/find-stale-workers.ts';
import type { BriefRole } from '../../usecases/gather-brief.ts';
import { printShare } from './agenda.ts';
import { printAge } from './status.ts';

const LISTED_MAX = 12;
const FIRST_MAX = 4;

export function coordinatorLines(
  role: Extract<BriefRole, { kind: 'coordinator' }>,
  state: StateDocument,
): BriefLine[] {
  return [
    {
      rank: 0,
      text: `You are the coordinator of ${cleanLine(state.project)}: you plan phases, answer workers and keep .planning/STATE.md; you do not write in workers' worktrees.`,
    },
    ...nextLines(state, role.landing),
    ...blockerLines(state),
    ...phaseLines(state),
    ...role.stale
      .slice(0, LISTED_MAX)
      .map((worker, at) => ({ rank: at < FIRST_MAX ? 2 : 5, text: staleLine(worker) })),
    ...lostLines(role),
    ...todoLines(state),
    ...decisionLines(role),
    ...runLines(role),
  ];
}

/** The one thing to do: the first P0, else what is being made, else the next phase. */
function nextLines(state: StateDocument, landing: readonly string[]): BriefLine[] {
  const [first] = openTodo(state).filter((item) => item.priority === 'P0');
  const lines: BriefLine[] = [];
  if (first)
    lines.push({
      rank: 1,
      text: `Next: P0 ${first.id} ${cleanLine(first.text, 400)} (\`coord todo done ${first.id}\` when it is).`,
    });
  if (state.phases.length === 0)
    lines.push({
      rank: first ? 3 : 1,
      text: 'No phase yet: `coord phase add <id> "<name>" --plan <id>:"<title>"`.',
    });
  const [made] = deliverablesOf(state);
  if (made?.plan !== undefined)
    lines.push({
      rank: first ? 3 : 1,
      text: `${made.status}: plan ${made.plan} ${cleanLine(made.title)} (phase ${made.phase}, ${made.owner}).`,
    });
  const phase = nextPhase(state);
  if (phase)
    lines.push({
      rank: first ? 3 : 1,
      text: `Next phase that can start: ${phase.id} ${cleanLine(phase.name)} (\`coord phase start ${phase.id}\`).`,
    });
  if (landing.length > 0)
    lines.push({
      rank: 1,
      text: `The landing of ${landing.map((id) => cleanLine(id)).join(', ')} was cut short: \`coord merge run\` carries it on.`,
    });
  const finished = state.phases.find(
    (one) => one.state === 'active' && isFinished(one) && !landing.includes(one.id),
  );
  if (finished)
    lines.push({
      rank: 1,
      text: `Phase ${finished.id} is finished: look at it, then \`coord merge add ${finished.id}\` and \`coord merge run\`, or \`coord phase close ${finished.id}\`.`,
    });
  return lines;
}

function isFinished(phase: StatePhase): boolean {
  const { complete, in_progress, not_started, failed } = countsOf(phase);
  return complete > 0 && in_progress + not_started + failed === 0;
}

function blockerLines(state: StateDocument): BriefLine[] {
  const all = state.phases.flatMap((phase) => phase.blockers.map((blocker) => ({ phase, blocker })));
  const shown = all.slice(0, LISTED_MAX).map(({ phase, blocker }, at) => ({
    rank: at < FIRST_MAX ? 1 : 4,
    text: `- OPEN BLOCKER ${phase.id}/${blocker.id} of ${phase.worker}: ${cleanLine(blocker.summary)}. Answer: \`coord send ${phase.worker} response "<text>" --ref ${blocker.message ?? blocker.id}\``,
  }));
  const left = all.length - shown.length;
  return left > 0
    ? [...shown, { rank: 2, text: `- and ${left} more blockers: \`coord blocker list\`` }]
    : shown;
}

function phaseLines(state: StateDocument): BriefLine[] {
  const active = state.phases.filter((phase) => phase.state === 'active');
  const future = state.phases.filter((phase) => phase.state === 'future').length;
  const { plans, goal } = figuresOf(state);
  const milestone = goal
    ? ` Milestone ${cleanLine(goal.goal.name)}: ${printShare(goal.phases)} of its phases.`
    : '';
  const all = state.phases.length === 0 ? '' : ` Plans: ${printShare(plans)}.${milestone}`;
  const done = state.phases.length - active.length - future;
  const shown = active.slice(0, LISTED_MAX).map((phase, at) => ({
    rank: at < FIRST_MAX ? 2 : 4,
    text: `- ${phase.id} ${cleanLine(phase.name)} (${phase.worker}): ${printCounts(countsOf(phase))}`,
  }));
  const left = active.length - shown.length;
  return [
    { rank: 1, text: `Phases: ${done} done, ${active.length} active, ${future} future.${all}` },
    ...shown,
    ...(left > 0 ? [{ rank: 3, text: `- and ${left} more active phases: \`coord status\`` }] : []),
  ];
}

const STALE: Record<StaleWorker['why'], string> = {
  none: 'has no session',
  gone: 'has lost its session: its process is gone',
  silent: 'is silent',
  stalled: 'has a plan under way and changes nothing',
};

function staleLine({ worker, phase, why, heardMsAgo }: StaleWorker): string {
  const heard =
    heardMsAgo === null ? '' : `, last heard ${printAge(heardMsAgo)}${heardMsAgo < 60_000 ? '' : ' ago'}`;
  return `- ${worker} (phase ${phase}) ${STALE[why]}${heard}.`;
}

function todoLines(state: StateDocument): BriefLine[] {
  const open = openTodo(state);
  const isFirstP0 = open[0]?.priority === 'P0';
  const rest = isFirstP0 ? open.slice(1) : open;
  const shown = rest.slice(0, LISTED_MAX).map((item) => ({
    rank: item.priority === 'P0' ? 3 : 6,
    text: `- TODO ${item.priority} ${item.id} ${cleanLine(item.text)}`,
  }));
  const left = rest.length - shown.length;
  return left > 0
    ? [...shown, { rank: 6, text: `- and ${left} more TODO items: \`coord todo list\`` }]
    : shown;
}

function decisionLines({ decisions }: Extract<BriefRole, { kind: 'coordinator' }>): BriefLine[] {
  const { titles, more } = decisions;
  if (titles.length === 0) return [];
  const rest = more > 0 ? ` (and ${more} more)` : '';
  return [
    {
      rank: 4,
      text: `Decided in the last seven days: ${titles.map((title) => cleanLine(title)).join('; ')}${rest}. In full: \`coord decisions --since 7d\`.`,
    },
  ];
}

/** `.taskers/` is not committed, so it is what a fresh clone or a clean-up lacks. */
function lostLines({ lost, runs }: Extract<BriefRole, { kind: 'coordinator' }>): BriefLine[] {
  if (lost.length === 0) return [];
  const who = lost.slice(0, LISTED_MAX).map((worker) => cleanLine(worker));
  const more = lost.length > who.length ? ` and ${lost.length - who.length} more` : '';
  const outputs = runs.length === 0 ? ', and whatever workers had handed in in .taskers/runs/' : '';
  return [
    {
      rank: 2,
      text: `Missing: the tickets of ${who.join(', ')}${more}${outputs} (.taskers/ is not committed). Make the tickets again: \`coord ticket regenerate\`; what was integrated is in git, and what was not is in its worker's worktree or to be done again.`,
    },
  ];
}

function runLines({ runs }: Extract<BriefRole, { kind: 'coordinator' }>): BriefLine[] {
  if (runs.length === 0) return [];
  const each = runs.map(
    ({ run, workers }) => `${run} (${workers.map((name) => cleanLine(name)).join(', ')})`,
  );
  return [{ rank: 5, text: `Handed in lately, in .taskers/runs/: ${each.join('; ')}.` }];
}
