/**
 * Which files of a worktree changed since a moment, as git shows it, whether they were committed meanwhile or not: what
 * somebody says that he changed is not asked for. Coord's own documents are left out.
 *
 * A *baseline* is HEAD, and the hashes of what was not committed then. What differs from HEAD now and did so then,
 * with the same content, has not changed since.
 */
import { lstatSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Baseline } from '../domain/cycle/cycle.ts';
import type { CycleChange } from '../domain/cycle/parts.ts';
import { documentAt, isInProgress, WORKTREES_FOLDER } from '../domain/project-paths.ts';
import { git, headOf } from './git.ts';

/** More files than anybody changes by hand; beyond, git is asked for names alone. */
const DIRTY_MAX = 2_000;

export type MadeChange = Pick<CycleChange, 'file' | 'action'>;

export function baselineOf(root: string): Omit<Baseline, 'done'> | undefined {
  const commit = headOf(root) ?? null;
  const changed = differing(root, commit);
  if (!changed) return undefined;
  const files = [...changed.keys()].slice(0, DIRTY_MAX);
  const hashes = hashesOf(root, files);
  return { commit, dirty: Object.fromEntries(files.map((file) => [file, hashes.get(file) ?? null])) };
}

/** Sorted by name; undefined where git cannot say. */
export function changesSince(
  root: string,
  baseline: Pick<Baseline, 'commit' | 'dirty'>,
): MadeChange[] | undefined {
  const changed = differing(root, baseline.commit);
  if (!changed) return undefined;
  const then = new Map(Object.entries(baseline.dirty));
  const now = hashesOf(root, [...then.keys()]);
  for (const [file, before] of then) {
    const after = now.get(file) ?? null;
    if (before === after) changed.delete(file);
    else changed.set(file, before === null ? 'create' : after === null ? 'delete' : 'modify');
  }
  return [...changed].map(([file, action]) => ({ file, action })).sort((a, b) => (a.file < b.file ? -1 : 1));
}

/** What differs from a commit, untracked files too. */
function differing(root: string, commit: string | null): Map<string, MadeChange['action']> | undefined {
  const quiet = ['-c', 'core.fsmonitor=false', '-c', 'diff.ignoreSubmodules=none'];
  // Without a commit all is new: git's own name of a tree without files, in whichever hash the repository has.
  const base = commit ?? git(root, ['hash-object', '-t', 'tree', '--stdin'], { input: '' }).stdout.trim();
  const diff = git(root, [...quiet, 'diff', '--name-status', '-z', '--no-renames', base, '--']);
  const untracked = git(root, [...quiet, 'ls-files', '-z', '--others', '--exclude-standard']);
  if (!diff.ok || !untracked.ok) return undefined;
  const found = new Map<string, MadeChange['action']>();
  const words = diff.stdout.split('\0');
  for (let at = 0; at + 1 < words.length; at += 2) {
    const [status, file = ''] = [words[at], words[at + 1]];
    if (isWork(file)) found.set(file, status === 'A' ? 'create' : status === 'D' ? 'delete' : 'modify');
  }
  for (const file of untracked.stdout.split('\0')) if (isWork(file)) found.set(file, 'create');
  return found;
}

function isWork(path: string): boolean {
  if (path === '' || isInProgress(path) || path.startsWith(`${WORKTREES_FOLDER}/`)) return false;
  return documentAt(path, false) === undefined;
}

/** Of files that are there; a link by where it leads. */
function hashesOf(root: string, files: readonly string[]): Map<string, string> {
  const hashes = new Map<string, string>();
  const plain: string[] = [];
  for (const file of files) {
    const path = join(root, file);
    const stat = lstatSync(path, { throwIfNoEntry: false });
    if (stat?.isSymbolicLink()) hashes.set(file, `link ${readlinkSync(path)}`);
    // A name with a line break cannot be asked for by a list of lines: its size and time stand for it.
    else if (stat?.isFile() && file.includes('\n')) hashes.set(file, `${stat.size} ${stat.mtimeMs}`);
    else if (stat?.isFile()) plain.push(file);
  }
  if (plain.length === 0) return hashes;
  const input = plain.map((file) => `${file}\n`).join('');
  const asked = git(root, ['hash-object', '--no-filters', '--stdin-paths'], { input });
  const lines = asked.stdout.split('\n');
  plain.forEach((file, at) => {
    const hash = lines[at];
    if (hash) hashes.set(file, hash);
  });
  return hashes;
}
