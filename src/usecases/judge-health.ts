/**
 * Gathers what `coord health` judges by: the counters, who is at work, what is in force. The status asks it too, so its
 * cost does not grow with what was ever said or done; what it found by name is asked for apart (`readCauses`).
 */
import { type HealthVerdict, type InForce, judgeHealth, windowStart } from '../domain/health.ts';
import type { Settings } from '../domain/settings.ts';
import { nowMs } from '../storage/clock.ts';
import { readCounts } from '../storage/light/counters.ts';
import { type NotedAct, readActs } from '../storage/light/journal.ts';
import { livenessOf } from '../storage/light/process.ts';
import { listSessions } from '../storage/light/roster.ts';

type Heard = ReturnType<typeof listSessions>[number];

/** Whoever gave a sign of life so lately, and is not known to be dead, is at work. */
const ACTIVE_MS = 30 * 60_000;
const LOG_BYTES = 4 * 1024 * 1024;

export function judgeProjectHealth(
  home: string,
  settings: Settings,
  days: number,
  sessions: readonly Heard[] = listSessions(home),
): HealthVerdict {
  const now = nowMs();
  return judgeHealth({
    nowMs: now,
    days,
    hours: readCounts(home, windowStart(now, days), now),
    activeAgents: sessions.filter((session) => isActive(session, now)).length,
    inForce: inForceOf(settings),
  });
}

function isActive({ process: mark, heardAtMs }: Heard, now: number): boolean {
  return now - heardAtMs < ACTIVE_MS && (mark === null || livenessOf(mark) !== 'dead');
}

function inForceOf(settings: Settings): InForce {
  const { sequential, gate, validation, mode, unknown_commands } = settings;
  return {
    sequential,
    strictGate: gate === 'strict',
    hasValidation: validation.length > 0,
    worktrees: mode === 'worktrees',
    refusesUnknown: unknown_commands === 'refuse',
  };
}

/** What lies behind the triggers, from the log of acts: which failures, and what was waited for most. */
export interface Causes {
  /** The latest first. */
  readonly failures: readonly NotedAct[];
  /** Paths and mutexes by how often they were waited for; the most first. */
  readonly waitedFor: readonly {
    readonly what: string;
    readonly waits: number;
    readonly waited_ms: number;
  }[];
}

const FAILURES: readonly string[] = ['validation', 'plan-failed'];
const WAITS: readonly string[] = ['lock-wait', 'mutex-wait'];
const FREED: readonly string[] = ['lock-freed', 'mutex-freed'];
const FAILURES_MAX = 5;
const WAITED_FOR_MAX = 5;

export function readCauses(home: string, days: number): Causes {
  const sinceMs = windowStart(nowMs(), days) + 24 * 3_600_000;
  const acts = readActs(home, [...FAILURES, ...WAITS, ...FREED], sinceMs, LOG_BYTES);
  const failures = acts.filter((act) => Array.isArray(act['shared']));
  const waits = new Map<string, { what: string; waits: number; waited_ms: number }>();
  for (const act of acts) {
    const waited_ms = typeof act['waited_ms'] === 'number' ? act['waited_ms'] : 0;
    // Being told that it is free ends a wait that was counted before.
    const one = WAITS.includes(act.act) ? 1 : 0;
    for (const what of waitedFor(act)) {
      const known = waits.get(what) ?? { what, waits: 0, waited_ms: 0 };
      waits.set(what, { what, waits: known.waits + one, waited_ms: known.waited_ms + waited_ms });
    }
  }
  const most = [...waits.values()].sort((a, b) => b.waits - a.waits || b.waited_ms - a.waited_ms);
  return { failures: failures.reverse().slice(0, FAILURES_MAX), waitedFor: most.slice(0, WAITED_FOR_MAX) };
}

function waitedFor(act: NotedAct): string[] {
  if (FAILURES.includes(act.act)) return [];
  if (act.act.startsWith('mutex-')) return ['the test mutex'];
  const paths: unknown = act['paths'];
  return Array.isArray(paths) ? paths.filter((path) => typeof path === 'string') : [];
}
