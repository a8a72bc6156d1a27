/**
 * Which subagent runs a `coord` command. Nothing tells a command who runs it but the session's id; the guard knows the
 * subagent, and just before such a command runs it leaves word here: `roster/callers/<session>~<tool use>.json`. The
 * command finds its subagent by its very words. Where two left the same words, or the session itself is about to run
 * them too, it acts for the session. Only in shared mode. The tool's end removes the note; a forgotten one ages out.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isTemporary, listNames, removeIfThere } from './files.ts';
import { coordinationPath, fileNameOf, readRecord, writeRecord } from './roster.ts';

export interface CallNote {
  readonly session: string;
  /** Null: the session's main thread. */
  readonly agent: string | null;
  readonly words: readonly string[];
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
  // The main thread's own calls matter only where they may be taken for a subagent's.
  if (caller.agent === null && !existsSync(folder)) return;
  sweep(folder, nowMs);
  calls.forEach((words, at) => {
    if (words.join(' ').length > WORDS_CHARS_MAX) return;
    const note: CallNote = { ...caller, words, atMs: nowMs };
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
  const folder = folderOf(home);
  if (!existsSync(folder)) return null;
  const asked = JSON.stringify(words);
  const agents = new Set<string | null>();
  for (const name of listNames(folder, NOTES_MAX * 2)) {
    const note = isTemporary(name) ? undefined : readRecord<CallNote>(join(folder, name));
    if (note?.session !== session || nowMs - note.atMs > KEPT_MS) continue;
    if (JSON.stringify(note.words) === asked) agents.add(note.agent);
  }
  const [only = null, ...more] = agents;
  return more.length === 0 ? only : null;
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
