/**
 * Which files of a checkout a landing may write: what lies in its way before, and what to do with each path after the
 * ref has moved, also when an earlier sync was killed half-way.
 *
 * Glossary. *old*, *new*: the commits that the landing goes from and to. *aside*: a folder where a file is kept that a
 * sync must replace and did not expect. Paths are bytes, one character each.
 */

export interface TreeEntry {
  readonly mode: string;
  readonly oid: string;
}

/** A path that a landing changes: its bytes, one character each. */
export interface TreeChange {
  readonly path: string;
  readonly old: TreeEntry | null;
  readonly new: TreeEntry | null;
}

export interface RawChange extends TreeChange {
  readonly status: string;
}

export const GITLINK = '160000';
const RAW = /^:(\d+) (\d+) ([0-9a-f]+) ([0-9a-f]+) ([A-Z])\d*$/;

/** What git's `diff-…` commands print with `--raw -z --no-renames`. */
export function parseRawDiff(printed: string): RawChange[] {
  const fields = printed.split('\0');
  const found: RawChange[] = [];
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const match = RAW.exec(fields[at] ?? '');
    if (!match) throw new Error(`not a raw diff: ${JSON.stringify(fields[at])}`);
    const [, oldMode = '', newMode = '', oldOid = '', newOid = '', status = ''] = match;
    const entry = (mode: string, oid: string) => (/^0+$/.test(mode) ? null : { mode, oid });
    found.push({
      path: fields[at + 1] ?? '',
      old: entry(oldMode, oldOid),
      new: entry(newMode, newOid),
      status,
    });
  }
  return found;
}

/** In a checkout, of one path: is its entry that of the old commit, of the new one, or something else? */
export type IndexState = 'old' | 'new' | 'other';
/** `missing`: not there, though one of the two commits has it there. */
export type FileState = 'old' | 'new' | 'missing' | 'other';

export interface PathState {
  readonly path: string;
  /** False when HEAD moved on, and has another entry there than the new commit. */
  readonly isHeadNew: boolean;
  readonly index: IndexState;
  readonly file: FileState;
}

export interface SyncPlan {
  /** Made to look old in the index: they are to be written. */
  readonly rewind: readonly string[];
  /** Made to look new in the index: they are written already. */
  readonly advance: readonly string[];
  readonly aside: readonly string[];
  /** What somebody did here since; it stays as it is. */
  readonly leave: readonly string[];
  /** Not to be written: left alone, or written already. */
  readonly still: readonly string[];
}

/**
 * Every path was clean when the landing was noted. So what is neither old nor new was changed since, or is torn: where
 * the index still says old it must give way, and is kept aside; where the index says new, somebody put this checkout
 * right by hand and went on working.
 */
export function planSync(paths: readonly PathState[]): SyncPlan {
  const rewind: string[] = [];
  const advance: string[] = [];
  const aside: string[] = [];
  const leave: string[] = [];
  const still: string[] = [];
  for (const { path, isHeadNew, index, file } of paths) {
    const isTheirs = !isHeadNew || index === 'other' || (file === 'other' && index === 'new');
    if (isTheirs || file === 'new') still.push(path);
    if (isTheirs) {
      leave.push(path);
      continue;
    }
    if (file === 'other') aside.push(path);
    if (file === 'new' && index !== 'new') advance.push(path);
    if (file !== 'new' && index !== 'old') rewind.push(path);
  }
  return { rewind, advance, aside, leave, still };
}

export type Seen = 'missing' | 'file' | 'folder';

export interface Disk {
  readonly look: (path: string) => Seen;
  /** All that is no folder, at any depth below a folder. */
  readonly below: (path: string) => Iterable<string>;
  readonly isCaseBlind: boolean;
}

/**
 * What lies where a landing writes and is not in git: untracked and ignored files, a file where a folder is needed. A
 * file that the landing takes away is in nobody's way. Every path that the landing changes and the old commit has was
 * found clean already.
 */
export function obstacles(changes: readonly TreeChange[], disk: Disk): string[] {
  const tracked = new Set(changes.filter(({ old }) => old !== null).map(({ path }) => path));
  const going = new Set(changes.filter((it) => it.old && !it.new).map(({ path }) => path));
  const folded = new Set([...going].map((path) => path.toLowerCase()));
  const seen = new Map<string, Seen>();
  const look = (path: string): Seen => {
    const known = seen.get(path) ?? disk.look(path);
    seen.set(path, known);
    return known;
  };
  const found = new Set<string>();
  for (const { path, old, new: next } of changes) {
    if (old?.mode === GITLINK && next?.mode !== GITLINK && look(path) === 'folder') {
      // A submodule's files are nobody's to remove; where nothing comes in its place they simply stay.
      const isReplaced = next !== null || changes.some((it) => it.new && it.path.startsWith(`${path}/`));
      if (isReplaced && !isEmpty(disk.below(path))) found.add(path);
      continue;
    }
    if (next === null) continue;
    const parent = parentsOf(path).find((one) => going.has(one) || look(one) !== 'folder');
    if (parent !== undefined) {
      const isInTheWay =
        !going.has(parent) &&
        look(parent) === 'file' &&
        !(folded.has(parent.toLowerCase()) && disk.isCaseBlind);
      if (isInTheWay) found.add(parent);
      continue;
    }
    if (old !== null) continue;
    const there = look(path);
    if (there === 'folder' && next.mode !== GITLINK) addForeign(disk.below(path), tracked, found);
    if (there === 'file' && !(folded.has(path.toLowerCase()) && disk.isCaseBlind)) found.add(path);
  }
  return [...found];
}

/** Enough to be named; that there is one decides. */
const NAMED_MAX = 50;

function addForeign(files: Iterable<string>, tracked: ReadonlySet<string>, found: Set<string>): void {
  let named = 0;
  for (const file of files) {
    if (tracked.has(file)) continue;
    found.add(file);
    named += 1;
    if (named === NAMED_MAX) return;
  }
}

function isEmpty(files: Iterable<string>): boolean {
  for (const _ of files) return false;
  return true;
}

function parentsOf(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, at) => parts.slice(0, at + 1).join('/'));
}
