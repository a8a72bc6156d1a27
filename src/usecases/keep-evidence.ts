/**
 * Keeps evidence of a validation, from both of its sides: `coord run` runs it in between, a session's Bash tool runs
 * it itself and its hooks come before and after. The tree is looked at before and after by the same rule, so evidence
 * never speaks of files that the command did not see.
 */
import { type Evidence, printEvidenceId } from '../domain/evidence.ts';
import { countTests } from '../domain/test-counts.ts';
import { isoOf, nowMs } from '../storage/clock.ts';
import { treeOf } from '../storage/evidence-tree.ts';
import { headOf } from '../storage/git.ts';
import {
  type BegunRun,
  keepEvidence,
  logOf,
  noteTests,
  sweepEvidence,
} from '../storage/light/evidence-files.ts';
import { noteRun } from './note-validation.ts';

export type Beginning = Omit<BegunRun, 'ids' | 'tree' | 'commit' | 'startedAtMs'>;

/** Looks at the tree and gives the evidence to come its ids. */
export function beginValidation(run: Beginning): BegunRun {
  const tree = treeOf(run.root) ?? null;
  const commit = headOf(run.root) ?? null;
  const startedAtMs = nowMs();
  // Of one run they sort as the commands stand in the line.
  const tail = `${process.pid.toString(36)}${Math.random().toString(36).slice(2, 8)}`;
  const ids = run.commands.map((_, at) => printEvidenceId(startedAtMs, `${tail}${at.toString(36)}`));
  return { ...run, ids, tree, commit, startedAtMs };
}

/** Keeps one record for each validation of the run; its log is one. */
export function endValidation(
  home: string,
  begun: BegunRun,
  result: { exit: number | null; output: string },
): Evidence[] {
  const endedAtMs = nowMs();
  const tree_after = treeOf(begun.root) ?? null;
  const { place, tree, commit, by, session, via, ids, commands } = begun;
  // A failure in a line of several tells not which one failed; that it ended well tells of all.
  const exit = begun.isSole || result.exit === 0 ? result.exit : null;
  const log = logOf(place, ids[0] ?? '');
  const records = commands.map((command, at): Evidence => {
    const moments = { started: isoOf(begun.startedAtMs), ended: isoOf(endedAtMs) };
    const duration_ms = endedAtMs - begun.startedAtMs;
    const id = ids[at] ?? '';
    return {
      id,
      command,
      exit,
      tree,
      tree_after,
      commit,
      ...moments,
      duration_ms,
      by,
      session,
      place,
      log,
      via,
    };
  });
  keepEvidence(home, records, result.output);
  noteCounts(home, records, result.output);
  noteRun(home, begun, records, result, endedAtMs);
  sweepEvidence(home, place, endedAtMs);
  return records;
}

/** Of a run whose output sums up tests, the figures: of several commands in one line the last one's, as it printed last. */
function noteCounts(home: string, records: readonly Evidence[], output: string): void {
  const last = records.at(-1);
  const counts = last ? countTests(output) : undefined;
  if (!last || !counts) return;
  const { command, exit, ended: at, place } = last;
  noteTests(home, { ...counts, command, exit, at, place });
}
