/**
 * How a validation ended, for `coord health`: in the counters, and as a line in the log of acts. One that failed is
 * looked at for what agents share (domain/shared-state): what it printed, whose locked files were uncommitted then,
 * whether files changed under it while another session worked in the same worktree.
 */
import type { Evidence } from '../domain/evidence.ts';
import { covers, type LockTarget } from '../domain/lock.ts';
import { printsSharedState, type SharedCause } from '../domain/shared-state.ts';
import { changedFiles } from '../storage/git.ts';
import { count } from '../storage/light/counters.ts';
import type { BegunRun } from '../storage/light/evidence-files.ts';
import { noteAct } from '../storage/light/journal.ts';
import { allLockFolders, readLock } from '../storage/light/locks/files.ts';
import { lockSpaceOf } from '../storage/light/locks/targets.ts';
import { hasHome, placeAt } from '../storage/light/place.ts';
import { listSessions } from '../storage/light/roster.ts';

/** Locks of others that are looked at: more than that, and somebody surely works beside this one. */
const LOCKS_MAX = 2_000;
/** Whoever was heard so long before is still at its turn. */
const COMPANY_MS = 60_000;

/** One line of commands is one run, however many validations it held. `exit`: the line's own. */
export function noteRun(
  home: string,
  begun: BegunRun,
  records: readonly Evidence[],
  result: { exit: number | null; output: string },
  nowMs: number,
): void {
  const [first] = records;
  if (!first) return;
  const { exit, output } = result;
  const causes = exit === 0 || exit === null ? [] : causesOf(home, begun, first, output);
  // Stopped, or nobody knows how it ended: neither passed nor failed.
  if (exit !== null) count(home, exit === 0 ? 'validations_passed' : 'validations_failed', 1, nowMs);
  if (causes.length > 0) count(home, 'failures_shared', 1, nowMs);
  const { by: actor, place, duration_ms, id: evidence, log } = first;
  const command = records.map((record) => record.command).join(' && ');
  const shared = causes.length > 0 ? { shared: causes } : {};
  noteAct(
    home,
    { act: 'validation', actor, place, command, exit, duration_ms, evidence, log, ...shared },
    nowMs,
  );
}

function causesOf(home: string, begun: BegunRun, record: Evidence, output: string): SharedCause[] {
  const foreign = foreignLocks(home, begun);
  const isBeside = foreign.length > 0 || hasCompany(home, begun);
  const isMoved = record.tree !== null && record.tree_after !== null && record.tree !== record.tree_after;
  return [
    ...(printsSharedState(output) ? (['words'] as const) : []),
    ...(isDirty(begun.root, foreign) ? (['others-dirty'] as const) : []),
    ...(isMoved && isBeside ? (['tree-moved'] as const) : []),
  ];
}

/** What others have locked in this worktree. */
function foreignLocks(home: string, { place, by }: BegunRun): LockTarget[] {
  return allLockFolders(home)
    .slice(0, LOCKS_MAX)
    .map(readLock)
    .filter((lock) => lock !== undefined)
    .filter(({ note }) => !note.isAlias && note.target.place === place && note.name !== by)
    .map(({ note }) => note.target);
}

function isDirty(root: string, foreign: readonly LockTarget[]): boolean {
  const place = foreign.length > 0 ? placeAt(root) : undefined;
  if (!place || !hasHome(place)) return false;
  const { caseBlind } = lockSpaceOf(place);
  const dirty = changedFiles(root).map(({ path }) => path);
  return foreign.some((target) => dirty.some((path) => covers(target, path, caseBlind)));
}

/** Another session that gave a sign of life at this place while the validation ran, or shortly before. */
function hasCompany(home: string, { place, session, startedAtMs }: BegunRun): boolean {
  return listSessions(home).some(
    (other) =>
      other.place === place && other.session !== session && other.heardAtMs >= startedAtMs - COMPANY_MS,
  );
}
