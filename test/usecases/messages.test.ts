import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Envelope } from '../../src/domain/message.ts';
import { identifyCaller } from '../../src/storage/light/caller.ts';
import { writeSession } from '../../src/storage/light/roster.ts';
import { acknowledgeMessages, readInbox, readMessage } from '../../src/usecases/read-inbox.ts';
import { sendMessage } from '../../src/usecases/send-message.ts';
import { archived, logOf, unacknowledgedBy, waitingFor } from '../kit/mail.ts';
import type { Project } from '../kit/project.ts';
import { callerIn, onlyOf, operator, refusal, started, value, worker } from '../kit/scene.ts';

const draft = { to: 'worker-02', type: 'question', content: 'Which port?' };

function post(project: Project, more: Partial<typeof draft> & { references?: string[] } = {}): Envelope {
  return onlyOf(sendMessage(operator(project), { ...draft, ...more }, Date.now()));
}

describe('sending', () => {
  let project: Project;
  beforeAll(() => {
    project = started('01', '02');
  });
  afterAll(() => project.dispose());

  test.each([
    { title: 'a misspelt recipient', more: { to: 'worker-2' }, code: 'recipient-unknown' },
    { title: 'a path for a recipient', more: { to: '../../etc' }, code: 'recipient-unknown' },
    { title: 'nobody', more: { to: '' }, code: 'recipient-unknown' },
    { title: 'coord itself', more: { to: 'coord' }, code: 'recipient-unknown' },
    { title: 'an unknown type', more: { type: 'shout' }, code: 'message-type-unknown' },
    { title: 'an ack made by hand', more: { type: 'ack' }, code: 'message-type-unknown' },
    { title: 'an odd priority', more: { priority: 'CRITICAL' }, code: 'message-priority-unknown' },
    { title: 'nothing', more: { content: ' \n ' }, code: 'message-empty' },
    { title: 'a book', more: { content: 'x'.repeat(32_769) }, code: 'message-too-long' },
    { title: 'a reference of two lines', more: { references: ['a\nb'] }, code: 'message-reference-bad' },
    {
      title: 'too many references',
      more: { references: Array(33).fill('a') },
      code: 'message-reference-bad',
    },
  ])('$title is refused, and nothing is written', ({ more, code }) => {
    const before = logOf(project).envelopes.length;
    expect(refusal(sendMessage(operator(project), { ...draft, ...more }, Date.now())).code).toBe(code);
    expect(logOf(project).envelopes).toHaveLength(before);
  });

  test('a phase’s id means its worker', () => {
    expect(post(project, { to: '02' }).to).toBe('worker-02');
  });

  test('who it is from is where one stands, and workers write to each other without a relay', () => {
    expect(post(project).from).toBe('operator');
    const sent = onlyOf(sendMessage(worker(project, '01'), draft, Date.now()));
    expect(sent).toMatchObject({ from: 'worker-01', to: 'worker-02', read: false, priority: 'normal' });
    expect(sent.timestamp).toMatch(/Z$/);
    expect(callerIn(project.home, 's1').name).toBe('coordinator');
  });

  test('a session that walked to another worktree is still who it was, and is told so', () => {
    const record = { startedAt: '', process: null, attended: false, transcript: null, agent: null };
    writeSession(project.home, {
      ...record,
      session: 'walker',
      place: '01-phase-01',
      root: project.worktree('01'),
    });
    const caller = identifyCaller(project.worktree('02'), { CLAUDE_CODE_SESSION_ID: 'walker' });
    expect(caller).toEqual({
      done: false,
      problem: { code: 'not-your-place', root: project.worktree('02'), yours: project.worktree('01') },
    });
  });

  test('a worktree that joined nothing sends nothing', () => {
    const folder = join(project.outside('trees'), 'guest');
    project.git('worktree', 'add', '-q', folder);
    expect(refusal(sendMessage(callerIn(folder), draft, Date.now())).code).toBe('not-joined');
  });

  test('ids sort by time and are distinct within one millisecond', () => {
    const nowMs = Date.now();
    const ids = Array.from({ length: 60 }, () => onlyOf(sendMessage(operator(project), draft, nowMs)).id);
    expect(new Set(ids).size).toBe(60);
    const later = onlyOf(sendMessage(operator(project), draft, nowMs + 1)).id;
    expect(ids.every((id) => id < later)).toBe(true);
  });

  test('a thousand messages that wait do not make the next one slow', () => {
    const timeOf = (count: number) => {
      const startedAt = performance.now();
      for (let at = 0; at < count; at += 1) post(project);
      return (performance.now() - startedAt) / count;
    };
    const before = timeOf(20);
    for (const folder of ['inbox/worker-02', 'outbox/operator']) {
      for (let at = 0; at < 2_000; at += 1) {
        const id = `msg-20200101-000000000-${at}`;
        const text = JSON.stringify({ ...draft, id, from: 'operator' });
        writeFileSync(project.path('.coordination', folder, `${id}.json`), text);
      }
    }
    // Reading each of them would cost some forty milliseconds more.
    expect(timeOf(20)).toBeLessThan(before * 3 + 10);
  });
});

describe('the inbox', () => {
  let project: Project;
  beforeEach(() => {
    project = started('01', '02');
  });
  afterEach(() => project.dispose());

  test('shows what is urgent first, and reading does not acknowledge', () => {
    const me = worker(project, '02');
    post(project, { content: 'first' });
    post(project, { content: 'second', type: 'blocker' });
    expect(readInbox(me).messages.map((one) => one.content)).toEqual(['second', 'first']);
    expect(readInbox(me).messages).toHaveLength(2);
    expect(unacknowledgedBy(project, 'operator')).toHaveLength(2);
  });

  test('an acknowledged message moves to the archive, is logged once, and twice is the same as once', () => {
    const me = worker(project, '02');
    const { id } = post(project);
    value(acknowledgeMessages(me, [id], Date.now()));
    value(acknowledgeMessages(me, [id], Date.now()));
    expect(readInbox(me).messages).toEqual([]);
    expect(archived(project).map((one) => [one.id, one.read])).toEqual([[id, true]]);
    expect(unacknowledgedBy(project, 'operator')).toEqual([]);
    expect(logOf(project).envelopes.map((one) => one.type)).toEqual(['question', 'ack']);
    expect(value(readMessage(me, id)).content).toBe('Which port?');
  });

  test('what is somebody else’s is neither shown nor acknowledged, and one bad id acknowledges none', () => {
    const { id } = post(project);
    const mine = post(project, { to: 'worker-01' });
    const other = worker(project, '01');
    expect(refusal(acknowledgeMessages(other, [mine.id, id], Date.now()))).toMatchObject({
      code: 'message-unknown',
      id,
    });
    expect(refusal(readMessage(other, id)).code).toBe('message-unknown');
    expect(refusal(acknowledgeMessages(other, ['../../x'], Date.now())).code).toBe('message-unknown');
    expect(waitingFor(project, 'worker-02')).toHaveLength(1);
    expect(waitingFor(project, 'worker-01')).toHaveLength(1);
  });

  test('the operator reads the coordinator’s mail too', () => {
    onlyOf(sendMessage(worker(project, '01'), { ...draft, to: 'coordinator' }, Date.now()));
    onlyOf(sendMessage(worker(project, '01'), { ...draft, to: 'operator' }, Date.now()));
    expect(readInbox(operator(project)).messages).toHaveLength(2);
    expect(readInbox(callerIn(project.home, 's1')).messages).toHaveLength(1);
  });

  test.each([
    { title: 'half a message', put: (file: string) => writeFileSync(file, '{"id":"msg-2') },
    { title: 'null', put: (file: string) => writeFileSync(file, 'null') },
    { title: 'an empty file', put: (file: string) => writeFileSync(file, '') },
    { title: 'a folder', put: (file: string) => mkdirSync(file) },
    {
      title: 'a message with the id of another',
      put: (file: string) => writeFileSync(file, JSON.stringify({ ...draft, id: 'msg-x' })),
    },
  ])('$title among the messages is named, and keeps no other from being read', ({ put }) => {
    const me = worker(project, '02');
    put(join(project.path('.coordination', 'inbox', 'worker-02'), 'msg-0.json'));
    const { id } = post(project);
    const inbox = readInbox(me);
    expect(inbox.messages.map((one) => one.id)).toEqual([id]);
    expect(inbox.unreadable).toEqual(['worker-02/msg-0']);
    value(acknowledgeMessages(me, [id], Date.now()));
  });
});
