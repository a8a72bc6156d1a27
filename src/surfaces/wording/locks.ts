/** Sentences about locks: verdicts of the command line, and why a path cannot be locked. */
import type { LockHolding, LockTarget } from '../../domain/lock.ts';
import { cleanLine, cleanWord } from '../../domain/message.ts';
import type { LockPathProblem } from '../../domain/problem.ts';
import type { Deadlock } from '../../domain/wait-graph.ts';

export function printLockPathProblem({ path, why }: LockPathProblem): string {
  const shown = cleanLine(path) || '(empty)';
  switch (why) {
    case 'outside':
      return `${shown} lies outside of the worktree you stand in, where coord locks nothing. Name a path below its root.`;
    case 'other-worktree':
      return `${shown} lies in another worktree, and only who works there locks there. Ask its owner: \`coord send\`.`;
    case 'git':
      return `${shown} is git's own. Name a file of the worktree.`;
    case 'name':
      return `${shown} is no path that can be resolved. Use the plain path of the file.`;
    case 'pattern':
      return `${shown} is no pattern below the root of the worktree you stand in. Write it without ".." behind its first special character, in quotes: 'src/**/*.ts'.`;
  }
}

/** `src/api/` for a folder with all below it, `.` for the whole worktree. */
export function shownTarget({ kind, path }: LockTarget): string {
  if (path === '') return '.';
  return cleanLine(kind === 'tree' ? `${path}/` : path, 400);
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
