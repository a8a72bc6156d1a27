/**
 * The part of doctor that looks for links in what coord writes: coord follows them, as any program does, and so would
 * write outside of the project. A folder that lies elsewhere as a whole (`.coordination` on another disk) is its owner's
 * choice, and not told; a link further in is rarely meant.
 */
import { lstatSync, readlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { STATE_FILE, statusFileOf } from '../domain/project-paths.ts';
import { cyclesFolder } from '../storage/light/cycle-glance.ts';
import { listNames } from '../storage/light/files.ts';
import { isMissing } from '../storage/light/place.ts';
import { relativeTo, resolvePath } from '../storage/light/resolution.ts';
import { coordinationPath, listWorkers } from '../storage/light/roster.ts';

export type LinkFinding = { code: 'place-linked'; path: string; target: string };

/** More of them are told when these are mended. */
const TOLD_MAX = 10;

export function checkLinks(home: string): LinkFinding[] {
  return placesOf(home)
    .flatMap((path) => {
      const target = targetOf(path);
      const isInside =
        target === undefined || relativeTo(resolvePath(home, home) ?? home, target) !== undefined;
      return isInside ? [] : [{ code: 'place-linked' as const, path, target }];
    })
    .slice(0, TOLD_MAX);
}

/** Two floors of `.coordination/`, and the way to each document. */
function placesOf(home: string): string[] {
  const root = coordinationPath(home);
  const kinds = listNames(root).map((name) => join(root, name));
  const inside = kinds.flatMap((kind) =>
    isFolder(kind) ? listNames(kind).map((name) => join(kind, name)) : [],
  );
  const planning = join(home, dirname(STATE_FILE));
  const cycles = cyclesFolder(home);
  const documents = listWorkers(home)
    .filter(({ state }) => state === 'active')
    .flatMap(({ worktree, folder }) => {
      const phase = dirname(join(worktree, statusFileOf(folder)));
      return [phase, dirname(phase), dirname(dirname(phase))];
    });
  return [...kinds, ...inside, planning, join(planning, 'phases'), dirname(cycles), cycles, ...documents];
}

function isFolder(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** Where a link leads; undefined for what is none. */
function targetOf(path: string): string | undefined {
  try {
    if (!lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()) return undefined;
    return resolvePath(path, dirname(path)) ?? readlinkSync(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
