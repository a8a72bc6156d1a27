import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  coordinationPath,
  fileNameOf,
  guardHeardAt,
  listSessions,
  listWorkers,
  modifiedAt,
  readPlaceRecord,
  readRecord,
  readSession,
  readWorkerRecord,
  removePlaceRecord,
  removeSession,
  touchGuard,
  touchSession,
  type WorkerRecord,
  workerOfPhaseFolder,
  writePlaceRecord,
  writeRecord,
  writeSession,
  writeWorkerRecord,
} from '../../../src/storage/light/roster.ts';
import { home, placeRecord, put, scratch, sessionRecord } from '../scratch.ts';

const worker: WorkerRecord = {
  worker: 'worker-01',
  phase: '01',
  folder: '01-api',
  place: 'w1',
  worktree: '/w1',
  branch: 'b',
  state: 'active',
};

const names: [string, string][] = [
  ['worker-01', 'worker-01'],
  ['a/b', 'a_b'],
  ['../../etc/passwd', '_.._.._etc_passwd'],
  ['.', '_.'],
  ['..', '_..'],
  ['.hidden', '_.hidden'],
  ['', '_'],
  ['a\0b\nc', 'a_b_c'],
  ['ünï', '_n_'],
  ['a b:c*?"<>|\\', 'a_b_c_______'],
];
test.each(names)('the file name of %j stays in its folder', (id, expected) => {
  const name = fileNameOf(id);
  expect(name).toBe(expected.startsWith('_.._.._') ? name : expected);
  expect(join('/base', name).startsWith('/base/')).toBe(true);
  expect(name).not.toMatch(/^\.|[/\\\0]/);
});

test('a long id makes a name that every file system takes', () => {
  expect(fileNameOf('x'.repeat(5_000)).length).toBeLessThanOrEqual(121);
});

describe('records', () => {
  test('come back as they were written', () => {
    const folder = home();
    const record = placeRecord('worker-01', '/w1');
    writePlaceRecord(folder, 'w1', record);
    writeWorkerRecord(folder, worker);
    expect([readPlaceRecord(folder, 'w1'), readWorkerRecord(folder, 'worker-01')]).toEqual([record, worker]);
    expect(workerOfPhaseFolder(folder, '01-api')).toBe('worker-01');
    removePlaceRecord(folder, 'w1');
    removePlaceRecord(folder, 'w1');
    expect(readPlaceRecord(folder, 'w1')).toBeUndefined();
  });

  test('the primary worktree has no place record', () => {
    expect(readPlaceRecord(home(), null)).toBeUndefined();
  });

  test.each(['', '{', 'null', '1', '"x"', '{"a": 1}}'])('%j in the place of a record is none', (text) => {
    const folder = scratch();
    expect(readRecord(put(folder, 'r.json', text))).toBeUndefined();
    expect(readRecord(join(folder, 'none/r.json'))).toBeUndefined();
  });

  test('a list of workers passes over what is no record', () => {
    const folder = home();
    expect(listWorkers(folder)).toEqual([]);
    writeWorkerRecord(folder, worker);
    for (const name of ['broken.json', '.tmp-1-2-3', 'note.txt'])
      put(folder, `.coordination/roster/workers/${name}`, '{');
    expect(listWorkers(folder)).toEqual([worker]);
  });

  test('a folder for a record is made where it is missing', () => {
    const file = join(scratch(), 'a/b/c.json');
    writeRecord(file, { a: 1 });
    expect(readRecord(file)).toEqual({ a: 1 });
  });
});

describe('sessions', () => {
  test('a session and its subagents have records of their own', () => {
    const folder = home();
    writeSession(folder, sessionRecord('s1'));
    writeSession(folder, sessionRecord('s1', { agent: 'sub', place: 'w1' }));
    expect([readSession(folder, 's1', null)?.place, readSession(folder, 's1', 'sub')?.place]).toEqual([
      null,
      'w1',
    ]);
    removeSession(folder, 's1', null);
    expect([readSession(folder, 's1', null), readSession(folder, 's1', 'sub')?.place]).toEqual([
      undefined,
      'w1',
    ]);
  });

  test('a sign of life is the time of the record; without a record there is none', () => {
    const folder = home();
    expect(touchSession(folder, 's1', null, 5_000)).toBe(false);
    expect(listSessions(folder)).toEqual([]);
    writeSession(folder, sessionRecord('s1'));
    expect(touchSession(folder, 's1', null, 5_000)).toBe(true);
    expect(listSessions(folder)).toEqual([{ ...sessionRecord('s1'), heardAtMs: 5_000 }]);
  });
});

test('the guard is heard for each place by itself', () => {
  const folder = home();
  expect(guardHeardAt(folder, null)).toBeUndefined();
  touchGuard(folder, 'w1', 5_000);
  touchGuard(folder, 'w1', 9_000);
  expect([guardHeardAt(folder, 'w1'), guardHeardAt(folder, null), guardHeardAt(folder, 'w2')]).toEqual([
    9_000,
    undefined,
    undefined,
  ]);
  touchGuard(folder, null, 7_000);
  expect(guardHeardAt(folder, null)).toBeGreaterThan(0);
  rmSync(coordinationPath(folder, 'roster', 'guard'), { recursive: true });
  expect(existsSync(coordinationPath(folder, 'roster', 'guard'))).toBe(false);
  expect(modifiedAt(coordinationPath(folder, 'roster', 'guard', 'w1'))).toBeUndefined();
});
