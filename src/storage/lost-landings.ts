/**
 * Landings that the target does not hold any more: it was reset, or overwritten by what a server had. Looked for is what
 * has gone with all it brought: a target that was rebased, amended or squashed holds the same by other commits.
 */
import type { QueueEntry } from '../domain/queue-entry.ts';
import { holdsWork } from './branch-end.ts';
import { mustGit, nulList, quietGit } from './plumbing.ts';
import { commitAt, proofOf } from './target-ref.ts';

const PROOFS = 'refs/coord/landed/';

/** Of those that landed, by the entry's id. `current` stands for a target that is gone, as a renamed one is. */
export function lostLandings(home: string, entries: readonly QueueEntry[], current: string): Set<string> {
  // A proof that somebody deleted, or that has expired, ends the question.
  const proofs = new Set(mustGit(home, ['for-each-ref', '--format=%(refname)', PROOFS]).split('\n'));
  const heads = new Map<string, string | undefined>();
  const headOf = (target: string) => {
    if (!heads.has(target))
      heads.set(target, target === '' ? undefined : commitAt(home, `refs/heads/${target}`));
    return heads.get(target);
  };
  const lost = entries.filter(({ id, target, landed }) => {
    const at = landed && proofs.has(proofOf(id)) ? (headOf(target) ?? headOf(current)) : undefined;
    return at !== undefined && landed !== undefined && isLost(home, landed, at);
  });
  return new Set(lost.map(({ id }) => id));
}

/** Every file that the branch changed is otherwise, and one of them is as it was before the branch. */
function isLost(home: string, { commit, tip }: { commit: string; tip: string }, at: string): boolean {
  if (quietGit(home, ['merge-base', '--is-ancestor', commit, at]).ok || holdsWork(home, at, tip))
    return false;
  const base = quietGit(home, ['merge-base', tip, at]).stdout.trim();
  const changed = differing(home, base, tip);
  if (base === '' || !changed || changed.size === 0) return false;
  // As it landed, files were merged with what the target had: where that commit is pruned, the tip has to do.
  const asLanded = differing(home, commit, at) ?? changed;
  const [fromTip, fromBase] = [differing(home, tip, at), differing(home, base, at)];
  if (!fromTip || !fromBase) return false;
  const paths = [...changed];
  return (
    paths.every((path) => asLanded.has(path) && fromTip.has(path)) &&
    paths.some((path) => !fromBase.has(path))
  );
}

function differing(home: string, from: string, to: string): Set<string> | undefined {
  const asked = quietGit(home, ['diff-tree', '-r', '-z', '--no-renames', '--name-only', from, to, '--']);
  return asked.ok ? new Set(nulList(asked.stdout)) : undefined;
}
