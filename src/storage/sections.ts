/**
 * The body of a document: sections that coord renders, and sections that people added, which survive every rewrite
 * byte for byte. A section is a heading of depth 1 or 2 and all up to the next such heading, as remark sees it: a `#`
 * inside a code block is no heading.
 *
 * Invariants: a person's section keeps its place behind the managed section that it stood behind; splicing a body
 * with the sections it already has changes nothing but those sections. The title is known by its words up to the
 * colon ("Project state:"), and another `# Heading` is a person's: taking the first one for the title lost what an
 * adopted STATE.md said below its own (test/storage/adoption.test.ts). Of two headings with a managed section's words
 * the first one below the title is managed, so an adopted body goes behind the managed sections.
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
  /** True for what stands before the first heading. */
  readonly isHeadless?: boolean;
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

/** The key of the title's part; no section can have it. */
const TITLE = '';

/** By what coord knows its own parts: the beginning of the title, up to its colon, and the titles of the sections. */
interface Names {
  readonly title: string;
  readonly sections: ReadonlySet<string>;
}

/** Cuts a body at its headings of depth 1 and 2. The slices joined give the body back. */
function slicesOf(body: string, names: Names): Slice[] {
  const tree = parser.parse(body) as Root;
  const headings = tree.children.filter((node) => node.type === 'heading').filter((node) => node.depth <= 2);
  const isTitle = (node: Heading) => node.depth === 1 && textOf(node).startsWith(names.title);
  const hasTitle = headings.some(isTitle);
  const seen = new Set<string>();
  const starts = headings.map((node) => {
    const key = isTitle(node) ? TITLE : textOf(node);
    // A person's section that stands above the title may be called as it likes.
    const isOurs =
      key === TITLE || (node.depth === 2 && names.sections.has(key) && (seen.has(TITLE) || !hasTitle));
    const isManaged = isOurs && !seen.has(key);
    if (isManaged) seen.add(key);
    return { at: lineStart(body, node.position?.start.offset ?? 0), key: isManaged ? key : undefined };
  });
  const slices: Slice[] = [];
  const before = body.slice(0, starts[0]?.at ?? body.length);
  if (before.trim() !== '') slices.push({ managed: undefined, text: before, isHeadless: true });
  starts.forEach(({ at, key }, index) => {
    slices.push({ managed: key, text: body.slice(at, starts[index + 1]?.at ?? body.length) });
  });
  return slices;
}

/** A heading may be indented by up to three spaces, which are its own. */
function lineStart(body: string, offset: number): number {
  let at = offset;
  while (body[at - 1] === ' ' || body[at - 1] === '\t') at--;
  return at;
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
  const names = namesOf(title, sections);
  const managed = render(title, sections);
  const slices = slicesOf(body, names);
  const spliced = join(arrange(slices, managed));
  if (isWhole(spliced, managed, names)) return spliced;
  return theirsLast(
    managed,
    slices.filter((slice) => slice.managed === undefined),
  );
}

/** A body that coord did not write, with the managed sections before it: whatever its headings are called, it stays. */
export function adoptBody(body: string, title: Section, sections: readonly Section[]): string {
  const names = namesOf(title, sections);
  const managed = render(title, sections);
  const slices = slicesOf(body, names).map((slice) => ({ ...slice, managed: undefined }));
  const headless = slices.filter((slice) => slice.isHeadless);
  const adopted = join([...headless, ...managed, ...slices.filter((slice) => !slice.isHeadless)]);
  return isWhole(adopted, managed, names) ? adopted : theirsLast(managed, slices);
}

/** Where a person's section swallows what follows it (an unclosed code block), theirs come last, each with a heading. */
function theirsLast(managed: readonly Slice[], theirs: readonly Slice[]): string {
  const headed = theirs.map((slice) =>
    slice.isHeadless ? { ...slice, text: `## Notes\n\n${slice.text}` } : slice,
  );
  return join([...managed, ...headed]);
}

function namesOf(title: Section, sections: readonly Section[]): Names {
  const [beginning = ''] = /^[^:]*:?/.exec(title.title) ?? [];
  return { title: beginning, sections: new Set(sections.map((section) => section.title)) };
}

function render(title: Section, sections: readonly Section[]): Slice[] {
  const rest = sections.map((section) => ({ managed: section.title, text: printSection(section, 2) }));
  return [{ managed: TITLE, text: printSection(title, 1) }, ...rest];
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

function isWhole(body: string, managed: readonly Slice[], names: Names): boolean {
  const found = slicesOf(body, names).filter((slice) => slice.managed !== undefined);
  return found.length === managed.length;
}
