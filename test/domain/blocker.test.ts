import { describe, expect, test } from 'vitest';
import {
  blockersAnsweredBy,
  condensed,
  holdFrom,
  nextBlockerId,
  type OpenBlocker,
  pointerTo,
  withAnswers,
} from '../../src/domain/blocker.ts';
import { type Envelope, envelopeOf } from '../../src/domain/message.ts';

function open(id: string, over: Partial<OpenBlocker> = {}): OpenBlocker {
  return { id, summary: `About ${id}`, plan: null, message: `msg-2-${id}`, answeredBy: null, ...over };
}

function mail(over: Partial<Envelope> = {}): Envelope {
  const draft = { to: 'worker-01', type: 'response', content: 'Take 8080' };
  return { ...envelopeOf(draft, { id: 'msg-3', from: 'coordinator', atMs: 0 }), ...over };
}

describe('blockersAnsweredBy', () => {
  const both = [open('B1'), open('B2')];
  test.each<[string, Partial<Envelope>, readonly OpenBlocker[], string[]]>([
    ['a response by the blocker’s id', { references: ['B2'] }, both, ['B2']],
    ['a response by its message', { references: ['msg-2-B1'] }, both, ['B1']],
    ['a response to two', { references: ['B2', 'msg-2-B1'] }, both, ['B1', 'B2']],
    ['a response to none answers all raised before it', {}, both, ['B1', 'B2']],
    ['and none raised after it', { id: 'msg-1' }, both, []],
    [
      'one that was told by no message counts as before',
      { id: 'msg-1' },
      [open('B1', { message: null })],
      ['B1'],
    ],
    ['a reference to something else is none', { references: ['01-02'] }, both, ['B1', 'B2']],
    ['a directive answers too', { type: 'directive', references: ['B1'] }, both, ['B1']],
    ['and a verdict', { type: 'verdict', references: ['B1'] }, both, ['B1']],
    ['the operator answers too', { from: 'operator', references: ['B1'] }, both, ['B1']],
    ['another worker does not', { from: 'worker-02', references: ['B1'] }, both, []],
    ['nor coord itself', { from: 'coord', references: ['B1'] }, both, []],
    ['a question is no answer', { type: 'question', references: ['B1'] }, both, []],
    ['nor is an ack', { type: 'ack', references: ['B1'] }, both, []],
    ['nor progress', { type: 'progress', references: ['B1'] }, both, []],
    [
      'what is answered is not answered again',
      { references: ['B1'] },
      [open('B1', { answeredBy: 'msg-2' })],
      [],
    ],
    [
      'and one meant for it answers the others',
      { references: ['B1'] },
      [open('B1', { answeredBy: 'x' }), open('B2')],
      ['B2'],
    ],
    ['nothing open', {}, [], []],
    ['b1 is not B1', { references: ['b1'] }, [open('B1'), open('B2')], ['B1', 'B2']],
  ])('%s', (_claim, over, blockers, ids) => {
    expect(blockersAnsweredBy(mail(over), blockers)).toEqual(ids);
  });
});

describe('withAnswers', () => {
  test('names the message that answered, and changes nothing twice', () => {
    const before = [open('B1'), open('B2')];
    const once = withAnswers(before, [mail({ references: ['B1'] })]);
    expect(once.map((it) => it.answeredBy)).toEqual(['msg-3', null]);
    expect(before.map((it) => it.answeredBy)).toEqual([null, null]);
    expect(
      withAnswers(once, [mail({ id: 'msg-9', references: ['B1', 'B2'] })]).map((it) => it.answeredBy),
    ).toEqual(['msg-3', 'msg-9']);
  });

  test('is the same array when nothing is answered', () => {
    const before = [open('B1')];
    expect(withAnswers(before, [])).toBe(before);
    expect(withAnswers(before, [mail({ type: 'question' })])).toBe(before);
  });
});

test.each<[string, OpenBlocker[], string | undefined]>([
  ['the oldest', [open('B1'), open('B2')], 'B1'],
  ['the oldest without an answer', [open('B1', { answeredBy: 'm' }), open('B2')], 'B2'],
  ['none when all are answered', [open('B1', { answeredBy: 'm' })], undefined],
  ['none when there is none', [], undefined],
])('a strict worker is held by %s', (_claim, blockers, id) => {
  expect(holdFrom(blockers)?.blocker).toBe(id);
});

test.each([
  [[], 'B1'],
  [['B1'], 'B2'],
  [['B2', 'B10', 'B9'], 'B11'],
  [['mine', 'Bx', 'B'], 'B1'],
  [['B3', 'mine'], 'B4'],
])('after %j comes %s', (ids, next) => {
  expect(nextBlockerId(ids.map((id) => ({ id })))).toBe(next);
});

test('the coordinator gets one line of bounded length, and a pointer to the rest', () => {
  expect(condensed(' No\n\u001b[31mkey\u001b[0m ')).toBe('No key');
  expect(condensed('x'.repeat(1_000))).toHaveLength(280);
  expect(pointerTo('01-api', 'B12')).toBe('.planning/phases/01-api/STATUS.md#b12');
});
