/**
 * Footprints: what a line of work touched, and whether two of them can meet in a merge at all. A merge of two branches
 * takes milliseconds and there are n² of them; most pairs touch nothing in common, and need no merge to be told so.
 *
 * Glossary. *own commits*: those of a branch that the target does not have. *fork*: the one commit of the target that
 * a branch's own commits grew from (the newest, where it merged the target again). *trunk*: the target's first parents,
 * newest first, each with what it changed.
 *
 * Invariant: a pair that is said to be apart merges without a conflict. Changes are taken commit by commit, so what
 * was changed and changed back counts too; and whatever is not known for sure (an unrelated or criss-cross history,
 * a fork off the trunk) is not said to be apart. Two sides can meet
 *   in a path that both changed, which covers a rename on one side too (its old path goes, its new one comes);
 *   where one has a file and the other a folder;
 *   in a folder that one side moved away, and in which the other has something new: git then asks where to put it.
 */

export interface Change {
  readonly kind: 'added' | 'deleted' | 'changed';
  readonly path: string;
}

/** A commit and what it changed, against each of its parents. */
export interface CommitChanges {
  readonly commit: string;
  readonly parents: readonly string[];
  readonly changes: readonly Change[];
}

export interface Footprint {
  readonly paths: ReadonlySet<string>;
  /** All folders above the paths, the root as ''. */
  readonly folders: ReadonlySet<string>;
  /** Folders that something may have been moved out of as a whole. */
  readonly vacated: ReadonlySet<string>;
  /** All folders above what is new. */
  readonly grown: ReadonlySet<string>;
}

export function footprintOf(changes: readonly Change[]): Footprint {
  const of = (kind: Change['kind']) => changes.filter((change) => change.kind === kind);
  const added = of('added');
  const grown = new Set(added.flatMap(({ path }) => foldersAbove(path)));
  return {
    paths: new Set(changes.map(({ path }) => path)),
    folders: new Set(changes.flatMap(({ path }) => foldersAbove(path))),
    vacated: vacatedBy(of('deleted'), grown),
    grown,
  };
}

/** How many paths both touched. */
function sharedPaths(a: Footprint, b: Footprint): number {
  const [few, many] = a.paths.size < b.paths.size ? [a, b] : [b, a];
  let shared = 0;
  for (const path of few.paths) if (many.paths.has(path)) shared += 1;
  return shared;
}

export function mayMeet(a: Footprint, b: Footprint): boolean {
  return (
    sharedPaths(a, b) > 0 ||
    meets(a.paths, b.folders) ||
    meets(b.paths, a.folders) ||
    meets(a.vacated, b.grown) ||
    meets(b.vacated, a.grown)
  );
}

function meets(some: ReadonlySet<string>, others: ReadonlySet<string>): boolean {
  for (const one of some) if (others.has(one)) return true;
  return false;
}

/** `a/b/c` → `a/b`, `a`, ``. */
function foldersAbove(path: string): string[] {
  const found: string[] = [];
  for (let at = path.lastIndexOf('/'); at >= 0; at = path.lastIndexOf('/', at - 1)) {
    found.push(path.slice(0, at));
    if (at === 0) break;
  }
  return [...found, ''];
}

/**
 * A rename from `a/x/f` to `b/x/f` moves `a/x`, and since both end alike also `a`. So from the folder of what went one
 * climbs as long as its last name is one of a folder in which something came.
 */
function vacatedBy(deleted: readonly Change[], grown: ReadonlySet<string>): Set<string> {
  const vacated = new Set<string>();
  if (grown.size === 0) return vacated;
  const names = new Set([...grown].map(lastName));
  for (const { path } of deleted) {
    const [folder = '', ...above] = foldersAbove(path);
    vacated.add(folder);
    for (let name = lastName(folder), at = 0; name !== '' && names.has(name) && at < above.length; at += 1) {
      const next = above[at] ?? '';
      vacated.add(next);
      name = lastName(next);
    }
  }
  return vacated;
}

function lastName(folder: string): string {
  return folder.slice(folder.lastIndexOf('/') + 1);
}

// --- branches of one target ---

interface Line {
  readonly owned: ReadonlySet<string>;
  readonly changes: readonly Change[];
  /** The place of its fork on the trunk, 0 for the target's tip; undefined where that cannot be said. */
  readonly fork: number | undefined;
}

/** Walks from a tip through its own commits down to the trunk. */
function lineOf(
  tip: string,
  own: ReadonlyMap<string, CommitChanges>,
  places: ReadonlyMap<string, number>,
): Line {
  const changes: Change[] = [];
  const owned = new Set<string>();
  const forks: (number | undefined)[] = [];
  const queue = [tip];
  for (let commit = queue.pop(); commit !== undefined; commit = queue.pop()) {
    if (owned.has(commit)) continue;
    const one = own.get(commit);
    if (!one) {
      forks.push(places.get(commit));
      continue;
    }
    owned.add(commit);
    changes.push(...one.changes);
    // A root of its own: the histories are not related, or only in part.
    if (one.parents.length === 0) forks.push(undefined);
    queue.push(...one.parents);
  }
  const known = forks.filter((fork) => fork !== undefined);
  const isKnown = known.length > 0 && known.length === forks.length;
  return { owned, changes, fork: isKnown ? Math.min(...known) : undefined };
}

export interface History {
  /** The target's tip. */
  readonly target: string;
  /** From the tip on; it may be cut off anywhere. */
  readonly trunk: readonly CommitChanges[];
  /** Every commit of the tips that the target does not have. */
  readonly own: readonly CommitChanges[];
}

/**
 * Answers for pairs of tips how many paths both sides touched; undefined where they are apart. What cannot be told
 * counts as meeting. Lines and footprints are made once each.
 */
export function meetingIn({ target, trunk, own }: History): (a: string, b: string) => number | undefined {
  const owned = new Map(own.map((one) => [one.commit, one]));
  const places = new Map(trunk.map(({ commit }, place) => [commit, place]));
  places.set(target, 0);
  const beyond = trunk.at(-1)?.parents[0];
  if (beyond !== undefined) places.set(beyond, trunk.length);
  const lines = remembering((tip: string) => lineOf(tip, owned, places));
  const prints = remembering((key: string) => {
    const [tip = '', from] = key.split(' ');
    const { fork = 0, changes } = lines(tip);
    return footprintOf([...trunk.slice(fork, Number(from)).flatMap((one) => one.changes), ...changes]);
  });
  return (a, b) => {
    const [one, other] = [lines(a), lines(b)];
    if (one.fork === undefined || other.fork === undefined || meets(one.owned, other.owned)) return 0;
    const from = Math.max(one.fork, other.fork);
    const [first, second] = [prints(`${a} ${from}`), prints(`${b} ${from}`)];
    return mayMeet(first, second) ? sharedPaths(first, second) : undefined;
  };
}

function remembering<T>(make: (key: string) => T): (key: string) => T {
  const known = new Map<string, T>();
  return (key) => {
    const made = known.get(key) ?? make(key);
    known.set(key, made);
    return made;
  };
}
