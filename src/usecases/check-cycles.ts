/** The part of doctor that looks after cycles: states that nobody can read, and folders that would lead elsewhere. */
import type { Cycle } from '../domain/cycle/cycle.ts';
import { findStray } from '../storage/cycle-artifacts.ts';
import { artifactsFolder, listCycleIds, readCycle } from '../storage/cycle-files.ts';
import { rebuildCycle } from './rebuild-cycle.ts';

export type CycleFinding =
  /** `lost`: what a rebuild did not recover. */
  | { code: 'cycle-unreadable'; cycle: string; file: string; why: string; repaired: boolean; lost: string[] }
  | { code: 'cycle-stray'; cycle: string; path: string };

const CHECKED_MAX = 500;

export function checkCycles(home: string, repair: boolean): CycleFinding[] {
  return listCycleIds(home)
    .slice(0, CHECKED_MAX)
    .flatMap((id): CycleFinding[] => {
      const read = readCycle(home, id);
      if (read.done) return strayOf(home, read.value);
      if (read.problem.code !== 'cycle-corrupt') return [];
      const { file, why } = read.problem;
      const rebuilt = repair ? rebuildCycle(home, id) : undefined;
      const lost = rebuilt?.done ? [...rebuilt.value.lost] : [];
      return [{ code: 'cycle-unreadable', cycle: id, file, why, repaired: rebuilt?.done === true, lost }];
    });
}

function strayOf(home: string, cycle: Cycle): CycleFinding[] {
  const folder = artifactsFolder(home, cycle);
  const path = folder === undefined ? undefined : findStray(folder);
  return path === undefined ? [] : [{ code: 'cycle-stray', cycle: cycle.cycle_id, path }];
}
