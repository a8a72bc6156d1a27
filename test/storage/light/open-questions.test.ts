import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Envelope } from '../../../src/domain/message.ts';
import { acknowledge } from '../../../src/storage/light/acknowledging.ts';
import { closeQuestion, listOpenQuestions, readQuestion } from '../../../src/storage/light/open-questions.ts';
import { sendEnvelope } from '../../../src/storage/light/sending.ts';
import { envelope, home } from '../scratch.ts';

const idOf = (at: number | string) => `msg-20260102-030405678-n-${at}`;
const open = (folder: string) => listOpenQuestions(folder).map(({ id }) => id);

function asked(change: Partial<Envelope> = {}): string {
  const folder = home();
  sendEnvelope(folder, envelope(idOf('q'), change));
  return folder;
}

describe('is open once it is sent', () => {
  test('a question, with who, whom, when and its beginning on one line', () => {
    const folder = asked({ content: `Which\nport\u001b[31m of ${'x'.repeat(400)}?` });
    const [question, ...more] = listOpenQuestions(folder);
    expect(more).toEqual([]);
    expect(question).toMatchObject({
      id: idOf('q'),
      type: 'question',
      from: 'worker-01',
      to: 'coordinator',
      asked: '2026-01-02T03:04:05.678Z',
    });
    expect(question?.content).toMatch(/^Which port of x+…$/);
  });

  test.each<[string, Partial<Envelope>, boolean]>([
    ['a blocker that was only said', { type: 'blocker' }, true],
    [
      'a blocker of STATUS.md, which has a record of its own',
      { type: 'blocker', metadata: { event: 'blocker_raised' } },
      false,
    ],
    ['a directive', { type: 'directive' }, false],
    ['progress', { type: 'progress' }, false],
    ['a response', { type: 'response' }, false],
  ])('%s', (_name, change, expected) => {
    expect(open(asked(change))).toEqual(expected ? [idOf('q')] : []);
  });

  test('until it is answered, also when it is acknowledged', () => {
    const folder = asked();
    acknowledge(folder, idOf('q'), { by: 'coordinator', session: null, atMs: 0 });
    expect(open(folder)).toEqual([idOf('q')]);
  });

  test('oldest first, and of one asker where one is named', () => {
    const folder = home();
    sendEnvelope(folder, envelope(idOf('2')));
    sendEnvelope(folder, envelope(idOf('1'), { from: 'worker-02' }));
    expect(open(folder)).toEqual([idOf('1'), idOf('2')]);
    expect(listOpenQuestions(folder, 'worker-02').map(({ id }) => id)).toEqual([idOf('1')]);
  });
});

describe('is closed', () => {
  const answer = (change: Partial<Envelope>) =>
    envelope(idOf('r'), {
      from: 'coordinator',
      to: 'worker-01',
      type: 'response',
      references: [idOf('q')],
      ...change,
    });

  test.each<[string, Partial<Envelope>, boolean]>([
    ['a response of whom was asked', {}, true],
    ['a directive', { type: 'directive' }, true],
    ['a verdict', { type: 'verdict', metadata: { verdict: 'accept' } }, true],
    ['a response of the operator', { from: 'operator' }, true],
    ['a response with other references besides', { references: ['a', idOf('q'), 'b'] }, true],
    ['progress', { type: 'progress' }, false],
    ['a question back', { type: 'question' }, false],
    ['a response that does not refer to it', { references: [] }, false],
    ['a response to somebody else', { to: 'worker-02' }, false],
    ['a response of somebody who was not asked', { from: 'worker-02' }, false],
    ['the asker’s own words', { from: 'worker-01', to: 'coordinator' }, false],
  ])('by %s: %j', (_name, change, expected) => {
    const folder = asked();
    sendEnvelope(folder, answer(change));
    expect(open(folder).includes(idOf('q'))).toBe(!expected);
  });

  test('of a worker by that worker, or by a lead', () => {
    for (const [from, expected] of [
      ['worker-02', true],
      ['coordinator', true],
      ['operator', true],
      ['worker-03', false],
    ] as const) {
      const folder = asked({ to: 'worker-02' });
      sendEnvelope(folder, answer({ from }));
      expect(open(folder).length, from).toBe(expected ? 0 : 1);
    }
  });

  test('each by its own answer, and an answer twice is as once', () => {
    const folder = asked();
    sendEnvelope(folder, envelope(idOf('q2')));
    sendEnvelope(folder, answer({}));
    sendEnvelope(folder, answer({}));
    expect(open(folder)).toEqual([idOf('q2')]);
    expect(closeQuestion(folder, idOf('q2'))).toBe(true);
    expect(closeQuestion(folder, idOf('q2'))).toBe(false);
  });

  test('no file beside them, whatever a reference looks like', () => {
    const folder = asked();
    const outside = join(folder, '.coordination/roster/x.json');
    writeFileSync(outside, JSON.stringify({ from: 'worker-01', to: 'coordinator' }));
    sendEnvelope(folder, answer({ references: ['../x', '../../roster/x', '', '.'] }));
    expect(readQuestion(folder, '../x')).toBeUndefined();
    expect(open(folder)).toEqual([idOf('q')]);
  });
});

test('a record that cannot be read is left out', () => {
  const folder = asked();
  for (const [name, text] of [
    ['torn', '{"id":'],
    ['empty', ''],
    ['null', 'null'],
  ])
    writeFileSync(join(folder, `.coordination/roster/questions/${name}.json`), text ?? '');
  expect(open(folder)).toEqual([idOf('q')]);
});

test('a record that somebody has been at is none', () => {
  const folder = asked();
  const file = join(folder, `.coordination/roster/questions/${idOf('q')}.json`);
  expect(listOpenQuestions(folder)).toHaveLength(1);
  const whole = JSON.parse(readFileSync(file, 'utf8')) as object;
  for (const change of [
    { content: [] },
    { asked: [null] },
    { asked: 'yesterday' },
    { from: 1 },
    { to: null },
  ]) {
    writeFileSync(file, JSON.stringify({ ...whole, ...change }));
    expect(listOpenQuestions(folder), JSON.stringify(change)).toEqual([]);
  }
});
