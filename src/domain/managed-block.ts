/**
 * A block of ours inside a text of somebody else's (CLAUDE.md, AGENTS.md): between two marker lines, found again, brought
 * up to date and taken out, while every other byte stays as it was.
 *
 * The layout remembers what stood there, so that removing is the exact opposite of adding: the block comes last, one
 * blank line after the text, and ends with a line break only where the text did. A file that we made holds the block
 * from its very first byte. Line breaks are those of the text's first line, and the block's own tell which they were.
 *
 * Never guessed: a marker without its partner, two blocks, a marker that shares its line, or one that a code fence
 * shows as an example is a flaw with a line, and the text is left alone.
 */

export const BLOCK_BEGIN =
  '<!-- coord:begin (made by coord instructions; what is changed in here is lost) -->';
export const BLOCK_END = '<!-- coord:end -->';

export type BlockFlawKind =
  /** A block begins, and the text ends before it does. */
  | 'no-end'
  | 'no-begin'
  | 'second'
  /** A marker that is not alone on its line, or spelled otherwise. */
  | 'misshapen'
  /** A marker inside a code fence: an example, or a block that somebody fenced. */
  | 'in-fence'
  /** The text ends inside a code fence, and a block after it would be code. */
  | 'open-fence';

export interface BlockFlaw {
  readonly kind: 'flaw';
  readonly flaw: BlockFlawKind;
  readonly line: number;
}

/** The text, cut where the block begins and where it ends. */
export interface FoundBlock {
  readonly kind: 'block';
  readonly before: string;
  /** From the first marker to the last, without the line break after it. */
  readonly block: string;
  readonly after: string;
}

const BEGIN = /^<!-- coord:begin(?: [^>]*)?-->$/;
const MARKER = /<!--\s*coord:(?:begin|end)\b/i;
const FENCE = /^ {0,3}(`{3,}(?!.*`)|~{3,})/;

interface Line {
  readonly text: string;
  readonly start: number;
  readonly number: number;
}

export function findBlock(text: string): FoundBlock | { kind: 'none' } | BlockFlaw {
  let fence: string | undefined;
  let fenceLine = 0;
  let begin: Line | undefined;
  let found: FoundBlock | undefined;
  const flaw = (kind: BlockFlawKind, line: number): BlockFlaw => ({ kind: 'flaw', flaw: kind, line });
  for (const line of linesOf(text)) {
    if (MARKER.test(line.text)) {
      const isBegin = BEGIN.test(line.text);
      if (fence !== undefined) return flaw('in-fence', line.number);
      if (!isBegin && line.text !== BLOCK_END) return flaw('misshapen', line.number);
      if (isBegin && (begin || found)) return flaw('second', line.number);
      if (!isBegin && !begin) return flaw(found ? 'second' : 'no-begin', line.number);
      if (isBegin) begin = line;
      else if (begin) {
        const end = line.start + line.text.length;
        found = { kind: 'block', ...cut(text, begin.start, end) };
        begin = undefined;
      }
    } else if (fence === undefined) {
      fence = FENCE.exec(line.text)?.[1];
      fenceLine = line.number;
    } else if (isClosing(line.text, fence)) fence = undefined;
  }
  if (begin) return flaw('no-end', begin.number);
  if (found) return found;
  return fence === undefined ? { kind: 'none' } : flaw('open-fence', fenceLine);
}

/** The text with the block in it, brought up to date; `undefined` is a file that is not there. */
export function addBlock(text: string | undefined, content: string): { text: string } | BlockFlaw {
  if (text === undefined) return { text: `${blockOf(content, '\n')}\n` };
  const found = findBlock(text);
  if (found.kind === 'flaw') return found;
  if (found.kind === 'block')
    return { text: `${found.before}${blockOf(content, lineBreakOf(found.block))}${found.after}` };
  const eol = lineBreakOf(text);
  const block = blockOf(content, eol);
  return { text: text.endsWith('\n') ? `${text}${eol}${block}${eol}` : `${text}${eol}${eol}${block}` };
}

/** The text as it was before the block was added; `undefined` when there was no file. */
export function removeBlock(text: string): { text: string | undefined } | BlockFlaw {
  const found = findBlock(text);
  if (found.kind === 'flaw') return found.flaw === 'open-fence' ? { text } : found;
  if (found.kind === 'none') return { text };
  const { before, block, after } = found;
  const eol = lineBreakOf(block);
  if (before === '' && (after === eol || after === '')) return { text: undefined };
  const kept = before.endsWith(`\n${eol}`) ? before.slice(0, -eol.length) : before;
  if (after === '') return { text: kept.endsWith(eol) ? kept.slice(0, -eol.length) : kept };
  return { text: `${kept}${after.startsWith(eol) ? after.slice(eol.length) : after}` };
}

function blockOf(content: string, eol: string): string {
  return [BLOCK_BEGIN, ...content.trim().split('\n'), BLOCK_END].join(eol);
}

/** That of the first line; a text of one line has none, and gets the plain one. */
function lineBreakOf(text: string): string {
  return /^[^\n]*\r\n/.test(text) ? '\r\n' : '\n';
}

function cut(text: string, start: number, end: number): Omit<FoundBlock, 'kind'> {
  return { before: text.slice(0, start), block: text.slice(start, end), after: text.slice(end) };
}

function isClosing(line: string, fence: string): boolean {
  const match = /^ {0,3}(`{3,}|~{3,})[ \t]*$/.exec(line);
  return match?.[1]?.startsWith(fence) === true;
}

/** Without their line breaks, and the first without a byte order mark. */
function linesOf(text: string): Line[] {
  let start = 0;
  return text.split('\n').map((raw, at) => {
    const mark = at === 0 && raw.startsWith('\ufeff') ? 1 : 0;
    const line = { text: raw.slice(mark).replace(/\r$/, ''), start: start + mark, number: at + 1 };
    start += raw.length + 1;
    return line;
  });
}
