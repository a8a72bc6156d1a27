/**
 * STATE.md of a project whose primary worktree has a branch checked out that never had it: one from before coord, most
 * often. It is not lost then, and written anew there it would be in the way of going back.
 */
import { BRANCH_PREFIX } from '../domain/identifiers.ts';
import { STATE_FILE } from '../domain/project-paths.ts';
import { branchNameOf, branchOfRef, git } from './git.ts';

/** Which branch is checked out, '' for none, and one that has the file; undefined where it is missed by all means. */
export function elsewhereOf(home: string): { branch: string; holder: string } | undefined {
  // A commit that took it away is another thing.
  const here = git(home, ['rev-list', '--max-count=1', 'HEAD', '--', STATE_FILE]);
  if (!here.ok || here.stdout.trim() !== '') return undefined;
  const holder = [cameFrom, lastCommittedOn]
    .map((find) => branchOfRef(find(home)))
    .find((branch) => branch !== undefined && hasState(home, branch));
  return holder === undefined ? undefined : { branch: branchNameOf(home) ?? '', holder };
}

function hasState(home: string, branch: string): boolean {
  return git(home, ['cat-file', '-e', `refs/heads/${branch}:${STATE_FILE}`]).ok;
}

/** The branch that was checked out before. */
function cameFrom(home: string): string {
  return git(home, ['rev-parse', '--symbolic-full-name', '@{-1}']).stdout.trim();
}

function lastCommittedOn(home: string): string {
  const others = [`--exclude=${BRANCH_PREFIX}*`, '--branches'];
  const asked = ['log', '--max-count=1', '--source', '--format=%S', ...others, '--', STATE_FILE];
  return git(home, asked).stdout.trim();
}
