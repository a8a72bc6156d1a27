/**
 * DECISIONS.md as text (seed 001): a head, then entries, newest on top, each from its `## date: title` to the next.
 * Entries are only ever added. Each that coord made has a number and ends with a *mark*, a comment with the number and
 * the hash of the entry, so that a change is found also in a clone that knows nothing else. Pure.
 *
 * Glossary. *own entry*: one with a mark. *foreign entry*: one that a person wrote, or another tool; it is kept as it
 * is, and counts for the numbering. *archive*: `docs/decisions/<year>.md`, where old entries are moved, byte for byte.
 */

export const DECISION_STATES = ['accepted', 'proposed', 'rejected'] as const;
export type DecisionState = (typeof DECISION_STATES)[number];

export interface Decision {
  readonly title: string;
  readonly context: string;
  readonly decision: string;
  /** Each with its reason: `Redis: one more service`. */
  readonly alternatives: readonly string[];
  /** Without a word which: `Positive: …`, `Negative: …` and `Neutral: …` are told apart by their beginning. */
  readonly consequences: readonly string[];
  readonly state: DecisionState;
  /** Numbers of earlier ones. */
  readonly supersedes: readonly number[];
  readonly phase?: string | undefined;
  /** Who recorded it, where it was not the coordinator. */
  readonly by?: string | undefined;
}

export interface LogEntry {
  /** From its heading on, with all up to the next one. */
  readonly text: string;
  readonly title: string;
  /** `2026-02-16`; empty where the heading has none. */
  readonly date: string;
  readonly number: number | undefined;
  readonly hash: string | undefined;
  readonly state: string;
  readonly supersedes: readonly number[];
}

export interface DecisionLog {
  readonly head: string;
  readonly entries: readonly LogEntry[];
}

/** Above this many, all but the newest KEPT are moved to the archive. */
export const ENTRIES_MAX = 100;
export const ENTRIES_KEPT = 50;

const HEADING = /^## +(?:(\d{4}-\d\d-\d\d): *)?(.*?) *$/;
/** On a line of its own, where no text that was given can stand. */
const MARK = /^<!-- coord D(\d{1,7}) hash:([0-9a-f]{32}) -->\s*$/m;
const NUMBERS = /\bD(\d{1,7})\b/g;

export function parseLog(text: string): DecisionLog {
  const starts = headingsOf(text);
  const [first = text.length] = starts;
  const entries = starts.map((start, at) => parseEntry(text.slice(start, starts[at + 1] ?? text.length)));
  return { head: text.slice(0, first), entries };
}

/** Where headings of depth 2 begin; those in a fenced block are none. */
function headingsOf(text: string): number[] {
  const found: number[] = [];
  let fence: string | undefined;
  let at = 0;
  for (const line of text.split('\n')) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (mark !== undefined && fence === undefined) fence = mark;
    else if (fence !== undefined && line.trim().startsWith(fence) && line.trim().replace(/[`~]/g, '') === '')
      fence = undefined;
    else if (fence === undefined && /^## /.test(line)) found.push(at);
    at += line.length + 1;
  }
  return found;
}

function parseEntry(text: string): LogEntry {
  const [line = ''] = text.split('\n', 1);
  const [, date = '', title = ''] = HEADING.exec(line.trimEnd()) ?? [];
  const mark = MARK.exec(text);
  const state = /^\*\*Status:\*\* *(.+?) *$/im.exec(text)?.[1]?.toLowerCase() ?? '';
  const supersedes = /^\*\*Supersedes:\*\* *(.+?) *$/im.exec(text)?.[1] ?? '';
  return {
    text,
    title,
    date,
    number: mark?.[1] === undefined ? undefined : Number(mark[1]),
    hash: mark?.[2],
    state,
    supersedes: [...supersedes.matchAll(NUMBERS)].map(([, number]) => Number(number)),
  };
}

/** What is hashed of an entry: its words, whatever line endings and gaps git or an editor left around them. */
export function essenceOf(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(MARK, '')
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
    .replace(/\n{2,}/g, '\n')
    .replace(/(?:\n|---)*$/, '');
}

export function printMark(number: number, hash: string): string {
  return `<!-- coord D${number} hash:${hash} -->`;
}

/** An entry without its mark; every text is one line already. */
export function printEntry(decision: Decision, number: number, date: string): string {
  const { title, context, alternatives, supersedes, phase, by, state } = decision;
  const list = (items: readonly string[], mark: (at: number) => string) =>
    items.length === 0 ? ['none given'] : items.map((item, at) => `${mark(at)} ${item}`);
  return [
    `## ${date}: ${title}`,
    '',
    `**Number:** D${number}`,
    ...(phase === undefined ? [] : [`**Phase:** ${phase}`]),
    ...(by === undefined ? [] : [`**By:** ${by}`]),
    '',
    `**Context:** ${context || 'none given'}`,
    '',
    `**Decision:** ${decision.decision}`,
    '',
    '**Alternatives considered:**',
    ...list(alternatives, (at) => `${at + 1}.`),
    '',
    '**Consequences:**',
    ...list(decision.consequences, () => '-'),
    '',
    `**Status:** ${state.slice(0, 1).toUpperCase()}${state.slice(1)}`,
    ...(supersedes.length === 0 ? [] : [`**Supersedes:** ${supersedes.map((one) => `D${one}`).join(', ')}`]),
    '',
  ].join('\n');
}

/** The entry as it stands in the file. */
export function sealEntry(entry: string, number: number, hash: string): string {
  return `${entry}${printMark(number, hash)}\n\n---\n\n`;
}

/** The next number: above all that are known, and above the count of entries that have none. */
export function nextNumber(entries: readonly LogEntry[], known: readonly number[]): number {
  const foreign = entries.filter((entry) => entry.number === undefined).length;
  return Math.max(foreign, ...entries.map((entry) => entry.number ?? 0), ...known) + 1;
}

export function withEntry({ head, entries }: DecisionLog, text: string): DecisionLog {
  const gap = head === '' || head.endsWith('\n\n') ? '' : head.endsWith('\n') ? '\n' : '\n\n';
  return { head: `${head}${gap}`, entries: [parseEntry(text), ...entries] };
}

export function printLog({ head, entries }: DecisionLog): string {
  return `${head}${entries.map((entry) => entry.text).join('')}`;
}

/** What is to be moved, by year; empty while there are not too many. */
export function entriesToArchive({ entries }: DecisionLog): ReadonlyMap<string, readonly LogEntry[]> {
  const moved = entries.length > ENTRIES_MAX ? entries.slice(ENTRIES_KEPT) : [];
  const years = new Map<string, LogEntry[]>();
  for (const entry of moved) {
    const year = /^\d{4}/.exec(entry.date)?.[0] ?? '0000';
    years.set(year, [...(years.get(year) ?? []), entry]);
  }
  return years;
}

const LINKS = /^\*\*Archive:\*\* .*$/m;

/** The head with links to the archives, newest year first. */
export function linkArchives(head: string, years: readonly string[]): string {
  if (years.length === 0) return head;
  const links = [...years]
    .sort()
    .reverse()
    .map((year) => `[${year}](docs/decisions/${year}.md)`);
  const line = `**Archive:** ${links.join(', ')}`;
  if (LINKS.test(head)) return head.replace(LINKS, () => line);
  const rule = head.lastIndexOf('\n---');
  const at = rule === -1 ? head.length : rule;
  return `${head.slice(0, at).trimEnd()}\n${line}\n\n${head.slice(at).replace(/^\n+/, '')}`;
}

/** An archive with these entries on top; one that is in it already is not added again. */
export function withArchived(archive: DecisionLog, moved: readonly LogEntry[]): DecisionLog {
  const there = new Set(archive.entries.map((entry) => essenceOf(entry.text)));
  const missing = moved
    .filter((entry) => !there.has(essenceOf(entry.text)))
    .map((entry) => ({ ...entry, text: entry.text.endsWith('\n') ? entry.text : `${entry.text}\n\n` }));
  return { ...archive, entries: [...missing, ...archive.entries] };
}

/** Which entry took the place of which. */
export function supersededBy(entries: readonly LogEntry[]): ReadonlyMap<number, number> {
  const by = new Map<number, number>();
  for (const { number, supersedes } of entries)
    for (const older of supersedes) if (number !== undefined && number > older) by.set(older, number);
  return by;
}

/** `7d`, `36h`, `2w`, `2026-02-01`: the first day that still counts; undefined for what is no span. */
export function dayOfSpan(span: string, nowMs: number): string | undefined {
  if (/^\d{4}-\d\d-\d\d$/.test(span)) return Number.isNaN(Date.parse(span)) ? undefined : span;
  const [, figure, unit] = /^(\d{1,5})([hdw])$/i.exec(span) ?? [];
  if (figure === undefined || unit === undefined) return undefined;
  const hours = { h: 1, d: 24, w: 168 }[unit.toLowerCase() as 'h' | 'd' | 'w'];
  return new Date(Math.max(0, nowMs - Number(figure) * hours * 3_600_000)).toISOString().slice(0, 10);
}
