/**
 * The door for documents that people may have edited: zod says whether a front matter is what coord understands.
 * Unknown keys pass and are kept; unknown words of a state do not (a state word `banana` was once accepted).
 */
import * as z from 'zod';
import { BLOCKER_STATES } from '../domain/blocker.ts';
import { isIdentifier } from '../domain/identifiers.ts';
import { ARTIFACT_STATES, ARTIFACT_TYPES, CHECK_STATES, PLAN_STATES, TASK_STATES } from '../domain/plan.ts';
import { PHASE_STATES } from '../domain/state-document.ts';
import { PRIORITIES } from '../domain/todo.ts';

/** YAML reads `1` as a number and `2026-02-20` as text; an id may be written either way. */
const id = z
  .union([z.string(), z.number()])
  .transform((value) => String(value))
  .refine(isIdentifier, { message: 'is not an id (letters, digits, ".", "_", "-")' });
const line = z
  .union([z.string(), z.number(), z.boolean()])
  .transform((value) => String(value))
  .refine((text) => text.trim() !== '', { message: 'is empty' });
const text = z.union([z.string(), z.number(), z.boolean()]).transform((value) => String(value));
const optionalText = text.nullish().transform((value) => value ?? undefined);
const optionalId = id.nullish().transform((value) => value ?? undefined);
const revision = z.number().int().min(0);

function list<T extends z.ZodType>(item: T) {
  return z
    .array(item)
    .nullish()
    .transform((value) => value ?? []);
}

function distinct<T extends { id: string }>(items: readonly T[]): boolean {
  return new Set(items.map((item) => item.id.toLowerCase())).size === items.length;
}

const task = z.looseObject({ id, title: line, state: z.enum(TASK_STATES), started: optionalText });

const artifact = z.looseObject({
  path: line,
  type: z.enum(ARTIFACT_TYPES),
  status: z.enum(ARTIFACT_STATES),
  created_at: optionalText,
});

const gate = z.looseObject({ status: z.enum(CHECK_STATES), last_run: optionalText });

function optional<T extends z.ZodType>(item: T) {
  return item.nullish().transform((value) => value ?? undefined);
}

function named<T extends z.ZodType>(item: T) {
  return z
    .record(line, item)
    .nullish()
    .transform((value) => value ?? undefined);
}

const plan = z.looseObject({
  id,
  title: line,
  state: z.enum(PLAN_STATES),
  started: optionalText,
  finished: optionalText,
  commit: optionalText,
  reason: optionalText,
  tasks: list(task),
  artifacts: z
    .array(artifact)
    .nullish()
    .transform((value) => value ?? undefined),
  quality_gates: named(gate),
  metrics: named(z.number()),
  estimated_completion: optionalText,
  needs_followup: optional(z.looseObject({ at: text, missing: list(text), evidence: list(text) })),
  gate: optional(z.looseObject({ at: text, tree: text, checks: z.record(line, gate) })),
  handoff: optional(
    z.looseObject({
      at: text,
      reason: text,
      session: optionalText,
      evidence: optionalText,
      command: optionalText,
      exit: optional(z.number().int()),
      log: optionalText,
      transcript: optionalText,
    }),
  ),
});

const blocker = z.looseObject({
  id,
  plan: optionalId,
  summary: line,
  detail: optionalText,
  state: z.enum(BLOCKER_STATES),
  raised: text,
  answer: optionalText,
  resolution: optionalText,
});

export const statusSchema = z.looseObject({
  coord: z.literal('status/1'),
  revision,
  phase: id,
  name: line,
  worker: line,
  branch: text,
  updated: text,
  plans: list(plan).refine(distinct, { message: 'has two plans with one id' }),
  blockers: list(blocker).refine(distinct, { message: 'has two blockers with one id' }),
  decisions: list(z.looseObject({ at: text, text: line })),
  milestones: list(
    z.looseObject({
      at: text,
      event: z.enum(['plan_complete', 'phase_complete', 'phase_started']),
      plan: optionalId,
      commit: optionalText,
      gate: optional(z.literal('passed')),
    }),
  ),
});

const counts = z.object({
  not_started: z.number().int().min(0),
  in_progress: z.number().int().min(0),
  complete: z.number().int().min(0),
  failed: z.number().int().min(0),
});

const phase = z.looseObject({
  id,
  name: line,
  folder: line,
  state: z.enum(PHASE_STATES),
  worker: line,
  kind: optionalText,
  branch: optionalText,
  depends: list(id),
  scope: list(text),
  forbidden: optional(z.array(text)),
  ticket: optionalText,
  plans: list(z.looseObject({ id, title: line, state: z.enum(PLAN_STATES), commit: optionalText })).refine(
    distinct,
    {
      message: 'has two plans with one id',
    },
  ),
  blockers: list(
    z.looseObject({
      id,
      summary: text,
      plan: optionalId,
      state: z.enum(BLOCKER_STATES),
      pointer: text,
      raised: text,
      message: optionalText,
    }),
  ),
  reported: z
    .looseObject({ revision, report: revision.optional(), at: text, counts })
    .nullish()
    .transform((value) => value ?? undefined),
  started: optionalText,
  closed: optionalText,
  commit: optionalText,
  archived: optionalText,
  plan_ids: optional(z.array(id)),
});

const count = z
  .number()
  .int()
  .min(0)
  .nullish()
  .transform((value) => value ?? 0);

const todo = z.looseObject({ id, priority: z.enum(PRIORITIES), text: line, at: text, done: optionalText });

const criterion = z.looseObject({
  id,
  phase: optionalId,
  version: optionalText,
  text: line,
  met: optionalText,
});

const goal = z.looseObject({ id, name: line, phases: list(id), reached: optionalText });

const tests = z.looseObject({
  command: text,
  exit: z.number().int().nullable(),
  at: text,
  place: z.string().nullable(),
  passed: count,
  failed: count,
  skipped: count,
});

export const stateSchema = z.looseObject({
  coord: z.literal('state/1'),
  revision,
  project: line,
  updated: text,
  phases: list(phase).refine(distinct, { message: 'has two phases with one id' }),
  milestones: list(
    z.looseObject({
      at: text,
      phase: id,
      event: z.enum(['plan_complete', 'phase_complete', 'phase_closed', 'phase_landed']),
      plan: optionalId,
      commit: optionalText,
    }),
  ),
  goals: list(goal).refine(distinct, { message: 'has two milestones with one id' }),
  todo: list(todo).refine(distinct, { message: 'has two items with one id' }),
  todo_last: count,
  criteria: list(criterion).refine(distinct, { message: 'has two criteria with one id' }),
  criteria_last: count,
  tests: optional(tests),
});
