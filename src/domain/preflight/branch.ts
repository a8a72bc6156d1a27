/** Pre-flight rules about the branch itself: its target, its history, and the worktree that it is made in. */
import { cleanWord } from '../message.ts';
import type { DirtyFile, PreflightFacts, UnderWay } from './facts.ts';
import { countOf, listed, placeOf, typedPath } from './lists.ts';
import type { PreflightRefusal } from './refusal.ts';

type Judged = PreflightRefusal | undefined;

const PLAIN = { files: [], total: 0, isWaivable: false, side: 'worker' } as const;

export function judgeTarget({ target, phase }: PreflightFacts): Judged {
  const { name, state, isSet } = target;
  const base = { ...PLAIN, rule: 'target-missing', side: 'operator', where: 'the primary worktree' } as const;
  const other = 'coord config set merge_target <branch>';
  switch (state) {
    case 'there':
      return undefined;
    case 'missing':
      return {
        ...base,
        what: `there is no branch ${name} to land on`,
        why: isSet
          ? 'the setting merge_target names it, and it was renamed, deleted or never made'
          : 'it was deleted or renamed since this was queued',
        // What is queued keeps its target until it is added again.
        next: [
          `git branch ${cleanWord(name)} <commit>`,
          `# or: ${other}`,
          `coord merge add ${cleanWord(phase.id)}`,
        ],
      };
    case 'unborn':
      return {
        ...base,
        what: `${name}, the branch to land on, has no commit yet`,
        why: 'the repository is new',
        next: ['git commit --allow-empty -m "Start"'],
      };
    case 'detached':
      return {
        ...base,
        what: 'the primary worktree stands on no branch, so there is none to land on',
        why: 'a commit was checked out there by its id (detached HEAD)',
        next: ['git switch <branch>', `# or: ${other}`],
      };
    case 'own-branch':
      return {
        ...base,
        what: `${name} is the phase's own branch, and cannot land on itself`,
        why: isSet
          ? 'the setting merge_target names it'
          : "the primary worktree has the phase's branch checked out",
        next: isSet ? [other] : ['git switch <branch>', `# or: ${other}`],
      };
  }
}

export function judgeBranch({ phase, tip, tipBefore, isTipLost, standsOn }: PreflightFacts): Judged {
  if (tip !== undefined) return undefined;
  const { branch, id, isDone } = phase;
  const add = `coord merge add ${cleanWord(id)}`;
  if (isTipLost)
    return {
      ...PLAIN,
      rule: 'wrong-base',
      what: `${branch} was rewritten after it was queued, and the queued commit is gone`,
      where: 'the repository',
      why: 'it was rebased, amended or reset meanwhile, and git has cleaned up since',
      next: [add],
    };
  if (branch === '' || branch.startsWith('('))
    return {
      ...PLAIN,
      rule: 'branch-missing',
      what: `phase ${id} has no branch`,
      where: 'its worktree',
      why: 'its worktree was joined on a detached HEAD',
      next: [`git switch -c coord/${cleanWord(phase.folder)}`, add],
    };
  if (standsOn !== undefined)
    return {
      ...PLAIN,
      rule: 'branch-missing',
      what: `there is no branch ${branch}, and the worktree of phase ${id} stands on ${standsOn}`,
      where: 'its worktree',
      why: 'the branch was renamed there',
      next: [`git branch -m ${cleanWord(standsOn)} ${cleanWord(branch)}`, add],
    };
  const commit = tipBefore?.slice(0, 12) ?? (isDone ? '<commit>' : undefined);
  const again =
    commit === undefined ? `coord phase start ${cleanWord(id)}` : `git branch ${cleanWord(branch)} ${commit}`;
  return {
    ...PLAIN,
    rule: 'branch-missing',
    what: `there is no branch ${branch}`,
    where: 'the repository',
    why: 'it was deleted or renamed, or this is a clone that has not fetched it',
    next: [again],
  };
}

export function judgeBase(facts: PreflightFacts): Judged {
  const { history, phase, target, worktree, moment } = facts;
  if (!history) return undefined;
  const onto = cleanWord(target.name);
  const branch = cleanWord(phase.branch);
  const again = `coord merge add ${cleanWord(phase.id)}`;
  const start = history.start?.slice(0, 12) ?? '';
  const base = { ...PLAIN, rule: 'wrong-base', where: placeOf(facts) } as const;
  if (history.base === undefined)
    return {
      ...base,
      what: `${phase.branch} and ${target.name} have no commit in common`,
      why: 'the branch was begun anew (an orphan), or comes from another repository',
      next: [`git rebase --root --onto ${onto}`, again],
    };
  if (!history.holdsTip)
    return {
      ...base,
      what: `${phase.branch} was rewritten after it was queued, and does not hold the queued commit any more`,
      why: 'it was rebased, amended or reset meanwhile',
      next: [again],
    };
  if (moment === 'add' && worktree && !worktree.underWay && worktree.branch !== phase.branch)
    return {
      ...base,
      what: `the worktree stands on ${worktree.branch ?? 'no branch (a detached HEAD)'}, and not on ${phase.branch}`,
      why: 'another branch or commit was checked out there, so the work may not be on the branch that would land',
      next: [
        ...(worktree.branch === undefined ? ['git branch kept-work'] : []),
        `git switch ${branch}`,
        `git merge ${worktree.branch === undefined ? 'kept-work' : cleanWord(worktree.branch)}`,
        again,
      ],
    };
  if (history.startFlaw === 'lost')
    return {
      ...base,
      what: `${phase.branch} does not hold ${start}, from which the phase was started`,
      why: 'the branch was reset to, or made anew from, an older commit',
      next: [`git rebase ${onto}`, again],
    };
  if (history.startFlaw === 'foreign')
    return {
      ...base,
      what: `${phase.branch} holds commits from before the phase was started that ${target.name} does not hold`,
      why: `the phase was started from another branch than ${target.name}, or ${target.name} was rewritten since`,
      next: [`git rebase --onto ${onto} ${start}`, again],
    };
  return judgeMixedIn(facts);
}

function judgeMixedIn(facts: PreflightFacts): Judged {
  const { history, phase, target } = facts;
  const mixed = history?.mixedIn ?? [];
  const [first] = mixed;
  if (!first) return undefined;
  const named = mixed.map((one) => `phase ${one.phase} (${one.branch})`).join(', ');
  return {
    ...PLAIN,
    rule: 'wrong-base',
    what: `${phase.branch} holds commits of ${named} that have not landed`,
    where: placeOf(facts),
    why: 'that branch was merged, or this one was begun from it; landing this one would land the other unseen',
    next: [
      `git rebase --onto ${cleanWord(target.name)} ${cleanWord(first.branch)}`,
      `coord merge add ${cleanWord(phase.id)}`,
      `# or let phase ${cleanWord(first.phase)} land first`,
    ],
  };
}

export function judgeNothing(facts: PreflightFacts): Judged {
  const { history, changed, phase, target } = facts;
  if (history?.base === undefined) return undefined;
  const isSame = changed?.changes.length === 0;
  if (!history.isInTarget && !isSame) return undefined;
  return {
    ...PLAIN,
    rule: 'nothing-to-land',
    what: history.isInTarget
      ? `${target.name} holds all commits of ${phase.branch}`
      : `${phase.branch} changes nothing that ${target.name} does not have`,
    where: placeOf(facts),
    why: 'nothing was committed since the phase was started, or it has landed already',
    next: ['git add -A', 'git commit -m "<what was done>"', `coord merge add ${cleanWord(phase.id)}`],
  };
}

const KINDS: Record<DirtyFile['kind'], string> = {
  changed: 'changed',
  staged: 'staged',
  untracked: 'untracked',
  unmerged: 'in conflict',
  hidden: 'changed, and git was told not to look',
};

export function judgeDirt({ moment, worktree, phase }: PreflightFacts): Judged {
  if (moment !== 'add' || !worktree) return undefined;
  const { dirty, underWay, root } = worktree;
  if (dirty.length === 0 && !underWay) return undefined;
  const hidden = dirty.filter((file) => file.kind === 'hidden');
  const count = countOf(dirty.length, 'file is', 'files are');
  const what = [
    ...(underWay ? [`a ${underWay} is under way`] : []),
    ...(dirty.length > 0 ? [`${count} not committed`] : []),
  ].join(', and ');
  return {
    ...PLAIN,
    rule: 'dirty',
    what,
    where: root,
    ...listed(dirty.map((file) => `${file.path} (${KINDS[file.kind]})`)),
    why: underWay
      ? `the ${underWay} stopped at a conflict, or was left`
      : 'only what is committed lands, so this work would stay behind',
    next: [
      ...stepsOutOf(underWay),
      ...hidden
        .slice(0, 1)
        .map(({ path }) => `git update-index --no-assume-unchanged --no-skip-worktree -- ${typedPath(path)}`),
      ...(underWay || dirty.length === 0 ? [] : ['git add -A', 'git commit -m "<what was done>"']),
      `coord merge add ${cleanWord(phase.id)}`,
    ],
  };
}

function stepsOutOf(underWay: UnderWay | undefined): string[] {
  if (underWay === undefined) return [];
  return underWay === 'bisect' ? ['git bisect reset'] : ['git add -A', `git ${underWay} --continue`];
}
