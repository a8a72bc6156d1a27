/**
 * Evidence: one record of one validation command that really ran, made by coord itself and never by what somebody
 * printed or claims. It names the tree that it ran on (all content that git would track, without coord's own
 * documents), before and after: a command that changed the files it judges has judged neither state.
 *
 * Glossary. *validation*: a shell command of the setting `validation`. *place*: the worktree; evidence of one says
 * nothing of another. *attempt*: the time since a plan was started last.
 */

import { fieldsOf } from './json-value.ts';
import type { PlaceName } from './place-name.ts';

export interface Evidence {
  readonly id: string;
  /** The validation, as the setting has it. */
  readonly command: string;
  /** Null when it has no exit code of its own: killed, interrupted, or one of several in a line that failed. */
  readonly exit: number | null;
  /** Null where git could not say; such evidence proves nothing. */
  readonly tree: string | null;
  readonly tree_after: string | null;
  /** HEAD when it began; null before the first commit. */
  readonly commit: string | null;
  readonly started: string;
  readonly ended: string;
  readonly duration_ms: number;
  /** The agent that ran it. */
  readonly by: string;
  readonly session: string | null;
  readonly place: PlaceName;
  /** The kept output, relative to home. */
  readonly log: string | null;
  /** `run`: by `coord run`; `tool`: by a session's Bash tool. */
  readonly via: 'run' | 'tool';
}

const ID = /^ev-\d{8}-\d{9}-[A-Za-z0-9_-]{1,40}$/;

/** Sorts by time as text; the tail makes it unique among processes. */
export function printEvidenceId(atMs: number, tail: string): string {
  const iso = new Date(atMs).toISOString();
  const moment = `${iso.slice(0, 10).replaceAll('-', '')}-${iso.slice(11, 23).replace(/[:.]/g, '')}`;
  return `ev-${moment}-${tail}`;
}

export function isEvidenceId(text: string): boolean {
  return ID.test(text);
}

/** A record as it was read; undefined for what is none, or lies under another's name. */
export function evidenceFrom(value: unknown, id: string): Evidence | undefined {
  const it = fieldsOf(value);
  const isText = (key: string) => typeof it[key] === 'string';
  const isTextOrNull = (key: string) => it[key] === null || isText(key);
  const isWhole =
    it['id'] === id &&
    isEvidenceId(id) &&
    ['command', 'started', 'ended', 'by'].every(isText) &&
    ['tree', 'tree_after', 'commit', 'session', 'place', 'log'].every(isTextOrNull) &&
    (it['exit'] === null || Number.isInteger(it['exit'])) &&
    typeof it['duration_ms'] === 'number' &&
    (it['via'] === 'run' || it['via'] === 'tool') &&
    [it['started'], it['ended']].every((at) => !Number.isNaN(Date.parse(String(at))));
  return isWhole ? (value as Evidence) : undefined;
}

/** What evidence is held against. */
export interface Proving {
  readonly command: string;
  readonly place: PlaceName;
  /** What the working tree holds now; undefined where git cannot say. */
  readonly tree: string | undefined;
  /** When the plan's attempt began. */
  readonly sinceMs: number;
  /** Set where the command must have run again since the last commit, which is this. */
  readonly commit?: string | undefined;
}

export type EvidenceFlaw =
  | 'never-run'
  | 'earlier-attempt'
  | 'tree-unknown'
  | 'changed-files'
  | 'other-tree'
  | 'before-commit'
  | 'failed'
  | 'stopped';

/** How a validation stands: proven by a record, or the flaw of the record that comes nearest. */
export type Proof =
  | { readonly flaw: undefined; readonly evidence: Evidence }
  | { readonly flaw: EvidenceFlaw; readonly evidence: Evidence | undefined };

/**
 * Of all runs that speak of this very tree the last one decides: a test that passed and then failed on the same
 * files has failed.
 */
export function proofOf(evidence: readonly Evidence[], wanted: Proving): Proof {
  const own = evidence
    .filter((one) => one.command === wanted.command && one.place === wanted.place)
    .sort((a, b) => Date.parse(b.ended) - Date.parse(a.ended) || (a.id < b.id ? 1 : -1));
  const [latest] = own;
  if (!latest) return { flaw: 'never-run', evidence: undefined };
  const decisive = own.find((one) => standing(one, wanted) === undefined) ?? latest;
  const flaw = standing(decisive, wanted) ?? outcome(decisive);
  return flaw === undefined ? { flaw, evidence: decisive } : { flaw, evidence: decisive };
}

/** Why a record says nothing of this tree in this attempt. */
function standing(one: Evidence, wanted: Proving): EvidenceFlaw | undefined {
  if (Date.parse(one.started) < wanted.sinceMs) return 'earlier-attempt';
  if (wanted.tree === undefined || one.tree === null || one.tree_after === null) return 'tree-unknown';
  if (one.tree !== one.tree_after) return 'changed-files';
  if (one.tree !== wanted.tree) return 'other-tree';
  return wanted.commit !== undefined && one.commit !== wanted.commit ? 'before-commit' : undefined;
}

/** What a shell says of a command that SIGHUP, SIGINT, SIGKILL or SIGTERM ended: somebody stopped it, and nothing was shown. */
const STOPPING: Readonly<Record<string, number>> = { SIGHUP: 129, SIGINT: 130, SIGKILL: 137, SIGTERM: 143 };

/**
 * `exit`: null when a signal ended the program itself. Where that is known, a crash of its own (SIGSEGV) is none; evidence
 * keeps no signal.
 */
export function isStopped(exit: number | null, signal?: string | null): boolean {
  if (exit !== null) return Object.values(STOPPING).includes(exit);
  return signal === undefined || signal === null || signal in STOPPING;
}

function outcome({ exit }: Evidence): 'failed' | 'stopped' | undefined {
  if (exit === 0) return undefined;
  return isStopped(exit) ? 'stopped' : 'failed';
}

/** The last run since a moment that did not pass, and has not passed since: what the next worker starts from. */
export function lastFailure(evidence: readonly Evidence[], sinceMs: number): Evidence | undefined {
  const latest = new Map<string, Evidence>();
  for (const one of evidence) {
    const known = latest.get(one.command);
    if (Date.parse(one.started) >= sinceMs && !(known && known.ended > one.ended))
      latest.set(one.command, one);
  }
  return [...latest.values()]
    .filter((one) => one.exit !== 0)
    .reduce<Evidence | undefined>((last, one) => (last && last.ended > one.ended ? last : one), undefined);
}
