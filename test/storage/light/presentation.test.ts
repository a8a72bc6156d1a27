import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Priority } from '../../../src/domain/message.ts';
import { changeOpenBlockers, readOpenBlockers } from '../../../src/storage/light/blocker-twin.ts';
import { archiveFile } from '../../../src/storage/light/mail-files.ts';
import { listWaiting } from '../../../src/storage/light/mailbox.ts';
import {
  acknowledgeShown,
  claimMail,
  confirmShown,
  type Reader,
  shownIds,
} from '../../../src/storage/light/presentation.ts';
import { coordinationPath, removeSession, writeSession } from '../../../src/storage/light/roster.ts';
import { sendEnvelope } from '../../../src/storage/light/sending.ts';
import { ALIVE, DEAD, envelope, home, put, sessionRecord } from '../scratch.ts';

const NOW = Date.UTC(2026, 0, 3);
const idOf = (tail: string | number) => `msg-20260102-030405678-${tail}`;

function withMail(...tails: string[]): string {
  const folder = home();
  for (const tail of tails) sendEnvelope(folder, envelope(idOf(tail)));
  return folder;
}

function reader(
  folder: string,
  change: Partial<Reader> & { session?: string; subagent?: string } = {},
): Reader {
  const { session = 's1', subagent = null, ...rest } = change;
  return {
    home: folder,
    agent: 'coordinator',
    instance: { session, agent: subagent },
    event: 'PostToolUse',
    transcript: null,
    nowMs: NOW,
    ...rest,
  };
}

/** One hook from its claim to its print. */
function hook(it: Reader, limit = 10): string[] {
  const presented = claimMail(it, limit);
  if (presented) confirmShown(it, presented.token);
  return (presented?.envelopes ?? []).map(({ id }) => id.slice(idOf('').length));
}

describe('one session', () => {
  test('is shown each message once, and its next hook acknowledges it', () => {
    const folder = withMail('a', 'b');
    expect(hook(reader(folder))).toEqual(['a', 'b']);
    expect(listWaiting(folder, 'coordinator')).toHaveLength(2);
    expect(shownIds(folder, 'coordinator').size).toBe(2);
    expect(hook(reader(folder, { nowMs: NOW + 5_000 }))).toEqual([]);
    expect(listWaiting(folder, 'coordinator')).toEqual([]);
    expect(shownIds(folder, 'coordinator').size).toBe(0);
    const archived = JSON.parse(readFileSync(archiveFile(folder, idOf('a')), 'utf8'));
    expect(archived.metadata.acknowledged).toMatchObject({ by: 'coordinator', session: 's1' });
  });

  const later: [string, Partial<Reader>, boolean][] = [
    ['a tool much later', { nowMs: NOW + 5_000 }, true],
    ['a tool of the same moment', { nowMs: NOW + 500 }, false],
    ['Stop, also at once', { event: 'Stop' }, true],
    ['its prompt, where nobody would see it die', { event: 'UserPromptSubmit', nowMs: NOW + 5_000 }, true],
    ['its end', { event: 'SessionEnd', nowMs: NOW + 5_000 }, false],
    ['a clock that was set back', { nowMs: NOW - 60_000 }, true],
  ];
  test.each(later)(
    '%s: acknowledges or keeps what was shown, and shows it never twice',
    (_name, change, isAcknowledged) => {
      const folder = withMail('a');
      hook(reader(folder));
      expect(hook(reader(folder, change))).toEqual([]);
      expect(listWaiting(folder, 'coordinator')).toHaveLength(isAcknowledged ? 0 : 1);
    },
  );

  test('its prompt alone keeps what was shown, where its process is known', () => {
    const folder = withMail('a');
    writeSession(folder, sessionRecord('s1', { process: ALIVE }));
    hook(reader(folder));
    expect(hook(reader(folder, { event: 'UserPromptSubmit', nowMs: NOW + 5_000 }))).toEqual([]);
    expect(listWaiting(folder, 'coordinator')).toHaveLength(1);
  });

  test('acknowledges also where nothing new is to be shown', () => {
    const folder = withMail('a');
    hook(reader(folder));
    acknowledgeShown(reader(folder, { event: 'Stop', nowMs: NOW + 5_000 }));
    expect(listWaiting(folder, 'coordinator')).toEqual([]);
  });

  test('is shown the urgent first, no more than the limit, and told how many more wait', () => {
    const folder = home();
    const priorities: Priority[] = ['low', 'normal', 'urgent', 'high', 'urgent'];
    for (const [at, priority] of priorities.entries()) sendEnvelope(folder, envelope(idOf(at), { priority }));
    const first = claimMail(reader(folder), 3);
    expect(first?.envelopes.map(({ id }) => id.slice(-1))).toEqual(['2', '4', '3']);
    expect(first?.more).toBe(2);
  });

  test('is shown no more than fits, but at least one', () => {
    const folder = home();
    for (const at of [1, 2, 3, 4, 5, 6])
      sendEnvelope(folder, envelope(idOf(at), { content: 'x'.repeat(30_000) }));
    const first = claimMail(reader(folder), 10);
    expect(first?.envelopes.length).toBeGreaterThanOrEqual(1);
    expect(first?.envelopes.length).toBeLessThan(6);
    expect((first?.envelopes.length ?? 0) + (first?.more ?? 0)).toBe(6);
  });

  test('that starts again is shown again what no transcript holds', () => {
    const folder = withMail('a');
    hook(reader(folder));
    expect(hook(reader(folder, { event: 'SessionStart', nowMs: NOW + 5_000 }))).toEqual(['a']);
  });

  test.each([true, false])('that starts again is asked for its transcript (shown there: %s)', (isThere) => {
    const folder = withMail('a');
    const transcript = put(folder, 'transcript.jsonl', 'before\n');
    const presented = claimMail(reader(folder, { transcript }), 10);
    confirmShown(reader(folder), presented?.token ?? '');
    if (isThere) appendFileSync(transcript, `{"content":"[coord] ${presented?.token}"}\n`);
    const again = hook(reader(folder, { transcript, event: 'SessionStart', nowMs: NOW + 5_000 }));
    expect(again).toEqual(isThere ? [] : ['a']);
    expect(listWaiting(folder, 'coordinator')).toHaveLength(isThere ? 0 : 1);
  });

  test('a token that stood in the transcript before, or in one that was written anew, is judged by where it stands', () => {
    const folder = withMail('a');
    const transcript = put(folder, 'transcript.jsonl', 'long '.repeat(500));
    const presented = claimMail(reader(folder, { transcript }), 10);
    confirmShown(reader(folder), presented?.token ?? '');
    writeFileSync(transcript, `compacted ${presented?.token}\n`);
    expect(hook(reader(folder, { transcript, event: 'SessionStart', nowMs: NOW + 5_000 }))).toEqual([]);
    expect(listWaiting(folder, 'coordinator')).toEqual([]);
  });

  /** The ledger as a printer leaves it that was killed before it printed. */
  function killPrinter(folder: string): void {
    const file = coordinationPath(folder, 'roster', 'shown', 'coordinator.json');
    const ledger = JSON.parse(readFileSync(file, 'utf8'));
    for (const batch of ledger.batches) batch.printer = DEAD;
    writeFileSync(file, JSON.stringify(ledger));
  }

  test('is shown again what a hook claimed that was killed before it printed', () => {
    const folder = withMail('a');
    claimMail(reader(folder), 10);
    expect(hook(reader(folder, { nowMs: NOW + 5_000 }))).toEqual([]);
    killPrinter(folder);
    expect(hook(reader(folder, { nowMs: NOW + 9_000 }))).toEqual(['a']);
  });

  test('is not shown again what such a hook had printed, by the transcript', () => {
    const folder = withMail('a');
    const transcript = put(folder, 'transcript.jsonl', '');
    const presented = claimMail(reader(folder, { transcript }), 10);
    appendFileSync(transcript, `${presented?.token}\n`);
    killPrinter(folder);
    expect(hook(reader(folder, { transcript, nowMs: NOW + 9_000 }))).toEqual([]);
    expect(listWaiting(folder, 'coordinator')).toEqual([]);
  });

  test('marks the blocker that a message answered before it acknowledges it', () => {
    const folder = home();
    changeOpenBlockers(folder, 'worker-01', () => [
      { id: 'B1', summary: 'stuck', plan: null, message: 'msg-of-blocker', answeredBy: null },
    ]);
    sendEnvelope(
      folder,
      envelope(idOf('a'), {
        from: 'coordinator',
        to: 'worker-01',
        type: 'response',
        references: ['msg-of-blocker'],
      }),
    );
    hook(reader(folder, { agent: 'worker-01' }));
    hook(reader(folder, { agent: 'worker-01', nowMs: NOW + 5_000 }));
    expect(readOpenBlockers(folder, 'worker-01')).toMatchObject([{ id: 'B1', answeredBy: idOf('a') }]);
    expect(listWaiting(folder, 'worker-01')).toEqual([]);
  });

  test('passes over what cannot be read, and shows the rest', () => {
    const folder = withMail('b');
    put(folder, `.coordination/inbox/coordinator/${idOf('a')}.json`, '{');
    expect(hook(reader(folder))).toEqual(['b']);
  });

  test('a ledger that is broken loses no message', () => {
    const folder = withMail('a');
    hook(reader(folder));
    put(folder, '.coordination/roster/shown/coordinator.json', '{"batches": [');
    expect(hook(reader(folder, { nowMs: NOW + 5_000 }))).toEqual(['a']);
  });
});

describe('two sessions', () => {
  const alive = (folder: string, session: string) =>
    writeSession(folder, sessionRecord(session, { process: ALIVE }));

  test('take different messages while both live', () => {
    const folder = withMail('a', 'b', 'c');
    for (const session of ['s1', 's2']) alive(folder, session);
    expect(hook(reader(folder), 2)).toEqual(['a', 'b']);
    expect(hook(reader(folder, { session: 's2' }), 2)).toEqual(['c']);
    expect(hook(reader(folder, { session: 's2', nowMs: NOW + 5_000 }), 2)).toEqual([]);
    expect(listWaiting(folder, 'coordinator').map((id) => id.slice(-1))).toEqual(['a', 'b']);
  });

  const gone: [string, (folder: string) => void][] = [
    ['ended', (folder) => removeSession(folder, 's1', null)],
    ['died', (folder) => writeSession(folder, sessionRecord('s1', { process: DEAD }))],
    ['has no known process', (folder) => writeSession(folder, sessionRecord('s1'))],
  ];
  test.each(gone)('what the one was shown that %s, the other is shown', (_name, end) => {
    const folder = withMail('a');
    for (const session of ['s1', 's2']) alive(folder, session);
    hook(reader(folder));
    expect(hook(reader(folder, { session: 's2', nowMs: NOW + 5_000 }))).toEqual([]);
    end(folder);
    expect(hook(reader(folder, { session: 's2', nowMs: NOW + 9_000 }))).toEqual(['a']);
  });

  test('a subagent is a reader of its own: its session does not acknowledge for it', () => {
    const folder = withMail('a');
    alive(folder, 's1');
    writeSession(folder, sessionRecord('s1', { agent: 'sub', process: ALIVE }));
    expect(hook(reader(folder, { subagent: 'sub' }))).toEqual(['a']);
    expect(hook(reader(folder, { nowMs: NOW + 5_000 }))).toEqual([]);
    expect(listWaiting(folder, 'coordinator')).toHaveLength(1);
    removeSession(folder, 's1', 'sub');
    expect(hook(reader(folder, { nowMs: NOW + 9_000 }))).toEqual(['a']);
  });
});

test('an empty box writes nothing', () => {
  const folder = home();
  expect(claimMail(reader(folder), 10)).toBeUndefined();
  expect(shownIds(folder, 'coordinator').size).toBe(0);
});
