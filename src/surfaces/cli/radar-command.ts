/** `coord merge radar`: what would conflict, before it does. `coord merge reap`: what is left of work that is over. */
import { whyKept } from '../../domain/clean-up.ts';
import type { Orphan } from '../../domain/orphan.ts';
import { done } from '../../domain/problem.ts';
import { viewConflict } from '../../domain/radar.ts';
import { reapOrphans } from '../../usecases/reap-orphans.ts';
import { PATIENT, watchConflicts } from '../../usecases/watch-conflicts.ts';
import { printReaped } from '../wording/orphans.ts';
import { printRadar } from '../wording/radar.ts';
import { withCaller } from './calling.ts';
import type { Command } from './command.ts';
import { coordinatorOf } from './phase-commands.ts';

const radar: Command = {
  name: 'merge radar',
  usage: '',
  summary: `Shows which branches of active phases, and which that wait in the queue, would conflict with the target or with each other if they were merged now, and in which files; most harmful first. Commits only: what is not committed yet is not seen. Touches no worktree. Looks for at most ${PATIENT.timeMs / 1_000} s and says what was left; what was found is remembered. Needs git 2.38.`,
  positionals: [0, 0],
  shape:
    '{target, commit, branches: [{branch, commit, phase, worker, queued}…], conflicts: [{kind: target|branches, branches: [a, b], phases, workers, queued, files: [path…], file_count, unrelated, also_with_target}…], pairs: {all, known, apart, asked, left}, failed: [{branches, detail}…]}',
  run: (context) =>
    withCaller(context, ({ home }) => {
      const outcome = watchConflicts(home, PATIENT);
      if (!outcome.done) return outcome;
      const { target, commit, pairs } = outcome.value;
      const conflicts = outcome.value.conflicts.map(viewConflict);
      const branches = outcome.value.branches.map(({ isQueued, ...one }) => ({ ...one, queued: isQueued }));
      const failed = outcome.value.failed.map(({ pair, detail }) => {
        return { branches: [pair.ours.branch, pair.theirs.branch], detail };
      });
      const json = { target, commit, branches, conflicts, pairs, failed };
      return done({ json, text: printRadar(outcome.value, conflicts) });
    }),
};

const reap: Command = {
  name: 'merge reap',
  usage: '[--dry-run]',
  summary:
    'Takes away worktrees and branches of coord that belong to no active phase any more: landed or closed, of a start or clean-up that was interrupted, of no phase at all. Only where nothing is lost: never one that is not merged, dirty, locked, or that somebody stands in; those are named, with the reason. Ignored files that no build makes again are put aside in .coordination/queue/kept/ for 90 days. --dry-run only says what it would do.',
  switches: ['dry-run'],
  positionals: [0, 0],
  shape:
    '{reaped: [{kind, id, phase, worktree, branch, aside}…], kept: [{kind, id, phase, worktree, branch, code, why}…]}; kind: half-cleaned|landed|closed|half-started|left|guest|unknown|slot|entry',
  run: (context) => {
    const caller = coordinatorOf(context, 'take worktrees away');
    if (!caller.done) return caller;
    const isDryRun = context.flags.has('dry-run');
    const outcome = reapOrphans(caller.value.home, isDryRun);
    if (!outcome.done) return outcome;
    const { reaped, kept } = outcome.value;
    const json = {
      reaped: reaped.map((one) => ({ ...viewOrphan(one), aside: one.aside })),
      kept: kept.map(viewKept),
    };
    return done({ json, text: printReaped(outcome.value, isDryRun) });
  },
};

function viewOrphan({ kind, id, phase, worktree, branch }: Orphan) {
  return { kind, id, phase, worktree, branch };
}

function viewKept(orphan: Orphan) {
  const { keep } = orphan;
  return { ...viewOrphan(orphan), code: keep?.code ?? null, why: keep ? whyKept(keep) : null };
}

export const RADAR_COMMANDS: readonly Command[] = [radar, reap];
