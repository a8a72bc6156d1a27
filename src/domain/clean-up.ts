/**
 * Clean-up: what may go of a worktree and a branch whose work has landed, and why something stays.
 *
 * Glossary. *manifest*: what coord itself wrote down of a worktree and its branch; nothing is removed that no manifest
 * names, and never by a pattern. *beside the work*: files that coord and the client keep in a worktree and that nobody
 * commits. *rebuildable*: ignored files that a build makes again. *to keep*: any other ignored file (`.env`, a local
 * database, the artifacts of a development cycle): git would delete those silently with the worktree, so they are put
 * aside first.
 */

import { cleanLine } from './message.ts';
import {
  artifactAt,
  documentAt,
  isInProgress,
  LOCAL_SETTINGS_FILE,
  PROGRESS_FOLDER,
} from './project-paths.ts';
import { isCoordsTemporary } from './temporary-name.ts';

export type Keep =
  | { code: 'not-landed'; entry: string }
  | { code: 'taken-back'; target: string }
  | { code: 'phase-active'; phase: string }
  | { code: 'in-use'; by: 'session' | 'process' | 'caller'; who: string }
  | { code: 'primary' }
  | { code: 'foreign'; path: string }
  | { code: 'not-as-noted'; path: string; what: string }
  | { code: 'holds-worktree'; path: string; inside: string }
  | { code: 'locked'; reason: string }
  | { code: 'busy'; what: string }
  | { code: 'other-branch'; branch: string }
  | { code: 'unmerged'; branch: string; target: string }
  | { code: 'dirty'; files: readonly string[] }
  | { code: 'untracked'; files: readonly string[] }
  | { code: 'hidden'; files: readonly string[] }
  | { code: 'submodule'; files: readonly string[] }
  | { code: 'nested-repository'; files: readonly string[] }
  | { code: 'ignored-too-many'; files: readonly string[] }
  | { code: 'checked-out'; branch: string; path: string }
  | { code: 'refused'; detail: string }
  | { code: 'waits'; entry: string }
  | { code: 'failed'; detail: string }
  | { code: 'undeleted'; path: string };

const FILES_TOLD = 5;

/** Why something stays: a clause, for an answer, a message, or doctor. */
export function whyKept(keep: Keep): string {
  switch (keep.code) {
    case 'not-landed':
      return `entry ${keep.entry} has not landed`;
    case 'taken-back':
      return `${cleanLine(keep.target)} does not hold what landed any more`;
    case 'phase-active':
      return `phase ${cleanLine(keep.phase)} is active`;
    case 'in-use':
      return keep.by === 'caller' ? 'you stand in it' : `${keep.by} ${cleanLine(keep.who)} is in it`;
    case 'primary':
      return 'it is the primary worktree';
    case 'foreign':
      return `${cleanLine(keep.path)} was not made by coord or the client, but by a person`;
    case 'not-as-noted':
      return `${cleanLine(keep.path)} is not what coord noted of it (${cleanLine(keep.what)})`;
    case 'holds-worktree':
      return `another worktree lies in it: ${cleanLine(keep.inside)}`;
    case 'locked':
      return `it is locked (git worktree lock)${keep.reason === '' ? '' : `: ${cleanLine(keep.reason)}`}`;
    case 'busy':
      return `git is in the middle of something there (${cleanLine(keep.what)})`;
    case 'other-branch':
      return `${cleanLine(keep.branch)} is checked out there`;
    case 'unmerged':
      return `${cleanLine(keep.branch)} has commits that ${cleanLine(keep.target)} does not have`;
    case 'checked-out':
      return `${cleanLine(keep.branch)} is checked out in ${cleanLine(keep.path)}`;
    case 'refused':
      return `git refused: ${cleanLine(keep.detail)}`;
    case 'waits':
      return `entry ${keep.entry} waits in the queue; \`coord merge cancel ${keep.entry}\` takes it out`;
    case 'failed':
      return `it failed (${cleanLine(keep.detail)}); it is tried again`;
    case 'undeleted':
      return `what is left of its files could not be deleted: ${cleanLine(keep.path)}`;
    default:
      return `${WHAT_LIES_THERE[keep.code]}: ${namesOf(keep.files)}`;
  }
}

const WHAT_LIES_THERE = {
  dirty: 'files with changes that are not committed',
  untracked: 'files that were never added to git',
  hidden: 'changed files that git was told to take for unchanged',
  submodule: 'submodules with work that is nowhere else',
  'nested-repository': 'another repository lies in it',
  'ignored-too-many': 'more ignored files than are put aside',
} as const;

function namesOf(files: readonly string[]): string {
  const more = files.length - FILES_TOLD;
  const told = files.slice(0, FILES_TOLD).map((file) => cleanLine(file, 120));
  return `${told.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** The client's own settings of a worktree. */
const CLIENT_SETTINGS = '.claude/settings.local.json';

/** Where documents and settings lie. What a kill left of one that was being written is never a document itself. */
const COORDS_FOLDERS = /^\.(?:planning|progress|claude)\//;

/** `derived`: made anew from elsewhere, so it may go. `kept`: a person or an agent may miss it, so it is put aside. */
export function besideTheWork(path: string): 'derived' | 'kept' | undefined {
  if (COORDS_FOLDERS.test(path) && isCoordsTemporary(path)) return 'derived';
  if (isInProgress(path)) return artifactAt(path, false) ? 'kept' : 'derived';
  if (path === LOCAL_SETTINGS_FILE || path === CLIENT_SETTINGS) return 'kept';
  const document = documentAt(path, false);
  return document === undefined || document.kind === 'agents' ? undefined : 'kept';
}

/** Folders and files that package managers, compilers, test runners and systems make again by themselves. */
const REBUILDABLE = new Set([
  ...['node_modules', 'bower_components', '.pnpm-store', '.yarn', '.npm', '.next', '.nuxt', '.output'],
  ...['.svelte-kit', '.astro', '.angular', '.turbo', '.parcel-cache', '.vite', '.cache', '.eslintcache'],
  ...['.venv', 'venv', '__pycache__', '.pytest_cache', '.mypy_cache', '.ruff_cache', '.tox', '.nox', '.eggs'],
  ...['.hypothesis', '.ipynb_checkpoints', 'htmlcov', '.coverage', 'coverage', '.nyc_output'],
  ...['target', 'dist', 'build', 'out', 'obj', '.gradle', '.m2', '.bundle', '.dart_tool', '_build', 'deps'],
  ...['.zig-cache', 'zig-out', '.stack-work', 'dist-newstyle', '.DS_Store', 'Thumbs.db', PROGRESS_FOLDER],
]);
const REBUILDABLE_ENDINGS = ['.pyc', '.pyo', '.o', '.a', '.class', '.tsbuildinfo', '.swp', '.egg-info'];

/** For an ignored file or folder, relative to the worktree. */
export function isRebuildable(path: string): boolean {
  const parts = path.split('/').filter((part) => part !== '');
  // The folder itself is neither: what is worked out lies in it beside the artifacts of cycles.
  if (parts[0] === PROGRESS_FOLDER) return parts.length > 1 && artifactAt(path, false) === undefined;
  return (
    parts.some((part) => REBUILDABLE.has(part)) ||
    REBUILDABLE_ENDINGS.some((ending) => parts.at(-1)?.endsWith(ending) === true)
  );
}
