/**
 * What of a Get Shit Done project comes into STATE.md: gather (gsd/project.ts), decide (here), write (usecases). Pure.
 *
 * Invariants. What coord knows is never overwritten: a phase is known by its id, and keeps its name, its scope, what it
 * waits for, its criteria. What is new is added. Of a phase that coord never started the plans' states come from GSD
 * alone, so they follow GSD, forward only: to complete, or failed; and its folder is GSD's, once that is there. Of a
 * phase that a worker has, or had, nothing is touched; what GSD has beyond it is said. TODO is taken once, when STATE.md
 * knows nothing yet: an item that was done or dropped since must not come back. Planning twice changes nothing.
 *
 * A phase that GSD finished is `done` and counts as archived: in full it stands where GSD has it.
 */
import { reachGoals } from '../goal.ts';
import { isIdentifier } from '../identifiers.ts';
import { PHASES_FOLDER } from '../project-paths.ts';
import {
  addPhase,
  planIdsOf,
  replacePhase,
  type StateDocument,
  type StatePhase,
  type StatePlan,
} from '../state-document.ts';
import { withCriteria, withGoals, withTodo } from './agenda.ts';
import { byNumber, isSamePhase } from './number.ts';
import type { GsdProject, KnownPhase } from './project.ts';
import { type GsdNote, noteOf } from './text.ts';

/** What was taken now; ids where they tell more than a number. */
export interface GsdTaken {
  readonly phases: readonly string[];
  /** Phases that were known, in which something followed GSD or was added. */
  readonly moved: readonly string[];
  readonly plans: number;
  readonly criteria: number;
  readonly milestones: readonly string[];
  readonly todo: number;
}

export interface GsdAdoption {
  /** The same document where nothing is new. */
  readonly document: StateDocument;
  readonly taken: GsdTaken;
  readonly notes: readonly GsdNote[];
}

/** `mayMove`: whether a folder's name is in no use yet, so that a phase may have another one. */
export function planAdoption(
  state: StateDocument,
  project: GsdProject,
  at: string,
  mayMove: (folder: string) => boolean,
): GsdAdoption {
  const notes = [...project.notes];
  const isFirst = isBlank(state);
  const added: KnownPhase[] = [];
  const moved: string[] = [];
  let next = state;
  for (const one of project.phases) {
    const twin = next.phases.find((phase) => isSamePhase(phase.id, one.id));
    if (twin === undefined) {
      const grown = withPhase(next, one, notes);
      if (grown !== next) added.push(one);
      next = grown;
    } else {
      const followed = follow(next, twin, one, notes, mayMove);
      if (followed !== twin) {
        moved.push(twin.id);
        next = replacePhase(next, followed);
      }
    }
  }
  next = withDepends(moved.length > 0 ? reachGoals(next, at) : next, added);
  const before = next.criteria.length;
  next = withCriteria(next, added, at, notes);
  const criteria = next.criteria.length - before;
  const goals = withGoals(next, project.goals, added, at, notes);
  next = goals.state;
  const todo = next.todo.length;
  if (isFirst) next = withTodo(next, project, at, notes);
  noteWork(next, project, notes);
  const taken = { phases: added.map((one) => one.id), moved, criteria, milestones: goals.added };
  const plans = plansIn(next) - plansIn(state);
  return { document: next, taken: { ...taken, plans, todo: next.todo.length - todo }, notes };
}

function isBlank(state: StateDocument): boolean {
  return state.phases.length + state.goals.length + state.criteria_last + state.todo_last === 0;
}

function plansIn({ phases }: StateDocument): number {
  return phases.reduce((sum, phase) => sum + phase.plans.length, 0);
}

function withPhase(state: StateDocument, one: KnownPhase, notes: GsdNote[]): StateDocument {
  const free = freePlans(state, one, notes);
  const plans = free.map(({ id, title }) => ({ id, title }));
  const grown = addPhase(state, { id: one.id, name: one.name, plans, scope: [], depends: [] });
  if ('code' in grown) {
    notes.push(noteOf(one.file, one.line, 'phase-refused', `${one.id} ${one.name}`));
    return state;
  }
  const made = grown.phases.at(-1) as StatePhase;
  const rest = grown.phases.slice(0, -1);
  const folder = isFolderFree(rest, one.folder) ? one.folder : made.folder;
  const phase = { ...made, folder, plans: free };
  const behind = rest.findLastIndex((other) => byNumber(other.id, one.id) < 0);
  return { ...grown, phases: rest.toSpliced(behind + 1, 0, one.done ? finished(phase, one) : phase) };
}

/** Its plans without those whose id another phase has. */
function freePlans(state: StateDocument, one: KnownPhase, notes: GsdNote[]): StatePlan[] {
  const taken = new Set(
    state.phases
      .filter((phase) => !isSamePhase(phase.id, one.id))
      .flatMap(planIdsOf)
      .map((id) => id.toLowerCase()),
  );
  const [free, held] = [[] as StatePlan[], [] as string[]];
  for (const plan of one.plans) {
    if (taken.has(plan.id.toLowerCase()) || !isIdentifier(plan.id)) held.push(plan.id);
    else free.push({ id: plan.id, title: plan.title, state: plan.state });
  }
  if (held.length > 0) notes.push(noteOf(one.file, one.line, 'plan-taken', held.join(', ')));
  return free;
}

function isFolderFree(phases: readonly StatePhase[], folder: string | undefined): folder is string {
  return folder !== undefined && !phases.some((one) => one.folder.toLowerCase() === folder.toLowerCase());
}

function finished(phase: StatePhase, one: KnownPhase): StatePhase {
  const archived = one.folder === undefined ? one.file : `${PHASES_FOLDER}/${one.folder}`;
  return { ...phase, state: 'done', archived };
}

/** A phase that coord knows: as it is where a worker had it in hand, else as far as GSD is by now. */
function follow(
  state: StateDocument,
  phase: StatePhase,
  one: KnownPhase,
  notes: GsdNote[],
  mayMove: (folder: string) => boolean,
): StatePhase {
  const known = new Set(planIdsOf(phase).map((id) => id.toLowerCase()));
  const fresh = freePlans(state, one, notes).filter((plan) => !known.has(plan.id.toLowerCase()));
  const isUntouched = phase.state === 'future' && phase.started === undefined && phase.reported === undefined;
  if (!isUntouched) {
    const ids = fresh.map((plan) => plan.id).join(', ');
    const why = phase.state === 'done' ? 'done-here' : 'of-worker';
    if (fresh.length > 0) notes.push(noteOf(one.file, one.line, why, `${ids} of phase ${phase.id}`));
    return phase;
  }
  let isChanged = fresh.length > 0;
  const plans = phase.plans.map((plan) => {
    const theirs = one.plans.find((other) => other.id.toLowerCase() === plan.id.toLowerCase());
    const isForward =
      theirs?.state === 'complete' || (theirs?.state === 'failed' && plan.state !== 'complete');
    if (!theirs || !isForward || theirs.state === plan.state) return plan;
    isChanged = true;
    return { ...plan, state: theirs.state };
  });
  const isElsewhere = one.folder !== phase.folder;
  const folder =
    isElsewhere && isFolderFree(state.phases, one.folder) && mayMove(phase.folder)
      ? one.folder
      : phase.folder;
  if (!isChanged && !one.done && folder === phase.folder) return phase;
  const next = { ...phase, folder, plans: [...plans, ...fresh] };
  return one.done ? finished(next, one) : next;
}

/** Of those that are new: what a phase waits for was looked at for circles, and a known one keeps what it has. */
function withDepends(state: StateDocument, added: readonly KnownPhase[]): StateDocument {
  let next = state;
  for (const one of added) {
    const phase = next.phases.find((other) => other.id === one.id);
    const depends = one.depends.flatMap(
      (id) => next.phases.find((other) => isSamePhase(other.id, id))?.id ?? [],
    );
    if (phase && depends.length > 0) next = replacePhase(next, { ...phase, depends });
  }
  return next;
}

/** What GSD was working on is started by nobody here; whoever reads the notes is to know where to go on. */
function noteWork(state: StateDocument, { underWay }: GsdProject, notes: GsdNote[]): void {
  const phase = state.phases.find((one) => underWay !== undefined && isSamePhase(one.id, underWay.phase));
  if (!underWay || phase?.state !== 'future') return;
  const plan = phase.plans.find((one) => one.id === `${phase.id}-${underWay.plan}`);
  if (plan === undefined || plan.state !== 'complete') notes.push(underWay.note);
}
