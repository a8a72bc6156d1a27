/**
 * Hands a plan that was left (it failed, the gate refused it, its worker died) to an issue tracker, by the program that
 * the setting `on_plan_failed` names. Called by whoever recorded the failure, after STATUS.md says so.
 *
 * At most once for each failure: a failure is the moment and the reason of its handoff, and what was told of a plan is
 * noted in `roster/told-failures/<folder>~<plan>.json`, under a mutex, before the program is started. Killed in
 * between, nobody is told; the record itself stands in STATUS.md either way. The program has TIME_MS, for all plans of
 * one call together, and what becomes of it is a line in the log of acts: it can fail nothing.
 */
import { join } from 'node:path';
import type { Handoff, Plan } from '../domain/plan.ts';
import { statusFileOf } from '../domain/project-paths.ts';
import { findPlan } from '../domain/status-document.ts';
import { type LeftPlan, trackerCall } from '../domain/tracker-call.ts';
import { nowMs } from '../storage/clock.ts';
import { readStatus } from '../storage/document-kinds.ts';
import { noteAct } from '../storage/light/journal.ts';
import { withMutex } from '../storage/light/mutex.ts';
import { coordinationPath, fileNameOf, readRecord, writeRecord } from '../storage/light/roster.ts';
import { readSettings } from '../storage/settings.ts';
import { runBriefly } from '../storage/supervised-process.ts';
import type { Ward } from './judge-gate.ts';

const TIME_MS = 10_000;
const TOLD_MAX = 50;
/** Set for the program, so that a failure that it records itself starts no further one. */
const INSIDE = 'COORD_ON_PLAN_FAILED';

export function announceLeft(ward: Ward, plans: readonly string[]): void {
  const template = plans.length > 0 ? readSettings(ward.home).settings.on_plan_failed : [];
  if (template.length === 0 || process.env[INSIDE] !== undefined) return;
  try {
    announceAll(ward, plans, template);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    noteAct(
      ward.home,
      { act: 'failure-told', plans, program: template[0], ok: false, detail: message },
      nowMs(),
    );
  }
}

function announceAll(ward: Ward, plans: readonly string[], template: readonly string[]): void {
  const { home, root, record } = ward;
  const loaded = readStatus({ home, root, folder: record.phase.folder });
  if (!loaded.done) return;
  const untilMs = nowMs() + TIME_MS;
  for (const id of plans) {
    const plan = findPlan(loaded.value.document, id);
    if (plan?.handoff && takeTelling(ward, plan, plan.handoff))
      tell(ward, plan, plan.handoff, template, untilMs);
  }
}

/** True for one caller alone, of all that come by this failure. */
function takeTelling({ home, record }: Ward, plan: Plan, { at, reason }: Handoff): boolean {
  const name = fileNameOf(`${record.phase.folder}~${plan.id}`);
  const file = coordinationPath(home, 'roster', 'told-failures', `${name}.json`);
  const failure = `${at} ${reason}`;
  const outcome = withMutex(coordinationPath(home, 'leases'), 'told-failures', () => {
    const told = readRecord<{ told: string[] }>(file)?.told ?? [];
    if (told.includes(failure)) return false;
    writeRecord(file, { told: [...told, failure].slice(-TOLD_MAX) }, false);
    return true;
  });
  return outcome.done && outcome.value;
}

function tell(ward: Ward, plan: Plan, handoff: Handoff, template: readonly string[], untilMs: number): void {
  const { home, root, record } = ward;
  const left: LeftPlan = {
    plan: plan.id,
    phase: record.phase.id,
    reason: handoff.reason,
    log: handoff.log ? join(home, handoff.log) : '',
    transcript: withHome(handoff.transcript ?? ''),
    file: join(root, statusFileOf(record.phase.folder)),
  };
  const startedMs = nowMs();
  const ended = runBriefly(trackerCall(template, left), {
    cwd: home,
    env: { [INSIDE]: '1' },
    timeoutMs: Math.max(0, untilMs - startedMs),
  });
  const { ok, detail, output } = ended;
  const program = template[0] ?? '';
  const duration_ms = nowMs() - startedMs;
  noteAct(home, { act: 'failure-told', plan: plan.id, program, ok, detail, output, duration_ms }, nowMs());
}

/** What STATUS.md says without the person's name (leave-handoff). */
function withHome(path: string): string {
  const home = process.env['HOME'];
  return home && path.startsWith('~/') ? `${home}${path.slice(1)}` : path;
}
