/** The branch that work lands on. */
import type { Settings } from '../domain/settings.ts';
import { branchNameOf } from './git.ts';

/** The setting's, else the one that the primary worktree has checked out; empty when that stands on no branch. */
export function targetOf(home: string, settings: Pick<Settings, 'merge_target'>): string {
  return settings.merge_target || (branchNameOf(home) ?? '');
}
