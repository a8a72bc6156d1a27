/** Sentences about locks: verdicts of the command line, and why a path cannot be locked. */
import { type LockHolding, type LockTarget, type MutexHeld, reservedAs } from '../../domain/lock.ts';
import { cleanLine, cleanWord } from '../../domain/message.ts';
import type { LockPathProblem } from '../../domain/problem.ts';
import type { Deadlock } from '../../domain/wait-graph.ts';

export function printLockPathProblem({ path, why }: LockPathProblem): string {
  const shown = cleanLine(path) || '(empty)';
  switch (why) {
    case 'outside':
      return `${shown} lies outside of the worktree you stand in, where coord locks nothing. Name a path below its root.`;
    case 'other-worktree':
      return `${shown} lies in another worktree, and only who works there locks there. Ask: \`coord send coordinator question "<text>"\`.`;
    case 'git':
      return `${shown} is git's own. Name a file of the worktree.`;
    case 'name':
      return `${shown} is no path that can be resolved. Use the plain path of the file.`;
    case 'pattern':
      return `${shown} is no pattern below the root of the worktree you stand in. Write it without ".." behind its first special character, in quotes: 'src/**/*.ts'.`;
  }
}

/** `src/api/` for a folder with all below it, `.` for the whole worktree. */
export function shownTarget(target: LockTarget): string {
  const { kind, path } = target;
  switch (reservedAs(target)) {
    case 'tests':
      return 'the test mutex';
    case 'pen':
      return 'the pen';
    default:
      if (path === '') return '.';
      return cleanLine(kind === 'tree' ? `${path}/` : path, 400);
  }
}

const WANTED_MAX = 8;

export function printMutexHeld(held: MutexHeld, nowMs: number, isRun = false): string {
  const { command, by, waitedMs, isOwn, wanted, deadlock } = held;
  const running = by.command === undefined ? '' : ` with \`${cleanLine(by.command)}\``;
  const rule = 'of what works on the whole tree one command runs at a time here';
  if (isOwn)
    return `${rule}, and your own \`${cleanLine(by.command ?? '')}\` is still running (for ${printAge(nowMs - by.sinceMs)}). Run this one when that has ended.`;
  const waited = waitedMs >= 1_000 ? ` Waited ${printAge(waitedMs)}.` : '';
  const who = `${rule}, and ${printHolder(by, nowMs)} has the test mutex${running}.${waited}`;
  if (wanted.length > 0) {
    const names = wanted.slice(0, WANTED_MAX).map(shownTarget).join(', ');
    return `${who} And ${cleanLine(by.holder, 80)} wants ${names}, which you have: each of you would wait for the other. Commit it or release it first (${printUnlock(wanted)}), then run the command again.`;
  }
  if (deadlock)
    return `${who} Each of you waits for the other (${printCircle(deadlock)}), and you began last: release what you hold (\`coord unlock --all\`), then run it again.`;
  if (isRun) return `${who} To wait longer: \`coord run --wait 3600 -- ${cleanLine(command, 200)}\`.`;
  return `${who} Go on with other work: a message comes when it is free. To wait for it: \`${printRunCommand(command)}\`.`;
}

function printUnlock(targets: readonly LockTarget[]): string {
  const paths = targets.filter((target) => reservedAs(target) === undefined).slice(0, WANTED_MAX);
  const commands =
    paths.length > 0 ? [`coord unlock ${paths.map(({ path }) => cleanWord(path || '.')).join(' ')}`] : [];
  if (targets.some((target) => reservedAs(target) === 'pen')) commands.push('coord unlock --pen');
  return commands.map((command) => `\`${command}\``).join(', ');
}

/** A command of which a part is not known is not written out. */
export function printRunCommand(command: string): string {
  return `coord run -- ${command.includes('*') ? '<command>' : cleanLine(command, 200)}`;
}

/** `worker-01 (session 8c2f…, since 3 min ago)` */
export function printHolder({ holder, session, agent, sinceMs }: LockHolding, nowMs: number): string {
  const who = agent === null ? session : `${session ?? ''}, subagent ${agent}`;
  const where = who === null ? 'at a terminal' : `session ${cleanLine(who, 80)}`;
  return `${cleanLine(holder, 80)} (${where}, for ${printAge(nowMs - sinceMs)})`;
}

export function printAge(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}

/** `worker-01 waits for worker-02 waits for worker-01` */
export function printCircle({ cycle }: Deadlock): string {
  const names = cycle.map((wait) => cleanLine(wait.name, 80));
  return [...names, names[0]].join(' waits for ');
}

export function printLockCommand(paths: readonly string[], waitSeconds?: number): string {
  const words = paths.map((path) => cleanWord(path)).join(' ');
  return `coord lock ${words}${waitSeconds === undefined ? '' : ` --wait ${waitSeconds}`}`;
}
