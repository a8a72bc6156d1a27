/**
 * The one source of `coordination-message-v1.0`: what a message is, as zod asks it and as the published JSON Schema says
 * it. Its words come from domain/message.ts, its metadata from domain/metadata.ts. The descriptions are read by
 * people who write an outside coordinator.
 *
 * Two forms of one shape. *published*: what an outside writer may drop, who may leave out four fields; it also holds for
 * all that coord writes. *envelope*: what coord writes, complete. The hot path asks `isEnvelope` (domain/message.ts)
 * instead, which knows the fields and their kinds but no limits of a text.
 *
 * Unknown keys pass everywhere, so that a later coord may add some.
 */
import * as z from 'zod';
import {
  CONTENT_MAX,
  MESSAGE_TYPES,
  PRIORITIES,
  REFERENCES_MAX,
  TRANSITION_EVENTS,
} from '../domain/message.ts';
import {
  isComplete,
  METADATA_SHAPES,
  type MetadataKey,
  type MetadataShape,
  VERDICTS,
} from '../domain/metadata.ts';
import { ID } from '../domain/outside/fields.ts';
import { CHECK_STATES } from '../domain/plan.ts';

const NAME_MAX = 200;

const count = z.int().min(0);
const filled = z.string().min(1);
const name = z
  .string()
  .max(NAME_MAX)
  .regex(/^\S(?:.*\S)?$/);
const instant = z.iso.datetime();
/** No control characters, nor marks that hide or turn text. */
const reference = z
  .string()
  .min(1)
  .max(NAME_MAX)
  .regex(/^[^\u0000-\u0008\u000a-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]*$/);

/** The shapes of domain/metadata.ts, which is what `hasShape` says of them without a library. */
const SHAPES: Record<MetadataShape, z.ZodType> = {
  text: z.string(),
  artifacts: z.array(z.union([filled, z.looseObject({ path: filled })])),
  gates: z.record(z.string(), z.looseObject({ status: z.union([z.enum(CHECK_STATES), filled]) })),
  figures: z.record(z.string(), z.number()),
  verdict: z.enum(VERDICTS),
  count,
  counts: z.record(z.string(), count),
  acknowledged: z.looseObject({ by: filled, at: filled }),
  undelivered: z.looseObject({ at: filled, reason: filled }),
  outside: z.looseObject({ file: filled }),
};

const DESCRIPTIONS: Record<MetadataKey, string> = {
  task_id: 'What the message is about: the id of a plan, or any name that both sides know.',
  context: 'What a reader should know besides.',
  blocker_type: 'Of a blocker: its kind in one word, such as missing_information.',
  error_type: 'Of an error: its kind in one word, such as quality_gate_failure.',
  artifacts:
    'Files that were made or changed: paths from the root of the repository, or objects with a path.',
  quality_gates:
    'Check by check, how it stands: passed, failed or not_run, with any figures (errors, coverage_percent).',
  metrics: 'Numbers by name, such as test_count or time_spent_minutes.',
  verdict: 'Of a verdict: whether the work that the references name is accepted.',
  reply_to: 'The message that this one answers.',
  thread: 'The first message of the conversation.',
  event: `Of what coord itself reports: ${TRANSITION_EVENTS.join(', ')}. These words are coord's alone.`,
  phase: 'The phase that it is about.',
  plan: 'The plan that it is about.',
  title: "The plan's title.",
  from: 'The state that the plan came from.',
  to: 'The state that the plan went to.',
  commit: 'The commit at which it happened.',
  blocker: 'The id of the blocker, unique in its phase.',
  summary: 'The blocker in one line.',
  pointer: 'Where the full record stands.',
  report: "Coord's own: the number of the report.",
  revision: "Coord's own: the revision of the worker's STATUS.md.",
  counts: "Coord's own: how many plans of the phase are in each state.",
  acknowledged: "Coord's own, in the archive: who acknowledged the message, in which session, and when.",
  undelivered: "Coord's own, under dead/: when and why the message was given up.",
  outside: "Coord's own: the file that the message came from, and what its writer claimed.",
};

const keys = Object.keys(METADATA_SHAPES) as MetadataKey[];
const metadata = z
  .looseObject(
    Object.fromEntries(
      keys.map((key) => [key, SHAPES[METADATA_SHAPES[key]].optional().describe(DESCRIPTIONS[key])]),
    ),
  )
  .describe('What programs read. The keys below have a meaning; others pass as they are.');

/** What everybody says. */
const said = {
  id: z
    .string()
    .regex(ID)
    .describe('Unique. msg-YYYYMMDD-HHMMSS, UTC, with anything after it that keeps two of one second apart.'),
  from: name.describe(
    'Who sends it. A claim: coord puts in whom it knows the writer to be. Names: coordinator, operator, worker-<phase>, coord.',
  ),
  to: name.describe(
    'One agent, or all. project-instance is the one worker there is, or else the coordinator.',
  ),
  timestamp: instant.describe('When it was written: UTC, ISO 8601, with Z.'),
  type: z
    .enum(MESSAGE_TYPES)
    .describe(
      'What it is. A verdict judges the work that its references name; an ack says that the messages they name arrived.',
    ),
  content: z
    .string()
    .max(CONTENT_MAX)
    .regex(/\S/)
    .describe(
      'The text. A longer one belongs in a file that the message names. (Counted in UTF-16 units: an emoji is two.)',
    ),
};

/** What an outside writer may leave out. */
const optional = {
  priority: z.enum(PRIORITIES).describe('Left out: urgent for a blocker, high for an error, else normal.'),
  references: z
    .array(reference)
    .max(REFERENCES_MAX)
    .describe('Ids of messages, plans or blockers that it refers to; a response names the question.'),
  metadata,
  read: z.boolean().describe('False until the receiver acknowledged it. A writer says false, or nothing.'),
};

const incomplete = { message: 'a verdict needs metadata.verdict, and it and an ack a reference' };

export const publishedMessageSchema = z
  .looseObject({
    ...said,
    priority: optional.priority.optional(),
    references: optional.references.optional(),
    metadata: optional.metadata.optional(),
    read: optional.read.optional(),
  })
  .refine(isComplete, incomplete)
  .meta({
    title: 'Coordination message',
    description:
      'One message between agents: a file in a box of .coordination/, and a line of messages.jsonl.',
  });

export const envelopeSchema = z.looseObject({ ...said, ...optional }).refine(isComplete, incomplete);

/** What the refinement says, in the words of JSON Schema: zod cannot hand on a function. */
export const COMPLETE_RULE = {
  allOf: [
    {
      if: { properties: { type: { enum: ['verdict', 'ack'] } }, required: ['type'] },
      // biome-ignore lint/suspicious/noThenProperty: JSON Schema's own word.
      then: { properties: { references: { type: 'array', minItems: 1 } }, required: ['references'] },
    },
    {
      if: { properties: { type: { const: 'verdict' } }, required: ['type'] },
      // biome-ignore lint/suspicious/noThenProperty: JSON Schema's own word.
      then: {
        properties: { metadata: { type: 'object', properties: { verdict: {} }, required: ['verdict'] } },
        required: ['metadata'],
      },
    },
  ],
} as const;
