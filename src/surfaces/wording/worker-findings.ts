/** Sentences for what doctor found of workers and where they are. */
import { cleanLine, cleanWord } from '../../domain/message.ts';
import type { WorkerFinding } from '../../usecases/check-workers.ts';

export function printWorkerFinding(finding: WorkerFinding): string {
  switch (finding.code) {
    case 'worktree-gone':
      return `the worktree of ${finding.worker} is gone (${cleanLine(finding.worktree)}); its branch ${finding.branch} ${branchOf(finding)}. Make it anew: \`coord phase start ${finding.phase}\`.`;
    case 'worktree-unlinked':
      return `${cleanLine(finding.worktree)} is no worktree of this repository any more: git has no record of it (\`git worktree prune\`). Keep what it holds and move it away (\`mv ${cleanWord(finding.worktree)} ${cleanWord(`${finding.worktree}.kept`)}\`); then \`coord phase start ${finding.phase}\` makes it anew.`;
    case 'worktree-foreign':
      return `${cleanLine(finding.worktree)}, noted as the worktree of ${finding.worker}, belongs to another repository: this one is a copy of that, made without the worktree. Leave that one as it is; \`coord phase start ${finding.phase}\` makes one here, from the branch.`;
    case 'worktree-moved':
      return finding.repaired
        ? `the worktree of ${finding.worker} is ${cleanLine(finding.to)}, and is noted there now.`
        : `the worktree of ${finding.worker} is ${cleanLine(finding.to)} by now, and noted at ${cleanLine(finding.worktree)}: it was moved, or the whole project was moved or copied. \`coord doctor --repair\` notes it there, and links it to git again.`;
    case 'guard-silent':
      return `files in ${cleanLine(finding.worktree)} (${finding.worker}) changed after its guard was last heard: its session may run without the plugin. Restart it there with the plugin enabled.`;
  }
}

function branchOf({ lost, branch }: Extract<WorkerFinding, { code: 'worktree-gone' }>): string {
  if (lost === null) return 'stands';
  const where =
    lost === ''
      ? 'HEAD, which has all that is known of it'
      : `${lost.slice(0, 12)}, the last commit noted of it`;
  return `is gone as well, and begins anew at ${where}. If it was renamed, give it its name back first: \`git branch -m <its name now> ${cleanWord(branch)}\``;
}
