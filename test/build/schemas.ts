/**
 * The published JSON Schemas, made from the zod schemas that coord itself asks: in draft 7, which validators of all
 * languages know. Written by the build, committed, and proven fresh by a test.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { cycleSchema } from '../../src/storage/cycle-schema.ts';
import { COMPLETE_RULE, publishedMessageSchema } from '../../src/storage/message-schema.ts';
import { taskProgressSchema } from '../../src/storage/task-progress-schema.ts';

type JsonSchema = Record<string, unknown>;

/** Seed 002's names. */
export const SCHEMAS: Readonly<Record<string, JsonSchema>> = {
  'coordination-message-v1.0.schema.json': jsonSchemaOf(
    'coordination-message-v1.0',
    publishedMessageSchema,
    COMPLETE_RULE,
  ),
  'cycle-state-v1.0.schema.json': jsonSchemaOf('cycle-state-v1.0', cycleSchema),
  'task-progress-v1.0.schema.json': jsonSchemaOf('task-progress-v1.0', taskProgressSchema),
};

function jsonSchemaOf(name: string, schema: z.ZodType, rule: JsonSchema = {}): JsonSchema {
  const { $schema, title, description, ...rest } = z.toJSONSchema(schema, { target: 'draft-7', io: 'input' });
  const $comment = 'Made by the build from the schemas that coord itself asks; do not edit.';
  return { $schema, $id: `urn:coord:schema:${name}`, $comment, title, description, ...rest, ...rule };
}

export function printSchema(schema: JsonSchema): string {
  return `${JSON.stringify(schema, null, 2)}\n`;
}

export function writeSchemas(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const [file, schema] of Object.entries(SCHEMAS)) {
    const path = join(folder, file);
    const text = printSchema(schema);
    if (textIfThere(path) !== text) writeFileSync(path, text);
  }
}

function textIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return undefined;
  }
}
