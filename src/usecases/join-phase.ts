/**
 * Joins a phase from a worktree that coord did not make: a subagent's with `isolation: worktree`, or one of a
 * person's own. The worktree is brought to the coordinator's HEAD where that takes nothing away; a worktree forked
 * from elsewhere is refused (work built on the wrong base once went unnoticed until it was merged).
 */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { done, type Outcome, refuse } from '../domain/problem.ts';
import { statusFileOf } from '../domain/project-paths.ts';
import { judgeStart, phaseOrRefusal, type StatePhase } from '../domain/state-document.ts';
import { nowMs } from '../storage/clock.ts';
import { readState } from '../storage/document-kinds.ts';
import { branchNameOf, git, hasBranch, headOf, isAncestor } from '../storage/git.ts';
import { type Caller, notWorker } from '../storage/light/caller.ts';
import { makeFolder, readTextIfThere, writeAtomic } from '../storage/light/files.ts';
import { noteAct } from '../storage/light/journal.ts';
import { noteLeftPlace } from '../storage/light/left-places.ts';
import { placeAt } from '../storage/light/place.ts';
import { livenessOf } from '../storage/light/process.ts';
import {
  readPlaceRecord,
  readWorkerRecord,
  removePlaceRecord,
  type WorkerRecord,
} from '../storage/light/roster.ts';
import { readSeat } from '../storage/light/seat.ts';
import { announceLeft } from './announce-failure.ts';
import { judgeRoom } from './judge-room.ts';
import { deadHolder, handOver, handOverPlace } from './leave-handoff.ts';
import { openPhase, type StartedPhase, withPhases } from './start-phase.ts';

/** The issue tracker is told last, of what is left behind, when nobody waits for it under the mutex. */
export function joinPhase(caller: Caller, id: string, isTakeover: boolean): Outcome<StartedPhase> {
  const { home, root, place } = caller;
  if (place === null) return refuse(notWorker(caller, 'join a phase'));
  const left: string[] = [];
  const joined = withPhases(home, () => joinHeld(caller, id, isTakeover, left));
  const record = joined.done ? readPlaceRecord(home, place) : undefined;
  if (record) announceLeft({ home, root, record }, left);
  return joined;
}

/** `left` gets the plans that a dead worker left. */
function joinHeld(caller: Caller, id: string, isTakeover: boolean, left: string[]): Outcome<StartedPhase> {
  const { home, root, place, session } = caller;
  const loaded = readState(home);
  if (!loaded.done) return loaded;
  const state = loaded.value.document;
  const phase = phaseOrRefusal(state, id);
  if ('code' in phase) return refuse(phase);
  const branch = branchNameOf(root) ?? '(detached)';
  const here: StartedPhase = { phase: phase.id, worker: phase.worker, worktree: root, branch };
  if (caller.record && caller.record.phase.id !== phase.id) {
    return refuse({ code: 'worktree-has-phase', worktree: root, phase: caller.record.phase.id });
  }
  const isOpen = phase.state === 'active' && readWorkerRecord(home, phase.worker)?.place === place;
  if (isOpen) return done(here);
  // With a record and not open: an earlier join was killed between the two, and is carried on.
  if (caller.record) return openPhase(home, phase, here);
  const old = readWorkerRecord(home, phase.worker);
  if (phase.state === 'active') {
    const moved = moveFromOldPlace(caller, phase, isTakeover, left);
    if (!moved.done) return moved;
  } else {
    const refusal = judgeStart(state, phase);
    if (refusal) return refuse(refusal);
    const full = judgeRoom(home, state, phase, false);
    if (full) return refuse(full);
  }
  const based = bringToBase(home, root);
  if (!based.done) return based;
  const gone = old ? deadHolder(home, old.place, session, isTakeover) : undefined;
  const opened = openPhase(home, phase, here);
  const record = opened.done ? readPlaceRecord(home, place) : undefined;
  // Where the old worktree is gone, STATUS.md came from its last good copy, without a mark.
  if (gone && record) left.push(...handOver({ home, root, record }, gone));
  if (!opened.done || !old || old.branch === branch || takeOver(root, old.branch)) return opened;
  return done({ ...opened.value, earlier_branch: old.branch });
}

/** True when the worktree holds what the phase's earlier worker committed, or could be brought there. */
function takeOver(root: string, branch: string): boolean {
  if (!hasBranch(root, branch)) return true;
  const tip = `refs/heads/${branch}`;
  const head = headOf(root);
  return (
    (head !== undefined && isAncestor(root, tip, head)) ||
    git(root, ['merge', '--ff-only', '--quiet', tip]).ok
  );
}

/** Makes sure that the worktree holds all that the coordinator's HEAD holds. */
function bringToBase(home: string, root: string): Outcome<undefined> {
  const wanted = headOf(home);
  const head = headOf(root);
  if (wanted === undefined || head === undefined) return refuse({ code: 'no-commit-yet', home });
  if (isAncestor(root, wanted, head)) return done(undefined);
  const isBehind = isAncestor(root, head, wanted);
  if (isBehind && git(root, ['merge', '--ff-only', '--quiet', wanted]).ok) return done(undefined);
  return refuse({ code: 'wrong-base', root, head, wanted });
}

/**
 * An active phase moves only when its old worktree is gone, or a takeover was ordered and nobody works there. What its
 * worker left is marked first, in the STATUS.md that moves along: killed later, the mark is there.
 */
function moveFromOldPlace(
  { home, root, session }: Caller,
  phase: StatePhase,
  isTakeover: boolean,
  left: string[],
): Outcome<undefined> {
  const old = readWorkerRecord(home, phase.worker);
  const isThere = old !== undefined && placeAt(old.worktree)?.name === old.place && existsSync(old.worktree);
  if (isThere && !(isTakeover && isAbandoned(home, old))) {
    const { worktree, branch } = old;
    return refuse({ code: 'phase-already-started', phase: phase.id, worker: phase.worker, worktree, branch });
  }
  if (isThere) {
    const there = { root: old.worktree, name: old.place };
    left.push(...(handOverPlace(home, there, session, true)?.plans ?? []));
  }
  const status = old && isThere ? readTextIfThere(join(old.worktree, statusFileOf(phase.folder))) : undefined;
  const file = join(root, statusFileOf(phase.folder));
  if (status !== undefined) {
    makeFolder(dirname(file));
    writeAtomic(file, status, { durable: true });
  }
  if (old?.place) {
    noteLeftPlace(home, old);
    removePlaceRecord(home, old.place);
  }
  const taken = { phase: phase.id, actor: phase.worker, from: old?.worktree ?? null, to: root };
  noteAct(home, { act: 'takeover', ...taken, ordered: isTakeover }, nowMs());
  return done(undefined);
}

function isAbandoned(home: string, old: WorkerRecord): boolean {
  const seat = readSeat(home, old.place);
  return !seat?.process || livenessOf(seat.process) !== 'alive';
}
