/**
 * The artifacts of a cycle, in `.progress/` of its worktree: a complete rendering of its state in files that a person
 * can read (seed 003, file sync).
 *
 *   ra/requirements.md          the requirements: front matter, then the specification as it was written
 *   ep/exploration.md           the exploration: front matter, then its text
 *   ep/plan.json                the plan
 *   cd/code-changes.log         NDJSON: a head, a marker for each iteration, a line for each change
 *   vas/test-results.json       the test results
 *   coordination/timeline.md    all the rest: front matter, then what happened, iteration by iteration
 *
 * Each part but the last lies twice: as the file that its role writes while it has the turn, and as the accepted copy in
 * `history/` beside it, by version, which coord alone writes. Invariant: `cycleFrom(partsOf(cycle))` is the cycle.
 *
 * Front matter is written as JSON values, which are YAML too.
 */

import { cleanLine, cleanText } from '../message.ts';
import { ARTIFACT_COORDINATION, ARTIFACT_HISTORY } from '../project-paths.ts';
import { CYCLE_ROLES, type Cycle, type CycleRole, type Iteration } from './cycle.ts';

/** The parts of a state that have an artifact of their own. */
export const PART_NAMES = ['requirements', 'exploration', 'plan', 'changes', 'test_results'] as const;
export type PartName = (typeof PART_NAMES)[number];

interface ArtifactShape {
  readonly role: CycleRole;
  readonly name: string;
  readonly extension: string;
  /** The key whose value is the text below the front matter. */
  readonly body?: string;
}

export const ARTIFACTS: Readonly<Record<PartName, ArtifactShape>> = {
  requirements: { role: 'ra', name: 'requirements', extension: 'md', body: 'specification' },
  exploration: { role: 'ep', name: 'exploration', extension: 'md', body: 'architecture_summary' },
  plan: { role: 'ep', name: 'plan', extension: 'json' },
  changes: { role: 'cd', name: 'code-changes', extension: 'log' },
  test_results: { role: 'vas', name: 'test-results', extension: 'json' },
};

export const TIMELINE = `${ARTIFACT_COORDINATION}/timeline.md`;
/** The folders in `.progress/` that belong to the cycle which a worktree has, or had last. */
export const CYCLE_FOLDERS: readonly string[] = [...CYCLE_ROLES, ARTIFACT_COORDINATION];

/** From `.progress/`: `ra/requirements.md`. */
export function artifactOf(part: PartName): string {
  const { role, name, extension } = ARTIFACTS[part];
  return `${role}/${name}.${extension}`;
}

/** From `.progress/`: `ra/history/requirements-v1.0.0.md`. Changes have no version: all of them are in one file. */
export function acceptedOf(part: PartName, version: string | undefined): string {
  const { role, name, extension } = ARTIFACTS[part];
  const safe = (version ?? '').replace(/[^0-9A-Za-z.-]/g, '_').slice(0, 40);
  return `${role}/${ARTIFACT_HISTORY}/${name}${safe === '' ? '' : `-v${safe}`}.${extension}`;
}

function versionOf(cycle: Cycle, part: PartName): string | undefined {
  const value = cycle[part] as { version?: string } | undefined;
  return part === 'changes' ? undefined : value?.version;
}

/** The rest of a state, without the parts that have a file of their own, and without what the journal has. */
export type CycleRest = Omit<Cycle, PartName>;

function restOf(cycle: Cycle): CycleRest {
  const { requirements: _, exploration: __, plan: ___, changes: ____, test_results: _____, ...rest } = cycle;
  return rest;
}

/** The text of a part; undefined where the state has none. */
function printPart(cycle: Cycle, part: PartName): string | undefined {
  const value = cycle[part] as Readonly<Record<string, unknown>> | undefined;
  if (value === undefined) return undefined;
  const { body } = ARTIFACTS[part];
  const head = { cycle_id: cycle.cycle_id };
  if (part === 'changes') return printChanges(cycle.cycle_id, value);
  if (body === undefined) return `${JSON.stringify({ ...head, ...value }, null, 2)}\n`;
  const { [body]: text, ...rest } = value;
  return `${printFront({ ...head, ...rest })}${String(text)}`;
}

function printFront(values: Readonly<Record<string, unknown>>): string {
  const lines = Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${JSON.stringify(key)}: ${escaped(value)}\n`);
  return `---\n${lines.join('')}---\n`;
}

/** JSON in one line that YAML reads as the same, without what YAML takes for the end of a line, or what hides or turns text. */
function escaped(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff]|[\ud800-\udfff]/g,
    (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function printChanges(cycle_id: string, value: Readonly<Record<string, unknown>>): string {
  const { changes, iteration_markers, ...head } = value;
  const markers = Object.entries(iteration_markers as Record<string, string>);
  const lines = [
    { cycle_id, ...head },
    ...markers.map(([iteration, timestamp]) => ({ marker: Number(iteration), timestamp })),
    ...(changes as object[]),
  ];
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

/** The lines of a log of changes, taken apart again; undefined for what is none. */
export function changesFrom(lines: readonly unknown[]): Record<string, unknown> | undefined {
  const [head, ...rest] = lines as Readonly<Record<string, unknown>>[];
  if (!head || typeof head['cycle_id'] !== 'string') return undefined;
  const { cycle_id: _, ...values } = head;
  const markers = rest.filter((line) => 'marker' in line);
  return {
    ...values,
    changes: rest.filter((line) => !('marker' in line)),
    iteration_markers: Object.fromEntries(markers.map((line) => [String(line['marker']), line['timestamp']])),
  };
}

/** The timeline: what no other artifact has, and for people what happened. */
function printTimeline(cycle: Cycle): string {
  const rest = restOf(cycle);
  const versions = Object.fromEntries(
    PART_NAMES.filter((part) => cycle[part] !== undefined).map((part) => [
      part,
      versionOf(cycle, part) ?? '',
    ]),
  );
  return `${printFront({ ...rest, versions })}${printStory(cycle)}`;
}

function printStory(cycle: Cycle): string {
  const { title, status, current_phase, failure_reason } = cycle;
  const now = [
    `# ${cleanLine(title)}`,
    '',
    `${status}, phase ${current_phase}, iteration ${cycle.current_iteration} of at most ${cycle.max_iterations}`,
    ...(failure_reason === undefined ? [] : ['', `Ended because: ${cleanText(failure_reason)}`]),
  ];
  return `${[...now, ...cycle.iterations.flatMap(printIteration)].join('\n')}\n`;
}

function printIteration(iteration: Iteration): string[] {
  const { number, extension, started_at, completed_at, agent_results, issues_found } = iteration;
  const results = Object.entries(agent_results);
  return [
    '',
    `## Iteration ${number}`,
    '',
    `- began ${started_at}${completed_at === undefined ? '' : `, ended ${completed_at}`}`,
    ...(extension === undefined ? [] : [`- asked for: ${cleanLine(extension)}`]),
    ...results.map(
      ([role, { status, files_modified }]) =>
        `- ${cleanLine(role)}: ${cleanLine(status)}, files: ${files_modified}`,
    ),
    ...issues_found.map((issue) => `- open: ${cleanLine(issue)}`),
    ...(completed_at === undefined ? [] : [iteration.resolved ? '- all holds' : '- not resolved']),
  ];
}

export interface FileText {
  /** From `.progress/`. */
  readonly file: string;
  readonly text: string;
}

/** All files as they are to be; those that the role with the turn writes itself are left to it. */
export function filesOf(cycle: Cycle): FileText[] {
  const writing = cycle.status === 'running' || cycle.status === 'paused' ? cycle.current_phase : undefined;
  const files: FileText[] = [];
  for (const part of PART_NAMES) {
    const text = printPart(cycle, part);
    if (text === undefined) continue;
    files.push({ file: acceptedOf(part, versionOf(cycle, part)), text });
    if (ARTIFACTS[part].role !== writing) files.push({ file: artifactOf(part), text });
  }
  return [...files, { file: TIMELINE, text: printTimeline(cycle) }];
}
