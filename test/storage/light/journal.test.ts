import { appendFileSync, existsSync, readdirSync, readFileSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  type CommandRecord,
  changeCommand,
  commandsSince,
  endCommandsOf,
  knownChanges,
  listCommands,
  noteAct,
  noteChanges,
  noteCommand,
  readActs,
  readCommand,
} from '../../../src/storage/light/journal.ts';
import { home, put } from '../scratch.ts';

const changes = (folder: string, name = 'w1') => join(folder, `.coordination/roster/changes/${name}.jsonl`);
const command = (id: string, change: Partial<CommandRecord> = {}): CommandRecord => ({
  id,
  session: 's1',
  agent: null,
  actor: 'worker-01',
  place: 'w1',
  root: '/w1',
  command: 'make',
  startedAtMs: Date.now(),
  endedAtMs: null,
  isUnknown: true,
  isBackground: false,
  ...change,
});

describe('changes', () => {
  test('are known for each place, since a moment', () => {
    const folder = home();
    noteChanges(folder, 'w1', { atMs: 10, session: 's1', paths: ['/a'] });
    noteChanges(folder, 'w1', { atMs: 20, session: 's2', paths: ['/b', '/c'] });
    noteChanges(folder, null, { atMs: 30, session: 's3', paths: ['/d'] });
    const paths = (place: string | null, since: number) =>
      knownChanges(folder, place, since).flatMap((line) => line.paths);
    expect([paths('w1', 0), paths('w1', 20), paths('w1', 21), paths(null, 0), paths('w9', 0)]).toEqual([
      ['/a', '/b', '/c'],
      ['/b', '/c'],
      [],
      ['/d'],
      [],
    ]);
  });

  test('of nothing write nothing', () => {
    const folder = home();
    noteChanges(folder, 'w1', { atMs: 10, session: 's1', paths: [] });
    expect(existsSync(changes(folder))).toBe(false);
  });

  test('a torn line and a foreign one are passed over', () => {
    const folder = home();
    noteChanges(folder, 'w1', { atMs: 10, session: 's1', paths: ['/a\n"b'] });
    appendFileSync(changes(folder), '\n{"atMs": 20, "paths": "no list"}\nnonsense\nnull\n{"atMs": 20');
    expect(knownChanges(folder, 'w1', 0)).toEqual([{ atMs: 10, session: 's1', paths: ['/a\n"b'] }]);
  });

  test('are bounded: however many are noted, two files of a bounded size are kept, and the latest are known', () => {
    const folder = home();
    const paths = Array.from({ length: 400 }, (_, at) => `/some/long/path/of/a/file-${at}`);
    for (let at = 1; at <= 150; at++) noteChanges(folder, 'w1', { atMs: at, session: 's1', paths });
    const names = readdirSync(join(folder, '.coordination/roster/changes'));
    expect(names.sort()).toEqual(['w1.jsonl', 'w1.jsonl.old']);
    for (const name of names)
      expect(statSync(join(folder, '.coordination/roster/changes', name)).size).toBeLessThan(600 * 1024);
    expect(knownChanges(folder, 'w1', 149).map(({ atMs }) => atMs)).toEqual([149, 150]);
  });
});

describe('commands', () => {
  test('come back by their id, cut where they are long', () => {
    const folder = home();
    const record = command('use/1', { command: 'x'.repeat(9_000) });
    noteCommand(folder, record);
    expect(readCommand(folder, 'use/1')).toEqual({ ...record, command: 'x'.repeat(2_000) });
    expect(readCommand(folder, 'none')).toBeUndefined();
  });

  test('count for their place while they run, and after for who asks of a time before their end', () => {
    const folder = home();
    const now = Date.now();
    noteCommand(folder, command('running'));
    noteCommand(folder, command('ended', { endedAtMs: now - 500 }));
    noteCommand(folder, command('elsewhere', { place: null }));
    noteCommand(folder, command('forgotten', { startedAtMs: now - 31 * 60_000 }));
    const ids = (place: string | null, since: number) =>
      commandsSince(folder, place, since)
        .map(({ id }) => id)
        .sort();
    expect([ids('w1', now - 1_000), ids('w1', now), ids(null, now)]).toEqual([
      ['ended', 'running'],
      ['running'],
      ['elsewhere'],
    ]);
  });

  test("end with the turn: those of the session's foreground alone", () => {
    const folder = home();
    noteCommand(folder, command('a'));
    noteCommand(folder, command('background', { isBackground: true }));
    noteCommand(folder, command('sub', { agent: 'x' }));
    noteCommand(folder, command('other', { session: 's2' }));
    noteCommand(folder, command('before', { endedAtMs: 5 }));
    endCommandsOf(folder, 's1', null, 99);
    const ends = Object.fromEntries(listCommands(folder).map(({ id, endedAtMs }) => [id, endedAtMs]));
    expect(ends).toEqual({ a: 99, background: null, sub: null, other: null, before: 5 });
  });

  test('are bounded: old ones are swept, running ones are kept', () => {
    const folder = home();
    const now = Date.now();
    for (let at = 0; at < 80; at++)
      changeCommand(
        folder,
        command(`old-${at}`, { startedAtMs: now - 3_600_000, endedAtMs: now - 3_600_000 }),
      );
    changeCommand(folder, command('running', { startedAtMs: now - 60_000 }));
    put(folder, '.coordination/roster/commands/torn.json', '{');
    noteCommand(folder, command('new', { startedAtMs: now }));
    expect(readdirSync(join(folder, '.coordination/roster/commands')).sort()).toEqual([
      'new.json',
      'running.json',
    ]);
  });
});

test('an act is a line with its time in UTC; the log is bounded', () => {
  const folder = home();
  noteAct(folder, { act: 'refused', path: 'a\nb' }, 0);
  const file = join(folder, '.coordination/log/coord.jsonl');
  expect(readFileSync(file, 'utf8')).toBe(
    '{"at":"1970-01-01T00:00:00.000Z","act":"refused","path":"a\\nb"}\n',
  );
  appendFileSync(file, 'x'.repeat(5 * 1024 * 1024));
  for (const at of [1, 2]) noteAct(folder, { act: 'x' }, at);
  expect(statSync(file).size).toBeLessThan(200);
  expect(readdirSync(join(folder, '.coordination/log')).sort()).toEqual(['coord.jsonl', 'coord.jsonl.old']);
});

describe('acts', () => {
  const logOf = (folder: string) => join(folder, '.coordination/log/coord.jsonl');

  test('are read by kind and time, over the turn of the log; torn and foreign lines are passed over', () => {
    const folder = home();
    noteAct(folder, { act: 'a', n: 1 }, 1_000);
    noteAct(folder, { act: 'b', n: 2 }, 2_000);
    appendFileSync(
      logOf(folder),
      'null\n7\n{"act":"a"}\n{"act":"a","at":"never"}\n{"at":"2026-01-01","act":"a"',
    );
    appendFileSync(logOf(folder), `\n${'x'.repeat(5 * 1024 * 1024)}\n`);
    noteAct(folder, { act: 'a', n: 3 }, 3_000);
    noteAct(folder, { act: 'c', n: 4 }, 4_000);
    const found = (kinds: string[], since: number, bytes?: number) =>
      readActs(folder, kinds, since, bytes).map(({ n }) => n);
    expect(found(['a', 'b', 'c'], 0, 10 * 1024 * 1024)).toEqual([1, 2, 3, 4]);
    expect(found(['a'], 1_001)).toEqual([3]);
    expect(found(['a', 'c'], 0, 60)).toEqual([4]);
    expect(readActs(home(), ['a'], 0)).toEqual([]);
  });

  test('that cannot be written are lost, and fail nothing', () => {
    const folder = home();
    put(folder, '.coordination/log', 'a file');
    noteAct(folder, { act: 'a' }, 0);
    expect(readFileSync(join(folder, '.coordination/log'), 'utf8')).toBe('a file');
  });

  test('of many that see the log too long one turns it; a mark that a kill left is removed in a minute', () => {
    const folder = home();
    const mark = `${logOf(folder)}.rotating`;
    put(folder, '.coordination/log/coord.jsonl', 'x'.repeat(5 * 1024 * 1024));
    put(folder, '.coordination/log/coord.jsonl.rotating', '');
    noteAct(folder, { act: 'a' }, 0);
    // Another one is about to: it stays where it is, and nothing is lost.
    expect([existsSync(mark), existsSync(`${logOf(folder)}.old`)]).toEqual([true, false]);
    utimesSync(mark, 0, 0);
    noteAct(folder, { act: 'a' }, 0);
    expect([existsSync(mark), existsSync(`${logOf(folder)}.old`)]).toEqual([false, false]);
    noteAct(folder, { act: 'a' }, 0);
    expect(statSync(logOf(folder)).size).toBeLessThan(200);
    expect(readFileSync(`${logOf(folder)}.old`, 'utf8').match(/"act":"a"/g)).toHaveLength(2);
  });
});
