/**
 * What a sync must replace and did not expect is kept: `.coordination/queue/aside/<landing>/<checkout>/<path>`, the path
 * as one name. It is moved there before anything is written in its place, so a kill leaves it in one of the two, and
 * what was put aside for a landing is told as often as that landing is.
 */
import {
  copyFileSync,
  existsSync,
  lstatSync,
  readlinkSync,
  renameSync,
  symlinkSync,
  unlinkSync,
} from 'node:fs';
import { join } from 'node:path';
import { hash128, leaseName } from '../domain/names.ts';
import { bytesOf, seenAt } from './checkout-disk.ts';
import { textOf } from './git.ts';
import { isErrno, listNames, makeFolder } from './light/files.ts';
import { coordinationPath } from './light/roster.ts';

const LISTED_MAX = 100;

function asideFolder(home: string, id: string, root: string): string {
  return coordinationPath(home, 'queue', 'aside', id, hash128(root).slice(0, 8));
}

export function putAside(home: string, id: string, root: string, paths: readonly string[]): void {
  const folder = asideFolder(home, id, root);
  for (const path of paths) {
    if (seenAt(root, path) !== 'file') continue;
    makeFolder(folder);
    const name = leaseName(textOf(path));
    let to = join(folder, name);
    for (let n = 2; existsSync(to); n += 1) to = join(folder, `${name}.${n}`);
    moveFile(bytesOf(root, path), to);
  }
}

function moveFile(from: Buffer, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    // The checkout is on another disk.
    if (!isErrno(error, 'EXDEV')) throw error;
    if (lstatSync(from).isSymbolicLink()) symlinkSync(readlinkSync(from), to);
    else copyFileSync(from, to);
    unlinkSync(from);
  }
}

/** What was put aside of a checkout for this landing, in this run or an earlier one; relative to home. */
export function asideOf(home: string, id: string, root: string): string[] {
  const folder = asideFolder(home, id, root);
  return listNames(folder, LISTED_MAX)
    .sort()
    .map((name) => join(folder, name).slice(home.length + 1));
}
