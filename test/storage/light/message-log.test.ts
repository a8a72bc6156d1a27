import {
  appendFileSync,
  closeSync,
  ftruncateSync,
  openSync,
  readFileSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { printEnvelope } from '../../../src/domain/message.ts';
import { hasLine } from '../../../src/storage/light/log-tail.ts';
import { isLogged, listFullLogs, logFile, logMessage } from '../../../src/storage/light/message-log.ts';
import { sendEnvelope } from '../../../src/storage/light/sending.ts';
import { envelope, home } from '../scratch.ts';

const MEGABYTE = 1024 * 1024;
const idOf = (at: number | string) => `msg-20260102-030405678-n-${at}`;
const line = (at: number | string, change = {}) => printEnvelope(envelope(idOf(at), change));

/** A log that has grown so far; the disk holds little of it. */
function grown(folder: string, bytes: number, end = '\n', file = logFile(folder)): string {
  const descriptor = openSync(file, 'w');
  ftruncateSync(descriptor, bytes - Buffer.byteLength(end));
  writeSync(descriptor, end, bytes - Buffer.byteLength(end));
  closeSync(descriptor);
  return file;
}

describe('a log that is full', () => {
  test('is put aside by who finds it so, under a name that sorts by time, and a new one is begun', () => {
    const folder = home();
    grown(folder, 64 * MEGABYTE - 10);
    expect(listFullLogs(folder)).toEqual([]);
    logMessage(folder, line('last'), true);
    const [full, ...more] = listFullLogs(folder);
    expect(more).toEqual([]);
    expect(full).toMatch(/messages-\d{8}-\d{9}\.jsonl$/);
    expect(
      readFileSync(full ?? '')
        .subarray(-line('last').length - 1)
        .toString(),
    ).toBe(`${line('last')}\n`);
    expect(statSync(logFile(folder), { throwIfNoEntry: false })).toBeUndefined();
    logMessage(folder, line('first'), true);
    expect(readFileSync(logFile(folder), 'utf8')).toBe(`${line('first')}\n`);
  });

  test('is not put aside a byte too early', () => {
    const folder = home();
    grown(folder, 64 * MEGABYTE - line('x').length - 1);
    logMessage(folder, line('x'), false);
    expect(listFullLogs(folder)).toEqual([]);
    logMessage(folder, line('y'), false);
    expect(listFullLogs(folder)).toHaveLength(1);
  });

  test('goes on being written by who had it open, and no line is lost', () => {
    const folder = home();
    const late = openSync(grown(folder, 64 * MEGABYTE - 10), 'a');
    logMessage(folder, line('last'), true);
    writeSync(late, `${line('late')}\n`);
    closeSync(late);
    expect(isLogged(folder, idOf('late'))).toBe(true);
  });

  test('of a name that is no log’s is none', () => {
    const folder = home();
    for (const name of ['messages-old.jsonl', 'messages-20260102-030405678.jsonl.gz', 'messages-1-2.jsonl'])
      writeFileSync(join(folder, '.coordination', name), '');
    expect(listFullLogs(folder)).toEqual([]);
  });
});

describe('whether a message is logged', () => {
  test('is asked of the log before too, where this one is young', () => {
    const folder = home();
    grown(folder, 64 * MEGABYTE - 10);
    logMessage(folder, line('before'), true);
    for (const when of ['with no log yet', 'with a young one']) {
      expect(isLogged(folder, idOf('before')), when).toBe(true);
      expect(isLogged(folder, idOf('never')), when).toBe(false);
      logMessage(folder, line('now'), true);
    }
  });

  test('is asked of the latest of several', () => {
    const folder = home();
    for (const [name, id] of [
      ['messages-20260101-000000000.jsonl', 'oldest'],
      ['messages-20260102-000000000.jsonl', 'latest'],
    ])
      writeFileSync(join(folder, '.coordination', name ?? ''), `${line(id ?? '')}\n`);
    expect(isLogged(folder, idOf('latest'))).toBe(true);
  });

  test('finds a line in eight megabytes, however large the log', () => {
    const folder = home();
    grown(folder, 60 * MEGABYTE, `\n${line('here')}\n${'x'.repeat(7 * MEGABYTE)}\n`);
    const startedAt = performance.now();
    expect(isLogged(folder, idOf('here'))).toBe(true);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });

  const rows: [string, string, boolean][] = [
    ['a line of it', `${line('a')}\n`, true],
    ['a torn line', line('a').slice(0, 60), false],
    ['a torn line with another behind it', `${line('a').slice(0, 60)}\n${line('b')}\n`, false],
    ['a torn line with another glued to it', `${line('a').slice(0, 60)}${line('b')}\n`, false],
    ['a line without its end', line('a'), false],
    ['another’s that refers to it', `${line('b', { references: [idOf('a')] })}\n`, false],
    [
      'another’s that names it as an id in its metadata',
      `${line('b', { metadata: { id: idOf('a') } })}\n`,
      false,
    ],
    ['another’s that quotes it', `${line('b', { content: line('a') })}\n`, false],
    [
      'pretty-printed JSON that somebody appended',
      `${JSON.stringify(envelope(idOf('a')), null, 2)}\n`,
      false,
    ],
    ['pretty-printed JSON, and then a line of it', `{\n  "id": "x"\n}\n${line('a')}\n`, true],
    ['null and other values', `null\n7\n"${idOf('a')}"\n[]\n`, false],
  ];
  test.each(rows)('%s: %#', (_name, text, expected) => {
    const folder = home();
    writeFileSync(logFile(folder), text);
    expect(isLogged(folder, idOf('a'))).toBe(expected);
    expect(hasLine(logFile(folder), idOf('a'), MEGABYTE)).toBe(expected);
  });

  test('of nothing at all is no', () => expect(isLogged(home(), idOf('a'))).toBe(false));
});

test('what somebody appended without a newline does not swallow the next message', () => {
  const folder = home();
  appendFileSync(logFile(folder), JSON.stringify({ by: 'hand' }, null, 2));
  logMessage(folder, line('a'), true);
  expect(readFileSync(logFile(folder), 'utf8').split('\n')).toContain(line('a'));
});

test('a million logged messages do not slow a send', () => {
  const timeOf = (folder: string, round: string) => {
    const startedAt = performance.now();
    for (let at = 0; at < 30; at += 1) sendEnvelope(folder, envelope(`${idOf(round)}-${at}`));
    return performance.now() - startedAt;
  };
  const [small, large] = [home(), home()];
  // Four full ones, and one that is nearly full: 300 MB of names and sizes.
  for (const day of [1, 2, 3, 4])
    grown(large, 64 * MEGABYTE, '\n', join(large, '.coordination', `messages-2026010${day}-000000000.jsonl`));
  grown(large, 60 * MEGABYTE);
  timeOf(small, 'warm');
  timeOf(large, 'warm');
  const rounds = [1, 2, 3].map((round) => [timeOf(small, `r${round}`), timeOf(large, `r${round}`)] as const);
  const [few, many] = [Math.min(...rounds.map(([a]) => a)), Math.min(...rounds.map(([, b]) => b))];
  expect(many).toBeLessThan(few * 3 + 20);
});
