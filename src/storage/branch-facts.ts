/**
 * What git knows of a branch that is to land: target, history, changed files. Read only, from the primary worktree;
 * paths as bytes. A hundred thousand changed files are one `diff-tree`.
 */
import type { Change, ChangeFacts, HistoryFacts, TargetFacts } from '../domain/preflight/facts.ts';
import { IGNORED_BY_GIT } from '../domain/project-paths.ts';
import { mixedIn, type PhaseBranch } from './foreign-commits.ts';
import { branchNameOf, textOf } from './git.ts';
import type { GitReader } from './git-reader.ts';

/** Renames of files that were edited too are looked for among so many; beyond it git compares whole files only. */
const RENAMES_MAX = 1_000;
/** Merge bases that are looked at: more than one only where target and branch were merged crosswise. */
const BASES_MAX = 8;

/** The commit of a branch; undefined where there is no such branch, or it has no commit yet. */
export function tipOf(reader: GitReader, branch: string): string | undefined {
  return branch === '' ? undefined : commitNamed(reader, `refs/heads/${branch}`);
}

export function hasCommit(reader: GitReader, commit: string): boolean {
  return /^[0-9a-f]{40,64}$/.test(commit) && commitNamed(reader, commit) !== undefined;
}

function commitNamed(reader: GitReader, name: string): string | undefined {
  const asked = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`];
  return reader.read(asked, { mayBeNone: true }).trim() || undefined;
}

/** `name` is what was asked to land on; empty where the primary worktree stands on no branch. */
export function targetFacts(reader: GitReader, name: string, isSet: boolean, ownBranch: string): TargetFacts {
  const base = { name, isSet };
  if (name === '') return { ...base, state: 'detached', commit: undefined };
  const commit = tipOf(reader, name);
  if (commit === undefined)
    return { ...base, state: !isSet && branchNameOf(reader.root) === name ? 'unborn' : 'missing', commit };
  return { ...base, state: name === ownBranch ? 'own-branch' : 'there', commit };
}

export interface Range {
  /** Commits. */
  readonly target: string;
  readonly tip: string;
}

/** The merge bases, best first; none where the two have no ancestor in common. */
export function basesOf(reader: GitReader, { target, tip }: Range): string[] {
  return reader
    .read(['merge-base', '--all', target, tip], { mayBeNone: true })
    .split('\n')
    .filter((line) => line !== '')
    .slice(0, BASES_MAX);
}

export interface HistoryAsk extends Range {
  readonly branch: string;
  /** Where the branch stands now. */
  readonly now: string | undefined;
  readonly start: string | undefined;
  /** Branches of other active phases; undefined where they are not asked about. */
  readonly others: readonly PhaseBranch[] | undefined;
}

export function historyFacts(reader: GitReader, bases: readonly string[], ask: HistoryAsk): HistoryFacts {
  const { target, tip, now, start, others } = ask;
  const [base] = bases;
  const isInTarget = bases.includes(tip);
  const holdsTip = now === tip || (now !== undefined && reader.holds(now, tip));
  const common = { base, isInTarget, holdsTip, start };
  if (base === undefined || isInTarget) return { ...common, startFlaw: undefined, mixedIn: [] };
  const isAsked = start !== undefined && !bases.includes(start);
  const startFlaw = !isAsked ? undefined : startFlawOf(reader, start, { target, tip });
  return { ...common, startFlaw, mixedIn: others ? mixedIn(reader, ask, others) : [] };
}

/** A start that is in neither says nothing: it was rewritten on both sides, or is gone. */
function startFlawOf(reader: GitReader, start: string, { target, tip }: Range): HistoryFacts['startFlaw'] {
  if (!hasCommit(reader, start)) return undefined;
  const isInTarget = reader.holds(target, start);
  const isInTip = reader.holds(tip, start);
  if (isInTarget) return isInTip ? undefined : 'lost';
  if (!isInTip) return undefined;
  // What the target holds as other commits of the same change was merely rewritten; a rebase drops it.
  const range = ['--cherry-pick', '--right-only', '--no-merges', '--max-count=1', `${target}...${start}`];
  return reader.read(['rev-list', ...range, '--']) === '' ? undefined : 'foreign';
}

/** Whether a branch has ever stood on a commit, as far as git has noted it. */
export function hasStoodOn(reader: GitReader, branch: string, commit: string): boolean {
  const args = ['log', '--walk-reflogs', '--format=%H', `refs/heads/${branch}`, '--'];
  return reader.read(args, { mayBeNone: true }).split('\n').includes(commit);
}

/** What the branch itself changes: different from every merge base, and from the target as it is now. */
export function changeFacts(reader: GitReader, bases: readonly string[], range: Range): ChangeFacts {
  const [base = '', ...further] = bases;
  const found = changesBetween(reader, base, range.tip);
  const others = [...further, ...(range.target === base ? [] : [range.target])];
  const differing = others.map((other) => new Set(namesBetween(reader, other, range.tip)));
  const isOwn = (key: string) => differing.every((keys) => keys.has(key));
  const changes = found.flatMap((change) => narrowed(change, isOwn));
  return { changes, ignoreLost: ignoreLost(reader, changes) };
}

/** A rename of which one end is the target's own doing is what is left of it. */
function narrowed(change: Change, isOwn: (key: string) => boolean): Change[] {
  const { from, ...rest } = change;
  if (!from) return isOwn(change.key) ? [change] : [];
  const [isHere, isThere] = [isOwn(change.key), isOwn(from.key)];
  if (isHere && isThere) return [change];
  if (isHere) return [{ ...rest, kind: 'added' }];
  return isThere ? [{ ...rest, ...from, kind: 'deleted' }] : [];
}

const DIFF = ['diff-tree', '-r', '-z', '--no-commit-id', '--ignore-submodules=none', '--no-ext-diff'];

function namesBetween(reader: GitReader, from: string, to: string): string[] {
  return reader.list([...DIFF, '--no-renames', '--name-only', from, to, '--']);
}

const KINDS: Readonly<Record<string, Change['kind']>> = {
  A: 'added',
  C: 'added',
  M: 'modified',
  D: 'deleted',
  R: 'renamed',
  T: 'type-changed',
};

export function changesBetween(reader: GitReader, from: string, to: string): Change[] {
  const words = reader.list([...DIFF, '--raw', '-M', `-l${RENAMES_MAX}`, from, to, '--']);
  const changes: Change[] = [];
  for (let at = 0; at < words.length; ) {
    const [oldMode = '', newMode = '', oldBlob = '', newBlob = '', status = ''] = (words[at] ?? '')
      .slice(1)
      .split(' ');
    const kind = KINDS[status.charAt(0)];
    const hasTwo = /^[RC]/.test(status);
    const first = words[at + 1] ?? '';
    const key = hasTwo ? (words[at + 2] ?? '') : first;
    at += hasTwo ? 3 : 2;
    if (kind === undefined || key === '') {
      reader.failure ??= { step: 'diff-tree', detail: `unexpected answer: ${status}` };
      return [];
    }
    const change = { key, path: textOf(key), kind, oldMode, newMode, oldBlob, newBlob };
    changes.push(kind === 'renamed' ? { ...change, from: { key: first, path: textOf(first) } } : change);
  }
  return changes;
}

const IGNORE_FILE = '.gitignore';
// `/.coordination`, `**/.coordination/` and `.coordination/` say the same.
const plainLine = (line: string) =>
  line
    .trim()
    .replace(/^(?:\*\*)?\//, '')
    .replace(/\/(?:\*\*?)?$/, '');

/** Lines that keep coord's files out of git, and are in the base and not in the tip; and new ones that undo them. */
function ignoreLost(reader: GitReader, changes: readonly Change[]): string[] {
  const change = changes.find(({ key, from }) => key === IGNORE_FILE || from?.key === IGNORE_FILE);
  if (!change || change.kind === 'added') return [];
  const textOfBlob = (blob: string) => reader.read(['cat-file', 'blob', blob]).split('\n');
  const isGone = change.kind === 'deleted' || change.key !== IGNORE_FILE || change.newMode === '160000';
  const before = textOfBlob(change.oldBlob).map(plainLine);
  const after = isGone ? [] : textOfBlob(change.newBlob).map(plainLine);
  const own = IGNORED_BY_GIT.map(plainLine);
  const lost = IGNORED_BY_GIT.filter(
    (_, at) => before.includes(own[at] ?? '') && !after.includes(own[at] ?? ''),
  );
  const undone = after.filter((line) => {
    const path = plainLine(line.slice(1));
    return (
      line.startsWith('!') &&
      !before.includes(line) &&
      own.some((one) => path === one || path.startsWith(`${one}/`))
    );
  });
  return [...lost, ...undone];
}
