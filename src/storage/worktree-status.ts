/**
 * What a worktree holds beside its commit: changed, staged, untracked and conflicting files, those that git was told
 * not to look at, and whether git is in the middle of something. Reads only; paths as bytes.
 */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DirtyFile, TreePath, UnderWay } from '../domain/preflight/facts.ts';
import { git, textOf } from './git.ts';
import type { GitReader } from './git-reader.ts';
import { copyIndex } from './index-copy.ts';
import { isMissing } from './light/place.ts';
import { withScratch } from './scratch-folder.ts';

export interface WorktreeStatus {
  readonly files: readonly DirtyFile[];
  /** Submodules with work of their own that is not committed, or another commit checked out. */
  readonly submodules: readonly TreePath[];
}

const STATUS = [
  'status',
  '--porcelain=v2',
  '-z',
  '--no-renames',
  '--ignore-submodules=none',
  '--no-ahead-behind',
];

export function worktreeStatus(reader: GitReader, untracked: 'all' | 'no'): WorktreeStatus {
  const files: DirtyFile[] = [];
  const submodules: TreePath[] = [];
  for (const entry of reader.list([...STATUS, `--untracked-files=${untracked}`])) {
    const letter = entry.charAt(0);
    const [, xy = '', sub = ''] = entry.split(' ', 3);
    if (letter === '?') files.push({ ...treePath(entry.slice(2)), kind: 'untracked' });
    else if (letter === 'u') files.push({ ...treePath(behind(entry, 10)), kind: 'unmerged' });
    else if (letter === '1') {
      const path = treePath(behind(entry, 8));
      const isStaged = !xy.startsWith('.');
      if (/^S.*[CMU]/.test(sub)) submodules.push(path);
      if (isStaged || !sub.startsWith('S')) files.push({ ...path, kind: isStaged ? 'staged' : 'changed' });
    }
  }
  return { files, submodules };
}

/** What stands behind so many words. */
function behind(entry: string, words: number): string {
  let at = 0;
  for (let passed = 0; passed < words; passed += 1) at = entry.indexOf(' ', at) + 1;
  return entry.slice(at);
}

function treePath(key: string): TreePath {
  return { key, path: textOf(key) };
}

export interface Tracked {
  readonly key: string;
  /** Marked `assume-unchanged` or `skip-worktree`: git does not look at it. */
  readonly isMarked: boolean;
}

export function trackedFiles(reader: GitReader): Tracked[] {
  const lines = reader.list(['ls-files', '-v', '-z']);
  return lines.map((line) => ({ key: line.slice(2), isMarked: /^[a-zS]/.test(line) }));
}

/**
 * Marked files that are there and differ from the index. Looked at through an index of our own without the marks; the
 * user's is only read.
 */
export function hiddenChanges(reader: GitReader, gitDir: string, tracked: readonly Tracked[]): TreePath[] {
  const flagged = tracked
    .filter(({ isMarked }) => isMarked)
    .map(({ key }) => key)
    .filter((key) => existsSync(join(reader.root, textOf(key))));
  if (flagged.length === 0) return [];
  return withScratch((folder) => {
    const index = join(folder, 'index');
    // No index: nothing was ever added, so nothing is marked.
    if (!copyIndex(join(gitDir, 'index'), index)) return [];
    const env = { GIT_INDEX_FILE: index };
    const input = flagged.map((key) => `${key}\0`).join('');
    for (const option of ['--no-assume-unchanged', '--no-skip-worktree'])
      reader.read(['update-index', option, '-z', '--stdin'], { env, input });
    // Fails where something differs, which is what is asked next.
    git(reader.root, ['-c', 'core.fsmonitor=false', 'update-index', '-q', '--refresh'], { env });
    const isFlagged = new Set(flagged);
    return reader
      .list(['diff-files', '-z', '--name-only', '--ignore-submodules=all'], { env })
      .filter((key) => isFlagged.has(key))
      .map(treePath);
  });
}

const SIGNS: readonly (readonly [UnderWay, ...string[]])[] = [
  ['rebase', 'rebase-merge', 'rebase-apply'],
  ['merge', 'MERGE_HEAD'],
  ['cherry-pick', 'CHERRY_PICK_HEAD'],
  ['revert', 'REVERT_HEAD'],
  ['bisect', 'BISECT_LOG'],
];

export function underWayAt(gitDir: string): UnderWay | undefined {
  return SIGNS.find(([, ...names]) => names.some((name) => existsSync(join(gitDir, name))))?.[0];
}

/** The branch that a rebase or bisect will go back to; HEAD stands on none meanwhile. */
export function branchUnderWay(gitDir: string): string | undefined {
  for (const name of ['rebase-merge/head-name', 'rebase-apply/head-name', 'BISECT_START']) {
    try {
      const text = readFileSync(join(gitDir, name), 'utf8').trim();
      if (text !== '') return text.replace(/^refs\/heads\//, '');
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }
  return undefined;
}
