/**
 * What the scan of a roadmap holds: the facts found so far, and where it stands. Facts are mentions; what several of them
 * mean together is decided in gsd/phases.ts. Pure.
 */
import type { GsdMilestone } from './milestone.ts';
import { NUMBER, type PhaseSpan } from './number.ts';
import { type GsdLine, type GsdNote, noteOf, titleFrom } from './text.ts';

export interface RoadmapPlan {
  readonly number: string;
  readonly title: string;
  readonly ticked: boolean;
  readonly line: GsdLine;
}

export interface RoadmapPhase {
  readonly id: string;
  readonly name: string;
  readonly line: GsdLine;
  readonly kind: 'heading' | 'item';
  /** The line that says that it is done, or that it is not. */
  done: GsdLine | undefined;
  open: GsdLine | undefined;
  /** The milestone around it, and whether that one is shipped and folded away. */
  readonly milestone: string | undefined;
  readonly shipped: boolean;
  readonly plans: RoadmapPlan[];
  readonly criteria: { text: string; met: boolean }[];
  goal: string | undefined;
  readonly depends: { spans: PhaseSpan[]; onPrevious: boolean; line: GsdLine }[];
  /** How many plans it is said to have. */
  planned: number | undefined;
}

export interface RoadmapRow {
  readonly id: string;
  readonly name: string;
  readonly done: boolean;
  readonly milestone: string | undefined;
  readonly line: GsdLine;
}

export interface Roadmap {
  readonly phases: readonly RoadmapPhase[];
  readonly rows: readonly RoadmapRow[];
  readonly milestones: readonly GsdMilestone[];
  readonly parked: readonly { id: string; name: string }[];
  readonly notes: readonly GsdNote[];
}

export interface Scan {
  readonly file: string;
  readonly phases: RoadmapPhase[];
  readonly rows: RoadmapRow[];
  readonly milestones: GsdMilestone[];
  readonly parked: { id: string; name: string }[];
  readonly notes: GsdNote[];
  readonly folded: (GsdMilestone | undefined)[];
  above: { depth: number; milestone: GsdMilestone } | undefined;
  current: { depth: number; phase: RoadmapPhase; isParked: boolean } | undefined;
  list: 'milestones' | 'criteria' | 'plans' | undefined;
  isOther: boolean;
  columns: string[] | undefined;
}

export const CRITERION_MAX = 400;

export const PHASE = new RegExp(
  `^[^A-Za-z0-9]*Phase\\s+(${NUMBER})(?:\\s*\\([^)]*\\))?(?:\\s*[:.\u2013\u2014-]+\\s*(.*)|\\s+(.*)|)$`,
  'i',
);

export function phaseAt(
  scan: Scan,
  id: string,
  name: string,
  line: GsdLine,
  kind: RoadmapPhase['kind'],
): RoadmapPhase {
  const around = scan.folded.findLast((one) => one !== undefined);
  const milestone = (around ?? scan.above?.milestone)?.id;
  const lists = { plans: [], criteria: [], depends: [] };
  const unsaid = { done: undefined, open: undefined, goal: undefined, planned: undefined };
  const shipped = around?.shipped === true;
  return {
    id,
    name: name === '' ? `Phase ${id}` : name,
    line,
    kind,
    milestone,
    shipped,
    ...lists,
    ...unsaid,
  };
}

const ASIDE =
  /\((?:inserted|urgent|complete|completed|done|shipped|in progress|planned|backlog|promoted|deferred|not started|\d+(?:\/\d+)?\s+plans?)\b[^)]*\)/gi;

export function nameFrom(text: string): string {
  const bare = text
    .replace(/(?<=\S.*)[\u2705\u2713\u2714].*$/, '')
    .replace(ASIDE, ' ')
    .replace(/\s+(?:-{1,2}|\u2013|\u2014)\s+(?:inserted|complete|completed|shipped|done)\b.*$/i, '');
  return titleFrom(bare);
}

export function park(scan: Scan, phase: RoadmapPhase, { text }: GsdLine): void {
  const isOver = phase.done !== undefined || /\b(?:promoted|complete|completed|done)\b/i.test(text);
  if (!isOver) scan.parked.push({ id: phase.id, name: phase.name });
}

export function note(scan: Scan, line: GsdLine, why: GsdNote['why'], text?: string): void {
  scan.notes.push(noteOf(scan.file, line, why, text));
}
