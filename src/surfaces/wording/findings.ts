/** Sentences for what doctor found: what, where, and what to type next. */
import { cleanLine, cleanWord } from '../../domain/message.ts';
import type { DocumentFinding } from '../../usecases/check-documents.ts';
import type { MailFinding } from '../../usecases/check-mail.ts';
import type { Finding } from '../../usecases/check-project.ts';
import { printCycleFinding } from './cycle.ts';
import { printDecisionFinding } from './decisions.ts';
import { printLockFinding } from './lock-findings.ts';
import { printClosingFinding, printOrphan } from './orphans.ts';
import { printProblem } from './problems.ts';
import { printSetupFinding } from './setup-findings.ts';
import { printWorkerFinding } from './worker-findings.ts';

export function printFinding(finding: Finding): string {
  switch (finding.code) {
    case 'node-old':
      return `Node ${finding.version} is too old for coord's hooks: install Node 20 or newer and put it first on the PATH.`;
    case 'git-missing':
    case 'git-old':
    case 'client-old':
    case 'runtime-not-ignored':
    case 'runtime-committed':
    case 'hooks-off':
    case 'plugin-twice':
    case 'plugin-other-version':
      return printSetupFinding(finding);
    case 'landing-unfinished':
    case 'closing-unfinished':
    case 'landing-lost':
      return printClosingFinding(finding);
    case 'worktree-gone':
    case 'worktree-unlinked':
    case 'worktree-foreign':
    case 'worktree-moved':
    case 'guard-silent':
      return printWorkerFinding(finding);
    case 'locks-dead':
    case 'lock-unreadable':
    case 'taking-unfinished':
    case 'mutex-held':
    case 'worker-died':
      return printLockFinding(finding);
    case 'document':
    case 'document-set-back':
      return printDocumentFinding(finding);
    case 'settings':
      return `${finding.complaint}.`;
    case 'message-unreadable':
    case 'send-unfinished':
    case 'log-foreign':
    case 'message-unlogged':
    case 'message-lost':
    case 'chat-incomplete':
    case 'outbox-stale':
    case 'dropped-left':
      return printMailFinding(finding);
    case 'temporaries':
      return finding.repaired
        ? `${finding.count} temporary file(s) of dead processes removed from ${cleanLine(finding.folder)}.`
        : `${finding.count} temporary file(s) lie in ${cleanLine(finding.folder)}, left by a crash. \`coord doctor --repair\` removes them.`;
    case 'record-corrupt':
      return printRecordFinding(finding);
    case 'cycle-unreadable':
    case 'cycle-stray':
      return printCycleFinding(finding);
    case 'decision-changed':
    case 'decision-gone':
    case 'decision-twice':
    case 'decision-conflict':
      return printDecisionFinding(finding);
    case 'orphan':
      return printOrphan(finding);
    case 'folder-unwritable':
      return `${cleanLine(finding.folder)} cannot be written (${cleanLine(finding.detail)}), so nothing that agents say or do here is kept. ${UNWRITABLE[finding.detail] ?? 'Mend its permissions'}; then \`coord doctor\` again.`;
    case 'place-linked':
      return `${cleanLine(finding.path)} is a link to ${cleanLine(finding.target)}, outside of the project, and coord writes there. If nobody meant that: \`rm ${cleanWord(finding.path)}\` takes the link away and nothing behind it; then move back what is yours.`;
    case 'check-failed':
      return `its ${cleanLine(finding.check)} could not be looked at: ${cleanLine(finding.detail, 200)}. Mend ${finding.file === '' ? 'that' : cleanLine(finding.file)} (a full disk, permissions, a folder where a file belongs), then run \`coord doctor\` again.`;
    case 'hook-failed':
      return `the ${finding.hook} hook failed at ${finding.at}: ${cleanLine(finding.detail, 300)}.`;
  }
}

const UNWRITABLE: Readonly<Record<string, string>> = {
  ENOSPC: 'The disk is full: free some space (`df -h .`)',
  EDQUOT: 'The disk quota is used up: free some space',
  EFBIG: 'The limit on the size of files is too low: raise it (`ulimit -f unlimited`)',
  EROFS: 'It lies on a disk that is mounted read-only: mount it writable',
  EACCES: "It is another user's, or read-only: `chmod -R u+w .coordination`, or work as that user",
};

function printRecordFinding({ file, repaired }: Extract<Finding, { code: 'record-corrupt' }>): string {
  return repaired
    ? `${cleanLine(file)} was written anew from STATE.md.`
    : `${cleanLine(file)} is gone or cannot be read, so who works there cannot be told: its writes, or mail to it, are refused. \`coord doctor --repair\` writes it anew.`;
}

function printMailFinding(finding: MailFinding): string {
  switch (finding.code) {
    case 'message-unreadable':
      return `${cleanLine(finding.file)} is no message. Look at it; then correct it or take it out.`;
    case 'send-unfinished':
      return finding.repaired
        ? `a message of ${cleanLine(finding.agent)} whose sending a crash interrupted was delivered.`
        : `a message of ${cleanLine(finding.agent)} was not delivered: a crash interrupted its sending. \`coord doctor --repair\` delivers it, and so does its next message.`;
    case 'log-foreign':
      return finding.repaired
        ? `${finding.pieces} piece(s) that are no line of ${finding.file} were taken out of it${finding.kept ? ` and kept as ${cleanLine(finding.kept)}` : ''}.`
        : `${finding.file} has ${finding.pieces} piece(s) that are no line of it (a crash, or JSON that was appended by hand). Readers skip them; \`coord doctor --repair\` takes them out and keeps them.`;
    case 'message-unlogged':
      return finding.repaired
        ? `${finding.count} waiting message(s) that the log did not have were logged (first: ${cleanLine(finding.first)}).`
        : `${finding.count} waiting message(s) are not in the log (first: ${cleanLine(finding.first)}). \`coord doctor --repair\` logs them.`;
    case 'message-lost':
      return finding.repaired
        ? `${finding.count} message(s) that the log has and no box had wait again (first: ${cleanLine(finding.first)}).`
        : `${finding.count} message(s) are in the log and in no box: neither waiting nor acknowledged (first: ${cleanLine(finding.first)}). \`coord doctor --repair\` lets them wait again.`;
    case 'chat-incomplete':
      return finding.repaired
        ? `${finding.count} message(s) were added to the workers' chats (first: ${cleanLine(finding.first)}).`
        : `${finding.count} message(s) between workers are missing in their chats (first: ${cleanLine(finding.first)}). \`coord doctor --repair\` adds them.`;
    case 'outbox-stale':
      return finding.repaired
        ? `${finding.count} name(s) of acknowledged messages were taken out of .coordination/outbox/.`
        : `${finding.count} acknowledged message(s) still have a name in .coordination/outbox/ (first: ${cleanLine(finding.first)}). \`coord doctor --repair\` takes it out.`;
    case 'dropped-left':
      return `${cleanLine(finding.file)} was dropped there and cannot be taken: its name must end in .json, and it must be readable.`;
  }
}

function printDocumentFinding(finding: DocumentFinding): string {
  if (finding.code === 'document-set-back')
    return finding.repaired
      ? `${cleanLine(finding.file)} had been set back by git, and says again what coord saved last.`
      : `${cleanLine(finding.file)} was set back by git (a reset, a checkout) to what was committed. coord goes on with revision ${finding.newest}, which it keeps; \`coord doctor --repair\` writes it into the file. To go back for good, give the file \`revision: ${finding.newest}\`.`;
  if (!finding.repaired) return printProblem(finding.problem);
  const kept = finding.aside ? ` (what was there is kept as ${cleanLine(finding.aside)})` : '';
  return `written anew from the last good copy: ${'file' in finding.problem ? cleanLine(finding.problem.file) : ''}${kept}`;
}
