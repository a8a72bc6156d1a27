/**
 * What branches changed since they left the target, read from git in two or three processes for any number of
 * branches. Reads only. Undefined where it would be too much, or git cannot say it: then nothing is known.
 */
import type { Change, CommitChanges, History } from '../domain/footprint.ts';
import { git } from './git.ts';

const COMMITS_MAX = 2_000;
const CHANGES_MAX = 200_000;
/** Starts a commit's header. */
const MARK = '\u0001';
/** Against each parent, whatever the user's own configuration shows of merges, roots, renames and submodules. */
const LOG = [
  '-c',
  'log.showRoot=true',
  'log',
  '-z',
  '--raw',
  '--no-renames',
  '--no-relative',
  '--ignore-submodules=none',
  '--no-color',
  '--no-show-signature',
  '--format=%x01%H %P',
  `--max-count=${COMMITS_MAX}`,
];

export function historyOf(
  home: string,
  target: string,
  tips: readonly string[],
  timeoutMs: number,
): History | undefined {
  const deadline = Date.now() + timeoutMs;
  const run = (...args: string[]) => git(home, args, { timeoutMs: Math.max(1, deadline - Date.now()) });
  const own = run(...LOG, '--diff-merges=separate', ...tips, `^${target}`, '--');
  if (!own.ok) return undefined;
  const commits = parseCommits(own.stdout);
  if (commits === undefined || commits.length >= COMMITS_MAX) return undefined;
  const base = run('merge-base', '--octopus', target, ...tips);
  if (!base.ok) return { target, trunk: [], own: commits };
  const bottom = base.stdout.trim();
  if (bottom === target) return { target, trunk: [], own: commits };
  const trunk = run(...LOG, '--first-parent', '--diff-merges=first-parent', target, `^${bottom}`, '--');
  return { target, trunk: (trunk.ok ? parseCommits(trunk.stdout) : undefined) ?? [], own: commits };
}

/**
 * A header, `<mark><commit> <parent>…`, and behind it for each change `:<modes> <objects> <letter>` and its path, all
 * ended by NUL. A merge has a header for each of its parents. Undefined when there is more than is worth a look.
 */
function parseCommits(text: string): CommitChanges[] | undefined {
  const words = text.split('\0');
  if (words.length > CHANGES_MAX) return undefined;
  const found = new Map<string, { commit: string; parents: string[]; changes: Change[] }>();
  let current: Change[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = (words[at] ?? '').replace(/^\n/, '');
    if (word.startsWith(MARK)) {
      const [commit = '', ...parents] = word.slice(MARK.length).trim().split(' ');
      const known = found.get(commit) ?? { commit, parents, changes: [] };
      found.set(commit, known);
      current = known.changes;
    } else if (word.startsWith(':')) {
      at += 1;
      current.push({ kind: kindOf(word), path: words[at] ?? '' });
    }
  }
  return [...found.values()];
}

function kindOf(meta: string): Change['kind'] {
  const letter = meta.at(-1);
  return letter === 'A' ? 'added' : letter === 'D' ? 'deleted' : 'changed';
}
