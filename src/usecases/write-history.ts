/**
 * Files below `docs/history/` of the primary worktree: what left STATE.md. They are the project's own, committed by
 * whoever commits; coord only ever writes a whole one or adds lines. A link that leads out of the worktree is refused.
 */
import { dirname, join } from 'node:path';
import type { HistoryProblem } from '../domain/problem.ts';
import { documentAt } from '../domain/project-paths.ts';
import { nowMs } from '../storage/clock.ts';
import { findProject } from '../storage/light/caller.ts';
import { makeFolder, readTextIfThere, writeAtomic } from '../storage/light/files.ts';
import { noteChanges } from '../storage/light/journal.ts';
import { groundOf } from '../storage/light/location.ts';
import { resolvePath } from '../storage/light/resolution.ts';

export const HISTORY_FOLDER = 'docs/history';
export const BACKLOG_FILE = `${HISTORY_FOLDER}/TODO.md`;

/** Who writes it: the Stop hook asks of every file that changed whose it is. */
export interface Scribe {
  readonly home: string;
  readonly session: string | null;
}

export function writeHistory(scribe: Scribe, file: string, text: string): HistoryProblem | undefined {
  const path = pathOf(scribe.home, file);
  if (typeof path !== 'string') return path;
  if (readTextIfThere(path) === text) return undefined;
  noteChanges(scribe.home, null, { atMs: nowMs(), session: scribe.session ?? 'terminal', paths: [path] });
  makeFolder(dirname(path));
  writeAtomic(path, text, { durable: true });
  return undefined;
}

/** Adds the lines that are not in it yet, so that adding again after a kill adds nothing. */
export function addHistory(
  scribe: Scribe,
  file: string,
  head: string,
  lines: readonly string[],
): HistoryProblem | undefined {
  const path = pathOf(scribe.home, file);
  if (typeof path !== 'string') return path;
  const text = readTextIfThere(path) ?? head;
  const there = new Set(text.split(/\r?\n/));
  const missing = lines.filter((line) => !there.has(line));
  if (missing.length === 0) return undefined;
  const gap = text.endsWith('\n') ? '' : '\n';
  return writeHistory(scribe, file, `${text}${gap}${missing.join('\n')}\n`);
}

function pathOf(home: string, file: string): string | HistoryProblem {
  const path = resolvePath(join(home, file), home);
  if (path === undefined) return { code: 'history-link', file, target: 'a loop of links' };
  const project = findProject(home);
  const ground = project.done ? groundOf(path, project.value) : undefined;
  const isOurs = ground?.kind === 'worktree' && ground.place === null && !documentAt(ground.relative, true);
  return isOurs ? path : { code: 'history-link', file, target: path };
}
