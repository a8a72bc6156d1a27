/** An integration worktree of coord's own (integration.ts), and git inside of it. */
import { coordinationPath } from './light/roster.ts';
import { mustGit, quietGit } from './plumbing.ts';

export interface Slot {
  readonly name: string;
  readonly home: string;
  readonly root: string;
  readonly gitDir: string;
}

export type SlotProblem =
  | { code: 'git-failed'; step: string; detail: string }
  | { code: 'slot-foreign'; path: string; branch: string };

export const SLOT_MARK = 'COORD_SLOT';
/** A large checkout on a slow disk. */
const TIMEOUT_MS = 900_000;

export function slotsFolder(home: string): string {
  return coordinationPath(home, 'integration');
}

/**
 * For every process that works in a slot. The mark is how a later run finds what outlived a killed one. The ceiling
 * keeps git from taking the primary worktree around the slot for its own, should the slot's `.git` be gone.
 */
export function slotEnvironment({ root, home }: Pick<Slot, 'root' | 'home'>): Record<string, string> {
  return {
    [SLOT_MARK]: root,
    GIT_CEILING_DIRECTORIES: slotsFolder(home),
    GIT_LFS_SKIP_SMUDGE: '1',
    GIT_TERMINAL_PROMPT: '0',
  };
}

/** All files: the primary's sparse checkout would leave a validation without half of them. */
const WHOLE = ['-c', 'core.sparseCheckout=false'];

export function slotGit(
  slot: Pick<Slot, 'root' | 'home'>,
  args: readonly string[],
  { cwd = slot.root, input }: { cwd?: string; input?: string } = {},
): string {
  const env = slotEnvironment(slot);
  const options = { env, timeoutMs: TIMEOUT_MS, ...(input === undefined ? {} : { input }) };
  return mustGit(cwd, [...WHOLE, ...args], options);
}

export function triesSlotGit(
  slot: Pick<Slot, 'root' | 'home'>,
  args: readonly string[],
  cwd: string = slot.root,
): { ok: boolean; stdout: string } {
  return quietGit(cwd, [...WHOLE, ...args], { env: slotEnvironment(slot), timeoutMs: TIMEOUT_MS });
}
