/**
 * Large files of an integration worktree. Git checks out their pointers only (GIT_LFS_SKIP_SMUDGE: a checkout must not
 * need the network); then `git lfs checkout` puts in what is on this machine. What is not is named.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { bytesOf } from './checkout-disk.ts';
import { textOf } from './git.ts';
import { isMissing } from './light/place.ts';
import { nulList } from './plumbing.ts';
import { type Slot, slotGit, triesSlotGit } from './slot.ts';

const POINTER = 'version https://git-lfs.github.com/spec/';

/** The files that are still pointers. */
export function fillLargeFiles(slot: Slot): string[] {
  const paths = nulList(slotGit(slot, ['ls-files', '-z', '--', ':(top,attr:filter=lfs)']));
  if (paths.length === 0) return [];
  const isInstalled = triesSlotGit(slot, ['config', '--get-regexp', '^filter\\.lfs\\.']).ok;
  // What it cannot do shows in the files.
  if (isInstalled) triesSlotGit(slot, ['lfs', 'checkout']);
  return paths.filter((path) => isPointer(bytesOf(slot.root, path))).map(textOf);
}

function isPointer(file: Buffer): boolean {
  let fd: number;
  try {
    fd = openSync(file, 'r');
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
  try {
    const start = Buffer.alloc(POINTER.length);
    const read = readSync(fd, start, 0, start.length, 0);
    return start.subarray(0, read).toString('latin1') === POINTER;
  } finally {
    closeSync(fd);
  }
}
