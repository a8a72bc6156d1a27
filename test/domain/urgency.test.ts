import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isMessageId, timeOfMessageId } from '../../src/domain/identifiers.ts';
import { type Envelope, isEnvelope, PRIORITIES } from '../../src/domain/message.ts';
import {
  byUrgency,
  envelopeAt,
  isRoutine,
  markInId,
  markOfMessage,
  mayBeTransition,
  sortByMark,
} from '../../src/domain/urgency.ts';
import { anyEnvelope } from '../kit/any-message.ts';

const NOON = Date.UTC(2026, 1, 21, 12);
const plain = { type: 'question', metadata: {} } as const;
const routine = { type: 'progress', metadata: { event: 'plan_started' } } as const;

describe('the mark', () => {
  test.each([
    ['urgent', 'u-'],
    ['high', 'h-'],
    ['normal', 'n-'],
    ['low', 'l-'],
  ] as const)('of %s is %s, in the id too', (priority, mark) => {
    expect(markOfMessage({ ...plain, priority })).toBe(mark);
    const { id } = envelopeAt(
      { to: 'a', type: 'question', content: 'x', priority },
      {
        tail: 'tail',
        from: 'b',
        atMs: NOON,
      },
    );
    expect(id).toBe(`msg-20260221-120000000-${mark}tail`);
    expect(markInId(id)).toBe(mark.charAt(0));
  });

  test('of what coord reports as progress is quiet, whatever its priority; of a report that is no progress, it is not', () => {
    for (const priority of PRIORITIES) expect(markOfMessage({ ...routine, priority })).toBe('q-');
    expect(isRoutine({ ...routine, type: 'completion' })).toBe(false);
    expect(markOfMessage({ ...routine, type: 'error', priority: 'high' })).toBe('h-');
    expect(isRoutine({ type: 'progress', metadata: {} })).toBe(false);
  });

  test.each([
    ['seed 002’s', 'msg-20251116-153045'],
    ['with another tail', 'msg-20251116-153045-abc'],
    ['with an unknown mark', 'msg-20251116-153045123-x-abc'],
    ['with a mark in the wrong place', 'msg-20251116-153045123-abc-u-'],
    ['with no tail behind the letter', 'msg-20251116-153045123-u'],
    ['not of a message', 'note-u-1'],
  ])('is not read from an id %s', (_, id) => {
    expect(markInId(id)).toBeUndefined();
  });
});

describe('order', () => {
  const named = (id: string, over: Partial<Envelope>): Envelope => ({
    id,
    from: 'a',
    to: 'b',
    timestamp: '',
    type: 'question',
    priority: 'normal',
    content: 'x',
    references: [],
    metadata: {},
    read: false,
    ...over,
  });

  test('is urgent, high, normal, low, routine; then by time', () => {
    const messages = [
      named('msg-1', { ...routine, priority: 'urgent' }),
      named('msg-2', { priority: 'low' }),
      named('msg-5', {}),
      named('msg-3', {}),
      named('msg-6', { priority: 'high' }),
      named('msg-7', { priority: 'urgent' }),
    ];
    expect(messages.sort(byUrgency).map(({ id }) => id)).toEqual([
      'msg-7',
      'msg-6',
      'msg-3',
      'msg-5',
      'msg-2',
      'msg-1',
    ]);
  });

  test('from the ids alone is the same as from the messages, for all that coord names', () => {
    const anyDraft = fc.record({
      priority: fc.constantFrom(...PRIORITIES),
      atMs: fc.integer({ min: NOON, max: NOON + 5 }),
      isReport: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(anyDraft, { maxLength: 40 }), (drafts) => {
        const messages = drafts.map(({ priority, atMs, isReport }, at) =>
          envelopeAt(
            { to: 'a', content: 'x', priority, ...(isReport ? routine : plain) },
            { tail: `t${String(at).padStart(3, '0')}`, from: 'b', atMs },
          ),
        );
        const ids = messages.map(({ id }) => id).sort();
        expect(sortByMark(ids)).toEqual({
          marked: [...messages].sort(byUrgency).map(({ id }) => id),
          unmarked: [],
        });
      }),
    );
  });

  test('keeps ids without a mark apart, since they may be anything', () => {
    const outside = ['msg-20251116-153045', 'a', 'msg-20251116-153045-x'];
    const own = ['msg-20251116-153045000-n-1', 'msg-20251116-153045000-u-1'];
    expect(sortByMark([...outside, ...own].sort())).toEqual({
      marked: [own[1], own[0]],
      unmarked: [...outside].sort(),
    });
  });
});

test('an envelope that coord makes is whole, and its id tells its moment and urgency', () => {
  fc.assert(
    fc.property(anyEnvelope, fc.integer({ min: 0, max: 4e12 }), (it, atMs) => {
      const { to, type, content, priority, references, metadata } = it;
      const made = envelopeAt(
        { to, type, content, priority, references, metadata },
        {
          tail: 'tail.1',
          from: 'worker-01',
          atMs,
        },
      );
      expect(isEnvelope(made)).toBe(true);
      expect(isMessageId(made.id)).toBe(true);
      expect(timeOfMessageId(made.id)).toBe(atMs);
      expect(made.timestamp).toBe(new Date(atMs).toISOString());
      expect(`${markInId(made.id)}-`).toBe(markOfMessage(made));
    }),
  );
});

describe('an id tells a transition', () => {
  test.each([
    ['msg-20260221-120000000-q-t.01.3.1', true],
    ['msg-20260221-120000000-u-t.a.b-c.12.4', true],
    ['msg-20260221-120000000-n-01abc0123456', false],
    ['msg-20260221-120000000-n-01abc0123456.2', false],
    ['msg-20251116-153045', true],
  ])('%s: %s', (id, may) => {
    expect(mayBeTransition(id)).toBe(may);
  });
});
