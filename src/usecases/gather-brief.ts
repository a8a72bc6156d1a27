/** Gathers what a session is told when it starts: who it is there, where things stand, what is left. */
import { type Checkpoint, gapsOfCoordinator, gapsOfWorker, type TreeState } from '../domain/checkpoint.ts';
import { isOpen } from '../domain/cycle/cycle.ts';
import type { CycleGlance } from '../domain/cycle/hold.ts';
import type { SeatHolder } from '../domain/ground.ts';
import { COORDINATOR } from '../domain/identifiers.ts';
import type { DocumentProblem, Outcome } from '../domain/problem.ts';
import { done } from '../domain/problem.ts';
import type { StateDocument } from '../domain/state-document.ts';
import type { StatusDocument } from '../domain/status-document.ts';
import { isoOf, nowMs } from '../storage/clock.ts';
import { readState, readStatus } from '../storage/document-kinds.ts';
import { readCheckpoint } from '../storage/light/checkpoints.ts';
import { isTicketThere, ticketFile } from '../storage/light/closing-outputs.ts';
import { glanceAtCycle } from '../storage/light/cycle-glance.ts';
import { listWaiting } from '../storage/light/mailbox.ts';
import type { Presence } from '../storage/light/presence.ts';
import type { PlaceRecord } from '../storage/light/roster.ts';
import { listRuns, type Run } from '../storage/light/runs.ts';
import { seatTakenBy } from '../storage/light/seat.ts';
import { treeStateOf } from '../storage/tree-state.ts';
import { findStaleWorkers, type StaleWorker } from './find-stale-workers.ts';
import { foldAll, waitingTransitions } from './fold-transitions.ts';
import { landingCutShort } from './glance-at-queue.ts';
import { lostTickets } from './issue-ticket.ts';
import { recentDecisions } from './list-decisions.ts';

export interface BriefFacts {
  readonly name: string;
  readonly root: string;
  readonly home: string;
  /** The other session that works here. */
  readonly takenBy: SeatHolder | undefined;
  readonly waiting: number;
  readonly tree: TreeState | undefined;
  /** Where this session was when its context was compacted just now; undefined at any other start. */
  readonly checkpoint: Checkpoint | undefined;
  /** The development cycle of this worktree, where one is open or cannot be read. */
  readonly cycle: CycleGlance | undefined;
  /** What the files do not say: asked for after a compaction, and of who comes anew. */
  readonly gaps: readonly string[];
  readonly role: BriefRole;
}

export type BriefRole =
  | {
      kind: 'coordinator';
      state: Outcome<StateDocument, DocumentProblem>;
      stale: readonly StaleWorker[];
      decisions: { titles: readonly string[]; more: number };
      /** Phases whose landing was cut short by a kill. */
      landing: readonly string[];
      /** Workers whose tickets are gone. */
      lost: readonly string[];
      /** What workers handed in lately, newest first. */
      runs: readonly Run[];
    }
  | { kind: 'guest' | 'ended'; state: Outcome<StateDocument, DocumentProblem> }
  | { kind: 'peer' }
  | {
      kind: 'worker';
      record: PlaceRecord;
      status: Outcome<StatusDocument, DocumentProblem>;
      /** From home; null where it has none. */
      ticket: string | null;
    };

const DECISIONS_DAYS = 7;
const DECISIONS_MAX = 6;
const RUNS_MAX = 3;
const DAY_MS = 86_400_000;

/** `isMidway`: the session goes on after its context was compacted. */
export function gatherBrief(presence: Presence, session: string, isMidway = false): BriefFacts {
  const { caller, place } = presence;
  const { home, root } = place;
  const takenBy = caller.kind === 'peer' ? undefined : seatTakenBy(home, place.name, session);
  const role = roleOf(presence);
  const isKeeper = role.kind === 'coordinator' || role.kind === 'worker';
  const tree = isKeeper ? treeStateOf(root) : undefined;
  const name = caller.kind === 'operator' ? COORDINATOR : caller.name;
  return {
    name: caller.name,
    root,
    home,
    takenBy,
    waiting: isKeeper ? listWaiting(home, name).length : 0,
    tree,
    checkpoint: isMidway ? readCheckpoint(home, session) : undefined,
    cycle: openCycleAt(presence),
    gaps: gapsOf(role, tree),
    role,
  };
}

function openCycleAt({ place }: Presence): CycleGlance | undefined {
  const glance = glanceAtCycle(place.home, place.name);
  return glance && (glance.status === 'unreadable' || isOpen({ status: glance.status })) ? glance : undefined;
}

function gapsOf(role: BriefRole, tree: TreeState | undefined): string[] {
  if (role.kind === 'worker' && role.status.done) return gapsOfWorker(role.status.value, tree);
  return role.kind === 'coordinator' && role.state.done ? gapsOfCoordinator(role.state.value, tree) : [];
}

function roleOf({ caller, place }: Presence): BriefRole {
  const { home } = place;
  if (caller.kind === 'peer') return { kind: 'peer' };
  if (caller.record) {
    const loaded = readStatus({ ...caller, folder: caller.record.phase.folder });
    const status = loaded.done ? done(loaded.value.document) : loaded;
    const { worker } = caller.record;
    const ticket = isTicketThere(home, worker) ? ticketFile(worker) : null;
    return { kind: 'worker', record: caller.record, status, ticket };
  }
  const loaded = readState(home);
  const state = loaded.done ? done(foldAll(loaded.value.document, waitingTransitions(home))) : loaded;
  if (caller.kind === 'guest' || caller.kind === 'ended') return { kind: caller.kind, state };
  const since = isoOf(nowMs() - DECISIONS_DAYS * DAY_MS).slice(0, 10);
  const stale = state.done ? findStaleWorkers(home, state.value) : [];
  const lost = state.done ? lostTickets(home, state.value).map((phase) => phase.worker) : [];
  const decisions = recentDecisions(home, since, DECISIONS_MAX);
  const runs = listRuns(home, RUNS_MAX).filter(({ run }) => run.slice(0, 8) >= since.replaceAll('-', ''));
  const landing = landingCutShort(home) ?? [];
  return { kind: 'coordinator', state, stale, decisions, landing, lost, runs };
}
