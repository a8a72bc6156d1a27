/**
 * A queue entry: one branch that waits to land on the target.
 *
 * Glossary. *target*: the branch that work lands on. *tip*: the commit of the branch that is to land. *try*: one
 * taking up of the entry that ended in a landing or a rejection. *landed*: the target's ref holds its work. *lead*:
 * the coordinator, or the operator. *open*: not landed and not cancelled.
 *
 *   queued ──────────► landed
 *     │  ▲
 *     ▼  │ added again, or retry
 *   rejected ─(tries used up)─► needs_followup ─► queued (by the lead: the tries begin anew)
 *   queued, rejected, needs_followup ─► cancelled
 *
 * A phase has at most one open entry. `landed` and `cancelled` are final; a phase that has more to land gets a further
 * entry. The queue is served oldest `queued` first, so nobody starves. A worker cannot lift the bound on its own tries.
 */
import type { PlaceName } from './place-name.ts';

export const ENTRY_STATES = ['queued', 'rejected', 'needs_followup', 'landed', 'cancelled'] as const;
export type EntryState = (typeof ENTRY_STATES)[number];

/** Rules of the pre-flight that a coordinator may waive for one entry, by name. */
export const WAIVABLE = ['deletions', 'scope', 'evidence'] as const;
export type Waiver = (typeof WAIVABLE)[number];

export const ATTEMPT_OUTCOMES = ['landed', 'preflight', 'conflict', 'red', 'failed'] as const;
export type AttemptOutcome = (typeof ATTEMPT_OUTCOMES)[number];

/** One try, for the worker who has to mend it and for whoever comes after. */
export interface Attempt {
  readonly at: string;
  readonly outcome: AttemptOutcome;
  readonly tip: string;
  /** The target's commit that it was tried on; null where it did not come so far. */
  readonly onto: string | null;
  /** The named refusal, or the validation that was red. */
  readonly why: string;
  readonly files: readonly string[];
  /** Relative to home: all of the output, or of the conflict. */
  readonly log: string | null;
  /** Conflict hunks, or the failing tail: bounded. */
  readonly excerpt: string;
}

export interface Landed {
  /** What holds its work on the target: its own last commit there. */
  readonly commit: string;
  readonly tip: string;
  readonly at: string;
}

export interface QueueEntry {
  /** `<phase>.<n>`: part of a ref's name too. No n is used twice. */
  readonly id: string;
  /** Counts the saves. */
  readonly revision: number;
  readonly phase: string;
  readonly worker: string;
  readonly branch: string;
  readonly place: PlaceName;
  readonly target: string;
  readonly state: EntryState;
  readonly tip: string;
  readonly queued: string;
  readonly by: string;
  /** Rejections since it was added, or since its tries began anew. */
  readonly tries: number;
  readonly waived: readonly Waiver[];
  readonly history: readonly Attempt[];
  readonly landed?: Landed;
  /** What became of its last try was saved and not told yet; a run that was killed in between leaves it so. */
  readonly untold?: true;
}

export type QueueRefusal =
  | { code: 'entry-unknown'; asked: string; known: string[] }
  | { code: 'entry-state'; entry: string; phase: string; state: EntryState; verb: string }
  | { code: 'entry-needs-followup'; entry: string; phase: string; tries: number }
  | { code: 'entry-landing'; entry: string; phase: string }
  | { code: 'entry-of-other'; entry: string; worker: string; actor: string }
  /** Its phase is closed, and the branch went with the landing. */
  | { code: 'entry-landed'; entry: string; phase: string; branch: string; commit: string }
  /** A phase is not done while the queue has sent its work back. */
  | { code: 'entry-rejected'; entry: string; phase: string; why: string }
  | { code: 'landing-unclear'; target: string; why: string }
  | { code: 'turn-lost' };

/** What is said of a branch that is put into the queue. */
export interface Queueing
  extends Pick<QueueEntry, 'phase' | 'worker' | 'branch' | 'place' | 'target' | 'tip' | 'waived' | 'by'> {
  readonly at: string;
}

/** Attempts that are kept of an entry; the first ones go. */
const HISTORY_MAX = 50;

export function isOpen({ state }: Pick<QueueEntry, 'state'>): boolean {
  return state !== 'landed' && state !== 'cancelled';
}

export function entryIdOf(phase: string, number: number): string {
  return `${phase}.${number}`;
}

/** The n of `<phase>.<n>`; undefined for the id of another phase's entry. */
export function numberOf(id: string, phase: string): number | undefined {
  const prefix = `${phase}.`;
  const rest = id.slice(prefix.length);
  return id.toLowerCase().startsWith(prefix.toLowerCase()) && /^\d{1,9}$/.test(rest)
    ? Number(rest)
    : undefined;
}

/**
 * A branch added to the queue. `open` is the phase's open entry, where it has one: the same thing added twice is one
 * entry, the very same object; a new tip takes the place in the line that the entry has already.
 */
export function enqueue(
  open: QueueEntry | undefined,
  id: string,
  added: Queueing,
  isLead: boolean,
): QueueEntry | QueueRefusal {
  const { at, ...facts } = added;
  if (!open) return { id, revision: 0, ...facts, state: 'queued', queued: at, tries: 0, history: [] };
  if (open.state === 'queued') {
    const { tip, target, branch, place, waived } = facts;
    const isSame =
      open.tip === tip &&
      open.target === target &&
      open.branch === branch &&
      open.place === place &&
      open.waived.join() === waived.join();
    return isSame ? open : { ...open, ...facts };
  }
  if (open.state === 'rejected') return { ...open, ...facts, queued: at, state: 'queued' };
  const { phase, tries } = open;
  if (!isLead) return { code: 'entry-needs-followup', entry: open.id, phase, tries };
  return { ...open, ...facts, queued: at, state: 'queued', tries: 0 };
}

export function cancelEntry(entry: QueueEntry): QueueEntry | QueueRefusal {
  const { id, phase, state } = entry;
  if (!isOpen(entry)) return { code: 'entry-state', entry: id, phase, state, verb: 'be cancelled' };
  return { ...entry, state: 'cancelled' };
}

/** The target holds its work. Said again of the same landing, it changes nothing. */
export function landEntry(entry: QueueEntry, attempt: Attempt, commit: string): QueueEntry | QueueRefusal {
  const { id, phase, state, landed } = entry;
  if (state === 'landed' && landed?.commit === commit) return entry;
  if (state !== 'queued') return { code: 'entry-state', entry: id, phase, state, verb: 'land' };
  const { at, tip } = attempt;
  return { ...tried(entry, attempt), state: 'landed', landed: { commit, tip, at } };
}

export function rejectEntry(
  entry: QueueEntry,
  attempt: Attempt,
  triesMax: number,
): QueueEntry | QueueRefusal {
  const { id, phase, state } = entry;
  if (state !== 'queued') return { code: 'entry-state', entry: id, phase, state, verb: 'be rejected' };
  const tries = entry.tries + 1;
  return { ...tried(entry, attempt), tries, state: tries >= triesMax ? 'needs_followup' : 'rejected' };
}

function tried(entry: QueueEntry, attempt: Attempt): QueueEntry {
  return { ...entry, history: [...entry.history, attempt].slice(-HISTORY_MAX), untold: true };
}

/** Its worker was told of the last try. */
export function toldEntry(entry: QueueEntry): QueueEntry {
  const { untold: _, ...told } = entry;
  return entry.untold ? told : entry;
}

/** Entries that wait, in the order in which they are served. */
export function inLine(entries: readonly QueueEntry[]): QueueEntry[] {
  return entries.filter(({ state }) => state === 'queued').sort(byAge);
}

/** 1 is served next; 0: it does not wait. */
export function positionOf(entries: readonly QueueEntry[], id: string): number {
  return inLine(entries).findIndex((entry) => entry.id === id) + 1;
}

/** Oldest first. */
export function byAge(a: QueueEntry, b: QueueEntry): number {
  if (a.queued !== b.queued) return a.queued < b.queued ? -1 : 1;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

/** The entry that a person names: by its id, or by its phase, whose latest is meant. */
export function findEntry(entries: readonly QueueEntry[], asked: string): QueueEntry | QueueRefusal {
  const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();
  const ofPhase = entries.filter(({ phase }) => same(phase, asked));
  const latest = ofPhase.find(isOpen) ?? ofPhase.sort((a, b) => ageOf(b) - ageOf(a))[0];
  const found = latest ?? entries.find(({ id }) => same(id, asked));
  return found ?? { code: 'entry-unknown', asked, known: entries.filter(isOpen).map(({ id }) => id) };
}

function ageOf({ id, phase }: QueueEntry): number {
  return numberOf(id, phase) ?? 0;
}
