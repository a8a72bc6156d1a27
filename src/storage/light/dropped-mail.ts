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
import { existsSync, lstatSync, renameSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { isErrno, listNames, makeFolder, writeAtomic } from './files.ts';
import { withMutex } from './mutex.ts';
import { isMissing } from './place.ts';
import { coordinationPath } from './roster.ts';

/** A folder's time is as coarse as the kernel's tick: what came within the same one must not be overlooked. */
const SETTLED_MS = 2_000;
/** The mark's time is set from a number, which is less fine than what a file system keeps. */
const SAME_TIME_MS = 0.01;
/** Files at a time: a hook has other things to do. */
const FILES_MAX = 200;
/** Whoever finds another at it need not do it too. */
const WAIT_MS = 1_000;

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
  if (folder === undefined || mark === undefined) return folder !== undefined;
  return Math.abs(folder.mtimeMs - mark.mtimeMs) > SAME_TIME_MS;
}

/** Runs the body for each dropped file, one process at a time. */
export function routeEach(home: string, body: (file: DroppedFile) => void): void {
  const route = () => {
    const before = statSync(dropFolder(home), { throwIfNoEntry: false });
    const files = [...filesIn(claimFolder(home), true), ...filesIn(dropFolder(home), false)];
    for (const file of files) attempt(() => body(file));
    if (before && files.length === 0) rememberEmpty(home, before.mtimeMs);
  };
  withMutex(coordinationPath(home, 'leases'), 'dropped-mail', route, { waitMs: WAIT_MS });
}

/** A file that its writer took away again is dealt with; one that cannot be read stays, and doctor names it. */
function attempt(body: () => void): void {
  try {
    body();
  } catch (error) {
    if (!isErrno(error, 'EACCES', 'EPERM', 'EIO') && !isMissing(error)) throw error;
  }
}

/**
 * To be asked when the body has read the file and will route it: from now on its writer writes elsewhere. Undefined
 * while another of its name is still being dealt with.
 */
export function claim(home: string, file: DroppedFile): DroppedFile | undefined {
  if (file.isClaimed) return file;
  makeFolder(claimFolder(home));
  const path = join(claimFolder(home), file.name);
  if (existsSync(path)) return undefined;
  renameSync(file.path, path);
  return { ...file, path, isClaimed: true, modifiedAtMs: statSync(path).mtimeMs };
}

function rememberEmpty(home: string, modifiedAtMs: number): void {
  if (Date.now() - modifiedAtMs < SETTLED_MS) return;
  const mark = markFile(home);
  writeAtomic(mark, '', { durable: false });
  utimesSync(mark, modifiedAtMs / 1_000, modifiedAtMs / 1_000);
}

function filesIn(folder: string, isClaimed: boolean): DroppedFile[] {
  const found: DroppedFile[] = [];
  // Folders of agents lie beside them; they may have any name, and there may be thousands.
  const names = listNames(folder).filter((name) => /^[^.].*\.json$/is.test(name));
  for (const name of names.sort()) {
    if (found.length === FILES_MAX) break;
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
