import { appendFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { printEnvelope } from '../../../src/domain/message.ts';
import {
  chatOf,
  isInChat,
  isPeerTalk,
  listChats,
  noteInChat,
  readChat,
} from '../../../src/storage/light/chat-log.ts';
import { coordinationPath } from '../../../src/storage/light/roster.ts';
import { sendEnvelope } from '../../../src/storage/light/sending.ts';
import { envelope, home } from '../scratch.ts';

const idOf = (at: number | string) => `msg-20260102-030405678-n-${at}`;
const peers = (at: number | string, from = 'worker-01', to = 'worker-02') => envelope(idOf(at), { from, to });

describe('the chat of a pair', () => {
  test('is one, whoever writes, and holds what was said in order', () => {
    const folder = home();
    sendEnvelope(folder, peers(1));
    sendEnvelope(folder, peers(2, 'worker-02', 'worker-01'));
    sendEnvelope(folder, peers(3));
    expect(listChats(folder)).toEqual(['worker-01+worker-02']);
    expect(readChat(folder, 'worker-01+worker-02')).toEqual([
      peers(1),
      peers(2, 'worker-02', 'worker-01'),
      peers(3),
    ]);
  });

  test('of names with dots, dashes and underscores is their own, and no other pair’s', () => {
    const pairs = [
      ['worker-a.b', 'worker-a_b'],
      ['worker-a-b', 'worker-a'],
      ['worker-a', 'worker-b'],
      ['worker-a.b', 'worker-a-b'],
      ['worker-1.2', 'worker-1'],
      ['worker-1', 'worker-2'],
      ['worker-1.2', 'worker-2'],
    ] as const;
    const chats = pairs.map(([a, b]) => chatOf(a, b));
    expect(new Set(chats).size).toBe(pairs.length);
    for (const [a, b] of pairs) {
      expect(chatOf(b, a)).toBe(chatOf(a, b));
      expect(chatOf(a, b).split('+').sort()).toEqual([a, b].sort());
    }
    const folder = home();
    for (const [at, [a, b]] of pairs.entries()) sendEnvelope(folder, peers(at, a, b));
    expect(listChats(folder)).toEqual([...chats].sort());
    for (const [at, chat] of chats.entries())
      expect(readChat(folder, chat).map(({ id }) => id)).toEqual([idOf(at)]);
  });

  test.each([
    ['worker-01', 'worker-02', true],
    ['worker-01', 'coordinator', false],
    ['coordinator', 'worker-01', false],
    ['operator', 'worker-01', false],
    ['worker-01', 'operator', false],
    ['coord', 'worker-01', false],
    ['coordinator', 'operator', false],
  ])('%s to %s is talk of peers: %j', (from, to, expected) => {
    const folder = home();
    expect(isPeerTalk({ from, to })).toBe(expected);
    sendEnvelope(folder, peers(1, from, to));
    expect(listChats(folder)).toHaveLength(expected ? 1 : 0);
  });

  test('has a line once for each message that was sent once', () => {
    const folder = home();
    for (let times = 0; times < 3; times += 1) sendEnvelope(folder, peers(1));
    expect(readChat(folder, 'worker-01+worker-02')).toHaveLength(1);
  });

  test('leaves out what a crash tore and what is no message', () => {
    const folder = home();
    noteInChat(folder, peers(1));
    const file = coordinationPath(folder, 'chats', 'worker-01+worker-02.jsonl');
    appendFileSync(file, `nonsense\n\n{"id":1}\n${printEnvelope(peers(2)).slice(0, 50)}`);
    expect([isInChat(folder, peers(1)), isInChat(folder, peers(2))]).toEqual([true, false]);
    noteInChat(folder, peers(2));
    expect(readChat(folder, 'worker-01+worker-02').map(({ id }) => id)).toEqual([idOf(1), idOf(2)]);
    expect([isInChat(folder, peers(2)), isInChat(folder, peers(3))]).toEqual([true, false]);
  });

  test('that never was is empty, and files beside the chats are none', () => {
    const folder = home();
    expect([listChats(folder), readChat(folder, 'a+b'), isInChat(folder, peers(1))]).toEqual([[], [], false]);
    noteInChat(folder, peers(1));
    appendFileSync(join(folder, '.coordination/chats/notes.txt'), 'x');
    expect(listChats(folder)).toEqual(['worker-01+worker-02']);
    expect(readdirSync(join(folder, '.coordination/chats'))).toHaveLength(2);
  });
});
