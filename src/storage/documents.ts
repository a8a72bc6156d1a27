/**
 * STATE.md and STATUS.md on disk.
 *
 * States of a document: absent; good (revision n); corrupt. A corrupt one is refused with its line and never replaced
 * by a default. Order of a change, under the document's mutex: 1 read and check, 2 change (pure), 3 the revision on
 * disk is still the one read and the mutex is still held, 4 write whole, durable, with revision n+1, 5 keep the front
 * matter as JSON in `roster/good/` (what `coord doctor --repair` rebuilds from). Killed before 4 nothing happened;
 * killed between 4 and 5 the copy is one revision behind, which rebuilding says.
 */
import { readFileSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { z } from 'zod';
import { type DocumentProblem, done, type Outcome, refuse } from '../domain/problem.ts';
import { STATE_FILE, statusFileOf } from '../domain/project-paths.ts';
import type { StateDocument } from '../domain/state-document.ts';
import type { StatusDocument } from '../domain/status-document.ts';
import { isoOf, nowMs } from './clock.ts';
import { type FrontMatter, type FrontMatterFlaw, parseFrontMatter, printFrontMatter } from './front-matter.ts';
import { makeFolder, readTextIfThere, writeAtomic } from './light/files.ts';
import { holdsLease } from './light/lease.ts';
import { withMutex } from './light/mutex.ts';
import { isMissing } from './light/place.ts';
import { coordinationPath, fileNameOf, readRecord, writeRecord } from './light/roster.ts';
import { renderState, renderStatus } from './rendering.ts';
import { stateSchema, statusSchema } from './schemas.ts';
import { type Section, spliceSections } from './sections.ts';

export interface Loaded<T> {
  readonly file: string;
  readonly document: T;
  readonly frontMatter: FrontMatter;
}

interface Kind<T> {
  readonly schema: z.ZodType<T>;
  readonly render: (document: T) => { title: Section; sections: Section[] };
}

const STATE: Kind<StateDocument> = { schema: stateSchema as unknown as z.ZodType<StateDocument>, render: renderState };
const STATUS: Kind<StatusDocument> = {
  schema: statusSchema as unknown as z.ZodType<StatusDocument>,
  render: renderStatus,
};

export function stateFile(home: string): string {
  return join(home, STATE_FILE);
}

export function statusFile(root: string, phaseFolder: string): string {
  return join(root, statusFileOf(phaseFolder));
}

export function readState(home: string): Outcome<Loaded<StateDocument>, DocumentProblem> {
  return readDocument(stateFile(home), STATE);
}

export function readStatus(root: string, phaseFolder: string): Outcome<Loaded<StatusDocument>, DocumentProblem> {
  return readDocument(statusFile(root, phaseFolder), STATUS);
}

function readDocument<T>(file: string, kind: Kind<T>): Outcome<Loaded<T>, DocumentProblem> {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    if (isMissing(error)) return { done: false, problem: { code: 'document-missing', file } };
    throw error;
  }
  const text = bytes.toString('utf8');
  if (!Buffer.from(text, 'utf8').equals(bytes)) {
    const line = text.slice(0, text.indexOf('\ufffd')).split('\n').length;
    return { done: false, problem: { code: 'document-corrupt', file, line, detail: 'it is not UTF-8 text' } };
  }
  return parseDocumentText(text, file, kind);
}

function parseDocumentText<T>(text: string, file: string, kind: Kind<T>): Outcome<Loaded<T>, DocumentProblem> {
  const frontMatter = parseFrontMatter(text);
  if ('code' in frontMatter) return { done: false, problem: problemOf(frontMatter, file) };
  const parsed = kind.schema.safeParse(frontMatter.data);
  if (parsed.success) return { done: true, value: { file, document: parsed.data, frontMatter } };
  const [issue] = parsed.error.issues;
  const path = issue?.path ?? [];
  const detail = `${path.map(String).join('.') || 'front matter'}: ${issue?.message ?? 'not understood'}`;
  return { done: false, problem: { code: 'document-corrupt', file, line: frontMatter.lineOf(path), detail } };
}

function problemOf(flaw: FrontMatterFlaw, file: string): DocumentProblem {
  switch (flaw.code) {
    case 'front-matter-missing':
      return { code: 'document-corrupt', file, line: 1, detail: 'it does not begin with front matter (---)' };
    case 'front-matter-language':
      return { code: 'document-language', file, language: flaw.language };
    case 'front-matter-broken':
      return { code: 'document-corrupt', file, line: flaw.line, detail: flaw.detail };
  }
}

function printDocument<T extends { updated: string; revision: number }>(
  kind: Kind<T>,
  before: FrontMatter | undefined,
  document: T,
): string {
  const { title, sections } = kind.render(document);
  return printFrontMatter(before, document, `\n${spliceSections((before?.body ?? '').replace(/^\n/, ''), title, sections)}`);
}

function mutexFolder(home: string): string {
  return coordinationPath(home, 'leases');
}

function goodCopy(home: string, name: string): string {
  return coordinationPath(home, 'roster', 'good', `${fileNameOf(name)}.json`);
}

/** What a change of a document answers: the new document with whatever the caller wants back, or a refusal. */
export type Change<T, V, P> = (document: T) => { done: true; document: T; value: V } | { done: false; problem: P };

interface Where<T> {
  readonly home: string;
  readonly file: string;
  readonly name: string;
  readonly kind: Kind<T>;
}

function changeDocument<T extends { updated: string; revision: number }, V, P>(
  where: Where<T>,
  change: Change<T, V, P>,
): Outcome<{ document: T; value: V }, P | DocumentProblem> {
  const { home, file, name, kind } = where;
  const outcome = withMutex(mutexFolder(home), `document-${name}`, (held) => {
    const loaded = readDocument(file, kind);
    if (!loaded.done) return loaded;
    const { document, frontMatter } = loaded.value;
    const next = change(document);
    if (!next.done) return next;
    if (next.document === document) return { done: true as const, value: { document, value: next.value } };
    const saved: T = { ...next.document, revision: document.revision + 1, updated: isoOf(nowMs()) };
    const again = readDocument(file, kind);
    if (!again.done) return again;
    if (again.value.document.revision !== document.revision || !holdsLease(held)) {
      const found = again.value.document.revision;
      return { done: false as const, problem: { code: 'document-moved' as const, file, read: document.revision, found } };
    }
    writeAtomic(file, printDocument(kind, frontMatter, saved), { durable: true });
    writeRecord(goodCopy(home, name), saved, false);
    return { done: true as const, value: { document: saved, value: next.value } };
  });
  if (!outcome.done) return { done: false, problem: { code: 'mutex-timeout', name } };
  return outcome.value;
}

export function changeState<V, P>(
  home: string,
  change: Change<StateDocument, V, P>,
): Outcome<{ document: StateDocument; value: V }, P | DocumentProblem> {
  return changeDocument({ home, file: stateFile(home), name: 'STATE', kind: STATE }, change);
}

export function changeStatus<V, P>(
  where: { home: string; root: string; folder: string },
  change: Change<StatusDocument, V, P>,
): Outcome<{ document: StatusDocument; value: V }, P | DocumentProblem> {
  const { home, root, folder } = where;
  return changeDocument({ home, file: statusFile(root, folder), name: `STATUS-${folder}`, kind: STATUS }, change);
}

/**
 * Creates a document. One that coord made is left as it is ('there'). A file of somebody else's under the same name
 * (another tool's STATE.md) is taken in: its front matter's keys and all its sections stay, coord's are added.
 */
function createDocument<T extends { updated: string; revision: number }>(
  where: Where<T>,
  document: T,
): Outcome<'created' | 'adopted' | 'there', DocumentProblem> {
  const { home, file, name, kind } = where;
  const outcome = withMutex(mutexFolder(home), `document-${name}`, () => {
    const text = readTextIfThere(file);
    const before = text === undefined ? undefined : foreignFrontMatter(text, file);
    if (before === 'ours') {
      const loaded = readDocument(file, kind);
      return loaded.done ? done('there' as const) : loaded;
    }
    if (before && 'code' in before) return refuse(problemOf(before, file));
    makeFolder(dirname(file));
    writeAtomic(file, printDocument(kind, before, document), { durable: true });
    writeRecord(goodCopy(home, name), document, false);
    return done(before ? ('adopted' as const) : ('created' as const));
  });
  return outcome.done ? outcome.value : refuse({ code: 'mutex-timeout', name });
}

/** The front matter of a document that coord did not make; a text without any counts as all body. */
function foreignFrontMatter(text: string, file: string): FrontMatter | FrontMatterFlaw | 'ours' {
  const found = parseFrontMatter(text);
  if (!('code' in found)) return typeof found.data['coord'] === 'string' ? 'ours' : found;
  if (found.code !== 'front-matter-missing') return found;
  const empty = parseFrontMatter(`---\n{}\n---\n${text}`);
  if ('code' in empty) throw new Error(`${file}: an empty front matter was not understood`);
  return empty;
}

export function createState(
  home: string,
  document: StateDocument,
): Outcome<'created' | 'adopted' | 'there', DocumentProblem> {
  return createDocument({ home, file: stateFile(home), name: 'STATE', kind: STATE }, document);
}

export function createStatus(
  where: { home: string; root: string; folder: string },
  document: StatusDocument,
): Outcome<'created' | 'adopted' | 'there', DocumentProblem> {
  const { home, root, folder } = where;
  return createDocument({ home, file: statusFile(root, folder), name: `STATUS-${folder}`, kind: STATUS }, document);
}

/** Brings back a STATUS.md that is behind its last good copy, or gone: its worktree was made anew from an older commit. */
export function restoreStatus(home: string, where: { root: string; folder: string }): void {
  const file = statusFile(where.root, where.folder);
  const copy = readRecord<StatusDocument>(goodCopy(home, `STATUS-${where.folder}`));
  const found = readDocument(file, STATUS);
  if (!copy || (found.done && found.value.document.revision >= copy.revision)) return;
  makeFolder(dirname(file));
  writeAtomic(file, printDocument(STATUS, found.done ? found.value.frontMatter : undefined, copy), { durable: true });
}

/** Sets a corrupt document aside under a new name and writes the last good copy; undefined when there is no copy. */
export function rebuildDocument(
  home: string,
  target: { kind: 'state' } | { kind: 'status'; root: string; folder: string },
): { file: string; aside: string; revision: number } | undefined {
  return target.kind === 'state'
    ? rebuild({ home, file: stateFile(home), name: 'STATE', kind: STATE })
    : rebuild({ home, file: statusFile(target.root, target.folder), name: `STATUS-${target.folder}`, kind: STATUS });
}

function rebuild<T extends { updated: string; revision: number }>(
  where: Where<T>,
): { file: string; aside: string; revision: number } | undefined {
  const { home, file, name, kind } = where;
  const copy = readRecord<T>(goodCopy(home, name));
  if (!copy) return undefined;
  const outcome = withMutex(mutexFolder(home), `document-${name}`, () => {
    if (readDocument(file, kind).done) return undefined;
    const aside = `${file}.corrupt-${isoOf(nowMs()).replace(/[:.]/g, '')}`;
    const text = readTextIfThere(file);
    if (text !== undefined) renameSync(file, aside);
    const rebuilt = { ...copy, revision: copy.revision + 1, updated: isoOf(nowMs()) };
    writeAtomic(file, printDocument(kind, undefined, rebuilt), { durable: true });
    return { file, aside: text === undefined ? '' : aside, revision: rebuilt.revision };
  });
  return outcome.done ? outcome.value : undefined;
}
