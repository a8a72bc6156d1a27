/**
 * Records a decision: the project's in DECISIONS.md, newest on top; a phase's in its STATUS.md, by its worker (seed 000
 * splits them by scope). DECISIONS.md is only ever added to; what is in it stays as it is, byte for byte.
 */
import {
  type Decision,
  type DecisionLog,
  type LogEntry,
  nextNumber,
  parseLog,
  printEntry,
  sealEntry,
  withEntry,
} from '../domain/decision-log.ts';
import { cleanLine } from '../domain/message.ts';
import { done, type Outcome, type Problem, refuse } from '../domain/problem.ts';
import { DECISIONS_FILE, statusFileOf } from '../domain/project-paths.ts';
import { addDecision } from '../domain/status-document.ts';
import { isoOf, nowMs } from '../storage/clock.ts';
import {
  adoptEntries,
  hashOf,
  ledgerEntryOf,
  readAllDecisions,
  readDecisions,
  readLedger,
  writeDecisions,
  writeLedger,
} from '../storage/decision-files.ts';
import { changeStatus } from '../storage/documents.ts';
import type { Caller } from '../storage/light/caller.ts';
import { noteChanges } from '../storage/light/journal.ts';
import { withMutex } from '../storage/light/mutex.ts';
import { coordinationPath } from '../storage/light/roster.ts';
import type { Scribe } from './write-history.ts';

/** Where it is recorded. Nothing said: a worker's belongs to its phase, anybody else's to the project. */
export type DecisionScope = { kind: 'project' } | { kind: 'phase'; phase: string } | undefined;

export interface RecordedDecision {
  readonly file: string;
  readonly title: string;
  /** Of the project's log. */
  readonly number?: number;
}

export const DECISIONS_MUTEX = 'document-DECISIONS';
const TEXT_MAX = 4_000;

export function recordDecision(
  caller: Caller,
  decision: Decision,
  scope?: DecisionScope,
): Outcome<RecordedDecision> {
  if (caller.kind === 'guest' || caller.kind === 'ended')
    return refuse({ code: 'not-joined', root: caller.root });
  if (cleanLine(decision.title) === '')
    return refuse({ code: 'name-bad', what: 'title', text: decision.title });
  const own = caller.record?.phase;
  if (scope?.kind === 'phase' && scope.phase !== own?.id)
    return refuse({ code: 'decision-phase', phase: scope.phase, actor: caller.name });
  if (own && scope?.kind !== 'project') return recordForPhase(caller, own.folder, decision);
  const { home, session, name } = caller;
  return recordForProject({ home, session }, caller.record ? { ...decision, by: name } : decision);
}

function recordForPhase(caller: Caller, folder: string, decision: Decision): Outcome<RecordedDecision> {
  const { home, root } = caller;
  const why = decision.context === '' ? '' : ` Because: ${cleanLine(decision.context, TEXT_MAX)}`;
  const rest = [...decision.alternatives.map((text) => `Not: ${text}`), ...decision.consequences];
  const text = cleanLine([`${decision.title}: ${decision.decision}.${why}`, ...rest].join(' '), TEXT_MAX);
  const changed = changeStatus<undefined, never>({ home, root, folder }, (document) => ({
    done: true,
    document: addDecision(document, { at: isoOf(nowMs()), text }),
    value: undefined,
  }));
  return changed.done ? done({ file: statusFileOf(folder), title: decision.title }) : changed;
}

/** Adds an entry to DECISIONS.md; also for what coord itself records. `isOnce`: not where it stands there already. */
export function recordForProject(
  scribe: Scribe,
  decision: Decision,
  isOnce = false,
): Outcome<RecordedDecision> {
  const { home, session } = scribe;
  const outcome = withMutex(
    coordinationPath(home, 'leases'),
    DECISIONS_MUTEX,
    (): Outcome<RecordedDecision> => {
      const atMs = nowMs();
      const log = readDecisions(home) ?? parseLog(headOf(home, atMs));
      const files = readAllDecisions(home);
      adoptEntries(home, files);
      const entries = files.flatMap((file) => file.log.entries);
      const problem = judgeSuperseded(
        decision,
        log,
        entries.map((entry) => entry.number ?? 0),
      );
      if (problem) return refuse(problem);
      const same = isOnce ? findSame(entries, cleanDecision(decision)) : undefined;
      if (same) return done({ file: DECISIONS_FILE, title: decision.title, number: same.number ?? 0 });
      const number = nextNumber(
        entries,
        readLedger(home).map((entry) => entry.number ?? 0),
      );
      const text = printEntry(cleanDecision(decision), number, isoOf(atMs).slice(0, 10));
      const next = withEntry(log, sealEntry(text, number, hashOf(text)));
      writeDecisions(home, next, (paths) =>
        noteChanges(home, null, { atMs, session: session ?? 'terminal', paths }),
      );
      const [added] = next.entries;
      if (added) writeLedger(home, ledgerEntryOf(added));
      return done({ file: DECISIONS_FILE, title: decision.title, number });
    },
  );
  return outcome.done ? outcome.value : refuse({ code: 'mutex-timeout', name: DECISIONS_FILE });
}

function findSame(entries: readonly LogEntry[], decision: Decision): LogEntry | undefined {
  const { title, context, decision: decided } = decision;
  return entries.find(
    ({ title: other, text }) => other === title && text.includes(context) && text.includes(decided),
  );
}

function judgeSuperseded(
  { supersedes }: Decision,
  { entries }: DecisionLog,
  known: readonly number[],
): Problem | undefined {
  const unknown = supersedes.find((number) => !known.includes(number));
  if (unknown === undefined) return undefined;
  const latest = entries.map((entry) => entry.number).filter((number) => number !== undefined);
  return { code: 'decision-unknown', number: unknown, known: latest.slice(0, 10) };
}

function cleanDecision(decision: Decision): Decision {
  const line = (text: string) => cleanLine(text, TEXT_MAX);
  return {
    ...decision,
    title: line(decision.title),
    context: line(decision.context),
    decision: line(decision.decision),
    alternatives: decision.alternatives.map(line),
    consequences: decision.consequences.map(line),
  };
}

function headOf(home: string, atMs: number): string {
  const project = home.split(/[\\/]/).at(-1) ?? 'project';
  return `# Architectural Decision Log\n\n**Project:** ${project}\n**Started:** ${isoOf(atMs).slice(0, 10)}\n\n---\n\n`;
}
