/** Where the files of a cycle lie (domain/cycle/cycle says in which order they are written). */
import { join } from 'node:path';
import { isCycleId } from '../../domain/cycle/cycle.ts';
import { ARTIFACT_ARCHIVE, PROGRESS_FOLDER } from '../../domain/project-paths.ts';
import { cycleStateFile } from './cycle-glance.ts';

/** Throws for an id that could lead elsewhere: those are refused before. */
export function cycleFile(home: string, id: string): string {
  if (!isCycleId(id)) throw new Error(`${JSON.stringify(id)} is no id of a cycle`);
  return cycleStateFile(home, id);
}

/** NDJSON: what happened to it, and why. */
export function journalFile(home: string, id: string): string {
  return cycleFile(home, id).replace(/\.json$/, '.journal.jsonl');
}

/** The artifacts of the cycle that a worktree has, or had last. */
export function progressOf(root: string): string {
  return join(root, PROGRESS_FOLDER);
}

/** Where the artifacts of a cycle go when another one begins in its worktree. */
export function putAwayFolder(root: string, id: string): string {
  return join(progressOf(root), ARTIFACT_ARCHIVE, id);
}
