/**
 * The gate: evidence and rules in, a verdict out. Pure; who gathers the facts is usecases/judge-gate.
 *
 * It passes when every configured validation passed, in full, on this very tree, since the plan was started, and a
 * commit made since then names the plan. Strict besides: `git status` is clean, and each validation ran again after
 * the last commit. Without a validation there is nothing that could be proven, so the gate fails when it is asked by
 * hand (a script must not take silence for proof), and `plan complete` does not ask it.
 */
import { type Evidence, type EvidenceFlaw, proofOf } from './evidence.ts';
import type { PlaceName } from './place-name.ts';

export interface GateCommit {
  readonly sha: string;
  readonly message: string;
  readonly committedMs: number;
  readonly authoredMs: number;
}

export interface GateFacts {
  readonly plan: string;
  readonly place: PlaceName;
  /** When the plan was started last; where it never was, when its worker joined the phase. */
  readonly sinceMs: number;
  readonly tree: string | undefined;
  /** HEAD. */
  readonly commit: string | undefined;
  readonly validations: readonly string[];
  readonly evidence: readonly Evidence[];
  /** Commits that HEAD holds, none older than the start left out. */
  readonly commits: readonly GateCommit[];
  readonly commitId: string;
  readonly isStrict: boolean;
  /** What `git status` lists, without coord's own documents. */
  readonly dirty: readonly string[];
}

export type CheckCode = EvidenceFlaw | 'passed' | 'no-commit' | 'not-clean' | 'no-validation';

export interface Check {
  readonly kind: 'validation' | 'commit' | 'clean';
  /** The validation itself, `commit`, or `clean git status`. */
  readonly name: string;
  readonly ok: boolean;
  readonly code: CheckCode;
  readonly why: string;
  readonly evidence?: string;
  /** The commit that names the plan. */
  readonly commit?: string;
}

export interface GateVerdict {
  readonly plan: string;
  readonly verdict: 'pass' | 'fail';
  readonly tree: string | null;
  readonly commit: string | null;
  readonly checks: readonly Check[];
  /** One sentence for each check that failed. */
  readonly missing: readonly string[];
}

const DIRTY_TOLD_MAX = 5;

export function judgeGate(facts: GateFacts): GateVerdict {
  const { plan, tree = null, commit = null, validations, isStrict } = facts;
  const checks = [
    ...(validations.length === 0 ? [NOTHING_TO_PROVE] : []),
    ...validations.map((command) => checkValidation(command, facts)),
    checkCommit(facts),
    ...(isStrict ? [checkClean(facts)] : []),
  ];
  const missing = checks.filter((check) => !check.ok).map((check) => `${check.name}: ${check.why}`);
  return { plan, verdict: missing.length === 0 ? 'pass' : 'fail', tree, commit, checks, missing };
}

const NOTHING_TO_PROVE: Check = {
  kind: 'validation',
  name: 'validation',
  ok: false,
  code: 'no-validation',
  why: `no validation is configured, so nothing can be proven (coord config set validation '["npm test"]')`,
};

const WHY: Record<Exclude<EvidenceFlaw, 'failed'>, string> = {
  'never-run': 'it has not run here',
  'earlier-attempt': 'it has not run since the plan was started',
  'tree-unknown': 'git could not say on which files it ran',
  'changed-files':
    'it changed files while it ran, so it proves no state; have git ignore its output, or run it again',
  'other-tree': 'it ran on other files than those that are here now',
  'before-commit': 'it has not run again since the last commit',
  stopped: 'its last run was stopped, or failed as a part of a longer line',
};

function checkValidation(command: string, facts: GateFacts): Check {
  const { place, tree, sinceMs, isStrict, commit } = facts;
  const after = isStrict ? { commit } : {};
  const { flaw, evidence } = proofOf(facts.evidence, { command, place, tree, sinceMs, ...after });
  const named = evidence ? { evidence: evidence.id } : {};
  const base = { kind: 'validation' as const, name: command, ...named };
  if (flaw === undefined) return { ...base, ok: true, code: 'passed', why: 'it passed on this tree' };
  return { ...base, ok: false, code: flaw, why: proofWords(flaw, evidence) };
}

/** Why a validation is not proven, in words. */
export function proofWords(flaw: EvidenceFlaw, evidence: Evidence | undefined): string {
  return flaw === 'failed' ? `it failed (exit ${evidence?.exit})` : WHY[flaw];
}

/** git knows seconds: a commit of the second in which the plan was started counts. */
function checkCommit({ plan, commits, commitId, sinceMs }: GateFacts): Check {
  const fromMs = Math.floor(sinceMs / 1_000) * 1_000;
  // Both moments: an old commit that is rebased or picked is committed anew, and still holds old work.
  const own = commits.find(
    ({ message, committedMs, authoredMs }) =>
      committedMs >= fromMs && authoredMs >= fromMs && namesPlan(message, commitId, plan),
  );
  const base = { kind: 'commit' as const, name: 'commit' };
  if (own)
    return { ...base, ok: true, code: 'passed', why: `${own.sha.slice(0, 12)} names it`, commit: own.sha };
  const why = `no commit since the plan was started has "${wantedText(commitId, plan)}" in its message`;
  return { ...base, ok: false, code: 'no-commit', why };
}

function checkClean({ dirty }: GateFacts): Check {
  const base = { kind: 'clean' as const, name: 'clean git status' };
  if (dirty.length === 0) return { ...base, ok: true, code: 'passed', why: 'nothing is uncommitted' };
  const more = dirty.length > DIRTY_TOLD_MAX ? ` and ${dirty.length - DIRTY_TOLD_MAX} more` : '';
  const why = `not committed: ${dirty.slice(0, DIRTY_TOLD_MAX).join(', ')}${more}`;
  return { ...base, ok: false, code: 'not-clean', why };
}

/** What the message of a plan's commit must contain. */
function wantedText(pattern: string, plan: string): string {
  return pattern.split('{id}').join(plan);
}

/** Whether a commit message names the plan: `x.2` stands neither in `x.25` nor in `ax.2` or `x.2-b`. */
export function namesPlan(message: string, pattern: string, plan: string): boolean {
  return hasWord(message, wantedText(pattern, plan));
}

/** Characters that go on with an id: what joins letters and digits to it counts, a full stop at its end does not. */
const GOES_ON_BEFORE = /[\p{L}\p{N}\p{M}][._-]*$/u;
const GOES_ON_AFTER = /^[._-]*[\p{L}\p{N}]|^\p{M}/u;
const LOOK_CHARS = 80;

/** Whether a text stands in another as a word of its own. */
export function hasWord(text: string, word: string): boolean {
  if (word === '') return false;
  const isOpenBefore = /^[\p{L}\p{N}._-]/u.test(word);
  const isOpenAfter = /[\p{L}\p{N}._-]$/u.test(word);
  for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + 1)) {
    const before = text.slice(Math.max(0, at - LOOK_CHARS), at);
    const after = text.slice(at + word.length, at + word.length + LOOK_CHARS);
    const goesOn =
      (isOpenBefore && GOES_ON_BEFORE.test(before)) || (isOpenAfter && GOES_ON_AFTER.test(after));
    if (!goesOn) return true;
  }
  return false;
}

/** The commands by which what is missing comes about, in their order. */
export function nextSteps(verdict: GateVerdict, commitId: string): string[] {
  const failed = verdict.checks.filter((check) => !check.ok);
  const wanted = wantedText(commitId, verdict.plan);
  const commits = failed.some((check) => check.kind === 'commit' || check.kind === 'clean');
  const validations = failed.filter((check) => check.kind === 'validation' && check.code !== 'no-validation');
  return [
    // Of what is new too, and also where all is committed already under another name.
    ...(commits ? [`git add -A && git commit --allow-empty -m "${wanted}: <what was done>"`] : []),
    // Strict wants the runs after the commit; otherwise the order does not matter.
    ...validations.map((check) => check.name),
  ];
}
