/**
 * What roles hand over, taken into the state: each part has a version that goes up when it says something else, and
 * only then. The texts came from files that an agent wrote; here they are data.
 */

import { fieldsOf } from '../json-value.ts';
import type { TestCounts } from '../test-counts.ts';
import type { Cycle } from './cycle.ts';
import type {
  CycleChange,
  CycleChanges,
  CycleTask,
  Exploration,
  Requirements,
  TestResults,
} from './parts.ts';
import { criticalPath, effortOf, isSamePlan } from './tasks.ts';

const FIRST_VERSION = '1.0.0';
const ITEMS_MAX = 200;
const ITEM_CHARS = 1_000;
/** Of one iteration; more is no work of hands, and its number tells enough. */
const CHANGES_MAX = 2_000;

/** `1.0.0` → `1.1.0`; what is no version counts as none. */
export function nextVersion(version: string | undefined): string {
  const match = /^(\d+)\.(\d+)\.\d+$/.exec(version ?? '');
  return match ? `${match[1]}.${Number(match[2]) + 1}.0` : FIRST_VERSION;
}

/** The list items of the sections whose heading matches. */
export function itemsUnder(markdown: string, heading: RegExp): string[] {
  const items: string[] = [];
  let isInside = false;
  let isFenced = false;
  for (const line of markdown.split(/\r?\n/)) {
    if (/^\s{0,3}(?:```|~~~)/.test(line)) isFenced = !isFenced;
    if (isFenced) continue;
    const title = /^#{1,6}\s+(.*?)\s*#*$/.exec(line)?.[1];
    if (title !== undefined) isInside = heading.test(title);
    const item = /^\s*(?:[-*+]|\d+[.)])\s+(?:\[[ xX]\]\s+)?(.+?)\s*$/.exec(line)?.[1];
    if (isInside && item !== undefined && items.length < ITEMS_MAX) items.push(item.slice(0, ITEM_CHARS));
  }
  return items;
}

/** The requirements as a text says them; the same object where it says nothing new. */
export function takeRequirements(before: Requirements | undefined, text: string, at: string): Requirements {
  if (before && before.specification.trim() === text.trim()) return before;
  return {
    ...before,
    version: nextVersion(before?.version),
    specification: text,
    edge_cases: itemsUnder(text, /edge[ -]?cases?/i),
    last_updated: at,
  };
}

export function takeExploration(before: Exploration | undefined, text: string, at: string): Exploration {
  if (before && before.architecture_summary.trim() === text.trim()) return before;
  return {
    ...before,
    version: nextVersion(before?.version),
    architecture_summary: text,
    integration_points: itemsUnder(text, /integration/i),
    identified_risks: itemsUnder(text, /risks?/i),
    last_updated: at,
  };
}

export function takePlan(
  before: Cycle['plan'],
  tasks: readonly CycleTask[],
  at: string,
): NonNullable<Cycle['plan']> {
  if (before && isSamePlan(before.tasks, tasks)) return before;
  return { ...before, ...withTasks(tasks), version: nextVersion(before?.version), last_updated: at };
}

function withTasks(
  tasks: readonly CycleTask[],
): Omit<NonNullable<Cycle['plan']>, 'version' | 'last_updated'> {
  return { tasks, total_estimated_effort: effortOf(tasks), critical_path: criticalPath(tasks) };
}

/** One task in another state; how far a plan is makes no new version of it. */
export function withTaskStatus(cycle: Cycle, id: string, status: CycleTask['status'], at: string): Cycle {
  const { plan } = cycle;
  if (!plan) return cycle;
  const tasks = plan.tasks.map((task) => (task.id === id ? { ...task, status } : task));
  return { ...cycle, plan: { ...plan, tasks, last_updated: at } };
}

/** What git shows, with the words of whoever made it; entries of earlier iterations stay as they are. */
export function takeChanges(
  before: CycleChanges | undefined,
  made: readonly Pick<CycleChange, 'file' | 'action'>[],
  told: { words: ReadonlyMap<string, string>; otherwise: string; iteration: number; at: string },
): CycleChanges {
  const { words, otherwise, iteration, at } = told;
  const earlier = (before?.changes ?? []).filter((change) => change.iteration !== iteration);
  const now = made.slice(0, CHANGES_MAX).map(({ file, action }) => ({
    timestamp: at,
    file,
    action,
    iteration,
    agent: 'cd',
    description: words.get(file) ?? otherwise,
  }));
  const changes = [...earlier, ...now];
  return {
    ...before,
    total_files: Math.max(new Set(changes.map(({ file }) => file)).size, made.length),
    changes,
    iteration_markers: { ...before?.iteration_markers, [iteration]: at },
  };
}

/** What a validator claims; nothing of it that is no text or number. */
export interface ClaimedResults {
  readonly failed: readonly string[];
  readonly total: number | undefined;
  readonly coverage: number | undefined;
}

export function claimFrom(value: unknown): ClaimedResults {
  const it = fieldsOf(value);
  const failed = Array.isArray(it['failed_tests']) ? it['failed_tests'] : [];
  const figure = (key: string, max: number) => {
    const number = it[key];
    return typeof number === 'number' && number >= 0 && number <= max ? number : undefined;
  };
  return {
    failed: failed
      .filter((one) => typeof one === 'string' && one.trim() !== '')
      .slice(0, ITEMS_MAX)
      .map((one) => String(one).slice(0, ITEM_CHARS)),
    total: figure('total_tests', 1e7),
    coverage: figure('coverage', 100),
  };
}

/**
 * Figures of the run itself come before what anybody says of it: `counts` are those of the validations' own output.
 * Where no output said any, the share of the validations that passed stands for the rate.
 */
export function takeResults(
  before: TestResults | undefined,
  claim: ClaimedResults,
  seen: { counts: TestCounts | undefined; passed: number; checks: number; lastRun: string },
): TestResults {
  const { counts, passed, checks, lastRun } = seen;
  const total = counts ? counts.passed + counts.failed : (claim.total ?? 0);
  const share = checks === 0 ? 0 : passed / checks;
  const rate = counts ? (total === 0 ? share : counts.passed / total) : share;
  const isClaimAll = checks === 0 && !counts && total > 0;
  const claimed = isClaimAll ? Math.max(0, total - claim.failed.length) / total : rate;
  return {
    ...before,
    version: nextVersion(before?.version),
    pass_rate: Math.round(claimed * 10_000) / 100,
    coverage: claim.coverage ?? before?.coverage ?? 0,
    failed_tests: claim.failed,
    total_tests: total,
    last_run: lastRun,
  };
}
