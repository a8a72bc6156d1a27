/**
 * Renders the body of STATUS.md from its front matter: dense, for an agent to read. The front matter is the truth;
 * nobody parses this text.
 */
import type { BlockContent, RootContent } from 'mdast';
import { countPlans, type Plan } from '../domain/plan.ts';
import type { Blocker, StatusDocument } from '../domain/status-document.ts';
import { printCounts } from '../domain/transition.ts';
import { at, inline, KEPT_BY_COORD, list, orNone, paragraph, strong } from './markdown-nodes.ts';
import type { Section } from './sections.ts';

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
