/** Sentences for what doctor found of git, of the client and of the plugin in it. */
import { cleanLine, cleanWord } from '../../domain/message.ts';
import type { SetupFinding } from '../../usecases/check-setup.ts';

export function oldClient(found: string, needed: string): string {
  return `Claude Code ${found} is older than ${needed}, from which on a guard that cannot run refuses: with this one the call would pass. Update it (\`claude update\`, or npm), and start the sessions again.`;
}

export function printSetupFinding(finding: SetupFinding): string {
  switch (finding.code) {
    case 'git-missing':
      return 'git cannot be run: install it, or put it on the PATH.';
    case 'git-old':
      return `git ${cleanLine(finding.found)} is too old for the conflict radar, which needs ${finding.needed}; all else works with yours. Install a newer one, and put it first on the PATH.`;
    case 'client-old':
      return oldClient(cleanLine(finding.found), finding.needed);
    case 'runtime-not-ignored':
      return finding.repaired
        ? `.gitignore names ${finding.folders.join(', ')} again.`
        : `.gitignore does not name ${finding.folders.join(', ')} (any more), so the next \`git add -A\` commits what only this machine may hold. \`coord doctor --repair\` adds the lines.`;
    case 'runtime-committed': {
      const shown = finding.files.map((file) => cleanLine(file)).join(', ');
      const more =
        finding.total > finding.files.length ? ` and ${finding.total - finding.files.length} more` : '';
      return `git keeps files that only coord writes: ${shown}${more}. A merge or a checkout would put old ones in their place. Take them out of git, not off the disk: \`git rm -r -q --cached ${finding.files.map((file) => cleanWord(file)).join(' ')}\`, then commit.`;
    }
    case 'hooks-off':
      return `${cleanLine(finding.file)} has ${cleanLine(finding.key)}, so sessions here run without coord's hooks: nothing is refused, reported or delivered. Take that line out, and start the sessions again.`;
    case 'plugin-twice':
      return `the client has coord twice (${finding.plugins.map((one) => cleanLine(one)).join(', ')}), and both would run at every call. Remove one: \`claude plugin uninstall ${cleanWord(finding.plugins.at(-1) ?? '')}\`.`;
    case 'plugin-other-version':
      return `sessions run coord ${cleanLine(finding.installed)} (${cleanLine(finding.plugin)}), and this command is ${cleanLine(finding.here)} (${cleanLine(finding.folder)}). Bring them together: \`claude plugin marketplace update coord\` and \`claude plugin update ${cleanWord(finding.plugin)}\`, or pull the clone; then start the sessions again.`;
  }
}
