import { linkSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Envelope } from '../../../src/domain/message.ts';
import { printEnvelope } from '../../../src/domain/message.ts';
import { acknowledge } from '../../../src/storage/light/acknowledging.ts';
import { inboxFolder, inFolder, outboxFolder } from '../../../src/storage/light/mail-files.ts';
import { listUnacknowledged, listWaiting } from '../../../src/storage/light/mailbox.ts';
import { logFile } from '../../../src/storage/light/message-log.ts';
import { markOf } from '../../../src/storage/light/process.ts';
import {
  finishSends,
  sendEnvelope,
  sendersInterrupted,
  sendTogether,
} from '../../../src/storage/light/sending.ts';
import { envelope, home, put } from '../scratch.ts';
import { ack, ID, log, where } from './boxes.ts';

const NOTE = `.coordination/outbox/worker-01/.sending/${process.pid}~00000000.1.1~00`;

describe('several together', () => {
  const three = (): Envelope[] =>
    ['coordinator', 'worker-02', 'worker-03'].map((to, at) => envelope(`${ID}.${at + 1}`, { to }));
  const boxes = (folder: string) =>
    ['coordinator', 'worker-02', 'worker-03'].flatMap((to) => listWaiting(folder, to));

  test('arrive all, each logged once, and leave no note', () => {
    const folder = home();
    const ids = three().map(({ id }) => id);
    expect(sendTogether(folder, 'worker-01', three())).toEqual(three());
    expect([boxes(folder), log(folder), listUnacknowledged(folder, 'worker-01')]).toEqual([ids, ids, ids]);
    expect(readdirSync(join(outboxFolder(folder, 'worker-01'), '.sending'))).toEqual([]);
    expect(sendTogether(folder, 'worker-01', three())).toEqual([]);
    expect(log(folder)).toEqual(ids);
  });

  test('a note of them that is cut anywhere is of none', () => {
    const whole = `[${three().map(printEnvelope).join(',')}]\n`;
    for (let length = 0; length < whole.length; length += 7) {
      const folder = home();
      put(folder, NOTE, whole.slice(0, length));
      finishSends(folder, 'worker-01');
      expect(boxes(folder), `${length} bytes`).toEqual([]);
    }
    const folder = home();
    put(folder, NOTE, whole);
    finishSends(folder, 'worker-01');
    expect(boxes(folder)).toEqual(three().map(({ id }) => id));
  });
});

describe('a send that a kill left half-way', () => {
  const line = `${printEnvelope(envelope(ID))}\n`;
  const logged = (folder: string) => writeFileSync(logFile(folder), line);
  /** What lies there beside the note when it is killed after that step. */
  const steps: [string, (folder: string) => void][] = [
    ['the note', () => undefined],
    ['the log line', logged],
    ['a torn log line', (folder) => writeFileSync(logFile(folder), line.slice(0, 60))],
    [
      'the inbox name',
      (folder) => {
        logged(folder);
        mkdirSync(inboxFolder(folder, 'coordinator'), { recursive: true });
        linkSync(join(folder, NOTE), inFolder(inboxFolder(folder, 'coordinator'), ID));
      },
    ],
    [
      'the outbox name',
      (folder) => {
        logged(folder);
        put(folder, `.coordination/inbox/coordinator/${ID}.json`, line);
        put(folder, `.coordination/outbox/worker-01/${ID}.json`, line);
      },
    ],
  ];
  test.each(steps)('is carried on from %s, in the log once', (_name, make) => {
    const folder = home();
    put(folder, NOTE, line);
    make(folder);
    expect(sendersInterrupted(folder)).toEqual(['worker-01']);
    expect(finishSends(folder, 'worker-01')).toBe(true);
    expect(finishSends(folder, 'worker-01')).toBe(false);
    expect([listWaiting(folder, 'coordinator'), listUnacknowledged(folder, 'worker-01')]).toEqual([
      [ID],
      [ID],
    ]);
    const lines = readFileSync(logFile(folder), 'utf8')
      .split('\n')
      .filter((text) => text.endsWith('}'));
    expect(lines).toEqual([printEnvelope(envelope(ID))]);
  });

  test.each([
    '',
    line.slice(0, -1),
    'nonsense\n',
    '[nonsense]\n',
    '[1]\n',
    printEnvelope(envelope(ID, { from: 'worker-02' })),
  ])('with a note that is not whole, or not its own, is as if it never was', (text) => {
    const folder = home();
    put(folder, NOTE, text);
    expect(finishSends(folder, 'worker-01')).toBe(true);
    expect(where(folder)).toEqual({ waiting: [], sent: [], log: [] });
  });

  test('is left alone while its process lives', () => {
    const folder = home();
    const { pid, started } = markOf(process.pid);
    put(folder, `.coordination/outbox/worker-01/.sending/${pid}~${started ?? ''}~00`, line);
    expect([sendersInterrupted(folder), finishSends(folder, 'worker-01')]).toEqual([[], false]);
  });

  test("is carried on by the sender's next send", () => {
    const folder = home();
    put(folder, NOTE, line);
    sendEnvelope(folder, envelope(`${ID}2`));
    expect(where(folder)).toEqual({ waiting: [ID, `${ID}2`], sent: [ID, `${ID}2`], log: [ID, `${ID}2`] });
  });

  test('is not sent anew when it is acknowledged by now', () => {
    const folder = home();
    sendEnvelope(folder, envelope(ID));
    acknowledge(folder, ID, ack);
    put(folder, NOTE, line);
    finishSends(folder, 'worker-01');
    expect(where(folder)).toMatchObject({ waiting: [], sent: [] });
  });

  test('of several is carried on for each that is missing', () => {
    const folder = home();
    const [first, second] = [envelope(ID), envelope(`${ID}2`, { to: 'worker-02' })];
    sendEnvelope(folder, first);
    put(folder, NOTE, `[${printEnvelope(first)},${printEnvelope(second)}]\n`);
    finishSends(folder, 'worker-01');
    expect(listWaiting(folder, 'worker-02')).toEqual([`${ID}2`]);
    expect(where(folder)).toEqual({ waiting: [ID], sent: [ID, `${ID}2`], log: [ID, `${ID}2`] });
  });
});
