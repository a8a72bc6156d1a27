/**
 * The two kinds of document as text: read and checked, or printed. What a document is (good, corrupt, in another
 * language) is decided here; who may change it and how, in documents.ts.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type * as z from 'zod';
import { type DocumentProblem, type Outcome, refuse } from '../domain/problem.ts';
import { STATE_FILE, statusFileOf } from '../domain/project-paths.ts';
import type { StateDocument } from '../domain/state-document.ts';
import type { StatusDocument } from '../domain/status-document.ts';
import { elsewhereOf } from './document-elsewhere.ts';
import {
  allBody,
  type FrontMatter,
  type FrontMatterFlaw,
  type Known,
  parseFrontMatter,
  printFrontMatter,
} from './front-matter.ts';
import { isKnownText } from './known-texts.ts';
import { isMissing } from './light/place.ts';
import { coordinationPath, fileNameOf } from './light/roster.ts';
import { keepTwin, knownTwin } from './read-twin.ts';
import { renderStatus } from './rendering.ts';
import { renderState } from './rendering-state.ts';
import { stateSchema, statusSchema } from './schemas.ts';
import { adoptBody, type Section, spliceSections } from './sections.ts';
import { type Standing, standingOf, standingWithout } from './set-back.ts';

export interface Loaded<T> {
  readonly file: string;
  readonly document: T;
  readonly frontMatter: FrontMatter;
  /** As it was read, to see later whether it is still so. */
  readonly text: string;
}

/** A document of a project, beside what coord last saved of it. */
export type Current<T> = Loaded<T> & Standing<T>;

/** What makes a kind of document: its schema at the door, and how its body is rendered. */
export interface Kind<T> {
  readonly schema: z.ZodType<T>;
  readonly render: (document: T) => { title: Section; sections: Section[] };
  /** Its owner may bring back an older one by git, and mean it. */
  readonly mayGoBack: boolean;
}

export const STATE: Kind<StateDocument> = {
  schema: stateSchema as unknown as z.ZodType<StateDocument>,
  render: renderState,
  mayGoBack: false,
};
export const STATUS: Kind<StatusDocument> = {
  schema: statusSchema as unknown as z.ZodType<StatusDocument>,
  render: renderStatus,
  mayGoBack: true,
};

export function stateFile(home: string): string {
  return join(home, STATE_FILE);
}

export function statusFile(root: string, phaseFolder: string): string {
  return join(root, statusFileOf(phaseFolder));
}

export function readState(home: string): Outcome<Current<StateDocument>, DocumentProblem> {
  return readWhere(whereState(home));
}

export function readStatus(place: StatusPlace): Outcome<Current<StatusDocument>, DocumentProblem> {
  return readWhere(whereStatus(place));
}

/** The document as it is known to stand: the good copy's where git set it back. */
export function readWhere<T extends { updated: string; revision: number }>(
  where: Where<T>,
): Outcome<Current<T>, DocumentProblem> {
  const { home, file, name, kind } = where;
  const { schema, mayGoBack } = kind;
  const kept = { ...where, copyFile: goodCopy(home, name), schema, mayGoBack };
  const loaded = readKnown(where);
  if (loaded.done) {
    const { document, frontMatter } = loaded.value;
    const isKnown = () => isKnownText(home, name, frontMatter.inner);
    return { done: true, value: { ...loaded.value, ...standingOf({ ...kept, isKnown }, document) } };
  }
  const standing = loaded.problem.code === 'document-language' ? undefined : standingWithout(kept);
  if (standing) return { done: true, value: { file, frontMatter: allBody(''), text: '', ...standing } };
  const isMissed = loaded.problem.code === 'document-missing' && file === stateFile(home);
  const elsewhere = isMissed ? elsewhereOf(home) : undefined;
  return elsewhere ? refuse({ code: 'document-elsewhere', file, ...elsewhere }) : loaded;
}

/** With what is known of its front matter, and keeping what was not. */
function readKnown<T>({ home, file, name, kind }: Where<T>): Outcome<Loaded<T>, DocumentProblem> {
  let isKnown = false;
  const known = knownTwin(home, name);
  const loaded = readDocument(file, kind, (inner) => {
    const data = known(inner);
    isKnown = data !== undefined;
    return data;
  });
  if (loaded.done && !isKnown) {
    const { inner, data } = loaded.value.frontMatter;
    keepTwin(home, name, inner, data);
  }
  return loaded;
}

export function readDocument<T>(
  file: string,
  kind: Kind<T>,
  known?: Known,
): Outcome<Loaded<T>, DocumentProblem> {
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
  return parseDocumentText(text, file, kind, known);
}

/** Values that passed, and what they came to. Nobody changes either. */
const CHECKED = new WeakMap<object, { kind: unknown; document: unknown }>();

function parseDocumentText<T>(
  text: string,
  file: string,
  kind: Kind<T>,
  known?: Known,
): Outcome<Loaded<T>, DocumentProblem> {
  const frontMatter = parseFrontMatter(text, known);
  if ('code' in frontMatter) return { done: false, problem: problemOf(frontMatter, file) };
  const checked = CHECKED.get(frontMatter.data);
  if (checked?.kind === kind)
    return { done: true, value: { file, document: checked.document as T, frontMatter, text } };
  const parsed = kind.schema.safeParse(frontMatter.data);
  if (parsed.success) {
    CHECKED.set(frontMatter.data, { kind, document: parsed.data });
    return { done: true, value: { file, document: parsed.data, frontMatter, text } };
  }
  const [issue] = parsed.error.issues;
  const path = issue?.path ?? [];
  const detail = `${path.map(String).join('.') || 'front matter'}: ${issue?.message ?? 'not understood'}`;
  return { done: false, problem: { code: 'document-corrupt', file, line: frontMatter.lineOf(path), detail } };
}

export function problemOf(flaw: FrontMatterFlaw, file: string): DocumentProblem {
  switch (flaw.code) {
    case 'front-matter-missing':
      return { code: 'document-corrupt', file, line: 1, detail: 'it does not begin with front matter (---)' };
    case 'front-matter-language':
      return { code: 'document-language', file, language: flaw.language };
    case 'front-matter-broken':
      return { code: 'document-corrupt', file, line: flaw.line, detail: flaw.detail };
  }
}

export function printDocument<T extends { updated: string; revision: number }>(
  kind: Kind<T>,
  before: FrontMatter | undefined,
  document: T,
): string {
  const { title, sections } = kind.render(document);
  const body = (before?.body ?? '').replace(/^\n/, '');
  return printFrontMatter(before, document, `\n${spliceSections(body, title, sections)}`);
}

/** A document of somebody else's that becomes coord's: a value of theirs under a key of coord's stays under `adopted`. */
export function printAdopted<T extends { updated: string; revision: number }>(
  kind: Kind<T>,
  before: FrontMatter,
  document: T,
): string {
  const { title, sections } = kind.render(document);
  const theirs = Object.entries(before.data).filter(([key]) => Object.hasOwn(document, key));
  const values = theirs.length === 0 ? document : { ...document, adopted: Object.fromEntries(theirs) };
  return printFrontMatter(before, values, `\n${adoptBody(before.body, title, sections)}`);
}

/** Where a document lies, and under which name its mutex and its good copy go. */
export interface Where<T> {
  readonly home: string;
  /** Of the worktree that the file lies in. */
  readonly root: string;
  readonly file: string;
  readonly name: string;
  readonly kind: Kind<T>;
}

export function whereState(home: string): Where<StateDocument> {
  return { home, root: home, file: stateFile(home), name: 'STATE', kind: STATE };
}

export interface StatusPlace {
  readonly home: string;
  readonly root: string;
  readonly folder: string;
}

export function whereStatus(place: StatusPlace): Where<StatusDocument> {
  const { home, root, folder } = place;
  return { home, root, file: statusFile(root, folder), name: `STATUS-${folder}`, kind: STATUS };
}

/** The folder of the mutexes around documents. */
export function mutexFolder(home: string): string {
  return coordinationPath(home, 'leases');
}

/** The front matter as it was last saved, as JSON: what a rescue starts from. */
export function goodCopy(home: string, name: string): string {
  return coordinationPath(home, 'roster', 'good', `${fileNameOf(name)}.json`);
}
