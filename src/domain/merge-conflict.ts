/**
 * A conflict, for whoever has to mend it: which files, of which kind, and the hunks; read from what `git merge-tree`
 * prints with `-z`: the tree, the conflicting entries by stage, an empty field, then messages, each with its paths.
 *
 * Glossary. *ours*: what the branch is brought onto. *theirs*: the branch's commit. Paths and texts are as git gave
 * them, one character a byte.
 */

export type ConflictKind =
  | 'content'
  | 'binary'
  | 'add/add'
  | 'modify/delete'
  | 'rename/delete'
  | 'rename/rename'
  | 'rename'
  | 'file/directory'
  | 'mode'
  | 'submodule'
  | 'other';

export interface ConflictFile {
  readonly path: string;
  readonly kind: ConflictKind;
  /** What git says of it; empty for a plain conflict of content. */
  readonly detail: string;
}

export interface MergeAnswer {
  readonly tree: string;
  readonly files: readonly ConflictFile[];
}

interface Message {
  readonly paths: readonly string[];
  readonly type: string;
  readonly text: string;
}

const TREE = /^[0-9a-f]{40,64}$/;
const STAGE = /^(\d+) ([0-9a-f]+) ([123])\t([\s\S]+)$/;
const GITLINK = '160000';

/** What git adds for people where submodules conflict, in the middle of the fields. */
const ADVICE = /Recursive merging with submodules currently only supports trivial cases\.[\s\S]*$/;

/** Undefined for anything that is no answer (an error has no tree, or ends in the middle). */
export function parseMergeAnswer(output: string): MergeAnswer | undefined {
  const printed = output.replace(ADVICE, '');
  const fields = printed.split('\0');
  const tree = fields[0] ?? '';
  if (!TREE.test(tree) || !printed.endsWith('\0')) return undefined;
  const stages = new Map<string, { stages: Set<string>; isLink: boolean }>();
  let at = 1;
  for (; at < fields.length && fields[at] !== ''; at += 1) {
    const [, mode, , stage = '', path = ''] = STAGE.exec(fields[at] ?? '') ?? [];
    if (path === '') return undefined;
    const known = stages.get(path) ?? { stages: new Set<string>(), isLink: false };
    known.stages.add(stage);
    stages.set(path, { ...known, isLink: known.isLink || mode === GITLINK });
  }
  const messages = messagesFrom(fields.slice(at + 1));
  const files = [...stages].map(([path, { stages: found, isLink }]): ConflictFile => {
    const named = messages.filter(({ type, paths }) => /^CONFLICT/.test(type) && paths.includes(path));
    const kinds = named.map(({ type }) => kindOf(type, found.has('1'), isLink));
    const kind = kinds.find((one) => !PLAIN.includes(one)) ?? kinds[0] ?? (isLink ? 'submodule' : 'other');
    const detail = kind === 'content' ? '' : named.map(({ text }) => text.trim()).join(' ');
    return { path, kind, detail };
  });
  return { tree, files: [...files, ...unstaged(messages, stages)] };
}

/** Of a folder that was moved onto another git may tell a conflict, and yet enter no file as conflicting. */
function unstaged(messages: readonly Message[], stages: ReadonlyMap<string, unknown>): ConflictFile[] {
  const found = new Map<string, ConflictFile>();
  for (const { type, paths, text } of messages) {
    const [path] = paths;
    if (path === undefined || !/^CONFLICT/.test(type) || paths.some((one) => stages.has(one))) continue;
    found.set(path, { path, kind: kindOf(type, false, false), detail: text.trim() });
  }
  return [...found.values()];
}

/** `<number of paths> <path>… <type> <text>`, again and again. */
function messagesFrom(fields: readonly string[]): Message[] {
  const found: Message[] = [];
  for (let at = 0; at < fields.length && fields[at] !== ''; ) {
    const count = Number(fields[at]);
    if (!Number.isInteger(count) || count < 0) break;
    const end = at + 1 + count;
    found.push({ paths: fields.slice(at + 1, end), type: fields[end] ?? '', text: fields[end + 1] ?? '' });
    at = end + 2;
  }
  return found;
}

/** Said of many a file beside what is really wrong with it. */
const PLAIN: readonly ConflictKind[] = ['content', 'add/add'];

const KINDS: readonly (readonly [RegExp, ConflictKind])[] = [
  [/submodule/, 'submodule'],
  [/binary/, 'binary'],
  [/modify\/delete/, 'modify/delete'],
  [/rename\/delete/, 'rename/delete'],
  [/rename\/rename/, 'rename/rename'],
  [/rename/, 'rename'],
  [/file\/directory/, 'file/directory'],
  [/modes/, 'mode'],
];

function kindOf(type: string, hasBase: boolean, isLink: boolean): ConflictKind {
  const known = KINDS.find(([pattern]) => pattern.test(type))?.[1];
  if (known) return known;
  if (isLink) return 'submodule';
  return /contents/.test(type) ? (hasBase ? 'content' : 'add/add') : 'other';
}

const CONTEXT_LINES = 3;
const HUNK_LINES_MAX = 60;

/** The conflicting parts of a file with conflict markers, with some lines around each; a long one is cut. */
export function hunksOf(text: string): string[] {
  const lines = text.split('\n');
  const hunks: string[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    if (!/^<{7} /.test(lines[at] ?? '')) continue;
    let end = at + 1;
    while (end < lines.length && !/^>{7} /.test(lines[end] ?? '')) end += 1;
    if (end === lines.length) break;
    const from = Math.max(0, at - CONTEXT_LINES);
    const shown = lines.slice(from, end + 1 + CONTEXT_LINES);
    const head = `@@ line ${at + 1} @@`;
    hunks.push([head, ...shortened(shown)].map((line) => line.replace(/\r$/, '')).join('\n'));
    at = end;
  }
  return hunks;
}

function shortened(lines: readonly string[]): string[] {
  if (lines.length <= HUNK_LINES_MAX) return [...lines];
  const half = HUNK_LINES_MAX / 2;
  const left = lines.length - HUNK_LINES_MAX;
  return [...lines.slice(0, half), `… ${left} more lines …`, ...lines.slice(-half)];
}

export interface ConflictText {
  readonly file: ConflictFile;
  readonly hunks: readonly string[];
}

/** All of it as one text of at most so many characters; says how much it leaves out. */
export function printConflict(files: readonly ConflictText[], head: string, charsMax: number): string {
  const blocks = files.flatMap(({ file, hunks }) => {
    const name = file.kind === 'content' ? file.path : `${file.path} (${file.kind})`;
    return [`--- ${name}${file.detail === '' ? '' : `\n${file.detail}`}`, ...hunks];
  });
  let text = head;
  for (const [at, block] of blocks.entries()) {
    const room = charsMax - text.length - 60;
    if (block.length + 1 <= room) text += `\n${block}`;
    else {
      const cut = room > 200 ? `\n${block.slice(0, room)}` : '';
      const left = blocks.length - at - (cut === '' ? 0 : 1);
      return `${text}${cut}\n… cut here${left > 0 ? `, ${left} more ${left === 1 ? 'part' : 'parts'}` : ''}\n`;
    }
  }
  return `${text}\n`;
}
