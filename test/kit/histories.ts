/**
 * Small repositories with any history, made by one `git fast-import`: commits on branches as lists of edits, so that a
 * property can look at thousands of merges. Contents are lists of short lines, in which git finds renames.
 */
import { spawnSync } from 'node:child_process';

export type Edit =
  | { do: 'write'; path: string; text: string }
  | { do: 'link'; path: string; to: string }
  | { do: 'delete'; path: string }
  | { do: 'move'; from: string; to: string };

export interface Made {
  readonly branch: string;
  /** Numbers of earlier commits, from 0; [] for a root. */
  readonly parents: readonly number[];
  readonly edits: readonly Edit[];
}

/** A path as fast-import reads it, whatever it is made of. */
function quoted(path: string): string {
  const bytes = [...Buffer.from(path)].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`);
  return `"${bytes.join('')}"`;
}

function printEdit(edit: Edit): string {
  switch (edit.do) {
    case 'write':
      return `M 100644 inline ${quoted(edit.path)}\ndata ${Buffer.byteLength(edit.text)}\n${edit.text}\n`;
    case 'link':
      return `M 120000 inline ${quoted(edit.path)}\ndata ${Buffer.byteLength(edit.to)}\n${edit.to}\n`;
    case 'delete':
      return `D ${quoted(edit.path)}\n`;
    case 'move':
      return `R ${quoted(edit.from)} ${quoted(edit.to)}\n`;
  }
}

/** Adds the commits to a repository; the branches stand where their last commit is. */
export function importHistory(repository: string, commits: readonly Made[]): void {
  const script = commits.map(({ branch, parents, edits }, at) => {
    const [from, ...merged] = parents.map((parent) => `:${parent + 1}\n`);
    return [
      ...(from === undefined ? [`reset refs/heads/${branch}\n`] : []),
      `commit refs/heads/${branch}\nmark :${at + 1}\n`,
      `committer T <t@example.invalid> ${1_700_000_000 + at} +0000\ndata 1\nx\n`,
      ...(from === undefined ? [] : [`from ${from}`]),
      ...merged.map((mark) => `merge ${mark}`),
      ...edits.map(printEdit),
      '\n',
    ].join('');
  });
  const input = Buffer.from(script.join(''));
  const ended = spawnSync('git', ['fast-import', '--quiet', '--force'], { cwd: repository, input });
  if (ended.status !== 0) throw new Error(`fast-import: ${ended.stderr}`);
}

export const lines = (name: string, count = 12): string[] =>
  Array.from({ length: count }, (_, at) => `${name} line ${at}`);

export const textOf = (all: readonly string[]): string => `${all.join('\n')}\n`;
