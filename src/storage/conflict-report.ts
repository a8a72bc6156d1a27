/** What a conflict is told as: the files, and the hunks out of git's own half-merged tree; bounded twice, for a message and for the log. */
import {
  type ConflictFile,
  type ConflictText,
  hunksOf,
  type MergeAnswer,
  printConflict,
} from '../domain/merge-conflict.ts';
import { textOf } from './git.ts';
import { quietGit } from './plumbing.ts';

export interface ConflictReport {
  /** The branch's commit that did not apply; null where the branch was merged as a whole. */
  readonly commit: { readonly sha: string; readonly subject: string } | null;
  readonly files: readonly ConflictFile[];
  readonly total: number;
  /** For a message. */
  readonly excerpt: string;
  /** For the log. */
  readonly text: string;
}

export interface Sides {
  /** Commits, as git was given them and names them in its markers. */
  readonly ours: string;
  readonly theirs: string;
  /** What people know them by. */
  readonly target: string;
  readonly branch: string;
}

const FILES_MAX = 50;
const EXCERPT_CHARS_MAX = 4_000;
const TEXT_CHARS_MAX = 256 * 1024;
const BLOB_BYTES_MAX = 4 * 1024 * 1024;
/** Kinds of which git leaves a file with markers in it. */
const MARKED: readonly ConflictFile['kind'][] = [
  'content',
  'add/add',
  'rename',
  'rename/rename',
  'rename/delete',
];

export function reportConflict(
  cwd: string,
  { tree, files: found }: MergeAnswer,
  sides: Sides,
  commit: ConflictReport['commit'],
): ConflictReport {
  const { ours, theirs, target, branch } = sides;
  const named = (text: string) => textOf(text).replaceAll(ours, target).replaceAll(theirs, branch);
  // Where a file and a folder collide git moves one of them aside, to `<path>~<commit>`.
  const aside = new RegExp(`~(?:${ours}|${theirs})(?:_\\d+)?$`);
  const texts = found.slice(0, FILES_MAX).map((file): ConflictText => {
    const path = textOf(file.path.replace(aside, ''));
    const hunks = MARKED.includes(file.kind) ? hunksAt(cwd, `${tree}:${textOf(file.path)}`).map(named) : [];
    return { file: { path, kind: file.kind, detail: named(file.detail) }, hunks };
  });
  const unique = new Map(texts.map((text) => [`${text.file.path}\0${text.file.kind}`, text]));
  const total = found.length > FILES_MAX ? found.length : unique.size;
  const where = commit
    ? `commit ${commit.sha.slice(0, 12)} "${commit.subject}" of ${branch}`
    : `branch ${branch}`;
  const head = `${where} conflicts with ${target} in ${total === 1 ? 'one file' : `${total} files`}:`;
  return {
    commit,
    files: [...unique.values()].map(({ file }) => file),
    total,
    excerpt: printConflict([...unique.values()], head, EXCERPT_CHARS_MAX),
    text: printConflict([...unique.values()], head, TEXT_CHARS_MAX),
  };
}

function hunksAt(cwd: string, blob: string): string[] {
  const size = quietGit(cwd, ['cat-file', '-s', blob]);
  if (!size.ok || Number(size.stdout) > BLOB_BYTES_MAX) return [];
  return hunksOf(quietGit(cwd, ['cat-file', 'blob', blob]).stdout);
}
