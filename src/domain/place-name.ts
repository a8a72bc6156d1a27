/** A linked worktree's name in `.git/worktrees/`, or null for the primary worktree. */
export type PlaceName = string | null;
