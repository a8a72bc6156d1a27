/** The published schemas, held against zod, against the hot path's own checks, and against what seed 002 shows. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormatsModule from 'ajv-formats';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CONTENT_MAX, isEnvelope, REFERENCES_MAX } from '../../src/domain/message.ts';
import { judgeMetadata, METADATA_SHAPES, type MetadataKey } from '../../src/domain/metadata.ts';
import { readOutside } from '../../src/domain/outside/message.ts';
import { envelopeSchema, publishedMessageSchema } from '../../src/storage/message-schema.ts';
import { taskProgressSchema } from '../../src/storage/task-progress-schema.ts';
import { root } from '../build/build.ts';
import { anyEnvelope, anyMetadata, anyPublished, anySpoiled } from '../kit/any-message.ts';
import { tries } from '../kit/long.ts';
import { SEED_MESSAGES, SEED_TASK } from '../kit/seed-examples.ts';

// A CommonJS module: its default export arrives as a property.
const addFormats = addFormatsModule as unknown as (ajv: Ajv) => void;

function validatorOf(file: string): ValidateFunction {
  // A validator that is asked to be strict about the schema itself finds nothing to say.
  const ajv = new Ajv({ strict: true, strictTypes: true, allErrors: true });
  addFormats(ajv);
  return ajv.compile(JSON.parse(readFileSync(join(root, 'schemas', file), 'utf8')));
}

const byAjv = validatorOf('coordination-message-v1.0.schema.json');
const taskByAjv = validatorOf('task-progress-v1.0.schema.json');
const byZod = (value: unknown) => publishedMessageSchema.safeParse(value).success;

const plain = SEED_MESSAGES['directive'] as Record<string, unknown>;

describe('the examples of seed 002', () => {
  test.each(Object.entries(SEED_MESSAGES))(
    '%s is a message, for the schema, for zod and for the reader',
    (_, it) => {
      expect(byAjv(it), JSON.stringify(byAjv.errors)).toBe(true);
      expect(publishedMessageSchema.parse(it)).toEqual(it);
      expect(readOutside(JSON.stringify(it, null, 2), `${it['id']}.json`)).toMatchObject({
        done: true,
        notes: [],
      });
    },
  );

  test('the current task is a task', () => {
    expect(taskByAjv(SEED_TASK), JSON.stringify(taskByAjv.errors)).toBe(true);
    expect(taskProgressSchema.parse(SEED_TASK)).toEqual(SEED_TASK);
  });
});

describe('what is no message', () => {
  const verdict = { ...plain, type: 'verdict', references: ['msg-1'], metadata: { verdict: 'accept' } };
  test.each<[string, unknown]>([
    ['null', null],
    ['a list', [plain]],
    ...['id', 'from', 'to', 'timestamp', 'type', 'content'].map(
      (key) => [`one without ${key}`, { ...plain, [key]: undefined }] as [string, unknown],
    ),
    ['an id that leaves its folder', { ...plain, id: '../x' }],
    ['an id with two dots', { ...plain, id: 'a..b' }],
    ['an id of two lines', { ...plain, id: 'a\nb' }],
    ['a blank sender', { ...plain, from: ' ' }],
    ['a receiver of two lines', { ...plain, to: 'a\nb' }],
    ['an unknown type', { ...plain, type: 'task' }],
    ['a type in capitals', { ...plain, type: 'DIRECTIVE' }],
    ['an unknown priority', { ...plain, priority: 'CRITICAL' }],
    ['a priority that is null', { ...plain, priority: null }],
    ['blank content', { ...plain, content: ' \n' }],
    ['content that is too long', { ...plain, content: 'x'.repeat(CONTENT_MAX + 1) }],
    ['references that are text', { ...plain, references: 'a' }],
    ['an empty reference', { ...plain, references: [''] }],
    ['a reference with an escape', { ...plain, references: ['\u001b[2J'] }],
    ['too many references', { ...plain, references: Array(REFERENCES_MAX + 1).fill('a') }],
    ['metadata that is null', { ...plain, metadata: null }],
    ['metadata that is a list', { ...plain, metadata: [] }],
    ['a time without a zone', { ...plain, timestamp: '2026-02-21T09:00:00' }],
    ['a time of another zone', { ...plain, timestamp: '2026-02-21T09:00:00+08:00' }],
    ['a day that is none', { ...plain, timestamp: '2026-02-30T09:00:00Z' }],
    ['read that is text', { ...plain, read: 'no' }],
    ['a task that is a number', { ...plain, metadata: { task_id: 5 } }],
    ['a gate without a status', { ...plain, metadata: { quality_gates: { tsc: { errors: 0 } } } }],
    ['a metric that is text', { ...plain, metadata: { metrics: { time: '3h' } } }],
    ['an artifact without a path', { ...plain, metadata: { artifacts: [{ type: 'test' }] } }],
    ['a verdict that says neither', { ...verdict, metadata: {} }],
    ['a verdict of no metadata', { ...verdict, metadata: undefined }],
    ['a verdict that says maybe', { ...verdict, metadata: { verdict: 'maybe' } }],
    ['a verdict on nothing', { ...verdict, references: [] }],
    ['an ack of nothing', { ...verdict, type: 'ack', references: [] }],
    ['a verdict without references', { ...verdict, references: undefined }],
  ])('%s', (_claim, value) => {
    const written = value === null ? null : JSON.parse(JSON.stringify(value));
    expect([byAjv(written), byZod(written)]).toEqual([false, false]);
    expect([byAjv(verdict), byZod(verdict)]).toEqual([true, true]);
  });

  test('coord counts UTF-16 units, so a text of emoji may keep to the schema and still be too long', () => {
    const emoji = { ...plain, content: '👍'.repeat(CONTENT_MAX / 2 + 1) };
    expect([byAjv(emoji), byZod(emoji), readOutside(JSON.stringify(emoji), 'a.json').done]).toEqual([
      true,
      true,
      false,
    ]);
  });
});

describe('whatever is written', () => {
  test('what keeps to the schema is taken by the schema and by zod', () => {
    fc.assert(
      fc.property(anyPublished, (it) => {
        const value = JSON.parse(JSON.stringify(it));
        expect(byAjv(value), JSON.stringify(byAjv.errors)).toBe(true);
        expect(byZod(value)).toBe(true);
      }),
      { numRuns: tries(500) },
    );
  });

  test('the schema and zod say the same', () => {
    let taken = 0;
    fc.assert(
      fc.property(fc.oneof({ weight: 9, arbitrary: anySpoiled }, fc.jsonValue()), (value) => {
        expect(byAjv(value), JSON.stringify([value, byAjv.errors])).toBe(byZod(value));
        if (byZod(value)) taken += 1;
      }),
      { numRuns: tries(1_500) },
    );
    expect(taken).toBeGreaterThan(tries(70));
  });

  test('the reader takes what the schema takes, and notes only what it kept elsewhere', () => {
    fc.assert(
      fc.property(anyPublished, (it) => {
        const outcome = readOutside(JSON.stringify(it), `${it['id']}.json`);
        if (!outcome.done) throw new Error(outcome.reason);
        const rest = outcome.notes.filter((note) => !/coord's to write|no field of a message/.test(note));
        expect(rest).toEqual([]);
      }),
      { numRuns: tries(500) },
    );
  });

  test('what the reader made of a careless message keeps to the schema', () => {
    let careless = 0;
    fc.assert(
      fc.property(anySpoiled, (value) => {
        const outcome = readOutside(JSON.stringify(value), 'msg-20260221-090000.json');
        if (!outcome.done || outcome.draft.type === 'ack') return;
        if (!byZod(value)) careless += 1;
        const { draft, id = 'msg-1', timestamp = '2026-02-21T09:00:00Z' } = outcome;
        const routed = {
          id: /^[\w.-]+$/.test(id) ? id : 'msg-1',
          from: 'operator',
          to: 'worker-01',
          timestamp,
          ...draft,
        };
        const envelope = { ...routed, read: false };
        expect(byAjv(envelope), JSON.stringify([value, byAjv.errors])).toBe(true);
        expect(envelopeSchema.safeParse(envelope).success).toBe(true);
        expect(judgeMetadata(draft)).toBeUndefined();
      }),
      { numRuns: tries(1_000) },
    );
    expect(careless).toBeGreaterThan(tries(20));
  });
});

describe('the checks that load no library', () => {
  test('isEnvelope takes what zod takes of a complete envelope', () => {
    fc.assert(
      fc.property(anyEnvelope, (it) => {
        expect(envelopeSchema.safeParse(it).success).toBe(true);
        expect(isEnvelope(it)).toBe(true);
      }),
      { numRuns: tries(500) },
    );
  });

  /** What isEnvelope leaves to the sender: limits and forms of texts, and what metadata means. */
  const FORMS = [/^(id|from|to|timestamp|content|references|metadata)\b/, /^$/];
  const isKnownGap = (value: unknown) => {
    const { error } = envelopeSchema.safeParse(value);
    return error?.issues.every((issue) => {
      const isText = ['too_big', 'too_small', 'invalid_format', 'custom'].includes(issue.code);
      const isTyped = issue.path[0] === 'metadata' && issue.path.length > 1;
      return (isText || isTyped) && FORMS.some((form) => form.test(String(issue.path[0] ?? '')));
    });
  };

  test('and refuses what zod refuses, but for limits of texts and the meaning of metadata', () => {
    let refused = 0;
    fc.assert(
      fc.property(fc.oneof({ weight: 9, arbitrary: anySpoiled }, fc.jsonValue()), (value) => {
        const isZods = envelopeSchema.safeParse(value).success;
        if (isZods) expect(isEnvelope(value)).toBe(true);
        else if (isEnvelope(value)) expect(isKnownGap(value), JSON.stringify(value)).toBe(true);
        else refused += 1;
      }),
      { numRuns: tries(1_500) },
    );
    expect(refused).toBeGreaterThan(tries(100));
  });

  test('the metadata is judged as zod judges it', () => {
    const odd = fc.tuple(
      fc.constantFrom(...(Object.keys(METADATA_SHAPES) as MetadataKey[])),
      fc.oneof(fc.jsonValue({ maxDepth: 3 }), anyMetadata, fc.array(anyMetadata, { maxLength: 2 })),
    );
    const metadata = fc.tuple(anyMetadata, fc.array(odd, { maxLength: 2 })).map(([sound, changed]) => {
      return JSON.parse(JSON.stringify({ ...sound, ...Object.fromEntries(changed) }));
    });
    const seen = { sound: 0, unsound: 0 };
    fc.assert(
      fc.property(metadata, (said: Record<string, unknown>) => {
        const isSound = judgeMetadata({ type: 'progress', metadata: said }) === undefined;
        expect(byZod({ ...plain, metadata: said })).toBe(isSound);
        seen[isSound ? 'sound' : 'unsound'] += 1;
      }),
      { numRuns: tries(1_500) },
    );
    expect(Math.min(seen.sound, seen.unsound)).toBeGreaterThan(tries(100));
  });
});
