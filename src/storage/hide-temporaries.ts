/**
 * Keeps half-written files of coord's out of git, in every worktree of the repository: one that a kill left beside a
 * STATUS.md would else count as work that nobody committed, and `git add -A` would commit it. The line stands in
 * `.git/info/exclude`, which is this clone's alone: it is nothing that a project has to agree upon.
 */
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { TEMPORARY_PATTERN } from '../domain/temporary-name.ts';
import { isErrno, makeFolder, readTextIfThere } from './light/files.ts';

/** Where it cannot be written all else works, so that is no error. `commonDir`: of the repository. */
export function hideTemporaries(commonDir: string): void {
  const file = join(commonDir, 'info', 'exclude');
  try {
    const text = readTextIfThere(file) ?? '';
    if (text.split(/\r?\n/).includes(TEMPORARY_PATTERN)) return;
    makeFolder(join(commonDir, 'info'), { durable: false });
    const gap = text === '' || text.endsWith('\n') ? '' : '\n';
    // One call, at the end: what a person writes there meanwhile stays.
    appendFileSync(file, `${gap}# coord: files that it is about to write\n${TEMPORARY_PATTERN}\n`);
  } catch (error) {
    if (!isErrno(error, 'EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT', 'EISDIR', 'ENOTDIR', 'EEXIST'))
      throw error;
  }
}
