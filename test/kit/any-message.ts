/** Messages for property tests: any that keeps to the published schema, and any that may not. */
import fc from 'fast-check';
import { MESSAGE_TYPES, PRIORITIES, TRANSITION_EVENTS } from '../../src/domain/message.ts';
import { METADATA_SHAPES, type MetadataShape, VERDICTS } from '../../src/domain/metadata.ts';

const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,12}$/);
const filled = fc.string({ minLength: 1, maxLength: 12 });
const instant = fc
  .date({ min: new Date(0), max: new Date('9000-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString());
const count = fc.nat();
/** zod's records and objects pass `__proto__` over; no program writes it. */
const keyed = <T>(value: fc.Arbitrary<T>) =>
  fc.dictionary(
    word,
    value.filter((it) => it !== undefined),
    { noNullPrototype: true, maxKeys: 4 },
  );

const SHAPED: Record<MetadataShape, fc.Arbitrary<unknown>> = {
  text: fc.oneof(fc.string(), fc.constantFrom(...TRANSITION_EVENTS)),
  artifacts: fc.array(fc.oneof(filled, fc.record({ path: filled, status: word }))),
  gates: keyed(
    fc.record({ status: fc.oneof(fc.constantFrom('passed', 'failed', 'not_run'), filled), errors: count }),
  ),
  figures: keyed(fc.double({ noNaN: true, noDefaultInfinity: true })),
  verdict: fc.constantFrom(...VERDICTS),
  count,
  counts: keyed(count),
  acknowledged: fc.record({ by: word, session: fc.option(word), at: instant }),
  undelivered: fc.record({ at: instant, reason: filled, rings: count }),
  outside: fc.record({ file: filled, notes: fc.array(fc.string()) }),
};

export const anyMetadata = fc
  .tuple(
    fc.record(
      Object.fromEntries(Object.entries(METADATA_SHAPES).map(([key, shape]) => [key, SHAPED[shape]])),
      { requiredKeys: [], noNullPrototype: true },
    ),
    keyed(fc.jsonValue({ maxDepth: 2 })),
  )
  .map(([known, others]) => {
    // A key with a meaning has its shape; chance must not give it another.
    const free = Object.entries(others).filter(([key]) => !Object.hasOwn(METADATA_SHAPES, key));
    return { ...Object.fromEntries(free), ...known };
  });

/** Complete, as coord writes it. */
export const anyEnvelope = fc
  .record(
    {
      id: word,
      from: word,
      to: word,
      timestamp: instant,
      type: fc.constantFrom(...MESSAGE_TYPES),
      priority: fc.constantFrom(...PRIORITIES),
      content: fc.string({ unit: 'binary', minLength: 1 }).filter((text) => text.trim() !== ''),
      references: fc.array(word, { maxLength: 4 }),
      metadata: anyMetadata,
      read: fc.boolean(),
    },
    { noNullPrototype: true },
  )
  .map((it) => {
    if (it.type !== 'verdict' && it.type !== 'ack') return it;
    const references = it.references.length > 0 ? it.references : ['msg-1'];
    return { ...it, references, metadata: { verdict: 'accept', ...it.metadata } };
  });

const optionalKeys = ['priority', 'references', 'metadata', 'read'];

/** As an outside writer may write it: with any of four fields left out. */
export const anyPublished = fc
  .tuple(anyEnvelope, fc.subarray(optionalKeys))
  .map(([it, left]) =>
    Object.fromEntries(
      Object.entries(it).filter(
        ([key]) => !left.includes(key) || (['verdict', 'ack'].includes(it.type) && key !== 'priority'),
      ),
    ),
  );

const odd = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  anyMetadata,
  fc.constantFrom(
    '',
    ' ',
    'a\nb',
    '..',
    'CRITICAL',
    '2026-02-30T00:00:00Z',
    '2026-02-21',
    'x'.repeat(201),
    0,
    -1,
    1.5,
  ),
);

/** One that somebody spoiled, perhaps: fields left out, replaced, added, at the top and in the metadata. */
export const anySpoiled = fc
  .tuple(
    anyPublished,
    fc.array(
      fc.tuple(fc.constantFrom('id', 'from', 'to', 'timestamp', 'type', 'content', ...optionalKeys), odd),
      {
        maxLength: 2,
      },
    ),
    fc.array(fc.tuple(fc.constantFrom(...Object.keys(METADATA_SHAPES)), odd), { maxLength: 2 }),
    fc.option(fc.constantFrom('id', 'from', 'to', 'timestamp', 'type', 'content', ...optionalKeys)),
  )
  .map(([it, fields, keys, gone]): unknown => {
    const metadata = { ...(it['metadata'] as object | undefined), ...Object.fromEntries(keys) };
    const spoiled = { ...it, ...(keys.length > 0 ? { metadata } : {}), ...Object.fromEntries(fields) };
    return JSON.parse(JSON.stringify(gone === null ? spoiled : { ...spoiled, [gone]: undefined }));
  });
