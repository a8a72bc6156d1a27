/**
 * A Get Shit Done project as a whole: its phases with what they wait for, its milestones with their phases, and what is to
 * be done beside them. Pure.
 *
 * Invariants: what a phase waits for is another phase of the project, and nothing waits for itself, however far round; a
 * number that belongs to a shipped milestone whose phases are no longer told of is done, and is not waited for.
 */
import { type GsdMilestone, mergeMilestones } from './milestone.ts';
import { byNumber, isInSpan, isParked } from './number.ts';
import { type GsdFolder, type GsdPhase, phasesIn } from './phases.ts';
import type { Roadmap } from './scan.ts';
import type { GsdState, GsdTodo } from './state.ts';
import { type GsdNote, noteOf } from './text.ts';

/** What was read, each with where it lies, from home. */
export interface GsdSources {
  readonly roadmapFile: string;
  readonly stateFile: string;
  readonly roadmap: Roadmap | undefined;
  readonly state: GsdState | undefined;
  readonly folders: readonly GsdFolder[];
  readonly todoFiles: readonly GsdTodo[];
  /** What could not be read. */
  readonly notes: readonly GsdNote[];
}

export interface GsdGoal {
  readonly id: string;
  readonly name: string;
  readonly phases: readonly string[];
  readonly shipped: boolean;
  readonly day: string | undefined;
  readonly note: GsdNote;
}

/** A phase, with the others that it waits for. */
export type KnownPhase = Omit<GsdPhase, 'depends'> & { readonly depends: readonly string[] };

export interface GsdProject {
  readonly phases: readonly KnownPhase[];
  readonly goals: readonly GsdGoal[];
  readonly todo: readonly GsdTodo[];
  /** The plan that GSD was working on, as its note. */
  readonly underWay:
    | { readonly phase: string; readonly plan: string | undefined; readonly note: GsdNote }
    | undefined;
  readonly notes: readonly GsdNote[];
}

const PHASES_MAX = 500;

export function assembleGsd(sources: GsdSources): GsdProject {
  const { roadmap, roadmapFile, stateFile, state } = sources;
  const folders = sources.folders.filter((one) => !isParked(one.id));
  const found = phasesIn(roadmap, folders, roadmapFile);
  const notes = [...sources.notes, ...(roadmap?.notes ?? []), ...found.notes];
  if (found.phases.length > PHASES_MAX)
    notes.push(noteOf(roadmapFile, undefined, 'too-many', `${found.phases.length}`));
  const phases = found.phases.slice(0, PHASES_MAX);
  if (roadmap && phases.length === 0) notes.push(noteOf(roadmapFile, undefined, 'no-phases'));
  const milestones = mergeMilestones(roadmap?.milestones ?? []);
  const { underWay } = state ?? {};
  return {
    phases: withDepends(phases, milestones, roadmapFile, notes),
    goals: goalsOf(phases, milestones, sources),
    todo: todoOf(sources),
    underWay: underWay && { ...underWay, note: noteOf(stateFile, underWay.line, 'under-way') },
    notes,
  };
}

function withDepends(
  phases: readonly GsdPhase[],
  milestones: readonly GsdMilestone[],
  file: string,
  notes: GsdNote[],
): GsdProject['phases'] {
  const isGone = (id: string) =>
    milestones.some((one) => one.shipped && one.spans.some((span) => isInSpan(id, span)));
  const waits = new Map<string, string[]>();
  for (const [index, phase] of phases.entries()) {
    const own: string[] = [];
    for (const { spans, onPrevious, line } of phase.depends) {
      const previous = onPrevious ? phases[index - 1]?.id : undefined;
      const named = spans.flatMap((span) => {
        const known = phases.filter((one) =>
          span.from === span.to ? one.id === span.from : isInSpan(one.id, span),
        );
        if (known.length === 0 && !isGone(span.from)) notes.push(noteOf(file, line, 'depends'));
        return known.map((one) => one.id);
      });
      for (const id of [...named, ...(previous === undefined ? [] : [previous])]) {
        if (own.includes(id)) continue;
        if (id === phase.id || reaches(waits, id, phase.id)) notes.push(noteOf(file, line, 'cycle'));
        else own.push(id);
        waits.set(phase.id, own);
      }
    }
  }
  return phases.map((phase) => ({ ...phase, depends: (waits.get(phase.id) ?? []).sort(byNumber) }));
}

/** Whether `from` waits for `to`, through any number of others. */
function reaches(waits: ReadonlyMap<string, readonly string[]>, from: string, to: string): boolean {
  const seen = new Set<string>();
  const next = [from];
  for (let id = next.pop(); id !== undefined; id = next.pop()) {
    if (id === to) return true;
    if (seen.has(id)) continue;
    seen.add(id);
    next.push(...(waits.get(id) ?? []));
  }
  return false;
}

function goalsOf(
  phases: readonly GsdPhase[],
  milestones: readonly GsdMilestone[],
  { roadmapFile, stateFile, state }: GsdSources,
): GsdGoal[] {
  const named = state?.milestone;
  if (milestones.length === 0 && named && phases.length > 0) {
    const { version: id, name, line } = named;
    const note = noteOf(stateFile, line, 'milestone-open');
    return [{ id, name, phases: phases.map((phase) => phase.id), shipped: false, day: undefined, note }];
  }
  const known = new Set(milestones.map((one) => one.id));
  const owner = (phase: GsdPhase): string | undefined => {
    const said = phase.milestones.find((id) => known.has(id));
    if (said !== undefined) return said;
    // Milestones that count from 1 again claim one number twice: the open one has it, else the latest.
    const claims = milestones.filter((one) => one.spans.some((span) => isInSpan(phase.id, span)));
    return (claims.findLast((one) => !one.shipped) ?? claims.at(-1))?.id;
  };
  const owners = new Map(phases.map((phase) => [phase.id, owner(phase)]));
  return milestones.map((one) => ({
    id: one.id,
    name: one.name,
    phases: phases.filter((phase) => owners.get(phase.id) === one.id).map((phase) => phase.id),
    shipped: one.shipped,
    day: one.day,
    note: noteOf(roadmapFile, one.line, 'milestone-open'),
  }));
}

function todoOf({ state, todoFiles, roadmap }: GsdSources): GsdTodo[] {
  const parked = (roadmap?.parked ?? []).map(({ id, name }) => ({
    priority: 'P2' as const,
    text: `${name} (parked as ${id})`,
  }));
  const seen = new Set<string>();
  return [...(state?.todo ?? []), ...todoFiles, ...parked].filter(({ text }) => {
    const key = text.toLowerCase();
    return seen.has(key) ? false : seen.add(key);
  });
}
