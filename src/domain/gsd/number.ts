/**
 * How Get Shit Done numbers phases and plans: `1`, `01` and `001` are one phase, `2.1` was put in after 2, `2A` beside
 * it; a project's code may stand in front (`SHOP-03`). A plan is the phase's number with its own behind it: `01-02`.
 * Pure.
 */

/** A phase's number inside a regular expression. */
export const NUMBER = String.raw`(?:[A-Z][A-Z0-9_]{0,15}-(?=\d))?\d{1,4}[A-Za-z]?(?:\.\d{1,3}){0,3}(?![\w.]*\d)`;

const PARTS = /^(?:[A-Z][A-Z0-9_]*-)?0*(\d+)([A-Za-z]?)((?:\.\d+)*)$/;

/** `1` → `01`, `2.1` → `02.1`, `12a` → `12A`: the id of the phase. */
export function phaseIdOf(number: string): string | undefined {
  const match = PARTS.exec(number.trim());
  if (!match) return undefined;
  const [, whole = '', letter = '', decimals = ''] = match;
  return `${whole.padStart(2, '0')}${letter.toUpperCase()}${decimals}`;
}

/** `1` → `01`, `02b` → `02B`: the part of a plan's id behind the phase's. */
export function planNumberOf(number: string): string {
  const match = /^0*(\d+)([A-Za-z]?)$/.exec(number);
  return match ? `${(match[1] ?? '').padStart(2, '0')}${(match[2] ?? '').toUpperCase()}` : number;
}

/** Ideas that were parked, and are no phases yet, are numbered 999. */
export function isParked(id: string): boolean {
  return /^999(?:\D|$)/.test(id);
}

function partsOf(id: string): (number | string)[] {
  const [, whole = '0', letter = '', decimals = ''] = PARTS.exec(id) ?? [];
  return [Number(whole), letter, ...decimals.split('.').slice(1).map(Number)];
}

/** In the order in which they are worked on: 2, 2.1, 2.2, 2A, 3. */
export function byNumber(a: string, b: string): number {
  const [left, right] = [partsOf(a), partsOf(b)];
  for (let at = 0; at < Math.max(left.length, right.length); at += 1) {
    const [mine, theirs] = [left[at] ?? -1, right[at] ?? -1];
    if (mine === theirs) continue;
    return mine < theirs ? -1 : 1;
  }
  return 0;
}

/** Whether two ids mean one phase: those that people chose (`1`, `api`) among them. */
export function isSamePhase(a: string, b: string): boolean {
  const plain = (text: string) => text.toLowerCase().replace(/^0+(?=\d)/, '');
  return plain(a) === plain(b);
}

export interface PhaseSpan {
  readonly from: string;
  readonly to: string;
}

/** What was inserted behind the last phase of a span belongs to it: 4.1 to 1-4. */
export function isInSpan(id: string, { from, to }: PhaseSpan): boolean {
  if (byNumber(id, from) < 0) return false;
  return byNumber(id, to) <= 0 || id.startsWith(`${to}.`);
}

const ONE = new RegExp(`(?<![\\w.-])${NUMBER}`, 'g');
const SPAN = new RegExp(`(?<![\\w.-])(${NUMBER})\\s*(?:-|\u2013|\u2014|to|through)\\s*(${NUMBER})`, 'g');

/** The phases that words name: `Phase 1`, `Phases 2 and 3`, `1-4`. Numbers in brackets are asides. */
export function spansIn(text: string): PhaseSpan[] {
  const spans: PhaseSpan[] = [];
  const add = (from: string | undefined, to: string | undefined) => {
    const [first, last] = [phaseIdOf(from ?? ''), phaseIdOf(to ?? '')];
    if (first !== undefined && last !== undefined) spans.push({ from: first, to: last });
  };
  const rest = text.replace(SPAN, (_, from: string, to: string) => {
    add(from, to);
    return ' ';
  });
  for (const [one] of rest.matchAll(ONE)) add(one, one);
  return spans;
}

/** The spans behind the word "Phase" or "Phases", wherever it stands. */
export function phaseSpansIn(text: string): PhaseSpan[] {
  const list = String.raw`${NUMBER}(?:\s*(?:,|&|\+|and|-|${'\u2013'}|${'\u2014'}|to|through)\s*(?:and\s+)?(?:phases?\s+)?${NUMBER})*`;
  return [...text.matchAll(new RegExp(`\\bphases?\\s+(${list})`, 'gi'))].flatMap((match) =>
    spansIn(match[1] ?? ''),
  );
}
