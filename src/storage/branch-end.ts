/**
 * The end of a branch: whether all that it holds is on the target, or landed from this very commit, and its removal by
 * a ref transaction that names the commit which it was judged by. Whoever commits to it meanwhile keeps it.
 */
import type { Keep } from '../domain/clean-up.ts';
import { landingCheckouts } from './checkout-facts.ts';
import { isAncestor } from './git.ts';
import type { Manifest } from './light/cleaning-files.ts';
import { heardGit, quietGit, refusingGit } from './plumbing.ts';
import { commitAt, landedTip, proofOf } from './target-ref.ts';

type BranchNote = Pick<Manifest, 'branch' | 'target' | 'landed'>;

/** Why the target does not hold what landed; undefined when it does, or nothing did. */
export function takenBack(home: string, { landed, target }: BranchNote): Keep | undefined {
  if (!landed || isAncestor(home, landed.commit, `refs/heads/${target}`)) return undefined;
  return { code: 'taken-back', target };
}

/** True when nothing of a commit would be lost: the target has it, or the queue landed it. */
export function isLanded(home: string, { landed, target }: BranchNote, commit: string): boolean {
  return commit === landed?.tip || holdsWork(home, `refs/heads/${target}`, commit);
}

/** True when a revision has all that a commit brings, as it is or picked. */
export function holdsWork(root: string, revision: string, commit: string): boolean {
  return isAncestor(root, commit, revision) || isPickedOnto(root, revision, commit);
}

/** Every commit that the target has not itself is there by its content: picked, rebased, or done again alike. */
function isPickedOnto(root: string, revision: string, commit: string): boolean {
  // What a merge changed by itself is in no patch.
  const merges = quietGit(root, ['rev-list', '--merges', '--max-count=1', `${revision}..${commit}`]);
  if (!merges.ok || merges.stdout.trim() !== '') return false;
  const picked = quietGit(root, ['cherry', revision, commit]);
  return picked.ok && picked.stdout.trim() !== '' && !/^\+ /m.test(picked.stdout);
}

/** The commit at which the branch may go; `absent` where there is none. */
export function judgeBranch(
  home: string,
  note: BranchNote,
  root: string | undefined,
): { tip: string } | Keep | 'absent' {
  const { branch, target } = note;
  const ref = `refs/heads/${branch}`;
  const looked = refusingGit(() => {
    return { tip: commitAt(home, ref), checkouts: landingCheckouts(home, ref) };
  });
  if ('code' in looked) return { code: 'refused', detail: looked.detail };
  if (looked.tip === undefined) return 'absent';
  const elsewhere = looked.checkouts.find((checkout) => checkout.root !== root);
  if (elsewhere) return { code: 'checked-out', branch, path: elsewhere.root };
  if (branch === target || !isLanded(home, note, looked.tip)) return { code: 'unmerged', branch, target };
  return { tip: looked.tip };
}

/**
 * Removes the branch. What landed by another commit than its own stays reachable by the proof of the landing, which is
 * there before the branch goes.
 */
export function endBranch(home: string, note: BranchNote): 'removed' | 'absent' | Keep {
  const ended = refusingGit(() => end(home, note));
  return typeof ended === 'object' && ended.code === 'git-failed'
    ? { code: 'refused', detail: ended.detail }
    : ended;
}

function end(home: string, note: BranchNote): 'removed' | 'absent' | Keep {
  const { branch, landed } = note;
  const judged = judgeBranch(home, note, undefined);
  if (judged === 'absent' || 'code' in judged) return judged;
  if (landed && landed.tip === judged.tip && landedTip(home, landed.entry) !== landed.tip)
    quietGit(home, ['update-ref', proofOf(landed.entry), landed.tip]);
  const removed = heardGit(home, ['update-ref', '-d', `refs/heads/${branch}`, judged.tip]);
  if (!removed.ok) return { code: 'refused', detail: removed.stderr };
  // What `git branch -d` would take along; there is none where nobody set an upstream.
  quietGit(home, ['config', '--local', '--remove-section', `branch.${branch}`]);
  return 'removed';
}
