/**
 * The second side of the judgement afterwards: at its Stop, a session holds what changed in its own checkout against
 * what its own tools are known to have changed. What is left over came from somebody else: a command that another
 * session let run on in the background, say.
 *
 * `roster/baselines/<place>.json` holds the changed files as of the last comparison. A file counts as the session's
 * own when its guard or its tools named it, or when it changed while one of its own unpredictable commands ran.
 */
import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { documentAt, isInProgress } from '../domain/project-paths.ts';
import { isCoordsTemporary } from '../domain/temporary-name.ts';
import { nowMs } from '../storage/clock.ts';
import { changedFiles } from '../storage/git.ts';
import { type CommandRecord, commandsSince, knownChanges, listCommands } from '../storage/light/journal.ts';
import { type HomedPlace, isMissing } from '../storage/light/place.ts';
import { coordinationPath, fileNameOf, readRecord, writeRecord } from '../storage/light/roster.ts';

interface Baseline {
  readonly atMs: number;
  readonly files: Readonly<Record<string, string>>;
}

export interface ForeignFile {
  readonly path: string;
  /** Commands of other places that ran when it changed. */
  readonly suspects: readonly CommandRecord[];
}

/** Between what was noted of a write and the write itself lies less than this. */
const NOTED_MS = 2_000;
/** Between a write and its time stamp lies less than this. */
const STAMP_MS = 100;

function baselineFile(home: string, place: string | null): string {
  return coordinationPath(home, 'roster', 'baselines', `${fileNameOf(place ?? 'primary-worktree')}.json`);
}

function stampOf(file: string): { stamp: string; changedAtMs: number } {
  try {
    const stat = lstatSync(file);
    return { stamp: `${stat.mtimeMs}:${stat.size}`, changedAtMs: stat.ctimeMs };
  } catch (error) {
    if (isMissing(error)) return { stamp: 'gone', changedAtMs: 0 };
    throw error;
  }
}

/** Remembers how the checkout looks now, as the ground of the next comparison. */
export function rememberCheckout(place: HomedPlace): void {
  compareCheckout(place);
}

/** What changed since the last comparison and is not known to be this place's own doing. Remembers the state anew. */
export function compareCheckout(place: HomedPlace): ForeignFile[] {
  const { home, name, root } = place;
  const before = readRecord<Baseline>(baselineFile(home, name));
  const atMs = nowMs();
  const files: Record<string, string> = {};
  const candidates: { path: string; changedAtMs: number }[] = [];
  for (const { path } of changedFiles(root)) {
    const { stamp, changedAtMs } = stampOf(join(root, path));
    files[path] = stamp;
    if (before && before.files[path] !== stamp) candidates.push({ path, changedAtMs });
  }
  writeRecord(baselineFile(home, name), { atMs, files }, false);
  if (!before || candidates.length === 0) return [];
  const known = new Set(knownChanges(home, name, before.atMs - NOTED_MS).flatMap((line) => line.paths));
  const own = commandsSince(home, name, before.atMs - NOTED_MS);
  const others = listCommands(home).filter((command) => command.place !== name);
  return candidates
    .filter(({ path }) => !known.has(join(root, path)) && documentAt(path, false) === undefined)
    .filter(({ path }) => !isInProgress(path) && !path.startsWith('.claude/') && !isCoordsTemporary(path))
    .filter(({ changedAtMs }) => !own.some((command) => wasRunning(command, changedAtMs)))
    .map(({ path, changedAtMs }) => ({
      path,
      suspects: others.filter((command) => wasRunning(command, changedAtMs)),
    }));
}

/** A removed file has no time; any command may have removed it. */
function wasRunning(command: CommandRecord, atMs: number): boolean {
  if (atMs === 0) return true;
  return (
    atMs >= command.startedAtMs - STAMP_MS &&
    (command.endedAtMs === null || atMs <= command.endedAtMs + STAMP_MS)
  );
}
