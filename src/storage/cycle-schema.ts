/**
 * The one source of `cycle-state-v1.0`: the state of a development cycle (seed 003, all its fields and unions), as zod asks
 * it and as the published JSON Schema says it.
 *
 * Two forms of one shape. *published*: what the original workflow wrote, which left out what had no value yet; it opens
 * here, with its moments turned into UTC. *cycle*: what coord writes, complete, with `coord` for what it needs besides.
 * Unknown keys pass everywhere and are kept. A word that is none of its union is refused, and never taken for another.
 */
import * as z from 'zod';
import {
  AGENT_STATUSES,
  CYCLE_BLOCKER_STATUSES,
  CYCLE_PHASES,
  CYCLE_ROLES,
  CYCLE_STATUSES,
  type Cycle,
  DECISION_STATUSES,
  FEEDBACK_TYPES,
  isCycleId,
} from '../domain/cycle/cycle.ts';
import { CHANGE_ACTIONS, EFFORTS, TASK_STATUSES } from '../domain/cycle/parts.ts';
import { parseInstant } from '../domain/outside/instant.ts';

const instant = z.string().min(1).describe('ISO 8601; coord writes UTC');
const count = z.int().min(0);
const texts = z.array(z.string());
const percent = z.number().min(0).max(100);

const agent = z.looseObject({
  status: z.enum(AGENT_STATUSES).default('idle'),
  started_at: instant.optional(),
  completed_at: instant.optional(),
  output_files: texts.default([]),
  last_message: z.string().optional(),
  error: z.string().optional(),
  iterations_completed: count.default(0),
});

const task = z.looseObject({
  id: z.string().min(1),
  description: z.string(),
  effort: z.enum(EFFORTS).default('medium'),
  depends_on: texts.default([]),
  status: z.enum(TASK_STATUSES).default('pending'),
  assigned_to: z.string().optional(),
  files: texts.default([]),
});

const change = z.looseObject({
  timestamp: instant,
  file: z.string(),
  action: z.enum(CHANGE_ACTIONS),
  iteration: count,
  agent: z.string(),
  description: z.string().default(''),
});

const iteration = z.looseObject({
  number: count,
  extension: z.string().optional(),
  started_at: instant.default('1970-01-01T00:00:00.000Z'),
  completed_at: instant.optional().describe('not there while the iteration is under way'),
  agent_results: z
    .record(z.string(), z.looseObject({ status: z.string(), files_modified: count.default(0) }))
    .default({}),
  issues_found: texts.default([]),
  resolved: z.boolean().default(false),
});

const feedback = z.looseObject({
  timestamp: instant,
  source: z.string(),
  target: z.string(),
  content: z.string(),
  type: z.enum(FEEDBACK_TYPES),
});

const decision = z.looseObject({
  id: z.string().min(1),
  description: z.string(),
  options: texts.default([]),
  made_by: z.string().optional(),
  chosen_option: z.string().optional(),
  status: z.enum(DECISION_STATUSES).default('pending'),
});

const blocker = z.looseObject({
  id: z.string().min(1),
  description: z.string(),
  reported_by: z.string().default(''),
  status: z.enum(CYCLE_BLOCKER_STATUSES).default('open'),
  resolution: z.string().optional(),
});

const version = z.string().min(1);
const since = instant.default('1970-01-01T00:00:00.000Z');

const requirements = z.looseObject({
  version,
  specification: z.string().default(''),
  edge_cases: texts.default([]),
  last_updated: since,
});

const exploration = z.looseObject({
  version,
  architecture_summary: z.string().default(''),
  integration_points: texts.default([]),
  identified_risks: texts.default([]),
  last_updated: since,
});

const plan = z.looseObject({
  version,
  tasks: z.array(task).default([]),
  total_estimated_effort: z.string().default(''),
  critical_path: texts.default([]),
  last_updated: since,
});

const changes = z.looseObject({
  total_files: count.default(0),
  changes: z.array(change).default([]),
  iteration_markers: z.record(z.string(), instant).default({}),
});

const results = z.looseObject({
  version,
  pass_rate: percent.default(0),
  coverage: percent.default(0),
  failed_tests: texts.default([]),
  total_tests: count.default(0),
  last_run: since,
});

const roles = z.looseObject(
  Object.fromEntries(CYCLE_ROLES.map((role) => [role, agent.prefault({})])) as Record<
    (typeof CYCLE_ROLES)[number],
    z.ZodPrefault<typeof agent>
  >,
);

const score = z.looseObject({
  checks: count,
  tasks: count,
  failed: count.nullable(),
  progress: z.boolean(),
});

const act = z.looseObject({
  at: instant,
  revision: count,
  iteration: count,
  act: z.string(),
  by: z.string(),
  why: z.string(),
});

const extras = z.looseObject({
  revision: count.default(0),
  place: z.string().nullable().default(null).describe('the linked worktree; null: the primary one'),
  waiting: texts.default([]).describe('extensions for the next iteration'),
  baseline: z
    .looseObject({
      commit: z.string().nullable(),
      dirty: z.record(z.string(), z.string().nullable()),
      done: texts,
    })
    .nullable()
    .default(null)
    .describe('what the code was when its developer’s turn began'),
  scores: z.record(z.string(), score).default({}).describe('how far each iteration came'),
  acts: z.array(act).default([]).describe('what the last change did'),
});

export const cycleSchema = z
  .looseObject({
    cycle_id: z.string().refine(isCycleId, 'no id of a cycle'),
    title: z.string(),
    description: z.string().default(''),
    task_history: texts.default([]),
    status: z.enum(CYCLE_STATUSES),
    created_at: instant,
    updated_at: instant,
    completed_at: instant.optional(),
    max_iterations: count.default(5),
    current_iteration: count.default(0),
    failure_reason: z.string().optional(),
    agents: roles.prefault({}),
    current_phase: z.enum(CYCLE_PHASES).default('init'),
    completed_phases: texts.default([]),
    phase_errors: z
      .array(z.looseObject({ phase: z.string(), error: z.string(), timestamp: instant }))
      .default([]),
    requirements: requirements.optional(),
    exploration: exploration.optional(),
    plan: plan.optional(),
    changes: changes.optional(),
    test_results: results.optional(),
    iterations: z.array(iteration).default([]),
    coordination: z
      .looseObject({
        feedback_log: z.array(feedback).default([]),
        pending_decisions: z.array(decision).default([]),
        blockers: z.array(blocker).default([]),
      })
      .prefault({}),
    coord: extras.prefault({}),
  })
  .meta({
    title: 'Cycle state',
    description: 'A development cycle: .workflow/.cycle/<cycle_id>.json.',
  });

/** The cycle of a value that somebody may have written by hand, or the first thing that is wrong with it. */
export function cycleFrom(value: unknown): Cycle | { flaw: string } {
  if (value === undefined) return { flaw: 'the whole: it is no JSON' };
  const parsed = cycleSchema.safeParse(inUtc(value, ''));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const path = issue?.path.join('.') ?? '';
    return { flaw: `${path === '' ? 'the whole' : path}: ${issue?.message ?? 'not understood'}` };
  }
  const cycle = parsed.data as unknown as Cycle;
  const phases = [...new Set(cycle.completed_phases)];
  return phases.length === cycle.completed_phases.length ? cycle : { ...cycle, completed_phases: phases };
}

const MOMENT = /(?:_at|^timestamp|^last_updated|^last_run|^at)$/;
const DEPTH_MAX = 12;

/** Every moment in UTC: the original labelled a clock eight hours ahead, or none at all. What is no moment stays. */
function inUtc(value: unknown, key: string, depth = 0): unknown {
  if (depth > DEPTH_MAX) return value;
  if (typeof value === 'string') return MOMENT.test(key) ? utcOf(value) : value;
  if (Array.isArray(value)) return value.map((item) => inUtc(item, '', depth + 1));
  if (typeof value !== 'object' || value === null) return value;
  const isMarkers = key === 'iteration_markers';
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      name,
      inUtc(item, isMarkers ? 'timestamp' : name, depth + 1),
    ]),
  );
}

function utcOf(text: string): string {
  const found = /[Zz]|[+-]\d{2}:?\d{2}$/.test(text) ? parseInstant(text) : undefined;
  return found ? new Date(found.atMs).toISOString() : text;
}
