/**
 * Who may write where (design: the guard). First rule that speaks, wins:
 *   1 runtime folders: nobody, except through coord
 *   2 a coordinator's document: the coordinator; DECISIONS.md: nobody but `coord decide`
 *   3 a STATUS.md: its phase's worker, in its own worktree
 *   4 a path inside a worktree: only who stands in it, and inside the phase's scope where one is declared; where it
 *     has a development cycle, its artifacts are the role's that owns them (cycle-hold)
 *   5 shared mode: whoever holds the lock on the path, or can take it now (needsLock; the locks are asked elsewhere)
 *   6 anything else: not coord's business
 * Whoever passes the rules must also hold the seat of the place it stands in, and not be held by a strict blocker.
 *
 * Glossary. *place*: a worktree of the project; null stands for the primary one, else git's own name of the linked
 * worktree. *peer*: in shared mode, who works in a place beside the one that holds its seat: like that one, but for its
 * documents, which stay the seat holder's. *ground*: what a resolved path belongs to. *seat*: the lease on a place; one session holds it at a time.
 */

import type { CycleRole } from './cycle/cycle.ts';
import { type ArtifactRefusal, judgeArtifact, judgeRoleGround } from './cycle/hold.ts';
import type { PlaceName } from './place-name.ts';
import {
  artifactAt,
  documentAt,
  isInProgress,
  mayHoldArtifacts,
  mayHoldDocuments,
  PROGRESS_FOLDER,
  phaseFolderAt,
} from './project-paths.ts';

export type Ground =
  | { kind: 'outside' }
  | { kind: 'worktree'; place: PlaceName; root: string; relative: string; owner: string }
  /** Inside git's own folder; `place` is the worktree whose private part it is, 'shared' the part of all. */
  | { kind: 'git'; place: PlaceName | 'shared' }
  | { kind: 'foreign-project'; home: string };

export interface Target {
  /** As resolved: absolute, symlinks and `..` gone. */
  readonly path: string;
  readonly ground: Ground;
  /** True when all below the path may change too. */
  readonly tree: boolean;
  /** For a tree: worktrees of other places that lie below the path. */
  readonly below: readonly { place: PlaceName; owner: string; root: string }[];
  /** The worker of the phase whose STATUS.md this is, where it is one. */
  readonly documentOwner: string | undefined;
  /** The worktree's development cycle, where this is one of its artifacts or holds some. */
  readonly cycle?: string | undefined;
  /** Guarded file that this path is another name of (hard link), as resolved. */
  readonly aliasOf: Target | undefined;
}

export interface ScopeRule {
  readonly glob: string;
  /** The glob as the source of a regular expression, made when the phase was declared. */
  readonly pattern: string;
}

export interface Hold {
  readonly blocker: string;
  readonly summary: string;
}

export interface SeatHolder {
  readonly session: string | null;
  readonly sinceMs: number;
  readonly epoch: number;
}

export interface Actor {
  /** `coordinator`, `worker-01`, or `guest` for a session in a worktree that joined no phase. */
  readonly name: string;
  readonly place: PlaceName;
  readonly root: string;
  readonly phase:
    | { readonly id: string; readonly folder: string; readonly scope: readonly ScopeRule[] }
    | undefined;
  /** Undefined: the seat is this session's or free. */
  readonly seatTakenBy: SeatHolder | undefined;
  /** The unanswered blocker that holds this worker in strict mode. */
  readonly hold: Hold | undefined;
  readonly caseBlind: boolean;
  /** Shared mode: it works here beside the one that holds the seat. */
  readonly isPeer?: boolean;
  /** An agent of the place's development cycle, whose turn it is. */
  readonly role?: CycleRole | undefined;
}

const COORDINATOR_PLACE: PlaceName = null;
/** What a refusal says of a tree in which coord's own documents lie. */
export const GUARDED_DOCUMENTS = 'guarded documents';
const ARTIFACTS = 'the artifacts of a development cycle';

export type Refusal =
  | ArtifactRefusal
  | { code: 'runtime-folder'; path: string; folder: string }
  | { code: 'coordinator-document'; path: string; actor: string }
  | { code: 'decisions-file'; path: string }
  | { code: 'status-of-other'; path: string; owner: string; actor: string }
  | { code: 'other-worktree'; path: string; owner: string; worktree: string; actor: string; root: string }
  | { code: 'git-internals'; path: string; actor: string }
  | { code: 'out-of-scope'; path: string; phase: string; scope: string[] }
  | { code: 'foreign-project'; path: string; home: string }
  | { code: 'tree-holds-other'; path: string; inside: string; owner: string }
  | { code: 'seat-taken'; place: string; session: string; sinceMs: number; epoch: number; actor: string }
  | { code: 'strict-hold'; blocker: string; summary: string; actor: string };

/** Refusals of single files: a command whose writes nobody can know is not refused for them. */
export function isOfSingleFiles({ code }: { readonly code: string }): boolean {
  return code === 'out-of-scope' || code === 'role-ground';
}

/** Judges one write of one actor. Undefined: coord has nothing against it. */
export function judgeWrite(actor: Actor, target: Target): Refusal | undefined {
  if (target.aliasOf) {
    const refusal = judgeWrite(actor, target.aliasOf);
    if (refusal) return refusal;
  }
  if (target.ground.kind === 'outside') return target.tree ? judgeTree(actor, target) : undefined;
  return (
    judgeDocument(actor, target) ??
    judgeCycle(actor, target) ??
    judgeWorktree(actor, target) ??
    (target.tree ? judgeTree(actor, target) : undefined) ??
    judgeSeat(actor) ??
    judgeHold(actor)
  );
}

/**
 * Rule 5: whether the target is a file or folder of the actor's own worktree, which in shared mode takes a lock. What
 * has one writer by its document's rule needs none.
 */
export function needsLock(actor: Actor, { ground, cycle }: Target): boolean {
  if (ground.kind !== 'worktree' || ground.place !== actor.place || cycle !== undefined) return false;
  return documentAt(ground.relative, actor.caseBlind) === undefined;
}

/** Rules 1 to 3. */
function judgeDocument(actor: Actor, target: Target): Refusal | undefined {
  if (target.ground.kind !== 'worktree') return undefined;
  const { place, relative } = target.ground;
  const document = documentAt(relative, actor.caseBlind);
  switch (document?.kind) {
    case undefined:
      return undefined;
    case 'runtime':
      return { code: 'runtime-folder', path: target.path, folder: document.folder };
    case 'decisions':
      return { code: 'decisions-file', path: target.path };
    case 'state':
    case 'agents':
      return actor.place === COORDINATOR_PLACE && place === COORDINATOR_PLACE && !actor.isPeer
        ? undefined
        : { code: 'coordinator-document', path: target.path, actor: actor.name };
    case 'status': {
      if (isOwnFolder(actor, document.phaseFolder) && place === actor.place && !actor.isPeer)
        return undefined;
      const owner = target.documentOwner ?? `the worker of phase folder ${document.phaseFolder}`;
      return { code: 'status-of-other', path: target.path, owner, actor: actor.name };
    }
  }
}

function isOwnFolder({ phase, caseBlind }: Actor, phaseFolder: string): boolean {
  if (!phase) return false;
  return caseBlind ? phase.folder.toLowerCase() === phaseFolder.toLowerCase() : phase.folder === phaseFolder;
}

/** Of the actor's own worktree: an artifact is its role's, and three of the roles write nothing else. */
function judgeCycle(actor: Actor, { ground, path, cycle, tree }: Target): Refusal | undefined {
  const isOwn =
    ground.kind !== 'foreign-project' && ground.kind !== 'outside' && ground.place === actor.place;
  if (!isOwn) return undefined;
  const relative = ground.kind === 'worktree' ? ground.relative : undefined;
  const artifact = relative === undefined ? undefined : artifactAt(relative, actor.caseBlind);
  if (artifact && cycle !== undefined) return judgeArtifact(actor.role, cycle, { path, artifact, tree });
  return actor.role && judgeRoleGround(actor.role, path);
}

/** Rule 4. */
function judgeWorktree(actor: Actor, target: Target): Refusal | undefined {
  const { ground, path } = target;
  switch (ground.kind) {
    case 'outside':
      return undefined;
    case 'foreign-project':
      return { code: 'foreign-project', path, home: ground.home };
    case 'git': {
      // The whole of git's folder, or of `worktrees` in it, holds the private parts of all.
      const holdsAll = target.tree && /\/(?:\.git|worktrees)$/.test(path);
      const mine =
        ground.place === actor.place || (ground.place === 'shared' && actor.place === COORDINATOR_PLACE);
      return mine && !holdsAll ? undefined : { code: 'git-internals', path, actor: actor.name };
    }
    case 'worktree':
      if (ground.place !== actor.place) {
        const { owner, root: worktree } = ground;
        return { code: 'other-worktree', path, owner, worktree, actor: actor.name, root: actor.root };
      }
      return judgeScope(actor, path, ground.relative);
  }
}

/** What every worker may write whatever its scope says: its own STATUS.md and its progress files. */
function isAlwaysInScope(actor: Actor, relative: string): boolean {
  const document = documentAt(relative, actor.caseBlind);
  return document?.kind === 'status' || relative === PROGRESS_FOLDER || isInProgress(relative);
}

function judgeScope(actor: Actor, path: string, relative: string): Refusal | undefined {
  const scope = actor.phase?.scope ?? [];
  if (!actor.phase || scope.length === 0 || isAlwaysInScope(actor, relative)) return undefined;
  const flags = actor.caseBlind ? 'i' : '';
  if (scope.some((rule) => new RegExp(rule.pattern, flags).test(relative))) return undefined;
  return { code: 'out-of-scope', path, phase: actor.phase.id, scope: scope.map((rule) => rule.glob) };
}

/** A write that takes a whole tree must not take along what is not the actor's. */
function judgeTree(actor: Actor, target: Target): Refusal | undefined {
  const other = target.below.find((worktree) => worktree.place !== actor.place);
  if (other) return { code: 'tree-holds-other', path: target.path, inside: other.root, owner: other.owner };
  if (target.ground.kind !== 'worktree') return undefined;
  const { relative } = target.ground;
  if (target.cycle !== undefined && mayHoldArtifacts(relative, actor.caseBlind))
    return { code: 'tree-holds-other', path: target.path, inside: ARTIFACTS, owner: target.cycle };
  if (!mayHoldDocuments(relative, actor.caseBlind)) return undefined;
  const phaseFolder = phaseFolderAt(relative, actor.caseBlind);
  if (phaseFolder !== undefined && isOwnFolder(actor, phaseFolder) && !actor.isPeer) return undefined;
  return { code: 'tree-holds-other', path: target.path, inside: GUARDED_DOCUMENTS, owner: 'coord' };
}

function judgeSeat(actor: Actor): Refusal | undefined {
  const holder = actor.seatTakenBy;
  if (!holder) return undefined;
  return {
    code: 'seat-taken',
    place: actor.root,
    session: holder.session ?? 'unknown',
    sinceMs: holder.sinceMs,
    epoch: holder.epoch,
    actor: actor.name,
  };
}

function judgeHold(actor: Actor): Refusal | undefined {
  if (!actor.hold) return undefined;
  return { code: 'strict-hold', blocker: actor.hold.blocker, summary: actor.hold.summary, actor: actor.name };
}
