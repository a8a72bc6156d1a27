/** The report of a handoff in seven sections, and the long form of resuming: for people and agents, nothing cut. */
import type { TreeState } from '../../domain/checkpoint.ts';
import type { HandoffItem } from '../../domain/handoff-checklist.ts';
import { cleanLine } from '../../domain/message.ts';
import { countsOf } from '../../domain/state-document.ts';
import { doneTodo } from '../../domain/todo.ts';
import { printCounts } from '../../domain/transition.ts';
import type { Handoff } from '../../usecases/prepare-handoff.ts';
import { printShare, printTodoItem } from './agenda.ts';
import { printDecisionView } from './decisions.ts';
import { printAge } from './status.ts';

export function printReport(handoff: Handoff): string {
  const sections: [title: string, lines: string[]][] = [
    ['1. Phase and milestone', phaseLines(handoff)],
    ['2. Current deliverable', deliverableLines(handoff)],
    ['3. Progress and tests', progressLines(handoff)],
    ['4. Workers', workerLines(handoff)],
    ['5. Blockers and open questions', blockerLines(handoff)],
    ['6. Decisions of the last seven days', handoff.decisions.map(printDecisionView)],
    ['7. Next actions', nextLines(handoff)],
  ];
  return sections
    .map(([title, lines]) => [`## ${title}`, ...(lines.length === 0 ? ['none'] : lines)].join('\n'))
    .join('\n\n');
}

function phaseLines({ state, figures }: Handoff): string[] {
  const { goal } = figures;
  const milestone = goal
    ? `Milestone ${goal.goal.id} "${cleanLine(goal.goal.name)}": ${printShare(goal.phases)} of its phases`
    : 'No named milestone is open';
  const active = state.phases.filter((phase) => phase.state === 'active');
  const phases = active.map(
    (phase) => `Active: phase ${phase.id} ${cleanLine(phase.name)} (${printCounts(countsOf(phase))})`,
  );
  const future = state.phases.filter((phase) => phase.state === 'future').length;
  return [
    milestone,
    ...phases,
    `${state.phases.length - active.length - future} phase(s) done, ${future} to come`,
  ];
}

function deliverableLines({ deliverables }: Handoff): string[] {
  return deliverables.map(
    ({ status, phase, plan, title, owner }) =>
      `${status}: ${plan ?? `phase ${phase}`} ${cleanLine(title)} (phase ${phase}, ${owner})`,
  );
}

function progressLines({ figures, state }: Handoff): string[] {
  const { tests } = state;
  const run = tests
    ? `Tests: ${tests.passed}/${tests.passed + tests.failed} passing (${cleanLine(tests.command)}, ${tests.at})`
    : 'Tests: no run on record';
  return [
    `Plans ${printShare(figures.plans)}, phases ${printShare(figures.phases)}, criteria ${printShare(figures.criteria)}`,
    run,
  ];
}

function workerLines({ view, state }: Handoff): string[] {
  return view.workers.map((worker) => {
    const phase = state.phases.find((one) => one.id === worker.phase);
    const scope =
      phase && phase.scope.length > 0 ? phase.scope.map((glob) => cleanLine(glob)).join(', ') : 'all of it';
    const heard = worker.heard_ms_ago === null ? '' : `, last heard ${printAge(worker.heard_ms_ago)}`;
    return `${worker.name}: phase ${worker.phase}, scope ${scope}; session ${worker.presence}${heard}`;
  });
}

function blockerLines({ view }: Handoff): string[] {
  const blockers = view.blockers.map(
    (one) => `${one.phase}/${one.id} ${one.state}, ${printAge(one.age_ms)}: ${cleanLine(one.summary)}`,
  );
  const questions = view.questions.map(
    (one) =>
      `${one.type} of ${cleanLine(one.from)} to ${cleanLine(one.to)}, ${printAge(one.age_ms)}: ${cleanLine(one.content)}`,
  );
  return [...blockers, ...questions];
}

function nextLines({ todo, state, tree }: Handoff): string[] {
  const finished = doneTodo(state).slice(0, 3).map(printTodoItem);
  return [...todo.map(printTodoItem), ...finished, ...(tree ? [printTree(tree)] : [])];
}

export function printTree(tree: TreeState): string {
  const { branch, commit, ahead, behind, changed, changedCount, documentsCount = 0, stashes } = tree;
  const distance = ahead + behind === 0 ? '' : `, ${ahead} ahead and ${behind} behind its upstream`;
  const files = changed.slice(0, 5).map((path) => cleanLine(path));
  const more = changedCount > files.length ? ', …' : '';
  const dirty =
    changedCount === 0
      ? documentsCount === 0
        ? 'all committed'
        : "all committed but coord's own documents"
      : `${changedCount} file(s) not committed (${files.join(', ')}${more})`;
  const stash = stashes === 0 ? '' : `; ${stashes} stash(es)`;
  return `git: ${cleanLine(branch ?? 'detached HEAD')} at ${commit === null ? 'no commit yet' : commit.slice(0, 12)}${distance}; ${dirty}${stash}`;
}

export function printChecklist(checklist: readonly HandoffItem[]): string {
  const lines = checklist.map(({ item, ok, why, next }) => {
    const how = next === undefined ? '' : `. Type: ${next}`;
    return `[${ok ? 'x' : ' '}] ${item}: ${cleanLine(why, 400)}${how}`;
  });
  return ['## Handoff quality', ...lines].join('\n');
}
