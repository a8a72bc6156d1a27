/** Which cycle a caller means, and whether it may touch it: the one of its own worktree, or the coordinator any. */
import type { Cycle } from '../domain/cycle/cycle.ts';
import { done, type Outcome, refuse } from '../domain/problem.ts';
import { readCycle, rootOfPlace } from '../storage/cycle-files.ts';
import type { Caller } from '../storage/light/caller.ts';
import { glanceAtCycle } from '../storage/light/cycle-glance.ts';

/** The id as given, or that of the worktree's cycle. */
export function cycleIdOf(caller: Caller, given: string | undefined): Outcome<string> {
  const id = given ?? glanceAtCycle(caller.home, caller.place)?.cycle;
  return id === undefined ? refuse({ code: 'cycle-none', root: caller.root }) : done(id);
}

/** A cycle that the caller may steer. */
export function cycleOf(caller: Caller, given: string | undefined): Outcome<Cycle> {
  const id = cycleIdOf(caller, given);
  if (!id.done) return id;
  const cycle = readCycle(caller.home, id.value);
  if (!cycle.done) return cycle;
  const isOverAll = caller.kind === 'operator' || caller.kind === 'coordinator';
  const { place } = cycle.value.coord;
  if (isOverAll || place === caller.place) return cycle;
  const root = rootOfPlace(caller.home, place) ?? `the worktree ${place}`;
  return refuse({ code: 'cycle-elsewhere', cycle: id.value, root });
}
