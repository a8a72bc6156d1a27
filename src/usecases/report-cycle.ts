/**
 * A role hands over: what it wrote is taken in, how it went is judged by artifact, git and evidence, and the turn goes
 * on; after the last role the iteration is added up. One change of the cycle, so all of it happens or none.
 */

import { artifactOf } from '../domain/cycle/artifacts.ts';
import {
  claimFrom,
  takeChanges,
  takeExploration,
  takePlan,
  takeRequirements,
  takeResults,
} from '../domain/cycle/content.ts';
import {
  type Cycle,
  type CycleRole,
  ROLE_AGENTS,
  roleOnTurn,
  type TurnOutcome,
} from '../domain/cycle/cycle.ts';
import { closeIteration, endTurn } from '../domain/cycle/iteration.ts';
import {
  type Judged,
  judgeCoding,
  judgePlanning,
  judgeValidating,
  judgeWriting,
} from '../domain/cycle/outcome.ts';
import { tasksFrom } from '../domain/cycle/tasks.ts';
import { parseJson } from '../domain/json-value.ts';
import type { PlaceName } from '../domain/place-name.ts';
import { done, type Outcome, refuse } from '../domain/problem.ts';
import { PROGRESS_FOLDER } from '../domain/project-paths.ts';
import { changesSince } from '../storage/changes-since.ts';
import { ARTIFACT_BYTES_MAX, bodyOf, findStray, readDraft } from '../storage/cycle-artifacts.ts';
import { artifactsFolder, changeCycle, rootOfPlace } from '../storage/cycle-files.ts';
import type { Caller } from '../storage/light/caller.ts';
import { glanceAtCycle } from '../storage/light/cycle-glance.ts';
import { cycleOf } from './find-cycle.ts';
import { type Check, checksOf, openBlockersOf, testCountsOf, withBlockers } from './judge-cycle.ts';
import { doingOf, withBaseline } from './steer-cycle.ts';

export interface Report {
  readonly outcome: TurnOutcome;
  readonly message: string;
  /** Nobody reported: the agent is gone. What it left is taken in where that can be done. */
  readonly isSilent?: boolean;
}

export interface Reported {
  readonly role: CycleRole;
  readonly judged: Judged;
}

/** What a role left, and the cycle with it taken in. */
interface Taken {
  readonly cycle: Cycle;
  readonly judged: Judged;
  readonly files: readonly string[];
  readonly filesModified: number;
  /** Where the role's turn was judged by them. */
  readonly checks?: readonly Check[];
}

interface Ground {
  readonly home: string;
  readonly root: string;
  /** Of its artifacts. */
  readonly folder: string;
  readonly report: Report;
  readonly at: string;
}

export function reportTurn(
  caller: Caller,
  given: string | undefined,
  report: Report,
): Outcome<{ cycle: Cycle } & Reported> {
  const found = cycleOf(caller, given);
  if (!found.done) return found;
  const { cycle_id: id, coord } = found.value;
  if (coord.place !== caller.place) {
    const root = rootOfPlace(caller.home, coord.place) ?? `the worktree ${coord.place}`;
    return refuse({ code: 'cycle-elsewhere', cycle: id, root });
  }
  return handOver(caller.home, id, undefined, report);
}

/** The agent of a role has ended, and nobody reported for it. */
export function noteSilentEnd(home: string, place: PlaceName, role: CycleRole, message: string | null): void {
  const glance = glanceAtCycle(home, place);
  if (glance?.status !== 'running' || glance.phase !== role) return;
  const last = message === null || message.trim() === '' ? '' : `; its last words: ${message.trim()}`;
  handOver(home, glance.cycle, role, {
    outcome: 'failed',
    message: `it ended without handing over${last}`,
    isSilent: true,
  });
}

function handOver(
  home: string,
  id: string,
  wanted: CycleRole | undefined,
  report: Report,
): Outcome<{ cycle: Cycle } & Reported> {
  const changed = changeCycle(home, id, (cycle): Outcome<{ cycle: Cycle; value: Reported }> => {
    const { status, current_phase: phase } = cycle;
    const role = roleOnTurn(cycle);
    if (status !== 'running' || role === undefined || (wanted !== undefined && wanted !== role))
      return refuse({ code: 'cycle-turn', cycle: id, phase, status, role: wanted ?? null });
    const root = rootOfPlace(home, cycle.coord.place);
    const folder = artifactsFolder(home, cycle);
    if (root === undefined || folder === undefined)
      return refuse({ code: 'cycle-elsewhere', cycle: id, root: `the worktree ${cycle.coord.place}` });
    const stray = findStray(folder);
    if (stray !== undefined)
      return refuse({ code: 'cycle-artifact', cycle: id, file: stray, why: 'it is no folder of its own' });
    const doing = doingOf(report.isSilent ? 'coord' : ROLE_AGENTS[role]);
    const taken = TAKE[role](cycle, { home, root, folder, report, at: doing.at });
    if (!taken.done) return taken;
    const { judged, files, filesModified } = taken.value;
    const { message } = report;
    const turn = { role, outcome: judged.outcome, why: judged.why, message, files, filesModified };
    const ended = withBlockers(home, endTurn(taken.value.cycle, turn, doing));
    if (ended.current_phase !== 'aggregation')
      return done({ cycle: withBaseline(home, ended), value: { role, judged } });
    const checks = taken.value.checks ?? checksOf(home, root, ended);
    const facts = { checks, openBlockers: openBlockersOf(ended) };
    const closed = closeIteration(ended, facts, doing);
    if (!closed.done) return closed;
    return done({ cycle: withBaseline(home, closed.value), value: { role, judged } });
  });
  if (!changed.done) return changed;
  return done({ cycle: changed.value.cycle, ...changed.value.value });
}

const TAKE: Readonly<Record<CycleRole, (cycle: Cycle, ground: Ground) => Outcome<Taken>>> = {
  ra: takeAnalysis,
  ep: takeExplored,
  cd: takeCode,
  vas: takeValidation,
};

/** From the worktree's root. */
function inProgress(file: string): string {
  return `${PROGRESS_FOLDER}/${file}`;
}

function lacking(cycle: Cycle, file: string, why: string): Outcome<Taken> {
  return refuse({ code: 'cycle-artifact', cycle: cycle.cycle_id, file: inProgress(file), why });
}

function takeAnalysis(cycle: Cycle, { folder, report, at }: Ground): Outcome<Taken> {
  const file = artifactOf('requirements');
  const draft = readDraft(folder, 'requirements');
  const text = draft === undefined ? '' : bodyOf(draft);
  const isThere = text.trim() !== '';
  if (!isThere && report.outcome !== 'failed') return lacking(cycle, file, 'it is not there, or empty');
  if (text.length > ARTIFACT_BYTES_MAX) return lacking(cycle, file, 'it is larger than 1 MiB');
  const before = cycle.requirements;
  const requirements = isThere && !report.isSilent ? takeRequirements(before, text, at) : before;
  const isChanged = requirements !== before;
  const judged = judgeWriting(cycle, report.outcome, { file, isChanged });
  const files = isChanged ? [inProgress(file)] : [];
  return done({ cycle: { ...cycle, requirements }, judged, files, filesModified: files.length });
}

function takeExplored(cycle: Cycle, { folder, report, at }: Ground): Outcome<Taken> {
  const [exploring, planning] = [artifactOf('exploration'), artifactOf('plan')];
  if (report.outcome === 'failed')
    return done({ cycle, judged: judgePlanning('failed', []), files: [], filesModified: 0 });
  const draft = readDraft(folder, 'plan');
  if (draft === undefined) return lacking(cycle, planning, 'it is not there, or empty');
  const value = parseJson(draft);
  if (value === undefined) return lacking(cycle, planning, 'it is no JSON');
  const tasks = tasksFrom(value, cycle.plan?.tasks ?? []);
  if (typeof tasks === 'string')
    return refuse({ code: 'cycle-tasks', cycle: cycle.cycle_id, file: inProgress(planning), why: tasks });
  const explored = readDraft(folder, 'exploration');
  const text = explored === undefined ? '' : bodyOf(explored);
  if (text.length > ARTIFACT_BYTES_MAX) return lacking(cycle, exploring, 'it is larger than 1 MiB');
  const exploration = text.trim() === '' ? cycle.exploration : takeExploration(cycle.exploration, text, at);
  const plan = takePlan(cycle.plan, tasks, at);
  const files = [
    ...(exploration === cycle.exploration ? [] : [inProgress(exploring)]),
    ...(plan === cycle.plan ? [] : [inProgress(planning)]),
  ];
  const judged = judgePlanning(report.outcome, []);
  return done({ cycle: { ...cycle, exploration, plan }, judged, files, filesModified: files.length });
}

const FILES_KEPT = 500;

function takeCode(cycle: Cycle, { root, folder, report, at }: Ground): Outcome<Taken> {
  const { baseline } = cycle.coord;
  const made = baseline ? changesSince(root, baseline) : undefined;
  const lines = (readDraft(folder, 'changes') ?? '').split('\n').map(parseJson);
  const words = new Map(lines.flatMap(wordsOf));
  const otherwise = report.message.split('\n')[0]?.slice(0, 200) ?? '';
  const told = { words, otherwise, iteration: cycle.current_iteration, at };
  const changes = made ? takeChanges(cycle.changes, made, told) : cycle.changes;
  const files = (made ?? []).map(({ file }) => file);
  const judged = judgeCoding(cycle, report.outcome, made && new Set(files));
  const taken = { ...cycle, changes };
  return done({ cycle: taken, judged, files: files.slice(0, FILES_KEPT), filesModified: files.length });
}

/** A line that the developer wrote of a change: `{"file": "…", "description": "…"}`. */
function wordsOf(value: unknown): [string, string][] {
  const it = value as { file?: unknown; description?: unknown } | null | undefined;
  if (typeof it?.file !== 'string' || typeof it.description !== 'string') return [];
  return [[it.file.replace(/^\.\//, ''), it.description.slice(0, 500)]];
}

function takeValidation(cycle: Cycle, { home, root, folder, report, at }: Ground): Outcome<Taken> {
  const file = artifactOf('test_results');
  const checks = checksOf(home, root, cycle);
  const draft = readDraft(folder, 'test_results');
  const value = draft === undefined ? undefined : parseJson(draft);
  if (draft !== undefined && value === undefined) return lacking(cycle, file, 'it is no JSON');
  if (draft === undefined && checks.length === 0 && report.outcome !== 'failed')
    return lacking(cycle, file, 'it is not there, and no validation is configured that could speak for it');
  const judged = judgeValidating(report.outcome, checks);
  const isRun = checks.some(({ flaw }) => flaw === undefined || flaw === 'failed');
  if (report.outcome === 'failed' && !isRun && draft === undefined)
    return done({ cycle, judged, files: [], filesModified: 0, checks });
  const passed = checks.filter(({ flaw }) => flaw === undefined).length;
  const counts = testCountsOf(home, checks);
  const seen = { counts, passed, checks: checks.length, lastRun: at };
  const test_results = takeResults(cycle.test_results, claimFrom(value), seen);
  const files = [inProgress(file)];
  return done({ cycle: { ...cycle, test_results }, judged, files, filesModified: files.length, checks });
}
