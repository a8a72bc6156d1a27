/**
 * What the guard holds the agents of a development cycle to, and everybody else to them. Pure.
 *
 *   - A role acts while its cycle runs and the turn is its own; at any other time none of its calls passes, whatever
 *     they would do: paused and failed are not asked for, but enforced.
 *   - A turn is one agent's, the one that was started for it last: what an earlier one still does, or leaves undone,
 *     must not end the turn of the later.
 *   - An artifact has one writer: the role that owns its folder, in its turn. What coord keeps there (`history/`,
 *     `coordination/`, `cycles/`) has none.
 *   - Three of the roles write their artifact and nothing else; the developer writes code besides.
 *   - No role moves its own cycle from one state to another, and nobody hands over for another.
 */

import { ARTIFACT_ARCHIVE, ARTIFACT_COORDINATION, type ArtifactPath } from '../project-paths.ts';
import { type CyclePhase, type CycleRole, type CycleStatus, isRole, ROLE_AGENTS } from './cycle.ts';

/** What a hook needs of a cycle. `unreadable`: its state is there, or should be, and cannot be read. */
export type CycleGlance =
  | {
      readonly cycle: string;
      readonly status: CycleStatus;
      readonly phase: CyclePhase;
      readonly iteration: number;
    }
  | { readonly cycle: string; readonly status: 'unreadable'; readonly file: string };

/** The agent that was started last for a turn. */
export interface TurnHolder {
  readonly cycle: string;
  readonly iteration: number;
  readonly role: CycleRole;
  readonly session: string;
  /** Null for the main thread. */
  readonly agent: string | null;
}

/** Why an agent of the cycle may do nothing now. */
export type TurnRefusal =
  | { code: 'cycle-not-running'; cycle: string; status: Exclude<CycleStatus, 'running'>; agent: string }
  /** `turn`: the agent that has it, or what coord does meanwhile. */
  | { code: 'cycle-turn-of-other'; cycle: string; turn: string; agent: string }
  | { code: 'cycle-turn-taken'; cycle: string; agent: string }
  | { code: 'cycle-unreadable'; cycle: string; file: string; agent: string };

export type ArtifactRefusal =
  | { code: 'artifact-of-role'; path: string; cycle: string; owner: string }
  | { code: 'artifact-of-coord'; path: string; cycle: string }
  | { code: 'role-ground'; path: string; agent: string; folder: string };

export type CycleCallRefusal =
  | { code: 'cycle-control'; how: string; agent: string }
  | { code: 'cycle-report-of-role'; how: string }
  | { code: 'cycle-delegates'; tool: string; agent: string };

export type CycleGuardRefusal = TurnRefusal | ArtifactRefusal | CycleCallRefusal;

/** Undefined: the role has the turn. */
export function judgeTurn(role: CycleRole, glance: CycleGlance): TurnRefusal | undefined {
  const { cycle, status } = glance;
  const agent = ROLE_AGENTS[role];
  if (status === 'unreadable') return { code: 'cycle-unreadable', cycle, file: glance.file, agent };
  if (status !== 'running') return { code: 'cycle-not-running', cycle, status, agent };
  if (glance.phase === role) return undefined;
  const turn = isRole(glance.phase) ? ROLE_AGENTS[glance.phase] : glance.phase;
  return { code: 'cycle-turn-of-other', cycle, turn, agent };
}

/** Of two agents of the role whose turn it is, the later has it; undefined also where nobody noted who was started. */
export function judgeHolder(
  role: CycleRole,
  glance: CycleGlance,
  holder: TurnHolder | undefined,
  self: Pick<TurnHolder, 'session' | 'agent'>,
): TurnRefusal | undefined {
  if (!holder || !isTurnOf(holder, role, glance)) return undefined;
  if (holder.session === self.session && holder.agent === self.agent) return undefined;
  return { code: 'cycle-turn-taken', cycle: glance.cycle, agent: ROLE_AGENTS[role] };
}

/** Whether this is noted of the turn that is under way, and not of one before it. */
export function isTurnOf(holder: TurnHolder, role: CycleRole, glance: CycleGlance): boolean {
  if (glance.status === 'unreadable' || holder.role !== role) return false;
  return holder.cycle === glance.cycle && holder.iteration === glance.iteration;
}

/** One artifact of a cycle, written by an agent of it (in its turn) or by anybody else. */
export function judgeArtifact(
  role: CycleRole | undefined,
  cycle: string,
  { path, artifact, tree }: { path: string; artifact: ArtifactPath; tree: boolean },
): ArtifactRefusal | undefined {
  const { folder } = artifact;
  if (folder === ARTIFACT_COORDINATION || folder === ARTIFACT_ARCHIVE)
    return { code: 'artifact-of-coord', path, cycle };
  if (folder !== role) {
    if (role !== undefined && role !== 'cd') return judgeRoleGround(role, path);
    return { code: 'artifact-of-role', path, cycle, owner: ROLE_AGENTS[folder] };
  }
  // The whole folder holds the versions that were taken in.
  return artifact.isKept || (tree && artifact.isWhole)
    ? { code: 'artifact-of-coord', path, cycle }
    : undefined;
}

/** A path of the project that is no artifact of the role's own. */
export function judgeRoleGround(role: CycleRole, path: string): ArtifactRefusal | undefined {
  if (role === 'cd') return undefined;
  return { code: 'role-ground', path, agent: ROLE_AGENTS[role], folder: role };
}

/** Verbs that move a cycle from one state to another, which is the user's to order. */
const CONTROL = ['new', 'start', 'pause', 'resume', 'stop', 'extend', 'rebuild', 'answer'];

/** A call of coord by the words behind it; `*` stands in them for what is not known. */
export function judgeCycleCall(
  role: CycleRole | undefined,
  args: readonly string[],
  how: string,
): CycleCallRefusal | undefined {
  const [noun = '', verb = ''] = args;
  if (args.some((word) => word === '--help' || word === '-h')) return undefined;
  if (role === undefined)
    return noun === 'cycle' && verb === 'report' ? { code: 'cycle-report-of-role', how } : undefined;
  const isCycle = noun === 'cycle' || noun.includes('*');
  const isControl = CONTROL.includes(verb) || verb.includes('*');
  return isCycle && isControl ? { code: 'cycle-control', how, agent: ROLE_AGENTS[role] } : undefined;
}

const CONTROL_TEXT = /\bcoord(?:\.(?:c?js|cmd|exe|ps1))?["'`]*\s+["'`]*cycle\b["'`]*\s+["'`]*(\w+)/gi;

/** A command of a shell that is not parsed: by its words. */
export function judgeCycleText(role: CycleRole, text: string): CycleCallRefusal | undefined {
  for (const [how, verb = ''] of text.matchAll(CONTROL_TEXT))
    if (CONTROL.includes(verb.toLowerCase())) return { code: 'cycle-control', how, agent: ROLE_AGENTS[role] };
  return undefined;
}

/** Tools that start others, whose calls would not be the role's. */
const STARTERS = new Set(['Agent', 'Task', 'Workflow', 'Skill']);

export function judgeStarting(role: CycleRole, tool: string): CycleCallRefusal | undefined {
  return STARTERS.has(tool) ? { code: 'cycle-delegates', tool, agent: ROLE_AGENTS[role] } : undefined;
}
