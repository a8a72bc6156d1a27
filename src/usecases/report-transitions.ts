/**
 * Reports what changed in a phase's STATUS.md to the coordinator, each change once.
 *
 * `roster/reported/<folder>.json` holds what was reported; `…/<folder>.next.json` a report under way. Order of writes,
 * under the mutex `report-<folder>`: 1 the next report with its messages, complete (fsync); 2 each message is sent
 * (an id sent before is not sent again); 3 the blockers' twin learns which message told of which; 4 it becomes what was
 * reported, and the report under way is removed; 5 the twin is brought to what STATUS.md says now.
 * Killed after 1, the next call finds the report under way and carries on with the very same messages, before it
 * compares anew. Before all of it, completions that STATUS.md claims are held against the gate (hold-completions):
 * nothing reports work done that is not.
 */
import type { OpenBlocker } from '../domain/blocker.ts';
import type { Envelope } from '../domain/message.ts';
import type { PlanState } from '../domain/plan.ts';
import { done, type GateProblem, type Outcome } from '../domain/problem.ts';
import { answerBlockers, type StatusDocument, withMilestones } from '../domain/status-document.ts';
import { nothingReported, planReport, type Report, type ReportedPhase } from '../domain/transition.ts';
import { isoOf, nowMs } from '../storage/clock.ts';
import { readStatus } from '../storage/document-kinds.ts';
import { acceptOlder, changeStatus } from '../storage/documents.ts';
import { headOf } from '../storage/git.ts';
import { changeOpenBlockers, readOpenBlockers } from '../storage/light/blocker-twin.ts';
import { removeIfThere } from '../storage/light/files.ts';
import { findMessage } from '../storage/light/mailbox.ts';
import { withMutex } from '../storage/light/mutex.ts';
import {
  coordinationPath,
  fileNameOf,
  type PlaceRecord,
  readRecord,
  writeRecord,
} from '../storage/light/roster.ts';
import { sendEnvelope } from '../storage/light/sending.ts';
import { mayBringForward } from '../storage/set-back.ts';
import { readSettings } from '../storage/settings.ts';
import { announceLeft } from './announce-failure.ts';
import { applyJudged, judgeCompletions, noteJudged } from './hold-completions.ts';

/** Stands for the message of an answer that somebody wrote into STATUS.md by hand. */
const BY_HAND = 'STATUS.md';

export interface Reporter {
  readonly home: string;
  /** Root of the worker's worktree. */
  readonly root: string;
  readonly record: PlaceRecord;
  /** Hears of each plan that was called complete by hand and is not. */
  readonly tell?: (problem: GateProblem) => void;
}

export interface Reported {
  /** The messages of this report, none when nothing changed. */
  readonly sent: readonly Envelope[];
  /** STATUS.md as it was found, or as it was saved here: reading it once more costs a hook 10 ms. */
  readonly status: StatusDocument;
}

function reportedFile(home: string, folder: string): string {
  return coordinationPath(home, 'roster', 'reported', `${fileNameOf(folder)}.json`);
}

function nextFile(home: string, folder: string): string {
  return coordinationPath(home, 'roster', 'reported', `${fileNameOf(folder)}.next.json`);
}

/** What counts as told when a worker starts: the plans as the coordinator planned them. */
export function beginReporting(
  home: string,
  folder: string,
  plans: readonly { id: string; state: PlanState }[],
): void {
  if (readRecord(reportedFile(home, folder))) return;
  const states = Object.fromEntries(plans.map((plan) => [plan.id, plan.state]));
  writeRecord(reportedFile(home, folder), nothingReported(states));
}

/** Sends what is owed. */
export function reportTransitions(given: Reporter): Outcome<Reported> {
  const { home, record } = given;
  const { folder } = record.phase;
  const takenBack: string[] = [];
  const tell = (problem: GateProblem) => {
    if (problem.code === 'plan-taken-back') takenBack.push(problem.plan);
    given.tell?.(problem);
  };
  const reporter = { ...given, tell };
  const outcome = withMutex(coordinationPath(home, 'leases'), `report-${folder}`, (): Outcome<Reported> => {
    // Read in here: what was read before the wait may be older than what another has reported meanwhile.
    const known = readRecord<ReportedPhase>(reportedFile(home, folder));
    const settled = settleStatus(reporter, known);
    if (!settled.done) return settled;
    const worker = record.worker;
    const sent = finishReport(home, folder, worker, settled.value);
    const before = readRecord<ReportedPhase>(reportedFile(home, folder)) ?? nothingReported({});
    const { events } = readSettings(home).settings;
    const report = planReport(before, settled.value, folder, { events, atMs: nowMs() });
    if (report) {
      writeRecord(nextFile(home, folder), report);
      sent.push(...finishReport(home, folder, worker, settled.value));
    }
    syncBlockers(home, worker, settled.value, sent);
    return done({ sent, status: settled.value });
  });
  if (!outcome.done) return { done: false, problem: { code: 'mutex-timeout', name: `report-${folder}` } };
  announceLeft(given, takenBack);
  return outcome.value;
}

/** Steps 2 to 4 of a report that is written down, whoever wrote it. */
function finishReport(home: string, folder: string, worker: string, status: StatusDocument): Envelope[] {
  const report = readRecord<Report>(nextFile(home, folder));
  if (!report) return [];
  for (const envelope of report.envelopes) sendEnvelope(home, envelope);
  syncBlockers(home, worker, status, report.envelopes);
  writeRecord(reportedFile(home, folder), report.after);
  removeIfThere(nextFile(home, folder));
  return [...report.envelopes];
}

/**
 * Brings STATUS.md up to what is known: completions by hand that hold or do not, milestones and commits of those that
 * do, answers that arrived for blockers; and forward where git set it back. Answers the document as it then is.
 */
function settleStatus(reporter: Reporter, reported: ReportedPhase | undefined): Outcome<StatusDocument> {
  const { home, root, record } = reporter;
  const { folder } = record.phase;
  const loaded = readStatus({ home, root, folder });
  if (!loaded.done) return loaded;
  const { document: found, age } = loaded.value;
  if (age === 'set-back' && !mayBringForward(root)) return done(found);
  if (age === 'older') acceptOlder({ home, root, folder });
  const judged = judgeCompletions(reporter, found, reported);
  if (!judged.done) return judged;
  noteJudged(reporter, judged.value);
  const answers = answersFor(home, record.worker);
  const settle = (before: StatusDocument) => {
    const document = applyJudged(before, judged.value);
    const isMissing = document.plans.some((plan) => plan.state === 'complete' && plan.commit === undefined);
    const moment = { at: isoOf(nowMs()), head: isMissing ? headOf(root) : undefined };
    const next = answerBlockers(withMilestones(document, moment), answers);
    return { done: true as const, document: next, value: undefined };
  };
  if (age !== 'set-back' && settle(found).document === found) return done(found);
  const changed = changeStatus<undefined, never>({ home, root, folder }, settle);
  for (const { problem } of judged.value) if (problem) reporter.tell?.(problem);
  return changed.done ? done(changed.value.document) : changed;
}

function answersFor(home: string, worker: string): Map<string, string> {
  const answers = new Map<string, string>();
  for (const blocker of readOpenBlockers(home, worker)) {
    if (blocker.answeredBy === null || blocker.answeredBy === BY_HAND) continue;
    const envelope = findMessage(home, worker, blocker.answeredBy);
    answers.set(blocker.id, envelope ? `${envelope.from}: ${envelope.content}` : `see ${blocker.answeredBy}`);
  }
  return answers;
}

/** The twin holds what STATUS.md calls unresolved; answers and message ids that it knew stay. */
function syncBlockers(home: string, worker: string, status: StatusDocument, sent: readonly Envelope[]): void {
  changeOpenBlockers(home, worker, (before) => {
    const open = status.blockers.filter((blocker) => blocker.state !== 'resolved');
    const next = open.map((blocker): OpenBlocker => {
      const known = before.find((candidate) => candidate.id === blocker.id);
      const message = sent.find((envelope) => envelope.metadata['blocker'] === blocker.id)?.id;
      return {
        id: blocker.id,
        summary: blocker.summary,
        plan: blocker.plan ?? null,
        message: known?.message ?? message ?? null,
        answeredBy: known?.answeredBy ?? (blocker.state === 'answered' ? BY_HAND : null),
      };
    });
    return JSON.stringify(next) === JSON.stringify(before) ? before : next;
  });
}
