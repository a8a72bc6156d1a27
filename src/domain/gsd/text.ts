/**
 * The text of a Get Shit Done project, read line by line: GSD's files are written by models and by people, so what is
 * asked of a line is as little as tells what it is. Pure, and bounded: a line has a longest, a file a most of lines.
 *
 * Glossary. *head*: the front matter; of it only `key: value` at the first column is read, so that a value that is no
 * proper YAML takes nothing else with it, and no language but YAML is looked at. *note*: something in a file that was
 * not taken, or not as it stands, and why.
 */
import { cleanLine } from '../message.ts';

/** What was not taken, or not as it stands there. */
export interface GsdNote {
  /** From home. */
  readonly file: string;
  /** From 1; 0 for the file as a whole. */
  readonly line: number;
  readonly text: string;
  readonly why: GsdWhy;
}

export type GsdWhy =
  /** The file: no UTF-8, too large, no file, not below home, unreadable, its head in another language, empty. */
  | 'not-utf8'
  | 'too-large'
  | 'no-file'
  | 'leads-out'
  | 'unreadable'
  | 'language'
  | 'empty'
  /** The roadmap. */
  | 'no-phases'
  | 'phase-heading'
  | 'phase-again'
  | 'plan-again'
  | 'plan-elsewhere'
  | 'struck'
  | 'item'
  | 'row'
  | 'section'
  | 'depends'
  | 'cycle'
  | 'done-and-open'
  /** The folders of phases. */
  | 'folder-again'
  | 'folder-name'
  | 'phase-unlisted'
  | 'file-name'
  | 'summary-failed'
  | 'summary-partial'
  | 'verification'
  | 'plans-missing'
  /** What coord knows, or holds, already. */
  | 'under-way'
  | 'milestone-open'
  | 'of-worker'
  | 'done-here'
  | 'plan-taken'
  | 'phase-refused'
  | 'too-many';

export interface GsdLine {
  /** From 1. */
  readonly line: number;
  readonly text: string;
}

const LINES_MAX = 20_000;
const LINE_CHARS_MAX = 2_000;
const TITLE_MAX = 120;

/** The lines of a text; those of code blocks and comments are blank, since nothing in them is said by GSD. */
export function gsdLines(text: string): GsdLine[] {
  const raw = text.replace(/^\ufeff/, '').split(/\r\n|\n|\r/, LINES_MAX);
  let fence: string | undefined;
  let isComment = false;
  return raw.map((whole, index) => {
    const line = index + 1;
    const cut = whole.slice(0, LINE_CHARS_MAX);
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(cut)?.[1];
    if (fence !== undefined) {
      if (mark?.startsWith(fence) && cut.trim() === mark) fence = undefined;
      return { line, text: '' };
    }
    if (mark !== undefined && !isComment) {
      fence = mark;
      return { line, text: '' };
    }
    const said = withoutComments(cut, isComment);
    isComment = said.isOpen;
    return { line, text: said.text };
  });
}

function withoutComments(text: string, isInside: boolean): { text: string; isOpen: boolean } {
  let rest = text;
  let kept = '';
  let isOpen = isInside;
  for (;;) {
    const at = rest.indexOf(isOpen ? '-->' : '<!--');
    if (at < 0) return { text: isOpen ? kept : kept + rest, isOpen };
    if (!isOpen) kept += rest.slice(0, at);
    rest = rest.slice(at + (isOpen ? 3 : 4));
    isOpen = !isOpen;
  }
}

/** Words without Markdown's marks, pictures and control characters, on one line. */
export function plainOf(text: string): string {
  const words = text
    .replace(/!?\[([^[\]]*)\]\([^()]*\)/g, '$1')
    .replace(/<\/?(?:details|summary|br|b|i|em|strong|a|p|span|sub|sup|del|ins|kbd)(?:\s[^<>]*)?>/gi, ' ')
    .replace(/\*\*|~~|`/g, '')
    .replace(/\p{Extended_Pictographic}|\ufe0f|\u2713|\u2714/gu, '');
  return cleanLine(words, LINE_CHARS_MAX);
}

/** The same as a title, which may not be long. Never cut in the middle of a character. */
export function titleFrom(text: string, max = TITLE_MAX): string {
  return cleanLine(plainOf(text).replace(/^[\s:.\u2013\u2014-]+/, ''), max).replace(
    /[\ud800-\udbff]\u2026$/,
    '\u2026',
  );
}

/** A line as a note shows it. */
export function noteOf(file: string, line: GsdLine | undefined, why: GsdWhy, text?: string): GsdNote {
  return { file, line: line?.line ?? 0, text: titleFrom(text ?? line?.text ?? '', 160), why };
}

export interface GsdHeading extends GsdLine {
  readonly depth: number;
}

export function headingAt({ line, text }: GsdLine): GsdHeading | undefined {
  const match = /^ {0,3}(#{1,6})\s+(\S.*)$/.exec(text);
  return match
    ? { line, depth: (match[1] ?? '').length, text: (match[2] ?? '').replace(/\s+#+\s*$/, '') }
    : undefined;
}

/** `- [x] text`, `1. text`: how deep it is indented, whether it is ticked (undefined without a box), and its text. */
export interface GsdItem extends GsdLine {
  readonly indent: number;
  readonly ticked: boolean | undefined;
}

export function itemAt({ line, text }: GsdLine): GsdItem | undefined {
  const match = /^([ \t]*)(?:[-*+]|\d{1,3}[.)])[ \t]+(?:\[([ xX~/-])\][ \t]*)?(.*)$/.exec(text);
  if (!match) return undefined;
  const [, space = '', box, said = ''] = match;
  return { line, indent: space.length, ticked: box === undefined ? undefined : /x/i.test(box), text: said };
}

/** Those that may stand in a list; any other bold word there is a criterion's, or a note's. */
const LISTED_FIELDS = /^(?:goal|depends on|success criteria|plans|status|requirements)$/;

/** `**Goal**: text`, `**Goal:** text`, `**Success Criteria** (what must be TRUE):`, `Plans:`. */
export function fieldAt({ line, text }: GsdLine): { name: string; value: GsdLine } | undefined {
  const match =
    /^\s*(?:[-*+]\s+)?\*\*([A-Za-z][\w /-]{0,40}?)(?::\*\*|\*\*\s*(?:\([^)]*\))?\s*:)\s*(.*)$/.exec(text) ??
    /^(Plans|Goal|Depends on|Status):\s*(.*)$/i.exec(text);
  if (!match) return undefined;
  const name = (match[1] ?? '').trim().toLowerCase();
  if (/^\s*[-*+]\s/.test(text) && !LISTED_FIELDS.test(name)) return undefined;
  return { name, value: { line, text: match[2] ?? '' } };
}

export interface GsdHead {
  readonly values: ReadonlyMap<string, GsdLine>;
  /** What stands after it. */
  readonly body: readonly GsdLine[];
  /** The language, where it is none that is read. */
  readonly language: string | undefined;
}

/** Splits a text into head and body. A head that is not closed is none. */
export function headOf(text: string): GsdHead {
  const raw = text.replace(/^\ufeff/, '').split(/\r\n|\n|\r/, LINES_MAX);
  const values = new Map<string, GsdLine>();
  const language = /^---(?!-)(.*)$/.exec(raw[0] ?? '')?.[1]?.trim();
  const end = language === undefined ? -1 : raw.findIndex((line, at) => at > 0 && /^---\s*$/.test(line));
  const lines = gsdLines(
    end < 0 ? text : [...raw.slice(0, end + 1).map(() => ''), ...raw.slice(end + 1)].join('\n'),
  );
  if (end < 0) return { values, body: lines, language: undefined };
  const isYaml = language === '' || /^ya?ml$/i.test(language ?? '');
  for (const [index, line] of raw.slice(0, isYaml ? end : 0).entries()) {
    const match = /^([A-Za-z][\w-]{0,60}):(?:[ \t]+(.*))?$/.exec(line.slice(0, LINE_CHARS_MAX));
    if (!match || values.has(match[1] ?? '')) continue;
    values.set(match[1] ?? '', { line: index + 1, text: scalarOf(match[2] ?? '') });
  }
  return { values, body: lines, language: isYaml ? undefined : language };
}

function scalarOf(text: string): string {
  const quoted = /^\s*(["'])(.*?)\1\s*(?:#.*)?$/.exec(text);
  return cleanLine(quoted ? (quoted[2] ?? '') : text.replace(/(^|\s)#.*$/, ''), LINE_CHARS_MAX);
}
