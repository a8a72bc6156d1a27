/**
 * The pre-flight rule about a primary worktree that stands on another branch than when the phase was started: who only
 * looked at one does not mean to have the work there, and to rebase it onto that would be what nobody wants.
 */
import { cleanWord } from '../message.ts';
import type { PreflightFacts } from './facts.ts';
import type { PreflightRefusal } from './refusal.ts';

export function judgeOtherTarget({ history, phase, target }: PreflightFacts): PreflightRefusal | undefined {
  if (history?.startOn === undefined || target.isSet) return undefined;
  const [from, onto] = [cleanWord(history.startOn), cleanWord(target.name)];
  const add = `coord merge add ${cleanWord(phase.id)}`;
  return {
    files: [],
    total: 0,
    isWaivable: false,
    rule: 'wrong-base',
    side: 'operator',
    what: `the primary worktree stands on ${target.name}, and phase ${phase.id} was started from ${history.startOn}`,
    where: 'the primary worktree',
    why: 'another branch was checked out there since; what is queued goes to the one that is checked out, unless merge_target names another',
    next: [
      `git switch ${from}`,
      `# or: coord config set merge_target ${from}`,
      add,
      `# or, where it is to land on ${onto}, in its worktree: git rebase --onto ${onto} ${history.start?.slice(0, 12) ?? ''}`,
    ],
  };
}
