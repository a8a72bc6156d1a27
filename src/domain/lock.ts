/**
 * Locks on paths: what one covers, and which two cannot be held by two agents at once.
 *
 * Glossary. *target*: what a lock is on, in one worktree: a *file* (that very path, there or not), a *tree* (a folder
 * with all below it, the worktree itself as ``), or a *glob*. *key*: the canonical text of a target: the worktree's
 * name, `:`, and the path below its root with `/`, case folded where the file system is blind to it. Two spellings of
 * one file have one key; `a/b` and `a_b` have two. *inode*: the further key of a file with several names (hard links),
 * so that a lock on one name is a lock on all. *stem*: the folder in which a glob's first special segment lies.
 * *reserved*: what is no path and is held by the same rules: the *test mutex* of a worktree (who has it runs what works
 * on the whole tree, test-command.ts), and the *pen* of the project (who has it writes, where `sequential` is on).
 * *errand*: the command for which a test mutex is held.
 *
 * Invariant: two targets that can mean one file collide; and whatever a lock covers, it collides with.
 */

import { globsOverlap } from './glob-overlap.ts';
import { isObject, parseObject } from './json-value.ts';
import type { PlaceName } from './place-name.ts';
import type { Deadlock } from './wait-graph.ts';

export const LOCK_KINDS = ['file', 'tree', 'glob'] as const;
export type LockKind = (typeof LOCK_KINDS)[number];

export interface LockTarget {
  readonly kind: LockKind;
  readonly place: PlaceName;
  /** Below the worktree's root, with `/`, as people write it; a glob from its stem on as it was given. */
  readonly path: string;
  /** `<device>-<inode>` of a file that has several names. */
  readonly inode?: string;
}

/** Names that no worktree can have: git leaves no `~` in them. */
const RESERVED = { '~tests': 'tests', '~pen': 'pen' } as const;
export type Reserved = (typeof RESERVED)[keyof typeof RESERVED];

export function testMutexOf(place: PlaceName): LockTarget {
  return { kind: 'file', place: '~tests', path: place ?? '' };
}

export const PEN: LockTarget = { kind: 'file', place: '~pen', path: '' };

/** Undefined for a path. */
export function reservedAs({ place }: LockTarget): Reserved | undefined {
  return place !== null && Object.hasOwn(RESERVED, place)
    ? RESERVED[place as keyof typeof RESERVED]
    : undefined;
}

/** What machines call a target: its path, `.` for the whole worktree, `~tests`, `~pen`. */
export function targetName(target: LockTarget): string {
  return reservedAs(target) === undefined ? target.path || '.' : String(target.place);
}

/** The command for which the test mutex is held. It is over when its call is, or the holder's process. */
export interface Errand {
  /** As people know it. */
  readonly command: string;
  /** The whole text that a tool was given; null where a process of its own runs it (`coord run`). */
  readonly text: string | null;
  /** The tool's use; null likewise. */
  readonly call: string | null;
  /** Where the client writes down what became of the call, and how much stood there before. */
  readonly transcript: { readonly path: string; readonly size: number } | null;
  /** It goes on behind its call. */
  readonly isBackground: boolean;
}

/** Who has a lock, as far as another one is told. */
export interface LockHolding {
  readonly target: LockTarget;
  readonly holder: string;
  readonly session: string | null;
  readonly agent: string | null;
  readonly sinceMs: number;
  /** What the test mutex is held for. */
  readonly command?: string;
}

export type LockVerdict =
  /** `free`: it could be taken, and was not, since another path of the same taking is held. */
  | { readonly target: LockTarget; readonly verdict: 'locked' | 'yours' | 'free' }
  | { readonly target: LockTarget; readonly verdict: 'held'; readonly by: LockHolding };

/** Why the test mutex was not to be had for a command. */
export interface MutexHeld {
  readonly command: string;
  readonly by: LockHolding;
  readonly waitedMs: number;
  /** By another command of the same instance. */
  readonly isOwn: boolean;
  /** What the holder wants and whoever asks has. */
  readonly wanted: readonly LockTarget[];
  readonly deadlock?: Deadlock;
}

const SPECIAL = /[*?[{]/;

/** Whether a path that is not there is meant as a pattern. */
export function isGlob(path: string): boolean {
  return SPECIAL.test(path);
}

/** One file's names on a file system that is blind to case, or that composes letters otherwise, as one text. */
function foldPath(path: string, caseBlind: boolean): string {
  return caseBlind ? path.normalize('NFC').toLowerCase().normalize('NFC') : path;
}

export function lockKey(place: PlaceName, path: string, caseBlind: boolean): string {
  return `${place ?? ''}:${foldPath(path, caseBlind)}`;
}

/** The folders around a path, from the worktree's root on, and the path itself: `''`, `src`, `src/a.ts`. */
export function pathsAround(path: string): string[] {
  const around = [''];
  for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1)) around.push(path.slice(0, at));
  if (path !== '') around.push(path);
  return around;
}

/** `src/api` for `src/api/*.ts`; `''` for `**`. */
export function stemOf(glob: string): string {
  const plain = glob.slice(0, glob.search(SPECIAL));
  return plain.slice(0, Math.max(0, plain.lastIndexOf('/')));
}

export function isInside(folder: string, path: string): boolean {
  return folder === '' || path === folder || path.startsWith(`${folder}/`);
}

/** Whether a lock on this target is a lock on the file. */
export function covers(target: LockTarget, file: string, caseBlind: boolean): boolean {
  const path = foldPath(target.path, caseBlind);
  const asked = foldPath(file, caseBlind);
  if (target.kind === 'file') return path === asked;
  if (target.kind === 'tree') return isInside(path, asked);
  return globsOverlap(path, literalGlob(asked));
}

/** Whether whoever holds `mine` needs no further lock for `target`. */
export function includes(mine: LockTarget, target: LockTarget, caseBlind: boolean): boolean {
  // Of a file with several names the lock must be on all of them.
  if (target.inode !== undefined) return mine.inode === target.inode;
  if (mine.place !== target.place) return false;
  const [a, b] = [foldPath(mine.path, caseBlind), foldPath(target.path, caseBlind)];
  if (target.kind === 'file') return covers(mine, target.path, caseBlind);
  if (mine.kind === 'tree') return isInside(a, target.kind === 'tree' ? b : stemOf(b));
  return mine.kind === target.kind && a === b;
}

/** Whether two targets can mean one file, so that two agents cannot hold both. */
export function collide(one: LockTarget, other: LockTarget, caseBlind: boolean): boolean {
  if (one.inode !== undefined && one.inode === other.inode) return true;
  if (one.place !== other.place) return false;
  if (one.kind === 'file') return covers(other, one.path, caseBlind);
  if (other.kind === 'file') return covers(one, other.path, caseBlind);
  const [a, b] = [foldPath(one.path, caseBlind), foldPath(other.path, caseBlind)];
  if (one.kind === 'tree' && other.kind === 'tree') return isInside(a, b) || isInside(b, a);
  return globsOverlap(patternOf(one.kind, a), patternOf(other.kind, b));
}

function patternOf(kind: LockKind, path: string): string {
  if (kind === 'glob') return path;
  return path === '' ? '**' : `${literalGlob(path)}/**`;
}

/** A pattern that matches this path alone, whatever characters it has. */
export function literalGlob(path: string): string {
  return path.replace(/[\\*?[\]{}@!+()]/g, '\\$&');
}

// --- the note in a lock's lease, by which a reader knows what it is on ---

export interface LockNote {
  readonly target: LockTarget;
  /** The holder's name. */
  readonly name: string;
  /** The taking that linked it: what a killed taking left is told by this from what was held before. */
  readonly taking: string;
  /** This lease is on the inode of the target, beside the one on its path. */
  readonly isAlias: boolean;
  /** Of a test mutex. */
  readonly errand?: Errand | undefined;
}

export function printLockNote({ target, name, taking, isAlias, errand }: LockNote): string {
  return JSON.stringify({
    ...target,
    name,
    taking,
    ...(isAlias ? { isAlias } : {}),
    ...(errand ? { errand } : {}),
  });
}

/** Undefined for what is no note of a lock. */
export function parseLockNote(text: string | null): LockNote | undefined {
  const value = parseObject(text ?? '') ?? {};
  const { kind, place, path, inode, name, taking } = value;
  const known = LOCK_KINDS.find((one) => one === kind);
  if (known === undefined || typeof path !== 'string' || typeof name !== 'string') return undefined;
  if (!(place === null || typeof place === 'string') || typeof taking !== 'string') return undefined;
  const target = { kind: known, place, path, ...(typeof inode === 'string' ? { inode } : {}) };
  const errand = parseErrand(value['errand']);
  return { target, name, taking, isAlias: value['isAlias'] === true, ...(errand ? { errand } : {}) };
}

/** Coord's own writing, whole or not there: where its command is, the rest is. */
function parseErrand(value: unknown): Errand | undefined {
  return isObject(value) && typeof value['command'] === 'string' ? (value as unknown as Errand) : undefined;
}
