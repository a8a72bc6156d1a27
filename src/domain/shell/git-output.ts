// What git verbs print that others use as paths or names.
import type { GitCall } from './git-call.ts';
import { isStatic, MAYBE, NAME } from './markers.ts';
import { below, normalPath } from './paths.ts';

/** What all worktrees of a repository have in common (gitrepository-layout), a lock on it too; the rest each has for itself. */
const COMMON =
  /^(?:branches|common|hooks|info|logs|lost-found|objects|refs|remotes|rr-cache|svn|worktrees|config|gc\.pid|packed-refs|shallow)(?:\/|(?:\.lock)?$)/;
const OWN_ALL_THE_SAME =
  /^(?:(?:info\/sparse-checkout|logs\/HEAD)(?:\.lock)?$|(?:logs\/)?refs\/(?:bisect|rewritten|worktree)(?:\/|$))/;

function isCommon(name: string): boolean {
  return COMMON.test(name) && !OWN_ALL_THE_SAME.test(name);
}

/** `git rev-parse --show-toplevel` and its kin, asked where the repository is known; below it, another may be nested, and elsewhere the top is taken to be there. */
function placeAsked({ reader: { facts }, dir, stores, args }: GitCall): string | undefined {
  const { repository } = facts;
  if (repository === undefined || stores.length > 0) return undefined;
  const { root, gitDir, commonDir } = repository;
  const [flag, name, ...more] = args.filter((arg) => arg !== '--path-format=absolute');
  const told: Readonly<Record<string, string>> = {
    '--show-toplevel': root,
    '--git-dir': gitDir,
    '--absolute-git-dir': gitDir,
    '--git-common-dir': commonDir,
  };
  const place =
    flag === '--git-path' && name !== undefined && more.length === 0
      ? `${isCommon(name) ? commonDir : gitDir}/${name}`
      : name === undefined
        ? told[flag ?? '']
        : undefined;
  if (place === undefined || !isStatic(dir)) return undefined;
  const at = normalPath(dir);
  if (at === facts.cwd || at === root) return place;
  if (at.startsWith(`${root}/`)) return MAYBE + place;
  return flag === '--show-toplevel' && name === undefined ? MAYBE + at : undefined;
}

/** What is printed by verbs whose output others use as paths or names. */
export function printedBy(git: GitCall): string | undefined {
  const { verb, args } = git;
  const isNames =
    (verb === 'diff' && args.includes('--name-only')) ||
    (verb === 'grep' &&
      args.some((arg) => /^(-[a-zA-Z]*l[a-zA-Z]*|--files-with-matches|--name-only)$/.test(arg)));
  if (isNames || verb === 'ls-files') return `${below('.')}\n`;
  const place = verb === 'rev-parse' ? placeAsked(git) : undefined;
  if (place !== undefined) return `${place}\n`;
  // What is no revision, rev-parse prints as it was given.
  const isHash = verb === 'rev-parse' && !args.some((arg) => /^--(?!short|verify|quiet)|[/]|\.\./.test(arg));
  return isHash || (verb === 'rev-list' && args.includes('--count')) ? `${NAME}\n` : undefined;
}
