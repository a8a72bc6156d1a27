import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { printMessageId } from '../../../src/domain/identifiers.ts';
import { printEnvelope } from '../../../src/domain/message.ts';
import { acknowledge, finishAcknowledging } from '../../../src/storage/light/acknowledging.ts';
import {
  archiveFile,
  hasInbox,
  inboxFolder,
  inFolder,
  openBoxes,
  outboxFolder,
} from '../../../src/storage/light/mail-files.ts';
import {
  findMessage,
  forgetUnfolded,
  listWaiting,
  readUnfolded,
  readWaiting,
} from '../../../src/storage/light/mailbox.ts';
import { logFile } from '../../../src/storage/light/message-log.ts';
import { newTail, sendEnvelope, sendersInterrupted } from '../../../src/storage/light/sending.ts';
import { envelope, home, put } from '../scratch.ts';
import { ack, ID, log, where } from './boxes.ts';
import { callsDuring } from './faults.ts';

function sent(change = {}): { folder: string; message: ReturnType<typeof envelope> } {
  const folder = home();
  const message = envelope(ID, change);
  expect(sendEnvelope(folder, message)).toBe('sent');
  return { folder, message };
}

describe('sending', () => {
  test('leaves the message in the inbox, the outbox and the log, as it is', () => {
    const { folder, message } = sent({ content: 'ünï 😀\n\u0000"\\', metadata: { a: [1] } });
    expect(where(folder)).toEqual({ waiting: [ID], sent: [ID], log: [ID] });
    expect(readWaiting(folder, 'coordinator', ID)).toEqual(message);
    expect(sendersInterrupted(folder)).toEqual([]);
  });

  test('twice is sending once; also after it was acknowledged, or its box was emptied by hand', () => {
    const { folder, message } = sent();
    expect(sendEnvelope(folder, message)).toBe('already-sent');
    rmSync(inFolder(inboxFolder(folder, 'coordinator'), ID));
    expect(sendEnvelope(folder, message)).toBe('already-sent');
    const other = sent();
    acknowledge(other.folder, ID, ack);
    expect(sendEnvelope(other.folder, message)).toBe('already-sent');
    expect(where(other.folder)).toMatchObject({ waiting: [], sent: [] });
  });

  test('is on the disk before it returns: its file and the log synced before it arrives, the inbox after', () => {
    const folder = home();
    sendEnvelope(folder, envelope('msg-20260102-030405678-first'));
    const calls = callsDuring(() => sendEnvelope(folder, envelope(ID)), ['fsyncSync', 'linkSync']);
    const arrives = calls.lastIndexOf('linkSync');
    const synced = (part: string[]) => part.filter((call) => call === 'fsyncSync').length;
    expect([synced(calls.slice(0, arrives)), synced(calls.slice(arrives))]).toEqual([2, 1]);
  });

  test('keeps the order of the ids', () => {
    const folder = home();
    const ids = ['c', 'a', 'b'].map((tail) => `msg-20260102-030405678-${tail}`);
    for (const id of ids) sendEnvelope(folder, envelope(id));
    expect(listWaiting(folder, 'coordinator')).toEqual([...ids].sort());
  });

  test('opens boxes only where it must', () => {
    const folder = home();
    expect(hasInbox(folder, 'worker-09')).toBe(false);
    openBoxes(folder, 'worker-09');
    expect(hasInbox(folder, 'worker-09')).toBe(true);
    expect([listWaiting(folder, 'worker-09'), listWaiting(folder, 'nobody')]).toEqual([[], []]);
  });

  test('gives ids that differ within a millisecond and sort by time', () => {
    const idAt = (atMs: number) => printMessageId(atMs, newTail());
    const ids = Array.from({ length: 3_000 }, () => idAt(1_000));
    expect(new Set(ids).size).toBe(3_000);
    expect(idAt(2_000) > (ids[0] ?? '')).toBe(true);
  });
});

describe('acknowledging', () => {
  test('moves the message to the archive of its day, read, with who and when', () => {
    const { folder, message } = sent();
    expect(acknowledge(folder, ID, ack)).toBe('acknowledged');
    expect(where(folder)).toEqual({ waiting: [], sent: [], log: [ID, `${ID}-ack`] });
    const archived = JSON.parse(
      readFileSync(join(folder, `.coordination/archive/2026-01-02/${ID}.json`), 'utf8'),
    );
    const acknowledged = { by: 'coordinator', session: 's1', at: '2026-01-03T00:00:00.000Z' };
    expect(archived).toEqual({ ...message, read: true, metadata: { acknowledged } });
    expect(findMessage(folder, 'coordinator', ID)).toEqual(archived);
  });

  test('twice, or of what never came, changes nothing', () => {
    const { folder } = sent();
    acknowledge(folder, ID, ack);
    const before = readFileSync(archiveFile(folder, ID), 'utf8');
    expect(acknowledge(folder, ID, { ...ack, session: 's2' })).toBe('not-waiting');
    expect(acknowledge(folder, 'msg-20260101-000000000-none', ack)).toBe('not-waiting');
    expect(readFileSync(archiveFile(folder, ID), 'utf8')).toBe(before);
    expect(log(folder)).toEqual([ID, `${ID}-ack`]);
  });

  test('by somebody else leaves it waiting', () => {
    const { folder } = sent();
    expect(acknowledge(folder, ID, { ...ack, by: 'worker-02' })).toBe('not-waiting');
    expect(listWaiting(folder, 'coordinator')).toEqual([ID]);
    expect(findMessage(folder, 'worker-02', ID)).toBeUndefined();
  });

  test.each(['the log line', 'no log line'])(
    'that was killed behind the archive file (%s) is finished by the next look, and says what the archive says',
    (step) => {
      const { folder, message } = sent();
      acknowledge(folder, ID, ack);
      for (const box of [inboxFolder(folder, 'coordinator'), outboxFolder(folder, 'worker-01')])
        writeFileSync(inFolder(box, ID), printEnvelope(message));
      if (step === 'no log line') writeFileSync(logFile(folder), `${printEnvelope(message)}\n`);
      const before = readFileSync(archiveFile(folder, ID), 'utf8');
      expect(readWaiting(folder, 'coordinator', ID)).toBeUndefined();
      expect(where(folder)).toEqual({ waiting: [], sent: [], log: [ID, `${ID}-ack`] });
      expect(readFileSync(archiveFile(folder, ID), 'utf8')).toBe(before);
      const line = readFileSync(logFile(folder), 'utf8')
        .split('\n')
        .find((text) => text.includes('-ack'));
      expect(JSON.parse(line ?? '').timestamp).toBe('2026-01-03T00:00:00.000Z');
    },
  );

  test('carried on where there is nothing to carry on does nothing', () => {
    const folder = home();
    finishAcknowledging(folder, 'coordinator', ID);
    expect(where(folder)).toEqual({ waiting: [], sent: [], log: [] });
  });

  test('keeps a transition for folding until it is forgotten, and no plain message', () => {
    const counts = { not_started: 0, in_progress: 1, complete: 0, failed: 0 };
    const metadata = { event: 'plan_started', phase: '01', revision: 2, counts };
    const { folder } = sent({ type: 'progress', metadata });
    sendEnvelope(folder, envelope(`${ID}2`));
    for (const id of [ID, `${ID}2`]) acknowledge(folder, id, ack);
    expect(readUnfolded(folder, 10).map(({ id }) => id)).toEqual([ID]);
    expect(readUnfolded(folder, 0)).toEqual([]);
    forgetUnfolded(folder, [ID, 'none']);
    expect(readUnfolded(folder, 10)).toEqual([]);
  });
});

describe('what cannot be read', () => {
  const rows: [string, string][] = [
    ['no JSON', '{'],
    ['an empty file', ''],
    ['a list', '[]'],
    ['null', 'null'],
    ['another id than its name', printEnvelope(envelope(`${ID}-other`))],
    ['an unknown type', printEnvelope(envelope(ID)).replace('question', 'banana')],
    ['a priority in capitals', printEnvelope(envelope(ID)).replace('normal', 'NORMAL')],
    ['metadata that is a list', printEnvelope(envelope(ID)).replace('{}', '[]')],
    ['read as a word', printEnvelope(envelope(ID)).replace('false', '"no"')],
  ];
  test.each(rows)('%s is told as unreadable and stays', (_name, text) => {
    const folder = home();
    const file = put(folder, `.coordination/inbox/coordinator/${ID}.json`, text);
    expect(readWaiting(folder, 'coordinator', ID)).toBe('unreadable');
    expect(readFileSync(file, 'utf8')).toBe(text);
    expect(findMessage(folder, 'coordinator', ID)).toBeUndefined();
  });

  test('a folder in the place of a message is unreadable, and no exception', () => {
    const folder = home();
    mkdirSync(join(folder, `.coordination/inbox/coordinator/${ID}.json`), { recursive: true });
    expect(readWaiting(folder, 'coordinator', ID)).toBe('unreadable');
    expect(findMessage(folder, 'coordinator', ID)).toBeUndefined();
  });

  test('what is no message file does not wait', () => {
    const folder = home();
    for (const name of ['.tmp-1-2-3', '.hidden.json', 'note.txt'])
      put(folder, `.coordination/inbox/coordinator/${name}`);
    expect(listWaiting(folder, 'coordinator')).toEqual([]);
    expect(readWaiting(folder, 'coordinator', 'none')).toBeUndefined();
    expect(readdirSync(join(folder, '.coordination/inbox/coordinator'))).toHaveLength(3);
  });
});
