/**
 * Sentences for refusals of the CLI and for what hooks report: what, where, why probably, and what to type next.
 * Here those about callers, documents, phases and messages; those of one room each (the gate, the queue, …) are worded
 * beside it (room-problems.ts), those that the guard and the CLI share in refusals.ts.
 */
import { OPERATOR } from '../../domain/identifiers.ts';
import { cleanLine, cleanWord, MESSAGE_TYPES, PRIORITIES } from '../../domain/message.ts';
import type { UnderWay } from '../../domain/preflight/facts.ts';
import type {
  CallerProblem,
  MailProblem,
  PhaseProblem,
  Problem,
  SeatProblem,
  SettingsProblem,
} from '../../domain/problem.ts';
import { printCounts } from '../../domain/transition.ts';
import { printKnownIds, printMeantWord } from './known.ts';
import { printRoomProblem } from './room-problems.ts';

export function printProblem(problem: Problem): string {
  switch (problem.code) {
    case 'not-a-repository':
    case 'bare-repository':
    case 'repository-gone':
      return printNoRepository(problem);
    case 'not-coordinated':
      return printNotCoordinated(problem);
    case 'not-primary-worktree':
      return `${cleanLine(problem.root)} is a linked worktree. Run this in the primary one: \`cd ${cleanWord(problem.home)}\`.`;
    case 'not-your-place':
      return `you stand in ${cleanLine(problem.root)}, and your session started in ${cleanLine(problem.yours)}: coord knows you by your place. Run this there: \`cd ${cleanWord(problem.yours)}\`.`;
    case 'not-coordinator':
      return `only the coordinator may ${problem.verb}, and you are ${cleanLine(problem.actor)}. ${problem.home === undefined ? 'Ask' : `Go to the primary worktree (\`cd ${cleanWord(problem.home)}\`), where you may; or ask`}: \`coord send coordinator question "<text>"\`.`;
    case 'not-a-worker':
      return `only a phase's worker may ${problem.verb}, in its own worktree, and you are ${cleanLine(problem.actor)}. ${printWorkers(problem)}`;
    case 'not-joined':
      return `the worktree ${cleanLine(problem.root)} has joined no phase. Run \`coord join <phase>\` first; \`coord status\` lists the phases.`;
    case 'seat-of-subagent':
      return `a subagent takes no seat, which would be free again when it has ended, and you are ${cleanLine(problem.actor)}. Leave it to your session: end with a report that says so.`;
    case 'mail-waits':
      return `${problem.count === 1 ? 'a message waits' : `${problem.count} messages wait`} for you as ${cleanLine(problem.agent)}, which you will not be any more. Read first (\`coord inbox\`), acknowledge (\`coord ack <id>…\`), then take the seat.`;
    case 'record-unreadable':
      return `${cleanLine(problem.file)} cannot be read, so who works here is not known. \`coord doctor --repair\` writes it anew from STATE.md.`;
    case 'identifier-bad':
      return printIdentifierBad(problem);
    case 'name-bad':
      return `the ${problem.what} must be one line of 1 to 120 characters.`;
    case 'scope-bad':
      return `the scope ${cleanLine(problem.glob) || '(empty)'} is no pattern inside the repository. Write it relative to the root, such as "src/api/**".`;
    case 'no-commit-yet':
      return `${cleanLine(problem.home)} has no commit yet, so there is nothing to fork a worktree from. Make one: \`git commit --allow-empty -m "start"\`.`;
    case 'git-failed':
      return `git could not do it (${problem.step}): ${cleanLine(problem.detail, 500)}. Nothing was left behind; mend that and try again.`;
    case 'worktree-in-the-way':
      return `${cleanLine(problem.path)} is there already and not coord's. Move it away, then try again.`;
    case 'branch-in-the-way':
      return `the branch ${cleanLine(problem.branch)} is there already, and coord did not make it. Rename it (\`git branch -m ${cleanWord(problem.branch)} <other>\`), or check it out in a worktree and run \`coord join <phase>\` there.`;
    case 'worktree-has-phase':
      return `${cleanLine(problem.worktree)} already serves phase ${problem.phase}; a worktree serves one phase. Use another one.`;
    case 'wrong-base':
      return `${cleanLine(problem.root)} stands on ${problem.head.slice(0, 12)}, which does not hold the coordinator's HEAD ${problem.wanted.slice(0, 12)}, and it has commits of its own. Bring it there (\`git rebase ${problem.wanted.slice(0, 12)}\`), then join again.`;
    case 'recipient-unknown':
      return `there is no agent ${cleanLine(problem.to)}, so nobody would read it.${printKnownIds(problem.to, problem.known)}`;
    case 'recipient-ended':
      return `${cleanLine(problem.to)} has ended (phase ${problem.phase} is closed) and reads no mail. Tell the coordinator: \`coord send coordinator question "<text>"\`.`;
    case 'message-unknown':
      return `no message ${cleanLine(problem.id)} waits for ${cleanLine(problem.agent)} or was acknowledged by it. \`coord inbox\` lists what waits.`;
    case 'reply-unknown':
      return `there is no message ${cleanLine(problem.id)} that ${cleanLine(problem.agent)} got or sent, so nothing to reply to. \`coord inbox\` lists what waits; without --reply-to it is a message of its own.`;
    case 'wait-timeout':
      return `no ${problem.types.map((type) => cleanLine(type)).join(' or ')} came within ${Math.round(problem.waitedMs / 1_000)} s. Go on with other work: a hook shows it when it comes. \`coord status\` lists what is unanswered.`;
    case 'nobody-to-tell':
      return 'there is nobody else: no phase is started. `coord phase start <id>` starts one.';
    case 'chat-unknown':
      return `there is no chat ${cleanLine(problem.chat)}.${printKnownIds(problem.chat, problem.known, 'none yet')}`;
    case 'chat-not-yours':
      return `${cleanLine(problem.chat)} is a chat of others, and you are ${cleanLine(problem.actor)}; only the coordinator reads all. Ask it: \`coord send coordinator question "<text>"\`.`;
    case 'dead-unknown':
      return `there is no dead letter ${cleanLine(problem.id)}. \`coord dead list\` shows those there are.`;
    case 'setting-bad':
      return `${problem.key} cannot be ${cleanLine(problem.value)}: expected ${problem.expected}.${printMeantWord(problem.value.replace(/^"|"$/g, ''), wordsOf(problem.expected))}`;
    case 'setting-unknown':
      return `there is no setting ${cleanLine(problem.key)}.${printMeantWord(problem.key, problem.known)} \`coord config get\` lists them all.`;
    case 'settings-broken':
      return `${cleanLine(problem.file)} cannot be read (line ${problem.line}). Mend its front matter, then try again; nothing was changed.`;
    default:
      return printDocumentProblem(problem);
  }
}

function printIdentifierBad(problem: Extract<Problem, { code: 'identifier-bad' }>): string {
  return problem.isReserved
    ? `${cleanLine(problem.text)} is no ${problem.what}: mail to that name goes to somebody of coord's own. Take another one.`
    : `${cleanLine(problem.text) || '(empty)'} is no ${problem.what}: letters, digits, ".", "_" and "-" only, at most 40, and a letter or digit first.`;
}

/** An ack is the one type that nobody sends: coord makes it. */
function printTypeUnknown(type: string): string {
  if (type === 'ack') return 'an ack is not sent: `coord ack <id>` acknowledges a message.';
  const types = MESSAGE_TYPES.filter((known) => known !== 'ack');
  return `${cleanLine(type)} is no type of message.${printMeantWord(type, types)} Types: ${types.join(', ')}. The order: \`coord send <to> <type> "<text>"\`.`;
}

type NoRepository = Extract<Problem, { code: 'not-a-repository' | 'bare-repository' | 'repository-gone' }>;

function printNoRepository(problem: NoRepository): string {
  switch (problem.code) {
    case 'not-a-repository':
      return `${cleanLine(problem.folder)} is in no git repository. Go to one, or make one: \`git init\`.`;
    case 'bare-repository':
      return `${cleanLine(problem.folder)} is a bare repository: it has no primary worktree, where coord keeps its state. Clone it, and run coord in the clone: \`git clone ${cleanWord(problem.folder)}\`.`;
    case 'repository-gone':
      return `${cleanLine(problem.root)} belongs to a repository that is not where its \`.git\` file says: ${cleanLine(problem.gitDir)} is not there. It was moved, or git has forgotten this worktree. Go to the primary worktree, and mend it there: \`coord doctor --repair\`.`;
  }
}

function printNotCoordinated(problem: Extract<Problem, { code: 'not-coordinated' }>): string {
  return problem.isLost
    ? `.coordination/ is gone from ${cleanLine(problem.home)} (a fresh clone, or \`git clean -x\`), and with it who works where and the mail; plans and decisions are in git. \`coord init\` makes it again; then \`coord doctor --repair\` finds the workers again.`
    : `coord is not set up in ${cleanLine(problem.home)}. Run \`coord init\` there.`;
}

const WORKERS_MAX = 3;

/** Where a person goes, or whom a session asks: it cannot go. */
function printWorkers({ actor, workers }: Extract<Problem, { code: 'not-a-worker' }>): string {
  const [first] = workers;
  if (!first)
    return 'No worker is there yet: `coord phase start <id>` makes one, and names the worktree to run this in.';
  const shown = workers.slice(0, WORKERS_MAX);
  if (actor === OPERATOR)
    return `Go there: ${shown.map(({ name, worktree }) => `${name}: \`cd ${cleanWord(worktree)}\``).join('; ')}.`;
  const names = shown.map(({ name }) => cleanLine(name)).join(', ');
  return `Workers: ${names}. Tell the one that it concerns: \`coord send ${cleanWord(first.name)} directive "<text>"\`.`;
}

/** `on | strict | off` */
function wordsOf(expected: string): string[] {
  return expected.includes(' | ') ? expected.split(' | ') : [];
}

/** What the first function does not word. */
type Rest = Exclude<
  Problem,
  Exclude<CallerProblem, { code: 'seat-taken' }> | PhaseProblem | MailProblem | SeatProblem | SettingsProblem
>;

function printDocumentProblem(problem: Rest): string {
  switch (problem.code) {
    case 'document-missing':
      return `${cleanLine(problem.file)} is not there. \`coord doctor --repair\` writes it anew from the last good copy.`;
    case 'document-elsewhere':
      return `${cleanLine(problem.file)} is not on ${problem.branch === '' ? 'the commit' : cleanLine(problem.branch)} that is checked out here: the project is planned on ${cleanLine(problem.holder)}. \`git switch ${cleanWord(problem.holder)}\` brings it back; until then what workers report waits. To plan on from here: \`git merge ${cleanWord(problem.holder)}\`.`;
    case 'document-corrupt':
      return `${cleanLine(problem.file)} line ${problem.line} is not understood: ${cleanLine(problem.detail, 300)}. Nothing was changed. Mend that line, or run \`coord doctor --repair\`: it sets the file aside and writes the last good copy.`;
    case 'document-language':
      return `${cleanLine(problem.file)} has front matter in ${cleanLine(problem.language)}; coord reads YAML only and runs no code. Make its first line ---.`;
    case 'document-moved':
      return `${cleanLine(problem.file)} was changed meanwhile (revision ${problem.read} read, ${problem.found} found). Nothing was written; try again.`;
    case 'document-behind':
      return `${cleanLine(problem.file)} is an older one while git is in the midst of a ${problem.underWay}; revision ${problem.newest} is kept, and nothing was changed. End that first (${printWaysOut(problem.underWay)}), then the same again.`;
    case 'mutex-timeout':
      return `another process has been busy with ${cleanLine(problem.name)} for too long. Try again; if it stays so, \`coord doctor\` names who holds it.`;
    case 'plan-unknown':
      return `there is no plan ${cleanLine(problem.plan)} in this phase.${printKnownIds(problem.plan, problem.known)} \`coord phase list\` shows whose plans are whose.${problem.known.length === 0 ? ` Add it: \`coord plan add ${cleanWord(problem.plan)} "<title>"\`.` : ''}`;
    case 'plan-move-refused':
      return `plan ${problem.plan} is ${problem.from} already, so it cannot ${problem.verb}. ${problem.verb === 'start' ? 'Go on with it' : `To take it up again: \`coord plan start ${problem.plan}\``}; \`coord plan list\` shows where all stand.`;
    case 'task-unknown':
      return `there is no task ${cleanLine(problem.task)} in plan ${problem.plan}.${printKnownIds(problem.task, problem.known)}${problem.known.length === 0 ? ' Add it: `coord task add "<title>"`.' : ''}`;
    case 'blocker-unknown':
      return `there is no open blocker ${cleanLine(problem.blocker)}.${printKnownIds(problem.blocker, problem.known)} \`coord blocker list\` shows them.`;
    case 'phase-exists':
      return `phase ${problem.phase} "${cleanLine(problem.name)}" is there already. Take another id and name; \`coord phase list\` shows them all.`;
    case 'phase-unknown':
      return `there is no phase ${cleanLine(problem.phase)}.${printKnownIds(problem.phase, problem.known, 'none yet (`coord phase add <id> <name>`)')}`;
    case 'phase-already-started':
      return `phase ${problem.phase} has its one worker already: ${problem.worker}${problem.worktree ? ` in ${cleanLine(problem.worktree)}` : ''}. Open a session there: \`cd ${problem.worktree ? cleanWord(problem.worktree) : '<worktree>'} && claude\`. When nobody works there any more: \`coord join ${problem.phase} --takeover\` from another worktree.`;
    case 'phase-not-active':
      return `phase ${problem.phase} is ${problem.state}. ${problem.state === 'future' ? `Start it: \`coord phase start ${problem.phase}\`.` : 'It needs nothing more.'}`;
    case 'phase-depends':
      return `phase ${problem.phase} comes after ${problem.waitsFor.join(', ')}, which ${problem.waitsFor.length === 1 ? 'is' : 'are'} not done. A phase is done when it is closed: \`coord merge run\` does so with work that is complete and lands, and \`coord phase close ${problem.waitsFor[0]}\` without landing.`;
    case 'scope-overlaps':
      return `phase ${problem.phase} may write ${cleanLine(problem.mine)}, and phase ${problem.other} of ${problem.worker} is at work on ${cleanLine(problem.theirs)}: one file could be both's. Set them apart (\`coord phase scope ${problem.phase} "<glob>"\`), wait for it, or start it all the same: \`coord phase start ${problem.phase} --overlap\`.`;
    case 'phase-unfinished':
      return `phase ${problem.phase} is not finished (${printCounts(problem.counts)}). Close it all the same with \`coord phase close ${problem.phase} --force\`.`;
    case 'plan-exists':
      return `plan ${cleanLine(problem.plan)} is there already. \`coord plan list\` shows your plans.`;
    case 'plan-of-worker':
      return `the phase is at work, so its plans are ${problem.worker}'s to add. Ask it: \`coord send ${problem.worker} directive "Add a plan: coord plan add ${cleanLine(problem.plan)} '${cleanLine(problem.title)}'"\`.`;
    case 'plan-id-taken':
      return `plan ${cleanLine(problem.plan)} belongs to phase ${problem.phase}; a plan's id is unique in the project. \`coord phase list\` shows them all.`;
    case 'message-type-unknown':
      return printTypeUnknown(problem.type);
    case 'message-priority-unknown':
      return `${cleanLine(problem.priority)} is no priority.${printMeantWord(problem.priority, PRIORITIES)} Priorities: low, normal, high, urgent.`;
    case 'message-empty':
      return 'the text is empty.';
    case 'message-too-long':
      return `the text has ${problem.length} characters; at most ${problem.max} are sent. Put it into a file and send its path.`;
    case 'message-metadata-reserved':
      return `--meta ${cleanLine(problem.key)} is coord's own to write. Name your key otherwise.`;
    case 'message-reference-bad':
      return `the reference ${cleanLine(problem.reference)} is no id (one line, at most 200 characters, at most 32 of them).`;
    default:
      return printRoomProblem(problem);
  }
}

function printWaysOut(underWay: UnderWay): string {
  return underWay === 'bisect'
    ? '`git bisect reset`'
    : `\`git ${underWay} --continue\`, or \`git ${underWay} --abort\``;
}
