/**
 * Coord's own integration worktrees, `.coordination/integration/slot-<n>`: where a candidate is checked out and
 * validated. A slot stands at a commit (detached), and nobody works in it; its ignored files (node_modules, caches) are
 * kept from one candidate to the next, which is all that it is worth.
 *
 * States of a slot's folder, and what opening it does:
 *   not there, registered or not      git makes it (`worktree add`, which takes its own earlier registration over)
 *   half made by a killed git         git has it locked as "initializing": made anew
 *   there, its registration is gone, unreadable, or another's   the folder is put away and made anew
 *   there and whole                   what a killed git left (locks, a merge under way) goes
 *   there, and on a branch            somebody made a worktree of theirs here: refused, nothing is touched
 * Only the folder itself and its own registration are ever removed; `git worktree prune` is not run, since it takes the
 * registrations of others whose disk is not there at the moment. The hooks of the repository do not run here.
 */
import { parseRawDiff, type RawChange } from '../domain/checkout-sync.ts';
import { done, type Outcome, refuse } from '../domain/problem.ts';
import { AS_WRITTEN_MAX, isAsWritten } from './as-written.ts';
import { textOf } from './git.ts';
import { nulList, refusingGit } from './plumbing.ts';
import { type Slot, type SlotProblem, slotEnvironment, slotGit, slotsFolder, triesSlotGit } from './slot.ts';
import { fillLargeFiles } from './slot-lfs.ts';
import { awaitStrays, clearLeftovers, endStrays, existingSlot, makeSlot } from './slot-making.ts';
import { type MissingSubmodule, standSubmodules } from './slot-submodules.ts';

export type { Slot, SlotProblem } from './slot.ts';
export { slotEnvironment } from './slot.ts';

export function openSlot(home: string, number: number | string): Outcome<Slot, SlotProblem> {
  const name = `slot-${number}`;
  if (!/^slot-[a-z0-9-]+$/.test(name)) throw new Error(`not a slot: ${name}`);
  awaitStrays(`${slotsFolder(home)}/${name}`);
  const found = existingSlot(home, name);
  if (found && 'code' in found) return refuse(found);
  if (found) {
    clearLeftovers(found);
    return done(found);
  }
  const made = refusingGit(() => makeSlot(home, name));
  return 'code' in made ? refuse(made) : done(made);
}

export interface StoodSlot {
  /** Submodules whose commit is nowhere on this machine. */
  readonly missing: readonly MissingSubmodule[];
  /** Large files of which only the pointer is on this machine. */
  readonly pointers: readonly string[];
}

/** Stands at the commit, with exactly its files beside ignored ones. */
export function standSlot(slot: Slot, commit: string): Outcome<StoodSlot, SlotProblem> {
  const stood = refusingGit(() => stand(slot, commit));
  if (!('code' in stood)) return done(stood);
  const there = existingSlot(slot.home, slot.name);
  if (there && 'code' in there) return refuse(there);
  // An index or a HEAD that a loss of power tore, a folder that nobody may write: the slot is made anew, once.
  const again = refusingGit(() => stand(makeSlot(slot.home, slot.name), commit));
  return 'code' in again ? refuse(again) : done(again);
}

function stand(slot: Slot, commit: string): StoodSlot {
  endStrays(slot.root);
  clearLeftovers(slot);
  unmark(slot);
  slotGit(slot, ['checkout', '--force', '--detach', '--quiet', commit, '--']);
  slotGit(slot, ['clean', '-ffdq']);
  return { missing: standSubmodules(slot, commit), pointers: fillLargeFiles(slot) };
}

/** Git neither looks at nor writes what a validation told it to take for unchanged. */
function unmark(slot: Slot): void {
  const marked = nulList(slotGit(slot, ['ls-files', '-v', '-z'])).filter((line) => /^[a-zS] /.test(line));
  if (marked.length === 0) return;
  const input = marked.map((line) => `${line.slice(2)}\0`).join('');
  for (const option of ['--no-assume-unchanged', '--no-skip-worktree'])
    slotGit(slot, ['update-index', option, '-z', '--stdin'], { input });
}

/** When a validation is over: nothing that it started works on in the slot. */
export function leaveSlot({ root }: Slot): void {
  endStrays(root);
}

/** Tracked files that are not as the commit has them: what was validated is then not what would land. */
export function slotDrift(slot: Slot, commit: string): string[] {
  triesSlotGit(slot, ['update-index', '-q', '--really-refresh']);
  const options = ['--raw', '-z', '--no-renames', '--no-abbrev', '--ignore-submodules=dirty'];
  const changed = parseRawDiff(slotGit(slot, ['diff-index', ...options, commit, '--']));
  const env = slotEnvironment(slot);
  const isUntouched = (change: RawChange, at: number) =>
    at < AS_WRITTEN_MAX && isAsWritten(slot.root, change, env);
  return changed.filter((change, at) => !isUntouched(change, at)).map(({ path }) => textOf(path));
}
