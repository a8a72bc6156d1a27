/**
 * The phases of a Get Shit Done project: what the mentions in its roadmap and the folder of a phase mean together. Pure.
 *
 * What counts as done, as GSD itself has it: a phase whose line is ticked, or that the table, its status, its heading or
 * a shipped and folded milestone calls complete; and one whose plans are all complete, as many as were planned, unless
 * its verification is open. A plan: its summary is there and says nothing else, or its line is ticked, or its phase is
 * done. A plan that is under way is `not_started`: nobody of coord's works on it, and whoever starts the phase goes on.
 * Of two phases with one number (milestones that count from 1 again) the one that is not done is taken.
 */

import { slugOf } from '../identifiers.ts';
import type { PlanState } from '../plan.ts';
import type { GsdSummary } from './folder.ts';
import { byNumber } from './number.ts';
import type { Roadmap, RoadmapPhase, RoadmapPlan, RoadmapRow } from './scan.ts';
import { type GsdLine, type GsdNote, noteOf } from './text.ts';

export interface GsdFolder {
  /** `02-login`; its path from home is `file`. */
  readonly name: string;
  readonly file: string;
  readonly id: string;
  readonly words: string;
  /** Whether something of GSD's lies in it: coord makes such folders too. */
  readonly theirs: boolean;
  /** Whether its name can be that of a branch. */
  readonly usable: boolean;
  readonly plans: readonly { number: string; file: string; title: string | undefined }[];
  readonly summaries: readonly { number: string; summary: GsdSummary }[];
  /** What an open verification says. */
  readonly verification: GsdNote | undefined;
}

export interface GsdPlan {
  readonly id: string;
  readonly title: string;
  readonly state: PlanState;
}

export interface GsdPhase {
  readonly id: string;
  readonly name: string;
  /** Where it is told of. */
  readonly file: string;
  readonly line: GsdLine | undefined;
  /** The folder that GSD has for it, where coord can have it too. */
  readonly folder: string | undefined;
  readonly done: boolean;
  readonly plans: readonly GsdPlan[];
  readonly criteria: readonly { text: string; met: boolean }[];
  readonly milestones: readonly string[];
  readonly depends: RoadmapPhase['depends'];
}

/** All that is said of one phase. */
interface Mentions {
  readonly heading: RoadmapPhase | undefined;
  readonly item: RoadmapPhase | undefined;
  readonly row: RoadmapRow | undefined;
}

export interface Found {
  readonly phases: GsdPhase[];
  readonly notes: GsdNote[];
}

const PLANS_MAX = 200;

export function phasesIn(roadmap: Roadmap | undefined, folders: readonly GsdFolder[], file: string): Found {
  const notes: GsdNote[] = [];
  const said = roadmap?.phases ?? [];
  const ids = [
    ...new Set([...said.map((one) => one.id), ...folders.filter((one) => one.theirs).map((one) => one.id)]),
  ].sort(byNumber);
  const phases = ids.map((id) => {
    const own = said.filter((one) => one.id === id);
    const mentions = mentionsOf(
      own,
      (roadmap?.rows ?? []).filter((row) => row.id === id),
    );
    const { heading, item } = mentions;
    const dropped = own.filter((one) => one !== heading && one !== item && !isSame(one, heading ?? item));
    notes.push(...dropped.map((one) => noteOf(file, one.line, 'phase-again')));
    const again = own.filter((one) => one.kind === 'heading' && one !== heading && isSame(one, heading));
    notes.push(...again.map((one) => noteOf(file, one.line, 'phase-again')));
    const folder = folderOf(id, heading ?? item, dropped, folders, notes);
    return phaseOf(id, mentions, folder, roadmap ? file : undefined, notes);
  });
  return { phases, notes };
}

function isSame(a: RoadmapPhase, b: RoadmapPhase | undefined): boolean {
  return b !== undefined && slugOf(a.name) === slugOf(b.name);
}

function isClosed(one: RoadmapPhase): boolean {
  const isAllTicked = one.plans.length > 0 && one.plans.every((plan) => plan.ticked);
  return one.shipped || one.done !== undefined || isAllTicked;
}

function mentionsOf(own: readonly RoadmapPhase[], rows: readonly RoadmapRow[]): Mentions {
  const headings = own.filter((one) => one.kind === 'heading');
  const items = own.filter((one) => one.kind === 'item');
  const isRestarted = new Set(items.map((one) => slugOf(one.name))).size > 1;
  const openItem = items.find((one) => !isClosed(one));
  const heading =
    headings.find((one) => !isClosed(one) && !items.some((item) => isClosed(item) && isSame(item, one))) ??
    headings[0];
  // An item of another name is this phase's too, where no other phase had its number.
  const item =
    heading === undefined
      ? (openItem ?? items[0])
      : (items.find((one) => isSame(one, heading)) ??
        (isRestarted || headings.length > 1 ? undefined : items[0]));
  const name = (heading ?? item)?.name ?? '';
  const row =
    rows.find((one) => slugOf(one.name) === slugOf(name)) ??
    (rows.length === 1 && headings.length < 2 && !isRestarted ? rows[0] : undefined);
  return { heading, item, row };
}

/** Of several folders with one number the one whose name fits; that of a phase which had the number before is none. */
function folderOf(
  id: string,
  phase: RoadmapPhase | undefined,
  dropped: readonly RoadmapPhase[],
  folders: readonly GsdFolder[],
  notes: GsdNote[],
): GsdFolder | undefined {
  const own = folders.filter((one) => one.id === id);
  const slug = slugOf(phase?.name ?? '');
  const fitting = own.find((one) => phase !== undefined && slugOf(one.words) === slug);
  const left = own.filter((one) => !dropped.some((other) => slugOf(other.name) === slugOf(one.words)));
  const chosen = fitting ?? left[0];
  for (const one of own)
    if (one !== chosen) notes.push(noteOf(one.file, undefined, 'folder-again', one.name));
  if (chosen && !chosen.usable) notes.push(noteOf(chosen.file, undefined, 'folder-name', chosen.name));
  return chosen;
}

function phaseOf(
  id: string,
  { heading, item, row }: Mentions,
  folder: GsdFolder | undefined,
  file: string | undefined,
  notes: GsdNote[],
): GsdPhase {
  const main = heading ?? item;
  const isShipped = heading?.shipped === true || item?.shipped === true;
  const mark =
    item?.done ?? heading?.done ?? (row?.done ? row.line : undefined) ?? (isShipped ? main?.line : undefined);
  if (mark && item?.open && file) notes.push(noteOf(file, item.open, 'done-and-open'));
  const listed = [...(heading?.plans ?? []), ...(item?.plans ?? [])];
  const plans = plansOf(id, listed, folder, mark !== undefined);
  const planned = heading?.planned ?? item?.planned ?? 0;
  const isAll = plans.length > 0 && plans.every((plan) => plan.state === 'complete');
  const isShort = planned > plans.length;
  if (mark === undefined && isAll) {
    if (folder?.verification) notes.push(folder.verification);
    if (isShort && file) notes.push(noteOf(file, main?.line, 'plans-missing'));
  }
  const done = mark !== undefined || (isAll && !isShort && folder?.verification === undefined);
  if (main === undefined && file !== undefined && !done && folder)
    notes.push(noteOf(folder.file, undefined, 'phase-unlisted', folder.name));
  const goal = heading?.goal;
  const criteria = heading?.criteria.length
    ? heading.criteria
    : goal === undefined
      ? []
      : [{ text: goal, met: false }];
  const milestones = [heading?.milestone, item?.milestone, row?.milestone].filter((one) => one !== undefined);
  return {
    id,
    name: main?.name ?? (folder?.words || `Phase ${id}`),
    file: main === undefined || file === undefined ? (folder?.file ?? '') : file,
    line: main?.line,
    folder: folder?.usable ? folder.name : undefined,
    done,
    plans,
    criteria: criteria.map((one) => ({ text: one.text, met: one.met || done })),
    milestones: [...new Set(milestones)],
    depends: heading?.depends ?? [],
  };
}

function plansOf(
  id: string,
  listed: readonly RoadmapPlan[],
  folder: GsdFolder | undefined,
  isDone: boolean,
): GsdPlan[] {
  const files = folder?.plans ?? [];
  const summaries = folder?.summaries ?? [];
  const numbers = new Set([...listed, ...files, ...summaries].map((one) => one.number));
  return [...numbers]
    .sort(byNumber)
    .slice(0, PLANS_MAX)
    .map((number) => {
      const inRoadmap = listed.find((one) => one.number === number);
      const summary = summaries.find((one) => one.number === number)?.summary.state;
      const title = inRoadmap?.title || files.find((one) => one.number === number)?.title;
      const isTicked = isDone || inRoadmap?.ticked === true;
      return { id: `${id}-${number}`, title: title || `Plan ${number}`, state: stateOf(summary, isTicked) };
    });
}

function stateOf(summary: GsdSummary['state'] | undefined, isTicked: boolean): PlanState {
  if (summary === 'failed') return 'failed';
  if (summary === 'partial') return 'not_started';
  return summary === 'complete' || isTicked ? 'complete' : 'not_started';
}
