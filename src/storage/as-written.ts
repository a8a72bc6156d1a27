/**
 * Whether a file is what git itself would write for an entry. A file that was committed against its own rules (line ends
 * that `.gitattributes` forbids, a large file past LFS) counts as changed the moment it is checked out, and nobody has
 * touched it.
 */
import { readFileSync } from 'node:fs';
import type { RawChange } from '../domain/checkout-sync.ts';
import { bytesOf } from './checkout-disk.ts';
import { textOf } from './git.ts';
import { isMissing } from './light/place.ts';
import { quietGit } from './plumbing.ts';

const REGULAR = /^100/;
/** Each costs a git process; a worktree with more of them is simply changed. */
export const AS_WRITTEN_MAX = 200;

/** `change`: from the entry to the file on the disk, as git sees it. */
export function isAsWritten(
  root: string,
  { path, old, new: now, status }: RawChange,
  env: Record<string, string> = {},
): boolean {
  if (status !== 'M' || !old || !now || old.mode !== now.mode || !REGULAR.test(old.mode)) return false;
  const written = quietGit(root, ['cat-file', '--filters', `--path=${textOf(path)}`, old.oid], { env });
  return written.ok && written.stdout === bytesAt(root, path);
}

function bytesAt(root: string, path: string): string | undefined {
  try {
    return readFileSync(bytesOf(root, path), 'latin1');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
