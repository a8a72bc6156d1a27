/**
 * What changed in other worktrees, and in the guarded documents, since a moment: asked after a command whose writes
 * nobody could know beforehand. It goes by the inode's change time, which a program cannot set back, and by folders'
 * change times for what was removed. Bounded in entries and in time; what it did not reach, the other session's own
 * comparison at its Stop does (usecases/compare-checkout.ts).
 */
import { existsSync, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseHeadLog } from '../../domain/head-log.ts';
import type { PlaceName } from '../../domain/place-name.ts';
import {
  COORDINATION,
  documentAt,
  PROGRESS_FOLDER,
  TASKERS_FOLDER,
  WORKTREES_FOLDER,
} from '../../domain/project-paths.ts';
import { isCoordsTemporary } from '../../domain/temporary-name.ts';
import { readTextIfThere } from './files.ts';
import { commandsSince, knownChanges } from './journal.ts';
import { linkedRoots } from './location.ts';
import { readPart } from './log-tail.ts';
import { type HomedPlace, isMissing } from './place.ts';
import { relativeTo } from './resolution.ts';
import { coordinationPath, fileNameOf, modifiedAt, readRecord } from './roster.ts';

const ENTRIES_MAX = 40_000;
const TIME_MAX_MS = 1_500;
const FOUND_MAX = 50;
const SKIPPED = new Set([
  '.git',
  'node_modules',
  COORDINATION,
  PROGRESS_FOLDER,
  TASKERS_FOLDER,
  '.venv',
  '__pycache__',
]);
/** File systems stamp with the kernel's tick, which may lie a little before the clock. */
const TICK_MS = 20;
/** Nobody waits longer for a worktree. */
const MAKING_MS_MAX = 600_000;
const LOG_BYTES = 1_024;
/** Between a document's save and its good copy lies less than this. */
const SAVE_MS = 2_000;

export interface ForeignChange {
  readonly place: PlaceName;
  readonly root: string;
  /** Relative to the root. */
  readonly path: string;
  readonly kind: 'changed' | 'folder-changed';
  readonly isFolder: boolean;
  readonly atMs: number;
}

/** True when nothing changed elsewhere that its own sessions do not account for. */
export function isUntouchedElsewhere(own: HomedPlace, sinceMs: number): boolean {
  return foreignChanges(own, sinceMs).length === 0;
}

/** Changes in other places since a moment that no session of theirs is known to have made. */
export function foreignChanges(own: HomedPlace, sinceMs: number): ForeignChange[] {
  const deadline = Date.now() + TIME_MAX_MS;
  const budget = { entries: ENTRIES_MAX };
  const places: { name: PlaceName; root: string }[] = linkedRoots(own);
  places.push({ name: null, root: own.home });
  const found: ForeignChange[] = [];
  for (const { name, root } of places) {
    if (name === own.name || found.length >= FOUND_MAX || Date.now() > deadline) continue;
    if (isMadeSince(own, name, sinceMs - TICK_MS)) continue;
    // Worktrees of coord's own, in which validations run: nobody's work lies there.
    if (relativeTo(coordinationPath(own.home), root) !== undefined) continue;
    const changed = changesBelow(name, root, sinceMs - TICK_MS, budget, deadline);
    if (changed.length > 0) found.push(...changed.filter(unaccounted(own.home, name, sinceMs)));
  }
  return found.slice(0, FOUND_MAX);
}

/**
 * All in it is new then: a checkout, and nobody had anything there before. Git writes `commondir` first, and only once;
 * what it logs first of HEAD stands behind the files.
 */
function isMadeSince({ commonDir }: HomedPlace, name: PlaceName, sinceMs: number): boolean {
  if (name === null) return false;
  const own = join(commonDir, 'worktrees', name);
  const begunMs = modifiedAt(join(own, 'commondir')) ?? 0;
  if (begunMs >= sinceMs) return true;
  if (begunMs < sinceMs - MAKING_MS_MAX) return false;
  const log = join(own, 'logs', 'HEAD');
  const [made, ...later] = parseHeadLog(readPart(log, 0, LOG_BYTES));
  if (made === undefined) return existsSync(join(own, 'locked'));
  const madeMs = later.length === 0 ? (modifiedAt(log) ?? 0) : (made.atS + 1) * 1_000;
  return made.what.startsWith('reset:') && madeMs >= sinceMs;
}

/** A change that the place's own sessions account for is none of anybody else's. */
function unaccounted(home: string, place: PlaceName, sinceMs: number): (change: ForeignChange) => boolean {
  // What is accounted for may have been noted a while before the write itself.
  const lines = knownChanges(home, place, sinceMs - 60_000);
  const known = new Set(lines.flatMap((line) => line.paths));
  const isBusy = commandsSince(home, place, sinceMs).length > 0;
  return (change) => {
    const path = join(change.root, change.path);
    if (isBusy || known.has(path)) return false;
    // A folder of what is noted: it may be made, and the file in it not yet.
    if (change.isFolder) return ![...known].some((file) => relativeTo(path, file) !== undefined);
    return !isSavedByCoord(home, change);
  };
}

/** coord saves a document together with its good copy; a document that changed alone was changed by somebody else. */
function isSavedByCoord(home: string, change: ForeignChange): boolean {
  const document = documentAt(change.path, false);
  const name =
    document?.kind === 'state'
      ? 'STATE'
      : document?.kind === 'status'
        ? `STATUS-${document.phaseFolder}`
        : '';
  if (name === '') return false;
  const copy = coordinationPath(home, 'roster', 'good', `${fileNameOf(name)}.json`);
  const copiedAt = modifiedAt(copy);
  if (copiedAt === undefined || Math.abs(copiedAt - change.atMs) >= SAVE_MS) return false;
  // The moment of coord's save stands in both.
  const saved = readRecord<{ updated: string }>(copy)?.updated;
  return saved !== undefined && (readTextIfThere(join(change.root, change.path)) ?? '').includes(saved);
}

function changesBelow(
  place: PlaceName,
  root: string,
  sinceMs: number,
  budget: { entries: number },
  deadline: number,
): ForeignChange[] {
  const found: ForeignChange[] = [];
  const queue: Folder[] = [{ path: '', changedAtMs: 0, isNew: false }];
  while (queue.length > 0 && budget.entries > 0 && found.length < FOUND_MAX && Date.now() < deadline) {
    const { path: folder, changedAtMs, isNew } = queue.shift() as Folder;
    let hasNews = false;
    for (const entry of entriesOf(join(root, folder))) {
      budget.entries -= 1;
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) {
        const isOtherWorktree = path === WORKTREES_FOLDER;
        if (SKIPPED.has(entry.name) || isOtherWorktree) continue;
        if (documentAt(path, false)?.kind === 'runtime') {
          // What is new in the folder around it is coord's; the root has news of its own.
          hasNews ||= folder !== '';
          continue;
        }
        const below = folderAt(join(root, path), path, sinceMs);
        hasNews ||= below.isNew;
        queue.push(below);
        continue;
      }
      const atMs = changedAt(join(root, path));
      if (atMs < sinceMs || entry.name === '.git' || isCoordsTemporary(path)) continue;
      hasNews = true;
      found.push({ place, root, path, kind: 'changed', isFolder: false, atMs });
    }
    // Nothing new in a folder that changed: it was made, and is empty, or something was taken out of it.
    if (changedAtMs < sinceMs || hasNews) continue;
    const kind = isNew ? 'changed' : 'folder-changed';
    found.push({ place, root, path: folder, kind, isFolder: true, atMs: changedAtMs });
  }
  return found;
}

interface Folder {
  readonly path: string;
  readonly changedAtMs: number;
  /** Made since; one that was moved here is not. */
  readonly isNew: boolean;
}

function folderAt(absolute: string, path: string, sinceMs: number): Folder {
  try {
    const stat = lstatSync(absolute);
    return { path, changedAtMs: stat.ctimeMs, isNew: stat.birthtimeMs >= sinceMs };
  } catch (error) {
    if (isMissing(error)) return { path, changedAtMs: 0, isNew: false };
    throw error;
  }
}

/** What lies in a folder; one that is gone, or that nobody may read, has nothing. */
export function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

function changedAt(path: string): number {
  try {
    return lstatSync(path).ctimeMs;
  } catch (error) {
    if (isMissing(error)) return 0;
    throw error;
  }
}
