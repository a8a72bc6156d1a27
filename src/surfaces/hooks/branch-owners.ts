/** Who works on which branch: the guard holds git commands that move a branch against it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PlaceName } from '../../domain/place-name.ts';
import { linkedRoots } from '../../storage/light/location.ts';
import { type HomedPlace, isMissing } from '../../storage/light/place.ts';
import { listWorkers } from '../../storage/light/roster.ts';

/** Which place has which branch: what is checked out there, and the branches of active workers. */
export function branchOwners(project: HomedPlace): Map<string, PlaceName> {
  const owners = new Map<string, PlaceName>();
  for (const worker of listWorkers(project.home)) {
    if (worker.state === 'active') owners.set(worker.branch, worker.place);
  }
  const heads: { place: PlaceName; file: string }[] = linkedRoots(project).map(({ name }) => ({
    place: name,
    file: join(project.commonDir, 'worktrees', name, 'HEAD'),
  }));
  heads.push({ place: null, file: join(project.commonDir, 'HEAD') });
  for (const { place, file } of heads) {
    const branch = checkedOut(file);
    if (branch !== undefined) owners.set(branch, place);
  }
  return owners;
}

function checkedOut(file: string): string | undefined {
  try {
    return /^ref: refs\/heads\/(.+?)\s*$/.exec(readFileSync(file, 'utf8'))?.[1];
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
