/**
 * The pre-flight: whether a branch may be queued, or landed, as far as can be told without building and validating it.
 * Facts in, named refusals out; who gathers the facts is usecases/preflight.
 *
 * Rules, in the order in which they are told, and can be mended (a rebase wants a clean tree). The first three end the
 * judging, since nothing else can be known then:
 *   target-missing     the target is no branch with a commit
 *   branch-missing     the phase's branch is not there
 *   wrong-base         the primary worktree stands on another branch than the phase was started from
 *   dirty              the worker's tree holds work that is not committed, or git is in the middle of something
 *   wrong-base         no common ancestor; the start lost or not of the target; another phase's commits; elsewhere
 *   nothing-to-land    the target has it all
 *   coordinator-files  a file that no worker may change
 *   deletions          more than the setting allows, or outside of the scope (waivable)
 *   scope              writes outside of the declared scope (waivable)
 *   target-dirty       where the target is checked out, uncommitted work lies in the way
 *   submodule, lfs     what the commit points at is not there for others
 *   evidence           a validation has not passed on what the tip holds (waivable: the queue validates again)
 *
 * Each is judged by what the branch changes, never by what the target changed meanwhile. A waiver lets pass one rule
 * for one entry, by the coordinator's word; which did so is reported, so that an idle waiver is seen.
 */

import { WAIVABLE, type Waiver } from '../queue-entry.ts';
import { judgeBase, judgeBranch, judgeDirt, judgeNothing, judgeTarget } from './branch.ts';
import { judgeDeletions, judgeGuarded, judgeScope } from './changes.ts';
import { judgeCheckouts, judgeEvidence, judgeLfs, judgeSubmodules } from './content.ts';
import type { PreflightFacts } from './facts.ts';
import { judgeOtherTarget } from './other-target.ts';
import type { PreflightRefusal } from './refusal.ts';

export interface PreflightVerdict {
  readonly refusals: readonly PreflightRefusal[];
  /** Waivers that let something pass. */
  readonly waived: readonly Waiver[];
}

export function judgePreflight(facts: PreflightFacts): PreflightVerdict {
  const first = judgeTarget(facts) ?? judgeBranch(facts) ?? judgeOtherTarget(facts);
  if (first) return { refusals: [first], waived: [] };
  const found = [
    judgeDirt(facts),
    judgeBase(facts),
    judgeNothing(facts),
    judgeGuarded(facts),
    judgeDeletions(facts),
    judgeScope(facts),
    judgeCheckouts(facts),
    judgeSubmodules(facts),
    judgeLfs(facts),
    // Nothing need be proven of what the target has.
    judgeNothing(facts) ? undefined : judgeEvidence(facts),
  ].filter((refusal) => refusal !== undefined);
  const isWaived = ({ rule }: PreflightRefusal) => isWaiver(rule) && facts.waived.includes(rule);
  return {
    refusals: found.filter((refusal) => !isWaived(refusal)),
    waived: found
      .filter(isWaived)
      .map(({ rule }) => rule)
      .filter(isWaiver),
  };
}

export function isWaiver(rule: string): rule is Waiver {
  return (WAIVABLE as readonly string[]).includes(rule);
}

const SUMMED_FILES_MAX = 3;

/** All refusals in one line: `dirty: 4 files are not committed (a, b, c, …)`. */
export function summaryOf(refusals: readonly PreflightRefusal[]): string {
  return refusals
    .map(({ rule, what, files, total }) => {
      const named = files.slice(0, SUMMED_FILES_MAX).join(', ');
      const more = total > SUMMED_FILES_MAX ? ', …' : '';
      return `${rule}: ${what}${named === '' ? '' : ` (${named}${more})`}`;
    })
    .join('; ');
}
