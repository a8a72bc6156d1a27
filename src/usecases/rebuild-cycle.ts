/**
 * Makes a cycle whole again. A state that can be read is the truth: its artifacts are brought to it. One that cannot, or
 * is gone, is made from the artifacts, wherever they lie: the worktree's `.progress/`, where they were put away, or the
 * folder of the original workflow. What cannot be recovered is listed, and a file that cannot be read is kept.
 *
 * Order of writes: 1 the broken state moves aside, 2 the new one is written, whole, 3 the pointer, 4 what follows from the
 * state. Killed after 1, the next try finds no state, and goes on from the artifacts as this one did.
 */

import { basename, join } from 'node:path';
import { CYCLE_STATUSES, type Cycle, type CycleAct, isCycleId } from '../domain/cycle/cycle.ts';
import type { PlaceName } from '../domain/place-name.ts';
import { done, type Outcome, refuse } from '../domain/problem.ts';
import { PROGRESS_FOLDER } from '../domain/project-paths.ts';
import { cycleIn, type ReadParts, readArtifacts } from '../storage/cycle-artifacts.ts';
import {
  noteRebuilt,
  readCycle,
  readJournal,
  replaceCycle,
  rootOfPlace,
  settleCycle,
} from '../storage/cycle-files.ts';
import { cycleFrom } from '../storage/cycle-schema.ts';
import { cycleStateFile, writePointer } from '../storage/light/cycle-glance.ts';
import { progressOf, putAwayFolder } from '../storage/light/cycle-paths.ts';
import type { Held } from '../storage/light/lease.ts';
import { linkedRoots } from '../storage/light/location.ts';
import { withMutex } from '../storage/light/mutex.ts';
import { placeAt } from '../storage/light/place.ts';
import { coordinationPath } from '../storage/light/roster.ts';

export interface Rebuilt {
  readonly cycle: Cycle;
  /** `state`: it could be read, and its artifacts were brought to it. */
  readonly from: 'state' | 'artifacts' | 'journal';
  /** Artifacts that were not as the state says. */
  readonly written: readonly string[];
  readonly lost: readonly string[];
  /** Where the state that could not be read is kept. */
  readonly aside: string | null;
}

interface Found extends ReadParts {
  readonly place: PlaceName;
  readonly folder: string;
}

export function rebuildCycle(home: string, id: string): Outcome<Rebuilt> {
  if (!isCycleId(id)) return refuse({ code: 'cycle-unknown', cycle: id, known: [] });
  const leases = coordinationPath(home, 'leases');
  const outcome = withMutex(leases, `cycle-${id}`, (held): Outcome<Rebuilt> => {
    const read = readCycle(home, id);
    if (!read.done) return rebuildFrom(held, home, id);
    const written = settleCycle(home, read.value);
    const told = written.length > 0 ? `artifacts written anew: ${written.join(', ')}` : 'nothing was amiss';
    noteRebuilt(home, read.value, told);
    return done({ cycle: read.value, from: 'state', written, lost: [], aside: null });
  });
  return outcome.done ? outcome.value : refuse({ code: 'mutex-timeout', name: `cycle-${id}` });
}

function rebuildFrom(held: Held, home: string, id: string): Outcome<Rebuilt> {
  const looked: string[] = [];
  const found = candidatesOf(home, id, looked);
  const best =
    found.find(({ rest }) => rest !== undefined) ?? found.find((one) => Object.keys(one.parts).length > 0);
  const { acts } = readJournal(home, id);
  const lost = best ? [...best.lost] : [`the artifacts (looked in ${looked.join(', ')})`];
  const from = best?.rest ? ('artifacts' as const) : ('journal' as const);
  const rest = best?.rest ?? restFromJournal(id, acts, best?.place ?? null, lost);
  if (!rest) return refuse({ code: 'cycle-lost', cycle: id, looked });
  const made = cycleFrom({ ...rest, ...best?.parts });
  const whole = 'flaw' in made ? withoutFlawed(rest, best, lost) : made;
  if (!whole) return refuse({ code: 'cycle-lost', cycle: id, looked });
  const newest = Math.max(0, ...acts.map(({ revision }) => revision));
  if (newest > whole.coord.revision) {
    const missed = acts.filter(({ revision }) => revision > whole.coord.revision);
    lost.push(...missed.map(({ act, at, why }) => `what was done last: ${act} at ${at} (${why})`));
  }
  const aside = replaceCycle(held, home, whole);
  if (rootOfPlace(home, whole.coord.place) !== undefined && best && basename(best.folder) === PROGRESS_FOLDER)
    writePointer(home, whole.coord.place, id);
  const written = settleCycle(home, whole);
  noteRebuilt(home, whole, `from ${from}${lost.length > 0 ? `; lost: ${lost.join('; ')}` : ''}`);
  return done({ cycle: whole, from, written, lost, aside });
}

/** A part that no schema takes costs that part, and nothing else. */
function withoutFlawed(
  rest: Readonly<Record<string, unknown>>,
  best: Found | undefined,
  lost: string[],
): Cycle | undefined {
  let parts = { ...best?.parts } as Record<string, unknown>;
  for (const part of Object.keys(parts)) {
    const alone = cycleFrom({ ...rest, [part]: parts[part] });
    if (!('flaw' in alone)) continue;
    lost.push(`${part} (${alone.flaw})`);
    const { [part]: _, ...others } = parts;
    parts = others;
  }
  const made = cycleFrom({ ...rest, ...parts });
  return 'flaw' in made ? undefined : made;
}

/** Wherever artifacts of it may lie, the likeliest place first. */
function candidatesOf(home: string, id: string, looked: string[]): Found[] {
  const commonDir = placeAt(home)?.commonDir;
  const linked = commonDir === undefined ? [] : linkedRoots({ commonDir });
  const roots = [{ name: null as PlaceName, root: home }, ...linked];
  const folders = roots.flatMap(({ name, root }) => [
    { place: name, folder: progressOf(root) },
    { place: name, folder: putAwayFolder(root, id) },
  ]);
  folders.push({ place: null, folder: join(cycleStateFile(home, id), '..', `${id}.progress`) });
  return folders.flatMap(({ place, folder }) => {
    looked.push(folder);
    return cycleIn(folder) === id ? [{ place, folder, ...readArtifacts(folder, id) }] : [];
  });
}

/** As much of a state as its journal tells. */
function restFromJournal(
  id: string,
  acts: readonly CycleAct[],
  place: PlaceName,
  lost: string[],
): Record<string, unknown> | undefined {
  const [first] = acts;
  const last = acts.at(-1);
  if (!first || !last) return undefined;
  lost.push('feedback, decisions, blockers, agents and errors (they stood in the state and the timeline)');
  const begun = acts.filter(({ act }) => act === 'iteration');
  const asked = acts.filter(({ act }) => act === 'extend').map(({ why }) => why);
  return {
    cycle_id: id,
    title: first.why,
    description: [first.why, ...asked].join('\n\n'),
    task_history: [first.why, ...asked],
    status: statusFrom(acts),
    created_at: first.at,
    updated_at: last.at,
    current_iteration: last.iteration,
    max_iterations: Math.max(5, last.iteration),
    current_phase: phaseFrom(acts),
    iterations: begun.map(({ at, iteration }, index) => ({ number: iteration || index + 1, started_at: at })),
    coord: { revision: last.revision, place },
  };
}

const LEADS_TO: Readonly<Record<string, Cycle['status']>> = {
  new: 'created',
  start: 'running',
  pause: 'paused',
  resume: 'running',
  stop: 'failed',
  fail: 'failed',
  complete: 'completed',
  iteration: 'running',
};

function statusFrom(acts: readonly CycleAct[]): Cycle['status'] {
  const moved = acts.map(({ act }) => LEADS_TO[act]).filter((status) => status !== undefined);
  return moved.at(-1) ?? CYCLE_STATUSES[0];
}

/** Whose turn it was: each line of an iteration or a report names it. */
function phaseFrom(acts: readonly CycleAct[]): string {
  const order = ['ra', 'ep', 'cd', 'vas'];
  const turn = acts.findLast(({ act }) => act === 'iteration' || /^(?:ra|ep|cd|vas) /.test(act));
  if (!turn) return 'init';
  if (acts.some(({ act, revision }) => act === 'complete' && revision >= turn.revision)) return 'complete';
  if (turn.act === 'iteration') return turn.why.replace('from ', '');
  return order[order.indexOf(turn.act.split(' ')[0] ?? '') + 1] ?? 'aggregation';
}
