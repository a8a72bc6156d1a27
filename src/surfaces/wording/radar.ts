/** Sentences of the conflict radar: one line a conflict, most harmful first; nothing where there is none. */
import { cleanLine } from '../../domain/message.ts';
import type { ConflictView } from '../../domain/radar.ts';
import type { RadarView } from '../../usecases/watch-conflicts.ts';

const FILES_TOLD = 5;
const CONFLICTS_TOLD = 40;
const CONFLICTS_IN_STATUS = 5;
const FAILED_TOLD = 5;

function printConflict(conflict: ConflictView): string {
  const [ours, theirs] = conflict.branches.map((branch, at) => named(branch, conflict, at));
  const pair = conflict.kind === 'target' ? `${theirs} with ${ours}` : `${ours} with ${theirs}`;
  if (conflict.unrelated) return `${pair}: no history in common, git refuses to merge them`;
  const files = conflict.files.slice(0, FILES_TOLD).map((file) => cleanLine(file));
  const more = conflict.file_count - files.length;
  return `${pair}: ${files.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function named(branch: string, { phases, workers, queued }: ConflictView, at: number): string {
  const worker = workers[at];
  if (phases[at] === null || worker === null || worker === undefined) return cleanLine(branch);
  return `${cleanLine(worker)} (${cleanLine(branch)}${queued[at] ? ', queued' : ''})`;
}

/** For the dashboard: [] when nothing conflicts. */
export function printConflictsBriefly(conflicts: readonly ConflictView[]): string[] {
  if (conflicts.length === 0) return [];
  const shown = conflicts.slice(0, CONFLICTS_IN_STATUS).map((one) => `  ${printConflict(one)}`);
  const more = conflicts.length - shown.length;
  return [
    'Conflicts, if they were merged now',
    ...shown,
    ...(more > 0 ? [`  and ${more} more: coord merge radar`] : []),
  ];
}

export function printRadar(view: RadarView, conflicts: readonly ConflictView[]): string {
  const { pairs, failed, target, branches } = view;
  const echoes = conflicts.filter((one) => one.also_with_target);
  const news = conflicts.filter((one) => !one.also_with_target);
  const lines = [summaryOf(view, conflicts.length)];
  lines.push(...news.slice(0, CONFLICTS_TOLD).map((one) => `  ${printConflict(one)}`));
  if (news.length > CONFLICTS_TOLD) lines.push(`  and ${news.length - CONFLICTS_TOLD} more: see --json`);
  if (echoes.length > 0)
    lines.push(
      `  ${echoes.length} more between branches, only in files in which one of the two conflicts with ${cleanLine(target)} already (--json names them)`,
    );
  if (view.commit === null && view.branches.length > 0)
    lines.push(
      `There is no commit of ${cleanLine(target) || 'a target'} to hold them against: they were held against each other.`,
    );
  for (const { pair, detail } of failed.slice(0, FAILED_TOLD))
    lines.push(
      `Not told by git: ${cleanLine(pair.ours.branch)} with ${cleanLine(pair.theirs.branch)} (${cleanLine(detail)})`,
    );
  if (pairs.left > 0)
    lines.push(
      `${pairs.left} of ${pairs.all} pairs were not looked at: the time was up (${view.limit_ms / 1_000} s). Run it again; what was found is remembered.`,
    );
  if (branches.length > 0) lines.push('Commits only: what is not committed yet is not seen.');
  return lines.join('\n');
}

function summaryOf({ branches, pairs, target }: RadarView, conflicts: number): string {
  if (branches.length === 0) return 'no branch is active or queued: there is nothing to look at';
  const looked = `${branches.length} branch(es), ${pairs.all - pairs.left} of ${pairs.all} pairs looked at`;
  const told = conflicts === 0 ? 'no conflict' : `${conflicts} conflict(s)`;
  return `${told} if they were merged now into ${cleanLine(target) || '(no target)'} or each other (${looked})`;
}
