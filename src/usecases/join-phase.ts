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
import { holdsWork } from '../storage/branch-end.ts';
import { nowMs } from '../storage/clock.ts';
import { readState } from '../storage/document-kinds.ts';
import { branchNameOf, git, hasBranch, headOf, isAncestor } from '../storage/git.ts';
import { type Caller, notWorker } from '../storage/light/caller.ts';
import { makeFolder, readTextIfThere, writeAtomic } from '../storage/light/files.ts';
import { noteAct } from '../storage/light/journal.ts';
import { forgetLeftPlace, listLeftPlaces, noteLeftPlace } from '../storage/light/left-places.ts';
import { placeAt } from '../storage/light/place.ts';
import { livenessOf } from '../storage/light/process.ts';
import {
  readPlaceRecord,
  readWorkerRecord,
  removePlaceRecord,
  type WorkerRecord,
} from '../storage/light/roster.ts';
import { readSeat } from '../storage/light/seat.ts';
import { accountWork } from './account-landing.ts';
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
  if (isOpen) return done({ ...here, ...earlierWork(home, root, phase.worker) });
  // With a record and not open: an earlier join was killed between the two, and is carried on.
  if (caller.record) return openPhase(home, phase, here);
  const old = readWorkerRecord(home, phase.worker);
  const refusal =
    phase.state === 'active' ? judgeMove(home, phase, old, isTakeover) : judgeStart(state, phase);
  if (refusal) return refuse(refusal);
  const full = phase.state === 'active' ? undefined : judgeRoom(home, state, phase, false);
  if (full) return refuse(full);
  // From here on the worktree is known for one of coord's, also when this is killed.
  const isNoted = listLeftPlaces(home).some((known) => known.place === place);
  if (place !== null) noteLeftPlace(home, { place, worktree: root, branch, worker: phase.worker });
  const asked = { command: 'coord join', session: session ?? 'terminal' };
  const based = accountWork(home, [{ root, place }], asked, () => {
    const brought = bringToBase(home, root);
    // Before STATUS.md is there: where the branch holds it too, it would be in the way.
    if (brought.done && phase.state === 'active' && old) takeOver(root, old.branch);
    return brought;
  });
  if (!based.done) {
    // Nobody has worked on the phase here.
    if (place !== null && !isNoted) forgetLeftPlace(home, place);
    return based;
  }
  if (phase.state === 'active' && old) moveFromOldPlace(caller, { phase, old, isTakeover }, left);
  const gone = old ? deadHolder(home, old.place, session, isTakeover) : undefined;
  const opened = openPhase(home, phase, here);
  const record = opened.done ? readPlaceRecord(home, place) : undefined;
  // Where the old worktree is gone, STATUS.md came from its last good copy, without a mark.
  if (gone && record) left.push(...handOver({ home, root, record }, gone));
  return opened.done ? done({ ...opened.value, ...earlierWork(home, root, phase.worker) }) : opened;
}

/** Brings in what the phase's earlier worker committed; where that conflicts, the worktree stays as it was. */
function takeOver(root: string, branch: string): void {
  if (!hasBranch(root, branch) || holdsWork(root, 'HEAD', `refs/heads/${branch}`)) return;
  const merged = git(root, ['merge', '--quiet', '--no-edit', `refs/heads/${branch}`]);
  if (!merged.ok) git(root, ['merge', '--abort']);
}

/** A branch on which the phase was worked on elsewhere, with commits that are not here. */
function earlierWork(home: string, root: string, worker: string): Pick<StartedPhase, 'earlier_branch'> {
  const earlier = listLeftPlaces(home)
    .filter((left) => left.worker === worker && hasBranch(root, left.branch))
    .find((left) => !holdsWork(root, 'HEAD', `refs/heads/${left.branch}`));
  return earlier ? { earlier_branch: earlier.branch } : {};
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

/** An active phase moves only when its old worktree is gone, or a takeover was ordered and nobody works there. */
function judgeMove(home: string, phase: StatePhase, old: WorkerRecord | undefined, isTakeover: boolean) {
  if (!old || !isStanding(old) || (isTakeover && isAbandoned(home, old))) return undefined;
  const { worktree, branch } = old;
  return {
    code: 'phase-already-started' as const,
    phase: phase.id,
    worker: phase.worker,
    worktree,
    branch,
  };
}

function isStanding({ worktree, place }: WorkerRecord): boolean {
  return placeAt(worktree)?.name === place && existsSync(worktree);
}

/**
 * What its worker left is marked first, in the STATUS.md that moves along: killed later, the mark is there. `left` gets
 * the plans that were left.
 */
function moveFromOldPlace(
  { home, root, session }: Caller,
  { phase, old, isTakeover }: { phase: StatePhase; old: WorkerRecord; isTakeover: boolean },
  left: string[],
): void {
  const isThere = isStanding(old);
  if (isThere) {
    const there = { root: old.worktree, name: old.place };
    left.push(...(handOverPlace(home, there, session, true)?.plans ?? []));
  }
  const status = isThere ? readTextIfThere(join(old.worktree, statusFileOf(phase.folder))) : undefined;
  const file = join(root, statusFileOf(phase.folder));
  if (status !== undefined) {
    makeFolder(dirname(file));
    writeAtomic(file, status, { durable: true });
  }
  if (old.place) {
    noteLeftPlace(home, old);
    removePlaceRecord(home, old.place);
  }
  const taken = { phase: phase.id, actor: phase.worker, from: old.worktree, to: root };
  noteAct(home, { act: 'takeover', ...taken, ordered: isTakeover }, nowMs());
}

function isAbandoned(home: string, old: WorkerRecord): boolean {
  const seat = readSeat(home, old.place);
  return !seat?.process || livenessOf(seat.process) !== 'alive';
}
