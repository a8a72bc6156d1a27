/**
 * Keeps what is coord's alone out of git, in every worktree of the repository: half-written files, of which one that a
 * kill left beside a STATUS.md would else count as work that nobody committed; and the runtime folders, which .gitignore
 * names too, but not on a branch from before coord: there `git clean -fd` would delete them, and `git stash -u` take them
 * away. The lines stand in `.git/info/exclude`, which is this clone's alone: nothing that a project has to agree upon.
 */
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { IGNORED_BY_GIT } from '../domain/project-paths.ts';
import { TEMPORARY_PATTERN } from '../domain/temporary-name.ts';
import { isErrno, makeFolder, readTextIfThere } from './light/files.ts';

/** Where it cannot be written all else works, so that is no error. `commonDir`: of the repository. */
export function hideOwnFiles(commonDir: string): void {
  const file = join(commonDir, 'info', 'exclude');
  try {
    const text = readTextIfThere(file) ?? '';
    const known = new Set(text.split(/\r?\n/));
    const missing = [TEMPORARY_PATTERN, ...IGNORED_BY_GIT].filter((line) => !known.has(line));
    if (missing.length === 0) return;
    makeFolder(join(commonDir, 'info'), { durable: false });
    const gap = text === '' || text.endsWith('\n') ? '' : '\n';
    // One call, at the end: what a person writes there meanwhile stays.
    appendFileSync(file, `${gap}# coord: of this machine alone\n${missing.join('\n')}\n`);
  } catch (error) {
    if (!isErrno(error, 'EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT', 'EISDIR', 'ENOTDIR', 'EEXIST'))
      throw error;
  }
}
