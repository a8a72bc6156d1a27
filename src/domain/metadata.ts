/**
 * What a message's metadata may hold: keys with a meaning (below), and any others, which nobody but their writer
 * understands. Each key with a meaning has one *shape*; the zod schema and the published JSON Schema are made from
 * this table. Which keys are coord's alone to write, judgeDraft says (message.ts).
 */
import { isObject } from './json-value.ts';
import type { Metadata } from './message.ts';

export const VERDICTS = ['accept', 'reject'] as const;

export type MetadataShape =
  | 'text'
  | 'artifacts'
  | 'gates'
  | 'figures'
  | 'verdict'
  | 'count'
  | 'counts'
  | 'acknowledged'
  | 'undelivered'
  | 'outside';

export const METADATA_SHAPES = {
  task_id: 'text',
  context: 'text',
  blocker_type: 'text',
  error_type: 'text',
  artifacts: 'artifacts',
  quality_gates: 'gates',
  metrics: 'figures',
  verdict: 'verdict',
  reply_to: 'text',
  thread: 'text',
  event: 'text',
  phase: 'text',
  plan: 'text',
  title: 'text',
  from: 'text',
  to: 'text',
  commit: 'text',
  blocker: 'text',
  summary: 'text',
  pointer: 'text',
  report: 'count',
  revision: 'count',
  counts: 'counts',
  acknowledged: 'acknowledged',
  undelivered: 'undelivered',
  outside: 'outside',
} as const satisfies Record<string, MetadataShape>;
export type MetadataKey = keyof typeof METADATA_SHAPES;

export type MetadataFlaw =
  | { code: 'message-metadata-bad'; key: string; expected: MetadataShape }
  | { code: 'message-verdict-unsaid' };

/** The flaw of what a sender says in the metadata of its message, or undefined. */
export function judgeMetadata(said: {
  readonly type: string;
  readonly references?: readonly string[] | undefined;
  readonly metadata?: Metadata | undefined;
}): MetadataFlaw | undefined {
  const metadata = said.metadata ?? {};
  for (const key of Object.keys(metadata)) {
    const expected = shapeOf(key);
    if (expected !== undefined && !hasShape(expected, metadata[key]))
      return { code: 'message-metadata-bad', key, expected };
  }
  return isComplete(said) ? undefined : { code: 'message-verdict-unsaid' };
}

/** A verdict says accept or reject; it and an ack name in their references what they are about. */
export function isComplete(said: {
  readonly type: string;
  readonly references?: readonly string[] | undefined;
  readonly metadata?: Metadata | undefined;
}): boolean {
  if (said.type !== 'verdict' && said.type !== 'ack') return true;
  const isSaid = said.type === 'ack' || hasShape('verdict', said.metadata?.['verdict']);
  return isSaid && (said.references ?? []).length > 0;
}

export function shapeOf(key: string): MetadataShape | undefined {
  return Object.hasOwn(METADATA_SHAPES, key) ? METADATA_SHAPES[key as MetadataKey] : undefined;
}

/** Whether the value has the shape: what the published schema says of it, for code that may load no library. */
export function hasShape(shape: MetadataShape, value: unknown): boolean {
  switch (shape) {
    case 'text':
      return typeof value === 'string';
    case 'artifacts':
      return (
        Array.isArray(value) &&
        value.every((item) => isText(item) || (isObject(item) && isText(item['path'])))
      );
    case 'gates':
      return (
        isObject(value) && Object.values(value).every((gate) => isObject(gate) && isText(gate['status']))
      );
    case 'figures':
      return isObject(value) && Object.values(value).every((figure) => Number.isFinite(figure));
    case 'verdict':
      return (VERDICTS as readonly unknown[]).includes(value);
    case 'count':
      return isCount(value);
    case 'counts':
      return isObject(value) && Object.values(value).every(isCount);
    case 'acknowledged':
      return isObject(value) && isText(value['by']) && isText(value['at']);
    case 'undelivered':
      return isObject(value) && isText(value['at']) && isText(value['reason']);
    case 'outside':
      return isObject(value) && isText(value['file']);
  }
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
