/**
 * Milestones of a Get Shit Done roadmap: a line of its list ("v1.0 MVP - Phases 1-4 (shipped …)"), a heading above
 * phases, or the summary of a folded part. Shipped is one that says so. Pure.
 */

import { slugOf } from '../identifiers.ts';
import { type PhaseSpan, phaseSpansIn } from './number.ts';
import { type GsdLine, plainOf, titleFrom } from './text.ts';

export interface GsdMilestone {
  /** `v1.0`, or its words where it has no version. */
  readonly id: string;
  readonly name: string;
  readonly line: GsdLine;
  readonly spans: readonly PhaseSpan[];
  readonly shipped: boolean;
  /** The day on which it was shipped, where it is told. */
  readonly day: string | undefined;
}

const VERSION = /(?<![\w.])v\d{1,3}(?:\.\d{1,3}){0,2}(?![\w]|\.\d)/i;
const ID_CHARS_MAX = 36;

/** The milestone that a title names; undefined for a title that is about something else. */
export function milestoneIn(line: GsdLine, ticked?: boolean): GsdMilestone | undefined {
  const text = plainOf(line.text);
  const version = VERSION.exec(text)?.[0];
  const isNamed = /^\W*milestone\s+\w/i.test(text) && !/^\W*milestone goal/i.test(text);
  const spans = phaseSpansIn(text);
  if (version === undefined && !isNamed && spans.length === 0) return undefined;
  if (/^\W*phase\s/i.test(text)) return undefined;
  const name = nameIn(text);
  if (name === '') return undefined;
  const isOpen = /\b(?:in progress|planned|planning|active|not shipped)\b/i.test(text);
  const isShipped =
    ticked === true || /\u2705/.test(line.text) || /\b(?:shipped|released|completed?)\b/i.test(text);
  return {
    id: version?.toLowerCase() ?? slugOf(name).slice(0, ID_CHARS_MAX).replace(/-+$/, ''),
    name,
    line,
    spans,
    shipped: isShipped && !isOpen,
    day: /\b(\d{4}-\d{2}-\d{2})\b/.exec(text)?.[1],
  };
}

function nameIn(text: string): string {
  const before = text
    .replace(/^\W*(?:(?:completed|active|planned|shipped|current)\s*:?\s+)?(?:milestone\s*:\s*)?/i, '')
    .replace(/\s*[([]?\s*\bphases?\s+\d.*$/i, '')
    .replace(/\s*\((?:in progress|planned|planning|active|shipped|completed?|current)[^)]*\).*$/i, '')
    .replace(/\s+(?:-{1,2}|\u2013|\u2014)\s+(?:shipped|completed?|in progress|planned|future).*$/i, '')
    .replace(/\s+(?:-{1,2}|\u2013|\u2014)\s*$/, '');
  return titleFrom(before);
}

/** The version that a cell of a table, or a head, names. */
export function versionIn(text: string): string | undefined {
  return VERSION.exec(text)?.[0].toLowerCase();
}

/** One of each: what the list, a heading and a folded part say of it together. */
export function mergeMilestones(found: readonly GsdMilestone[]): GsdMilestone[] {
  const merged = new Map<string, GsdMilestone>();
  for (const one of found) {
    const known = merged.get(one.id);
    if (known === undefined) merged.set(one.id, one);
    else
      merged.set(one.id, {
        ...known,
        spans: [...known.spans, ...one.spans],
        shipped: known.shipped || one.shipped,
        day: known.day ?? one.day,
      });
  }
  return [...merged.values()];
}
