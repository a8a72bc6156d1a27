/**
 * Renders the bodies of STATUS.md and STATE.md from their front matter: dense, for an agent to read. The front matter
 * is the truth; nobody parses this text.
 */
import type { BlockContent, List, Paragraph, PhrasingContent, RootContent } from 'mdast';
import { countPlans, type Plan } from '../domain/plan.ts';
import { countsOf, type StateDocument, type StatePhase } from '../domain/state-document.ts';
import type { Blocker, StatusDocument } from '../domain/status-document.ts';
import { printCounts } from '../domain/transition.ts';
import type { Section } from './sections.ts';

const KEPT_BY_COORD =
  'Kept by coord from the front matter above. Sections that you add stay as you write them.';
const SHA_LENGTH = 12;

type Inline = string | PhrasingContent;

function inline(parts: readonly Inline[]): PhrasingContent[] {
  return parts.map((part) => (typeof part === 'string' ? { type: 'text', value: part } : part));
}

function paragraph(...parts: Inline[]): Paragraph {
  return { type: 'paragraph', children: inline(parts) };
}

function strong(text: string): PhrasingContent {
  return { type: 'strong', children: [{ type: 'text', value: text }] };
}

function code(text: string): PhrasingContent {
  return { type: 'inlineCode', value: text };
}

function list(items: readonly BlockContent[][]): List {
  const children = items.map((blocks) => ({ type: 'listItem' as const, spread: false, children: blocks }));
  return { type: 'list', ordered: false, spread: false, children };
}

function orNone(nodes: readonly RootContent[], isEmpty: boolean): RootContent[] {
  return isEmpty ? [paragraph('None.')] : [...nodes];
}

function at(commit: string | undefined): string {
  return commit ? ` @ ${commit.slice(0, SHA_LENGTH)}` : '';
}

export function renderStatus(status: StatusDocument): { title: Section; sections: Section[] } {
  const counts = countPlans(status.plans);
  return {
    title: {
      title: `Phase ${status.phase}: ${status.name}`,
      nodes: [
        paragraph(KEPT_BY_COORD),
        paragraph(`Worker ${status.worker} on branch ${status.branch}. Plans: ${printCounts(counts)}.`),
      ],
    },
    sections: [
      { title: 'Plans', nodes: orNone([list(status.plans.map(planItem))], status.plans.length === 0) },
      {
        title: 'Blockers',
        nodes: orNone(status.blockers.flatMap(blockerNodes), status.blockers.length === 0),
      },
      {
        title: 'Decisions of this phase',
        nodes: orNone(
          [list(status.decisions.map((decision) => [paragraph(`${decision.at}: ${decision.text}`)]))],
          status.decisions.length === 0,
        ),
      },
      {
        title: 'Milestones',
        nodes: orNone(
          [
            list(
              status.milestones.map((milestone) => [
                paragraph(
                  `${milestone.at} ${milestone.event}${milestone.plan ? ` ${milestone.plan}` : ''}${at(milestone.commit)}${milestone.gate ? ' (gate passed)' : ''}`,
                ),
              ]),
            ),
          ],
          status.milestones.length === 0,
        ),
      },
    ],
  };
}

function planItem(plan: Plan): BlockContent[] {
  const reason = plan.reason ? `: ${plan.reason}` : '';
  const head = paragraph(strong(plan.id), ` ${plan.state} ${plan.title}${at(plan.commit)}${reason}`);
  const tasks = plan.tasks.map((task) => `${task.id} ${task.state} ${task.title}`);
  const lines = [...followUpLines(plan), ...tasks, ...recordedLines(plan)];
  return lines.length === 0 ? [head] : [head, list(lines.map((line) => [paragraph(line)]))];
}

/** What the gate misses, and how the plan was left. */
function followUpLines({ needs_followup: followUp, handoff }: Plan): string[] {
  const evidence = followUp?.evidence.length ? ` [${followUp.evidence.join(', ')}]` : '';
  const log = handoff?.log ? `; log ${handoff.log}` : '';
  return [
    ...(followUp ? [`needs follow-up: ${followUp.missing.join('; ')}${evidence}`] : []),
    ...(handoff
      ? [`left ${handoff.at}: ${handoff.reason}${handoff.command ? `; ${handoff.command} failed` : ''}${log}`]
      : []),
  ];
}

/** In short what was recorded of a plan: all of it stands in the front matter. */
function recordedLines(plan: Plan): string[] {
  const artifacts = plan.artifacts ?? [];
  const drafts = artifacts.filter((artifact) => artifact.status === 'draft').length;
  const count = `${artifacts.length} artifact${artifacts.length === 1 ? '' : 's'}`;
  const gates = Object.entries(plan.quality_gates ?? {}).map(([name, gate]) => `${name} ${gate.status}`);
  const metrics = Object.entries(plan.metrics ?? {}).map(([name, value]) => `${name} ${value}`);
  return [
    ...(artifacts.length > 0 ? [drafts > 0 ? `${count}, ${drafts} in draft` : count] : []),
    ...(gates.length > 0 ? [`checks: ${gates.join(', ')}`] : []),
    ...(metrics.length > 0 ? [`figures: ${metrics.join(', ')}`] : []),
    ...(plan.estimated_completion ? [`expected by ${plan.estimated_completion}`] : []),
  ];
}

function blockerNodes(blocker: Blocker): RootContent[] {
  const plan = blocker.plan ? ` on plan ${blocker.plan}` : '';
  const nodes: RootContent[] = [
    { type: 'heading', depth: 3, children: inline([blocker.id]) },
    paragraph(strong(blocker.state), `${plan}, raised ${blocker.raised}: ${blocker.summary}`),
  ];
  if (blocker.detail) nodes.push({ type: 'code', lang: 'text', value: blocker.detail });
  if (blocker.answer) nodes.push(paragraph(strong('Answer'), ` ${blocker.answer}`));
  if (blocker.resolution) nodes.push(paragraph(strong('Resolution'), ` ${blocker.resolution}`));
  return nodes;
}

const RESUME_CHECKLIST: readonly (readonly Inline[])[] = [
  ['Read this file: phases, blockers, what is active.'],
  ['Run ', code('coord status'), ' for what arrived since, and ', code('coord inbox'), ' for what waits.'],
  ['Read DECISIONS.md, the entries of the last seven days.'],
  ['Answer open blockers first, then start the next phase whose dependencies are done.'],
];

export function renderState(state: StateDocument): { title: Section; sections: Section[] } {
  const blockers = state.phases.flatMap((phase) => phase.blockers.map((blocker) => ({ phase, blocker })));
  const workers = state.phases.filter((phase) => phase.state === 'active');
  return {
    title: { title: `Project state: ${state.project}`, nodes: [paragraph(KEPT_BY_COORD), summary(state)] },
    sections: [
      { title: 'Phases', nodes: orNone([list(state.phases.map(phaseItem))], state.phases.length === 0) },
      {
        title: 'Workers',
        nodes: orNone(
          [
            list(
              workers.map((phase) => [
                paragraph(strong(phase.worker), ` phase ${phase.id}, branch ${phase.branch ?? '?'}`),
              ]),
            ),
          ],
          workers.length === 0,
        ),
      },
      {
        title: 'Blockers',
        nodes: orNone(
          [
            list(
              blockers.map(({ phase, blocker }) => [
                paragraph(strong(`${phase.id}/${blocker.id}`), ` ${blocker.summary} (${blocker.pointer})`),
              ]),
            ),
          ],
          blockers.length === 0,
        ),
      },
      { title: 'Milestones', nodes: orNone([milestoneList(state)], state.milestones.length === 0) },
      { title: 'Resume checklist', nodes: [list(RESUME_CHECKLIST.map((parts) => [paragraph(...parts)]))] },
    ],
  };
}

function summary(state: StateDocument): Paragraph {
  const count = (word: string) => state.phases.filter((phase) => phase.state === word).length;
  return paragraph(`Phases: ${count('done')} done, ${count('active')} active, ${count('future')} future.`);
}

function phaseItem(phase: StatePhase): BlockContent[] {
  const depends = phase.depends.length > 0 ? `; after ${phase.depends.join(', ')}` : '';
  const scope: Inline[] = phase.scope.length > 0 ? ['; scope ', code(phase.scope.join(', '))] : [];
  const counts = printCounts(countsOf(phase));
  const what = ` ${phase.state} ${phase.name}${at(phase.commit)} (${counts}${depends}`;
  const head = paragraph(strong(phase.id), what, ...scope, ')');
  if (phase.plans.length === 0) return [head];
  const plans = list(
    phase.plans.map((plan) => [paragraph(`${plan.id} ${plan.state} ${plan.title}${at(plan.commit)}`)]),
  );
  return [head, plans];
}

function milestoneList(state: StateDocument): List {
  return list(
    state.milestones.map((milestone) => [
      paragraph(
        `${milestone.at} ${milestone.phase} ${milestone.event}${milestone.plan ? ` ${milestone.plan}` : ''}${at(milestone.commit)}`,
      ),
    ]),
  );
}
