/**
 * Renders the body of STATE.md from its front matter, as seed 001 has its project file: what is being made, the phase
 * plan, progress that is worked out and never typed, TODO by priority, who works, what is blocked, how to resume.
 */
import type { BlockContent, Heading, List, Paragraph, RootContent } from 'mdast';
import { type Criterion, criteriaOf, versionsOf } from '../domain/criterion.ts';
import { deliverablesOf, figuresOf, goalShare, type Share } from '../domain/figures.ts';
import {
  countsOf,
  type StateDocument,
  type StateMilestone,
  type StatePhase,
} from '../domain/state-document.ts';
import { doneTodo, openTodo, PRIORITIES, type Priority, type TodoItem } from '../domain/todo.ts';
import { printCounts } from '../domain/transition.ts';
import {
  at,
  code,
  type Inline,
  inline,
  KEPT_BY_COORD,
  lines,
  list,
  orNone,
  paragraph,
  strong,
} from './markdown-nodes.ts';
import { type Section, spliceSections } from './sections.ts';

const COMPLETIONS_SHOWN_MAX = 5;
const MILESTONES_SHOWN_MAX = 30;

const PRIORITY_NAMES: Record<Priority, string> = {
  P0: 'P0 (critical)',
  P1: 'P1 (high priority)',
  P2: 'P2 (nice to have)',
};

const RESUME_CHECKLIST: readonly (readonly Inline[])[] = [
  ['Read this file: what is being made, blockers, the first P0 of the TODO.'],
  ['Read DECISIONS.md, the entries of the last seven days: ', code('coord decisions --since 7d'), '.'],
  ['Run ', code('coord status'), ' for what arrived since, and ', code('coord inbox'), ' for what waits.'],
  ['Look at git: what is uncommitted, which branches wait.'],
  ['Answer open blockers, then take the first P0, or start the next phase whose dependencies are done.'],
];

export function renderState(state: StateDocument): { title: Section; sections: Section[] } {
  const blockers = state.phases.flatMap((phase) =>
    phase.blockers.map((blocker) => [
      paragraph(strong(`${phase.id}/${blocker.id}`), ` ${blocker.summary} (${blocker.pointer})`),
    ]),
  );
  const phases = state.phases.map((phase) => phaseItem(phase, criteriaOf(state, phase.id)));
  return {
    title: { title: `Project state: ${state.project}`, nodes: [paragraph(KEPT_BY_COORD), ...summary(state)] },
    sections: [
      { title: 'Current deliverable', nodes: deliverables(state) },
      { title: 'Phases', nodes: orNone([list(phases)], phases.length === 0) },
      { title: 'Progress', nodes: [progress(state)] },
      { title: 'TODO', nodes: todo(state) },
      { title: 'Workers', nodes: workers(state) },
      { title: 'Blockers', nodes: orNone([list(blockers)], blockers.length === 0) },
      { title: 'Milestones', nodes: milestones(state) },
      { title: 'Resume checklist', nodes: [list(RESUME_CHECKLIST.map((parts) => [paragraph(...parts)]))] },
      { title: 'Acceptance checklists', nodes: acceptance(state) },
    ],
  };
}

function summary(state: StateDocument): Paragraph[] {
  const count = (word: string) => state.phases.filter((phase) => phase.state === word).length;
  const { goal } = figuresOf(state);
  const active = state.phases.filter((phase) => phase.state === 'active');
  const now =
    active.length === 0 ? '' : ` Active: ${active.map(({ id, name }) => `${id} ${name}`).join('; ')}.`;
  const next = goal ? ` Milestone: ${goal.goal.name}, ${printShare(goal.phases)} of its phases done.` : '';
  return [
    paragraph(
      `Phases: ${count('done')} done, ${count('active')} active, ${count('future')} future.${now}${next}`,
    ),
    paragraph(`Last updated ${state.updated}.`),
  ];
}

function deliverables(state: StateDocument): RootContent[] {
  const items = deliverablesOf(state).map(({ status, phase, plan, title, owner }) => [
    paragraph(strong(status), ` ${plan ?? `phase ${phase}`} ${title} (phase ${phase}, ${owner})`),
  ]);
  return orNone([list(items)], items.length === 0);
}

function phaseItem(phase: StatePhase, criteria: readonly Criterion[]): BlockContent[] {
  const depends = phase.depends.length > 0 ? `; after ${phase.depends.join(', ')}` : '';
  const scope: Inline[] = phase.scope.length > 0 ? ['; scope ', code(phase.scope.join(', '))] : [];
  const counts = printCounts(countsOf(phase));
  const what = ` ${phase.state} ${phase.name}${at(phase.commit)} (${counts}${depends}`;
  if (phase.archived) return [paragraph(strong(phase.id), `${what}; in full in `, code(phase.archived), ')')];
  const head = paragraph(strong(phase.id), what, ...scope, ')');
  const plans = phase.plans.map((plan) => [
    paragraph(`${plan.id} ${plan.state} ${plan.title}${at(plan.commit)}`),
  ]);
  const items = [...plans, ...criteria.map((one) => [checkbox(one.met !== undefined, one.id, one.text)])];
  return items.length === 0 ? [head] : [head, list(items)];
}

function progress(state: StateDocument): List {
  const { phases, plans, goals, criteria, active } = figuresOf(state);
  const { tests } = state;
  const total = tests ? tests.passed + tests.failed : 0;
  return lines([
    `Overall: plans ${printShare(plans)}, phases ${printShare(phases)}`,
    ...(goals.all > 0 ? [`Milestones: ${printShare(goals)}`] : []),
    ...active.map((one) => `Phase ${one.phase}: plans ${printShare(one.plans)}`),
    ...(criteria.all > 0 ? [`Acceptance criteria: ${printShare(criteria)}`] : []),
    tests
      ? `Tests: ${tests.passed}/${total} passing${tests.skipped > 0 ? `, ${tests.skipped} skipped` : ''} (${tests.command}, exit ${tests.exit ?? 'none'}, ${tests.at})`
      : 'Tests: no run on record',
  ]);
}

/** `42% (5/12)`. */
function printShare({ done, all, percent }: Share): string {
  return `${percent}% (${done}/${all})`;
}

function todo(state: StateDocument): RootContent[] {
  const open = openTodo(state);
  const byPriority = PRIORITIES.flatMap((priority) => {
    const items = open.filter((item) => item.priority === priority);
    return items.length === 0 ? [] : [heading(PRIORITY_NAMES[priority]), list(items.map(todoItem))];
  });
  const done = doneTodo(state);
  const finished = done.length === 0 ? [] : [heading('Done lately'), list(done.map(todoItem))];
  return orNone([...byPriority, ...finished], open.length + done.length === 0);
}

function todoItem(item: TodoItem): BlockContent[] {
  return [checkbox(item.done !== undefined, item.id, item.text)];
}

function heading(text: string): Heading {
  return { type: 'heading', depth: 3, children: inline([text]) };
}

/** The box itself is no text, or its brackets would be escaped. */
function checkbox(isDone: boolean, id: string, text: string): Paragraph {
  const box = { type: 'html' as const, value: isDone ? '[x]' : '[ ]' };
  return { type: 'paragraph', children: inline([box, ' ', strong(id), ` ${text}`]) };
}

function workers(state: StateDocument): RootContent[] {
  const active = state.phases.filter((phase) => phase.state === 'active');
  const ended = state.phases
    .filter((phase) => phase.state === 'done' && phase.closed !== undefined)
    .sort((a, b) => (String(a.closed) < String(b.closed) ? 1 : -1))
    .slice(0, COMPLETIONS_SHOWN_MAX);
  const activeList = active.map((phase) => {
    const scope: Inline[] = phase.scope.length > 0 ? [', scope ', code(phase.scope.join(', '))] : [];
    return [paragraph(strong(phase.worker), ` phase ${phase.id}, branch ${phase.branch ?? '?'}`, ...scope)];
  });
  const completions = ended.map((phase) => [
    paragraph(
      strong(phase.worker),
      ` phase ${phase.id} ${phase.name}, accepted ${phase.closed}${at(phase.commit)}`,
    ),
  ]);
  const recent = completions.length === 0 ? [] : [heading('Recent completions'), list(completions)];
  return [...orNone([list(activeList)], active.length === 0), ...recent];
}

function milestones(state: StateDocument): RootContent[] {
  const goals = state.goals.map((goal) => {
    const of = goal.phases.length > 0 ? ` (phases ${goal.phases.join(', ')})` : '';
    const how = goal.reached ? `reached ${goal.reached}` : `${printShare(goalShare(state, goal))}`;
    return [paragraph(strong(goal.id), ` ${goal.name}: ${how}${of}`)];
  });
  const left = Math.max(0, state.milestones.length - MILESTONES_SHOWN_MAX);
  const events = state.milestones.slice(left).map(printMilestone);
  const earlier = left > 0 ? [paragraph(`${left} earlier ones stand in the front matter.`)] : [];
  return orNone(
    [
      ...(goals.length > 0 ? [list(goals)] : []),
      ...(goals.length > 0 && events.length > 0 ? [heading('Reached')] : []),
      ...earlier,
      ...(events.length > 0 ? [lines(events)] : []),
    ],
    goals.length + events.length === 0,
  );
}

function printMilestone({ at: moment, phase, event, plan, commit }: StateMilestone): string {
  return `${moment} ${phase} ${event}${plan ? ` ${plan}` : ''}${at(commit)}`;
}

function acceptance(state: StateDocument): RootContent[] {
  const versions = versionsOf(state);
  const nodes = versions.flatMap((version) => [
    heading(version),
    list(
      state.criteria
        .filter((one) => one.version === version)
        .map((one) => [checkbox(one.met !== undefined, one.id, one.text)]),
    ),
  ]);
  return orNone(nodes, versions.length === 0);
}

/** What STATE.md says of one phase, in full: its file below docs/history. */
export function printPhaseHistory(state: StateDocument, phase: StatePhase): string {
  const { id, name, worker, branch, started, closed, commit } = phase;
  const events = state.milestones.filter((one) => one.phase === id).map(printMilestone);
  const plans = phase.plans.map((plan) => `${plan.id} ${plan.state} ${plan.title}${at(plan.commit)}`);
  const criteria = criteriaOf(state, id).map((one) => [checkbox(one.met !== undefined, one.id, one.text)]);
  const blockers = phase.blockers.map((one) => `${one.id} ${one.state}: ${one.summary} (${one.pointer})`);
  const of = (items: readonly string[]) => orNone([lines(items)], items.length === 0);
  const about = [
    `Worker ${worker}${branch ? `, branch ${branch}` : ''}`,
    `Started ${started ?? 'never'}, done ${closed ?? 'never'}${at(commit)}`,
    `Plans: ${printCounts(countsOf(phase))}`,
  ];
  return spliceSections('', { title: `Phase ${id}: ${name}`, nodes: [lines(about)] }, [
    { title: 'Plans', nodes: of(plans) },
    { title: 'Acceptance criteria', nodes: orNone([list(criteria)], criteria.length === 0) },
    { title: 'Blockers', nodes: of(blockers) },
    { title: 'Milestones', nodes: of(events) },
  ]);
}
