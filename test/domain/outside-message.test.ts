import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CONTENT_MAX, judgeDraft, PRIORITIES, REFERENCES_MAX } from '../../src/domain/message.ts';
import { OUTSIDE_TEXT_MAX, type OutsideMessage, readOutside } from '../../src/domain/outside/message.ts';
import { isOwn } from '../../src/domain/outside/metadata.ts';
import { anyEnvelope, anySpoiled } from '../kit/any-message.ts';
import { tries } from '../kit/long.ts';

const ID = 'msg-20260221-143000';
const FILE = `${ID}.json`;

const plain = {
  id: ID,
  from: 'coordinator',
  to: 'project-instance',
  timestamp: '2026-02-21T14:30:00Z',
  type: 'directive',
  priority: 'high',
  content: 'Build the parser.',
  references: ['parser'],
  metadata: { task_id: 'parser' },
  read: false,
};

function reading(over: Record<string, unknown>, file = FILE) {
  return readOutside(JSON.stringify({ ...plain, ...over }), file);
}

function message(over: Record<string, unknown>, file = FILE): OutsideMessage {
  const outcome = reading(over, file);
  if (!outcome.done) throw new Error(outcome.reason);
  return outcome;
}

function without(...keys: string[]): Record<string, unknown> {
  return Object.fromEntries(keys.map((key) => [key, undefined]));
}

test('a message as the protocol writes it is read as it stands, without a note', () => {
  expect(message({})).toEqual({
    done: true,
    draft: {
      type: 'directive',
      priority: 'high',
      content: 'Build the parser.',
      references: ['parser'],
      metadata: { task_id: 'parser' },
    },
    id: ID,
    claimedFrom: 'coordinator',
    claimedTo: 'project-instance',
    timestamp: '2026-02-21T14:30:00.000Z',
    notes: [],
  });
});

test('what may be left out is left out without a note, and gets the default of its type', () => {
  const given = message(without('priority', 'references', 'metadata', 'read'));
  expect(given.draft).toMatchObject({ priority: 'normal', references: [], metadata: {} });
  expect(given.notes).toEqual([]);
  expect(message({ ...without('priority'), type: 'blocker' }).draft.priority).toBe('urgent');
  expect(message({ ...without('priority'), type: 'error' }).draft.priority).toBe('high');
});

describe('priority', () => {
  test.each<[unknown, string]>([
    ['HIGH', 'high'],
    [' Low ', 'low'],
    ['CRITICAL', 'urgent'],
    ['Important', 'high'],
    ['medium', 'normal'],
    ['minor', 'low'],
    [1, 'urgent'],
    [2, 'high'],
    [3, 'normal'],
    [4, 'low'],
    ['1', 'urgent'],
    ['P0', 'urgent'],
    ['p1', 'high'],
    ['P2', 'normal'],
    ['P3', 'low'],
    ['', 'normal'],
    [null, 'normal'],
  ])('%j is %s, and that is noted', (priority, expected) => {
    const { draft, notes } = message({ priority });
    expect(draft.priority).toBe(expected);
    expect(notes).toEqual([expect.stringContaining('priority')]);
  });

  test.each([PRIORITIES])('%s needs no note', (priority) => {
    expect(message({ priority })).toMatchObject({ draft: { priority }, notes: [] });
  });

  test.each([
    [0],
    [5],
    [1.5],
    ['P4'],
    ['soon'],
    ['constructor'],
    ['__proto__'],
    [true],
    [[]],
    [{}],
    [['high']],
  ])('%j could mean anything', (priority) => {
    expect(reading({ priority })).toMatchObject({ done: false, isUnfinished: false });
  });
});

describe('what is read kindly, and noted', () => {
  test.each<[string, Record<string, unknown>, Partial<OutsideMessage>, RegExp]>([
    [
      'another name for id',
      { ...without('id'), message_id: ID },
      { id: ID },
      /`message_id` was taken for `id`/,
    ],
    ['messageId', { ...without('id'), messageId: ID }, { id: ID }, /`messageId` was taken/],
    ['null for id, and message_id', { id: null, message_id: ID }, { id: ID }, /taken for `id`/],
    [
      'an id other than the file name',
      { id: 'msg-20260221-999999' },
      { id: 'msg-20260221-999999' },
      /the `id` counts/,
    ],
    ['no id, and a file name that can be one', without('id'), { id: ID }, /the file name is taken/],
    ['an id that leaves its folder', { id: '../x' }, { id: undefined }, /no id has/],
    ['an id with an escape', { id: 'a\u001b[2J' }, { id: undefined }, /no id has/],
    ['an id that is a list', { id: [ID] }, { id: undefined }, /a list has signs/],
    ['no sender', without('from'), { claimedFrom: undefined }, /no `from`/],
    ['a sender that is a number', { from: 1 }, { claimedFrom: undefined }, /`from` is 1/],
    ['no receiver', without('to'), { claimedTo: undefined }, /no `to`/],
    ['a list of one receiver', { to: ['worker-01'] }, { claimedTo: 'worker-01' }, /list of one/],
    ['a blank receiver', { to: ' ' }, { claimedTo: undefined }, /no `to`/],
    ['a type in capitals', { type: 'DIRECTIVE' }, {}, /read as directive/],
    ['no timestamp', without('timestamp'), { timestamp: undefined }, /time of arrival/],
    ['a timestamp that is none', { timestamp: 'now' }, { timestamp: undefined }, /"now" is no time/],
    ['a timestamp without Z', { timestamp: '2026-02-21T14:30:00' }, {}, /for UTC/],
    ['a timestamp in seconds', { timestamp: 1771684200 }, {}, /seconds since/],
    ['one reference', { references: 'parser' }, {}, /a list of one/],
    ['an empty reference', { references: ['', 'parser', null] }, {}, /empty references/],
    ['null for references', { references: null }, {}, /`references` is null/],
    ['null for metadata', { metadata: null }, {}, /`metadata` is null/],
    ['body for content', { ...without('content'), body: plain.content }, {}, /`body` was taken/],
    ['message for content', { content: '', message: plain.content }, {}, /`message` was taken/],
    ['text for content', { content: null, text: plain.content }, {}, /`text` was taken/],
    ['an unknown field', { project: 'x' }, {}, /`project`: no field of a message/],
  ])('%s', (_claim, over, expected, note) => {
    const given = message(over);
    expect(given).toMatchObject(expected);
    expect(given.notes).toEqual([expect.stringMatching(note)]);
    expect(given.draft).toMatchObject({ type: 'directive', content: plain.content });
    if (!('references' in over && over['references'] === null))
      expect(given.draft.references).toEqual(['parser']);
    if ('timestamp' in expected === false) expect(given.timestamp).toBe('2026-02-21T14:30:00.000Z');
  });

  test('a byte order mark', () => {
    expect(readOutside(`\ufeff${JSON.stringify(plain)}`, FILE)).toMatchObject({
      done: true,
      notes: [expect.stringContaining('byte order mark')],
    });
  });

  test('a file name that cannot be an id gives none', () => {
    const given = message(without('id'), 'directive 1.json');
    expect(given.id).toBeUndefined();
    expect(given.notes).toEqual([expect.stringContaining('coord gives one')]);
  });

  test.each([[`a/b/${FILE}`], [`C:\\x\\${FILE}`], [`${ID}.JSON`], [ID]])(
    'the file %s is named after its id',
    (file) => {
      expect(message({}, file).notes).toEqual([]);
    },
  );

  test('what stands in no field of a message is kept in the metadata', () => {
    const given = message({ task_id: 'other', blocker_type: 'missing', ['__proto__']: { x: 1 } });
    expect(given.draft.metadata).toMatchObject({ task_id: 'parser', blocker_type: 'missing' });
    expect(given.notes).toEqual([
      expect.stringMatching(/`blocker_type`.*kept/),
      expect.stringMatching(/`task_id`.*that one counts/),
    ]);
  });

  test('what coord alone reports is kept as a claim', () => {
    const given = message({ metadata: { event: 'plan_complete', acknowledged: { at: 'x' }, task_id: 't' } });
    expect(given.draft.metadata).toEqual({
      claimed_event: 'plan_complete',
      claimed_acknowledged: { at: 'x' },
      task_id: 't',
    });
    expect(given.notes).toHaveLength(2);
    expect(message({ event: 'plan_failed' }).draft.metadata).not.toHaveProperty('event');
    expect(message({ metadata: { event: 'lunch' } }).draft.metadata).toEqual({ claimed_event: 'lunch' });
  });
});

test('an id that is a number', () => {
  expect(message({ id: 7 }, '7.json')).toMatchObject({ id: '7', notes: [expect.stringMatching(/number/)] });
});

describe('metadata', () => {
  test.each<[string, unknown, Record<string, unknown>, RegExp]>([
    ['task_id', 5, { task_id: '5' }, /is 5, and was read as "5"/],
    ['artifacts', 'src/a.ts', { artifacts: ['src/a.ts'] }, /was read as \["src\/a.ts"\]/],
    ['verdict', 'Approved', { verdict: 'accept' }, /was read as "accept"/],
    ['verdict', 'rejected', { verdict: 'reject' }, /was read as "reject"/],
    ['verdict', 'maybe', { claimed_verdict: 'maybe' }, /not what the schema asks for/],
    ['verdict', 'constructor', { claimed_verdict: 'constructor' }, /not what the schema asks for/],
    ['metrics', { time: '3h' }, { claimed_metrics: { time: '3h' } }, /not what the schema asks for/],
    ['quality_gates', { tsc: 'passed' }, { claimed_quality_gates: { tsc: 'passed' } }, /not what/],
    ['context', null, { claimed_context: null }, /not what the schema asks for/],
    ['event', 'plan_complete', { claimed_event: 'plan_complete' }, /coord's to write/],
    ['counts', {}, { claimed_counts: {} }, /coord's to write/],
    ['outside', { digest: 'x' }, { claimed_outside: { digest: 'x' } }, /coord's to write/],
  ])('%s: %j', (key, value, expected, note) => {
    const given = message({ metadata: { [key]: value } });
    expect(given.draft.metadata).toEqual(expected);
    expect(given.notes).toEqual([expect.stringMatching(note)]);
  });

  test('a claim takes no other’s place', () => {
    const metadata = { event: 'plan_failed', claimed_event: 'a', claimed_claimed_event: 'b' };
    expect(message({ metadata }).draft.metadata).toEqual({
      claimed_event: 'a',
      claimed_claimed_event: 'b',
      claimed_claimed_claimed_event: 'plan_failed',
    });
  });

  test('a verdict says accept or reject, and on what', () => {
    const over = { type: 'verdict', verdict: 'ACCEPTED', metadata: {}, references: [ID] };
    expect(message(over).draft.metadata).toEqual({ verdict: 'accept' });
    for (const spoiled of [{ verdict: undefined }, { verdict: 'maybe' }, { references: [] }])
      expect(reading({ ...over, ...spoiled })).toMatchObject({
        done: false,
        reason: expect.stringMatching(/a verdict says/),
      });
  });
});

describe('what is set aside', () => {
  test.each<[string, Record<string, unknown>, RegExp]>([
    ['no type', without('type'), /no `type`/],
    ['an unknown type', { type: 'task' }, /the type "task" is not known/],
    ['a type that is a list', { type: ['directive'] }, /the type a list is not known/],
    ['no content', without('content'), /no `content`/],
    ['blank content', { content: ' \n' }, /no `content`/],
    ['content that is a list', { content: ['a'] }, /`content` is a list, not text/],
    ['content that is a number', { content: 5 }, /`content` is 5, not text/],
    ['two that could be the content', { content: '', body: 'a', text: 'b' }, /`body` and `text` could both/],
    ['content that is too long', { content: 'x'.repeat(CONTENT_MAX + 1) }, /at most 32768/],
    ['several receivers', { to: ['a', 'b'] }, /not the name of one agent/],
    ['a receiver that is a number', { to: 1 }, /not the name of one agent/],
    ['a reference that is an object', { references: [{ id: 'a' }] }, /the reference an object/],
    ['a reference of two lines', { references: ['a\nb'] }, /is no id/],
    ['too many references', { references: Array(REFERENCES_MAX + 1).fill('a') }, /33 references/],
    ['metadata that is a list', { metadata: ['a'] }, /`metadata` is a list/],
    ['metadata that is text', { metadata: 'a' }, /`metadata` is "a"/],
    ['metadata that is too long', { metadata: { a: 'x'.repeat(CONTENT_MAX) } }, /more than 32768/],
    ['an ack of nothing', { type: 'ack', references: [] }, /acknowledges nothing/],
  ])('%s', (_claim, over, reason) => {
    expect(reading(over)).toEqual({
      done: false,
      reason: expect.stringMatching(reason),
      isUnfinished: false,
    });
  });

  test.each<[string, string, RegExp]>([
    ['a list', `[${JSON.stringify(plain)}]`, /not a JSON object/],
    ['a number', '1', /not a JSON object/],
    ['plain text', 'Please build the parser.', /not a JSON object/],
    ['two messages', `${JSON.stringify(plain)}\n${JSON.stringify(plain)}\n`, /not JSON \(line 2\)/],
    ['a comma too many', '{"type": "directive",\n}', /not JSON \(line 2\)/],
    ['a line break in a text', '{"content": "a\nb"}', /not JSON \(line 1\)/],
    ['UTF-16', Buffer.from(`\ufeff${JSON.stringify(plain)}`, 'utf16le').toString('utf8'), /not UTF-8/],
    ['zeros, as a loss of power leaves them', '\0'.repeat(64), /not UTF-8/],
    ['a text that is too long', `{"content":"${'x'.repeat(OUTSIDE_TEXT_MAX)}"}`, /at most/],
  ])('%s', (_claim, text, reason) => {
    expect(readOutside(text, FILE)).toEqual({
      done: false,
      reason: expect.stringMatching(reason),
      isUnfinished: false,
    });
  });

  test('metadata that is nested so deep that nothing could print it', () => {
    const nested = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
    const text = (levels: number) =>
      JSON.stringify({ ...plain, metadata: 0 }).replace('"metadata":0', `"metadata":${nested(levels)}`);
    expect(readOutside(text(32), FILE).done).toBe(true);
    expect(readOutside(text(33), FILE)).toMatchObject({
      done: false,
      reason: expect.stringMatching(/nested/),
    });
    expect(readOutside(text(40_000), FILE)).toMatchObject({ done: false });
  });

  test('every flaw is told at once, on one clean line', () => {
    const outcome = reading({ type: 'do\u001b[2Jit\n', priority: 'soon', content: '' });
    expect(outcome).toMatchObject({ reason: expect.stringMatching(/type.*; .*priority.*; .*content/) });
    expect(outcome.done ? '' : outcome.reason).not.toMatch(/[\u0000-\u001f]/);
  });
});

test('an ack names what it acknowledges, and needs no content', () => {
  expect(message({ type: 'ack', content: undefined, references: [ID] })).toMatchObject({
    draft: { type: 'ack', content: 'acknowledged', references: [ID] },
    notes: [expect.stringMatching(/an ack can do without/)],
  });
});

test('control characters are data', () => {
  const content = 'a\u001b[31mb\u0000\u202e';
  expect(message({ content }).draft.content).toBe(content);
});

describe('whatever is dropped', () => {
  /** Complete, and without what coord alone says. */
  const strict = anyEnvelope.map((it) => ({
    ...it,
    metadata: Object.fromEntries(Object.entries(it.metadata).filter(([key]) => !isOwn(key))),
  }));
  const kindly = fc.record({
    priority: fc.constantFrom(
      (it: string) => it,
      (it: string) => it.toUpperCase(),
      (it: string) => ['urgent', 'high', 'normal', 'low'].indexOf(it) + 1,
      (it: string) => `P${['urgent', 'high', 'normal', 'low'].indexOf(it)}`,
    ),
    type: fc.constantFrom(
      (it: string) => it,
      (it: string) => it.toUpperCase(),
    ),
    timestamp: fc.constantFrom(
      (it: string): string | number => it,
      (it: string) => it.slice(0, -1),
      (it: string) => it.replace('T', ' '),
      (it: string) => it.replace('Z', '+00:00'),
    ),
    idName: fc.constantFrom('id', 'message_id', 'messageId'),
    contentName: fc.constantFrom('content', 'body', 'text', 'message'),
    mark: fc.constantFrom('', '\ufeff'),
    gap: fc.constantFrom(undefined, 2, '\t'),
    tail: fc.constantFrom('', '\n', '\r\n '),
  });

  test('a message that is written carelessly is the message that was meant', () => {
    fc.assert(
      fc.property(strict, kindly, (it, how) => {
        const { id, content, ...rest } = it;
        const careless = {
          [how.idName]: id,
          ...rest,
          [how.contentName]: content,
          priority: how.priority(it.priority),
          type: how.type(it.type),
          timestamp: how.timestamp(it.timestamp),
          references: it.references.length === 1 ? it.references[0] : it.references,
        };
        const text = `${how.mark}${JSON.stringify(careless, null, how.gap)}${how.tail}`;
        const meant = readOutside(JSON.stringify(it), `${id}.json`);
        expect(meant).toMatchObject({ done: true, notes: [], id, claimedFrom: it.from, claimedTo: it.to });
        expect({ ...readOutside(text, `${id}.json`), notes: [] }).toEqual(meant);
      }),
    );
  });

  test('a beginning of a message is unfinished, never wrong and never a message', () => {
    fc.assert(
      fc.property(strict, fc.nat(), (it, at) => {
        const text = JSON.stringify(it, null, 2);
        expect(readOutside(text.slice(0, at % text.length), FILE)).toMatchObject({
          done: false,
          isUnfinished: true,
        });
      }),
    );
  });

  const odd = fc.oneof(fc.jsonValue(), fc.constantFrom('', null, 0, [], {}, 'CRITICAL', 'directive', ID));
  const keys = [...Object.keys(plain), 'message_id', 'body', 'text', '__proto__', 'constructor', 'toString'];
  const heap = fc.array(fc.tuple(fc.constantFrom(...keys), odd), { maxLength: 8 }).map((pairs) => {
    const fields = new Map<string, unknown>([...Object.entries(plain), ...pairs]);
    return `{${[...fields].map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(',')}}`;
  });

  test('it is refused with a reason, or can be sent; and written strictly, it reads the same with nothing to note', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          heap,
          anySpoiled.map((it) => JSON.stringify(it)),
          fc.json(),
          fc.string({ unit: 'binary' }),
        ),
        (text) => {
          const outcome = readOutside(text, FILE);
          if (!outcome.done) {
            expect(outcome.reason).toMatch(/^\S[^\u0000-\u001f]+$/);
            return;
          }
          const { draft, notes, ...claims } = outcome;
          for (const note of notes) expect(note).not.toMatch(/[\u0000-\u001f]/);
          if (draft.type !== 'ack') expect(judgeDraft({ to: 'a', ...draft })).toBeUndefined();
          const again = {
            id: ID,
            from: 'a',
            to: 'b',
            timestamp: '2026-02-21T14:30:00Z',
            ...draft,
            read: false,
          };
          expect(readOutside(JSON.stringify(again), FILE)).toMatchObject({ done: true, notes: [] });
          expect(JSON.stringify({ ...claims, draft })).toBe(JSON.stringify({ ...claims, draft }));
          const reread = readOutside(JSON.stringify(again), FILE);
          expect(JSON.stringify(reread.done && reread.draft)).toBe(JSON.stringify(draft));
        },
      ),
      { numRuns: tries(3_000) },
    );
  });
});
