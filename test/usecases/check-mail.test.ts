import {
  appendFileSync,
  readdirSync,
  readFileSync,
  rmSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import type { Envelope } from '../../src/domain/message.ts';
import { envelopeAt } from '../../src/domain/urgency.ts';
import { acknowledge } from '../../src/storage/light/acknowledging.ts';
import { newTail, sendEnvelope } from '../../src/storage/light/sending.ts';
import { checkMail } from '../../src/usecases/check-mail.ts';
import { logOf, unacknowledgedBy, waitingFor } from '../kit/mail.ts';
import type { Project } from '../kit/project.ts';
import { started } from '../kit/scene.ts';

let project: Project;
afterEach(() => project.dispose());

const HOUR_MS = 3_600_000;

/** Sent an hour ago, so that nothing of it is under way. */
function sent(from: string, to: string, content = 'x'): Envelope {
  const atMs = Date.now() - HOUR_MS;
  const envelope = envelopeAt({ to, type: 'directive', content }, { tail: newTail(), from, atMs });
  sendEnvelope(project.home, envelope);
  utimesSync(inbox(envelope), new Date(atMs), new Date(atMs));
  return envelope;
}

const inbox = ({ to, id }: Envelope) => project.path('.coordination/inbox', to, `${id}.json`);
const found = (repair: boolean) => checkMail(project.home, repair);

/** What is found once, mended, and not found again. */
function mended(): unknown[] {
  const before = found(false);
  const during = found(true);
  expect(during.map(({ code }) => code)).toEqual(before.map(({ code }) => code));
  expect(found(false)).toEqual([]);
  return before;
}

describe('doctor, of mail', () => {
  test('finds nothing where all is well: waiting, acknowledged, logged by hand', () => {
    project = started('01', '02');
    const first = sent('operator', 'worker-01');
    sent('worker-01', 'worker-02');
    acknowledge(project.home, first.id, { by: 'worker-01', session: null, atMs: Date.now() });
    expect(found(false)).toEqual([]);
  });

  test('lets a message wait again that is logged and in no box', () => {
    project = started('01');
    const lost = sent('operator', 'worker-01');
    unlinkSync(inbox(lost));
    unlinkSync(project.path('.coordination/outbox/operator', `${lost.id}.json`));
    expect(mended()).toMatchObject([{ code: 'message-lost', count: 1, first: lost.id }]);
    expect(waitingFor(project, 'worker-01')).toEqual([lost]);
    expect(unacknowledgedBy(project, 'operator')).toEqual([lost]);
  });

  test('believes the log’s own ack when somebody cleared the archive', () => {
    project = started('01');
    const { id } = sent('operator', 'worker-01');
    acknowledge(project.home, id, { by: 'worker-01', session: null, atMs: Date.now() });
    rmSync(project.path('.coordination/archive'), { recursive: true });
    expect(found(false)).toEqual([]);
  });

  test('logs what waits and is not in the log', () => {
    project = started('01');
    const waiting = [sent('operator', 'worker-01', 'a'), sent('operator', 'worker-01', 'b')];
    rmSync(project.path('.coordination/messages.jsonl'));
    expect(mended()).toMatchObject([{ code: 'message-unlogged', count: 2 }]);
    expect(
      logOf(project)
        .envelopes.map(({ id }) => id)
        .sort(),
    ).toEqual(waiting.map(({ id }) => id).sort());
  });

  test('takes out of the log what is no line of it, keeps that, and loses no line', () => {
    project = started('01');
    const before = sent('operator', 'worker-01', 'before');
    const log = project.path('.coordination/messages.jsonl');
    appendFileSync(log, '{\n  "id": "msg-20251116-153045",\n  "content": "pretty"\n}\n{"id":"torn');
    const after = sent('operator', 'worker-01', 'after');
    expect(mended()).toMatchObject([{ code: 'log-foreign', pieces: 5 }]);
    expect(logOf(project)).toMatchObject({ broken: [], envelopes: [{ id: before.id }, { id: after.id }] });
    const [kept] = readdirSync(project.path('.coordination/dead'));
    expect(readFileSync(project.path('.coordination/dead', kept ?? ''), 'utf8')).toContain(
      '"content": "pretty"',
    );
  });

  test('adds to a chat what it lacks', () => {
    project = started('01', '02');
    const said = sent('worker-01', 'worker-02');
    const chat = project.path('.coordination/chats/worker-01+worker-02.jsonl');
    writeFileSync(chat, '');
    expect(mended()).toMatchObject([{ code: 'chat-incomplete', count: 1, first: said.id }]);
    expect(readFileSync(chat, 'utf8')).toContain(said.id);
  });

  test('takes away the name for outside readers of what is acknowledged', () => {
    project = started('01');
    const asked = sent('worker-01', 'coordinator');
    const text = readFileSync(inbox(asked), 'utf8');
    acknowledge(project.home, asked.id, { by: 'coordinator', session: null, atMs: Date.now() });
    writeFileSync(project.path('.coordination/outbox', `${asked.id}.json`), text);
    expect(mended()).toMatchObject([{ code: 'outbox-stale', first: asked.id }]);
  });

  test('names what waits and is no message, and what was dropped and cannot be taken', () => {
    project = started('01');
    writeFileSync(project.path('.coordination/inbox/worker-01/x.json'), '{');
    const dropped = project.path('.coordination/inbox/note.txt');
    writeFileSync(dropped, 'hello');
    expect(found(true)).toMatchObject([{ code: 'message-unreadable', agent: 'worker-01' }]);
    utimesSync(dropped, new Date(0), new Date(0));
    expect(found(true)).toMatchObject([{ code: 'message-unreadable' }, { code: 'dropped-left' }]);
  });
});
