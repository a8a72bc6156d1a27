/** Sentences about development cycles. What agents and users wrote is data here: cleaned, and marked where it is shown. */

import { type Cycle, ROLE_AGENTS } from '../../domain/cycle/cycle.ts';
import type { NextStep } from '../../domain/cycle/next.ts';
import type { CycleRefusal } from '../../domain/cycle/refusal.ts';
import { cleanLine, cleanWord } from '../../domain/message.ts';
import { PROGRESS_FOLDER } from '../../domain/project-paths.ts';
import type { CycleFinding } from '../../usecases/check-cycles.ts';
import type { Rebuilt } from '../../usecases/rebuild-cycle.ts';
import type { CycleLine, CycleView } from '../../usecases/show-cycle.ts';

const LINES_TOLD = 12;

const REPORT = '`coord cycle report completed "<what you did>"`';

export function printCycleProblem(problem: CycleRefusal): string {
  const name = 'cycle' in problem ? cleanLine(problem.cycle) : '';
  switch (problem.code) {
    case 'cycle-unknown':
      return `there is no cycle ${name}. ${problem.known.length > 0 ? `Known: ${problem.known.join(', ')}. \`coord cycle list\` shows them.` : 'None was made yet: `coord cycle new "<task>"`.'}`;
    case 'cycle-none':
      return `no cycle was begun in ${cleanLine(problem.root)}. Name one (\`coord cycle list\`), or make one: \`coord cycle new "<task>"\`.`;
    case 'cycle-open':
      return `${name} is ${problem.status} in ${cleanLine(problem.root)}, and a worktree has one cycle at a time. Go on with it (\`coord cycle next\`), extend it (\`coord cycle extend ${name} "<text>"\`), end it (\`coord cycle stop ${name}\`), or begin this one in another worktree.`;
    case 'cycle-corrupt':
      return `the state of ${name} cannot be read: ${cleanLine(problem.file)} (${cleanLine(problem.why, 200)}). Make it again from its artifacts: \`coord cycle rebuild ${name}\`; the broken file is kept.`;
    case 'cycle-move':
      return `${name} is ${problem.status}: it cannot ${cleanLine(problem.move)} now. ${movesTold(name, problem.can)}`;
    case 'cycle-limit':
      return `${name} has had its ${problem.max} iterations. Allow more: \`coord cycle extend ${name} "<text>" --max-iterations ${problem.max + 1}\`.`;
    case 'cycle-turn':
      return turnTold(problem);
    case 'cycle-elsewhere':
      return `${name} belongs to ${cleanLine(problem.root)}. Do this there (\`cd ${cleanWord(problem.root)}\`), or have the coordinator do it.`;
    case 'cycle-artifact':
      return `${cleanLine(problem.file)} of ${name} cannot be taken in: ${cleanLine(problem.why, 200)}. Write it, then report again: ${REPORT}.`;
    case 'cycle-tasks':
      return `${cleanLine(problem.file)} of ${name} is no plan that could be followed: ${cleanLine(problem.why, 400)}. Mend it, then report again: ${REPORT}.`;
    case 'cycle-task-unknown':
      return `${name} has no task ${cleanLine(problem.task)}. It has: ${problem.known.map((one) => cleanLine(one)).join(', ') || 'none yet'}. \`coord cycle show ${name}\` tells how far they are.`;
    case 'cycle-task-waits':
      return `${cleanLine(problem.task)} depends on ${problem.on.map((one) => cleanLine(one)).join(', ')}, which is not complete. First: \`coord cycle task ${cleanLine(problem.on[0] ?? '')} start\`.`;
    case 'cycle-decision-unknown':
      return `${name} has no open question ${cleanLine(problem.decision)}. Open: ${problem.known.join(', ') || 'none'}. \`coord cycle show ${name}\` shows them.`;
    case 'cycle-option-unknown':
      return `${cleanLine(problem.option)} is none of the options of ${cleanLine(problem.decision)}. Take one of: ${problem.options.map((one, at) => `${at + 1} ${cleanLine(one)}`).join('; ')}: \`coord cycle answer ${cleanWord(problem.decision)} 1\`.`;
    case 'cycle-text':
      return `the ${problem.what} cannot be taken: ${problem.why}.`;
    case 'cycle-lost':
      return `nothing of ${name} was found from which it could be made again. Looked in ${problem.looked.map((one) => cleanLine(one)).join(', ')}. If its worktree was moved, move it back; else begin anew: \`coord cycle new "<task>"\`.`;
  }
}

function movesTold(cycle: string, can: readonly string[]): string {
  if (can.length === 0) return `See \`coord cycle show ${cycle}\`.`;
  const words = can.map((move) => `\`coord cycle ${move} ${cycle}${move === 'extend' ? ' "<text>"' : ''}\``);
  return `What it can: ${words.join(', ')}.`;
}

function turnTold(problem: Extract<CycleRefusal, { code: 'cycle-turn' }>): string {
  const { cycle, phase, status } = problem;
  if (status !== 'running')
    return `${cycle} is ${status}, so nobody has the turn. See what it waits for: \`coord cycle next ${cycle}\`.`;
  const agent = ROLE_AGENTS[phase as keyof typeof ROLE_AGENTS] ?? phase;
  return `in ${cycle} it is the turn of ${agent}. See \`coord cycle next ${cycle}\`.`;
}

export function printCycleLine(line: CycleLine): string {
  const { cycle_id, title, status, phase, iteration, max_iterations, place } = line;
  const where = place === null ? '' : ` in worktree ${cleanWord(place)}`;
  return `${cycle_id} ${status}, ${phase}, iteration ${iteration} of ${max_iterations}${where}: ${cleanLine(title, 80)}`;
}

/** For the dashboard: what is open, and what nobody can read. */
export function printCyclesBriefly(cycles: readonly CycleLine[], broken: readonly string[]): string[] {
  if (cycles.length === 0 && broken.length === 0) return [];
  return [
    'Cycles',
    ...cycles.slice(0, LINES_TOLD).map((cycle) => `  ${printCycleLine(cycle)}`),
    ...broken.slice(0, LINES_TOLD).map((id) => `  ${id} cannot be read: coord cycle rebuild ${id}`),
  ];
}

export function printCycleView(view: CycleView, withJournal: boolean): string {
  const { cycle, ready, journal } = view;
  const { plan, iterations, coordination, agents } = cycle;
  const lines = [
    `${cycle.cycle_id} ${cycle.status}: ${cleanLine(cycle.title)}`,
    `phase ${cycle.current_phase}, iteration ${cycle.current_iteration} of at most ${cycle.max_iterations}${view.worktree === null ? '; its worktree is gone' : `, in ${cleanLine(view.worktree)}`}`,
    ...(cycle.failure_reason === undefined ? [] : [`Ended because: ${cleanLine(cycle.failure_reason, 400)}`]),
    ...Object.entries(agents).flatMap(([role, { status, last_message }]) =>
      status === 'idle'
        ? []
        : [
            `  ${role} ${status}${last_message && status !== 'running' ? `: ${cleanLine(last_message, 120)}` : ''}`,
          ],
    ),
    ...(cycle.requirements ? [`Requirements ${cycle.requirements.version}`] : []),
    ...(plan ? [`Plan ${plan.version}: ${tasksTold(cycle)}; ready: ${ready.join(', ') || 'none'}`] : []),
    ...(plan && plan.critical_path.length > 0 ? [`  longest way: ${plan.critical_path.join(' → ')}`] : []),
    ...(cycle.test_results
      ? [`Tests: ${cycle.test_results.pass_rate} % of ${cycle.test_results.total_tests} pass`]
      : []),
    ...iterations.map(
      ({ number, completed_at, resolved, issues_found }) =>
        `Iteration ${number}: ${
          completed_at === undefined
            ? 'under way'
            : resolved
              ? 'all holds'
              : `open: ${issues_found
                  .slice(0, 5)
                  .map((one) => cleanLine(one, 100))
                  .join('; ')}`
        }`,
    ),
    ...coordination.pending_decisions
      .filter(({ status }) => status === 'pending')
      .map(({ id, description }) => `Question ${id}: ${cleanLine(description)}`),
    ...(withJournal ? ['Journal', ...journal.map(printAct)] : []),
    `Next: ${printStep(cycle, view.next)}`,
  ];
  return lines.join('\n');
}

function printAct({ at, iteration, act, by, why }: CycleView['journal'][number]): string {
  return `  ${at} ${iteration} ${cleanLine(act)} by ${cleanLine(by)}${why === '' ? '' : `: ${cleanLine(why, 200)}`}`;
}

function tasksTold({ plan }: Cycle): string {
  const tasks = plan?.tasks ?? [];
  const complete = tasks.filter(({ status }) => status === 'completed').length;
  return `${complete} of ${tasks.length} tasks complete`;
}

/** The next step in a sentence. */
export function printStep(cycle: Cycle, step: NextStep): string {
  const id = cycle.cycle_id;
  switch (step.action) {
    case 'start':
      return `coord cycle start ${id}`;
    case 'resume':
      return `${cycle.status === 'paused' ? 'it is paused; ' : ''}coord cycle resume ${id}`;
    case 'answer': {
      const [first] = step.decisions;
      const options = first?.options.map((option, at) => `${at + 1} ${cleanLine(option)}`).join('; ') ?? '';
      return `the user has to answer ${first?.id}: ${cleanLine(first?.description ?? '')}${options === '' ? '' : ` (${options})`}; coord cycle answer ${first?.id} "<answer>"`;
    }
    case 'agent':
      return `agent ${step.agent}, iteration ${cycle.current_iteration}`;
    case 'none':
      return cycle.status === 'failed'
        ? `nothing: ${cleanLine(step.why, 300)}; to go on: coord cycle extend ${id} "<text>"`
        : `nothing: ${cleanLine(step.why, 300)}`;
  }
}

export function printCycleFinding(finding: CycleFinding): string {
  if (finding.code === 'cycle-stray')
    return `${cleanLine(finding.path)} is no folder of its own, so nothing of ${finding.cycle} is written there. Move it away; then \`coord cycle rebuild ${finding.cycle}\`.`;
  const { cycle, file, why, repaired, lost } = finding;
  if (!repaired)
    return `the state of ${cycle} cannot be read: ${cleanLine(file)} (${cleanLine(why, 200)}). \`coord cycle rebuild ${cycle}\` makes it from its artifacts; the broken file is kept.`;
  const short =
    lost.length > 0 ? `; not recovered: ${lost.map((one) => cleanLine(one, 200)).join('; ')}` : '';
  return `${cycle} was made again from its artifacts${short}.`;
}

export function printRebuilt({ cycle, from, written, lost, aside }: Rebuilt): string {
  const files = written.map((file) => `${PROGRESS_FOLDER}/${file}`).join(', ');
  const lines =
    from === 'state'
      ? [
          `the state of ${cycle.cycle_id} is whole${written.length > 0 ? `; written anew from it: ${files}` : ', and so are its artifacts'}`,
        ]
      : [
          `${cycle.cycle_id} was made again from its ${from}: ${cycle.status}, iteration ${cycle.current_iteration}`,
        ];
  if (aside !== null) lines.push(`The file that could not be read is kept: ${cleanLine(aside)}`);
  lines.push(...lost.map((one) => `Not recovered: ${cleanLine(one, 300)}`));
  return lines.join('\n');
}
