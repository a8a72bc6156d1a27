/**
 * Who calls: by place, never by claim. The worktree that a session started in says which worker it is; the primary
 * worktree is the coordinator's, and a terminal there (no session) is the operator's. A session that has walked to
 * another worktree with `cd` is still who it was, and is told so.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { COORDINATOR, OPERATOR } from '../../domain/identifiers.ts';
import type { PlaceName } from '../../domain/place-name.ts';
import type { CallerProblem, Outcome } from '../../domain/problem.ts';
import { STATE_FILE, TEAM_SETTINGS_FILE } from '../../domain/project-paths.ts';
import { listNames } from './files.ts';
import { callingAgent } from './locks/callers.ts';
import { bareRepositoryAt, type HomedPlace, hasHome, isCoordinated, placeOf } from './place.ts';
import {
  coordinationPath,
  fileNameOf,
  listWorkers,
  type PlaceRecord,
  readPlaceRecord,
  readRecord,
  readSession,
  type SessionRecord,
  unreadablePlaceRecord,
} from './roster.ts';
import { seatStanding, seatTakenBy } from './seat.ts';

export interface Caller {
  readonly home: string;
  readonly root: string;
  readonly place: PlaceName;
  readonly commonDir: string;
  /** `ended`: the worker of a phase that is closed. `peer`: shared mode, beside the one that holds the seat. */
  readonly kind: 'operator' | 'coordinator' | 'worker' | 'ended' | 'guest' | 'peer';
  /** `operator`, `coordinator`, `worker-01`, `agent-1f0c22ab` or `guest`. */
  readonly name: string;
  readonly session: string | null;
  /** The subagent of the session that calls, where that is known (lock-callers). */
  readonly agent?: string | null;
  /** What a worker's worktree serves. */
  readonly record: PlaceRecord | undefined;
}

function guestName(place: PlaceName): string {
  return `guest-${place ?? 'home'}`;
}

/** The project around a folder, or why there is none. */
export function findProject(folder: string): Outcome<HomedPlace, CallerProblem> {
  const place = placeOf(folder);
  if (!place) {
    const bare = bareRepositoryAt(folder);
    if (bare !== undefined) return { done: false, problem: { code: 'bare-repository', folder: bare } };
    return { done: false, problem: { code: 'not-a-repository', folder } };
  }
  if (!hasHome(place)) return { done: false, problem: { code: 'bare-repository', folder: place.commonDir } };
  // What a `.git` file names: of a worktree whose repository was moved away it is not there.
  if (!existsSync(place.gitDir))
    return { done: false, problem: { code: 'repository-gone', root: place.root, gitDir: place.gitDir } };
  return { done: true, value: place };
}

/**
 * The caller of the CLI, from its folder and the session variable that the client gives to its shell. In shared mode
 * it may be a peer, and by the words of the call one of the session's subagents.
 */
export function identifyCaller(
  folder: string,
  env: Readonly<Record<string, string | undefined>>,
  words: readonly string[] = process.argv.slice(2),
): Outcome<Caller, CallerProblem> {
  const project = findProject(folder);
  if (!project.done) return project;
  const place = project.value;
  if (!isCoordinated(place.home)) return { done: false, problem: notCoordinated(place.home) };
  const session = env['CLAUDE_CODE_SESSION_ID'] || null;
  const elsewhere = session === null ? undefined : startedElsewhere(place, session);
  if (elsewhere)
    return { done: false, problem: { code: 'not-your-place', root: place.root, yours: elsewhere.root } };
  const taken = session === null ? undefined : seatTakenBy(place.home, place.name, session);
  const unreadable = unreadablePlaceRecord(place.home, place.name);
  if (unreadable) return { done: false, problem: { code: 'record-unreadable', file: unreadable } };
  const caller = callerAt(place, session);
  const peer = session === null ? undefined : peerAt(place, caller, session, words, taken !== undefined);
  if (peer) return { done: true, value: peer };
  if (taken) {
    const { session: other, sinceMs, epoch } = taken;
    const problem = {
      code: 'seat-taken' as const,
      place: place.root,
      session: other ?? 'unknown',
      sinceMs,
      epoch,
    };
    return { done: false, problem: { ...problem, actor: caller.name } };
  }
  return { done: true, value: caller };
}

/** Never set up; or it was, and what git does not keep was deleted. */
function notCoordinated(home: string): CallerProblem {
  const isLost = existsSync(join(home, STATE_FILE)) && existsSync(join(home, TEAM_SETTINGS_FILE));
  return { code: 'not-coordinated', home, isLost };
}

/** Refuses what the coordinator alone may do. */
export function notCoordinator({ name, home, session }: Caller, verb: string): CallerProblem {
  return { code: 'not-coordinator', actor: name, verb, ...(session === null ? { home } : {}) };
}

/** Refuses what a worker alone may do, naming those there are. */
export function notWorker({ name, home }: Caller, verb: string): CallerProblem {
  const active = listWorkers(home).filter(({ state }) => state === 'active');
  const workers = active.map(({ worker, worktree }) => ({ name: worker, worktree }));
  return { code: 'not-a-worker', actor: name, verb, workers };
}

/** The caller as a peer: everything of its place but the role of who holds the seat. */
export function asPeer(caller: Caller, name: string, agent: string | null): Caller {
  return { ...caller, kind: 'peer', name, agent };
}

function peerAt(
  place: HomedPlace,
  caller: Caller,
  session: string,
  words: readonly string[],
  isTaken: boolean,
): Caller | undefined {
  const agent = callingAgent(place.home, session, words, Date.now());
  const record = readSession(place.home, session, agent);
  if (record?.peer === undefined || record.place !== place.name || !isSharedMode(place.home))
    return undefined;
  if (agent === null && !isTaken && seatStanding(place.home, place.name, session).isOwn) return undefined;
  return asPeer(caller, record.peer, agent);
}

/** As it was last read: light, without what knows how to read a setting (settings-twin.ts says where this lies). */
function isSharedMode(home: string): boolean {
  const twin = readRecord<{ values?: { mode?: unknown } }>(coordinationPath(home, 'roster', 'settings.json'));
  return twin?.values?.mode === 'shared';
}

export function callerAt(place: HomedPlace, session: string | null): Caller {
  const { home, root, name, commonDir } = place;
  const base = { home, root, place: name, commonDir, session };
  if (name === null) {
    const kind = session === null ? OPERATOR : COORDINATOR;
    return { ...base, kind, name: kind, record: undefined };
  }
  const record = readPlaceRecord(home, name);
  if (record?.isEnded) return { ...base, kind: 'ended', name: record.worker, record: undefined };
  if (record) return { ...base, kind: 'worker', name: record.worker, record };
  return { ...base, kind: 'guest', name: guestName(name), record: undefined };
}

/** The session's own record when neither it nor a subagent of it works at this place. */
function startedElsewhere(place: HomedPlace, session: string): SessionRecord | undefined {
  const own = readSession(place.home, session, null);
  if (!own || own.place === place.name) return undefined;
  return agentsOf(place.home, session).some((agent) => agent.place === place.name) ? undefined : own;
}

/** The subagents of a session that are bound to a place. */
export function agentsOf(home: string, session: string): SessionRecord[] {
  const folder = coordinationPath(home, 'roster', 'sessions');
  const prefix = `${fileNameOf(session)}.`;
  return listNames(folder)
    .filter((name) => name.startsWith(prefix) && name !== `${prefix}json`)
    .map((name) => readRecord<SessionRecord>(`${folder}/${name}`))
    .filter((record) => record !== undefined);
}
