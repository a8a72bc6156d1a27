import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { chatOf } from '../../src/storage/light/chat-log.ts';
import { listChatsOf, readThread, searchChats, showChat } from '../../src/usecases/read-chats.ts';
import { acknowledgeMessages } from '../../src/usecases/read-inbox.ts';
import { sendMessage } from '../../src/usecases/send-message.ts';
import { addWorker, callerOf, mailHome } from '../kit/mail-home.ts';
import { onlyOf, refusal, value } from '../kit/scene.ts';

let folder: string;
beforeEach(() => {
  folder = mailHome('01', '02', '03');
});

const as = (who: string) => callerOf(folder, who);
function say(who: string, to: string, content: string, replyTo?: string): string {
  const outgoing = { to, type: 'question', content, replyTo };
  return onlyOf(sendMessage(as(who), outgoing, Date.now())).id;
}
const texts = (messages: readonly { content: string }[]) => messages.map(({ content }) => content);

describe('chats', () => {
  beforeEach(() => {
    say('01', '02', 'Which Port?');
    say('02', '01', '8080');
    say('02', '03', 'which PORT do you use?');
    say('01', 'coordinator', 'Which port, then?');
  });

  test('are listed all for the coordinator and the operator, and for a worker its own', () => {
    for (const lead of ['coordinator', 'operator'])
      expect(value(listChatsOf(as(lead))).map(({ chat, messages }) => [chat, messages])).toEqual([
        ['worker-01+worker-02', 2],
        ['worker-02+worker-03', 1],
      ]);
    expect(value(listChatsOf(as('01'))).map(({ chat }) => chat)).toEqual(['worker-01+worker-02']);
    expect(value(listChatsOf(as('03')))[0]?.last).toMatch(/Z$/);
  });

  test.each([
    ['coordinator', ['worker-01', 'worker-02'], 2],
    ['coordinator', ['02', '01'], 2],
    ['coordinator', ['worker-02+worker-03'], 1],
    ['01', ['02'], 2],
    ['01', ['worker-02', 'worker-01'], 2],
    ['03', ['worker-02'], 1],
  ] as const)('%s shows %j', (who, names, count) => {
    expect(value(showChat(as(who), names))).toHaveLength(count);
  });

  test.each([
    ['01', ['02', '03'], 'chat-not-yours'],
    ['01', ['worker-02+worker-03'], 'chat-not-yours'],
    ['03', ['01'], 'chat-unknown'],
    ['coordinator', ['01', '03'], 'chat-unknown'],
    ['coordinator', ['nobody', '01'], 'chat-unknown'],
    ['coordinator', ['../../messages+x'], 'chat-unknown'],
    ['01', ['worker-01+../../messages'], 'chat-unknown'],
  ] as const)('%s is refused %j', (who, names, code) => {
    expect(refusal(showChat(as(who), names)).code).toBe(code);
  });

  test('are searched whatever the case of the words, as far as one may read', () => {
    expect(texts(value(searchChats(as('coordinator'), 'PORT')))).toEqual([
      'Which Port?',
      'which PORT do you use?',
    ]);
    expect(texts(value(searchChats(as('01'), 'port')))).toEqual(['Which Port?']);
    expect(value(searchChats(as('03'), '8080'))).toEqual([]);
    expect(texts(value(searchChats(as('01'), '.*')))).toEqual([]);
  });

  test('of an ended worker can still be read', () => {
    addWorker(folder, '02', 'ended');
    expect(value(showChat(as('coordinator'), ['01', '02']))).toHaveLength(2);
  });

  test('of workers whose names look alike stay apart', () => {
    for (const phase of ['a', 'a.b', 'a_b', 'a-b']) addWorker(folder, phase);
    const pairs = [
      ['a', 'a.b'],
      ['a', 'a_b'],
      ['a', 'a-b'],
      ['a.b', 'a_b'],
    ] as const;
    for (const [from, to] of pairs) say(from, to, `${from} to ${to}`);
    for (const [from, to] of pairs) {
      expect(texts(value(showChat(as(to), [from])))).toEqual([`${from} to ${to}`]);
      expect(value(listChatsOf(as(from))).map(({ chat }) => chat)).toContain(
        chatOf(`worker-${from}`, `worker-${to}`),
      );
    }
    expect(value(listChatsOf(as('a-b')))).toHaveLength(1);
  });
});

describe('a thread', () => {
  test('is a message with all replies, in order, by whichever of them one asks', () => {
    const root = say('01', '02', 'Which port?');
    const first = say('02', '01', 'Of what?', root);
    const second = say('01', '02', 'The server.', first);
    const aside = say('02', '01', 'Something else');
    for (const id of [root, first, second])
      expect(texts(value(readThread(as('coordinator'), id)))).toEqual([
        'Which port?',
        'Of what?',
        'The server.',
      ]);
    expect(texts(value(readThread(as('01'), aside)))).toEqual(['Something else']);
  });

  test('is kept when its messages are acknowledged, and holds no acks', () => {
    const root = say('01', '02', 'Which port?');
    say('02', '01', '8080', root);
    value(acknowledgeMessages(as('02'), [root], Date.now()));
    expect(value(readThread(as('01'), root)).map(({ type }) => type)).toEqual(['question', 'question']);
  });

  test('shows a worker what it took part in', () => {
    const root = say('coordinator', '01', 'Who has the port?');
    const asked = say('01', '02', 'You?');
    expect(refusal(readThread(as('02'), root)).code).toBe('message-unknown');
    expect(texts(value(readThread(as('02'), asked)))).toEqual(['You?']);
    expect(refusal(readThread(as('coordinator'), 'msg-20200101-000000')).code).toBe('message-unknown');
    for (const id of ['', '.', 'msg']) expect(refusal(readThread(as('02'), id)).code).toBe('message-unknown');
  });

  test('is not joined by words of another hand in the log that are no message', () => {
    const root = say('01', '02', 'Which port?');
    appendFileSync(
      join(folder, '.coordination/messages.jsonl'),
      `{"id": "x", "metadata": {"thread": "${root}"}}\n{\n  "id": "${root}"\n}\n`,
    );
    expect(value(readThread(as('02'), root))).toHaveLength(1);
  });
});
