import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { printEnvelope } from '../../../src/domain/message.ts';
import { acknowledge } from '../../../src/storage/light/acknowledging.ts';
import {
  buryMessage,
  countDead,
  type Death,
  listDead,
  listSetAside,
  raiseMessage,
  raiseMessages,
  setAside,
} from '../../../src/storage/light/dead-letters.ts';
import { archiveFile, deadFolder, inboxFolder, inFolder } from '../../../src/storage/light/mail-files.ts';
import {
  listUnacknowledged,
  listWaiting,
  readUnfolded,
  readWaiting,
} from '../../../src/storage/light/mailbox.ts';
import { sendEnvelope } from '../../../src/storage/light/sending.ts';
import { envelope, home, put } from '../scratch.ts';

const ID = 'msg-20260102-030405678-n-a';
const DEATH: Death = { at: '2026-01-03T00:00:00.000Z', reason: 'nobody came', rings: 3 };
const ack = { by: 'coordinator', session: null, atMs: Date.UTC(2026, 0, 4) };

function sent(change = {}): string {
  const folder = home();
  sendEnvelope(folder, envelope(ID, change));
  return folder;
}

function bury(folder: string, death = DEATH, id = ID, agent = 'coordinator'): string[] {
  const told: string[] = [];
  buryMessage(folder, agent, id, death, (it, known) => told.push(`${it.id} ${known.at}`));
  return told;
}

const ids = (folder: string, agent?: string) => listDead(folder, agent).map((letter) => letter.envelope.id);

describe('a burial', () => {
  test('takes the message out of the boxes, says when and why, and tells of it', () => {
    const folder = sent();
    expect(bury(folder)).toEqual([`${ID} ${DEATH.at}`]);
    expect([listWaiting(folder, 'coordinator'), listUnacknowledged(folder, 'worker-01')]).toEqual([[], []]);
    expect(listDead(folder)).toEqual([
      { agent: 'coordinator', envelope: { ...envelope(ID), metadata: { undelivered: DEATH } }, death: DEATH },
    ]);
    expect([countDead(folder), ids(folder, 'worker-01')]).toEqual([1, []]);
  });

  test('keeps what an outside coordinator reads', () => {
    const folder = sent();
    bury(folder);
    expect(existsSync(join(folder, `.coordination/outbox/${ID}.json`))).toBe(true);
  });

  test('of what is acknowledged, or never was, is none', () => {
    const folder = sent();
    acknowledge(folder, ID, ack);
    put(folder, `.coordination/inbox/coordinator/${ID}.json`, printEnvelope(envelope(ID)));
    expect([bury(folder), bury(folder, DEATH, `${ID}x`), bury(folder, DEATH, ID, 'nobody')]).toEqual([
      [],
      [],
      [],
    ]);
    expect(countDead(folder)).toBe(0);
  });

  test('that was killed is carried on as of the moment when it began', () => {
    const folder = sent();
    const text = readFileSync(inFolder(inboxFolder(folder, 'coordinator'), ID), 'utf8');
    bury(folder);
    put(folder, `.coordination/inbox/coordinator/${ID}.json`, text);
    expect(bury(folder, { ...DEATH, at: '2026-01-09T00:00:00.000Z' })).toEqual([`${ID} ${DEATH.at}`]);
    expect([ids(folder), listWaiting(folder, 'coordinator')]).toEqual([[ID], []]);
  });

  test('that was killed, of a message that is acknowledged then, leaves no dead letter', () => {
    const folder = sent();
    const text = readFileSync(inFolder(inboxFolder(folder, 'coordinator'), ID), 'utf8');
    bury(folder);
    put(folder, `.coordination/inbox/coordinator/${ID}.json`, text);
    expect(acknowledge(folder, ID, ack)).toBe('acknowledged');
    raiseMessages(folder, 'coordinator');
    expect([countDead(folder), listWaiting(folder, 'coordinator')]).toEqual([0, []]);
    expect(existsSync(archiveFile(folder, ID))).toBe(true);
  });

  test('keeps a transition for folding', () => {
    const counts = { not_started: 0, in_progress: 0, complete: 1, failed: 0 };
    const metadata = { event: 'plan_complete', phase: '01', revision: 2, counts };
    const folder = sent({ type: 'completion', metadata });
    bury(folder);
    expect(readUnfolded(folder, 10).map(({ id }) => id)).toEqual([ID]);
  });

  test('is sending it once: the same id is not sent again', () => {
    const folder = sent();
    bury(folder);
    expect(sendEnvelope(folder, envelope(ID))).toBe('already-sent');
  });
});

describe('raising', () => {
  test('lets it wait again as a new one does, and again only once', () => {
    const folder = sent();
    bury(folder);
    expect(raiseMessage(folder, 'coordinator', ID, Date.UTC(2026, 5, 1))).toBe(true);
    expect(raiseMessage(folder, 'coordinator', ID)).toBe(false);
    expect(readWaiting(folder, 'coordinator', ID)).toMatchObject({ id: ID, read: false });
    const { mtimeMs } = statSync(inFolder(inboxFolder(folder, 'coordinator'), ID));
    expect(mtimeMs).toBe(Date.UTC(2026, 5, 1));
    expect(countDead(folder)).toBe(0);
  });

  test('by another’s name, or of an id that is a path, does nothing', () => {
    const folder = sent();
    bury(folder);
    for (const [agent, id] of [
      ['worker-01', ID],
      ['coordinator', `../coordinator/${ID}`],
      ['../dead/coordinator', ID],
      ['coordinator', ''],
    ] as const)
      expect(raiseMessage(folder, agent, id)).toBe(false);
    expect(ids(folder)).toEqual([ID]);
  });

  test('all of an agent’s leaves those of others', () => {
    const folder = home();
    for (const at of [1, 2, 3]) sendEnvelope(folder, envelope(`${ID}${at}`));
    sendEnvelope(folder, envelope(`${ID}4`, { to: 'worker-02' }));
    for (const at of [1, 2, 3]) bury(folder, DEATH, `${ID}${at}`);
    bury(folder, DEATH, `${ID}4`, 'worker-02');
    raiseMessages(folder, 'coordinator');
    raiseMessages(folder, 'nobody');
    expect(listWaiting(folder, 'coordinator')).toEqual([1, 2, 3].map((at) => `${ID}${at}`));
    expect(ids(folder)).toEqual([`${ID}4`]);
  });

  test('then acknowledged, it is gone from everywhere', () => {
    const folder = sent();
    bury(folder);
    raiseMessage(folder, 'coordinator', ID);
    expect(acknowledge(folder, ID, ack)).toBe('acknowledged');
    expect(existsSync(join(folder, `.coordination/outbox/${ID}.json`))).toBe(false);
    expect(readdirSync(deadFolder(folder, 'coordinator'))).toEqual([]);
  });
});

describe('a dropped file that is no message', () => {
  function dropped(folder: string, name: string): { path: string; name: string } {
    return { path: put(folder, `.coordination/inbox/${name}`, 'x'), name };
  }

  test('is set aside with its reason, told of before it is moved', () => {
    const folder = home();
    const file = dropped(folder, 'a.json');
    setAside(folder, file, 'it is wrong', (kept) => {
      expect(kept).toBe('a.json');
      expect(existsSync(file.path)).toBe(true);
      expect(readFileSync(join(folder, '.coordination/dead/a.json.reason.txt'), 'utf8')).toBe(
        'it is wrong\n',
      );
    });
    expect(existsSync(file.path)).toBe(false);
    expect(listSetAside(folder)).toEqual(['a.json.reason.txt']);
  });

  test('is told of by the same name when the move before was killed; a second of its name gets another', () => {
    const folder = home();
    const names: string[] = [];
    const killed = () => {
      throw new Error('killed');
    };
    expect(() => setAside(folder, dropped(folder, 'a.json'), 'x', killed)).toThrow('killed');
    for (let times = 0; times < 3; times += 1)
      setAside(folder, dropped(folder, 'a.json'), 'x', (kept) => names.push(kept));
    expect(names).toEqual(['a.json', '2-a.json', '3-a.json']);
  });

  test.each(['x'.repeat(200), `${'ü'.repeat(80)}.json`, '.json', 'a b.json', '-rf.json'])(
    'may have any name (%#), and keeps no dead letter from being listed',
    (name) => {
      const folder = sent();
      bury(folder);
      setAside(folder, dropped(folder, name), 'x', () => undefined);
      expect(ids(folder)).toEqual([ID]);
      expect(listSetAside(folder)).toHaveLength(1);
    },
  );
});

test('a worker whose name ends as a file’s has dead letters like any other', () => {
  const folder = home();
  sendEnvelope(folder, envelope(ID, { to: 'worker-a.json' }));
  bury(folder, DEATH, ID, 'worker-a.json');
  expect(ids(folder)).toEqual([ID]);
});

test('without dead letters there is nothing to list', () => {
  const folder = home();
  expect([listDead(folder), countDead(folder), listSetAside(folder)]).toEqual([[], 0, []]);
  mkdirSync(join(folder, '.coordination/dead/coordinator'), { recursive: true });
  writeFileSync(join(folder, '.coordination/dead/coordinator/x.json'), 'nonsense');
  expect(listDead(folder)).toEqual([]);
  rmSync(join(folder, '.coordination/dead'), { recursive: true });
});
