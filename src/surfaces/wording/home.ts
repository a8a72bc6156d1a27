/**
 * What `coord` alone prints: where one stands, what is next there, and a handful of commands. For somebody who has
 * never typed it before: twenty lines at most, and no word that was not said before.
 */
import { cleanLine, cleanWord } from '../../domain/message.ts';
import type { NextStep, Standing } from '../../usecases/find-next-step.ts';
import { printProblem } from './problems.ts';

export const WHAT_COORD_IS =
  'coord: several Claude Code sessions on one repository, without harming each other.';

type Row = readonly [command: string, says: string];

const OUTSIDE: readonly Row[] = [
  ['coord demo', 'shows it all on a scratch repository'],
  ['coord init', 'sets coord up in the repository you stand in'],
];
const LEAD: readonly Row[] = [
  ['coord status', 'what stands where: phases, workers, blockers'],
  ['coord phase add | start', 'plan a phase; give it a worker with a worktree of its own'],
  ['coord inbox | send', 'read what workers say; write to them'],
  ['coord merge add | run', 'land what is finished'],
  ['coord doctor', 'finds what is broken'],
];
const WORKER: readonly Row[] = [
  ['coord plan list | start | done', 'your plans'],
  ['coord blocker raise', 'when you cannot go on'],
  ['coord inbox | send', 'read what others say; write to them'],
  ['coord merge add', 'hand your branch in'],
  ['coord status', 'what stands where'],
];
const PEER: readonly Row[] = [
  ['coord locks', 'who has what'],
  ['coord lock | unlock', 'what belongs together, beforehand'],
  ['coord inbox | send', 'read what others say; write to them'],
  ['coord status', 'what stands where'],
];
const ALL: Row = ['coord help', 'all commands by theme; `coord help phase start` one in full'];

export function printHome(standing: Standing): string {
  const { kind, problem, next } = standing;
  const rows = [...rowsOf(kind), ALL];
  const wide = Math.max(...rows.map(([command]) => command.length));
  return [
    WHAT_COORD_IS,
    '',
    ...(kind === null ? [] : [`You are ${printWho(standing)}.`]),
    ...(problem === null ? [] : [`Here: ${printProblem(problem)}`]),
    ...next.map((step, at) => `${at === 0 ? 'Next: ' : '      '}${printStep(step)}`),
    '',
    ...rows.map(([command, says]) => `  ${command.padEnd(wide)}  ${says}`),
    ...printSlashCommands(standing),
  ].join('\n');
}

function rowsOf(kind: Standing['kind']): readonly Row[] {
  switch (kind) {
    case 'operator':
    case 'coordinator':
      return LEAD;
    case 'worker':
      return WORKER;
    case 'peer':
      return PEER;
    default:
      return OUTSIDE;
  }
}

function printWho({ kind, name, project, phase, home }: Standing): string {
  const where = cleanLine(project ?? home ?? '');
  switch (kind) {
    case 'operator':
      return `the operator of ${where}: a person at a terminal in its primary worktree, who may do what the coordinator may`;
    case 'coordinator':
      return `the coordinator of ${where}: you plan phases, answer workers, and land their work`;
    case 'worker':
      return `${name}, the one worker of phase ${phase?.id} "${cleanLine(phase?.name ?? '')}" of ${where}`;
    case 'peer':
      return `${cleanLine(name ?? '')}, one of several agents in this worktree of ${where}`;
    case 'ended':
      return `no longer a worker of ${where}: the phase of this worktree is closed`;
    default:
      return `in a worktree of ${where} that has joined no phase`;
  }
}

/** What to type, and why. */
function printStep(step: NextStep): string {
  switch (step.code) {
    case 'commit-first':
      return 'worktrees are made from a commit, and there is none yet: `git commit --allow-empty -m "start"`';
    case 'plan-phases':
      return 'plan a piece of work: `coord phase add 01 "<name>" --plan 01-01:"<title>"`';
    case 'answer-blocker':
      return `${step.worker} is blocked ("${cleanLine(step.summary, 120)}"): \`coord send ${step.worker} response "<answer>" --ref ${cleanWord(step.reference)}\``;
    case 'read-mail':
      return `${step.count === 1 ? 'a message waits' : `${step.count} messages wait`} for you: \`coord inbox\``;
    case 'retry-entry':
      return `the merge queue sent phase ${step.phase} back too often: \`coord merge status ${step.phase}\``;
    case 'run-queue':
      return 'finished work waits to be landed: `coord merge run`';
    case 'queue-phase':
      return `phase ${step.phase} is finished: \`coord merge add ${step.phase}\`, then \`coord merge run\``;
    case 'open-session':
      return `nobody works as ${step.worker} yet: \`cd ${cleanWord(step.worktree)} && claude\``;
    case 'start-phase':
      return `phase ${step.phase} ${cleanLine(step.name)} can begin: \`coord phase start ${step.phase}\``;
    case 'await-workers':
      return `${step.count === 1 ? 'one worker is' : `${step.count} workers are`} at work: \`coord status\` shows how far`;
    case 'finish-plan':
      return `plan ${step.plan} ${cleanLine(step.title)} is under way; when it is committed: \`coord plan done ${step.plan}\``;
    case 'start-plan':
      return `begin plan ${step.plan} ${cleanLine(step.title)}: \`coord plan start ${step.plan}\``;
    case 'take-up-plan':
      return `plan ${step.plan} ${cleanLine(step.title)} failed; to take it up again: \`coord plan start ${step.plan}\``;
    case 'add-plan':
      return 'this phase has no plan yet: `coord plan add <id> "<title>"`';
    case 'queue-branch':
      return 'all plans are complete: `coord merge add` hands your branch in';
    case 'join-phase':
      return step.phases.length === 0
        ? 'no phase is free: `coord phase add`, in the primary worktree, plans one'
        : `take one of the phases ${step.phases.join(', ')}: \`coord join ${step.phases[0]}\``;
  }
}

/** In a session a person types these, and the model the others. */
function printSlashCommands({ session, kind }: Standing): string[] {
  if (session === null) return [];
  const own = kind === 'worker' ? '/coord:plan, /coord:blocker' : '/coord:blocker, /coord:merge';
  return ['', `You can type, in the session: /coord:status, /coord:inbox, ${own}, /coord:help.`];
}
