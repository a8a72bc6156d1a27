/**
 * The body of a document: sections that coord renders, and sections that people added, which survive every rewrite
 * byte for byte. A section is a heading of depth 1 or 2 and all up to the next such heading, as remark sees it: a `#`
 * inside a code block is no heading.
 *
 * Invariants: a person's section keeps its place behind the managed section that it stood behind; splicing a body
 * with the sections it already has changes nothing but those sections.
 */
import type { Heading, Root, RootContent } from 'mdast';
import remarkParse from 'remark-parse';
import remarkStringify from 'remark-stringify';
import { unified } from 'unified';

export interface Section {
  /** The heading's text; the first section is the title of depth 1. */
  readonly title: string;
  readonly nodes: readonly RootContent[];
}

interface Slice {
  /** The managed title that it carries, undefined for a person's section. */
  readonly managed: string | undefined;
  readonly text: string;
}

const parser = unified().use(remarkParse);
const printer = unified().use(remarkStringify, {
  bullet: '-',
  listItemIndent: 'one',
  rule: '-',
  emphasis: '_',
});

function textOf(node: Heading): string {
  const words: string[] = [];
  const visit = (child: { type: string; value?: string; children?: unknown[] }) => {
    if (typeof child.value === 'string') words.push(child.value);
    for (const inner of child.children ?? []) visit(inner as typeof child);
  };
  visit(node);
  return words.join('').trim();
}

/** Cuts a body at its headings of depth 1 and 2. The slices joined give the body back. */
function slicesOf(body: string, titleLine: string, managedTitles: ReadonlySet<string>): Slice[] {
  const tree = parser.parse(body) as Root;
  const starts: { at: number; key: string | undefined }[] = [];
  const seen = new Set<string>();
  for (const node of tree.children) {
    if (node.type !== 'heading' || node.depth > 2) continue;
    const title = textOf(node);
    const isTitle = node.depth === 1 && !seen.has(titleLine);
    const isManaged = isTitle || (node.depth === 2 && managedTitles.has(title) && !seen.has(title));
    const key = isManaged ? (isTitle ? titleLine : title) : undefined;
    if (key !== undefined) seen.add(key);
    starts.push({ at: node.position?.start.offset ?? 0, key });
  }
  const slices: Slice[] = [];
  const before = body.slice(0, starts[0]?.at ?? body.length);
  if (before.trim() !== '') slices.push({ managed: undefined, text: before });
  starts.forEach(({ at, key }, index) => {
    slices.push({ managed: key, text: body.slice(at, starts[index + 1]?.at ?? body.length) });
  });
  return slices;
}

function printSection(section: Section, depth: 1 | 2): string {
  const heading: Heading = { type: 'heading', depth, children: [{ type: 'text', value: section.title }] };
  const root: Root = { type: 'root', children: [heading, ...section.nodes] };
  return `${printer.stringify(root)}\n`;
}

/** Puts a blank line before a managed part where none is, and nothing between what people wrote. */
function join(parts: readonly Slice[]): string {
  let text = '';
  for (const part of parts) {
    if (text !== '' && !text.endsWith('\n')) text += '\n';
    const isApart = text === '' || /\n\r?\n$/.test(text);
    text += part.managed === undefined || isApart ? part.text : `\n${part.text}`;
  }
  return text;
}

/** The body with the managed sections rendered anew and everything else as it was. */
export function spliceSections(body: string, title: Section, sections: readonly Section[]): string {
  const titles = new Set(sections.map((section) => section.title));
  const rendered = new Map<string, string>([['', printSection(title, 1)]]);
  for (const section of sections) rendered.set(section.title, printSection(section, 2));
  const order = ['', ...sections.map((section) => section.title)];
  const managed = order.map((key) => ({ managed: key, text: rendered.get(key) ?? '' }));
  const slices = slicesOf(body, '', titles);
  const spliced = join(arrange(slices, managed));
  if (isWhole(spliced, order, titles)) return spliced;
  // A person's section swallows what follows it (an unclosed code block): let theirs come last.
  return join([...managed, ...slices.filter((slice) => slice.managed === undefined)]);
}

function arrange(slices: readonly Slice[], managed: readonly Slice[]): Slice[] {
  const parts: Slice[] = [];
  let next = 0;
  const takeUpTo = (position: number) => {
    parts.push(...managed.slice(next, position));
    next = Math.max(next, position);
  };
  for (const slice of slices) {
    if (slice.managed === undefined) parts.push(slice);
    else takeUpTo(managed.findIndex((section) => section.managed === slice.managed) + 1);
  }
  takeUpTo(managed.length);
  return parts;
}

function isWhole(body: string, order: readonly string[], titles: ReadonlySet<string>): boolean {
  return slicesOf(body, '', titles).filter((slice) => slice.managed !== undefined).length === order.length;
}
