/**
 * The part of doctor that looks for closings which a kill cut short: a landing that the queue has to carry on, or a phase
 * that STATE.md calls done while the roster still has its worker (close-phase.ts has the order); and for landings that
 * somebody took back since, knowing of it or not.
 */
import { readState } from '../storage/document-kinds.ts';
import { hasBranch } from '../storage/git.ts';
import { readTurn } from '../storage/light/merge-turn.ts';
import { listEntries } from '../storage/light/queue-files.ts';
import { listWorkers } from '../storage/light/roster.ts';
import { lostLandings } from '../storage/lost-landings.ts';
import { refusingGit } from '../storage/plumbing.ts';
import { readSettings } from '../storage/settings.ts';
import { targetOf } from '../storage/target-branch.ts';
import { closePhase } from './close-phase.ts';
import { landingCutShort } from './glance-at-queue.ts';
import { withPhases } from './start-phase.ts';

export type ClosingFinding =
  | { code: 'landing-unfinished'; phases: readonly string[] }
  | { code: 'closing-unfinished'; phase: string; worker: string; repaired: boolean }
  /** The target was set back, or overwritten. `hasBranch`: the branch is there to land once more. */
  | {
      code: 'landing-lost';
      entry: string;
      phase: string;
      target: string;
      commit: string;
      branch: string;
      tip: string;
      hasBranch: boolean;
    };

export function checkClosings(home: string, repair: boolean): ClosingFinding[] {
  const landing = landingCutShort(home);
  const found: ClosingFinding[] =
    landing === undefined ? [] : [{ code: 'landing-unfinished', phases: landing }];
  for (const { phase, worker } of halfClosed(home)) {
    // Its landing closes it.
    if (landing?.includes(phase)) continue;
    found.push({
      code: 'closing-unfinished',
      phase,
      worker,
      repaired: repair && closePhase(home, phase, true).done,
    });
  }
  return [...found, ...findLost(home)];
}

function findLost(home: string): ClosingFinding[] {
  const { entries } = listEntries(home);
  const target = targetOf(home, readSettings(home).settings);
  const lost = refusingGit(() => lostLandings(home, entries, target));
  if ('code' in lost) return [];
  return entries.flatMap(({ id: entry, phase, target, branch, landed }): ClosingFinding[] => {
    if (!landed || !lost.has(entry)) return [];
    const { commit, tip } = landed;
    const found = { entry, phase, target, commit, branch, tip, hasBranch: hasBranch(home, branch) };
    return [{ code: 'landing-lost', ...found }];
  });
}

/** Looked for when nobody closes one just now: a run of the queue ends the worker a while after STATE.md says done. */
function halfClosed(home: string): { phase: string; worker: string }[] {
  const looked = withPhases<{ phase: string; worker: string }[]>(home, () => {
    if (readTurn(home) !== undefined) return { done: true, value: [] };
    const loaded = readState(home);
    if (!loaded.done) return loaded;
    const { phases } = loaded.value.document;
    const isDone = (id: string) => phases.some((phase) => phase.id === id && phase.state === 'done');
    const value = listWorkers(home).filter(({ state, phase }) => state === 'active' && isDone(phase));
    return { done: true, value };
  });
  // A STATE.md that nobody can read is another finding.
  return looked.done ? looked.value : [];
}
