/**
 * What lies on the disk of a checkout, by the paths that git knows: bytes, one character each, which need not be text.
 */
import {
  accessSync,
  constants,
  existsSync,
  lstatSync,
  opendirSync,
  readdirSync,
  rmdirSync,
  type Stats,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { Disk, Seen, TreeChange } from '../domain/checkout-sync.ts';
import { isErrno } from './light/files.ts';
import { isMissing } from './light/place.ts';
import { quietGit } from './plumbing.ts';

export function textOfPath(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

/** True where the way to a path goes through something that is no folder, as a symlink to one. */
export function isBehindLink(disk: Disk, path: string): boolean {
  const parts = path.split('/').slice(0, -1);
  return parts.some((_, at) => disk.look(parts.slice(0, at + 1).join('/')) !== 'folder');
}

const DEPTH_MAX = 256;

export function diskAt(root: string): Disk {
  return {
    look: (path) => seenAt(root, path),
    below: (path) => filesBelow(root, path, DEPTH_MAX),
    isCaseBlind:
      quietGit(root, ['config', '--type=bool', '--get', 'core.ignoreCase']).stdout.trim() === 'true',
  };
}

export function seenAt(root: string, path: string): Seen {
  const stat = statAt(root, path);
  if (!stat) return 'missing';
  return stat.isDirectory() ? 'folder' : 'file';
}

function statAt(root: string, path: string): Stats | undefined {
  try {
    return lstatSync(bytesOf(root, path), { throwIfNoEntry: false });
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** A path of git's as the file system takes it, whatever its bytes are. */
export function bytesOf(root: string, path: string): Buffer {
  return Buffer.concat([Buffer.from(join(root, '/')), Buffer.from(path, 'latin1')]);
}

function* filesBelow(root: string, path: string, depth: number): Generator<string> {
  const folder = opendirSync(bytesOf(root, path), { encoding: 'latin1' });
  try {
    for (let entry = folder.readSync(); entry; entry = folder.readSync()) {
      const below = `${path}/${entry.name}`;
      if (entry.isDirectory() && depth > 0) yield* filesBelow(root, below, depth - 1);
      else yield below;
    }
  } finally {
    folder.closeSync();
  }
}

/** Takes away a folder that holds nothing but folders; files are never removed. */
export function removeEmptyFolders(root: string, path: string): void {
  for (const name of readdirSync(bytesOf(root, path), { encoding: 'latin1' }))
    if (seenAt(root, `${path}/${name}`) === 'folder') removeEmptyFolders(root, `${path}/${name}`);
  try {
    rmdirSync(bytesOf(root, path));
  } catch (error) {
    if (!isErrno(error, 'ENOTEMPTY', 'EEXIST', 'EACCES', 'EPERM', 'EBUSY')) throw error;
  }
}

/** The first folder in which the landing could not write; git would find that out in the middle. */
export function unwritable(root: string, gitDir: string, changes: readonly TreeChange[]): string | undefined {
  const folders = new Set<string>([gitDir]);
  for (const { path } of changes) folders.add(existingFolder(root, dirname(textOfPath(path))));
  for (const folder of folders) {
    try {
      accessSync(folder, constants.W_OK);
    } catch (error) {
      if (isErrno(error, 'EACCES', 'EPERM', 'EROFS')) return folder;
      if (!isMissing(error)) throw error;
    }
  }
  return undefined;
}

function existingFolder(root: string, relative: string): string {
  for (let at = relative; at !== '.' && at !== '/'; at = dirname(at)) {
    if (existsSync(join(root, at))) return join(root, at);
  }
  return root;
}
