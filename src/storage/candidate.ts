/**
 * The candidate: the commit that would land for a branch. Made from objects alone (`git merge-tree`), so no worktree,
 * index or ref is touched, no hook or filter runs, and a kill leaves some loose objects that git clears away.
 *
 *   the base is in the tip            the tip itself
 *   the tip is in the base            the base: nothing to land
 *   the branch has merges of its own, or very many commits   one merge commit (parents: base, tip)
 *   else                              a rebase: each commit that the base does not hold already, by its patch, is
 *                                     brought onto the base; one that becomes empty falls away
 *
 * The same base and tip make the same commit, in every run: author and message are kept byte for byte, and the
 * committer's time is the later one of the two. So what was validated once need not be validated again after a crash.
 */
import { parseMergeAnswer } from '../domain/merge-conflict.ts';
import { type ConflictReport, reportConflict } from './conflict-report.ts';
import { textOf } from './git.ts';
import { gitVersion, hasMergeTree, MERGE_TREE_SINCE } from './merge-tree.ts';
import { committerOptions, GitFailed, holdsCommit, mustGit, quietGit } from './plumbing.ts';

export type { ConflictReport } from './conflict-report.ts';

export interface CandidateOrder {
  readonly base: string;
  readonly tip: string;
  /** Names for people. */
  readonly branch: string;
  readonly target: string;
}

export type Candidate =
  | {
      readonly ok: true;
      readonly commit: string;
      readonly tree: string;
      readonly how: 'tip' | 'nothing' | 'rebase' | 'merge';
    }
  | { readonly ok: false; readonly conflict: ConflictReport }
  | { readonly ok: false; readonly failed: { readonly step: string; readonly detail: string } };

const COMMITS_MAX = 500;

class Conflicted extends Error {
  readonly report: ConflictReport;
  constructor(report: ConflictReport) {
    super('in conflict');
    this.report = report;
  }
}

/** `cwd`: any worktree of the repository. */
export function buildCandidate(cwd: string, order: CandidateOrder): Candidate {
  try {
    const { how, commit } = build(cwd, order);
    return { ok: true, commit, tree: treeOf(cwd, commit), how };
  } catch (error) {
    if (error instanceof Conflicted) return { ok: false, conflict: error.report };
    if (error instanceof GitFailed) return { ok: false, failed: { step: error.step, detail: error.detail } };
    throw error;
  }
}

function build(cwd: string, order: CandidateOrder): Pick<Candidate & { ok: true }, 'how' | 'commit'> {
  const { base, tip, branch, target } = order;
  for (const commit of [base, tip]) mustGit(cwd, ['cat-file', '-e', `${commit}^{commit}`]);
  if (holdsCommit(cwd, base, tip)) return { how: 'nothing', commit: base };
  if (holdsCommit(cwd, tip, base)) return { how: 'tip', commit: tip };
  if (!quietGit(cwd, ['merge-base', base, tip]).ok)
    throw new GitFailed('merge-base', `${branch} and ${target} have no commit in common`);
  const isKnotty = mustGit(cwd, ['rev-list', '--min-parents=2', '-n', '1', `${base}..${tip}`]) !== '';
  const replayed = isKnotty ? [] : commitsToReplay(cwd, base, tip);
  const work: Work = { cwd, order, committer: committerLine(cwd, base, tip) };
  if (isKnotty || replayed.length > COMMITS_MAX) return merged(work);
  const commit = readCommits(cwd, replayed).reduce((onto, next) => replay(work, next, onto), base);
  return { how: commit === base ? 'nothing' : 'rebase', commit };
}

interface Work {
  readonly cwd: string;
  readonly order: CandidateOrder;
  /** `Name <mail> time zone`. */
  readonly committer: string;
}

function commitsToReplay(cwd: string, base: string, tip: string): string[] {
  const options = ['--reverse', '--topo-order', '--right-only', '--cherry-pick', '--no-merges'];
  return linesOf(mustGit(cwd, ['rev-list', ...options, `${base}...${tip}`]));
}

/** The commit brought onto another: a three-way merge whose base is the commit's own parent. */
function replay(work: Work, commit: RawCommit, onto: string): string {
  const { cwd, committer } = work;
  const ontoTree = treeOf(cwd, onto);
  // A stand-in with the tree of `onto` and the parent of the commit: so the merge base is that parent, in any git.
  const standIn = { tree: ontoTree, parents: [commit.parent], author: `author ${committer}`, encoding: '' };
  const ours = writeCommit(work, { ...standIn, message: 'stand-in\n' });
  const subject = textOf(commit.message.split('\n', 1)[0] ?? '');
  const tree = mergedTree(work, ours, commit.sha, { sha: commit.sha, subject });
  const isEmptied = tree === ontoTree && commit.tree !== treeOf(cwd, commit.parent);
  return isEmptied ? onto : writeCommit(work, { ...commit, tree, parents: [onto] });
}

function merged(work: Work): Pick<Candidate & { ok: true }, 'how' | 'commit'> {
  const { base, tip, branch, target } = work.order;
  const tree = mergedTree(work, base, tip, null);
  if (tree === treeOf(work.cwd, base)) return { how: 'nothing', commit: base };
  const message = Buffer.from(`Merge branch '${branch}' into ${target}\n`).toString('latin1');
  const author = `author ${work.committer}`;
  return {
    how: 'merge',
    commit: writeCommit(work, { tree, parents: [base, tip], author, encoding: '', message }),
  };
}

function mergedTree(
  { cwd, order }: Work,
  ours: string,
  theirs: string,
  commit: ConflictReport['commit'],
): string {
  const { base, branch, target } = order;
  const options = ['-c', 'merge.conflictStyle=merge', 'merge-tree', '--write-tree', '-z', '--messages'];
  // Newer gits read the attributes there; older ones in the worktree around `cwd`.
  const result = quietGit(cwd, [...options, ours, theirs], { env: { GIT_ATTR_SOURCE: base } });
  const answer = parseMergeAnswer(result.stdout);
  if (answer && result.ok) return answer.tree;
  if (answer) throw new Conflicted(reportConflict(cwd, answer, { ours, theirs, branch, target }, commit));
  const isOld = !hasMergeTree(gitVersion(cwd));
  const old = `git ${MERGE_TREE_SINCE} or newer is needed for a branch that is behind; rebase it by hand`;
  throw new GitFailed('merge-tree', isOld ? old : result.stderr || 'no answer in time');
}

interface CommitText {
  readonly tree: string;
  /** Header lines, whole; the encoding may be empty. */
  readonly author: string;
  readonly encoding: string;
  readonly message: string;
}

interface RawCommit extends CommitText {
  readonly sha: string;
  readonly parent: string;
}

function readCommits(cwd: string, shas: readonly string[]): RawCommit[] {
  if (shas.length === 0) return [];
  let rest = mustGit(cwd, ['cat-file', '--batch'], { input: shas.map((sha) => `${sha}\n`).join('') });
  return shas.map((sha) => {
    const head = rest.slice(0, rest.indexOf('\n'));
    const size = Number(head.split(' ')[2]);
    const body = rest.slice(head.length + 1, head.length + 1 + size);
    rest = rest.slice(head.length + size + 2);
    return rawCommit(sha, body);
  });
}

/** A signature does not survive a rewrite, and neither do other extra headers. */
function rawCommit(sha: string, body: string): RawCommit {
  const end = body.indexOf('\n\n');
  const lines = (end < 0 ? body : body.slice(0, end)).split('\n');
  const header = (name: string) => lines.find((line) => line.startsWith(`${name} `)) ?? '';
  return {
    sha,
    tree: header('tree').slice('tree '.length),
    parent: header('parent').slice('parent '.length),
    author: header('author'),
    encoding: header('encoding'),
    message: end < 0 ? '' : body.slice(end + 2),
  };
}

function writeCommit(
  { cwd, committer }: Work,
  { tree, parents, author, encoding, message }: CommitText & { readonly parents: readonly string[] },
): string {
  const lines = [
    `tree ${tree}`,
    ...parents.map((parent) => `parent ${parent}`),
    author,
    `committer ${committer}`,
  ];
  const input = [...lines, ...(encoding === '' ? [] : [encoding]), '', message].join('\n');
  return mustGit(cwd, ['hash-object', '-t', 'commit', '-w', '--stdin'], { input }).trim();
}

function treeOf(cwd: string, commit: string): string {
  return mustGit(cwd, ['rev-parse', '--verify', `${commit}^{tree}`]).trim();
}

/** As git names the committer; the later time of the two commits, so that no commit is older than its parent. */
function committerLine(cwd: string, base: string, tip: string): string {
  const times = linesOf(mustGit(cwd, ['log', '--no-walk=unsorted', '--format=%ct', base, tip]));
  const env = { GIT_COMMITTER_DATE: `@${Math.max(...times.map(Number))} +0000` };
  return mustGit(cwd, [...committerOptions(cwd), 'var', 'GIT_COMMITTER_IDENT'], { env }).trim();
}

function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}
