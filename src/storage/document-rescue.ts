/**
 * Rescues documents from their good copies: a corrupt one is set aside under a new name and written anew, with the
 * sections that people added to it; nothing is thrown away.
 */
import { renameSync } from 'node:fs';
import { dirname } from 'node:path';
import type { StatusDocument } from '../domain/status-document.ts';
import { isoOf, nowMs } from './clock.ts';
import {
  goodCopy,
  type Kind,
  type Loaded,
  mutexFolder,
  printDocument,
  readDocument,
  STATUS,
  type StatusPlace,
  statusFile,
  type Where,
  whereState,
  whereStatus,
} from './document-kinds.ts';
import { allBody, type FrontMatter, parseFrontMatter } from './front-matter.ts';
import { isKnownText } from './known-texts.ts';
import { makeFolder, readTextIfThere, writeAtomic } from './light/files.ts';
import { withMutex } from './light/mutex.ts';
import { readRecord } from './light/roster.ts';

/** Brings back a STATUS.md that is behind its last good copy, or gone: its worktree was made anew from an older commit. */
export function restoreStatus(place: StatusPlace): void {
  const file = statusFile(place.root, place.folder);
  const { name } = whereStatus(place);
  const copy = readRecord<StatusDocument>(goodCopy(place.home, name));
  const found = readDocument(file, STATUS);
  if (!copy || (found.done && !isOutdated(place.home, name, found.value, copy))) return;
  // A corrupt one is its reader's to refuse, and `rebuildDocument`'s to set aside.
  if (!found.done && found.problem.code !== 'document-missing') return;
  makeFolder(dirname(file));
  writeAtomic(file, printDocument(STATUS, found.done ? found.value.frontMatter : undefined, copy), {
    durable: true,
  });
}

/** Not what somebody wrote meanwhile, here or on another machine. */
function isOutdated(
  home: string,
  name: string,
  { document, frontMatter }: Loaded<StatusDocument>,
  copy: StatusDocument,
): boolean {
  return document.revision < copy.revision && isKnownText(home, name, frontMatter.inner);
}

export interface Rescue {
  readonly file: string;
  /** Where the corrupt text lies now; '' when there was none. */
  readonly aside: string;
  readonly revision: number;
}

/** Undefined when there is no good copy, or nothing is wrong with the document. */
export function rebuildDocument(
  home: string,
  target: { kind: 'state' } | { kind: 'status'; root: string; folder: string },
): Rescue | undefined {
  return target.kind === 'state' ? rebuild(whereState(home)) : rebuild(whereStatus({ home, ...target }));
}

function rebuild<T extends { updated: string; revision: number }>(where: Where<T>): Rescue | undefined {
  const { home, file, name, kind } = where;
  const copy = readRecord<T>(goodCopy(home, name));
  if (!copy) return undefined;
  const outcome = withMutex(mutexFolder(home), `document-${name}`, () => {
    if (readDocument(file, kind).done) return undefined;
    const text = readTextIfThere(file);
    const aside = text === undefined ? '' : `${file}.corrupt-${isoOf(nowMs()).replace(/[:.]/g, '')}`;
    const theirs = text === undefined ? {} : othersIn(text, kind);
    const rebuilt = { ...copy, ...theirs, revision: copy.revision + 1, updated: isoOf(nowMs()) };
    const printed = printDocument(kind, text === undefined ? undefined : bodyAlone(text), rebuilt);
    if (aside !== '') renameSync(file, aside);
    makeFolder(dirname(file));
    writeAtomic(file, printed, { durable: true });
    return { file, aside, revision: rebuilt.revision };
  });
  return outcome.done ? outcome.value : undefined;
}

/**
 * What stands under keys that are not coord's, as it is now: another tool that writes the front matter anew (GSD) drops
 * coord's and brings its own up to date.
 */
function othersIn<T>(text: string, { schema }: Kind<T>): Record<string, unknown> {
  const found = parseFrontMatter(text);
  if ('code' in found) return {};
  const own = new Set([...Object.keys((schema as unknown as { shape: object }).shape), 'adopted']);
  return Object.fromEntries(Object.entries(found.data).filter(([key]) => !own.has(key)));
}

/** The body of a text whose front matter is broken, where its end can be found: people's sections lie there. */
function bodyAlone(text: string): FrontMatter | undefined {
  const end = /\r?\n---[ \t]*\r?\n/.exec(text);
  if (!end) return undefined;
  return allBody(text.slice(end.index + end[0].length));
}
