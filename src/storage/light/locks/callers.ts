/**
 * Which subagent runs a `coord` command. Nothing tells a command who runs it but the session's id; the guard knows the
 * subagent, and just before such a command runs it leaves word here: `roster/callers/<session>~<tool use>.json`. The
 * command finds its subagent by its very words. Where two left the same words, or the session itself is about to run
 * them too, it acts for the session. Only in shared mode. The tool's end removes the note; a forgotten one ages out, and
 * that of a command in the background too. `coord run` also learns so which tool use it runs in (test-mutex.ts).
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isTemporary } from '../../../domain/temporary-name.ts';
import { listNames, removeIfThere } from '../files.ts';
import { coordinationPath, fileNameOf, readRecord, writeRecord } from '../roster.ts';

export interface CallNote {
  readonly session: string;
  /** Null: the session's main thread. */
  readonly agent: string | null;
  readonly words: readonly string[];
  /** The tool's use; notes from before it was kept have none. */
  readonly call?: string;
  readonly atMs: number;
}

const NOTES_MAX = 200;
const KEPT_MS = 2 * 3_600_000;
const WORDS_CHARS_MAX = 4_000;

function folderOf(home: string): string {
  return coordinationPath(home, 'roster', 'callers');
}

/** The guard lets these calls of coord through, of one tool use. */
export function noteCalls(
  home: string,
  id: string,
  caller: Pick<CallNote, 'session' | 'agent'>,
  calls: readonly (readonly string[])[],
  nowMs: number,
): void {
  const folder = folderOf(home);
  // The main thread's own calls matter where they may be taken for a subagent's, and to the test mutex.
  const isRun = calls.some(([verb]) => verb === 'run');
  if (caller.agent === null && !isRun && !existsSync(folder)) return;
  sweep(folder, nowMs);
  calls.forEach((words, at) => {
    if (words.join(' ').length > WORDS_CHARS_MAX) return;
    const note: CallNote = { ...caller, words, call: id, atMs: nowMs };
    writeRecord(join(folder, `${fileNameOf(`${id}.${at}`)}.json`), note, false);
  });
}

/** The tool use is over, so its commands are. */
export function dropCalls(home: string, id: string): void {
  const folder = folderOf(home);
  if (id === '' || !existsSync(folder)) return;
  const prefix = `${fileNameOf(id)}.`;
  for (const name of listNames(folder, NOTES_MAX * 2))
    if (name.startsWith(prefix)) removeIfThere(join(folder, name));
}

/** The subagent of the session that runs just these words; null for the session itself, and where nobody can tell. */
export function callingAgent(
  home: string,
  session: string,
  words: readonly string[],
  nowMs: number,
): string | null {
  const agents = new Set(notesOf(home, session, words, nowMs).map(({ agent }) => agent));
  const [only = null, ...more] = agents;
  return more.length === 0 ? only : null;
}

/** The tool uses of the session that run just these words themselves; none where a script runs them. */
export function callsRunning(
  home: string,
  session: string,
  words: readonly string[],
  nowMs: number,
): string[] {
  return notesOf(home, session, words, nowMs).flatMap(({ call }) => call ?? []);
}

function notesOf(home: string, session: string, words: readonly string[], nowMs: number): CallNote[] {
  const folder = folderOf(home);
  if (!existsSync(folder)) return [];
  const asked = JSON.stringify(words);
  return listNames(folder, NOTES_MAX * 2)
    .map((name) => (isTemporary(name) ? undefined : readRecord<CallNote>(join(folder, name))))
    .filter((note) => note !== undefined)
    .filter((note) => note.session === session && nowMs - note.atMs <= KEPT_MS)
    .filter((note) => JSON.stringify(note.words) === asked);
}

function sweep(folder: string, nowMs: number): void {
  const names = listNames(folder, NOTES_MAX * 2).filter((name) => !isTemporary(name));
  if (names.length < NOTES_MAX / 4) return;
  const notes = names.map((name) => ({ name, atMs: readRecord<CallNote>(join(folder, name))?.atMs ?? 0 }));
  notes.sort((a, b) => b.atMs - a.atMs);
  notes.forEach(({ name, atMs }, at) => {
    if (at >= NOTES_MAX || nowMs - atMs > KEPT_MS) removeIfThere(join(folder, name));
  });
}
