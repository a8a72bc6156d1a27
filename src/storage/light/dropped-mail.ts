/**
 * Files that an outside coordinator dropped directly into `inbox/` (seed 002: it knows nothing but files).
 *
 * States of a dropped file: `inbox/<name>` as its writer left it, perhaps half-written still; `inbox/.routing/<name>`,
 * claimed, and no longer under a name that its writer would write to again; then gone: it is a message, or lies in
 * `dead/`. All moves are made under the mutex `dropped-mail`, so what lies in `.routing` when it is entered was
 * claimed by a process that died, and is routed again.
 * `roster/routed` has the time of the inbox folder when nothing was left in it: one comparison of two times tells a
 * hook that nothing was dropped since.
 */
import { lstatSync, renameSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { isErrno, listNames, makeFolder, writeAtomic } from './files.ts';
import { withMutex } from './mutex.ts';
import { isMissing } from './place.ts';
import { coordinationPath } from './roster.ts';

/** A folder's time is as coarse as the kernel's tick: what came within the same one must not be overlooked. */
const SETTLED_MS = 2_000;
const FILES_MAX = 1_000;

export interface DroppedFile {
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
  readonly modifiedAtMs: number;
  /** False for a link, a folder or a pipe. */
  readonly isPlain: boolean;
  readonly isClaimed: boolean;
}

function dropFolder(home: string): string {
  return coordinationPath(home, 'inbox');
}

function claimFolder(home: string): string {
  return join(dropFolder(home), '.routing');
}

function markFile(home: string): string {
  return coordinationPath(home, 'roster', 'routed');
}

/** Whether anything may lie there that nobody has looked at. */
export function mayHaveDropped(home: string): boolean {
  const folder = statSync(dropFolder(home), { throwIfNoEntry: false });
  const mark = statSync(markFile(home), { throwIfNoEntry: false });
  return folder !== undefined && folder.mtimeMs !== mark?.mtimeMs;
}

/** Runs the body for each dropped file, one process at a time; it answers whether the file was dealt with. */
export function routeEach(home: string, body: (file: DroppedFile) => boolean): void {
  withMutex(coordinationPath(home, 'leases'), 'dropped-mail', () => {
    const before = statSync(dropFolder(home), { throwIfNoEntry: false });
    const files = [...filesIn(claimFolder(home), true), ...filesIn(dropFolder(home), false)];
    const left = files.filter((file) => !attempt(() => body(file)));
    if (before && left.length === 0 && files.length === 0) rememberEmpty(home, before.mtimeMs);
  });
}

/** A file that its writer took away again is dealt with; one that cannot be read stays, and doctor names it. */
function attempt(body: () => boolean): boolean {
  try {
    return body();
  } catch (error) {
    if (isErrno(error, 'EACCES', 'EPERM', 'EIO')) return false;
    if (isMissing(error)) return true;
    throw error;
  }
}

/** To be asked when the body has read the file and will route it: from now on its writer writes elsewhere. */
export function claim(home: string, file: DroppedFile): string {
  if (file.isClaimed) return file.path;
  makeFolder(claimFolder(home));
  const claimed = join(claimFolder(home), file.name);
  renameSync(file.path, claimed);
  return claimed;
}

function rememberEmpty(home: string, modifiedAtMs: number): void {
  if (Date.now() - modifiedAtMs < SETTLED_MS) return;
  const mark = markFile(home);
  writeAtomic(mark, '', { durable: false });
  utimesSync(mark, modifiedAtMs / 1_000, modifiedAtMs / 1_000);
}

function filesIn(folder: string, isClaimed: boolean): DroppedFile[] {
  const found: DroppedFile[] = [];
  for (const name of listNames(folder).slice(0, FILES_MAX)) {
    if (!name.endsWith('.json') || name.startsWith('.')) continue;
    const path = join(folder, name);
    try {
      const stat = lstatSync(path);
      if (stat.isDirectory()) continue;
      found.push({
        name,
        path,
        bytes: stat.size,
        modifiedAtMs: stat.mtimeMs,
        isPlain: stat.isFile(),
        isClaimed,
      });
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }
  return found;
}
