/**
 * Commits of another phase that a branch has taken along, and that have not landed: by a merge, or because the one was
 * begun from the other.
 */
import { branchOfRef, git } from './git.ts';
import type { GitReader } from './git-reader.ts';

export interface PhaseBranch {
  readonly phase: string;
  readonly branch: string;
}

export interface Line {
  /** Commits. */
  readonly target: string;
  readonly tip: string;
  readonly branch: string;
}

/**
 * Phases whose commits the branch has taken along. Commits that both hold and the target does not belong to the other
 * branch where they came into this one by a merge; where both have them on their own line (one was begun from the
 * other), the reflog of each tells who made them. Where neither tells, nobody is blamed.
 */
export function mixedIn(
  reader: GitReader,
  { target, tip, branch }: Line,
  others: readonly PhaseBranch[],
): PhaseBranch[] {
  const commits = linesOf(reader.read(['rev-list', '--parents', tip, `^${target}`, '--'])).map((line) =>
    line.split(' '),
  );
  const inRange = new Set(commits.map(([commit]) => commit));
  // Commits that two branches share reach down to the oldest of the range.
  const oldest = commits.filter(([, ...parents]) => parents.every((parent) => !inRange.has(parent)));
  const holders = new Set(
    branchesWith(
      reader,
      oldest.slice(0, 200).map(([commit = '']) => commit),
    ),
  );
  const found = others.filter((other) => other.branch !== branch && holders.has(other.branch));
  return found.filter((other) => isTheirs(reader, { target, tip, branch }, other.branch));
}

/** Branches that have one of these commits, by name. */
export function branchesWith(reader: GitReader, commits: readonly string[]): string[] {
  const contains = commits.map((commit) => `--contains=${commit}`);
  const list = ['for-each-ref', '--format=%(refname)', ...contains, 'refs/heads/'];
  return linesOf(reader.read(list, { encoding: 'utf8' })).flatMap((ref) => branchOfRef(ref) ?? []);
}

function isTheirs(reader: GitReader, { target, tip, branch }: Line, other: string): boolean {
  const line = (of: string) =>
    new Set(linesOf(reader.read(['rev-list', '--first-parent', of, `^${target}`, '--'])));
  const theirTip = `refs/heads/${other}`;
  const all = linesOf(reader.read(['rev-list', theirTip, `^${target}`, '--']));
  const [mine, theirs] = [line(tip), line(theirTip)];
  const ours = new Set(linesOf(reader.read(['rev-list', tip, `^${target}`, '--'])));
  const shared = all.filter((commit) => ours.has(commit));
  if (shared.some((commit) => theirs.has(commit) && !mine.has(commit))) return true;
  const onBoth = shared.filter((commit) => theirs.has(commit) && mine.has(commit));
  if (onBoth.length === 0) return false;
  const [madeHere, madeThere] = [madeOn(reader, branch), madeOn(reader, other)];
  return onBoth.some((commit) => madeThere.has(commit) && !madeHere.has(commit));
}

/** Commits that were made while the branch was checked out, by its reflog. */
function madeOn({ root }: GitReader, branch: string): Set<string> {
  const result = git(root, ['log', '-g', '--format=%H %gs', '-10000', `refs/heads/${branch}`, '--']);
  return new Set(
    linesOf(result.stdout)
      .filter((line) => /^[0-9a-f]+ (?:commit|rebase|cherry-pick|revert|am|.*Merge made)\b/.test(line))
      .map((line) => line.split(' ', 1)[0] ?? ''),
  );
}

function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}
