/**
 * The worker pool (seed 001): how many workers may be at work at once, in all and of each kind. A worker counts while
 * somebody is there: a phase whose session is over takes nobody's seat. Pure.
 *
 * Glossary. *kind*: what a worker runs on (`claude`, `codex`, `gemini`, a name of one's own), or `reporting`: one that
 * reads everything, writes nothing and hands in findings.
 */

export const DEFAULT_KIND = 'claude';
export const REPORTING_KIND = 'reporting';
/** What stands for the scope of a reporting worker. */
export const NOTHING = '(nothing)';

export interface PoolLimits {
  readonly max: number;
  /** By kind; a kind without a limit of its own has that of the whole. */
  readonly kinds: ReadonlyMap<string, number>;
}

export type PoolRefusal =
  /** `wider`: the whole setting `pool` with which it would be let in; empty where another setting is in the way. */
  | {
      code: 'pool-full';
      phase: string;
      kind: string | null;
      limit: number;
      working: string[];
      wider: readonly string[];
    }
  | { code: 'pool-off'; phase: string; kind: string; wider: readonly string[] };

const KIND = /^[a-z][a-z0-9_-]{0,31}$/;
const ENTRY = /^([a-z][a-z0-9_-]{0,31}):(\d{1,4})$/;

export function isKind(word: string): boolean {
  return KIND.test(word);
}

/** `claude:5`. */
export function isPoolEntry(text: string): boolean {
  return ENTRY.test(text);
}

export function poolLimits(max: number, entries: readonly string[]): PoolLimits {
  const kinds = entries.map((entry) => ENTRY.exec(entry.trim())).filter((match) => match !== null);
  return { max, kinds: new Map(kinds.map(([, kind = '', figure]) => [kind, Number(figure)])) };
}

/** Why no further worker of this kind may begin, or undefined. `working`: the others that are at work, with their kinds. */
export function judgePool(
  limits: PoolLimits,
  asked: { readonly phase: string; readonly kind: string },
  working: readonly { readonly worker: string; readonly kind: string }[],
): PoolRefusal | undefined {
  const { phase, kind } = asked;
  const limit = limits.kinds.get(kind);
  if (limit === 0) return { code: 'pool-off', phase, kind, wider: widened(limits, kind, 1) };
  if (working.length >= limits.max)
    return {
      code: 'pool-full',
      phase,
      kind: null,
      limit: limits.max,
      working: working.map((one) => one.worker),
      wider: [],
    };
  const same = working.filter((one) => one.kind === kind);
  if (limit !== undefined && same.length >= limit)
    return {
      code: 'pool-full',
      phase,
      kind,
      limit,
      working: same.map((one) => one.worker),
      wider: widened(limits, kind, limit + 1),
    };
  return undefined;
}

function widened({ kinds }: PoolLimits, kind: string, limit: number): string[] {
  return [...kinds].map(([one, before]) => `${one}:${one === kind ? limit : before}`);
}
