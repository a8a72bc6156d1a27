/** Sentences about what is left of phases that are over: worktrees and branches, closings that were cut short. */
import { whyKept } from '../../domain/clean-up.ts';
import { cleanLine, cleanWord } from '../../domain/message.ts';
import type { Orphan } from '../../domain/orphan.ts';
import type { ClosingFinding } from '../../usecases/check-closings.ts';
import type { Reaped } from '../../usecases/reap-orphans.ts';

const SHORT = 12;

/** What it is: "worktree x with branch y of phase 01, which is closed". */
function whatItIs({ kind, id, phase, worktree, branch }: Orphan): string {
  const of = phase === null ? '' : ` of phase ${cleanLine(phase)}`;
  const things = [
    ...(worktree === null ? [] : [`worktree ${cleanLine(worktree)}`]),
    ...(branch === null ? [] : [`branch ${cleanLine(branch)}`]),
  ].join(' with ');
  switch (kind) {
    case 'half-cleaned':
      return `a clean-up that was interrupted (${things || cleanLine(id)}${of})`;
    case 'landed':
      return `${things}${of}, which has landed`;
    case 'closed':
      return `${things}${of}, which is closed`;
    case 'half-started':
      return `${things}${of}, whose start was interrupted (\`coord phase start ${phase === null ? '<id>' : cleanLine(phase)}\` carries it on)`;
    case 'left':
      return `${things}, where phase ${cleanLine(phase ?? '?')} was worked on before`;
    case 'guest':
      return `${things} of a subagent that is gone`;
    case 'unknown':
      return `${things}, which no active phase works on${phase === null ? '' : ` (named after phase ${cleanLine(phase)})`}`;
    case 'slot':
      return `integration ${things}, which no run uses any more`;
    case 'entry':
      return `queue entry ${cleanLine(id)}${of}, which is not active`;
  }
}

export function printClosingFinding(finding: ClosingFinding): string {
  if (finding.code === 'landing-unfinished') {
    const what = finding.phases.map((id) => cleanLine(id)).join(', ') || 'a branch';
    return `the landing of ${what} was cut short. \`coord merge run\` carries it on.`;
  }
  if (finding.code === 'landing-lost') {
    const { entry, phase, target, commit, branch, tip, hasBranch } = finding;
    const [id, onto] = [cleanWord(phase), cleanLine(target)];
    const back = hasBranch ? '' : `\`git branch ${cleanWord(branch)} ${tip.slice(0, SHORT)}\`, then `;
    return `phase ${cleanLine(phase)} has landed on ${onto} as ${commit.slice(0, SHORT)}, and ${onto} does not hold it any more: it was reset, or overwritten from elsewhere. To land it again: ${back}\`coord merge add ${id}\` and \`coord merge run\`. If it is meant to be gone: \`git update-ref -d refs/coord/landed/${cleanWord(entry)}\`, and nothing more is said of it.`;
  }
  const { phase, worker, repaired } = finding;
  return repaired
    ? `the closing of phase ${phase}, which was cut short, was carried on: ${worker} has ended.`
    : `phase ${phase} is done, and ${worker} has not ended: its closing was cut short. \`coord phase close ${phase}\` carries it on.`;
}

export function printOrphan(orphan: Orphan): string {
  const what = whatItIs(orphan);
  const { keep, worktree } = orphan;
  if (!keep) return `${what}. Nothing of it would be lost: \`coord merge reap\` takes it away.`;
  if (keep.code === 'waits') return `${what}: ${whyKept(keep)}.`;
  const look = worktree === null ? '' : ` Look: \`git -C ${cleanWord(worktree)} status\`.`;
  return `${what}; kept, since ${whyKept(keep)}.${look}`;
}

export function printReaped({ reaped, kept }: Reaped, isDryRun: boolean): string {
  const verb = isDryRun ? 'would be taken away' : 'taken away';
  const lines = [
    ...reaped.map((one) => {
      const aside = one.aside === null ? '' : `; what a person may want of it is in ${cleanLine(one.aside)}`;
      return `${verb}: ${whatItIs(one)}${aside}`;
    }),
    ...kept.map((one) => `kept: ${whatItIs(one)}: ${one.keep ? whyKept(one.keep) : ''}`),
  ];
  return lines.length > 0 ? lines.join('\n') : 'there is nothing to take away';
}
