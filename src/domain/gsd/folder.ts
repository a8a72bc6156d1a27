/**
 * A phase's folder of Get Shit Done (`02-login`, with `02-01-PLAN.md`, `02-01-SUMMARY.md`, `02-VERIFICATION.md`): what the
 * names say, and of each file what it says about the state of its plan. Pure.
 *
 * GSD takes a plan for done when its summary is there. So does coord, unless the summary says otherwise, or is empty:
 * then its writer was ended in the middle.
 */
import { NUMBER, phaseIdOf, planNumberOf } from './number.ts';
import {
  type GsdLine,
  type GsdNote,
  type GsdWhy,
  headingAt,
  headOf,
  noteOf,
  plainOf,
  titleFrom,
} from './text.ts';

export type GsdFileKind = 'plan' | 'summary' | 'verification' | 'other';

/** What a file is by its name; undefined for one that GSD does not make. A plan is known by its number. */
export interface GsdFileName {
  readonly kind: GsdFileKind;
  readonly number: string | undefined;
}

const STEM = new RegExp(
  `^(?:(${NUMBER.replace('(?![\\w.]*\\d)', '')})(?:-(\\d{1,3}[A-Za-z]?))?(?:-[A-Za-z0-9-]+)?-)?(PLAN|SUMMARY)\\.md$`,
);
const OTHER = /(?:^|-)(?:CONTEXT|RESEARCH|UAT|VALIDATION|REVIEWS?|DISCOVERY|UI-SPEC|USER-SETUP)\.md$/;

/** `undefined` for a file of somebody else's; `bad` for one that has a plan's ending and no plan's name. */
export function gsdFileOf(name: string, phase: string): GsdFileName | 'bad' | undefined {
  if (/(?:^|-)VERIFICATION\.md$/.test(name)) return { kind: 'verification', number: undefined };
  if (OTHER.test(name)) return { kind: 'other', number: undefined };
  if (!/(?:PLAN|SUMMARY)\.md$/.test(name)) return undefined;
  const [, of, number, kind] = STEM.exec(name) ?? [];
  if (kind === undefined || (of !== undefined && phaseIdOf(of) !== phase)) return 'bad';
  // A phase of one plan may have it without a number.
  return { kind: kind === 'PLAN' ? 'plan' : 'summary', number: planNumberOf(number ?? '1') };
}

/** `02-login` → the phase's id and the words of its name; undefined for a folder that is none of GSD's. */
export function gsdFolderOf(name: string): { id: string; words: string } | undefined {
  const match = new RegExp(`^(${NUMBER})(?:-(.*))?$`).exec(name);
  const id = phaseIdOf(match?.[1] ?? '');
  if (id === undefined) return undefined;
  const words = (match?.[2] ?? '')
    .replace(/-inserted$/i, '')
    .replace(/[-_]+/g, ' ')
    .trim();
  return { id, words: words === '' ? '' : `${words.charAt(0).toUpperCase()}${words.slice(1)}` };
}

/** Whether a folder's name can be one of coord's: it is also the name of a branch and of a worktree. */
export function isPhaseFolder(name: string): boolean {
  return (
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,98}[A-Za-z0-9_]$|^[A-Za-z0-9]$/.test(name) &&
    !name.includes('..') &&
    !/\.lock$/i.test(name)
  );
}

/** What its file calls a plan: its title, the first sentence of its objective, or its heading. */
export function planTitleIn(text: string): string | undefined {
  const head = headOf(text);
  const named = head.values.get('title') ?? head.values.get('name');
  if (named && named.text !== '') return titleFrom(named.text);
  const at = head.body.findIndex(({ text: said }) => /^\s*<objective>/i.test(said));
  const inside =
    at < 0 ? [] : head.body.slice(at, at + 6).map(({ text: said }) => said.replace(/<\/?objective>/gi, ''));
  const objective = inside.find((said) => titleFrom(said) !== '');
  if (objective !== undefined) return titleFrom(plainOf(objective).replace(/(?<=\w\w[.])\s.*$/, ''));
  const heading = head.body.map(headingAt).find((one) => one !== undefined);
  const words = heading?.text.replace(/^.*?\bPlan\s+[\w.-]*\d\w*\s*[:.\u2013\u2014-]*\s*/i, '');
  return words === undefined || titleFrom(words) === '' ? undefined : titleFrom(words);
}

export interface GsdSummary {
  readonly state: 'complete' | 'failed' | 'partial' | 'unread';
  readonly notes: readonly GsdNote[];
}

const WORDS: readonly [RegExp, GsdSummary['state'], GsdWhy][] = [
  [/^\W*(?:fail|error|abort|reject)/i, 'failed', 'summary-failed'],
  [
    /^\W*(?:partial|incomplete|not (?:complete|done|started)|in[ _-]?progress|blocked|paused|halted|stopped|checkpoint|awaiting|pending|draft|gaps|needs)/i,
    'partial',
    'summary-partial',
  ],
];

export function parseSummary(text: string, file: string): GsdSummary {
  if (text.trim() === '') return { state: 'unread', notes: [noteOf(file, undefined, 'empty')] };
  const head = headOf(text);
  if (head.language !== undefined)
    return { state: 'unread', notes: [noteOf(file, { line: 1, text: `---${head.language}` }, 'language')] };
  const said = statusIn(head.values, head.body);
  for (const [words, state, why] of WORDS)
    if (said && words.test(said.text)) return { state, notes: [noteOf(file, said, why)] };
  return { state: 'complete', notes: [] };
}

const BODY_LINES_MAX = 60;

/** What a file says about itself: in its head, or in a line "**Status:** …" near its top. */
function statusIn(values: ReadonlyMap<string, GsdLine>, body: readonly GsdLine[]): GsdLine | undefined {
  const named = values.get('status') ?? values.get('outcome') ?? values.get('result');
  if (named) return named;
  const first = body.findIndex(({ text }) => text.trim() !== '');
  for (const { line, text } of body.slice(Math.max(0, first), first + BODY_LINES_MAX)) {
    const match = /^\s*(?:[-*]\s+)?\*\*(?:Status|Outcome|Result)(?::\*\*|\*\*\s*:)\s*(.*)$/i.exec(text);
    if (match) return { line, text: titleFrom(match[1] ?? '') };
  }
  return undefined;
}

/** A verification that did not find what the phase was to bring, or waits for a person. */
export function openVerification(text: string, file: string): GsdNote | undefined {
  const head = headOf(text);
  const said = statusIn(head.values, head.body);
  return said && /^\W*(?:gaps|fail|human|needs|blocked|partial)/i.test(said.text)
    ? noteOf(file, said, 'verification')
    : undefined;
}
