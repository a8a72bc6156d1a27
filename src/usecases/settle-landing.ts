/**
 * All that follows when the target holds the work of some entries. Each step says what is so and may be said again, so a
 * run that is killed anywhere in here is carried on by the next one: the landing's journal stays until all is done.
 *
 * Order: 1 the entries are landed, 2 STATE.md (a milestone each; a phase with all plans complete and nothing more on its
 * branch is closed in the same save), 3 the verdicts, 4 the roster says that the workers of closed phases have ended,
 * 5 their worktrees and branches go.
 */
import { foldTransition } from '../domain/folding.ts';
import type { LandingEntry } from '../domain/landing.ts';
import type { LandedBranch } from '../domain/merge-run.ts';
import { done, type Outcome } from '../domain/problem.ts';
import { type Attempt, landEntry, type QueueEntry } from '../domain/queue-entry.ts';
import { findPhase, judgeClose, type StateDocument, type StateMilestone } from '../domain/state-document.ts';
import { isoOf, nowMs } from '../storage/clock.ts';
import { changeState } from '../storage/documents.ts';
import { git } from '../storage/git.ts';
import { noteAct } from '../storage/light/journal.ts';
import { assertHeld, type Held } from '../storage/light/lease.ts';
import { changeEntry, readEntry, withQueue } from '../storage/light/queue-files.ts';
import { readWorkerRecord } from '../storage/light/roster.ts';
import { archivePhases } from './archive-phases.ts';
import { withTests } from './change-agenda.ts';
import { cleanLanded } from './clean-landed.ts';
import { closeIn, endRecords } from './close-phase.ts';
import { waitingTransitions } from './fold-transitions.ts';
import { withPhases } from './start-phase.ts';
import { tellVerdict } from './tell-verdicts.ts';

export interface Settling {
  readonly home: string;
  /** The merge turn. */
  readonly held: Held;
  readonly target: string;
  readonly from: string;
  readonly entries: readonly LandingEntry[];
  /** How it is known to be good: validated; not at all; or it was on the target before anybody asked. */
  readonly ground: 'validated' | 'unproven' | 'there';
  readonly session: string | null;
  /** Whether a phase that is complete may be closed now: that may need a person's leave. */
  readonly mayClose: (phase: string) => boolean;
}

const GROUNDS: Record<Settling['ground'], string> = {
  validated: 'What landed was validated as that very commit.',
  unproven: 'No validation is configured, so nothing was proven.',
  there: 'It was there already when the queue came to it.',
};

/** Step 1, in the queue's mutex: right behind the landing itself, or when it is carried on. */
export function saveLanded(queue: Held, settling: Settling): Outcome<QueueEntry[]> {
  const { home, held, from, entries, ground } = settling;
  const saved: QueueEntry[] = [];
  for (const { entry: id, tip, commit } of entries) {
    assertHeld(held);
    const why = GROUNDS[ground];
    const attempt: Attempt = {
      at: isoOf(nowMs()),
      outcome: 'landed',
      tip,
      onto: from,
      why,
      files: [],
      log: null,
      excerpt: '',
    };
    const known = readEntry(home, id);
    // Gone or unreadable by now: it has landed all the same, and there is nobody to tell.
    if (!known) continue;
    const changed = changeEntry(queue, home, id, (entry) => landEntry(entry, attempt, commit), {
      isLanding: true,
    });
    // Whatever somebody made of it by hand: it has landed, and that must not keep the rest.
    if (!changed.done && changed.problem.code === 'entry-state') continue;
    if (!changed.done) return changed;
    saved.push(changed.value);
    const { phase, worker: actor } = changed.value;
    noteAct(home, { act: 'landed', actor, phase, entry: id, commit }, nowMs());
  }
  return done(saved);
}

/** Steps 2 to 5. */
export function settleLanding(settling: Settling): Outcome<LandedBranch[]> {
  const { home, held, session, mayClose } = settling;
  const entries = settling.entries
    .map(({ entry }) => readEntry(home, entry))
    .filter((entry) => entry !== undefined)
    .filter(({ state }) => state === 'landed');
  assertHeld(held);
  const state = saveState(home, entries, mayClose);
  if (!state.done) return state;
  // What cannot be archived now (a link where the file belongs) is archived with the next phase that closes.
  archivePhases({ home, session });
  const landed: LandedBranch[] = [];
  for (const entry of entries) {
    assertHeld(held);
    const isClosed = findPhase(state.value, entry.phase)?.state === 'done';
    const told = tellVerdict(home, entry, isClosed);
    if (!told.done) return told;
    const record = isClosed ? readWorkerRecord(home, entry.worker) : undefined;
    if (record?.state === 'active') endRecords(home, record);
    const kept = isClosed ? cleanLanded(home, told.value).why : null;
    const commit = entry.landed?.commit ?? entry.tip;
    landed.push({ entry: entry.id, phase: entry.phase, commit, isClosed, kept });
  }
  return done(landed);
}

function saveState(
  home: string,
  entries: readonly QueueEntry[],
  mayClose: Settling['mayClose'],
): Outcome<StateDocument> {
  return withPhases(home, () => {
    const arrived = waitingTransitions(home);
    const saved = changeState<undefined, never>(home, (state) => {
      const folded = arrived.reduce(foldTransition, state);
      const next = entries.reduce((all, entry) => withLanded(home, all, entry, mayClose), folded);
      return {
        done: true as const,
        document: next === state ? state : withTests(home, next),
        value: undefined,
      };
    });
    return saved.done ? done(saved.value.document) : saved;
  });
}

function withLanded(
  home: string,
  state: StateDocument,
  entry: QueueEntry,
  mayClose: Settling['mayClose'],
): StateDocument {
  const { phase: id, landed } = entry;
  const phase = findPhase(state, id);
  if (!landed || !phase) return state;
  const milestone: StateMilestone = {
    at: landed.at,
    phase: id,
    event: 'phase_landed',
    commit: landed.commit,
  };
  const isKnown = state.milestones.some(
    (one) => one.phase === id && one.event === 'phase_landed' && one.at === landed.at,
  );
  const told = isKnown ? state : { ...state, milestones: [...state.milestones, milestone] };
  const isComplete = judgeClose(phase, false) === undefined && !hasMore(home, entry);
  return isComplete && mayClose(id) ? closeIn(told, phase, landed.at, landed.commit).state : told;
}

/** The worker has gone on since the branch was queued: what it made is not lost by closing its phase. */
function hasMore(home: string, { branch, landed }: QueueEntry): boolean {
  const tip = git(home, ['rev-parse', '--verify', '--quiet', `refs/heads/${branch}^{commit}`]);
  return tip.ok && tip.stdout.trim() !== landed?.tip;
}

/** All steps, for a landing that happened without this run's doing: carried on, or made by hand. */
export function carryLanding(settling: Settling): Outcome<LandedBranch[]> {
  const saved = withQueue(settling.home, (queue) => saveLanded(queue, settling));
  return saved.done ? settleLanding(settling) : saved;
}
