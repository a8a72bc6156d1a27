/**
 * What the client made for subagents that belong to no phase: worktrees of some that have died, or that nobody ever came
 * to, and branches that git was killed behind, before there was a worktree.
 */
import { dirname, join } from 'node:path';
import { WORKTREES_FOLDER } from '../domain/project-paths.ts';
import { placeAt } from '../storage/light/place.ts';
import { readPlaceRecord, unreadablePlaceRecord } from '../storage/light/roster.ts';
import { isLeftByAgent, isSeatUntaken } from '../storage/light/seat.ts';
import { isBranchLongUntouched, isLongUntouched } from '../storage/noted-worktree.ts';

export interface Guest {
  readonly id: string;
  readonly branch: string;
  readonly place: string | null;
  readonly worktree: string | null;
}

export interface ListedWorktree {
  readonly path: string;
  readonly branch: string | undefined;
}

/** What the client calls the worktree of a subagent, and its branch. Others are a person's, who may come back to it. */
const AGENTS = /^agent-/;
const AGENT_BRANCHES = /^worktree-agent-/;

export function findGuests(
  home: string,
  worktrees: readonly ListedWorktree[],
  branches: ReadonlySet<string>,
): Guest[] {
  const checkedOut = new Set(worktrees.map(({ branch }) => branch));
  const alone = [...branches]
    .filter((branch) => AGENT_BRANCHES.test(branch) && !checkedOut.has(branch))
    .filter((branch) => isBranchLongUntouched(home, branch));
  return [
    ...worktrees.flatMap((listed) => guestIn(home, listed)),
    ...alone.map((branch) => ({ id: `guest-branch-${branch}`, branch, place: null, worktree: null })),
  ];
}

function guestIn(home: string, { path: worktree, branch }: ListedWorktree): Guest[] {
  const found = dirname(worktree) === join(home, WORKTREES_FOLDER) ? placeAt(worktree) : undefined;
  const place = found?.name ?? null;
  if (!found || place === null || branch === undefined) return [];
  const isClients = AGENTS.test(place) && branch === `worktree-${place}`;
  const isNeverEntered = isClients && isSeatUntaken(home, place) && isLongUntouched(found.gitDir);
  if (!isLeftByAgent(home, place) && !isNeverEntered) return [];
  if (unreadablePlaceRecord(home, place) || readPlaceRecord(home, place)) return [];
  return [{ id: `guest-${place}`, branch, place, worktree }];
}
