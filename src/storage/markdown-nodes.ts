/** Small pieces of Markdown, as the renderings of documents use them. */
import type { BlockContent, List, Paragraph, PhrasingContent, RootContent } from 'mdast';

export const KEPT_BY_COORD =
  'Kept by coord from the front matter above. Sections that you add stay as you write them.';
const SHA_LENGTH = 12;

export type Inline = string | PhrasingContent;

export function inline(parts: readonly Inline[]): PhrasingContent[] {
  return parts.map((part) => (typeof part === 'string' ? { type: 'text', value: part } : part));
}

export function paragraph(...parts: Inline[]): Paragraph {
  return { type: 'paragraph', children: inline(parts) };
}

export function strong(text: string): PhrasingContent {
  return { type: 'strong', children: [{ type: 'text', value: text }] };
}

export function code(text: string): PhrasingContent {
  return { type: 'inlineCode', value: text };
}

export function list(items: readonly BlockContent[][]): List {
  const children = items.map((blocks) => ({ type: 'listItem' as const, spread: false, children: blocks }));
  return { type: 'list', ordered: false, spread: false, children };
}

export function orNone(nodes: readonly RootContent[], isEmpty: boolean): RootContent[] {
  return isEmpty ? [paragraph('None.')] : [...nodes];
}

export function at(commit: string | undefined): string {
  return commit ? ` @ ${commit.slice(0, SHA_LENGTH)}` : '';
}

/** A bullet of one line each. */
export function lines(texts: readonly string[]): List {
  return list(texts.map((text) => [paragraph(text)]));
}
