/**
 * A landing: the target's ref goes from one commit to another, and every worktree that has the target checked out
 * follows. The journal of a landing under way, and what it means when it is found by a later run.
 *
 * Glossary. *checkout*: a worktree that has the target checked out. *sync*: bringing a checkout from the old commit to
 * the new one. *fence*: a ref of coord's own that the landing's ref transaction deletes; whoever deletes it first ends
 * all chances of that transaction. *proof*: a ref for each entry, made in the same transaction, that keeps its tip.
 *
 * What a journal means, by the target's commit when it is found:
 *   holds the new one            landed: the sync is finished
 *   the old one, and no proof    not landed: nothing happened
 *   neither, and no proof        not landed: somebody else moved it
 *   without the new one, proof   rewound: it had landed, and somebody took it back
 *   anything, fence held         unclear: a git of the killed run is still at it
 */
import { fieldsOf, parseObject } from './json-value.ts';

export interface LandingEntry {
  readonly entry: string;
  readonly phase: string;
  readonly tip: string;
  /** What lands for it. */
  readonly commit: string;
}

export interface LandingOrder {
  /** A branch's name. */
  readonly target: string;
  readonly from: string;
  readonly to: string;
  readonly entries: readonly LandingEntry[];
}

export interface LandingJournal extends LandingOrder {
  readonly id: string;
  readonly at: string;
  /** The ref itself, where the branch is a symbolic one. */
  readonly ref: string;
  readonly checkouts: readonly string[];
  /** Those of which it is not known that a sync has brought them to the new commit. */
  readonly behind: readonly string[];
  /** True when all was told and saved, and only a checkout is behind. */
  readonly isSettled: boolean;
}

export interface CheckoutSync {
  readonly root: string;
  /** `gone`: it is no longer there, or has something else checked out. */
  readonly state: 'synced' | 'pending' | 'gone';
  readonly why: string | null;
  /** Relative to home. */
  readonly aside: readonly string[];
  /** Whose commit the landing moved: their own checkouts are left to the operator. */
  readonly submodules: readonly string[];
}

export type LandingOutcome = 'landed' | 'not-landed' | 'rewound' | 'unclear';

export type LandingProblem =
  | { code: 'target-missing'; target: string }
  | { code: 'target-moved'; target: string; expected: string; found: string | null }
  | {
      code: 'target-busy';
      target: string;
      root: string;
      why: string;
      file: string | null;
      ageMs: number | null;
    }
  | { code: 'target-dirty'; target: string; root: string; dirty: string[]; inTheWay: string[]; total: number }
  | { code: 'target-unwritable'; target: string; root: string; path: string }
  | { code: 'landing-refused'; target: string; detail: string }
  | { code: 'landing-open'; id: string; target: string; roots: string[] }
  | { code: 'git-failed'; step: string; detail: string };

export function printJournal(journal: LandingJournal): string {
  return `${JSON.stringify(journal, null, 2)}\n`;
}

const SHA = /^[0-9a-f]{40,64}$/;
const ID = /^[a-z0-9-]{1,64}$/;

/** Undefined for what coord did not write whole. */
export function parseJournal(text: string): LandingJournal | undefined {
  const value = parseObject(text);
  if (!value) return undefined;
  const { id, at, target, ref, from, to, entries, checkouts, behind, isSettled } = value;
  const isText = (one: unknown): one is string => typeof one === 'string';
  const areTexts = [id, at, target, ref, from, to].every(isText);
  if (!areTexts || !ID.test(id as string) || !/^refs\/heads\/./.test(ref as string)) return undefined;
  if (!SHA.test(from as string) || !SHA.test(to as string) || typeof isSettled !== 'boolean')
    return undefined;
  const areLists = [checkouts, behind].every((one) => Array.isArray(one) && one.every(isText));
  if (!areLists) return undefined;
  if (!Array.isArray(entries) || !entries.every(isEntry)) return undefined;
  return value as unknown as LandingJournal;
}

function isEntry(value: unknown): value is LandingEntry {
  const { entry, phase, tip, commit } = fieldsOf(value);
  const isSha = (one: unknown) => typeof one === 'string' && SHA.test(one);
  return typeof entry === 'string' && typeof phase === 'string' && isSha(tip) && isSha(commit);
}

export interface RefFacts {
  /** Undefined: the target is gone. */
  readonly found: string | undefined;
  /** The found commit is the new one, or holds it. */
  readonly holdsNew: boolean;
  readonly hasProofs: boolean;
  readonly isFenceHeld: boolean;
}

export function judgeJournal(facts: RefFacts): LandingOutcome {
  if (facts.isFenceHeld) return 'unclear';
  if (facts.holdsNew) return 'landed';
  return facts.hasProofs ? 'rewound' : 'not-landed';
}

const MESSAGE_CHARS_MAX = 200;

/** What the target's reflog says. */
export function reflogMessage(entries: readonly LandingEntry[]): string {
  const phases = [...new Set(entries.map(({ phase }) => phase))].join(', ');
  const text = `coord: land ${phases}`.replace(/[\u0000-\u001f\u007f]/g, ' ');
  return text.length > MESSAGE_CHARS_MAX ? `${text.slice(0, MESSAGE_CHARS_MAX - 1)}…` : text;
}
