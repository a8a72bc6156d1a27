/** What evidence and the worker's blockers say of a cycle as it stands now. */
import { join } from 'node:path';
import type { Cycle, CycleBlocker } from '../domain/cycle/cycle.ts';
import type { CheckFact } from '../domain/cycle/outcome.ts';
import { type Evidence, proofOf } from '../domain/evidence.ts';
import { proofWords } from '../domain/gate.ts';
import { parseInstant } from '../domain/outside/instant.ts';
import { countTests, type TestCounts } from '../domain/test-counts.ts';
import { rootOfPlace } from '../storage/cycle-files.ts';
import { readStatus } from '../storage/document-kinds.ts';
import { treeOf } from '../storage/evidence-tree.ts';
import { readEvidence } from '../storage/light/evidence-files.ts';
import { readTail } from '../storage/light/log-tail.ts';
import { readPlaceRecord } from '../storage/light/roster.ts';
import { readSettings } from '../storage/settings.ts';

const LOG_BYTES = 64 * 1024;

/** An acceptance check, with the run that speaks for it or against it. */
export interface Check extends CheckFact {
  readonly evidence: Evidence | undefined;
}

/**
 * The acceptance checks: every configured validation, on the tree as it is, since the iteration began. Git is asked for
 * the tree each time.
 */
export function checksOf(home: string, root: string, cycle: Cycle): Check[] {
  const { settings } = readSettings(home);
  if (settings.validation.length === 0) return [];
  const { place } = cycle.coord;
  const tree = treeOf(root);
  const sinceMs = parseInstant(cycle.iterations.at(-1)?.started_at)?.atMs ?? 0;
  const records = readEvidence(home, place);
  return settings.validation.map((line) => {
    const command = line.trim();
    const { flaw, evidence } = proofOf(records, { command, place, tree, sinceMs });
    const why = flaw === undefined ? 'it passed on this tree' : proofWords(flaw, evidence);
    return { command, flaw, why, evidence };
  });
}

/** The tests that these runs themselves counted; undefined where none of them did. */
export function testCountsOf(home: string, checks: readonly Check[]): TestCounts | undefined {
  const counts = checks
    .filter(({ flaw }) => flaw === undefined || flaw === 'failed')
    .flatMap(({ evidence }) => (evidence?.log ? [join(home, evidence.log)] : []))
    .flatMap((file) => countTests(readTail(file, LOG_BYTES)) ?? []);
  const sum = (pick: (one: TestCounts) => number) => counts.reduce((total, one) => total + pick(one), 0);
  if (counts.length === 0) return undefined;
  return {
    passed: sum(({ passed }) => passed),
    failed: sum(({ failed }) => failed),
    skipped: sum(({ skipped }) => skipped),
  };
}

/** The cycle with the blockers of its worktree's worker, as STATUS.md has them; others that it names stay. */
export function withBlockers(home: string, cycle: Cycle): Cycle {
  const record = readPlaceRecord(home, cycle.coord.place);
  const root = rootOfPlace(home, cycle.coord.place);
  const loaded =
    record && root !== undefined ? readStatus({ home, root, folder: record.phase.folder }) : undefined;
  if (!record || !loaded?.done) return cycle;
  const sinceMs = parseInstant(cycle.created_at)?.atMs ?? 0;
  const own = loaded.value.document.blockers
    .filter(({ raised }) => (parseInstant(raised)?.atMs ?? 0) >= sinceMs)
    .map(
      ({ id, summary, state, resolution, answer }): CycleBlocker => ({
        id,
        description: summary,
        reported_by: record.worker,
        status: state === 'resolved' ? 'resolved' : 'open',
        ...(state === 'resolved' && (resolution ?? answer) ? { resolution: resolution ?? answer } : {}),
      }),
    );
  const ids = new Set(own.map(({ id }) => id));
  const others = cycle.coordination.blockers.filter(({ id }) => !ids.has(id));
  const blockers = [...others, ...own];
  if (JSON.stringify(blockers) === JSON.stringify(cycle.coordination.blockers)) return cycle;
  return { ...cycle, coordination: { ...cycle.coordination, blockers } };
}

export function openBlockersOf(cycle: Cycle): string[] {
  return cycle.coordination.blockers.filter(({ status }) => status === 'open').map(({ id }) => id);
}
