/**
 * The door for `.progress/`: what a task's progress is, as seed 002 shows it (`task-progress-v1.0`). coord reads by
 * it what may have been tampered with, and asks it before each write. The JSON Schema in `schemas/` is made from it.
 *
 * A consumer may rely on every key below; keys besides are allowed, so that a later coord may add some.
 */
import * as z from 'zod';
import { parseJson } from '../domain/json-value.ts';
import { ARTIFACT_STATES, ARTIFACT_TYPES, CHECK_STATES } from '../domain/plan.ts';
import { TASK_PROGRESS_STATES, type TaskProgress } from '../domain/task-progress.ts';

/** UTC or with an offset; YAML gives text of any kind, the domain makes it this or null. */
const instant = z.iso.datetime({ offset: true });
const line = z.string().min(1);
const steps = z.array(line);

const artifact = z.looseObject({
  path: line,
  type: z.enum(ARTIFACT_TYPES),
  status: z.enum(ARTIFACT_STATES),
  created_at: instant.nullable().optional(),
});

/** Beside its state a gate has whatever figures its tool gives: errors, violations, coverage_percent. */
const gate = z.looseObject({ status: z.enum(CHECK_STATES), last_run: instant.optional() });

const blockedOn = z.looseObject({
  blocker: line,
  summary: line,
  detail: z.string().nullable(),
  /** The plan that it keeps from going on; null: all of the phase. */
  task: line.nullable(),
  raised: instant.nullable(),
});

const question = z.looseObject({ id: line, content: z.string(), asked: instant.nullable() });

export const taskProgressSchema = z
  .looseObject({
    task_id: line,
    task_name: line,
    phase: line,
    started: instant.nullable(),
    updated: instant.nullable(),
    estimated_completion: instant.nullable(),
    status: z.enum(TASK_PROGRESS_STATES),
    current_step: line.nullable(),
    completed_steps: steps,
    remaining_steps: steps,
    blocked_on: blockedOn.nullable(),
    questions_for_coordinator: z.array(question),
    artifacts: z.array(artifact),
    quality_gates: z.record(line, gate),
    metrics: z.record(line, z.number()),
    /** Of a finished task: when, why it failed, and the commit that it stood on. */
    finished: instant.optional(),
    reason: z.string().optional(),
    commit: z.string().optional(),
  })
  .meta({ title: 'Task progress', description: 'One task of a worker: .progress/current-task.json.' });

/** The document of a text that somebody may have written by hand; undefined when it is none. */
export function parseTaskProgress(text: string): TaskProgress | undefined {
  const parsed = taskProgressSchema.safeParse(parseJson(text));
  return parsed.success ? (parsed.data as TaskProgress) : undefined;
}

/** Throws for a document that coord must not write: what it made is wrong, and no reader could tell. */
export function assertTaskProgress(progress: TaskProgress): void {
  taskProgressSchema.parse(progress);
}
