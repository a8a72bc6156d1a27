/**
 * The one door to writing files: whole or not at all, and on the disk before it is reported (when `durable`).
 *
 * States of a file under its final name: not there, or complete. Never half, never empty: what is not yet
 * complete lies beside it as `.tmp-<pid>-<start>-<n>`, since neither rename nor link crosses file systems.
 *
 * Order of writes, and what a kill between any two of them leaves:
 *   writeAtomic      open tmp | write | fsync | rename | fsync of the folder. Before the rename the old
 *                    content and a leftover tmp; after it the new one, whose name a loss of power may still
 *                    undo until the folder is synced. So only a call that returned is durable.
 *   createExclusive  open tmp | write | fsync | link | unlink tmp | fsync of the folder. The same, and link()
 *                    refuses to replace: of any number of racers one wins. (Creating the final name first and
 *                    writing then let racers read it empty and call it stale: 140 to 475 double holders.)
 *   createAnnounced  open tmp where others watch | write | the caller looks | link | unlink tmp. Whoever unlinks the
 *                    tmp before the link has forbidden it: a file without a name cannot be linked. Never durable.
 * Leftover temporaries mean nothing to anybody; sweepTemporaries (process.ts) removes those of dead
 * processes. Without hard links (FAT, some network shares) createExclusive opens the final name with 'wx' and
 * writes there: still one winner, but it may be seen incomplete, and a kill leaves it so. Whoever reads such
 * files must take "empty" or "torn" for "being written, or abandoned", as the lease does.
 */

import {
  closeSync,
  fsyncSync,
  futimesSync,
  linkSync,
  mkdirSync,
  opendirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { TEMPORARY_PREFIX } from '../../domain/temporary-name.ts';

export interface Writing {
  /** True: on the disk before the call returns. False: may vanish in a loss of power, as every mutex may. */
  durable: boolean;
  /** The permissions of a new file, cut by the umask. */
  mode?: number;
  /** The mtime, set before anybody can see the file. */
  modifiedAt?: number;
}

/** True when a system call failed with one of the codes that the caller expects. */
export function isErrno(error: unknown, ...codes: string[]): boolean {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && codes.includes(code);
}

/** Replaces the file's content in one step. */
export function writeAtomic(path: string, text: string, options: Writing): void {
  const temporary = writeTemporary(dirname(path), text, options);
  try {
    renameSync(temporary, path);
  } catch (error) {
    removeIfThere(temporary);
    throw error;
  }
  if (options.durable) syncFolder(dirname(path));
}

/**
 * Writes where nobody else reads or writes meanwhile (the caller holds the mutex), and where a torn file means
 * nothing: a name and a rename less than writeAtomic.
 */
export function writeInPlace(path: string, text: string, options: Writing): void {
  fill(openSync(path, 'w', options.mode ?? 0o666), text, options);
}

/** Creates the file, complete; false when the name is taken. */
export function createExclusive(path: string, text: string, options: Writing): boolean {
  const temporary = writeTemporary(dirname(path), text, options);
  let isMade: boolean;
  try {
    linkSync(temporary, path);
    isMade = true;
  } catch (error) {
    if (isErrno(error, 'EEXIST')) isMade = false;
    else if (isErrno(error, 'EPERM', 'ENOTSUP', 'ENOSYS', 'EMLINK'))
      isMade = createInPlace(path, text, options);
    else throw error;
  } finally {
    removeIfThere(temporary);
  }
  if (isMade && options.durable) syncFolder(dirname(path));
  return isMade;
}

/**
 * Creates the file, complete, unless somebody takes its temporary away first: it lies in `announcedIn`, for others to
 * see and remove, before `mayLink` is asked. `refused`: nothing was made; the name is taken, the temporary was removed,
 * there are no hard links, or `mayLink` said no. `doubtful`: it was made, and about then the temporary was removed.
 */
export function createAnnounced(
  path: string,
  text: string,
  options: Omit<Writing, 'durable'> & { announcedIn: string },
  mayLink: () => boolean,
): 'made' | 'refused' | 'doubtful' {
  const temporary = writeTemporary(options.announcedIn, text, { ...options, durable: false });
  let outcome: 'made' | 'refused' | 'doubtful' = 'refused';
  try {
    if (mayLink()) {
      linkSync(temporary, path);
      outcome = 'made';
    }
  } catch (error) {
    if (!isErrno(error, 'EEXIST', 'ENOENT', 'EPERM', 'ENOTSUP', 'ENOSYS', 'EMLINK', 'ESTALE')) throw error;
  } finally {
    if (!removeIfThere(temporary) && outcome === 'made') outcome = 'doubtful';
  }
  return outcome;
}

/** The text, or undefined when there is no such file. */
export function readTextIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw error;
  }
}

/** True when this call removed it: of several racers one is told so. */
export function removeIfThere(path: string): boolean {
  try {
    unlinkSync(path);
    return true;
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR')) return false;
    throw error;
  }
}

/** Makes the folder and its parents where missing; durable: each new name is synced into its parent. */
export function makeFolder(path: string, options: Writing = { durable: true }): void {
  const first = mkdirSync(path, { recursive: true });
  if (first === undefined || !options.durable) return;
  let parent = dirname(first);
  for (const part of relative(parent, path).split(sep)) {
    syncFolder(parent);
    parent = join(parent, part);
  }
}

/**
 * The names in a folder, in no order; [] when it is not there. With a limit, no more than so many are read.
 */
export function listNames(path: string, limit?: number): string[] {
  try {
    if (limit === undefined) return readdirSync(path);
    const folder = opendirSync(path);
    const names: string[] = [];
    try {
      for (let entry = folder.readSync(); entry && names.length < limit; entry = folder.readSync())
        names.push(entry.name);
    } finally {
      folder.closeSync();
    }
    return names;
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return [];
    throw error;
  }
}

/**
 * A name is durable only when its folder is. Windows cannot open folders; some file systems cannot sync them.
 */
export function syncFolder(path: string): void {
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch (error) {
    if (process.platform === 'win32' && isErrno(error, 'EPERM', 'EISDIR', 'EACCES')) return;
    throw error;
  }
  try {
    fsyncSync(fd);
  } catch (error) {
    if (!isErrno(error, 'EINVAL', 'ENOTSUP', 'ENOSYS') && process.platform !== 'win32') throw error;
  } finally {
    closeSync(fd);
  }
}

// --- internal ---

/**
 * Unique among processes, among the threads of one, and when a pid comes round again.
 * (`performance.timeOrigin` would load its module: 0.7 ms of every hook.)
 */
const start = Date.now().toString(36) + Math.random().toString(36).slice(2, 8);
let written = 0;

function writeTemporary(folder: string, text: string, options: Writing): string {
  written += 1;
  const path = join(folder, `${TEMPORARY_PREFIX}${process.pid}-${start}-${written}`);
  const fd = openSync(path, 'wx', options.mode ?? 0o666);
  try {
    fill(fd, text, options);
  } catch (error) {
    removeIfThere(path);
    throw error;
  }
  return path;
}

/** The final name itself, where hard links are not to be had (see the header). */
function createInPlace(path: string, text: string, options: Writing): boolean {
  let fd: number;
  try {
    fd = openSync(path, 'wx', options.mode ?? 0o666);
  } catch (error) {
    if (isErrno(error, 'EEXIST')) return false;
    throw error;
  }
  fill(fd, text, options);
  return true;
}

function fill(fd: number, text: string, options: Writing): void {
  try {
    const bytes = Buffer.from(text);
    for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done);
    if (options.modifiedAt !== undefined)
      futimesSync(fd, options.modifiedAt / 1000, options.modifiedAt / 1000);
    if (options.durable) fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
