/**
 * STATE.md and STATUS.md on disk.
 *
 * States of a document: absent; good (revision n); corrupt. A corrupt one is refused with its line and never replaced
 * by a default. Order of a change, under the document's mutex: 1 read and check, 2 change (pure), 3 the text on disk
 * is still the one read and the mutex is still held, 4 write whole, durable, with revision n+1, 5 keep the front
 * matter as JSON in `roster/good/` (what `coord doctor --repair` rebuilds from), and of a big one in `roster/read/`. Killed before 4 nothing happened;
 * killed between 4 and 5 the copy is one revision behind, which rebuilding says. A file that is behind its copy: set-back.ts.
 */
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type DocumentProblem, done, type Outcome, refuse } from '../domain/problem.ts';
import type { StateDocument } from '../domain/state-document.ts';
import type { StatusDocument } from '../domain/status-document.ts';
import { isoOf, nowMs } from './clock.ts';
import {
  goodCopy,
  mutexFolder,
  printAdopted,
  printDocument,
  problemOf,
  readDocument,
  readWhere,
  type StatusPlace,
  type Where,
  whereState,
  whereStatus,
} from './document-kinds.ts';
import {
  allBody,
  type FrontMatter,
  type FrontMatterFlaw,
  innerOf,
  parseFrontMatter,
  valuesAfter,
} from './front-matter.ts';
import { noteTexts } from './known-texts.ts';
import { listNames, makeFolder, readTextIfThere, writeAtomic } from './light/files.ts';
import { type Held, holdsLease } from './light/lease.ts';
import { withMutex } from './light/mutex.ts';
import { isMissing } from './light/place.ts';
import { sweepTemporaries } from './light/process.ts';
import { readRecord, writeRecord } from './light/roster.ts';
import { keepTwin } from './read-twin.ts';
import { gitUnderWay } from './set-back.ts';

/** What a change of a document answers: the new document with whatever the caller wants back, or a refusal. */
export type Change<T, V, P> = (
  document: T,
) => { done: true; document: T; value: V } | { done: false; problem: P };

/** Somebody who edits by hand goes around the mutex; a change that met one is made again on what is there then. */
const TRIES_MAX = 3;

function changeDocument<T extends { updated: string; revision: number }, V, P>(
  where: Where<T>,
  change: Change<T, V, P>,
): Outcome<{ document: T; value: V }, P | DocumentProblem> {
  const outcome = withMutex(mutexFolder(where.home), `document-${where.name}`, (held) => {
    for (let tries = 1; ; tries++) {
      const saved = changeOnce(where, change, held);
      if (saved.done || tries >= TRIES_MAX || !isMoved(saved.problem)) return saved;
    }
  });
  return outcome.done ? outcome.value : refuse({ code: 'mutex-timeout', name: where.name });
}

function isMoved(problem: unknown): boolean {
  return (problem as { code?: string }).code === 'document-moved';
}

function changeOnce<T extends { updated: string; revision: number }, V, P>(
  where: Where<T>,
  change: Change<T, V, P>,
  held: Held,
): Outcome<{ document: T; value: V }, P | DocumentProblem> {
  const { home, root, file, name, kind } = where;
  const loaded = readWhere(where);
  if (!loaded.done) return loaded;
  const { document, frontMatter, text, newest, age } = loaded.value;
  const underWay = age === 'newest' ? undefined : gitUnderWay(root);
  if (underWay !== undefined) return refuse({ code: 'document-behind', file, newest, underWay });
  const next = change(document);
  if (!next.done) return next;
  if (next.document === document && age === 'newest') return done({ document, value: next.value });
  const saved: T = { ...next.document, revision: newest + 1, updated: isoOf(nowMs()) };
  const printed = printDocument(kind, frontMatter, saved);
  if (!isText(file, text) || !holdsLease(held)) {
    const again = readDocument(file, kind);
    if (!again.done) return again;
    const { revision } = again.value.document;
    return refuse({ code: 'document-moved', file, read: document.revision, found: revision });
  }
  writeAtomic(file, printed, { durable: true });
  sweepTemporaries(dirname(file), listNames(dirname(file)), nowMs());
  const inner = innerOf(printed);
  writeRecord(goodCopy(home, name), saved, false);
  noteTexts(home, name, [frontMatter.inner, inner]);
  keepTwin(home, name, inner, valuesAfter(frontMatter, saved));
  return done({ document: saved, value: next.value });
}

/** Compared as bytes: reading it as a document again would cost half a change. */
function isText(file: string, text: string): boolean {
  try {
    return readFileSync(file).equals(Buffer.from(text));
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

export function changeState<V, P>(
  home: string,
  change: Change<StateDocument, V, P>,
): Outcome<{ document: StateDocument; value: V }, P | DocumentProblem> {
  return changeDocument(whereState(home), change);
}

export function changeStatus<V, P>(
  place: StatusPlace,
  change: Change<StatusDocument, V, P>,
): Outcome<{ document: StatusDocument; value: V }, P | DocumentProblem> {
  return changeDocument(whereStatus(place), change);
}

/** Takes an older STATUS.md for what it says: its revision is the newest from now on. */
export function acceptOlder(place: StatusPlace): void {
  const where = whereStatus(place);
  withMutex(mutexFolder(where.home), `document-${where.name}`, () => {
    const loaded = readWhere(where);
    if (loaded.done && loaded.value.age === 'older')
      writeRecord(goodCopy(where.home, where.name), loaded.value.document, false);
  });
}

/**
 * Creates a document. One that coord made is left as it is ('there'). A file of somebody else's under the same name
 * (another tool's STATE.md) is taken in: its front matter's keys and all its sections stay, coord's are added. `isKept`:
 * one that coord has a good copy of is not made anew; that is the rescue's to do.
 */
function createDocument<T extends { updated: string; revision: number }>(
  where: Where<T>,
  document: T,
  isKept = false,
): Outcome<'created' | 'adopted' | 'there', DocumentProblem> {
  const { home, file, name, kind } = where;
  const outcome = withMutex(mutexFolder(home), `document-${name}`, () => {
    const text = readTextIfThere(file);
    const before = text === undefined ? undefined : foreignFrontMatter(text);
    if (before === 'ours') {
      const loaded = readDocument(file, kind);
      return loaded.done ? done('there' as const) : loaded;
    }
    // coord knew it, and its keys are gone, or all of it: to start anew would take the good copy away too.
    const known = readRecord<{ revision?: unknown }>(goodCopy(home, name));
    if (isKept && typeof known?.revision === 'number') {
      const lost = readDocument(file, kind);
      if (!lost.done) return lost;
    }
    if (before && 'code' in before) return refuse(problemOf(before, file));
    makeFolder(dirname(file));
    const printed = before ? printAdopted(kind, before, document) : printDocument(kind, undefined, document);
    writeAtomic(file, printed, { durable: true });
    writeRecord(goodCopy(home, name), document, false);
    return done(before ? ('adopted' as const) : ('created' as const));
  });
  return outcome.done ? outcome.value : refuse({ code: 'mutex-timeout', name });
}

/** The front matter of a document that coord did not make; a text without any counts as all body. */
function foreignFrontMatter(text: string): FrontMatter | FrontMatterFlaw | 'ours' {
  const found = parseFrontMatter(text);
  if (!('code' in found)) return typeof found.data['coord'] === 'string' ? 'ours' : found;
  if (found.code !== 'front-matter-missing') return found;
  return allBody(text.replace(/^\ufeff/, ''));
}

export function createState(
  home: string,
  document: StateDocument,
): Outcome<'created' | 'adopted' | 'there', DocumentProblem> {
  return createDocument(whereState(home), document, true);
}

export function createStatus(
  place: StatusPlace,
  document: StatusDocument,
): Outcome<'created' | 'adopted' | 'there', DocumentProblem> {
  return createDocument(whereStatus(place), document);
}
