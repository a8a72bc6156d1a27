/**
 * Integration worktrees that no run opens any more: their number is above the setting, which was lowered since. The
 * others are kept between runs on purpose, for what they have installed. Nobody works in a slot; one that has a branch
 * checked out was taken by somebody, and is left.
 */
import { join } from 'node:path';
import type { Keep } from '../domain/clean-up.ts';
import { listNames } from './light/files.ts';
import { readTurn } from './light/merge-turn.ts';
import { placeAt } from './light/place.ts';
import { branchIn } from './noted-worktree.ts';
import { occupantOf } from './occupants.ts';
import { quietGit } from './plumbing.ts';
import { SLOT_MARK, slotsFolder } from './slot.ts';
import { existingSlot } from './slot-making.ts';
import { straysOf } from './strays.ts';

export interface IdleSlot {
  readonly name: string;
  readonly root: string;
  readonly keep: Keep | undefined;
}

export function listIdleSlots(home: string, parallel: number): IdleSlot[] {
  const folder = slotsFolder(home);
  return listNames(folder)
    .filter((name) => /^slot-\d+$/.test(name) && Number(name.slice('slot-'.length)) > parallel)
    .map((name) => ({ name, root: join(folder, name), keep: judgeSlot(home, name) }));
}

function judgeSlot(home: string, name: string): Keep | undefined {
  const slot = existingSlot(home, name);
  if (!slot) {
    const path = join(slotsFolder(home), name);
    return { code: 'not-as-noted', path, what: 'it is no integration worktree of this project' };
  }
  if ('code' in slot)
    return slot.code === 'slot-foreign'
      ? { code: 'other-branch', branch: slot.branch }
      : { code: 'refused', detail: slot.detail };
  const branch = branchIn(slot.gitDir);
  if (branch !== undefined) return { code: 'other-branch', branch };
  if (readTurn(home)) return { code: 'busy', what: 'a merge run' };
  const occupant = occupantOf(home, placeAt(slot.root)?.name ?? name, slot.root, Date.now());
  if (occupant) return { code: 'in-use', ...occupant };
  const [stray] = straysOf(SLOT_MARK, slot.root) ?? [];
  return stray === undefined ? undefined : { code: 'in-use', by: 'process', who: String(stray) };
}

/** Why it stays, judged anew; undefined when it is gone. */
export function removeSlot(home: string, { name, root }: IdleSlot): Keep | undefined {
  const keep = judgeSlot(home, name);
  if (keep) return keep;
  const removed = quietGit(home, ['worktree', 'remove', '--force', '--force', root]);
  return removed.ok ? undefined : { code: 'refused', detail: removed.stderr };
}
