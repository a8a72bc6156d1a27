/** Moves what a person may want out of a folder that goes, and deletes folders, whatever their permissions. */
import { chmodSync, cpSync, lstatSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isErrno, makeFolder } from './light/files.ts';
import { isMissing } from './light/place.ts';
import { statReachable } from './light/reachable.ts';

const NAMES_MAX = 1_000;

/**
 * Moves paths from one folder into another, never over something that is there. What is not there any more was moved by
 * an earlier try.
 */
export function putAside(from: string, to: string, paths: readonly string[]): void {
  for (const path of paths) {
    const source = join(from, path);
    if (statReachable(source) === undefined) continue;
    const target = freeName(join(to, path));
    makeFolder(dirname(target));
    try {
      renameSync(source, target);
    } catch (error) {
      if (!isErrno(error, 'EXDEV')) throw error;
      // Deleted with the rest: a kill in the middle of the copy begins it anew, under another name.
      cpSync(source, target, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
    }
  }
}

function freeName(path: string): string {
  for (let number = 0; number < NAMES_MAX; number += 1) {
    const name = number === 0 ? path : `${path}~${number}`;
    if (statReachable(name) === undefined) return name;
  }
  throw new Error(`${path}: no name is left`);
}

/** False when something of it could not be deleted. A link to elsewhere is removed and never followed. */
export function deleteFolder(path: string): boolean {
  for (const isLast of [false, true]) {
    try {
      rmSync(path, { recursive: true, force: true, maxRetries: 5 });
      return true;
    } catch (error) {
      if (!isErrno(error, 'EACCES', 'EPERM', 'ENOTEMPTY', 'EBUSY', 'ENOTDIR')) throw error;
      // Some package caches take the right to write from their own folders.
      if (!isLast) openUp(path);
    }
  }
  return false;
}

function openUp(folder: string): void {
  try {
    if (!lstatSync(folder).isDirectory()) return;
    chmodSync(folder, 0o700);
    for (const entry of readdirSync(folder, { withFileTypes: true }))
      if (entry.isDirectory()) openUp(join(folder, entry.name));
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}
