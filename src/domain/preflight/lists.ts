/** How a refusal of the pre-flight names many files: the first ones, and how many there are. */
import { cleanWord } from '../message.ts';

import type { PreflightFacts } from './facts.ts';

const FILES_MAX = 20;
const TYPED_MAX = 4;

export function listed(files: readonly string[]): { files: readonly string[]; total: number } {
  return { files: files.slice(0, FILES_MAX), total: files.length };
}

/** `1 file is`, `3 files are`. */
export function countOf(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** A path in the commands that are told, or a stand-in: a name that is no UTF-8 was not read as it is. */
export function typedPath(path: string): string {
  const isTypable = path !== '' && !path.includes('\ufffd') && !path.endsWith('\n');
  return isTypable ? cleanWord(path) : '<file>';
}

/** The same for git, which would take some characters of it for a pattern. */
export function typedPathspec(path: string): string {
  const typed = typedPath(path);
  return typed === '<file>' || !/[*?[\]\\]|^:/.test(path) ? typed : cleanWord(`:(literal)${path}`);
}

/** A few of them in one command; where there are more, the rest goes the same way. */
export function typedPathspecs(paths: readonly string[]): string {
  const typed = [...new Set(paths.slice(0, TYPED_MAX).map(typedPathspec))];
  return [...typed, ...(paths.length > TYPED_MAX ? ['…'] : [])].join(' ');
}

/** Where what is told is typed. */
export function placeOf({ root, phase }: Pick<PreflightFacts, 'root' | 'phase'>): string {
  return root ?? `${phase.branch}, which has no worktree now`;
}
