import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '../../src/domain/settings.ts';
import { envelopeAt } from '../../src/domain/urgency.ts';
import { listDead, raiseMessage, raiseMessages } from '../../src/storage/light/dead-letters.ts';
import { archiveFile } from '../../src/storage/light/mail-files.ts';
import { listUnacknowledged, listWaiting, readUnfolded } from '../../src/storage/light/mailbox.ts';
import { claimMail, confirmShown } from '../../src/storage/light/presentation.ts';
import { readRings } from '../../src/storage/light/rings.ts';
import { writeSession } from '../../src/storage/light/roster.ts';
import { sendEnvelope } from '../../src/storage/light/sending.ts';
import { sendMessage } from '../../src/usecases/send-message.ts';
import { sweepMail } from '../../src/usecases/sweep-mail.ts';
import { addWorker, callerOf, loggedIn, mailHome, mailOf } from '../kit/mail-home.ts';
import { onlyOf } from '../kit/scene.ts';
import { ALIVE, DEAD, sessionRecord } from '../storage/scratch.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const settings = { ...DEFAULT_SETTINGS, ack_timeout: 600, ack_retries: 2 };

let folder: string;
let start: number;
beforeEach(() => {
  folder = mailHome('01', '02');
  start = Date.now();
});

function send(to = 'worker-02', who = '01', type = 'question'): string {
  const sent = sendMessage(callerOf(folder, who), { to, type, content: `To ${to}` }, Date.now());
  return onlyOf(sent).id;
}

const sweep = (minutes: number, change: Partial<typeof settings> = {}, reader?: string) =>
  sweepMail(folder, { ...settings, ...change }, start + minutes * MINUTE + 1_000, reader);
const countOf = (agent: string, id: string) => readRings(folder, agent)[id]?.count ?? 0;
const notices = (agent: string) =>
  mailOf(folder, agent).filter((message) => message.metadata['error_type'] === 'undelivered');
/** As hooks do it: at least once an hour. */
const until = (minutes: number) => {
  for (let at = 5; at <= minutes; at += 5) sweep(at);
};

test('a message that nobody acknowledges is rung for with pauses that double, and then a dead letter', () => {
  const id = send();
  const seen = [9, 10, 25, 31, 60].map((minutes) => {
    sweep(minutes);
    return countOf('worker-02', id);
  });
  expect(seen).toEqual([0, 1, 1, 2, 2]);
  expect(listDead(folder)).toEqual([]);
  sweep(72);
  expect(listDead(folder)).toMatchObject([{ agent: 'worker-02', envelope: { id }, death: { rings: 2 } }]);
  expect([listWaiting(folder, 'worker-02'), listUnacknowledged(folder, 'worker-01')]).toEqual([[], []]);
  expect(readRings(folder, 'worker-02')).toEqual({});
});

describe('of a dead letter', () => {
  test('the sender and the operator are told, each once, however often one sweeps afterwards', () => {
    const id = send();
    until(80);
    for (let times = 0; times < 86; times += 1) sweep(81 + times / 3);
    expect(notices('worker-01')).toMatchObject([{ from: 'coord', type: 'error', references: [id] }]);
    expect(notices('worker-01')[0]?.content).toMatch(/^Your message .* to worker-02 was not acknowledged/);
    expect(notices('operator')).toMatchObject([{ from: 'coord', references: [id] }]);
    expect(notices('operator')[0]?.content).toMatch(/^The message of worker-01 msg-/);
  });

  test('that was for a worker which has ended, the sender is told as of any', () => {
    const id = send();
    addWorker(folder, '02', 'ended');
    until(80);
    expect(notices('worker-01')).toMatchObject([{ references: [id] }]);
    expect(listDead(folder)).toMatchObject([{ agent: 'worker-02', envelope: { id } }]);
  });

  test('it is none when it accepts the work of a worker which has ended: it goes to the archive, and nobody is told', () => {
    const draft = { to: 'worker-02', type: 'verdict', content: 'Closed', metadata: { verdict: 'accept' } };
    const id = onlyOf(
      sendMessage(callerOf(folder, 'coordinator'), { ...draft, references: ['02'] }, Date.now()),
    ).id;
    const draftOfRejection = { ...draft, metadata: { verdict: 'reject' }, references: ['02'] };
    const rejection = onlyOf(sendMessage(callerOf(folder, 'coordinator'), draftOfRejection, Date.now())).id;
    addWorker(folder, '02', 'ended');
    until(80);
    expect(listDead(folder).map(({ envelope }) => envelope.id)).toEqual([rejection]);
    expect(notices('operator').flatMap(({ references }) => references)).toEqual([rejection]);
    expect(existsSync(archiveFile(folder, id))).toBe(true);
  });

  test('whose notice is not read either, nobody is told of that', () => {
    const id = send();
    for (let minutes = 5; minutes <= 48 * 60; minutes += 30) sweep(minutes);
    const told = loggedIn(folder).filter((line) => line?.metadata['error_type'] === 'undelivered');
    expect(told.map((line) => [line?.to, line?.references]).sort()).toEqual([
      ['operator', [id]],
      ['worker-01', [id]],
    ]);
    expect(listDead(folder).map(({ agent }) => agent)).toEqual(['worker-01', 'worker-02']);
  });

  test('the sender that is the operator is told once, in words for it', () => {
    send('worker-02', 'operator');
    until(80);
    expect(notices('operator').map(({ content }) => content)).toEqual([
      expect.stringMatching(/^Your message/),
    ]);
  });

  test('a burial that was killed before it told is told of once all the same', () => {
    const id = send();
    until(40);
    const inbox = join(folder, `.coordination/inbox/worker-02/${id}.json`);
    const text = readFileSync(inbox, 'utf8');
    const rings = readFileSync(join(folder, '.coordination/roster/rings/worker-02.json'), 'utf8');
    sweep(72);
    writeFileSync(inbox, text);
    writeFileSync(join(folder, '.coordination/roster/rings/worker-02.json'), rings);
    const { mtimeMs } = statSync(inbox);
    expect(mtimeMs).toBeGreaterThan(0);
    for (const minutes of [80, 120, 200, 300]) sweep(minutes);
    expect([notices('worker-01').length, notices('operator').length]).toEqual([1, 1]);
    expect(listWaiting(folder, 'worker-02')).toEqual([]);
  });

  test('raised again it waits as long as a new one, also without retries', () => {
    const id = send();
    sweep(11, { ack_retries: 0 });
    expect(listDead(folder)).toHaveLength(1);
    raiseMessage(folder, 'worker-02', id, start + 300 * MINUTE);
    sweep(305, { ack_retries: 0 });
    expect(listWaiting(folder, 'worker-02')).toEqual([id]);
    sweep(311, { ack_retries: 0 });
    expect(listWaiting(folder, 'worker-02')).toEqual([]);
  });

  test('rings of before, which a kill left, do not count when it waits again', () => {
    const id = send();
    until(40);
    const rings = readFileSync(join(folder, '.coordination/roster/rings/worker-02.json'), 'utf8');
    sweep(72);
    writeFileSync(join(folder, '.coordination/roster/rings/worker-02.json'), rings);
    raiseMessages(folder, 'worker-02', start + 75 * MINUTE);
    sweep(90);
    expect([listWaiting(folder, 'worker-02'), countOf('worker-02', id)]).toEqual([[id], 1]);
  });
});

describe('is left alone', () => {
  test('the operator’s mail, and routine progress', () => {
    send('operator');
    const counts = { not_started: 0, in_progress: 1, complete: 0, failed: 0 };
    const metadata = { event: 'plan_started', phase: '01', revision: 2, counts };
    const derived = { tail: 'x', from: 'worker-01', atMs: start };
    sendEnvelope(
      folder,
      envelopeAt({ to: 'coordinator', type: 'progress', content: 'x', metadata }, derived),
    );
    until(6 * 60);
    expect([listWaiting(folder, 'operator').length, listWaiting(folder, 'coordinator').length]).toEqual([
      1, 1,
    ]);
    expect(listDead(folder)).toEqual([]);
  });

  test('what is reported and asks for attention is not, and is kept for folding when it dies', () => {
    const counts = { not_started: 0, in_progress: 0, complete: 1, failed: 0 };
    const metadata = { event: 'plan_complete', phase: '01', revision: 2, counts };
    const derived = { tail: 'x', from: 'worker-01', atMs: start };
    const draft = { to: 'coordinator', type: 'completion', content: 'x', metadata };
    sendEnvelope(folder, envelopeAt(draft, derived));
    until(80);
    expect(listDead(folder)).toHaveLength(1);
    expect(readUnfolded(folder, 10)).toHaveLength(1);
  });

  const shownTo = (process: typeof ALIVE | null) => {
    const id = send();
    writeSession(folder, sessionRecord('s1', { process }));
    const instance = { session: 's1', agent: null };
    const reader = {
      home: folder,
      agent: 'worker-02',
      instance,
      event: 'Stop',
      transcript: null,
      nowMs: start,
    };
    confirmShown(reader, claimMail(reader, 10)?.token ?? '');
    return id;
  };

  test('what a living session was shown, however long its person is away', () => {
    const id = shownTo(ALIVE);
    until(24 * 60);
    expect([listWaiting(folder, 'worker-02'), countOf('worker-02', id)]).toEqual([[id], 0]);
  });

  test.each([
    ['died', DEAD],
    ['nobody would see die', null],
  ])('not what a session was shown that %s', (_, process) => {
    shownTo(process);
    until(80);
    expect(listDead(folder)).toHaveLength(1);
  });

  test('what the very caller is about to show; it is rung for', () => {
    const id = send();
    for (let at = 5; at <= 24 * 60; at += 5) sweep(at, {}, 'worker-02');
    expect([listWaiting(folder, 'worker-02'), countOf('worker-02', id)]).toEqual([[id], 2]);
  });
});

test('a laptop that was closed over night owes one ring, and no dead letter', () => {
  const id = send();
  until(40);
  expect(countOf('worker-02', id)).toBe(2);
  sweep(10 * 60);
  expect([listWaiting(folder, 'worker-02'), countOf('worker-02', id)]).toEqual([[id], 3]);
  for (let at = 5; at <= 75; at += 5) sweep(10 * 60 + at);
  expect(listWaiting(folder, 'worker-02')).toEqual([id]);
  sweep(10 * 60 + 81);
  expect(listWaiting(folder, 'worker-02')).toEqual([]);
});

test('a clock that was set back by a week neither kills mail nor puts it off for a week', () => {
  const id = send();
  until(15);
  const week = 7 * 24 * HOUR;
  start -= week;
  sweep(16);
  expect([listWaiting(folder, 'worker-02'), countOf('worker-02', id)]).toEqual([[id], 2]);
  for (let at = 20; at <= 110; at += 5) sweep(at);
  expect(listDead(folder)).toHaveLength(1);
});

test('sweeps come no more often than they must', () => {
  const id = send();
  const short = { ack_timeout: 1, ack_retries: 20 };
  sweepMail(folder, { ...settings, ...short }, start + 2_000);
  for (let ms = 2_001; ms < 2_500; ms += 20) sweepMail(folder, { ...settings, ...short }, start + ms);
  expect(countOf('worker-02', id)).toBe(1);
  sweepMail(folder, { ...settings, ...short }, start + 4_100);
  expect(countOf('worker-02', id)).toBe(2);
});

test('hundreds that nobody reads are given up a few at a time, all in the end, and each is told of once', () => {
  const ids = Array.from({ length: 50 }, () => send('worker-02', 'operator'));
  sweep(11, { ack_retries: 0 });
  expect(listDead(folder)).toHaveLength(20);
  for (const minutes of [12, 13, 14, 15]) sweep(minutes, { ack_retries: 0 });
  expect(listDead(folder)).toHaveLength(50);
  expect(
    notices('operator')
      .flatMap(({ references }) => references)
      .sort(),
  ).toEqual([...ids].sort());
});

test('files of other names beside the boxes keep no mail from being looked after', () => {
  for (const name of ['note.txt', 'msg-1.json.tmp', 'x.json', 'coord'])
    writeFileSync(join(folder, '.coordination/inbox', name), 'x');
  const id = send();
  sweep(11);
  expect(countOf('worker-02', id)).toBe(1);
});
