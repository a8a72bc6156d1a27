/**
 * The artifacts of cycles on disk: written from a state, read again into one (domain/cycle/artifacts has their shape).
 * Each file is written whole. A folder on the way that is a link would lead coord's writes, or its reading, out of the
 * worktree: it is refused.
 */
import { existsSync, lstatSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  ARTIFACTS,
  acceptedOf,
  artifactOf,
  CYCLE_FOLDERS,
  changesFrom,
  filesOf,
  PART_NAMES,
  type PartName,
  TIMELINE,
} from '../domain/cycle/artifacts.ts';
import { CYCLE_ROLES, type Cycle } from '../domain/cycle/cycle.ts';
import { parseObject } from '../domain/json-value.ts';
import { ARTIFACT_COORDINATION, ARTIFACT_HISTORY } from '../domain/project-paths.ts';
import { parseFrontMatter } from './front-matter.ts';
import { listNames, makeFolder, readTextIfThere, writeAtomic } from './light/files.ts';

const HISTORY_MAX = 2_000;
/** Beyond this nobody wrote it for an agent to read. */
export const ARTIFACT_BYTES_MAX = 1024 * 1024;

/** A folder of the artifacts that is something else than a folder. */
export function findStray(folder: string): string | undefined {
  const folders = CYCLE_ROLES.flatMap((role) => [join(folder, role), join(folder, role, ARTIFACT_HISTORY)]);
  return [folder, ...folders, join(folder, ARTIFACT_COORDINATION)].find((path) => {
    const stat = lstatSync(path, { throwIfNoEntry: false });
    return stat !== undefined && !stat.isDirectory();
  });
}

/** Brings the files to what the state says; answers those that were otherwise. */
export function writeArtifacts(folder: string, cycle: Cycle): string[] {
  const written: string[] = [];
  for (const { file, text } of filesOf(cycle)) {
    const path = join(folder, file);
    if (readPlain(path) === text) continue;
    makeFolder(dirname(path));
    writeAtomic(path, text, { durable: true });
    written.push(file);
  }
  return written;
}

/** What a role has written; undefined where there is nothing, or nothing that could be read. */
export function readDraft(folder: string, part: PartName): string | undefined {
  const text = readPlain(join(folder, artifactOf(part)));
  return text === undefined || text.trim() === '' ? undefined : text;
}

/** The text of a file that is one, and of a size that makes sense. */
function readPlain(path: string): string | undefined {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (!stat?.isFile() || stat.size > ARTIFACT_BYTES_MAX * 16) return undefined;
  return readTextIfThere(path);
}

/** The text below the front matter, where there is any: an agent may leave it as it was, or drop it. */
export function bodyOf(text: string): string {
  const found = parseFrontMatter(text);
  return 'code' in found ? text : found.body;
}

/** Moves the artifacts of a cycle that has ended out of the way of the next one. */
export function putAway(folder: string, aside: string): void {
  for (const name of CYCLE_FOLDERS) {
    const from = join(folder, name);
    if (!existsSync(from)) continue;
    makeFolder(aside);
    const names = new Set(listNames(aside));
    let to = name;
    for (let number = 2; names.has(to); number += 1) to = `${name}~${number}`;
    renameSync(from, join(aside, to));
  }
}

/** And brings them back. */
export function bringBack(aside: string, folder: string): void {
  for (const name of CYCLE_FOLDERS) {
    const from = join(aside, name);
    if (!existsSync(from) || existsSync(join(folder, name))) continue;
    makeFolder(folder);
    renameSync(from, join(folder, name));
  }
}

export interface ReadParts {
  /** What no artifact but the timeline has; undefined where that is lost. */
  readonly rest: Readonly<Record<string, unknown>> | undefined;
  readonly parts: Readonly<Partial<Record<PartName, unknown>>>;
  /** What should be there and is not, with where it was looked for. */
  readonly lost: readonly string[];
}

/** The id of the cycle whose artifacts lie in a folder; undefined where nobody can tell. */
export function cycleIn(folder: string): string | undefined {
  const told = [readTimeline(folder)?.['cycle_id'], ...PART_NAMES.map((part) => idOf(folder, part))];
  return told.find((id) => typeof id === 'string') as string | undefined;
}

function idOf(folder: string, part: PartName): unknown {
  return readPart(join(folder, artifactOf(part)), part)?.['cycle_id'];
}

function readTimeline(folder: string): Record<string, unknown> | undefined {
  const text = readPlain(join(folder, TIMELINE));
  const found = text === undefined ? undefined : parseFrontMatter(text);
  return found && !('code' in found) ? found.data : undefined;
}

/** What the artifacts of a cycle say of it. The accepted copies come before the files that a role may be writing. */
export function readArtifacts(folder: string, id: string): ReadParts {
  const timeline = readTimeline(folder);
  const isOwn = timeline?.['cycle_id'] === id;
  const { versions, ...rest } = isOwn ? timeline : { versions: undefined };
  const lost: string[] = isOwn ? [] : [TIMELINE];
  const parts: Partial<Record<PartName, unknown>> = {};
  for (const part of PART_NAMES) {
    const told = (versions as Partial<Record<PartName, unknown>> | null | undefined)?.[part];
    if (isOwn && told === undefined) continue;
    // A person may have been at it: a version that is no text is none, and the copies are looked through.
    const known = typeof told === 'string' ? told : undefined;
    const files = [
      ...(known === undefined ? keptOf(folder, part) : [acceptedOf(part, known)]),
      artifactOf(part),
    ];
    const found = files
      .map((file) => readPart(join(folder, file), part))
      .find((value) => value?.['cycle_id'] === id && (known === undefined || isVersion(value, part, known)));
    if (found) {
      const { cycle_id: _, ...value } = found;
      parts[part] = value;
    } else if (isOwn) lost.push(`${part} ${known ?? 'of no known version'} (${files.join(', ')})`);
  }
  return { rest: isOwn ? rest : undefined, parts, lost };
}

function isVersion(value: Readonly<Record<string, unknown>>, part: PartName, version: string): boolean {
  return part === 'changes' || value['version'] === version;
}

/** The accepted copies of a part, the newest first. */
function keptOf(folder: string, part: PartName): string[] {
  const { role, name, extension } = ARTIFACTS[part];
  const numberOf = (file: string) => Number(/-v\d+\.(\d+)\./.exec(file)?.[1] ?? -1);
  return listNames(join(folder, role, ARTIFACT_HISTORY), HISTORY_MAX)
    .filter((file) => file.startsWith(name) && file.endsWith(`.${extension}`))
    .sort((one, other) => numberOf(other) - numberOf(one))
    .map((file) => `${role}/${ARTIFACT_HISTORY}/${file}`);
}

function readPart(path: string, part: PartName): Record<string, unknown> | undefined {
  const text = readPlain(path);
  if (text === undefined) return undefined;
  const { body } = ARTIFACTS[part];
  if (part === 'changes') {
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    const values = lines.map(parseObject).filter((value) => value !== undefined);
    const head = values[0]?.['cycle_id'];
    const value = changesFrom(values);
    return value && { cycle_id: head, ...value };
  }
  if (body === undefined) return parseObject(text);
  const found = parseFrontMatter(text);
  return 'code' in found ? undefined : { ...found.data, [body]: found.body };
}
