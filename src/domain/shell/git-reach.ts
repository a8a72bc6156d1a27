// What a git verb does to files of the worktree that it does not name: it matters where several agents share one worktree.
import { hasOption, readOptions } from './options.ts';
import { isAmong } from './word-lists.ts';

/**
 * `tree`: may rewrite, remove or hide any file. `add`: puts into the index what it names (folders with all below them),
 * `add-all` everything, `add-tracked` all that git knows. `commit`: commits whatever the index holds.
 */
export type GitReach = 'tree' | 'add' | 'add-all' | 'add-tracked' | 'commit';

const REWRITES =
  'switch merge rebase pull cherry-pick revert am apply read-tree stash bisect submodule sparse-checkout subtree mergetool filter-branch merge-one-file merge-index';

export function reachOf(verb: string, args: readonly string[], hasPaths: boolean): GitReach | undefined {
  const at = args.indexOf('--');
  const before = at < 0 ? args : args.slice(0, at);
  switch (verb) {
    case 'commit':
      return commitReach(before, hasPaths);
    case 'add':
    case 'stage': {
      const options = readOptions(before, { long: 'chmod pathspec-from-file' });
      if (hasPaths) return 'add';
      return hasOption(options, 'u update') ? 'add-tracked' : 'add-all';
    }
    case 'reset':
      return hasOption(readOptions(before, { flags: 'hard merge keep' }), 'hard merge keep')
        ? 'tree'
        : undefined;
    case 'checkout':
    case 'clean':
    case 'checkout-index':
      return hasPaths ? undefined : 'tree';
    case 'apply':
      return hasOption(readOptions(before, { flags: 'cached' }), 'cached') ? undefined : 'tree';
    default:
      return isAmong(REWRITES, verb) ? 'tree' : undefined;
  }
}

function commitReach(args: readonly string[], hasPaths: boolean): GitReach {
  const options = readOptions(args, {
    short: 'mFCct',
    glued: 'uS',
    long: 'message file author date template reuse-message reedit-message fixup squash cleanup trailer pathspec-from-file',
    flags: 'all',
  });
  if (hasOption(options, 'a all')) return 'add-tracked';
  return hasPaths ? 'add' : 'commit';
}
