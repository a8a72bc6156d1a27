import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { type Envelope, RESERVED_METADATA } from '../../src/domain/message.ts';
import { buryMessage, listDead } from '../../src/storage/light/dead-letters.ts';
import { listUnacknowledged } from '../../src/storage/light/mailbox.ts';
import { listOpenQuestions } from '../../src/storage/light/open-questions.ts';
import { acknowledgeMessages } from '../../src/usecases/read-inbox.ts';
import { type Outgoing, sendMessage } from '../../src/usecases/send-message.ts';
import { addWorker, callerOf, loggedIn, mailHome, mailOf } from '../kit/mail-home.ts';
import { onlyOf, refusal, value } from '../kit/scene.ts';

let folder: string;
beforeEach(() => {
  folder = mailHome('01', '02', '03');
  addWorker(folder, '09', 'ended');
});

const draft = { to: 'all', type: 'directive', content: 'Stop, please.' };
const send = (who: string, more: Partial<Outgoing> = {}) =>
  sendMessage(callerOf(folder, who), { ...draft, ...more }, Date.now());
const AGENTS = ['coordinator', 'operator', 'worker-01', 'worker-02', 'worker-03', 'worker-09'];
const reached = () => AGENTS.filter((agent) => mailOf(folder, agent).length > 0);

describe('to all', () => {
  test.each([
    ['operator', ['worker-01', 'worker-02', 'worker-03']],
    ['coordinator', ['worker-01', 'worker-02', 'worker-03']],
    ['01', ['coordinator', 'worker-02', 'worker-03']],
  ])('%s reaches %j, and neither itself nor who has ended', (who, receivers) => {
    const sent = value(send(who));
    expect(sent.map(({ to }) => to)).toEqual(receivers);
    expect(reached()).toEqual(receivers);
  });

  test('has an id for each and one mark for all; each waits, is logged and is acknowledged by itself', () => {
    const sent = value(send('01', { metadata: { task_id: 't' } }));
    const marks = new Set(sent.map(({ metadata }) => metadata['broadcast']));
    expect([new Set(sent.map(({ id }) => id)).size, marks.size, [...marks][0]]).toEqual([
      3,
      1,
      expect.any(String),
    ]);
    for (const { metadata } of sent) expect(metadata['task_id']).toBe('t');
    expect(loggedIn(folder).map((line) => line?.id)).toEqual(sent.map(({ id }) => id));
    expect(listUnacknowledged(folder, 'worker-01')).toEqual(sent.map(({ id }) => id));
    value(acknowledgeMessages(callerOf(folder, '02'), [sent[1]?.id ?? ''], Date.now()));
    expect(reached()).toEqual(['coordinator', 'worker-03']);
    expect(refusal(acknowledgeMessages(callerOf(folder, '02'), [sent[2]?.id ?? ''], 0)).code).toBe(
      'message-unknown',
    );
  });

  test('what is wrong with one is wrong with all: none is sent', () => {
    for (const more of [
      { content: '' },
      { type: 'shout' },
      { metadata: { broadcast: 'x' } },
      { replyTo: 'none' },
    ])
      refusal(send('operator', more));
    expect(reached()).toEqual([]);
  });

  test('a question to all is open with each, and closed by each answer of its own', () => {
    const sent = value(send('operator', { type: 'question' }));
    expect(listOpenQuestions(folder)).toHaveLength(3);
    const answer = { to: 'operator', type: 'response', content: 'yes', replyTo: sent[0]?.id };
    value(sendMessage(callerOf(folder, '01'), answer, Date.now()));
    expect(listOpenQuestions(folder).map(({ to }) => to)).toEqual(['worker-02', 'worker-03']);
  });

  test('where there is nobody else is refused', () => {
    folder = mailHome();
    expect(refusal(send('operator')).code).toBe('nobody-to-tell');
    addWorker(folder, '01');
    expect(value(send('01')).map(({ to }) => to)).toEqual(['coordinator']);
  });
});

describe('a reply', () => {
  const ask = (who = '01', to = '02'): Envelope =>
    onlyOf(sendMessage(callerOf(folder, who), { to, type: 'question', content: 'Which port?' }, Date.now()));
  const reply = (who: string, to: string, replyTo: string, more: Partial<Outgoing> = {}) =>
    sendMessage(
      callerOf(folder, who),
      { to, type: 'response', content: '8080', replyTo, ...more },
      Date.now(),
    );

  test('names the message that it answers, first, and is of its thread', () => {
    const asked = ask();
    const first = onlyOf(
      reply('02', '01', asked.id, { references: ['task-7', asked.id], metadata: { task_id: 't' } }),
    );
    expect(first.references).toEqual([asked.id, 'task-7']);
    expect(first.metadata).toEqual({ task_id: 't', reply_to: asked.id, thread: asked.id });
    const second = onlyOf(reply('01', '02', first.id));
    expect(second.metadata).toMatchObject({ reply_to: first.id, thread: asked.id });
    const third = onlyOf(reply('01', '02', second.id));
    expect(third.metadata, 'to one’s own').toMatchObject({ reply_to: second.id, thread: asked.id });
  });

  test('may come after the message was acknowledged, by either side', () => {
    const asked = ask();
    value(acknowledgeMessages(callerOf(folder, '02'), [asked.id], Date.now()));
    expect(onlyOf(reply('02', '01', asked.id)).metadata['thread']).toBe(asked.id);
    expect(onlyOf(reply('01', '02', asked.id)).metadata['thread']).toBe(asked.id);
  });

  test('to a message that one took no part in, or that never was, is refused', () => {
    const asked = ask();
    for (const [who, id] of [
      ['03', asked.id],
      ['coordinator', asked.id],
      ['operator', asked.id],
      ['01', 'msg-20260101-000000'],
      ['01', '../worker-02/x'],
      ['01', ''],
    ] as const)
      expect(refusal(reply(who, '01', id)).code).toBe('reply-unknown');
    expect(mailOf(folder, 'worker-01')).toEqual([]);
  });

  test('may be to what was given up, by either side; and that is acknowledged by hand as any', () => {
    const asked = ask('01', 'coordinator');
    const { id } = asked;
    buryMessage(folder, 'coordinator', id, { at: '', reason: '', rings: 0 }, () => undefined);
    expect(onlyOf(reply('operator', '01', id)).metadata['thread']).toBe(id);
    expect(onlyOf(reply('01', 'coordinator', id)).metadata['thread']).toBe(id);
    expect(refusal(reply('02', '01', id)).code).toBe('reply-unknown');
    expect(value(acknowledgeMessages(callerOf(folder, 'operator'), [id], Date.now()))).toEqual([id]);
    expect(listDead(folder)).toEqual([]);
    expect(listUnacknowledged(folder, 'worker-01')).not.toContain(id);
  });

  test('of the operator may be to what the coordinator was asked', () => {
    const asked = ask('01', 'coordinator');
    expect(onlyOf(reply('operator', '01', asked.id)).metadata['thread']).toBe(asked.id);
    expect(listOpenQuestions(folder)).toEqual([]);
  });

  test('to all is each of the thread', () => {
    const asked = ask('01', 'coordinator');
    for (const { metadata } of value(reply('coordinator', 'all', asked.id)))
      expect(metadata).toMatchObject({ thread: asked.id, reply_to: asked.id, broadcast: expect.any(String) });
  });
});

test.each([...RESERVED_METADATA])('metadata that is coord’s to write is refused: %s', (key) => {
  const problem = refusal(send('01', { to: '02', metadata: { [key]: 'x' } }));
  expect(problem).toMatchObject({ code: 'message-metadata-reserved', key });
  expect(reached()).toEqual([]);
});

test('a note of a broadcast that is not whole is nobody’s mail', () => {
  value(send('operator', { to: '01' }));
  const notes = join(folder, '.coordination/outbox/operator/.sending');
  writeFileSync(join(notes, '2147483391~~x'), '[{"id":"msg-1"');
  value(send('operator', { to: '01' }));
  expect(reached()).toEqual(['worker-01']);
});
