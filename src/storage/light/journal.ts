/**
 * What sessions did, as far as later judgement needs it.
 *
 *   roster/changes/<place>.jsonl   paths that the sessions of a place were allowed to write, or are known to have
 *                                  changed; one line per tool call
 *   roster/commands/<id>.json      a shell command that may write more than it names: who, what, from when to when
 *   log/coord.jsonl                what coord itself did, one act a line: refusals, waits, verdicts, failures (README)
 *
 * None of it is durable: after a loss of power there is nobody left to judge. Each is bounded: a log that grew too
 * long becomes `<name>.old`, and the older one goes.
 */
import { appendFileSync, closeSync, openSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseJson } from '../../domain/json-value.ts';
import type { PlaceName } from '../../domain/place-name.ts';
import { isTemporary } from '../../domain/temporary-name.ts';
import { isErrno, listNames, makeFolder, removeIfThere } from './files.ts';
import { readTail } from './log-tail.ts';
import { isMissing } from './place.ts';
import { coordinationPath, fileNameOf, modifiedAt, readRecord, writeRecord } from './roster.ts';

const CHANGES_BYTES_MAX = 512 * 1024;
const LOG_BYTES_MAX = 4 * 1024 * 1024;
const COMMAND_CHARS_MAX = 2_000;
/** Records of commands that ended longer ago than this are swept; one without an end counts as over by then. */
const COMMANDS_KEPT_MS = 30 * 60_000;
const COMMANDS_MAX = 500;
const ROTATING_MS = 60_000;

export interface ChangeLine {
  readonly atMs: number;
  readonly session: string;
  readonly paths: readonly string[];
}

export interface CommandRecord {
  readonly id: string;
  readonly session: string;
  readonly agent: string | null;
  readonly actor: string;
  readonly place: PlaceName;
  readonly root: string;
  readonly command: string;
  readonly startedAtMs: number;
  /** Null while it runs; a command in the background has no end that a hook would see. */
  readonly endedAtMs: number | null;
  /** True when its writes could not be known, so that what changed elsewhere is looked at when it ends. */
  readonly isUnknown: boolean;
  readonly isBackground: boolean;
}

function changesFile(home: string, place: PlaceName): string {
  return coordinationPath(home, 'roster', 'changes', `${fileNameOf(place ?? 'primary-worktree')}.jsonl`);
}

function appendBounded(file: string, line: string, bytesMax: number): void {
  try {
    if (statSync(file).size > bytesMax) rotate(file, bytesMax);
  } catch (error) {
    if (!isMissing(error)) throw error;
    makeFolder(join(file, '..'));
  }
  // One plain write: a line that a crash tore is skipped by its reader, and this runs at every write of every session.
  appendFileSync(file, `${line}\n`);
}

/**
 * Of many that see the file too long one moves it: a second one would put the new file, with a line in it, over the
 * old one. Killed in between, the mark stays, and who comes a minute later removes it.
 */
function rotate(file: string, bytesMax: number): void {
  const mark = `${file}.rotating`;
  try {
    closeSync(openSync(mark, 'wx'));
  } catch (error) {
    if (!isErrno(error, 'EEXIST')) throw error;
    const markedAt = statSync(mark, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (Date.now() - markedAt > ROTATING_MS) removeIfThere(mark);
    return;
  }
  try {
    if (statSync(file).size > bytesMax) renameSync(file, `${file}.old`);
  } finally {
    removeIfThere(mark);
  }
}

export function noteChanges(home: string, place: PlaceName, change: ChangeLine): void {
  if (change.paths.length === 0) return;
  appendBounded(changesFile(home, place), JSON.stringify(change), CHANGES_BYTES_MAX);
}

/** When the last change of a place was noted. */
export function changesNotedAt(home: string, place: PlaceName): number | undefined {
  return modifiedAt(changesFile(home, place));
}

/** What the sessions of a place are known to have written since a moment. */
export function knownChanges(home: string, place: PlaceName, sinceMs: number): ChangeLine[] {
  const file = changesFile(home, place);
  const text = readTail(`${file}.old`, CHANGES_BYTES_MAX) + readTail(file, CHANGES_BYTES_MAX * 2);
  const found: ChangeLine[] = [];
  for (const line of text.split('\n')) {
    const change = parseLine<ChangeLine>(line);
    if (change && change.atMs >= sinceMs && Array.isArray(change.paths)) found.push(change);
  }
  return found;
}

function parseLine<T>(line: string): T | undefined {
  return parseJson(line) as T | undefined;
}

function commandFile(home: string, id: string): string {
  return coordinationPath(home, 'roster', 'commands', `${fileNameOf(id)}.json`);
}

export function noteCommand(home: string, command: CommandRecord): void {
  sweepCommands(home, command.startedAtMs);
  const cut = { ...command, command: command.command.slice(0, COMMAND_CHARS_MAX) };
  writeRecord(commandFile(home, command.id), cut, false);
}

export function readCommand(home: string, id: string): CommandRecord | undefined {
  return readRecord<CommandRecord>(commandFile(home, id));
}

export function changeCommand(home: string, command: CommandRecord): void {
  writeRecord(commandFile(home, command.id), command, false);
}

/** At the end of a turn no command of the foreground runs any more, also one that no hook saw the end of. */
export function endCommandsOf(home: string, session: string, agent: string | null, endedAtMs: number): void {
  for (const command of listCommands(home)) {
    const isOver = command.endedAtMs === null && !command.isBackground;
    if (isOver && command.session === session && command.agent === agent)
      changeCommand(home, { ...command, endedAtMs });
  }
}

/** Commands of a place that may have been running at some time since a moment. */
export function commandsSince(home: string, place: PlaceName, sinceMs: number): CommandRecord[] {
  return listCommands(home).filter(
    (command) => command.place === place && (command.endedAtMs === null || command.endedAtMs >= sinceMs),
  );
}

export function listCommands(home: string): CommandRecord[] {
  const folder = coordinationPath(home, 'roster', 'commands');
  return listNames(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => readRecord<CommandRecord>(join(folder, name)))
    .filter((record) => record !== undefined)
    .filter((record) => record.endedAtMs !== null || Date.now() - record.startedAtMs < COMMANDS_KEPT_MS);
}

function sweepCommands(home: string, nowMs: number): void {
  const folder = coordinationPath(home, 'roster', 'commands');
  const names = listNames(folder);
  if (names.length < COMMANDS_MAX / 10) return;
  for (const name of names) {
    // Another hook is about to give it its name.
    if (isTemporary(name)) continue;
    const command = readRecord<CommandRecord>(join(folder, name));
    const last = command?.endedAtMs ?? command?.startedAtMs ?? 0;
    if (nowMs - last > COMMANDS_KEPT_MS) removeIfThere(join(folder, name));
  }
}

/** One line about what coord itself did. Where the disk refuses it is lost: no act may fail because of its note. */
export function noteAct(
  home: string,
  act: Readonly<Record<string, unknown>> & { act: string },
  nowMs: number,
): void {
  const line = JSON.stringify({ at: new Date(nowMs).toISOString(), ...act });
  try {
    appendBounded(actsFile(home), line, LOG_BYTES_MAX);
  } catch (error) {
    if (typeof (error as NodeJS.ErrnoException).code !== 'string') throw error;
  }
}

/** A line of the log: what was done, when, and what belongs to it. */
export type NotedAct = Readonly<Record<string, unknown>> & { readonly at: string; readonly act: string };

/** Acts of these kinds since a moment, oldest first, as far as the last bytes of the log reach. */
export function readActs(
  home: string,
  kinds: readonly string[],
  sinceMs: number,
  bytes: number = LOG_BYTES_MAX,
): NotedAct[] {
  const own = readTail(actsFile(home), bytes);
  const earlier = own.length < bytes ? readTail(`${actsFile(home)}.old`, bytes - own.length) : '';
  const found: NotedAct[] = [];
  for (const line of `${earlier}\n${own}`.split('\n')) {
    const act = parseLine<NotedAct | null>(line);
    if (typeof act?.act !== 'string' || !kinds.includes(act.act)) continue;
    if (Date.parse(String(act.at)) >= sinceMs) found.push(act);
  }
  return found;
}

function actsFile(home: string): string {
  return coordinationPath(home, 'log', 'coord.jsonl');
}
