/**
 * The door to the files of a Get Shit Done project: `.planning/` is read, and nothing in it is written. What cannot be
 * read (no UTF-8, too large, a link that leads out of the repository, no file at all) becomes a note, and the rest is
 * read all the same. Of a plan and a summary only the beginning is read; all walks are bounded.
 */
import { closeSync, openSync, readdirSync, readFileSync, readSync, realpathSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  gsdFileOf,
  gsdFolderOf,
  isPhaseFolder,
  openVerification,
  parseSummary,
  planTitleIn,
} from '../domain/gsd/folder.ts';
import type { GsdFolder } from '../domain/gsd/phases.ts';
import type { GsdSources } from '../domain/gsd/project.ts';
import { parseRoadmap } from '../domain/gsd/roadmap.ts';
import { type GsdState, type GsdTodo, parseGsdState, parseTodoFile } from '../domain/gsd/state.ts';
import { type GsdNote, type GsdWhy, noteOf } from '../domain/gsd/text.ts';
import { PHASES_FOLDER, STATE_FILE } from '../domain/project-paths.ts';
import { isErrno } from './light/files.ts';
import { relativeTo } from './light/resolution.ts';

const PLANNING = '.planning';
const ROADMAP_FILE = `${PLANNING}/ROADMAP.md`;
const TODOS_FOLDER = `${PLANNING}/todos/pending`;

const WHOLE_BYTES_MAX = 1024 * 1024;
const BEGINNING_BYTES_MAX = 64 * 1024;
const NAMES_MAX = 1_000;
const FILES_MAX = 5_000;

interface Reading {
  readonly home: string;
  readonly notes: GsdNote[];
  files: number;
}

/** What lies there, or undefined where nothing is GSD's. */
export function readGsd(home: string): GsdSources | undefined {
  const reading: Reading = { home, notes: [], files: 0 };
  const flaw = flawOf(reading, PLANNING, 'folder');
  if (flaw === 'missing') return undefined;
  const sources = { roadmapFile: ROADMAP_FILE, stateFile: STATE_FILE };
  if (flaw !== undefined) {
    const notes = [noteOf(PLANNING, undefined, flaw)];
    return { ...sources, roadmap: undefined, state: undefined, folders: [], todoFiles: [], notes };
  }
  const roadmap = readText(reading, ROADMAP_FILE, WHOLE_BYTES_MAX);
  const isUnread = reading.notes.length > 0;
  const folders = readFolders(reading);
  if (roadmap === undefined && !isUnread && !folders.some((one) => one.theirs)) return undefined;
  const text = readText(reading, STATE_FILE, WHOLE_BYTES_MAX);
  return {
    ...sources,
    roadmap: roadmap === undefined ? undefined : parseRoadmap(roadmap, ROADMAP_FILE),
    state: text === undefined ? undefined : parseGsdState(text),
    folders,
    todoFiles: readTodos(reading),
    notes: reading.notes,
  };
}

/** STATE.md alone, as it is now: coord's sections stand above GSD's once it is adopted. */
export function readGsdState(home: string): GsdState | undefined {
  const text = readText({ home, notes: [], files: 0 }, STATE_FILE, WHOLE_BYTES_MAX);
  return text === undefined ? undefined : parseGsdState(text);
}

/**
 * Why a file of somebody else's cannot be made one of coord's: its text would come to harm, or be taken from elsewhere
 * into the repository. A folder that lies elsewhere as a whole is its owner's choice.
 */
export function flawOfForeign(path: string): { line: number; why: GsdWhy } | undefined {
  try {
    const real = realpathSync.native(path);
    if (relativeTo(realpathSync.native(dirname(path)), real) === undefined)
      return { line: 1, why: 'leads-out' };
    if (!statSync(real).isFile()) return { line: 1, why: 'no-file' };
    const line = lineOfNoText(readFileSync(real), false);
    return line === undefined ? undefined : { line, why: 'not-utf8' };
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR')) return undefined;
    if (isErrno(error, ...UNREADABLE)) return { line: 1, why: 'unreadable' };
    throw error;
  }
}

const UNREADABLE = ['EACCES', 'EPERM', 'ELOOP', 'ENAMETOOLONG', 'EIO'];

/** The first line that is no UTF-8. A beginning may be cut in the middle of a character. */
function lineOfNoText(bytes: Buffer, isCut: boolean): number | undefined {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: isCut });
    return undefined;
  } catch (error) {
    if (!isErrno(error, 'ERR_ENCODING_INVALID_ENCODED_DATA')) throw error;
    const text = bytes.toString('utf8');
    return text.slice(0, text.indexOf('\ufffd')).split('\n').length;
  }
}

/** Links are followed only where they stay inside. Nothing but plain files is opened: a pipe would be waited for. */
function flawOf({ home }: Reading, file: string, kind: 'file' | 'folder'): GsdWhy | 'missing' | undefined {
  try {
    const path = realpathSync.native(join(home, file));
    if (relativeTo(realpathSync.native(home), path) === undefined) return 'leads-out';
    const stats = statSync(path);
    return (kind === 'file' ? stats.isFile() : stats.isDirectory()) ? undefined : 'no-file';
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR')) return 'missing';
    if (isErrno(error, ...UNREADABLE)) return 'unreadable';
    throw error;
  }
}

/** The text, whole or its beginning; undefined, with a note where it is there. */
function readText(reading: Reading, file: string, bytesMax: number, isBeginning = false): string | undefined {
  const refuse = (why: GsdWhy, line = 0) => {
    reading.notes.push({ ...noteOf(file, undefined, why), line });
    return undefined;
  };
  const flaw = flawOf(reading, file, 'file');
  // A name that was listed and leads nowhere.
  if (flaw === 'missing') return isBeginning ? refuse('unreadable') : undefined;
  if (flaw !== undefined) return refuse(flaw);
  reading.files += 1;
  if (reading.files > FILES_MAX) return reading.files === FILES_MAX + 1 ? refuse('too-many') : undefined;
  let bytes: Buffer;
  try {
    const path = join(reading.home, file);
    const { size } = statSync(path);
    if (size > bytesMax && !isBeginning) return refuse('too-large');
    bytes = readBeginning(path, Math.min(size, bytesMax));
  } catch (error) {
    if (isErrno(error, 'ENOENT', ...UNREADABLE)) return refuse('unreadable');
    throw error;
  }
  const line = lineOfNoText(bytes, isBeginning);
  return line === undefined ? bytes.toString('utf8') : refuse('not-utf8', line);
}

function readBeginning(path: string, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  const file = openSync(path, 'r');
  try {
    let at = 0;
    for (let got = -1; got !== 0 && at < length; at += got) got = readSync(file, bytes, at, length - at, at);
    return bytes.subarray(0, at);
  } finally {
    closeSync(file);
  }
}

function namesIn(reading: Reading, folder: string): string[] {
  const flaw = flawOf(reading, folder, 'folder');
  if (flaw === 'missing') return [];
  if (flaw !== undefined) {
    reading.notes.push(noteOf(folder, undefined, flaw));
    return [];
  }
  try {
    const names = readdirSync(join(reading.home, folder)).sort();
    if (names.length > NAMES_MAX)
      reading.notes.push(noteOf(folder, undefined, 'too-many', `${names.length}`));
    return names.slice(0, NAMES_MAX);
  } catch (error) {
    if (!isErrno(error, 'ENOENT', ...UNREADABLE)) throw error;
    reading.notes.push(noteOf(folder, undefined, 'unreadable'));
    return [];
  }
}

function readFolders(reading: Reading): GsdFolder[] {
  return namesIn(reading, PHASES_FOLDER).flatMap((name) => {
    const file = `${PHASES_FOLDER}/${name}`;
    const found = gsdFolderOf(name);
    const flaw = flawOf(reading, file, 'folder');
    if (flaw !== undefined && flaw !== 'no-file' && flaw !== 'missing')
      reading.notes.push(noteOf(file, undefined, flaw, name));
    if (flaw !== undefined) return [];
    if (found) return [readFolder(reading, name, file, found)];
    const isTheirs = namesIn(reading, file).some((one) => /-(?:PLAN|SUMMARY)\.md$/.test(one));
    if (isTheirs) reading.notes.push(noteOf(file, undefined, 'folder-name', name));
    return [];
  });
}

function readFolder(
  reading: Reading,
  name: string,
  file: string,
  { id, words }: { id: string; words: string },
): GsdFolder {
  const plans: GsdFolder['plans'][number][] = [];
  const summaries: GsdFolder['summaries'][number][] = [];
  let verification: GsdNote | undefined;
  let theirs = false;
  for (const entry of namesIn(reading, file)) {
    const path = `${file}/${entry}`;
    const kind = gsdFileOf(entry, id);
    if (kind === undefined) continue;
    theirs = true;
    const isAgain = (list: readonly { number: string }[], number: string) =>
      list.some((one) => one.number === number);
    if (kind === 'bad') reading.notes.push(noteOf(path, undefined, 'file-name', entry));
    else if (kind.kind === 'verification') {
      const text = readText(reading, path, BEGINNING_BYTES_MAX, true);
      verification = (text === undefined ? undefined : openVerification(text, path)) ?? verification;
    } else if (kind.number !== undefined) {
      const { number } = kind;
      if (isAgain(kind.kind === 'plan' ? plans : summaries, number)) {
        reading.notes.push(noteOf(path, undefined, 'plan-again', entry));
        continue;
      }
      const text = readText(reading, path, BEGINNING_BYTES_MAX, true);
      if (kind.kind === 'plan') plans.push({ number, file: path, title: text && planTitleIn(text) });
      else {
        const summary =
          text === undefined ? { state: 'unread' as const, notes: [] } : parseSummary(text, path);
        reading.notes.push(...summary.notes);
        summaries.push({ number, summary });
      }
    }
  }
  return { name, file, id, words, theirs, usable: isPhaseFolder(name), plans, summaries, verification };
}

function readTodos(reading: Reading): GsdTodo[] {
  return namesIn(reading, TODOS_FOLDER)
    .filter((name) => name.endsWith('.md'))
    .flatMap((name) => {
      const text = readText(reading, `${TODOS_FOLDER}/${name}`, BEGINNING_BYTES_MAX, true);
      return (text === undefined ? undefined : parseTodoFile(text, name)) ?? [];
    });
}
