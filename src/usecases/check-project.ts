/**
 * Looks for what is broken and says what to do about it; with `repair`, mends what can be mended without losing
 * anything: a corrupt document is set aside and written anew from its last good copy, never replaced by a default.
 */
import { isOlder } from '../domain/version.ts';
import { nowMs } from '../storage/clock.ts';
import { readActs } from '../storage/light/journal.ts';
import { relativeTo } from '../storage/light/resolution.ts';
import { sweepScratch } from '../storage/scratch-folder.ts';
import { readSettings } from '../storage/settings.ts';
import { type ClosingFinding, checkClosings } from './check-closings.ts';
import { type CycleFinding, checkCycles } from './check-cycles.ts';
import { checkDecisions, type DecisionFinding } from './check-decisions.ts';
import { checkDocuments, type DocumentFinding } from './check-documents.ts';
import { checkLinks, type LinkFinding } from './check-links.ts';
import { checkLocks, checkWork, type LockFinding } from './check-locks.ts';
import { checkMail, type MailFinding } from './check-mail.ts';
import { checkOrphans, type OrphanFinding } from './check-orphans.ts';
import { checkRoster, type RosterFinding } from './check-roster.ts';
import { type Client, checkSetup, type SetupFinding } from './check-setup.ts';
import { checkWorkers, type WorkerFinding } from './check-workers.ts';
import { listHalfWritten, sweepHalfWritten } from './sweep-half-written.ts';

export type Finding =
  | { code: 'node-old'; version: string }
  | SetupFinding
  | DocumentFinding
  | { code: 'settings'; complaint: string }
  | { code: 'temporaries'; folder: string; count: number; repaired: boolean }
  | ClosingFinding
  | WorkerFinding
  | CycleFinding
  | DecisionFinding
  | LinkFinding
  | LockFinding
  | RosterFinding
  | MailFinding
  | OrphanFinding
  | { code: 'check-failed'; check: string; file: string; detail: string }
  | { code: 'hook-failed'; hook: string; at: string; detail: string };

/** Only failures of the last day are worth a word. */
const FAILURES_MS = 24 * 3_600_000;
const FAILURES_MAX = 5;
const LOG_TAIL_BYTES = 1024 * 1024;

export function checkProject(home: string, repair: boolean, client: Client = {}): Finding[] {
  // From a branch that never had the project, all else would be told of that branch.
  const elsewhere = attempt('documents', () => checkDocuments(home, false)).filter(isElsewhere);
  if (elsewhere.length > 0) return elsewhere;
  const checks: Readonly<Record<string, () => Finding[]>> = {
    node: checkNode,
    setup: () => checkSetup(home, client, repair),
    roster: () => checkRoster(home, repair),
    // Before what looks into the worktrees.
    workers: () => checkWorkers(home, repair),
    documents: () => checkDocuments(home, repair),
    decisions: () => checkDecisions(home, repair),
    cycles: () => checkCycles(home, repair),
    settings: () => readSettings(home).complaints.map((complaint) => ({ code: 'settings', complaint })),
    work: () => checkWork(home, repair),
    links: () => checkLinks(home),
    locks: () => checkLocks(home),
    closings: () => checkClosings(home, repair),
    orphans: () => checkOrphans(home),
    mail: () => checkMail(home, repair),
    temporaries: () => checkTemporaries(home, repair),
    failures: () => checkFailures(home),
  };
  return Object.entries(checks).flatMap(([name, check]) => attempt(name, check));
}

function isElsewhere(finding: Finding): boolean {
  return finding.code === 'document' && finding.problem.code === 'document-elsewhere';
}

/** What breaks one check must not keep the others from being told: the sick are who asks a doctor. */
function attempt(name: string, check: () => Finding[]): Finding[] {
  try {
    return check();
  } catch (error) {
    const { code, path, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return [{ code: 'check-failed', check: name, file: path ?? '', detail: message }];
  }
}

function checkNode(): Finding[] {
  return isOlder(process.versions.node, '20') ? [{ code: 'node-old', version: process.version }] : [];
}

function checkTemporaries(home: string, repair: boolean): Finding[] {
  const now = nowMs();
  const left = listHalfWritten(home, now);
  if (repair) {
    sweepHalfWritten(left, now);
    sweepScratch(now);
  }
  return left.map(({ folder, names }) => ({
    code: 'temporaries',
    folder: relativeTo(home, folder) ?? folder,
    count: names.length,
    repaired: repair,
  }));
}

function checkFailures(home: string): Finding[] {
  const failures = readActs(home, ['hook-failed'], nowMs() - FAILURES_MS, LOG_TAIL_BYTES);
  return failures
    .slice(-FAILURES_MAX)
    .reverse()
    .map(({ hook, at, detail }) => {
      const [first = ''] = String(detail).split('\n');
      return { code: 'hook-failed', hook: String(hook), at, detail: first };
    });
}
