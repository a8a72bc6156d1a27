/**
 * The door to `git merge-tree`: what a merge of two commits would come to, without a worktree and without an index. It
 * writes the objects of the merge, so it is given a folder of its own for them, which goes when the asking is over:
 * a radar that looks many times a day would else fill the repository with objects that belong to nothing.
 */
import { join } from 'node:path';
import { parseMergeAnswer } from '../domain/merge-conflict.ts';
import { ANSWER_FILES_MAX, type Answer } from '../domain/radar.ts';
import { isOlder } from '../domain/version.ts';
import { quoted } from './evidence-tree.ts';
import { type GitOptions, git } from './git.ts';
import { openScratch } from './scratch-folder.ts';

export const MERGE_TREE_SINCE = '2.38';

/** `2.39.5`; undefined when git does not run. */
export function gitVersion(folder: string): string | undefined {
  const told = git(folder, ['version']);
  return told.ok ? (/\d+(?:\.\d+)+/.exec(told.stdout)?.[0] ?? told.stdout.trim()) : undefined;
}

export function hasMergeTree(version: string | undefined): boolean {
  return version !== undefined && /^\d/.test(version) && !isOlder(version, MERGE_TREE_SINCE);
}

export type Asked = Answer | { readonly code: 'failed'; readonly detail: string } | { readonly code: 'slow' };

export interface MergeAsker {
  /** Which files would be in conflict. */
  readonly ask: (ours: string, theirs: string, timeoutMs: number) => Asked;
  readonly end: () => void;
}

/** To be ended by whoever opened it. */
export function openMergeAsker(home: string, commonDir: string): MergeAsker {
  const { folder, end } = openScratch();
  const env = {
    GIT_OBJECT_DIRECTORY: folder,
    GIT_ALTERNATE_OBJECT_DIRECTORIES: quoted(join(commonDir, 'objects')),
  };
  return {
    ask: (ours, theirs, timeoutMs) => {
      const startedAt = Date.now();
      const args = ['merge-tree', '--write-tree', '-z', '--name-only', '--no-messages', ours, theirs];
      const { ok, stdout, stderr } = git(home, args, { env, timeoutMs });
      if (ok) return { files: [], count: 0 };
      if (/unrelated histories/.test(stderr)) return { files: [], count: 0, isUnrelated: true };
      const [tree = '', ...names] = stdout.split('\0');
      // Exit code 1 means both a conflict and a commit that is not there; only the first has a tree, and ends whole.
      if (/^[0-9a-f]{40,64}$/.test(tree) && stdout.endsWith('\0')) {
        const answer = answerOf(names, ours, theirs);
        return answer.count > 0 ? answer : askedByWord(home, [ours, theirs], { env, timeoutMs });
      }
      if (Date.now() - startedAt >= timeoutMs) return { code: 'slow' };
      return { code: 'failed', detail: stderr.split('\n')[0] ?? '' };
    },
    end,
  };
}

/** A conflict of which git names no file: its messages do. */
function askedByWord(home: string, [ours, theirs]: readonly [string, string], options: GitOptions): Asked {
  const args = ['merge-tree', '--write-tree', '-z', '--messages', ours, theirs];
  const told = parseMergeAnswer(git(home, args, options).stdout)?.files ?? [];
  const names = told.map(({ path }) => path);
  if (names.length > 0) return answerOf(names, ours, theirs);
  return { code: 'failed', detail: 'a conflict of which git names no file' };
}

/** Where a file and a folder collide git moves one of them aside, to `<path>~<commit>`: the path is what counts. */
function answerOf(names: readonly string[], ours: string, theirs: string): Answer {
  const aside = new RegExp(`~(?:${ours}|${theirs})(?:_\\d+)?$`);
  const files = [...new Set(names.filter((name) => name !== '').map((name) => name.replace(aside, '')))];
  return { files: files.sort().slice(0, ANSWER_FILES_MAX), count: files.length };
}
